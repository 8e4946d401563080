import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { CfnAgent, FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { refusals } from './inference/synth';
import { CostBudget } from '../src/budgets/cost-budget';
import { StopAction } from '../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile } from '../src/inference/application-inference-profile';
import { BatchInference } from '../src/inference/batch/batch-inference';
import { BatchInput } from '../src/inference/batch/input';
import { BatchPrompts } from '../src/inference/batch/prompts';
import { BedrockModel } from '../src/inference/bedrock-model';
import { ProfileGeography } from '../src/inference/profile-geography';
import { ProvisionedModelThroughput } from '../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../src/inference/provisioned/scheduled-model-throughput';
import { describe as shown } from '../src/input/error';
import { CostCalculator } from '../src/pricing/calculator';
import { PriceBook } from '../src/pricing/price-book/price-book';
import { RateKind, RateUnit } from '../src/pricing/price-book/rate';
import { CostEstimates } from '../src/registration/cost-estimates';
import { CostReport } from '../src/registration/cost-report';
import { PriceSettings } from '../src/registration/price-settings';

/** The public methods and factories, from the assembly that jsii made: a new one without a row below fails. */
interface Type { readonly primitive?: string; readonly fqn?: string; readonly collection?: { readonly kind: string; readonly elementtype: Type } }
interface Parameter { readonly name: string; readonly optional?: boolean; readonly type: Type }
interface Method { readonly name: string; readonly protected?: boolean; readonly parameters?: readonly Parameter[] }
interface Declaration {
  readonly kind: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly initializer?: { readonly parameters?: readonly Parameter[] };
  readonly methods?: readonly Method[];
  readonly properties?: readonly Parameter[];
}
const ASSEMBLY: { readonly types: { readonly [fqn: string]: Declaration } } = JSON.parse(gunzipSync(readFileSync(join(__dirname, '../.jsii.gz'))).toString());
const PREFIX = 'cdk-bedrock-cost.';

/** The props of the constructors of constructs are in test/fuzz/props.test.ts. */
const CONSTRUCTS = ['ApplicationInferenceProfile', 'BatchInference', 'CostBudget', 'ProvisionedModelThroughput', 'ScheduledModelThroughput'];

const METHODS = Object.entries(ASSEMBLY.types).filter(([, { kind }]) => kind === 'class').flatMap(([fqn, { initializer, methods = [] }]) => {
  const owner = fqn.slice(PREFIX.length);
  const made = initializer && !CONSTRUCTS.includes(owner) ? [{ name: 'new', parameters: initializer.parameters }] : [];
  return [...made, ...methods.filter((method) => !method.protected)]
    .map(({ name, parameters = [] }) => ({ method: `${owner}.${name}`, parameters })).filter(({ parameters }) => parameters.length > 0);
});

type Values = { readonly [name: string]: unknown };
/** A call of a method with arguments that are right, and what it is about. */
interface Row {
  /** Makes what the method is called on, in a stack that is used for one call. */
  readonly on: (stack: Stack) => object;
  readonly right: (stack: Stack) => Values;
  /** The path that its problems name. */
  readonly path?: string;
}

const NOVA = 'amazon.nova-pro-v1:0';
const RATE = { model: NOVA, kind: RateKind.INPUT, usd: '0.0008', unit: RateUnit.THOUSAND_TOKENS };
const OWN_BOOK = join(mkdtempSync(join(tmpdir(), 'bedrock-cost-')), 'book.yaml');
writeFileSync(OWN_BOOK, `schemaVersion: "1"\nrates: [${JSON.stringify(RATE)}]\n`);
const role = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

const makeProfile = (stack: Stack) => new ApplicationInferenceProfile(stack, 'It', {
  model: BedrockModel.of(NOVA), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 },
});
const makeThroughput = (stack: Stack) => new ProvisionedModelThroughput(stack, 'It', { model: BedrockModel.of('cohere.embed-english-v3:0:512'), modelUnits: 1 });
const makeScheduled = (stack: Stack) => new ScheduledModelThroughput(stack, 'It', {
  model: BedrockModel.of('cohere.embed-english-v3:0:512'),
  modelUnits: 1,
  schedule: { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('cohere.embed-english-v3') },
});
const makeBatch = (stack: Stack) => new BatchInference(stack, 'It', {
  model: BedrockModel.of(NOVA),
  inputBucket: new Bucket(stack, 'In'),
  outputBucket: new Bucket(stack, 'Out'),
  usage: { jobsPerMonth: 1, recordsPerJob: 1_000, inputTokensPerRecord: 1 },
});
const makeBudget = (stack: Stack) => new CostBudget(stack, 'It', { monthlyLimitUsd: 100 });

