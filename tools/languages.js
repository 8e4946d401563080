// Builds the packages for Python, Java and Go, runs each language's example with them, and compares the output with that of
// the TypeScript example. tools/languages.sh runs this script.
const { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { Checks, ROOT, cdk, emptyFolder, run, stageExample, withoutAws } = require('./staging');

const [python] = process.argv.slice(2);
const EXAMPLE = 'getting-started';
const checks = new Checks();
const seconds = {};

async function main() {
  const expected = await synthesize('typescript', stageExample(`typescript/${EXAMPLE}`, 'languages/typescript'), 'node', [
    join(ROOT, 'node_modules/ts-node/dist/bin.js'), '--transpile-only', '--prefer-ts-exts', 'app.ts',
  ]);
  if (!expected) return checks.close();
  checks.check("typescript: the report names the app's own lines", sources(expected.report).every(({ file } = {}) => file === 'app.ts'), JSON.stringify(sources(expected.report)));
  for (const [language, build] of Object.entries({ python: buildPython, java: buildJava, go: buildGo })) {
    const folder = emptyFolder(`languages/${language}`);
    const app = join(folder, 'app');
    cpSync(join(ROOT, 'examples', language, EXAMPLE), app, { recursive: true });
    const command = await timed(`${language}: package`, () => build(folder, app));
    const made = command && await synthesize(language, app, ...command);
    if (made) compare(language, made, expected);
    if (made) await refusedLimit(language, app, ...command);
    if (made && language === 'python') await initPython().then(refusedPython);
  }
  console.log(Object.entries(seconds).map(([what, s]) => `         ${what} ${s} s`).join('\n'));
  checks.close();
}

/** Installs the wheel in the virtual environment. */
async function buildPython(folder) {
  if (!await ok('python: jsii-pacmak makes the wheel', pacmak(['--target', 'python', '--outdir', folder, ROOT]))) return undefined;
  const [wheel] = readdirSync(join(folder, 'python')).filter((file) => file.endsWith('.whl'));
  const pip = run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--force-reinstall', join(folder, 'python', wheel)]);
  return await ok('python: pip installs it', pip) ? [python, ['app.py']] : undefined;
}

/** Runs the Python app of `cdk init`, with its own feature flags, with the real CDK CLI. */
async function initPython() {
  const app = emptyFolder('languages/init');
  if (!await ok('python: cdk init', cdk(['init', 'app', '--language', 'python', '--generate-only'], { cwd: app }))) return;
  const stackFile = join(app, 'init/init_stack.py');
  writeFileSync(stackFile, `${readFileSync(stackFile, 'utf8')}
        from cdk_bedrock_cost import ApplicationInferenceProfile, BedrockModel, CostBudget, OnDemandUsage
        from aws_cdk import Annotations
        import os
        ApplicationInferenceProfile(self, "Assistant", model=BedrockModel.of("us.anthropic.claude-sonnet-4-6"), usage=OnDemandUsage(
            requests_per_month=100_000, input_tokens_per_request=2_000, output_tokens_per_request=500, cache_read_tokens_per_request=1_000))
        CostBudget(self, "Budget", monthly_limit_usd=float(os.environ["LIMIT"]))
        if "WARN" in os.environ:
            Annotations.of(self).add_warning_v2("mine", "a warning of the app")
`);
  const main = readFileSync(join(app, 'app.py'), 'utf8');
  writeFileSync(join(app, 'app.py'), main.replace('"InitStack",', '"InitStack", env=cdk.Environment(region="us-west-2"),'));
  const synth = (env) => cdk(['synth', '--quiet', '--app', `${python} app.py`], { cwd: app, env: { ...withoutAws(), ...env } });
  // 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00
  for (const [what, env] of [['without a warning', {}], ['with a warning of its own', { WARN: 'yes' }]]) {
    const { code, stderr } = await synth({ LIMIT: '2000', ...env });
    checks.check(`python: an app of cdk init shows its cost ${what}`,
      code === 0 && /^ {2}Assistant {2}\$1,518\.00 /m.test(stderr) && stderr.includes('$1,518.00 of $2,000.00 (75.9 %)'), stderr);
  }
  const refused = await synth({ LIMIT: '1000' });
  checks.check('python: and is refused over its budget', refused.code === 1 && refused.stderr.includes('$1,518.00 of $1,000.00, $518.00 over'), refused.stderr);
}

/** Checks the problems that a Python app shows: both spellings of a prop, and no line of the jsii runtime as a line of the app. */
async function refusedPython() {
  const app = emptyFolder('languages/refused');
  cpSync(join(ROOT, 'tools/refused.py'), join(app, 'app.py'));
  writeFileSync(join(app, 'cdk.json'), JSON.stringify({ app: `${python} app.py` }));
  const synth = (CASE) => cdk(['synth', '--quiet'], { cwd: app, env: { ...withoutAws(), CASE } });
  for (const [CASE, ...sentences] of [
    ['props',
      '[Stack/Chat] bedrock-cost-invalid-input: usage.requestsPerMonth (requests_per_month in Python) must be a number of 0 or more, got -5.',
      '[Stack/Budget] bedrock-cost-invalid-input: acknowledge.maxMonthlyUsd (max_monthly_usd in Python) must be a number above 0, got -5.'],
    ['factory', 'BedrockModel.of: modelId (model_id in Python) must be a model id such as "amazon.nova-pro-v1:0", got "".'],
  ]) {
    const { code, text } = await synth(CASE);
    checks.check(`python: names what is wrong with its ${CASE}`, code === 1 && sentences.every((sentence) => text.includes(sentence)) && !text.includes('TypeError'), text);
  }
  const { code, text } = await synth('locations');
  const shown = ['bedrock-cost-budget-exceeded', 'bedrock-cost-unpriced-usage', 'bedrock-cost-missing-price', 'bedrock-cost-nobody-notified'];
  checks.check('python: shows no line of the jsii runtime beside a finding', code === 1 && shown.every((id) => text.includes(id)) && !/program\.js|jsii-kernel/.test(text), text);
  const read = (file) => readFileSync(join(app, 'cdk.out', file), 'utf8');
  const metadata = Object.values(JSON.parse(read('Stack.metadata.json'))).flat().filter(({ data }) => JSON.stringify(data ?? '').includes('bedrock-cost-'));
  checks.check('python: and has none in its cloud assembly', metadata.length > 0 && metadata.every(({ trace }) => trace === undefined)
    && !/\.js:\d/.test(read('validation-report.json')) && sources(JSON.parse(read('bedrock-cost-report.json'))).every((source) => source === null), JSON.stringify(metadata));
}

/** Builds the library and the example in one Maven build, which compiles the library once and installs nothing in ~/.m2. */
async function buildJava(folder, app) {
  if (!await ok('java: jsii-pacmak makes the sources', pacmak(['--target', 'java', '--code-only', '--outdir', folder, ROOT]))) return undefined;
  const library = join(folder, 'java');
  // Maven resolves a range to its newest version, but the expected template is of the checkout's version.
  const pom = readFileSync(join(library, 'pom.xml'), 'utf8');
  writeFileSync(join(library, 'pom.xml'), pom.replace(/\[(2\.\d+\.\d+|10\.\d+\.\d+),[\d.]+\)/g, '$1'));
  writeFileSync(join(folder, 'pom.xml'), `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>languages</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <modules><module>java</module><module>app</module></modules>
</project>
`);
  const maven = run('mvn', ['--quiet', '--batch-mode', '-Dmaven.javadoc.skip=true', '-Dmaven.source.skip=true', '-Dmdep.outputFile=target/classpath', 'package', 'dependency:build-classpath'],
    { cwd: folder, timeoutSeconds: 600 });
  if (!await ok('java: Maven compiles library and example', maven)) return undefined;
  return ['java', ['-cp', `target/classes:${readFileSync(join(app, 'target/classpath'), 'utf8').trim()}`, 'com.example.GettingStarted']];
}

/**
 * Builds the library's module and the modules that it depends on. jsii-pacmak builds them from the checkout's node_modules, so that
 * they have the same version as in the TypeScript example, independent of the module proxy.
 */
async function buildGo(folder, app) {
  const modules = ['aws-cdk-lib', 'constructs', ...readdirSync(join(ROOT, 'node_modules/@aws-cdk')).map((name) => `@aws-cdk/${name}`)];
  const withJsii = modules.map((name) => join(ROOT, 'node_modules', name)).filter((path) => existsSync(join(path, '.jsii')));
  const options = ['--target', 'go', '--code-only', '--outdir', folder];
  if (!await ok('go: jsii-pacmak makes the module', pacmak([...options, ROOT]))) return undefined;
  for (const path of withJsii) {
    if (!await ok(`go: and that of ${relative(join(ROOT, 'node_modules'), path)}`, pacmak([...options, '--no-runtime-type-checking', path]))) return undefined;
  }
  const go = (...args) => run('go', args, { cwd: app, timeoutSeconds: 600, env: { ...withoutAws(), GOFLAGS: '-mod=mod' } });
  for (const name of readdirSync(join(folder, 'go'))) {
    const path = join(folder, 'go', name);
    const [, module] = /^module (\S+)/m.exec(readFileSync(join(path, 'go.mod'), 'utf8'));
    await go('mod', 'edit', `-replace=${module}=${path}`);
  }
  if (!await ok('go: the example compiles', go('build', '-o', 'app', '.'))) return undefined;
  return [join(app, 'app'), []];
}

function pacmak(args) {
  return run('node', [join(ROOT, 'node_modules/jsii-pacmak/bin/jsii-pacmak'), '--no-npmignore', ...args], { timeoutSeconds: 600 });
}

/** Runs an app as the CDK CLI does, but without the CLI, which would only add its own metadata to the templates. */
async function synthesize(language, app, command, args) {
  const outdir = join(app, 'cdk.out');
  rmSync(outdir, { recursive: true, force: true });
  const { context } = JSON.parse(readFileSync(join(app, 'cdk.json'), 'utf8'));
  const env = { ...withoutAws(), CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const running = timed(`${language}: synth`, () => run(command, args, { cwd: app, env }));
  if (!await ok(`${language}: the example is synthesized`, running)) return undefined;
  const json = (file) => JSON.parse(readFileSync(join(outdir, file), 'utf8'));
  return { template: json('GettingStarted.template.json'), report: json('bedrock-cost-report.json') };
}

/** The spelling of `monthlyLimitUsd` that messages add, in languages in which it differs. */
const SPELLINGS = { python: ' (monthly_limit_usd in Python)', java: '', go: ' (MonthlyLimitUsd in Go)' };

/** Checks that the example with an invalid limit names the prop in one sentence. */
async function refusedLimit(language, app, command, args) {
  const context = { 'aws:cdk:bundling-stacks': [], 'monthlyLimitUsd': -5 };
  const env = { ...withoutAws(), CDK_OUTDIR: join(emptyFolder(`languages/${language}-refused`), 'cdk.out'), CDK_CONTEXT_JSON: JSON.stringify(context) };
  const { code, text } = await run(command, args, { cwd: app, env });
  const sentence = `bedrock-cost-invalid-input: monthlyLimitUsd${SPELLINGS[language]} must be a number of US dollars of 0.01 or more, got -5.`;
  checks.check(`${language}: a wrong limit is refused by its prop`, code !== 0 && text.includes(sentence) && !text.includes('TypeError'), text.slice(0, 4000));
}

function compare(language, made, expected) {
  same(`${language}: the same template, to the last byte`, made.template, expected.template);
  same(`${language}: the same total`, made.report.totals, expected.report.totals);
  same(`${language}: the same report, but for the source lines`, withoutSource(made.report), withoutSource(expected.report));
  // The frames of such an app are in a temporary folder of jsii: with their lines, the report would change at every synth.
  same(`${language}: no source line is named, since none is the app's`, sources(made.report).filter((source) => source !== null), []);
}

function same(what, made, expected) {
  checks.check(what, canonical(made) === canonical(expected), firstDifference(canonical(made), canonical(expected)));
}

/** JSON with sorted keys, one value a line. */
function canonical(value) {
  const sorted = (item) => (Array.isArray(item) ? item.map(sorted)
    : item !== null && typeof item === 'object' ? Object.fromEntries(Object.keys(item).sort().map((key) => [key, sorted(item[key])]))
      : item);
  return JSON.stringify(sorted(value), undefined, 1);
}

function firstDifference(made, expected) {
  const lines = expected.split('\n');
  const at = made.split('\n').findIndex((line, i) => line !== lines[i]);
  const around = (text) => text.split('\n').slice(Math.max(0, at - 3), at + 3).join('\n');
  return at < 0 ? '' : `made:\n${around(made)}\nexpected:\n${around(expected)}`;
}

/** The report without source lines, which differ between languages. */
function withoutSource(report) {
  return JSON.parse(JSON.stringify(report, (key, value) => (key === 'source' && (value === null || typeof value === 'object') ? undefined : value)));
}

function sources({ resources, findings }) {
  return [...resources, ...findings].map(({ source }) => source);
}

async function ok(what, running) {
  const { code, text } = await running;
  return checks.check(what, code === 0, text.slice(-4000));
}

async function timed(what, action) {
  const started = Date.now();
  const result = await action();
  seconds[what] = Math.round((Date.now() - started) / 1000);
  return result;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
