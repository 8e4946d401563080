import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { App, Duration, Lazy, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BatchInput } from '../../src/inference/batch/input';
import { BatchPrompts } from '../../src/inference/batch/prompts';
import { ModelInvocationType, SmallRuns } from '../../src/inference/batch/props';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../src/inference/provisioned/scheduled-model-throughput';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { refusals } from '../inference/synth';
import { everyNth } from '../runs';

/** Props as JavaScript gives them. */
interface Props { readonly [prop: string]: unknown }

/** A construct, with props that are right. Each has the value of one prop changed. */
interface Subject {
  readonly make: (stack: Stack, props: unknown) => Construct;
  /** The props that it needs. */
  readonly needed: (stack: Stack) => Props;
  /** The other props, each right by itself together with those that are needed. */
  readonly others: (stack: Stack) => Props;
}

/** The constructors accept anything in JavaScript. */
const untyped = (construct: object, stack: Stack, props: unknown): Construct => Reflect.construct(construct as new () => Construct, [stack, 'It', props]);

const NOVA = 'amazon.nova-pro-v1:0';
const USAGE = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 };
const RUNS = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 500, outputTokensPerRecord: 100 };

const SUBJECTS: { readonly [name: string]: Subject } = {
  ApplicationInferenceProfile: {
    make: (stack, props) => untyped(ApplicationInferenceProfile, stack, props),
    needed: () => ({ model: BedrockModel.of(NOVA), usage: USAGE }),
    others: () => ({ lowUsage: { requestsPerMonth: 1 }, highUsage: { requestsPerMonth: 5_000 }, inferenceProfileName: 'chat', description: 'Chat' }),
  },
  BatchInference: {
    make: (stack, props) => untyped(BatchInference, stack, props),
    needed: (stack) => ({ model: BedrockModel.of(NOVA), inputBucket: new Bucket(stack, 'In'), outputBucket: new Bucket(stack, 'Out'), usage: RUNS }),
    others: (stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      return {
        lowUsage: { ...RUNS, recordsPerJob: 500 },
        highUsage: { ...RUNS, recordsPerJob: 5_000 },
        input: BatchInput.prefix('in/'),
        prompts: BatchPrompts.jsonl({ maxTokens: 100 }),
        outputPrefix: 'out/',
        schedule: ScheduleExpression.rate(Duration.days(1)),
        startOnArrival: true,
        maxCostPerRunUsd: 10,
        smallRuns: SmallRuns.ON_DEMAND,
        maxAttempts: 2,
        toleratedFailurePercentage: 1,
        bytesPerToken: 3,
        costAlarmFactor: 3,
        notificationTopic: new Topic(stack, 'Topic'),
        quotas: { minimumRecordsPerJob: 10, recordsPerJob: 10_000 },
        timeout: Duration.hours(48),
        pollInterval: Duration.minutes(10),
        modelInvocationType: ModelInvocationType.CONVERSE,
        vpc,
        vpcSubnets: {},
        securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
      };
    },
  },
  ProvisionedModelThroughput: {
    make: (stack, props) => untyped(ProvisionedModelThroughput, stack, props),
    needed: () => ({ model: BedrockModel.of('cohere.embed-english-v3:0:512'), modelUnits: 1 }),
    others: (stack) => ({
      commitmentDuration: CommitmentDuration.NONE,
      acknowledgeCommitmentUsd: 10_000,
      provisionedModelName: 'capacity',
      removalPolicy: RemovalPolicy.DESTROY,
      allowRepurchase: true,
      notificationTopic: new Topic(stack, 'Topic'),
      renewalNotice: Duration.days(7),
      hourlyPricePerModelUnitUsd: 7,
      usage: USAGE,
      tokensPerMinutePerModelUnit: 100_000,
      peakToAverageRatio: 2,
    }),
  },
  ScheduledModelThroughput: {
    make: (stack, props) => untyped(ScheduledModelThroughput, stack, props),
    needed: () => ({
      model: BedrockModel.of('cohere.embed-english-v3:0:512'),
      modelUnits: 1,
      schedule: { start: '08:00', end: '18:00', timeZone: TimeZone.of('Europe/Berlin'), outsideHours: BedrockModel.of(NOVA) },
    }),
    others: (stack) => ({
      provisionedModelName: 'capacity',
      notificationTopic: new Topic(stack, 'Topic'),
      hourlyPricePerModelUnitUsd: 7,
      usage: USAGE,
      tokensPerMinutePerModelUnit: 100_000,
      peakToAverageRatio: 2,
    }),
  },
  CostBudget: {
    make: (stack, props) => untyped(CostBudget, stack, props),
    needed: () => ({ monthlyLimitUsd: 100 }),
    others: (stack) => ({
      covers: stack,
      enforcement: BudgetEnforcement.WARN,
      onMissingPrice: MissingPricePolicy.WARN,
      notificationTopic: new Topic(stack, 'Topic'),
      emailAddresses: ['team@example.com'],
      thresholdPercents: [50],
      forecastThresholdPercents: [90],
      burnRates: [{ window: Duration.hours(1), factor: 12 }],
      countInterval: Duration.minutes(30),
      batchCostFactor: 2,
      plannedLimitsUsd: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`2026-${String(i + 1).padStart(2, '0')}`, 100])),
      quarterlyLimitUsd: 300,
      yearlyLimitUsd: 1_200,
      anomalyThresholdUsd: 10,
      stopReservedConcurrentExecutions: 1,
    }),
  },
};

