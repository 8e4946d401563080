import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DetachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ACCOUNT, REGION, rest } from './services';
import { Checks } from '../../tools/staging';

/**
 * Checks the functions of a budget as deployed by CloudFormation, with their bundles, environment, parameters and schedule.
 *
 * The emulator does not start functions by alarms, and does not insert the time into the input of a schedule: this module does both.
 *
 * @param countPurchases returns the number of purchases by the hour of the stack
 */
export async function budgetAsDeployed(url: string, checks: InstanceType<typeof Checks>, countPurchases: () => Promise<number>): Promise<void> {
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'none' };
  const cloudWatch = new CloudWatchClient({ endpoint: url, region: REGION, credentials });
  const iam = new IAMClient({ endpoint: url, region: REGION, credentials });
  const { Functions: functions } = await rest(url, 'lambda', '/2015-03-31/functions');
  const named = (part: string): string => functions.map(({ FunctionName }: any) => FunctionName).find((name: string) => name.includes(part));
  const invoke = (name: string, event: object) => rest(url, 'lambda', `/2015-03-31/functions/${name}/invocations`, event);

  const now = new Date();
  // 2M tokens in and 0.1M out of Nova Pro through us., us-west-2: 2 x $0.80 + 0.1 x $3.20 = $1.92
  const use = (...tokens: [string, number][]) => cloudWatch.send(new PutMetricDataCommand({
    Namespace: 'AWS/Bedrock',
    MetricData: tokens.map(([MetricName, Value]) => ({ MetricName, Value, Timestamp: now, Dimensions: [{ Name: 'ModelId', Value: 'us.amazon.nova-pro-v1:0' }] })),
  }));
  await use(['InputTokenCount', 2_000_000], ['OutputTokenCount', 100_000]);
  // The request of the event is forged: the request to count is in the schedule.
  const count = async (time: Date) => (await invoke(named('MonthToDate'), { time: time.toISOString(), onDemand: [], provisioned: [] }))[0];
  const counted = await count(now);
  // One unit at $10 for the started hour
  checks.check('the function of the schedule counts tokens and hours: $11.92', counted.monthToDateUsd === '11.92', JSON.stringify(counted));
  const { MetricDataResults: [published] = [] } = await cloudWatch.send(new GetMetricDataCommand({
    StartTime: new Date(now.getTime() - 3_600_000),
    EndTime: new Date(now.getTime() + 3_600_000),
    MetricDataQueries: [{
      Id: 'spent',
      MetricStat: { Metric: { Namespace: 'CdkBedrockCost', MetricName: 'MonthToDateUsd', Dimensions: [{ Name: 'Budget', Value: 'EndToEnd/Budget' }] }, Period: 3600, Stat: 'Maximum' },
    }],
  }));
  checks.check('and publishes it', JSON.stringify(published?.Values) === '[11.92]', JSON.stringify(published));

  const { Roles: roles = [] } = await iam.send(new ListRolesCommand({}));
  const caller = roles.find(({ RoleName }) => RoleName?.includes('EndToEnd-Caller'))!.RoleName!;
  const denied = async () => (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: caller }))).AttachedPolicies?.some(({ PolicyName }) => PolicyName?.includes('HomeDenial')) ?? false;
  const { Environment } = functions.find(({ FunctionName }: any) => FunctionName === named('BudgetStop'));
  const own: string = Environment.Variables.ALARM_ARN;
  const alarm = (value: string, time: Date, alarmArn = own) => invoke(named('BudgetStop'), {
    source: 'aws.cloudwatch', alarmArn, time: time.toISOString(), alarmData: { alarmName: 'Exceeded', state: { value } },
  });
  checks.check('no invocation is denied before', !await denied());
  const refusal = (event: Promise<unknown>) => event.then(() => 'none', (error) => String(error));
  const other = await refusal(alarm('ALARM', now, `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:Other`));
  checks.check('another alarm of the account denies nothing', /alarmArn must be/.test(other) && !await denied(), other);
  const future = await refusal(alarm('ALARM', new Date('2099-01-01')));
  checks.check('nor does an event that is dated in the future', /time must not be in the future/.test(future) && !await denied(), future);
  const forged = await refusal(alarm('ALARM', now));
  checks.check('nor does the alarm while the count is within the limit', /requests stop, but \$11.92 of \$10000/.test(forged) && !await denied(), forged);
  // 12.5 billion tokens in x $0.80 a million = $10,000
  await use(['InputTokenCount', 12_500_000_000]);
  await count(now);
  await alarm('ALARM', now);
  checks.check('over the limit, the alarm denies invocations to the role with the grant', await denied());
  checks.check('and deletes the throughput by the hour', await countPurchases() === 0, `${await countPurchases()}`);
  const policyArn = Environment.Variables.DENY_POLICY_ARN;
  await iam.send(new DetachRolePolicyCommand({ RoleName: caller, PolicyArn: policyArn }));
  const { Schedules: schedules } = await rest(url, 'scheduler', '/schedules');
  const { Target: check } = await rest(url, 'scheduler', `/schedules/${schedules.find(({ Name }: any) => Name.includes('BudgetStop')).Name}`);
  await invoke(named('BudgetStop'), JSON.parse(check.Input));
  checks.check('the scheduled check attaches a detached policy again', await denied());
  const early = await refusal(alarm('OK', new Date(now.getTime() + 30_000)));
  checks.check('the end of the alarm has no effect while the count is over the limit', /requests undo/.test(early) && await denied(), early);
  // CloudFormation does so when the description of the parameter changes. The counts are in its earlier versions.
  const { parameter } = JSON.parse(Environment.Variables.COUNT);
  await new SSMClient({ endpoint: url, region: REGION, credentials }).send(new PutParameterCommand({ Name: parameter, Value: '{}', Overwrite: true }));
  await alarm('OK', new Date(now.getTime() + 60_000));
  checks.check('the end of the alarm allows invocations again', !await denied());
  checks.check('and buys the throughput again, once', await countPurchases() === 1, `${await countPurchases()}`);
  const later = await count(new Date(now.getTime() + 120_000));
  // The cost of the old purchase is kept; the new one, with another ARN, has started its first hour: 10,001.92 + 10 + 10
  checks.check('the function counts it by its new ARN: $10,021.92', later.monthToDateUsd === '10021.92', JSON.stringify(later));
}
