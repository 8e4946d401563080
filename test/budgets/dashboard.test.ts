import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { env, profile, SONNET, stackWith, traffic } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';

/** The widgets of a stack's dashboard, with logical ids for values that are known only at deployment. */
function widgets(stack: Stack): any[] {
  const [{ Properties: { DashboardBody } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const text = typeof DashboardBody === 'string' ? DashboardBody
    : DashboardBody['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'].join('.'))).join('');
  return JSON.parse(text).widgets;
}
const titled = (stack: Stack, title: RegExp) =>
  widgets(stack).find(({ properties }) => title.test(properties.title ?? properties.markdown)).properties;

describe('the dashboard of a budget', () => {
  test('shows the month against the limit', () => {
    const { stack, budget } = stackWith();
    budget.addDashboard();
    const month = titled(stack, /against the limit of Stack\/Budget/);
    expect(month.annotations.horizontal).toEqual([{ label: 'limit $1,460.00', value: 1460 }]);
    expect(month.metrics.map(([namespace, name, dimension, value]: string[]) => [namespace, name, dimension, value])).toEqual([
      ['CdkBedrockCost', 'MonthToDateUsd', 'Budget', 'Stack/Budget'], ['CdkBedrockCost', 'ForecastUsd', 'Budget', 'Stack/Budget'],
    ]);
  });

  test('shows the cost of today: the growth of the month-to-date cost, or all of it on the first day', () => {
    const { stack, budget } = stackWith();
    budget.addDashboard();
    expect(titled(stack, /^US dollars$/).metrics[0][0].expression).toBe('IF(DIFF(spent) < 0, spent, DIFF(spent))');
  });

  test('shows prices of the book, and the tokens to which they apply', () => {
    const { stack, budget } = stackWith();
    budget.addDashboard();
    // Added after the dashboard.
    traffic(stack);
    profile(stack, 'Chat');
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH });
    const { markdown } = titled(stack, /\| resource \|/);
    expect(markdown).toContain('| Stack/Traffic | InputTokenCount | $3.30 per million |');
    expect(markdown).toContain('| Stack/Chat | OutputTokenCount | $16.50 per million |');
    expect(markdown).toContain('| Stack/Units | model unit hours | $21.18 per hour |');
    const counted = titled(stack, /Tokens/).metrics;
    // Called directly, a model is counted by its id or by its ARN.
    expect(counted).toContainEqual([{ expression: 'FILL(e0p0m0n0, 0) + FILL(e0p0m1n0, 0)', id: 'e0p0', region: 'us-west-2', label: 'Stack/Traffic InputTokenCount' }]);
    const arn = `arn:AWS::Partition:bedrock:us-west-2:111122223333:inference-profile/${SONNET}`;
    [SONNET, arn].forEach((id, i) => expect(counted).toContainEqual(
      ['AWS/Bedrock', 'InputTokenCount', 'ModelId', id, { id: `e0p0m${i}n0`, region: 'us-west-2', visible: false }]));
    const ofProfile = counted.filter(([, , , id]: string[]) => /^Chat\w+\.InferenceProfileId$/.test(id));
    expect(ofProfile.map(([, name]: string[]) => name)).toEqual([
      'InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokenCount', 'CacheReadInputTokens', 'CacheWriteInputTokenCount', 'CacheWriteInputTokens',
    ]);
    expect(ofProfile[0][4]).toEqual({ region: 'us-west-2', label: 'Stack/Chat InputTokenCount' });
    // 21.18 x 730
    expect(titled(stack, /Commitments/).markdown).toContain('| Stack/Units | 1 month | $15,461.40 |');
  });

  test('finds the cost by resource and by model in every monitored region', () => {
    const app = new App();
    const home = new Stack(app, 'Home', { env });
    const budget = new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_000, covers: app });
    budget.addDashboard();
    traffic(new Stack(app, 'Abroad', { env: { ...env, region: 'eu-west-1' } }), 'Traffic', 'eu.anthropic.claude-sonnet-4-6');
    const { metrics } = titled(home, /by resource/);
    expect(metrics.map(([{ region }]: any) => region)).toEqual(['us-west-2', 'eu-west-1']);
    expect(metrics[0][0].expression).toBe('SEARCH(\'{CdkBedrockCost,"Budget","Stack","Resource","Model","Meter"} MetricName="MonthToDateUsd" Budget="Home/Budget"\', \'Maximum\', 3600)');
    expect(metrics[0][0].label).toBe("${PROP('Dim.Resource')}");
    expect(titled(home, /by model/).metrics[0][0].label).toBe("${PROP('Dim.Model')}");
  });

  test('accepts widgets of the user, below its own', () => {
    const { stack, budget } = stackWith();
    budget.addDashboard({ dashboardName: 'bedrock' }).addWidgets(new TextWidget({ markdown: 'mine' }));
    const last = widgets(stack).at(-1);
    expect(last.properties.markdown).toBe('mine');
    expect(last.y).toBe(24);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'bedrock' });
  });

  test('fails when it is added twice', () => {
    const { budget } = stackWith();
    budget.addDashboard();
    expect(() => budget.addDashboard()).toThrow('Stack/Budget: the CostBudget already has a dashboard. Call addDashboard() once.');
  });
});
