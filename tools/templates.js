// Synthesizes every TypeScript example and has its templates read by cfn-lint and its constructs by cdk-nag.
// (The examples in other languages make the same templates: npm run test:languages.)
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { Checks, ROOT, cdk, run, stageExample } = require('./staging');

const [cfnLint] = process.argv.slice(2);
const checks = new Checks();

async function main() {
  for (const example of readdirSync(join(ROOT, 'examples', 'typescript'))) {
    const app = stageExample(`typescript/${example}`, `templates/${example}`);
    const synth = await cdk(['synth', '--quiet', '--strict'], { cwd: app });
    if (!checks.check(`${example}: cdk synth --strict`, synth.code === 0, synth.text)) continue;
    await lint(example, join(app, 'cdk.out'));
    await nag(example, app);
  }
  checks.close();
}

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
