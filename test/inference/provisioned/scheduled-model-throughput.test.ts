import { Fn, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { StopAction } from '../../../src/budgets/stop-actions/stop-action';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ScheduledModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { DayOfWeek, ThroughputSchedule } from '../../../src/inference/provisioned/schedule';
import { ScheduledModelThroughput } from '../../../src/inference/provisioned/scheduled-model-throughput';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { DEFAULT_PROJECT, entries, findingsOf, flat, refusals, roleIn, stackIn, statementsOf, warnings } from '../synth';

const TYPE = 'Custom::BedrockProvisionedModelThroughput';
const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0');
const OFFICE: ThroughputSchedule = { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };

function scheduled(schedule: Partial<ThroughputSchedule> = {}, props: Partial<ScheduledModelThroughputProps> = {}, stack: Stack = stackIn('us-west-2')) {
  return { stack, throughput: new ScheduledModelThroughput(stack, 'Capacity', { model: LLAMA, modelUnits: 2, schedule: { ...OFFICE, ...schedule }, ...props }) };
}
const findings = (stack: Stack) => findingsOf(stack).map(({ id, message }) => `${id}: ${message}`);

test('the clock calls the function every 5 minutes with all properties, after the resource is created', () => {
  const { stack } = scheduled();
  const [[, clock]] = Object.entries(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
  const [[resource]] = Object.entries(Template.fromStack(stack).findResources(TYPE));
  expect(clock.Properties).toMatchObject({ ScheduleExpression: 'cron(0/5 * * * ? *)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { RetryPolicy: { MaximumRetryAttempts: 0 } } });
  expect(clock.DependsOn).toContain(resource);
  expect(JSON.parse(flat(clock.Properties.Target.Input))).toEqual({
    StackId: '<AWS::StackId>',
    LogicalResourceId: resource,
    time: '<aws.scheduler.scheduled-time>',
    ResourceProperties: expect.objectContaining({
      modelId: 'meta.llama3-1-70b-instruct-v1:0',
      modelUnits: '2',
      businessHours: { days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' },
      fallbackModelId: 'us.meta.llama3-1-70b-instruct-v1:0',
      tags: [{ key: 'cdk-bedrock-cost:schedule', value: expect.stringMatching(/^Stack\/StackCapacity[0-9A-F]{8}$/) }],
    }),
  });
});

test('the model id to invoke is in a parameter: outside of the hours, that of the on-demand model', () => {
  const { stack, throughput } = scheduled();
  Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', { Value: 'us.meta.llama3-1-70b-instruct-v1:0' });
  expect(stack.resolve(throughput.modelIdParameter.parameterName)).toEqual({ Ref: expect.stringMatching(/^CapacityModelId/) });
});

test('has no ARN, which changes every day, and no getter that throws', () => {
  const { throughput } = scheduled();
  for (const name of ['provisionedModelArn', 'modelArn', 'invokableArn', 'metric', 'commitmentEnd']) expect(throughput).not.toHaveProperty(name);
  const names = new Set<string>();
  for (let owner: object = throughput; owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    Object.getOwnPropertyNames(owner).forEach((name) => names.add(name));
  }
  for (const name of names) expect(() => Reflect.get(throughput, name)).not.toThrow();
});

test('fails as the model of another construct, since it has no ARN', () => {
  const { throughput } = scheduled();
  expect(() => BedrockModel.fromInvokable(throughput as never, 'x.y')).toThrow('BedrockModel.fromInvokable: invokable must be an object that has invokableArn and grantInvoke, got an object of class ScheduledModelThroughput.');
});

test('its name is the same every day', () => {
  const { stack, throughput } = scheduled();
  expect(stack.resolve(throughput.provisionedModelName)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Capacity/), 'ProvisionedModelName'] });
});

test('is deleted when it is removed', () => {
  Template.fromStack(scheduled().stack).hasResource(TYPE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
});

test('its price is looked up once, for the report and the saving', () => {
  const lookUp = jest.spyOn(PriceBook.prototype, '_pricesOf');
  Template.fromStack(scheduled().stack);
  expect(lookUp).toHaveBeenCalledTimes(1);
  lookUp.mockRestore();
});

describe('imported into another app', () => {
  const attributes = { modelIdParameterName: '/cdk-bedrock-cost/Capacity/model-id/Office', scheduleTag: 'Capacity/Office12345678', outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };

  test('its callers get the permissions as in its own app, and the template has no other resources', () => {
    const own = scheduled();
    own.throughput.grantInvoke(roleIn(own.stack));
    const stack = stackIn('us-west-2');
    const imported = ScheduledModelThroughput.fromScheduledModelThroughputAttributes(stack, 'Office', { ...attributes, scheduleTag: own.throughput.scheduleTag });
    imported.grantInvoke(roleIn(stack));
    expect(statementsOf(stack, 'bedrock:InvokeModel')).toEqual(statementsOf(own.stack, 'bedrock:InvokeModel'));
    const [{ Resource }] = statementsOf(stack, 'ssm:GetParameter');
    expect(flat(Resource)).toBe('arn:<AWS::Partition>:ssm:us-west-2:111111111111:parameter/cdk-bedrock-cost/Capacity/model-id/Office');
    const { Resources, Parameters = {} } = Template.fromStack(stack).toJSON();
    expect(Object.values<{ Type: string }>(Resources).map(({ Type }) => Type).sort()).toEqual(['AWS::IAM::Policy', 'AWS::IAM::Role']);
    expect(Object.keys(Parameters)).toEqual(['BootstrapVersion']);
    expect(entries(stack)).toEqual([]);
  });

  test('its names may be known only at deployment, such as imports of an export', () => {
    const stack = stackIn('us-west-2');
    const imported = ScheduledModelThroughput.fromScheduledModelThroughputAttributes(stack, 'Office', {
      ...attributes, modelIdParameterName: Fn.importValue('Parameter'), scheduleTag: Fn.importValue('Tag'),
    });
    imported.grantInvoke(roleIn(stack));
    const [own] = statementsOf(stack, 'bedrock:InvokeModel');
    expect(own.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/cdk-bedrock-cost:schedule': { 'Fn::ImportValue': 'Tag' } } });
    expect(JSON.stringify(statementsOf(stack, 'ssm:GetParameter'))).toContain('{"Fn::ImportValue":"Parameter"}');
  });
});

test.each<[string, unknown]>([
  ['a model', BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0')], ['a text', '08:00-18:00'], ['a schedule without times', {}],
])('fails with %s as schedule, since it is required', (_, schedule) => {
  expect(() => new ScheduledModelThroughput(stackIn('us-west-2'), 'Capacity', { model: LLAMA, modelUnits: 2, schedule: schedule as ThroughputSchedule })).toThrow(/^Stack\/Capacity: schedule/);
});

test('fails without a schedule', () => {
  expect(() => new ScheduledModelThroughput(stackIn('us-west-2'), 'Capacity', { model: LLAMA, modelUnits: 2 } as ScheduledModelThroughputProps))
    .toThrow('Stack/Capacity: schedule is required. Set the business hours, such as { start: "08:00", end: "18:00", timeZone, outsideHours }.');
});

test('fails with provisioned throughput as the model outside of the hours', () => {
  const stack = stackIn('us-west-2');
  const other = new ProvisionedModelThroughput(stack, 'Other', { model: LLAMA, modelUnits: 1 });
  scheduled({ outsideHours: BedrockModel.fromInvokable(other, 'meta.llama3-1-70b-instruct-v1:0') }, {}, stack);
  expect(refusals(stack)).toEqual([expect.stringContaining('schedule.outsideHours must be a model on demand or an inference profile, got "provisioned throughput of meta.llama3-1-70b-instruct-v1:0".')]);
});

test('a grantee may read the parameter, and invoke the tagged throughput and the model outside of the hours', () => {
  const { stack, throughput } = scheduled();
  throughput.grantInvoke(roleIn(stack));
  const [own, ...others] = statementsOf(stack, 'bedrock:InvokeModel');
  expect(flat(own.Resource)).toBe('arn:<AWS::Partition>:bedrock:us-west-2:111111111111:provisioned-model/*');
  expect(own.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/cdk-bedrock-cost:schedule': expect.stringMatching(/^Stack\/StackCapacity[0-9A-F]{8}$/) } });
  // Without the condition, since a project does not have the tag.
  expect(flat(others[0].Resource)).toBe(DEFAULT_PROJECT);
  expect(others[0].Condition).toBeUndefined();
  expect(others.map(({ Resource }) => flat(Resource)).join('\n')).toContain('inference-profile/us.meta.llama3-1-70b-instruct-v1:0');
  expect(statementsOf(stack, 'ssm:GetParameter').some(({ Resource }) => flat(Resource).includes('<CapacityModelId'))).toBe(true);
});

test('the function that buys may only buy, and write the model id to invoke', () => {
  const { stack } = scheduled();
  const ofTicker = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('OnTick')).flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
  const actions = ofTicker.flatMap(({ Action }: any) => Action).filter((action: string) => !action.startsWith('logs:'));
  expect([...new Set(actions)].sort()).toEqual([
    'bedrock:CreateProvisionedModelThroughput', 'bedrock:DeleteProvisionedModelThroughput', 'bedrock:GetProvisionedModelThroughput',
    'bedrock:ListTagsForResource', 'bedrock:TagResource', 'ssm:GetParameter', 'ssm:PutParameter',
  ]);
});

describe('the cost', () => {
  test('is that of the hours, rounded up, and the saving is reported', () => {
    // 50 of 168 hours a week of 730: 217.3, so 218 hours. 2 x $24 x 218 = $10,464; all hours 2 x $24 x 730 = $35,040
    const { stack } = scheduled();
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '10464' } }]);
    expect(findings(stack)).toContainEqual(expect.stringMatching(/^bedrock-cost-business-hours-saving: .*\$10,464\.00 instead of \$35,040\.00 for all of them, \$24,576\.00 less/));
    expect(warnings(stack)).toEqual([expect.stringContaining('No topic is notified if the throughput cannot be deleted in the evening and remains billed: only the log of a function has the failure. Set notificationTopic, or add a CostBudget that covers it.')]);
    expect(refusals(stack)).toEqual([]);
  });

  test('of the clock is separate from that of Amazon Bedrock', () => {
    // 730 x 12 = 8,760 checks: $1.00 and $0.20 per million, 8,760 x 0.5 s x 0.5 GB = 2,190 GB-seconds at $0.0000133334
    const [{ estimate, otherServices }] = entries(scheduled().stack);
    expect(otherServices!.map(({ usd }) => usd)).toEqual(['0.00876', '0.001752', '0.029200146']);
    expect(estimate.otherServicesMonthlyUsd).toBe('0.039712146');
  });

  test('of other hours follows them, and the configured hours of a month', () => {
    // 4 x 2 = 8 of 168 hours a week of 744: 35.4, so 36 hours. 2 x $24 x 36 = $1,728
    const { stack } = scheduled({ days: [DayOfWeek.SATURDAY, DayOfWeek.SUNDAY], end: '12:00' }, {}, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': 744 }));
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '1728' } }]);
  });

  test('is compared with the usage in those hours', () => {
    // 1 M requests x 2,000 tokens in 218 hours: 152,905 tokens a minute; 2 x 40,000 are paid for
    const usage = { requestsPerMonth: 1_000_000, inputTokensPerRequest: 1_500, outputTokensPerRequest: 500 };
    const { stack } = scheduled({}, { usage, tokensPerMinutePerModelUnit: 40_000 });
    expect(warnings(stack)).toEqual([expect.stringMatching(/152,906/), expect.stringContaining('No topic is notified if the throughput cannot be deleted in the evening and remains billed: only the log of a function has the failure. Set notificationTopic, or add a CostBudget that covers it.')]);
    expect(findings(stack)).toContainEqual(expect.stringMatching(/^bedrock-cost-throughput-too-small: /));
  });
});

