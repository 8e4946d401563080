import { readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { gunzipSync } from 'zlib';
import { App, Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as ts from 'typescript';
import { refusals, roleIn } from './inference/synth';
import { CostBudget } from '../src/budgets/cost-budget';
import { StopAction } from '../src/budgets/stop-actions/stop-action';
import { isInputProblem } from '../src/estimates/settings';
import { FileError } from '../src/files/text-file';
import { ApplicationInferenceProfile } from '../src/inference/application-inference-profile';
import { BatchInference } from '../src/inference/batch/batch-inference';
import { BatchInput } from '../src/inference/batch/input';
import { inRecords } from '../src/inference/batch/on-demand';
import { BatchPrompts } from '../src/inference/batch/prompts';
import { BatchInferenceProps } from '../src/inference/batch/props';
import { BedrockModel } from '../src/inference/bedrock-model';
import { ProfileGeography } from '../src/inference/profile-geography';
import { ProvisionedModelThroughputProps, ScheduledModelThroughputProps } from '../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../src/inference/provisioned/scheduled-model-throughput';
import { PricingError } from '../src/input/error';
import { CostCalculator } from '../src/pricing/calculator';
import { PriceBook } from '../src/pricing/price-book/price-book';
import { UsageFileError } from '../src/usage-file/usage-file-error';

/** The classes whose instances are given to the library, or thrown by it. */
const OURS = {
  ApplicationInferenceProfile,
  BatchInput,
  BatchPrompts,
  BedrockModel,
  FileError,
  PriceBook,
  PricingError,
  ProfileGeography,
  StopAction,
  UsageFileError,
};
type Library = typeof OURS;

const SRC = resolve(__dirname, '../src');
const sources = (readdirSync(SRC, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));

/** Loads modules of the library again, with the same aws-cdk-lib: an app has one, which both copies share. */
function loadAgain<T>(load: () => T): T {
  const named = sources.flatMap((file) => [...readFileSync(join(SRC, file), 'utf8').matchAll(/from '((?:aws-cdk-lib|constructs)[^']*)'/g)].map(([, name]) => name));
  const shared = [...new Set(named)].map((name) => [name, jest.requireActual<object>(name)] as const);
  let loaded: T | undefined;
  jest.isolateModules(() => {
    for (const [name, module] of shared) jest.doMock(name, () => module);
    loaded = load();
  });
  return loaded!;
}
const THEIRS = loadAgain((): Library => ({
  ...jest.requireActual('../src/inference/application-inference-profile'),
  ...jest.requireActual('../src/inference/batch/input'),
  ...jest.requireActual('../src/inference/batch/prompts'),
  ...jest.requireActual('../src/inference/bedrock-model'),
  ...jest.requireActual('../src/inference/profile-geography'),
  ...jest.requireActual('../src/budgets/stop-actions/stop-action'),
  ...jest.requireActual('../src/pricing/price-book/price-book'),
  ...jest.requireActual('../src/input/error'),
  ...jest.requireActual('../src/files/text-file'),
  ...jest.requireActual('../src/usage-file/usage-file-error'),
}));

const NOVA = 'amazon.nova-pro-v1:0';
const USAGE = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 };

/** A parameter or field of a class of this library, and a use of it with an object of the given copy. */
type Use = (stack: Stack, copy: Library) => unknown;

const throughputWith = (stack: Stack, props: Partial<ProvisionedModelThroughputProps>) =>
  new ProvisionedModelThroughput(stack, 'It', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: 1, ...props });
const SCHEDULE = { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') };
const scheduledWith = (stack: Stack, props: Partial<ScheduledModelThroughputProps>) =>
  new ScheduledModelThroughput(stack, 'It', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: 1, schedule: SCHEDULE, ...props });
const batchWith = (stack: Stack, props: Partial<BatchInferenceProps>) => new BatchInference(stack, 'It', {
  model: BedrockModel.of(NOVA),
  inputBucket: new Bucket(stack, 'In'),
  outputBucket: new Bucket(stack, 'Out'),
  usage: { jobsPerMonth: 1, recordsPerJob: 1_000, inputTokensPerRecord: 1 },
  ...props,
});
const profileOf = (stack: Stack, copy: Library) => new copy.ApplicationInferenceProfile(stack, 'Profile', { model: copy.BedrockModel.of(`us.${NOVA}`), usage: USAGE });

const USES: { readonly [place: string]: Use } = {
  'ApplicationInferenceProfileAttributes.model': (stack, copy) => ApplicationInferenceProfile.fromApplicationInferenceProfileAttributes(stack, 'It', {
    inferenceProfileArn: 'arn:aws:bedrock:us-west-2:111111111111:application-inference-profile/abc', model: copy.BedrockModel.of(`us.${NOVA}`),
  }).grantInvoke(roleIn(stack)),
  'ApplicationInferenceProfileProps.model': (stack, copy) =>
    new ApplicationInferenceProfile(stack, 'It', { model: copy.BedrockModel.of(`us.${NOVA}`), usage: USAGE }).grantInvoke(roleIn(stack)),
  'BatchInferenceProps.input': (stack, copy) => batchWith(stack, { input: copy.BatchInput.prefix('in') }),
  'BatchInferenceProps.model': (stack, copy) => batchWith(stack, { model: copy.BedrockModel.of(NOVA) }),
  'BatchInferenceProps.prompts': (stack, copy) => batchWith(stack, { prompts: copy.BatchPrompts.jsonl({ maxTokens: 500 }) }),
  'BatchTaskOptions.input': (stack, copy) => {
    const run = batchWith(stack, {}).asTask(stack, 'Run', { input: copy.BatchInput.file('in/a.jsonl') });
    new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(run) });
  },
  'BedrockModel.fromInvokable.invokable': (stack, copy) => BedrockModel.fromInvokable(profileOf(stack, copy), `us.${NOVA}`).grantInvoke(roleIn(stack)),
  'BedrockModel.throughProfile.geography': (_, copy) => BedrockModel.of(NOVA).throughProfile(copy.ProfileGeography.of('yy', 'us-*')).modelId,
  'CostBudget.addStopAction.action': (stack, copy) => {
    profileOf(stack, OURS).grantInvoke(roleIn(stack));
    new CostBudget(stack, 'It', { monthlyLimitUsd: 1e6, emailAddresses: ['team@example.com'] }).addStopAction(copy.StopAction.denyInvocations());
  },
  'CostCalculator.new.priceBook': (_, copy) => {
    const book = copy.PriceBook.embedded().withDiscountPercent(50);
    return new CostCalculator(book).onDemand({ model: NOVA, region: 'us-east-1', ...USAGE }).monthlyUsd;
  },
  'ProvisionedModelThroughputProps.model': (stack, copy) => throughputWith(stack, { model: copy.BedrockModel.of('meta.llama3-1-70b-instruct-v1:0') }),
  'ScheduledModelThroughputAttributes.outsideHours': (stack, copy) => ScheduledModelThroughput.fromScheduledModelThroughputAttributes(stack, 'It', {
    modelIdParameterName: '/model-id', scheduleTag: 'Office', outsideHours: copy.BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0'),
  }).grantInvoke(roleIn(stack)),
  'ScheduledModelThroughputProps.model': (stack, copy) => scheduledWith(stack, { model: copy.BedrockModel.of('meta.llama3-1-70b-instruct-v1:0') }),
  'ThroughputSchedule.outsideHours': (stack, copy) => scheduledWith(stack, {
    schedule: { ...SCHEDULE, outsideHours: copy.BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') },
  }).grantInvoke(roleIn(stack)),
};

