// Synthesizes every TypeScript example, and checks its templates with cfn-lint and its constructs with cdk-nag.
// (The examples in other languages create the same templates: npm run test:languages.)
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { Checks, ROOT, cdk, emptyFolder, run, stageExample } = require('./staging');

const [cfnLint, schemas] = process.argv.slice(2);
const checks = new Checks();

async function main() {
  for (const example of readdirSync(join(ROOT, 'examples', 'typescript'))) {
    const app = stageExample(`typescript/${example}`, `templates/${example}`);
    const synth = await cdk(['synth', '--quiet', '--strict'], { cwd: app });
    if (!checks.check(`${example}: cdk synth --strict`, synth.code === 0, synth.text)) continue;
    await lint(example, join(app, 'cdk.out'));
    await nag(example, app);
  }
  await regions();
  checks.close();
}

/** Regions whose CloudFormation has everything, lacks AWS Budgets, or is in another partition. */
const LINTED_REGIONS = ['us-east-1', 'eu-north-1', 'us-gov-west-1', 'cn-north-1'];

/**
 * Checks that CloudFormation of each region has the types that the constructs create there. cfn-lint has AWS's own registry of each
 * region. The table of types that are left out (src/estimates/resource-types.ts) must agree with it.
 */
async function regions() {
  const folder = emptyFolder('every-type');
  const synth = async (region) => {
    const { code, text } = await run('node', [join(ROOT, 'tools', 'every-type.js'), region, join(folder, region)]);
    checks.check(`${region}: an app that makes every type synthesizes`, code === 0, text);
    return join(folder, region, 'Everything.template.json');
  };
  const typesIn = (file) => [...new Set(Object.values(JSON.parse(readFileSync(file, 'utf8')).Resources).map(({ Type }) => Type))];
  const made = typesIn(await synth('us-east-1')).filter((type) => type.startsWith('AWS::'));
  const { MISSING_TYPES } = require('../lib/estimates/resource-types');
  const tables = readdirSync(schemas).filter((name) => name.endsWith('.json') && name !== 'sam.json');
  checks.check('cfn-lint knows the types of every region', tables.length > 30 && LINTED_REGIONS.every((region) => tables.includes(`${region}.json`)), tables.join());
  const lacking = (type) => tables.filter((name) => !(type in JSON.parse(readFileSync(join(schemas, name), 'utf8')))).map((name) => name.replace('.json', '')).sort();
  for (const type of made) {
    const [known, found] = [[...MISSING_TYPES[type] ?? []].sort(), lacking(type)];
    checks.check(`${type}: the table names the regions that lack it, ${found.length}`, JSON.stringify(known) === JSON.stringify(found), JSON.stringify({ known, found }));
  }
  for (const region of LINTED_REGIONS) {
    const { code, text } = await run(cfnLint, ['--regions', region, '--ignore-checks', ...LEFT_OUT, ...UNRELATED, '--', await synth(region)]);
    checks.check(`${region}: cfn-lint finds no type that is not there, and nothing else`, code === 0, text);
  }
}

/** W2531, the newest Node.js runtime, and W3011, no policy for the deletion of a bucket, are of the app, not of the region. */
const UNRELATED = ['W2531', 'W3011'];

/**
 * Left out: W3005, a DependsOn that a GetAtt implies. aws-cdk-lib writes both for every function and state machine, so
 * that a role has its policy before it is used.
 */
const LEFT_OUT = ['W3005'];

/** Exit code 0: no error, no warning, no information. */
async function lint(example, assembly) {
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.template.json'))) {
    const { code, text } = await run(cfnLint, ['--regions', 'us-west-2', '--include-checks', 'I', '--ignore-checks', ...LEFT_OUT, '--', join(assembly, file)]);
    checks.check(`${example}: cfn-lint finds nothing in ${file}`, code === 0, text);
  }
}

/** Errors fail every synth, warnings a strict one. */
async function nag(example, app) {
  const { app: command } = JSON.parse(readFileSync(join(app, 'cdk.json'), 'utf8'));
  const withNag = command.replace('ts-node', `ts-node --require ${join(ROOT, 'tools', 'with-nag.js')}`);
  const synth = (...args) => cdk(['synth', '--quiet', '--strict', '--app', withNag, '--output', 'cdk.out.nag', ...args], { cwd: app });
  const { code, text } = await synth();
  checks.check(`${example}: cdk-nag's AwsSolutions finds no error and no warning`, code === 0, text);
  const control = await synth('-c', 'with-open-bucket=true');
  checks.check(`${example}: it would have found an open bucket`, control.code === 1 && control.text.includes('AwsSolutions-S10'), control.text);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
