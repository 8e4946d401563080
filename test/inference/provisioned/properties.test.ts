import { CfnParameter, CfnResource, Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { MissingPricePolicy } from '../../../src/budgets/cost-budget-props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../../src/inference/provisioned/scheduled-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { flat, stackIn, statementsOf } from '../synth';

const TYPE = 'Custom::BedrockProvisionedModelThroughput';
const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k');

function throughputIn(stack: Stack, props: Partial<ProvisionedModelThroughputProps> = {}, id = 'Capacity') {
  return new ProvisionedModelThroughput(stack, id, { model: LLAMA, modelUnits: 2, ...props });
}
function scheduledIn(stack: Stack, id = 'Capacity') {
  return new ScheduledModelThroughput(stack, id, { model: LLAMA, modelUnits: 2, schedule: SCHEDULE });
}
const parameters = (stack: Stack) => Object.entries(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
const allowed = (stack: Stack) => parameters(stack).filter(([, { Properties }]) => flat(Properties.Name).includes('/allowed/'));

/** Values as CloudFormation resolves them: references become a text, which is the same in both places. */
function resolved(value: any): any {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) return flat(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
}

const COMMITTED = { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8, provisionedModelName: 'chat' };
const SCHEDULE = { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };

describe('the allowed purchase', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['by the hour', (stack) => throughputIn(stack)],
    ['a commitment with a topic', (stack) => throughputIn(stack, { ...COMMITTED, notificationTopic: new Topic(stack, 'Costs') })],
    ['in business hours', (stack) => scheduledIn(stack)],
    ['units and a model that are known at deployment', (stack) => throughputIn(stack, {
      modelUnits: new CfnParameter(stack, 'Units', { type: 'Number' }).valueAsNumber,
      model: BedrockModel.fromCustomModel(new CfnParameter(stack, 'Model').valueAsString, 'meta.llama3-1-70b-instruct-v1:0'),
    })],
  ])('in the parameter equals the properties that CloudFormation sends: %s, below a budget that is created later', (_, make) => {
    const stack = stackIn('us-west-2');
    make(stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000, onMissingPrice: MissingPricePolicy.WARN, emailAddresses: ['team@example.com'] });
    const [[, { Properties: { Value } }]] = allowed(stack);
    const [[, { Properties: { ServiceToken, tags, ...sent } }]] = Object.entries(Template.fromStack(stack).findResources(TYPE));
    expect(resolved(JSON.parse(flat(Value)))).toEqual(resolved(sent));
    expect(sent).toMatchObject({ budgetTopicArns: [{ Ref: expect.stringMatching(/^Budget/) }] });
    expect(Buffer.byteLength(flat(Value))).toBeLessThan(3_000);
  });

  test('exists before the resource, by its logical id, also after an override', () => {
    const stack = stackIn('us-west-2');
    const throughput = scheduledIn(stack);
    ((throughput.node.findChild('Resource') as any).node.defaultChild as CfnResource).overrideLogicalId('Renamed');
    const [[id, { Properties }]] = allowed(stack);
    expect(Properties.Name).toBe('/cdk-bedrock-cost/Stack/allowed/Renamed');
    const [[logicalId, { DependsOn }]] = Object.entries(Template.fromStack(stack).findResources(TYPE));
    expect(logicalId).toBe('Renamed');
    expect([DependsOn].flat()).toContain(id);
    // The clock selects the same.
    const [[, clock]] = Object.entries(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
    expect(JSON.parse(flat(clock.Properties.Target.Input)).LogicalResourceId).toBe('Renamed');
  });

  test('is known for a hundred throughputs in a stack', () => {
    const stack = stackIn('us-west-2');
    for (let i = 0; i < 100; i++) throughputIn(stack, {}, `Capacity${i}`);
    expect(new Set(allowed(stack).map(([, { Properties }]) => Properties.Name)).size).toBe(100);
    // No property that AWS limits grows, such as a policy or the environment of a function.
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
    for (const { Properties } of functions) expect(flat(Object.values(Properties.Environment?.Variables ?? {})).length).toBeLessThan(600);
  });

  test('can be written by no function, and read by each that buys or plans', () => {
    const stack = stackIn('us-west-2');
    throughputIn(stack, { ...COMMITTED, notificationTopic: new Topic(stack, 'Costs') });
    scheduledIn(stack, 'Hours');
    const path = (kind: string) => `arn:<AWS::Partition>:ssm:us-west-2:111111111111:parameter/cdk-bedrock-cost/Stack/${kind}/*`;
    const resourcesOf = (action: string) => statementsOf(stack, action).flatMap(({ Resource }) => [Resource].flat().map(flat));
    expect(new Set(resourcesOf('ssm:PutParameter'))).toEqual(new Set(['record', 'model-id', 'notified'].map(path)));
    expect(resourcesOf('ssm:GetParameter').filter((arn) => arn === path('allowed'))).toHaveLength(3);
    for (const arn of resourcesOf('ssm:GetParameter')) expect(arn).toMatch(/\/cdk-bedrock-cost\/Stack\/(record|model-id|notified|allowed)\/\*$/);
  });

  test('the functions know their own stack', () => {
    const stack = stackIn('us-west-2');
    scheduledIn(stack);
    const own = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).filter(({ Properties }) => /^index\.on|^index\.is/.test(Properties.Handler));
    expect(own.length).toBeGreaterThanOrEqual(3);
    for (const { Properties } of own.filter(({ Properties: { Description } }) => /provisioned throughput/.test(Description))) {
      expect(Properties.Environment.Variables).toEqual({ STACK_ID: { Ref: 'AWS::StackId' }, PARAMETER_PATH: '/cdk-bedrock-cost/Stack' });
    }
  });
});

test('a purchase is allowed on the ARN of the model with its context variant and without it', () => {
  const stack = stackIn('us-west-2');
  scheduledIn(stack);
  const of = (variant: string) => `arn:<AWS::Partition>:bedrock:<AWS::Region>::foundation-model/meta.llama3-1-70b-instruct-v1:0${variant}`;
  const statements = statementsOf(stack, 'bedrock:CreateProvisionedModelThroughput').map(({ Resource }) => [Resource].flat().map(flat)).filter(([first]) => first.includes('foundation-model'));
  // Of the function that CloudFormation reaches, and of the one that the clock calls.
  expect(statements).toEqual([[of(':128k'), of('')], [of(':128k'), of('')]]);
});