interface Member { readonly name: string; readonly type: object }
interface Declaration {
  readonly kind: string;
  readonly datatype?: boolean;
  readonly initializer?: { readonly parameters?: readonly Member[] };
  readonly methods?: readonly { readonly name: string; readonly parameters?: readonly Member[] }[];
  readonly properties?: readonly Member[];
}

/** Every parameter and every field of a struct whose type is a class of this library, or an interface of its classes. */
function placesOfClasses(): string[] {
  const { types }: { readonly types: { readonly [fqn: string]: Declaration } } = JSON.parse(gunzipSync(readFileSync(join(__dirname, '../.jsii.gz'))).toString());
  const isClass = ({ kind, datatype }: Declaration) => kind === 'class' || (kind === 'interface' && !datatype);
  const classes = Object.entries(types).filter(([, declaration]) => isClass(declaration)).map(([fqn]) => JSON.stringify(fqn));
  const isOfClass = ({ type }: Member) => classes.some((fqn) => JSON.stringify(type).includes(fqn));
  return Object.entries(types).flatMap(([fqn, { kind, datatype, initializer, methods = [], properties = [] }]) => {
    const owner = fqn.split('.').pop()!;
    const members = kind === 'class' ? [{ name: 'new', parameters: initializer?.parameters }, ...methods] : [];
    return [
      ...members.flatMap(({ name, parameters = [] }) => parameters.filter(isOfClass).map((parameter) => `${owner}.${name}.${parameter.name}`)),
      ...(datatype ? properties.filter(isOfClass).map(({ name }) => `${owner}.${name}`) : []),
    ];
  });
}

