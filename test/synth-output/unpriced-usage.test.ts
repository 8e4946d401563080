import { existsSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import {
  App, Aspects, CfnResource, ISynthesisSession, LegacyStackSynthesizer, NestedStack, Stack, Stage, StackProps, TimeZone, Validations,
} from 'aws-cdk-lib';
import { CfnAgent, CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { SmallRuns } from '../../src/inference/batch/props';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../src/inference/provisioned/scheduled-model-throughput';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { usesInTemplates } from '../../src/synth-output/unpriced-usage';
import { verdictOf } from '../../src/unpriced/review';

const NOVA = 'amazon.nova-pro-v1:0';
const ID = 'bedrock-cost-unpriced-usage';
const env = { region: 'us-west-2', account: '111122223333' };

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

const stackOf = (scope: IConstruct = new App(), id = 'Stack', props: StackProps = { env }) => new Stack(scope as App, id, props);
const fn = (scope: Stack, id: string, ...models: string[]) => {
  const made = new Function(scope, id, { runtime: Runtime.NODEJS_20_X, handler: 'i.h', code: Code.fromInline('x') });
  made.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: models.map((model) => `arn:aws:bedrock:*::foundation-model/${model}`) }));
  return made;
};
const budget = (scope: Stack, props: { covers?: IConstruct; enforcement?: BudgetEnforcement } = {}) => {
  CostEstimates.of(scope).addOnDemand('Known', { model: 'amazon.nova-lite-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1 });
  return new CostBudget(scope, 'Budget', { monthlyLimitUsd: 100_000, emailAddresses: ['a@example.com'], ...props });
};
const agent = (scope: IConstruct, id: string) => new CfnAgent(scope as Stack, id, { agentName: id, foundationModel: NOVA });

/** The findings of a synthesis, as CDK writes them. */
function findings(scope: IConstruct): { readonly severity: string; readonly text: string; readonly at: string }[] {
  const app = scope.node.root as App;
  app.synth();
  const file = join(app.outdir, 'validation-report.json');
  const reports: any[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).pluginReports ?? [] : [];
  return reports.flatMap(({ violations = [] }) => violations).filter(({ ruleName }) => ruleName === ID)
    .map(({ severity, description, violatingConstructs: [{ constructPath }] }) => ({ severity, text: description, at: constructPath }));
}

describe('a stack with uses of Amazon Bedrock that a budget covers', () => {
  test('has one warning, with the number of uses and the first three', () => {
    const stack = stackOf();
    budget(stack);
    for (const id of ['A', 'B', 'C', 'D']) fn(stack, id, NOVA);
    expect(findings(stack)).toEqual([{
      severity: 'warning',
      text: 'Stack has 4 uses of Amazon Bedrock without a price: '
        + 'Stack/A (amazon.nova-pro-v1:0), Stack/B (amazon.nova-pro-v1:0), Stack/C (amazon.nova-pro-v1:0), and 1 more.',
      at: 'Stack/A/Resource',
    }]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['an estimate with the id of the construct', (stack) => {
      fn(stack, 'Chat', NOVA);
      CostEstimates.of(stack).addOnDemand('Chat', { model: NOVA, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    }],
    ['an estimate of the same model in the stack', (stack) => {
      fn(stack, 'Chat', NOVA);
      CostEstimates.of(stack).addOnDemand('Traffic', { model: `us.${NOVA}`, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    }],
    ['an estimate below an inference profile of CDK', (stack) => {
      const raw = new CfnApplicationInferenceProfile(stack, 'Raw', {
        inferenceProfileName: 'raw', modelSource: { copyFrom: `arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.${NOVA}` },
      });
      CostEstimates.of(raw).addOnDemand('Use', { model: `us.${NOVA}`, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    }],
    ['no use at all', (stack) => { new Bucket(stack, 'Bucket'); }],
  ])('has none with %s', (_, add) => {
    const stack = stackOf();
    budget(stack);
    add(stack);
    expect(findings(stack)).toEqual([]);
  });

  test('has it for a resource that an Aspect adds, and for one of another name', () => {
    const stack = stackOf();
    budget(stack);
    Aspects.of(stack).add({ visit: (node) => { if (node === stack && !stack.node.tryFindChild('Late')) agent(stack, 'Late'); } });
    new CfnResource(stack, 'Generic', { type: 'AWS::Bedrock::Agent', properties: { AgentName: 'generic', FoundationModel: NOVA } });
    expect(findings(stack)).toEqual([expect.objectContaining({ text: expect.stringMatching(/^Stack has 2 uses of Amazon Bedrock without a price: Stack\/Generic \(amazon.*Stack\/Late \(amazon/) })]);
  });

  test('has it in nested stacks and stages', () => {
    const app = new App();
    const stack = stackOf(app);
    budget(stack, { covers: app });
    agent(new NestedStack(stack, 'Inner'), 'Agent');
    agent(stackOf(new Stage(app, 'Prod', { env }), 'Chat', {}), 'Agent');
    expect(findings(stack).map(({ at }) => at).sort()).toEqual(['Prod/Chat/Agent', 'Stack/Inner/Agent']);
  });

  test('has none outside of the scope of the budget, and with enforcement off', () => {
    const app = new App();
    const [stack, other] = [stackOf(app), stackOf(app, 'Other')];
    budget(stack);
    agent(other, 'Agent');
    expect(findings(stack)).toEqual([]);
    const off = stackOf(new App({ context: { 'cdk-bedrock-cost:enforcement': 'off' } }));
    budget(off);
    agent(off, 'Agent');
    expect(findings(off)).toEqual([]);
  });

  test('fails with the severity error, and has none if it is off', () => {
    const withSeverity = (severity: string) => {
      const stack = stackOf(new App({ context: { 'cdk-bedrock-cost:severity': { [ID]: severity } } }));
      budget(stack);
      agent(stack, 'Agent');
      return stack;
    };
    expect(() => findings(withSeverity('error'))).toThrow(/Stack has 1 use of Amazon Bedrock without a price/);
    expect(findings(withSeverity('off'))).toEqual([]);
  });

  test('is accepted with an acknowledgement of CDK', () => {
    const stack = stackOf();
    budget(stack);
    agent(stack, 'Agent');
    Validations.of(stack).acknowledge({ id: `cdk-bedrock-cost::${ID}`, reason: 'priced by another team' });
    expect(findings(stack)).toEqual([]);
  });
});

describe('a template of a custom synthesizer', () => {
  /** Writes a text as the template of a stack, or removes the template. */
  class TextSynthesizer extends LegacyStackSynthesizer {
    constructor(private readonly text: (template: string) => string | undefined) { super(); }

    public synthesize(session: ISynthesisSession): void {
      super.synthesize(session);
      const file = join(session.outdir, this.boundStack.templateFile);
      const text = this.text(readFileSync(file, 'utf8'));
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
    }
  }
  const withOther = (text: (template: string) => string | undefined, limit = 100_000) => {
    const app = new App();
    const stack = stackOf(app);
    // 1,000,000 x 1,000 tokens at $0.80 a million = $800.00
    CostEstimates.of(stack).addOnDemand('Known', { model: NOVA, requestsPerMonth: 1_000_000, inputTokensPerRequest: 1_000 });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: limit, covers: app, emailAddresses: ['a@example.com'] });
    agent(stackOf(app, 'Other', { env, synthesizer: new TextSynthesizer(text) }), 'Agent');
    return stack;
  };
  const UNREAD = { severity: 'warning', text: 'Other may have uses of Amazon Bedrock without a price: its template is missing or not valid.', at: 'Other' };

  test('is read as YAML', () => {
    expect(findings(withOther((template) => `# template\n${template}`)).map(({ at }) => at)).toEqual(['Other/Agent']);
  });

  test.each<[string, (template: string) => string | undefined]>([
    ['not valid', () => '{"Resources": '],
    ['empty', () => ''],
    ['null', () => 'null'],
    ['missing', () => undefined],
  ])('is a warning where it is %s, and leaves budgets as they are', (_, text) => {
    expect(findings(withOther(text))).toEqual([UNREAD]);
    expect(() => findings(withOther(text, 10))).toThrow(/\$790\.00 over the limit of \$10\.00/);
  });
});

describe('CostEstimates.unpriced', () => {
  test('returns the uses at and below the scope, with the line of code that prices each', () => {
    const app = new App();
    const [chat, other] = [stackOf(app, 'Chat'), stackOf(app, 'Other')];
    fn(chat, 'Answer', NOVA);
    agent(other, 'Agent');
    const suggestion = "CostEstimates.of(stack).addOnDemand('Answer', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })";
    expect(CostEstimates.of(chat).unpriced()).toEqual([
      { path: 'Chat/Answer/Resource', stackPath: 'Chat', resourceType: 'AWS::Lambda::Function', modelIds: [NOVA], suggestion },
    ]);
    expect(CostEstimates.of(app).unpriced().map(({ path }) => path)).toEqual(['Chat/Answer/Resource', 'Other/Agent']);
  });

  test('returns none where each use has a price, and without a use', () => {
    const stack = stackOf();
    fn(stack, 'Answer', NOVA);
    CostEstimates.of(stack).addOnDemand('Answer', { model: NOVA, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    expect(CostEstimates.of(stack).unpriced()).toEqual([]);
    expect(CostEstimates.of(stackOf()).unpriced()).toEqual([]);
  });
});

test('every construct of the library is priced', () => {
  const stack = stackOf();
  const model = BedrockModel.of(`us.${NOVA}`);
  const bucket = new Bucket(stack, 'Bucket');
  const usage = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 100, outputTokensPerRecord: 100 };
  new BatchInference(stack, 'Nightly', { model, inputBucket: bucket, outputBucket: bucket, outputPrefix: 'out/', usage, smallRuns: SmallRuns.ON_DEMAND });
  const chat = new ApplicationInferenceProfile(stack, 'Chat', { model, usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
  chat.grantInvoke(new Function(stack, 'Caller', { runtime: Runtime.NODEJS_20_X, handler: 'i.h', code: Code.fromInline('x') }));
  const embedding = BedrockModel.of('cohere.embed-english-v3:0:512');
  new ProvisionedModelThroughput(stack, 'Capacity', { model: embedding, modelUnits: 1 });
  new ScheduledModelThroughput(stack, 'Office', {
    model: embedding, modelUnits: 1, schedule: { start: '08:00', end: '18:00', timeZone: TimeZone.ETC_UTC, outsideHours: BedrockModel.of('cohere.embed-english-v3') },
  });
  const limit = budget(stack);
  limit.addStopAction(StopAction.denyInvocations());
  limit.addStopAction(StopAction.stopBatchJobs());
  limit.addStopAction(StopAction.deleteUncommittedThroughput());
  limit.addDashboard();
  expect(findings(stack)).toEqual([]);
  const { uses } = usesInTemplates(stack.node.root);
  expect(uses.length).toBeGreaterThanOrEqual(4);
  expect(uses.filter((use) => verdictOf(use) !== 'priced').map(({ usage: { path } }) => path)).toEqual([]);
});
