// Problems that could be reported twice. CASE selects the problem. COPIES has the names of the packages that create the
// constructs, since two copies of the library share one app.
const { App, CfnParameter, Stack, Stage, Tags, Validations } = require('aws-cdk-lib');
const { CfnApplicationInferenceProfile } = require('aws-cdk-lib/aws-bedrock');
const { Bucket } = require('aws-cdk-lib/aws-s3');

const { CASE = '', SHAPE = 'flat', COPIES = 'cdk-bedrock-cost' } = process.env;
const copies = COPIES.split(',').map((name) => require(name));
const env = CASE === 'no-region' ? {} : { region: 'us-west-2', account: '111122223333' };
const app = new App();
const is = (...names) => names.includes(CASE);

function fill(stack) {
  copies.forEach(({ ApplicationInferenceProfile, BatchInference, BedrockModel, BudgetEnforcement, CostBudget, CostEstimates, ProvisionedModelThroughput }, i) => {
    const model = is('typo') ? 'us.anthropic.claude-sonet-4-6' : is('legacy') ? 'anthropic.claude-3-5-sonnet-20240620-v1:0' : 'us.anthropic.claude-sonnet-4-6';
    const requestsPerMonth = is('token') ? new CfnParameter(stack, `Requests${i}`, { type: 'Number' }).valueAsNumber : is('usage') ? -1 : 100_000;
    const usage = { requestsPerMonth, inputTokensPerRequest: 2_000, ...(is('misspelt-usage') ? { requestPerMonth: 1 } : {}) };
    for (const id of ['Chat', 'Search']) {
      new ApplicationInferenceProfile(stack, `${id}${i}`, { model: BedrockModel.of(model), usage, ...(is('misspelt') ? { descriptionn: 'x' } : {}) });
    }
    CostEstimates.of(stack).addOnDemand(`Direct${i}`, { model, ...usage });
    if (is('tag')) {
      const bucket = new Bucket(stack, `Bucket${i}`);
      new BatchInference(stack, `Nightly${i}`, {
        model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 1000, outputTokensPerRecord: 100 },
      });
      new ProvisionedModelThroughput(stack, `Capacity${i}`, { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: 1 });
    }
    if (is('override')) stack.node.tryFindChild(`Chat${i}`).node.defaultChild.addPropertyOverride('ModelSource.CopyFrom', 'arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0');
    const monthlyLimitUsd = is('limit') ? 0 : is('over', 'over-block', 'acknowledged', 'acknowledged-cdk', 'acknowledged-typo') ? 100 : 1_000_000;
    const budget = new CostBudget(stack, `Budget${i}`, {
      monthlyLimitUsd, covers: app, enforcement: is('over-block') ? BudgetEnforcement.BLOCK : undefined, ...(is('notify') ? {} : { emailAddresses: ['team@example.com'] }),
    });
    if (is('acknowledged')) budget.acknowledge({ reason: 'launch', owner: 'platform', maxMonthlyUsd: 100_000, expires: '2026-12-31' });
  });
  if (is('profile')) new CfnApplicationInferenceProfile(stack, 'Foreign', { inferenceProfileName: 'foreign' });
}

if (SHAPE !== 'stages') for (const id of ['A', 'B']) fill(new Stack(app, id, { env }));
else for (const id of ['Beta', 'Prod']) fill(new Stack(new Stage(app, id, { env }), 'Inner'));
if (is('tag')) Tags.of(app).add('owner', 'R&D');
if (is('acknowledged-cdk')) Validations.of(app).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: 'agreed' });
if (is('acknowledged-typo')) Validations.of(app).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exeeded', reason: 'agreed' });
app.synth();
if (SHAPE === 'twice') app.synth({ force: true });