/** Rows of one class. */
function rows(owner: string, on: Row['on'], path: string | undefined, methods: { readonly [method: string]: Values | Row['right'] }): [string, Row][] {
  return Object.entries(methods).map(([method, right]) => [`${owner}.${method}`, { on, path, right: typeof right === 'function' ? right : () => right }]);
}
const metrics = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { props: { period: Duration.hours(1) } }]));
const INVOCATION_METRICS = {
  metric: { metricName: 'TimeToFirstToken', props: { period: Duration.hours(1) } },
  ...metrics('metricCacheReadTokens', 'metricCacheWriteTokens', 'metricInputTokens', 'metricInvocationClientErrors', 'metricInvocationLatency',
    'metricInvocations', 'metricInvocationServerErrors', 'metricInvocationThrottles', 'metricOutputTokens'),
};
const grantee = (stack: Stack) => ({ grantee: role(stack) });
const onDemand = { model: NOVA, region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 1 };
const batch = { model: NOVA, region: 'us-east-1', jobsPerMonth: 1, recordsPerJob: 1_000, inputTokensPerRecord: 1 };
const provisioned = { model: 'cohere.embed-english-v3', region: 'us-east-1', modelUnits: 1 };
const image = { model: 'amazon.nova-canvas-v1:0', region: 'us-east-1', imagesPerMonth: 1 };

