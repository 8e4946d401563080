import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { BudgetRequest, StackRequest } from '../../src/lambda/month-to-date/contract';
import { CostEstimates } from '../../src/registration/cost-estimates';

export const env = { region: 'us-west-2', account: '111122223333' };

/** Claude Sonnet 4.6 through us., us-west-2, per million tokens: in 3.30, out 16.50, cache read 0.33, writes 4.125 (5 min) and 6.60 (1 h). */
export const SONNET = 'us.anthropic.claude-sonnet-4-6';

/** 100,000 requests of 2,000 tokens in = 200 million tokens at $3.30 = $660.00 a month. */
export const traffic = (scope: Construct, id = 'Traffic', model = SONNET) =>
  CostEstimates.of(scope).addOnDemand(id, { model, requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });

/** The same usage with a separate ModelId. */
export const profile = (stack: Stack, id: string, model = SONNET) => new ApplicationInferenceProfile(stack, id, {
  model: BedrockModel.of(model), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 },
});

/** A budget of $1,460 a month: with 730 hours, $2 an hour and $48 a day. */
export const stackWith = (props: Partial<ConstructorParameters<typeof CostBudget>[2]> = {}) => {
  const stack = new Stack(new App(), 'Stack', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1460, enforcement: BudgetEnforcement.WARN, ...props });
  return { stack, budget };
};

export interface AlarmJson {
  readonly id: string;
  readonly [property: string]: any;
}

/** All metric alarms of a stack. */
export function alarms(stack: Stack): AlarmJson[] {
  return Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({ id, ...Properties }));
}

/** The one alarm of a stack whose id matches. */
export function only(stack: Stack, id: RegExp): AlarmJson {
  const found = alarms(stack).filter((alarm) => id.test(alarm.id));
  expect(found).toHaveLength(1);
  return found[0];
}

/** The alarms with a window of this number of hours. */
export function burnRateAlarms(stack: Stack, hours: number): AlarmJson[] {
  return alarms(stack).filter(({ Metrics = [] }) => Metrics.some(({ MetricStat }: any) => MetricStat?.Metric.Namespace === 'AWS/Bedrock' && MetricStat.Period === hours * 3600));
}

export function composites(stack: Stack): AlarmJson[] {
  return Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::CompositeAlarm')).map(([id, { Properties }]) => ({ id, ...Properties })).sort((a, b) => a.id.localeCompare(b.id));
}

/** The statements of the policies of a stack. */
export const statements = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

/** The request of a function for one budget, which covers all meters of the stack. */
export type OneBudgetRequest = Omit<StackRequest, 'budgets'> & Omit<BudgetRequest, 'onDemand' | 'provisioned' | 'batch'>;

/** The requests that the schedules of a stack pass to the function; values of the deployment are named by their logical ids. */
export function stackRequests(stack: Stack): StackRequest[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule')).map(({ Properties: { Target: { Input } } }) => (
    JSON.parse(typeof Input === 'string' ? Input : Input['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : part.Ref ?? part['Fn::GetAtt'].join('.'))).join(''))));
}

/** The requests of functions that each count for one budget. */
export function requests(stack: Stack): OneBudgetRequest[] {
  return stackRequests(stack).map(({ budgets: [{ onDemand, provisioned, batch, ...budget }, ...more], ...lists }) => {
    expect([onDemand, provisioned, batch, more]).toEqual([[...lists.onDemand.keys()], [...lists.provisioned.keys()], [...lists.batch.keys()], []]);
    return { ...lists, ...budget };
  });
}

/** The error text of a synth; empty if it succeeds. */
export function refusalOf(stack: Stack): string {
  try {
    Template.fromStack(stack);
    return '';
  } catch (e) {
    return (e as Error).message;
  }
}
