#!/usr/bin/env node
// Demonstrates the library with examples/typescript/getting-started and the real CDK CLI: prints the cost of the app, then fails
// the same app at its budget. Deploys nothing and needs no network. Exits with 0 when all checks pass.
const { existsSync, readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { Checks, cdk, ensureBuilt, run, stageExample, withoutAws } = require('./staging');

const checks = new Checks();
let step = 0;

async function main() {
  const started = Date.now();
  ensureBuilt(console.log);
  const app = stageExample('typescript/getting-started', 'demo/getting-started');

  headline('What does this app cost? `cdk synth` prints it, resource by resource and in total', 'npx cdk synth --quiet');
  const synth = await cdk(['synth', '--quiet'], { cwd: app });
  show(synth.text);
  checks.check('cdk synth succeeds', synth.code === 0);
  for (const [what, amount] of [['capacity', '$9,869.60'], ['nightly batch', '$168.00'], ['chat', '$1,518.00'], ['total', '$11,555.60']]) {
    checks.check(`it prints ${amount} a month (${what})`, synth.text.includes(amount));
  }

  headline('The same figures as files, next to the templates', 'cat cdk.out/bedrock-cost-report.json');
  const reports = ['json', 'md'].map((extension) => join(app, 'cdk.out', `bedrock-cost-report.${extension}`));
  for (const report of reports) checks.check(`${relative(app, report)} is there`, existsSync(report));
  const { totals, resources } = readJson(reports[0]);
  checks.check("each cost points to the app's own source line", resources?.every(({ source }) => source?.file === 'app.ts' && source.line > 0));
  show(`totals: ${JSON.stringify(totals, undefined, 2)}`);
  checks.check('its total is exactly "11555.6"', totals?.monthlyUsd === '11555.6', totals?.monthlyUsd);

  headline('The report on the command line', 'npx cdk-bedrock-cost report');
  const report = await run(process.execPath, [join(app, 'node_modules/cdk-bedrock-cost/bin/cdk-bedrock-cost'), 'report'], { cwd: app });
  show(report.text);
  checks.check('cdk-bedrock-cost report shows the total', report.code === 0 && report.stdout.includes('$11,555.60'));

  headline('The same app with a budget of $10,000: `cdk synth` refuses it', 'npx cdk synth --quiet -c monthlyLimitUsd=10000');
  const refused = await cdk(['synth', '--quiet', '-c', 'monthlyLimitUsd=10000', '--output', 'cdk.out.refused'], { cwd: app });
  show(errorsOf(refused.text));
  checks.check('cdk synth exits with 1', refused.code === 1, `exit code ${refused.code}`);
  checks.check('it says what is over the limit', refused.text.includes('$11,555.60') && refused.text.includes('$10,000'));

  headline('And `cdk deploy` stops at the same place, before it talks to AWS', 'npx cdk deploy -c monthlyLimitUsd=10000');
  const deploy = await cdk(['deploy', '--require-approval', 'never', '-c', 'monthlyLimitUsd=10000', '--output', 'cdk.out.refused'], { cwd: app, env: noWayToAws() });
  show(errorsOf(deploy.text));
  checks.check('cdk deploy exits with 1', deploy.code === 1, `exit code ${deploy.code}`);
  checks.check('the budget stopped it, not a failed connection', deploy.text.includes('$11,555.60') && !/ECONNREFUSED|credential/i.test(deploy.text));

  console.log(`\nThe app, its templates and reports: ${relative(process.cwd(), app) || '.'} (${Math.round((Date.now() - started) / 1000)} s)`);
  checks.close();
}

function headline(title, command) {
  console.log(`\n${'='.repeat(100)}\n${++step}. ${title}\n   $ ${command}\n`);
}

/** Prints the output of the app, without notices of npm and the CLI. */
function show(text) {
  const lines = text.trim().split('\n').filter((line) => !/^npm (warn|notice)|feature flags are not configured/.test(line));
  console.log(`${lines.join('\n').replace(/^/gm, '   ')}\n`);
}

/** The error with its source line and the last line of the CLI, without the costs that were already shown. */
function errorsOf(text) {
  const lines = text.trim().split('\n');
  const error = lines.findIndex((line) => line.startsWith('ERROR'));
  if (error < 0) return text;
  const end = lines.findIndex((line, i) => i > error && line.trim() === '');
  return [...lines.slice(Math.max(0, error - 1), end < 0 ? undefined : end), '', lines[lines.length - 1]].join('\n');
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (e) {
    return { problem: e.message };
  }
}

/** An environment with invalid credentials and an endpoint without a server: a deployment that passes synth fails there. */
function noWayToAws() {
  return {
    ...withoutAws(),
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: 'us-west-2',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  };
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