const newStack = () => new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });

/** All that synthesis reports of the construct: a thrown error counts as one refusal. */
function reportOf({ make }: Subject, stack: Stack, props: unknown): { readonly refused: string[]; readonly warned: string[] } {
  try {
    make(stack, props);
  } catch (e) {
    // A fault of the library is no report.
    if (!(e instanceof Error) || e.name !== 'PricingError') throw e;
    return { refused: [e.message], warned: [] };
  }
  // Of a stack that is refused, CDK's own assertions give no annotations.
  const metadata = stack.node.findAll().flatMap(({ node }) => node.metadata);
  const warned = metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
  return { refused: refusals(stack), warned: warned.filter((text) => text.includes('is not a known field')) };
}

/** Props that are allowed with a `vpc` only. */
const NEED_VPC = ['vpcSubnets', 'securityGroups'];

/** The report of a construct whose props are changed. */
function changed(name: string, prop: string, change: (props: { [prop: string]: unknown }) => void) {
  const subject = SUBJECTS[name];
  const stack = newStack();
  const needed = subject.needed(stack);
  const others = subject.others(stack);
  const props = { ...needed, ...(prop in needed ? {} : { [prop]: others[prop] }), ...(NEED_VPC.includes(prop) ? { vpc: others.vpc } : {}) };
  change(props);
  return reportOf(subject, stack, props);
}

const namesOf = (name: string, part: 'needed' | 'others') => Object.keys(SUBJECTS[name][part](newStack()));
const NEEDED = Object.keys(SUBJECTS).flatMap((name) => namesOf(name, 'needed').map((prop) => [name, prop] as const));
const OTHERS = Object.keys(SUBJECTS).flatMap((name) => namesOf(name, 'others').map((prop) => [name, prop] as const));
const ALL = [...NEEDED, ...OTHERS];

/** The public API, from the assembly that jsii made. */
interface Type { readonly fqn?: string; readonly primitive?: string; readonly collection?: { readonly elementtype: Type } }
interface Property { readonly name: string; readonly optional?: boolean; readonly type: Type }
interface Api { readonly types: { readonly [fqn: string]: { readonly datatype?: boolean; readonly properties?: readonly Property[] } } }
const { types: TYPES_OF_API }: Api = JSON.parse(gunzipSync(readFileSync(join(__dirname, '../../.jsii.gz'))).toString());
const fieldsOf = (struct: string): readonly Property[] => TYPES_OF_API[struct].properties ?? [];