const ROWS: { readonly [method: string]: Row } = Object.fromEntries([
  ...rows('ApplicationInferenceProfile', makeProfile, 'Stack/It', { ...INVOCATION_METRICS, grantInvoke: grantee }),
  ...rows('ApplicationInferenceProfile', () => ApplicationInferenceProfile, undefined, {
    fromApplicationInferenceProfileAttributes: (stack) => ({
      scope: stack,
      id: 'Import',
      attrs: { inferenceProfileArn: 'arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abc', model: BedrockModel.of(NOVA) },
    }),
  }),
  ...rows('ProvisionedModelThroughput', makeThroughput, 'Stack/It', { ...INVOCATION_METRICS, grantInvoke: grantee }),
  ...rows('ProvisionedModelThroughput', () => ProvisionedModelThroughput, undefined, {
    fromProvisionedModelArn: (stack) => ({ scope: stack, id: 'Import', provisionedModelArn: 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abc' }),
  }),
  ...rows('ScheduledModelThroughput', makeScheduled, 'Stack/It', { grantInvoke: grantee }),
  ...rows('ScheduledModelThroughput', () => ScheduledModelThroughput, undefined, {
    fromScheduledModelThroughputAttributes: (stack) => ({
      scope: stack, id: 'Import', attrs: { modelIdParameterName: '/model-id', scheduleTag: 'Office', outsideHours: BedrockModel.of(NOVA) },
    }),
  }),
  ...rows('BatchInference', makeBatch, 'Stack/It', {
    metric: { metricName: 'ExecutionsAborted', props: { period: Duration.hours(1) } },
    ...metrics('metricCostDeviation', 'metricCostUsd', 'metricDeadLetters', 'metricEstimatedCostUsd', 'metricFailed', 'metricStarted', 'metricSucceeded', 'metricTime', 'metricTimedOut'),
    grantStart: grantee,
    asTask: (stack) => ({ scope: stack, id: 'Run', options: { requestId: 'a', input: BatchInput.file('a.jsonl') } }),
  }),
  ...rows('BatchInference', () => BatchInference, undefined, {
    fromBatchInferenceAttributes: (stack) => ({
      scope: stack,
      id: 'Import',
      attrs: { stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:Nightly', batchInferenceName: 'Stack/Nightly' },
    }),
  }),
  ...rows('BatchInput', () => BatchInput, undefined, { file: { key: 'in/a.jsonl' }, manifest: { key: 'in/m.json' }, prefix: { prefix: 'in/' } }),
  ...rows('BatchPrompts', () => BatchPrompts, undefined, { csv: { options: { maxTokens: 5 } }, jsonl: { options: { maxTokens: 5 } } }),
  ...rows('BedrockModel', () => BedrockModel, undefined, {
    of: { modelId: NOVA },
    fromCustomModel: { customModelArn: 'arn:aws:bedrock:us-east-1:111111111111:custom-model/abc', baseModelId: NOVA },
    fromFoundationModel: (stack) => ({ model: FoundationModel.fromFoundationModelId(stack, 'Model', FoundationModelIdentifier.AMAZON_TITAN_TG1_LARGE) }),
    fromInvokable: (stack) => ({ invokable: makeProfile(stack), pricingModelId: NOVA }),
    fromInvokableAttributes: { attributes: { invokableArn: 'arn:aws:bedrock:us-east-1:111111111111:prompt-router/abc', pricingModelId: NOVA } },
  }),
  ...rows('BedrockModel', () => BedrockModel.of(NOVA), undefined, { throughProfile: { geography: ProfileGeography.US }, grantInvoke: grantee }),
  ...rows('ProfileGeography', () => ProfileGeography, undefined, { of: { prefix: 'sa', regionPattern: 'sa-*' } }),
  ...rows('CostBudget', makeBudget, 'Stack/It', {
    acknowledge: { acknowledgement: { reason: 'launch', owner: 'team', maxMonthlyUsd: 200, expires: '2026-12-31' } },
    addDashboard: { props: { dashboardName: 'bedrock' } },
    addStopAction: { action: StopAction.stopBatchJobs() },
    ...metrics('metricMonthToDateUsd', 'metricForecastUsd'),
  }),
  ...rows('StopAction', () => StopAction, undefined, {
    deleteUncommittedThroughput: { options: { dryRun: true } },
    denyInvocations: { options: { dryRun: true } },
    stopBatchJobs: { options: { dryRun: true } },
  }),
  ...rows('CostEstimates', () => CostEstimates, undefined, { of: (stack) => ({ scope: stack }) }),
  ...rows('CostEstimates', (stack) => CostEstimates.of(stack), 'Stack', {
    addBatch: { id: 'It', usage: batch },
    addCustomModelImport: { id: 'It', usage: { customModelUnits: 1, customModelUnitVersion: '1.0' } },
    addCustomization: { id: 'It', usage: { model: 'amazon.nova-lite-v1:0', trainingTokens: 1 } },
    addEvaluation: { id: 'It', usage: { humanTasks: 1 } },
    addFlow: { id: 'It', usage: { nodeTransitionsPerMonth: 1 } },
    addFor: (stack) => ({ construct: new CfnAgent(stack, 'It', { agentName: 'a', foundationModel: NOVA }), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } }),
    addGuardrail: { id: 'It', usage: { policies: ['content-text'], textsPerMonth: 1, charactersPerText: 1 } },
    addImage: { id: 'It', usage: image },
    addKnowledgeBase: { id: 'It', usage: { indexedGigabytes: 1 } },
    addOnDemand: { id: 'It', usage: onDemand },
    addProvisioned: { id: 'It', usage: provisioned },
    addRerank: { id: 'It', usage: { model: 'cohere.rerank-v3-5:0', queriesPerMonth: 1, documentsPerQuery: 1 } },
    addReserved: { id: 'It', usage: { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', inputTokensPerMinute: 1, termMonths: 1 } },
    addSpeech: { id: 'It', usage: { model: 'amazon.nova-sonic-v1:0', inputTokensPerMonth: 1 } },
    addVideo: { id: 'It', usage: { model: 'amazon.nova-reel-v1:0', secondsPerMonth: 1, resolution: '720p' } },
    addWebGrounding: { id: 'It', usage: { model: 'amazon.nova-premier-v1:0', requestsPerMonth: 1 } },
  }),
  ...rows('CostReport', () => CostReport, undefined, { of: (stack) => ({ scope: stack }) }),
  ...rows('PriceSettings', () => PriceSettings, undefined, { of: (stack) => ({ scope: stack }) }),
  ...rows('PriceSettings', (stack) => PriceSettings.of(stack), 'Stack', {
    configure: { options: { rates: [RATE], discounts: [{ percent: 10 }], hoursPerMonth: 744 } },
  }),
  ...rows('CostCalculator', () => ({ CostCalculator }), undefined, { new: { priceBook: PriceBook.embedded() } }),
  ...rows('CostCalculator', () => new CostCalculator(), undefined, {
    batch: { usage: batch },
    compare: { usage: onDemand },
    customization: { usage: { model: 'amazon.nova-lite-v1:0', region: 'us-east-1', trainingTokens: 1 } },
    customModelImport: { usage: { region: 'us-east-1', customModelUnits: 1, customModelUnitVersion: '1.0' } },
    evaluation: { usage: { region: 'us-east-1', humanTasks: 1 } },
    flow: { usage: { region: 'us-east-1', nodeTransitionsPerMonth: 1 } },
    guardrail: { usage: { region: 'us-east-1', policies: ['content-text'], textsPerMonth: 1, charactersPerText: 1 } },
    image: { usage: image },
    knowledgeBase: { usage: { region: 'us-east-1', indexedGigabytes: 1 } },
    onDemand: { usage: onDemand },
    provisioned: { usage: provisioned },
    rerank: { usage: { model: 'amazon.rerank-v1:0', region: 'us-west-2', queriesPerMonth: 1 } },
    reserved: { usage: { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', region: 'us-east-1', inputTokensPerMinute: 1_000, outputTokensPerMinute: 1_000, termMonths: 1 } },
    speech: { usage: { model: 'amazon.nova-2-sonic-v1:0', region: 'us-east-1', inputTokensPerMonth: 1 } },
    video: { usage: { model: 'amazon.nova-reel-v1:0', region: 'us-east-1', secondsPerMonth: 1 } },
    webGrounding: { usage: { model: 'amazon.nova-premier-v1:0', region: 'us-east-1', requestsPerMonth: 1 } },
  }),
  ...rows('PriceBook', () => PriceBook, undefined, { fromFile: { path: OWN_BOOK } }),
  ...rows('PriceBook', () => PriceBook.embedded(), undefined, {
    forDay: { day: '2026-11-30' },
    withDerivedRates: { allowed: true },
    withDiscountPercent: { percent: 10 },
    withDiscounts: { discounts: [{ percent: 10 }] },
    withRates: { rates: [RATE] },
  }),
]);

test('each public method and factory that has parameters is in the table', () => {
  expect(Object.keys(ROWS).sort()).toEqual(METHODS.map(({ method }) => method).sort());
});

const newStack = () => new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });

/** All that a call reports: a thrown error counts as one refusal. A fault of the library is no report. */
function reportOf(method: string, change: (args: { [name: string]: any }) => void): string[] {
  const { on, right } = ROWS[method];
  const stack = newStack();
  const target = on(stack);
  const args: { [name: string]: unknown } = { ...right(stack) };
  change(args);
  const { parameters } = METHODS.find((other) => other.method === method)!;
  const given = parameters.map(({ name }) => args[name]);
  const [owner, name] = method.split('.');
  try {
    if (name === 'new') Reflect.construct(Reflect.get(target, owner), given);
    else Reflect.apply(Reflect.get(target, name), target, given);
  } catch (e) {
    if (!(e instanceof Error) || e.name !== 'PricingError') throw e;
    return [e.message];
  }
  return refusals(stack);
}

/** The names by which messages call a parameter, where they differ. */
const NAMES: { readonly [method: string]: { readonly [parameter: string]: string } } = {
  'CostBudget.acknowledge': { acknowledgement: 'acknowledge' },
  'PriceBook.withDiscountPercent': { percent: 'discountPercent' },
};

/** A value that is wrong, or `undefined` for one that is missing, and the place of it. */
interface Case {
  readonly parameter: string;
  readonly field?: string;
  readonly wrong: unknown;
}

const WRONG: { readonly [type: string]: readonly unknown[] } = {
  string: [5, null, true, ['x'], { a: 1 }],
  number: ['5', null, true, ['x'], { a: 1 }],
  boolean: ['true', 5, null, ['x'], { a: 1 }],
  array: ['text', 5, null, true, { a: 1 }],
  struct: ['text', 5, null, true, ['x']],
  class: ['text', 5, null, true, ['x'], { a: 1 }],
  enum: ['misspelt', 5, null, true, ['x'], { a: 1 }],
};

function kindOf({ primitive, fqn, collection }: Type): string {
  if (collection) return collection.kind;
  if (primitive) return primitive;
  const declaration = ASSEMBLY.types[fqn!];
  if (declaration === undefined) return fqn!.endsWith('Options') ? 'struct' : 'class';
  return declaration.datatype ? 'struct' : declaration.kind === 'enum' ? 'enum' : 'class';
}

/** With those that a struct inherits. */
function fieldsOf(fqn: string): Parameter[] {
  const { properties = [], interfaces = [] } = ASSEMBLY.types[fqn] ?? {};
  return [...interfaces.flatMap(fieldsOf), ...properties];
}

const missing = ({ optional }: Parameter) => (optional ? [] : [undefined]);

const CASES = METHODS.map(({ method, parameters }) => ({
  method,
  cases: parameters.flatMap((parameter): Case[] => [
    ...[...WRONG[kindOf(parameter.type)], ...missing(parameter)].map((wrong) => ({ parameter: parameter.name, wrong })),
    ...(kindOf(parameter.type) === 'struct' ? fieldsOf(parameter.type.fqn!) : []).flatMap((field) => (
      [...WRONG[kindOf(field.type)], ...missing(field)].map((wrong) => ({ parameter: parameter.name, field: field.name, wrong })))),
  ]),
}));

test.each(CASES.map(({ method }) => method))('%s accepts valid arguments', (method) => {
  expect(reportOf(method, () => {})).toEqual([]);
});

test.each(CASES)('$method refuses missing arguments and other types, in one sentence that names the argument', ({ method, cases }) => {
  const reports = cases.map(({ parameter, field, wrong }) => {
    const place = field ?? NAMES[method]?.[parameter] ?? parameter;
    const got = `must be .+, got ${shown(wrong).replace(/[\[\]{}]/g, '\\$&')}\\.( [A-Z].+\\.)?$`;
    const problem = wrong === undefined ? `(is required\\. [A-Z].+\\.$|${got})` : got;
    const texts = reportOf(method, (args) => { args[parameter] = field === undefined ? wrong : { ...args[parameter], [field]: wrong }; });
    return { what: `${place} ${shown(wrong)}`, texts, named: new RegExp(`${ROWS[method].path ?? ''}.*\\b${place} ${problem}`) };
  });
  expect(reports.filter(({ texts, named }) => texts.length !== 1 || !named.test(texts[0]))).toEqual([]);
});

/** A value of the type, for a field that is misspelt. */
function someValue({ primitive, fqn, collection }: Type): unknown {
  if (collection) return [];
  return primitive === 'number' ? 1 : primitive === 'boolean' ? true : primitive === 'string' ? 'x' : fqn;
}

/** `requestsPerMonth` as `requestsPerMont`. */
const misspell = (name: string) => name.slice(0, -1);

test.each(CASES.filter(({ cases }) => cases.some(({ field }) => field !== undefined)))('$method refuses each misspelt field, with the right name', ({ method }) => {
  const { parameters } = METHODS.find((other) => other.method === method)!;
  const reports = parameters.filter(({ type }) => kindOf(type) === 'struct').flatMap(({ name: parameter, type }) => fieldsOf(type.fqn!).map((field) => {
    const texts = reportOf(method, (args) => {
      const { [field.name]: value = someValue(field.type), ...rest } = args[parameter];
      args[parameter] = { ...rest, [misspell(field.name)]: value };
    });
    return { field: field.name, texts };
  }));
  const isNamed = (text: string, field: string) => (text.includes(`${misspell(field)} is not a known field. Did you mean ${field}?`)
    || (text.includes(`${field} is required.`) && text.includes(`${misspell(field)} is not a known field: rename it.`)));
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.filter(({ field, texts }) => texts.length !== 1 || !isNamed(texts[0], field))).toEqual([]);
});

/** Lists are checked item by item. */
test.each<[string, string, string]>([
  ['PriceBook.withRates', 'rates', 'rates'],
  ['PriceBook.withDiscounts', 'discounts', 'discounts'],
  ['PriceSettings.configure', 'options', 'rates'],
  ['PriceSettings.configure', 'options', 'discounts'],
  ['CostCalculator.guardrail', 'usage', 'policies'],
])('%s refuses wrong items of %s', (method, parameter, list) => {
  for (const item of [5, null, true, ['x']]) {
    const texts = reportOf(method, (args) => { args[parameter] = parameter === list ? [item] : { ...args[parameter], [list]: [item] }; });
    expect(texts).toEqual([expect.stringMatching(new RegExp(`\\b${list}(\\[0\\])? must be .+, got \\[?${shown(item).replace(/[[\]]/g, '\\$&')}`))]);
  }
});

test.each([
  [{ period: 300 }, 'period must be a Duration, such as Duration.minutes(5), got 300.'],
  [{ statistic: 5 }, 'statistic must be a statistic, such as Stats.SUM, got 5.'],
  [{ perod: Duration.hours(1) }, 'perod is not a known field. Did you mean period?'],
])('a metric refuses the options %j', (props, text) => {
  for (const method of ['ApplicationInferenceProfile.metricInvocations', 'ApplicationInferenceProfile.metricCacheReadTokens', 'BatchInference.metricFailed', 'BatchInference.metricCostUsd']) {
    expect(reportOf(method, (args) => { args.props = props; })).toEqual([`Stack/It: metric.${text}`]);
  }
});

test.each(Object.entries({ ApplicationInferenceProfile, BatchInference, CostBudget, ProvisionedModelThroughput, ScheduledModelThroughput }))('a %s without a scope or an id is refused by CDK', (_, construct) => {
  for (const args of [[], [undefined, 'It'], [null, 'It'], ['text', 'It'], [{}, 'It'], [newStack()], [newStack(), null], [newStack(), 5], [newStack(), {}]]) {
    const make = () => Reflect.construct(construct as unknown as new () => object, args);
    try {
      make();
    } catch (e) {
      const [, frame] = (e as Error).stack!.split(/\n\s+at /);
      if (e instanceof TypeError) expect(frame).toContain('node_modules');
    }
  }
});

test('the table has as many cases as the methods and structs have parameters and fields', () => {
  expect(METHODS.length).toBeGreaterThanOrEqual(82);
  expect(CASES.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(1_600);
});
