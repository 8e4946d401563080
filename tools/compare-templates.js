// Compares the templates and the reports that two checkouts of the library make of the same apps: `npm run compare:templates -- OTHER_CHECKOUT`.
// Both must be built. Each runs its own copy of the apps (examples/typescript, test/e2e/apps, test/integration/apps,
// tools/every-type.js). A logical id that differs is a difference: it would replace the resource in a stack that is deployed.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join, relative, resolve } = require('node:path');
const { Checks, ROOT, emptyFolder, run, withoutAws } = require('./staging');
const { normalizeTemplate } = require('./normalize-template');

/** Each app with the environment that chooses its shape. */
const APPS = [
  ...readdirSync(join(ROOT, 'examples/typescript')).map((name) => ({ name, file: `examples/typescript/${name}/app.ts` })),
  ...['app.js', 'batch/app.js', 'throughput/app.js'].map((file) => ({ name: `e2e/${file}`, file: `test/e2e/apps/${file}`, context: { step: '1', day: 'MONDAY' } })),
  { name: 'e2e/changed', file: 'test/e2e/apps/app.js', context: { changed: 'true' } },
  { name: 'three-constructs', file: 'test/integration/apps/three-constructs.js' },
  { name: 'budgets-of-stages', file: 'test/integration/apps/summary.js', env: { PER_STACK: '3', STACKS: '2', STAGES: 'Beta,Prod', LIMIT: '10000' } },
  { name: '40-profiles', file: 'test/integration/apps/summary.js', env: { PER_STACK: '40', LIMIT: '100000' } },
  ...['us-east-1', 'eu-north-1', 'us-gov-west-1', 'cn-north-1'].map((region) => ({ name: `every-type/${region}`, file: 'tools/every-type.js', args: [region] })),
];

const REPORT = 'bedrock-cost-report.json';
const checks = new Checks();
const other = process.argv[2] && resolve(process.argv[2]);

async function synthesize(checkout, { name, file, env = {}, context = {}, args = [] }) {
  const outdir = emptyFolder(`compare-templates/${checkout === ROOT ? 'head' : 'base'}/${name}`);
  const ran = await run('node', [
    '--require', join(ROOT, 'tools/use-library-of.js'), ...(file.endsWith('.ts') ? ['--require', 'ts-node/register/transpile-only'] : []),
    join(checkout, file), ...args, outdir,
  ], {
    // The sources in the report are relative to it.
    cwd: checkout,
    env: {
      ...withoutAws(), ...env, LIBRARY: checkout, CDK_OUTDIR: outdir, TS_NODE_PROJECT: join(ROOT, 'projenrc/tsconfig.json'),
      CDK_CONTEXT_JSON: JSON.stringify({ 'cdk-bedrock-cost:summary': 'off', 'aws:cdk:enable-path-metadata': true, ...context }),
    },
  });
  checks.check(`${name}: synthesized with ${checkout === ROOT ? 'this checkout' : 'the other checkout'}`, ran.code === 0, ran.text);
  const files = readdirSync(outdir, { recursive: true }).filter((path) => path.endsWith('.template.json')).sort();
  const read = (path) => JSON.parse(readFileSync(join(outdir, path), 'utf8'));
  return new Map([...files.map((path) => [path, normalizeTemplate(read(path))]), [REPORT, read(REPORT)]]);
}

/** The first differences of two values, each with its path. */
function differences(before, after, path = '') {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (!isObject(before) || !isObject(after)) return [`${path}: ${JSON.stringify(before)?.slice(0, 300)} -> ${JSON.stringify(after)?.slice(0, 300)}`];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => differences(before[key], after[key], `${path}/${key}`));
}

async function main() {
  if (!other || !existsSync(join(other, 'lib/index.js'))) throw new Error('Name a checkout of the library that is built: npm run compare:templates -- ../other');
  for (const app of APPS) {
    const [before, after] = await Promise.all([synthesize(other, app), synthesize(ROOT, app)]);
    checks.check(`${app.name}: it has templates`, after.size > 1);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const found = differences(before.get(path), after.get(path));
      checks.check(`${app.name}: ${relative('.', path)} is the same`, found.length === 0, found.slice(0, 10).join('\n'));
    }
  }
  checks.close();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