test.each(Object.keys(SUBJECTS))('all props of %s are in the table', (name) => {
  const props = fieldsOf(`cdk-bedrock-cost.${name}Props`);
  const names = (isOptional: boolean) => props.filter(({ optional = false }) => optional === isOptional).map((prop) => prop.name).sort();
  expect({ needed: namesOf(name, 'needed').sort(), others: namesOf(name, 'others').sort() }).toEqual({ needed: names(false), others: names(true) });
});

test.each(ALL)('%s accepts its %s', (name, prop) => {
  expect(changed(name, prop, () => {})).toEqual({ refused: [], warned: [] });
});

test.each(NEEDED)('%s without its %s is refused once, by name', (name, prop) => {
  const { refused, warned } = changed(name, prop, (props) => delete props[prop]);
  expect(refused).toEqual([expect.stringMatching(new RegExp(`Stack/It.*\\b${prop} is required\\. Set .+\\.$`))]);
  expect(warned).toEqual([]);
});

test.each(Object.keys(SUBJECTS))('%s without any props is refused', (name) => {
  for (const nothing of [undefined, null, 'text', 5, []]) {
    const { refused } = reportOf(SUBJECTS[name], newStack(), nothing);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const text of refused) expect(text).toMatch(/Stack\/It.* is required\. Set .+\.$/);
  }
});

const TYPES: { readonly [type: string]: unknown } = { text: 'abc', number: 5, null: null, array: ['x'], object: { a: 1 }, boolean: true, function: () => 5, token: Lazy.any({ produce: () => ({}) }) };
/** The types, besides the one it is of, that a prop may have at random: no others are left out. */
const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value === 'string' ? 'text' : typeof value);

describe.each(Object.keys(TYPES))('a prop that is given as %s', (type) => {
  test.each(everyNth(5, ALL))('of %s, %s, is refused once, by name', (name, prop) => {
    let right: unknown;
    const { refused, warned } = changed(name, prop, (props) => {
      right = props[prop];
      props[prop] = TYPES[type];
    });
    // Another value of the right type is for the other tests to judge; enums are texts, and "abc" is a member of none.
    if (typeOf(right) === type && refused.length === 0) return;
    const named = expect.stringMatching(new RegExp(`Stack/It.*\\b${prop}(\\[0\\]|\\.\\w+)? (must be|is required|is not a known)`));
    expect(refused).toEqual([named]);
    expect(warned).toEqual([]);
  });
});

/** `requestsPerMonth` as `requestsPerMont`, and `vpc` as `vpcs`. */
const misspell = (prop: string) => (prop.length > 3 ? prop.slice(0, -1) : `${prop}s`);

test.each(NEEDED)('%s with a misspelt %s is refused once, with both names', (name, prop) => {
  const { refused, warned } = changed(name, prop, (props) => {
    props[misspell(prop)] = props[prop];
    delete props[prop];
  });
  expect(refused).toEqual([expect.stringMatching(new RegExp(`\\b${prop} is required\\. Set .+\\. ${misspell(prop)} is not a known field: rename it\\.$`))]);
  expect(warned).toEqual([]);
});

test.each(OTHERS)('%s with a misspelt %s warns once, with both names', (name, prop) => {
  const { refused, warned } = changed(name, prop, (props) => {
    props[misspell(prop)] = props[prop];
    delete props[prop];
  });
  expect(refused).toEqual([]);
  expect(warned).toEqual([`The prop ${misspell(prop)} is not a known field. Did you mean ${prop}? [ack: bedrock-cost-unknown-prop]`]);
});