describe('a budget', () => {
  const withBudget = () => {
    const { stack } = scheduled();
    const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000 });
    return { stack, budget };
  };

  test('counts its hours, and has no alarm that could not fire', () => {
    const { stack } = withBudget();
    const inputs = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule')).map(({ Properties }) => flat(Properties.Target.Input));
    expect(inputs.map((text) => JSON.parse(text)).find(({ provisioned }) => provisioned)?.provisioned).toMatchObject([{ resource: 'Stack/Capacity', usdPerModelUnitHour: '24', businessHoursPerMonth: 218 }]);
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).filter((id) => /Idle|Throttled/.test(id))).toEqual([]);
  });

  test('over all kinds of throughput deletes only throughput without business hours and without a commitment', () => {
    const { stack, budget } = withBudget();
    new ProvisionedModelThroughput(stack, 'Hourly', { model: LLAMA, modelUnits: 1 });
    // 1 x $21.18 x 730 = $15,461.40
    const term = { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 15_461.4, removalPolicy: RemovalPolicy.DESTROY };
    new ProvisionedModelThroughput(stack, 'Committed', { model: LLAMA, modelUnits: 1, ...term });
    budget.addStopAction(StopAction.deleteUncommittedThroughput());
    const targets = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter')).map(({ Properties }) => flat(Properties.Value)).join('\n');
    expect(targets.match(/Stack\/(Hourly|Capacity|Committed)"/g)).toEqual(['Stack/Hourly"']);
    expect(findings(stack).filter((text) => text.includes('stop-does-not-reach'))).toEqual([expect.stringContaining('do not reach Stack/Capacity: ')]);
    // 2 x $24 x 218 + 1 x $24 x 730 + $15,461.40
    expect(entries(stack).map(({ estimate }) => estimate.monthlyUsd)).toEqual(['10464', '17520', '15461.4']);
  });

  test('reports that its stop action does not reach throughput that is bought again the next morning', () => {
    const { stack, budget } = withBudget();
    budget.addStopAction(StopAction.deleteUncommittedThroughput());
    Template.fromStack(stack);
    expect(findings(stack)).toContainEqual(expect.stringMatching(/^bedrock-cost-stop-does-not-reach: .*Stack\/Capacity/));
  });
});

test.each([
  ['no day', { days: [] }, 'schedule.days must be one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each once, got [].'],
  ['a day twice', { days: [DayOfWeek.MONDAY, DayOfWeek.MONDAY] }, 'schedule.days'],
  ['another form of time', { start: '8:00' }, 'schedule.start must be HH:MM in steps of 5 minutes, from 00:00 to 23:55, got "8:00".'],
  ['a minute without a tick', { end: '18:01' }, 'schedule.end must be HH:MM in steps of 5 minutes, from 00:05 to 24:00, got "18:01".'],
  ['an end before the start', { end: '07:00' }, 'schedule.end must be a time at least an hour after start, 08:00, on the same day, got "07:00".'],
  ['an unknown time zone', { timeZone: TimeZone.of('Europe/Bonn') }, 'schedule.timeZone must be the IANA name of a time zone, such as "Europe/Berlin", got "Europe/Bonn".'],
])('a schedule with %s is refused', (_, schedule, text) => {
  expect(refusals(scheduled(schedule).stack)).toEqual([expect.stringContaining(text)]);
});
