import { AppFolder, CDK_VERSIONS } from './harness';
import { describeInFull } from '../in-full';

jest.setTimeout(120_000);

describeInFull.each(CDK_VERSIONS)('a stack beyond a limit of CloudFormation, with the %s aws-cdk-lib', (_, cdkLibrary) => {
  let app: AppFolder;
  beforeAll(() => { app = new AppFolder('template-limits.js', cdkLibrary); });
  afterAll(() => app.remove());
  const synth = (env: { [name: string]: string }) => app.cdk(['synth', '--quiet'], env);
  const REMEDY = 'one CostBudget cover several resources, create CostBudgets in a separate stack and set covers, or split the stack.';

  test('of 500 resources is refused in our words alone', async () => {
    const { code, output } = await synth({ OWN: '490', BUDGETS: '2' });
    expect(output).toMatch(/\[Chat\] bedrock-cost-too-many-resources: The stack has \d{3} resources, \d{2} of them to monitor 2 CostBudgets, and CloudFormation accepts 500\. Let /);
    expect(output).toContain(REMEDY);
    expect(output).not.toContain('greater than allowed maximum');
    expect(code).toBe(1);
  });

  // 400 resources of 2,300 characters are 988 KB, with the paths that the CDK CLI has written into them.
  test.each([['in a stack at the top', '', 'Chat'], ['in a stage', 'Prod', 'Prod/Chat']])('of 1,000,000 bytes fails: %s', async (_place, STAGE, path) => {
    const { code, output } = await synth({ OWN: '400', BYTES: '2300', STAGE });
    expect(output).toContain(`The template of ${path} has 1,0`);
    expect(output).toMatch(/about \d{2},000 of them to monitor 1 CostBudget, and CloudFormation accepts 1,000,000\./);
    expect(output).toContain(REMEDY);
    expect(code).toBe(1);
  });
});
