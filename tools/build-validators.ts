import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import Ajv2020 from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import { buildSync, Metafile } from 'esbuild';

/**
 * Compiles the published schemas to validators in plain JavaScript: assets/vendor/validate-<name>.js.
 *
 * The published schema and the validation are then always the same, and the package needs no schema compiler at run time.
 */
const ROOT = join(__dirname, '..');
const SCHEMAS: { readonly [validator: string]: () => Schema } = {
  'usage': () => readSchema('usage'),
  'usage-overrides': overridesSchema,
  'report': () => readSchema('report'),
};

type Schema = { [keyword: string]: any };

function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8'));
}

/** The usage file of an app's context: a workload may leave out each field that the code states, its type included. */
function overridesSchema(): Schema {
  const schema = readSchema('usage');
  for (const { $ref } of schema.properties.workloads.items.oneOf) {
    const workload = schema.$defs[$ref.split('/').pop()];
    delete workload.anyOf;
    workload.required = ['name', 'type'];
  }
  return schema;
}

function validatorSource(schema: Schema): string {
  const ajv = new Ajv2020({
    // Reports all problems, each with the schema that it violates: messages list the allowed values.
    allErrors: true,
    verbose: true,
    messages: false,
    // The branch is chosen by its tag, so that a wrong field is not reported once for every other branch.
    discriminator: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    // One function for each definition instead of a copy at each use: a quarter of the size.
    inlineRefs: false,
    code: { source: true, lines: true },
  });
  return standaloneCode(ajv, ajv.compile(schema));
}

function bundle([name, schema]: [string, Schema]): Metafile {
  return buildSync({
    stdin: { contents: validatorSource(schema), resolveDir: ROOT, sourcefile: `validate-${name}.js` },
    absWorkingDir: ROOT,
    outfile: join(ROOT, 'assets', 'vendor', `validate-${name}.js`),
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'eof',
    logLevel: 'warning',
    metafile: true,
  }).metafile;
}

const inputs = Object.assign({}, ...Object.entries(SCHEMAS).map(([name, schema]) => bundle([name, schema()]).inputs));
mkdirSync(join(ROOT, '.tmp/bundles'), { recursive: true });
writeFileSync(join(ROOT, '.tmp/bundles/validators.json'), JSON.stringify({ inputs }));
