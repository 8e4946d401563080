import { readFileSync } from 'fs';
import { join } from 'path';
import { AppFolder } from './harness';
import { describeInFull } from '../in-full';

jest.setTimeout(120_000);

describeInFull('uses of Amazon Bedrock without a price, on cdk synth', () => {
  let app: AppFolder;
  beforeAll(() => { app = new AppFolder('unpriced-usage.js', 'aws-cdk-lib-newest'); });
  afterAll(() => app.remove());
  const cdk = (env: { [name: string]: string }, ...args: string[]) => app.cdk(['synth', '--quiet', '--output', 'out', ...args], env);
  const report = () => JSON.parse(readFileSync(join(app.path, 'out/bedrock-cost-report.json'), 'utf8'));
  const COVERAGE = '0 of 1 use of Amazon Bedrock priced, 1 without a price. Details: npx cdk-bedrock-cost scan\n';
  const FINDING = 'Chat has 1 use of Amazon Bedrock without a price: Chat/Answer (amazon.nova-pro-v1:0)';

  test('are in the output of an app without a construct of the library, once', async () => {
    const { code, stderr } = await cdk({}, '--strict');
    expect(stderr.split(COVERAGE)).toHaveLength(2);
    expect(stderr).not.toContain('bedrock-cost-unpriced-usage');
    expect(code).toBe(0);
    expect(report()).not.toHaveProperty('coverage');
    expect(report()).not.toHaveProperty('unpriced');
  });

  test('are a warning where a budget covers them, which fails a strict synth', async () => {
    const { code, stderr } = await cdk({ BUDGET: 'yes' });
    expect(stderr).toContain(FINDING);
    expect(stderr).toContain(COVERAGE);
    expect(code).toBe(0);
    expect((await cdk({ BUDGET: 'yes' }, '--strict')).code).toBe(1);
  });

  test('are neither with an estimate of the function', async () => {
    const { code, stderr } = await cdk({ BUDGET: 'yes', COVER: 'yes' }, '--strict');
    expect(stderr).not.toContain('without a price');
    expect(stderr).toContain('$0.80');
    expect(code).toBe(0);
  });

  test('are not looked for without the library', async () => {
    const { code, stderr } = await cdk({ LINE: 'no' });
    expect(stderr).not.toContain('Amazon Bedrock');
    expect(code).toBe(0);
  });
});