test.each<readonly [string, Props, string]>([
  ['ApplicationInferenceProfile', { model: NOVA }, `Stack/It: model must be a BedrockModel, got "${NOVA}". Use BedrockModel.of("${NOVA}").`],
  ['ApplicationInferenceProfile', { model: undefined }, `Stack/It: model is required. Set a BedrockModel, such as BedrockModel.of("${NOVA}").`],
  ['ApplicationInferenceProfile', { usage: { requests: 5 } }, 'usage.requests is not a known field. Did you mean requestsPerMonth?'],
  ['ApplicationInferenceProfile', { usage: { ...USAGE, requestsPerMonth: '5' } }, 'usage.requestsPerMonth must be a number of 0 or more, got "5".'],
  ['ApplicationInferenceProfile', { usage: { ...USAGE, serviceTier: 'felx' } },
    'usage.serviceTier must be one of standard, flex, priority, ultrafast, got "felx".'],
  ['ApplicationInferenceProfile', { usage: { ...USAGE, model: NOVA } }, 'usage.model is not a known field. Set model of the construct.'],
  ['ApplicationInferenceProfile', { lowUsage: { region: 'eu-west-1' } }, 'lowUsage.region is not a known field. Set env.region of the stack.'],
  ['BatchInference', { usage: { ...RUNS, model: NOVA } }, 'usage.model is not a known field. Set model of the construct.'],
  ['ProvisionedModelThroughput', { usage: { ...USAGE, region: 'eu-west-1' } }, 'usage.region is not a known field. Set env.region of the stack.'],
  ['BatchInference', { usage: { ...RUNS, jobsPerMonth: 1e308 } }, 'usage.jobsPerMonth must be a number from 0 to 9007199254740991, got 1e+308.'],
  ['BatchInference', { schedule: ScheduleExpression.expression('every day') }, 'schedule must be rate(value unit), cron(six fields) or at(yyyy-mm-ddThh:mm:ss), got "every day".'],
  ['BatchInference', { schedule: ScheduleExpression.expression('cron(0 2 * * ?)') }, 'schedule must be rate(value unit), cron(six fields) or at(yyyy-mm-ddThh:mm:ss), got "cron(0 2 * * ?)".'],
  ['ApplicationInferenceProfile', { highUsage: { requestsPerMonth: -1 } }, 'highUsage.requestsPerMonth must be a number of 0 or more, got -1.'],
  ['BatchInference', { usage: { jobsPerMonth: 30, inputTokensPerRecord: 5 } }, 'usage.recordsPerJob is required. Set a number of 0 or more.'],
  ['BatchInference', { usage: { ...RUNS, recordsPerJob: undefined, recordsPerJbo: 5 } },
    'usage.recordsPerJob is required. Set a number of 0 or more. recordsPerJbo is not a known field: rename it.'],
  ['BatchInference', { usage: { jobsPerMonth: 30, recordsPerJob: 1_000 } }, 'one of usage.inputTokensPerRecord, usage.outputTokensPerRecord is required.'],
  ['BatchInference', { usage: { ...RUNS, inputTokensPerRecord: undefined, outputTokensPerRecord: undefined }, smallRuns: SmallRuns.ON_DEMAND, quotas: { minimumRecordsPerJob: 5_000 } },
    'one of usage.inputTokensPerRecord, usage.outputTokensPerRecord is required.'],
  ['BatchInference', { usage: { ...RUNS, jobsPerMonth: undefined }, smallRuns: SmallRuns.ON_DEMAND, quotas: { minimumRecordsPerJob: 5_000 } },
    'usage.jobsPerMonth is required. Set a number of 0 or more.'],
  ['BatchInference', { usage: { ...RUNS, inputTokensPerRecord: -5 }, smallRuns: SmallRuns.ON_DEMAND, quotas: { minimumRecordsPerJob: 5_000 } },
    'usage.inputTokensPerRecord must be a number of 0 or more, got -5.'],
  ['BatchInference', { usage: { ...RUNS, recordsPerJob: '1000' } }, 'usage.recordsPerJob must be a number of 0 or more, got "1000".'],
  ['BatchInference', { usage: { ...RUNS, recordsPerJob: NaN } }, 'usage.recordsPerJob must be a number of 0 or more, got NaN.'],
  ['BatchInference', { usage: { ...RUNS, recordsPerJob: -5 }, smallRuns: SmallRuns.ON_DEMAND },
    'usage.recordsPerJob must be a number of 0 or more, got -5.'],
  ['BatchInference', { timeout: 24 }, 'timeout must be a Duration of whole hours from 24 to 168, such as Duration.hours(24), got 24.'],
  ['BatchInference', { smallRuns: 'on_demand' }, 'smallRuns must be one of refuse, on-demand, got "on_demand".'],
  ['BatchInference', { inputBucket: 'records' },
    'Stack/It: inputBucket must be the bucket of the records: a Bucket, or one from Bucket.fromBucketName, got "records".'],
  ['BatchInference', { quotas: { recordsPerJob: '5' } }, 'quotas.recordsPerJob must be a whole number of 1 or more, got "5".'],
  ['BatchInference', { quotas: { jobSize: 5e9 } }, 'quotas.jobSize must be a Size of 1 byte or more, such as Size.gibibytes(5), got 5000000000.'],
  ['BatchInference', { input: 'in/' }, 'input must be a BatchInput, such as BatchInput.prefix("in/"), got "in/". Use BatchInput.prefix("in/").'],
  ['BatchInference', { input: { kind: 'folder', path: 'in/' } }, 'input must be a BatchInput, such as BatchInput.prefix("in/"), got {"kind":"folder","path":"in/"}.'],
  ['BatchInference', { securityGroups: 'sg-1' }, 'securityGroups must be a list of security groups, got "sg-1".'],
  ['ProvisionedModelThroughput', { modelUnits: undefined, modelUnit: 5 },
    'modelUnits is required. Set a whole number of 1 or more. modelUnit is not a known field: rename it.'],
  ['ProvisionedModelThroughput', { renewalNotice: 14 }, 'renewalNotice must be a Duration, such as Duration.days(14), got 14.'],
  ['ProvisionedModelThroughput', { notificationTopic: 'arn' }, 'notificationTopic must be a Topic, or one from Topic.fromTopicArn, got "arn".'],
  ['ScheduledModelThroughput', { schedule: { start: '08:00', end: '18:00', outsideHours: BedrockModel.of(NOVA), timeZone: 'Europe/Berlin' } },
    'Stack/It: schedule.timeZone must be a TimeZone, such as TimeZone.of("Europe/Berlin"), got "Europe/Berlin".'],
  ['ProvisionedModelThroughput', { usage: { ...USAGE, requestsPerMonth: 'many' } }, 'usage.requestsPerMonth must be a number of 0 or more, got "many".'],
  ['CostBudget', { monthlyLimitUsd: '100' }, 'monthlyLimitUsd must be a number of US dollars of 0.01 or more, got "100".'],
  ['CostBudget', { enforcement: 'BLOK' }, 'enforcement must be one of WARN, ACKNOWLEDGEABLE, BLOCK, got "BLOK".'],
  ['CostBudget', { emailAddresses: 'team@example.com' }, 'emailAddresses must be a list of e-mail addresses, got "team@example.com".'],
  ['CostBudget', { thresholdPercents: [50, '80'] }, 'thresholdPercents[1] must be a number from 0.1 to 1000, got "80".'],
  ['CostBudget', { burnRates: [{ window: 1, factor: 12 }] }, 'burnRates[0].window must be a Duration, such as Duration.hours(1), got 1.'],
])('%s with %j is refused in one sentence', (name, props, text) => {
  const stack = newStack();
  const { refused, warned } = reportOf(SUBJECTS[name], stack, { ...SUBJECTS[name].needed(stack), ...props });
  expect(refused.map((refusal) => refusal.replace('[Stack/It] bedrock-cost-invalid-input: ', ''))).toEqual([text]);
  expect(warned).toEqual([]);
});

