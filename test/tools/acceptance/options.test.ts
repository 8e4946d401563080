import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, refusal } from '../../../tools/acceptance/options';
import { withoutAws } from '../../../tools/staging';

const ROOT = join(__dirname, '../../..');
const options = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => parseOptions(args, env) as any;

test('the defaults', () => {
  expect(options([]).options).toEqual({
    region: 'us-east-1', model: 'us.amazon.nova-lite-v1:0', contextVariant: '24k', yes: false, metricMinutes: 20, batchMinutes: 180,
  });
});

test('the region is that of the option, of AWS_REGION, or us-east-1, and the model is called in its geography', () => {
  expect(options([], { AWS_REGION: 'eu-central-1' }).options).toMatchObject({ region: 'eu-central-1', model: 'eu.amazon.nova-lite-v1:0' });
  expect(options(['--region', 'ap-northeast-1'], { AWS_REGION: 'eu-central-1' }).options).toMatchObject({ region: 'ap-northeast-1', model: 'apac.amazon.nova-lite-v1:0' });
  expect(options(['--model', 'global.amazon.nova-2-lite-v1:0']).options.model).toBe('global.amazon.nova-2-lite-v1:0');
  expect(options(['--model', 'example.model-v1'])).toEqual({ exitCode: 2, text: expect.stringContaining('No system profile of example.model-v1') });
});

test('--help ends with 0, a mistake with 2', () => {
  expect(options(['--help'])).toMatchObject({ exitCode: 0, text: expect.stringContaining('--yes') });
  expect(options(['--help']).text).toContain('$5');
  expect(options(['--metric-minutes', 'soon'])).toMatchObject({ exitCode: 2, text: expect.stringContaining('minutes above 0') });
  expect(options(['--regoin', 'x'])).toMatchObject({ exitCode: 2 });
});

test('CI is refused', () => {
  expect(refusal({ CI: 'true' })).toMatch(/run by a person only/);
  expect(refusal({ CI: 'false' })).toBeUndefined();
  expect(refusal({})).toBeUndefined();
});

test('no workflow, no script and no CI run calls it', () => {
  const workflows = readdirSync(join(ROOT, '.github/workflows')).map((file) => `.github/workflows/${file}`);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { acceptance, ...others } = scripts;
  expect(acceptance).toContain('tools/acceptance/main.ts');
  const texts = [...[...workflows, '.ci/run', 'test/e2e/run.sh'].map((path) => readFileSync(join(ROOT, path), 'utf8')), ...Object.values<string>(others)];
  expect(workflows.length).toBeGreaterThan(0);
  expect(texts.filter((text) => /run (--silent )?acceptance|acceptance\/main/.test(text))).toEqual([]);
});

describe('the command', () => {
  const { CI: _, ...env }: NodeJS.ProcessEnv = withoutAws();
  const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}) => spawnSync(process.execPath,
    [require.resolve('ts-node/dist/bin'), '-T', '--project', 'projenrc/tsconfig.json', 'tools/acceptance/main.ts', ...args],
    { cwd: ROOT, env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...more }, encoding: 'utf8', input: '' });

  test('without credentials prints one error and exits with 2', () => {
    const { status, stdout, stderr } = run(['--yes']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^acceptance: No AWS credentials work in us-east-1 .*Sign in/)]);
  });

  test('without a terminal wants --yes', () => {
    const { status, stderr } = run([]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('--yes') });
  });

  test('in CI does nothing', () => {
    const { status, stderr } = run(['--yes'], { CI: 'true' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('CI is set') });
  });
});