/** Structs that only come back from a method. */
const RETURNED = ['ModelAlternative.estimate', 'PurchaseOption.estimate'];

test('there are two copies, and every place that takes an object of a class is in the table', () => {
  expect(THEIRS.BedrockModel.of(NOVA)).not.toBeInstanceOf(BedrockModel);
  expect(Object.keys(USES).sort()).toEqual(placesOfClasses().filter((place) => !RETURNED.includes(place)).sort());
});

/** The result of a use: its value where it is plain data, the refusals, and the template. */
function outcomeOf(use: Use, copy: Library): object {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-west-2' } });
  const value = use(stack, copy);
  // Monitors are created at synthesis, before anything is validated.
  const template = Template.fromStack(stack).toJSON();
  return { value: typeof value === 'number' ? value : undefined, refusals: refusals(stack), template };
}

test.each(Object.entries(USES))('%s takes an object of another copy like one of this copy', (_, use) => {
  const own = outcomeOf(use, OURS);
  expect(own).toMatchObject({ refusals: [] });
  expect(outcomeOf(use, THEIRS)).toEqual(own);
});

test('errors of another copy are recognized', () => {
  const error = new THEIRS.PricingError('usage.requestsPerMonth', undefined, 'a number of 0 or more');
  expect(error).not.toBeInstanceOf(PricingError);
  expect([error, new THEIRS.FileError('x'), new THEIRS.UsageFileError('usage.yaml', ['x']), new TypeError('x'), undefined].map(isInputProblem))
    .toEqual([true, true, true, false, false]);
  expect(inRecords(error).message).toMatch(/^usage\.jobsPerMonth is required/);
});

/** Classes whose instances never leave the copy that makes them, and those of JavaScript and the CDK. */
const OWN_COPY_ONLY = ['Intrinsic', 'JsonShapeError', 'RangeError', 'TypeError', 'Unclear'];

test('constructs and pure layers use instanceof for no class whose instances another copy may make', () => {
  const classesIn = (file: string) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) found.push(node.right.getText());
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true));
    return found;
  };
  // Functions and the command line run by themselves.
  const inApps = sources.filter((file) => !/^(lambda|cli)\//.test(file));
  expect(inApps.flatMap((file) => classesIn(file).map((name) => ({ file, name }))).filter(({ name }) => !OWN_COPY_ONLY.includes(name))).toEqual([]);
});