test('a misspelt field of a struct, or of a struct in a list, warns by its place', () => {
  const rates = [{ window: Duration.hours(24), factor: 2, shortWindows: Duration.hours(6) }];
  expect(changed('CostBudget', 'burnRates', (props) => { props.burnRates = rates; }).warned)
    .toEqual(['The prop burnRates[0].shortWindows is not a known field. Did you mean shortWindow? [ack: bedrock-cost-unknown-prop]']);
  expect(changed('BatchInference', 'quotas', (props) => { props.quotas = { recordPerJob: 5 }; }).warned)
    .toEqual(['The prop quotas.recordPerJob is not a known field. Did you mean recordsPerJob? [ack: bedrock-cost-unknown-prop]']);
});

test.each([
  ['a name that is close to no prop', { team: 'chat', owner: 'me' }],
  ['a name that is close to a prop that is given', { usages: [], models: [] }],
  ['a misspelt prop that is undefined', { lowUsge: undefined }],
])('%s is left alone, since props may be passed on', (_, more) => {
  expect(changed('ApplicationInferenceProfile', 'model', (props) => Object.assign(props, more))).toEqual({ refused: [], warned: [] });
});

describe('a struct in props', () => {
  const structOf = ({ fqn, collection }: Type): string | undefined => (collection ? structOf(collection.elementtype) : TYPES_OF_API[fqn ?? '']?.datatype ? fqn : undefined);

  /** Every field of every struct of this library that a prop holds, by itself or in a list. */
  const NESTED = Object.keys(SUBJECTS).flatMap((name) => fieldsOf(`cdk-bedrock-cost.${name}Props`).flatMap((prop) => {
    const struct = structOf(prop.type);
    return struct === undefined ? [] : fieldsOf(struct).map((field) => [name, prop.name, field.name, field.type.primitive] as const);
  }));
  const VALUES: { readonly [primitive: string]: unknown } = { number: 1, boolean: true, string: 'x' };
  /** The report of a construct with the first struct of a prop changed. */
  const withStruct = (name: string, prop: string, change: (struct: Props) => Props) => changed(name, prop, (props) => {
    const given = props[prop];
    props[prop] = Array.isArray(given) ? [change(given[0] as Props)] : change(given as Props);
  });

  test('has 114 fields', () => {
    // OnDemandUsage 17 x 5 (usage, lowUsage and highUsage of a profile, usage of both kinds of throughput), BatchUsage 5 x 3, BatchQuotas 6,
    // ThroughputSchedule 5, BurnRate 3.
    expect(NESTED).toHaveLength(17 * 5 + 5 * 3 + 6 + 5 + 3);
  });

  test.each(everyNth(4, NESTED))('%s names both names where %s has a misspelt %s', (name, prop, field, primitive) => {
    const wrong = misspell(field);
    const { refused, warned } = withStruct(name, prop, ({ [field]: value = VALUES[primitive ?? ''] ?? [], ...rest }) => ({ ...rest, [wrong]: value }));
    expect([...refused, ...warned]).toEqual([expect.stringMatching(new RegExp(`\\b${field}\\b`))]);
    expect([...refused, ...warned][0]).toContain(`${wrong} is not a known field`);
  });

  test.each([...new Map(NESTED.map(([name, prop]) => [`${name}.${prop}`, [name, prop] as const])).values()])('%s with a field of another name in %s', (name, prop) => {
    const { refused, warned } = withStruct(name, prop, (struct) => ({ ...struct, zzzzzz: 1 }));
    // Usage is priced: a field that is ignored would cost $0. Others may be passed on.
    expect(refused).toEqual(/usage$/i.test(prop) ? [expect.stringContaining(`${prop}.zzzzzz is not a known field. The fields are`)] : []);
    expect(warned).toEqual([]);
  });
});
