import { execFileSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { cdkIn } from './harness';
import { installPacked } from '../../tools/staging';
import { describeInFull } from '../in-full';

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, '../..');

/**
 * The app that `cdk init` makes today, with its own defaults: tsx, NodeNext, the newest aws-cdk-lib and TypeScript, and
 * the feature flag that hides INFO annotations behind one warning. npm installs it from the registry.
 */
describeInFull('an app of cdk init', () => {
  const app = mkdtempSync(join(tmpdir(), 'init-'));
  beforeAll(() => {
    const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
    execFileSync(process.execPath, [cdk, 'init', 'app', '--language', 'typescript', '--generate-only', '--no-notices'], { cwd: app, stdio: 'pipe' });
    const description = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
    // Dependencies of its unit tests take long to install, and are not used here.
    const devDependencies = Object.fromEntries(Object.entries(description.devDependencies).filter(([name]) => /^(tsx|typescript|@types\/)/.test(name)));
    writeFileSync(join(app, 'package.json'), JSON.stringify({ ...description, devDependencies }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: app, stdio: 'pipe' });
    installPacked(app);
    const [stackFile] = readdirSync(join(app, 'lib'));
    const made = readFileSync(join(app, 'lib', stackFile), 'utf8');
    // The README's example, in the place where the template wants the stack's code.
    writeFileSync(join(app, 'lib', stackFile), made
      .replace('import { Construct }', "import { ApplicationInferenceProfile, BedrockModel, CostBudget } from 'cdk-bedrock-cost';\nimport { Construct }")
      .replace('// The code that defines your stack goes here', [
        "new ApplicationInferenceProfile(this, 'Assistant', {",
        "  model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'),",
        '  usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500, cacheReadTokensPerRequest: 1_000 },',
        '});',
        "new CostBudget(this, 'Budget', { monthlyLimitUsd: Number(process.env.LIMIT) });",
        "if (process.env.WARN) cdk.Annotations.of(this).addWarningV2('mine', 'a warning of the app');",
      ].join('\n    ')));
    const [binFile] = readdirSync(join(app, 'bin'));
    const main = readFileSync(join(app, 'bin', binFile), 'utf8');
    writeFileSync(join(app, 'bin', binFile), main.replace(/, \{\n/, ", { env: { region: 'us-west-2' },\n"));
  });
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  test.each([['without a warning', {}], ['with a warning of its own', { WARN: 'yes' }]])('shows its cost %s', async (_, env) => {
    const { code, stderr } = await cdkIn(app, ['synth', '--quiet'], { LIMIT: '2000', ...env });
    expect(code).toBe(0);
    // 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00, 75.9 % of $2,000.00
    expect(stderr).toMatch(/^ {2}Assistant {2}\$1,518\.00 {2}claude-sonnet-4-6, output 54 %, \$15\.18 per 1K requests$/m);
    expect(stderr).toMatch(/^ {2}ok {2}\S+\/Budget {2}\$1,518\.00 of \$2,000\.00 \(75\.9 %\)$/m);
  });

  test('is refused over its budget, at the line of the user', async () => {
    const { code, stderr } = await cdkIn(app, ['synth', '--quiet'], { LIMIT: '1000' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}over {2}\S+\/Budget {2}\$1,518\.00 of \$1,000\.00, \$518\.00 over$/m);
    expect(stderr).toMatch(/lib\/[\w-]+\.ts:\d+/);
  });
});
