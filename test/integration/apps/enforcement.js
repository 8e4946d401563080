// An app for the enforcement matrix. SHAPE, COVERS, ENFORCEMENT and ACKNOWLEDGE choose the cell; the costs are always
// $660 a month for each priced construct (200 million tokens of Claude Sonnet 4.6 through `us.` at $3.30).
// UNKNOWN makes the cost unknown in one way, and ON_MISSING_PRICE is the policy of the budget for unknown costs.
// ACCEPT has the props of acknowledge() as JSON. REASON and RULE belong to CDK's acknowledgement on ACKNOWLEDGE.
const { App, CfnParameter, Stack, Stage, Validations } = require('aws-cdk-lib');
const { Construct } = require('constructs');
const { BudgetEnforcement, CostBudget, CostEstimates, MissingPricePolicy } = require('cdk-bedrock-cost');

const { SHAPE, COVERS, ENFORCEMENT, ACKNOWLEDGE, ACCEPT, REASON = 'agreed', RULE, UNKNOWN, ON_MISSING_PRICE, LIMIT = UNKNOWN ? '10000' : '100' } = process.env;
const env = UNKNOWN === 'region' ? {} : { region: 'us-west-2', account: '111122223333' };

const app = new App();
const requests = (scope) => (UNKNOWN === 'token' ? new CfnParameter(scope, 'Requests', { type: 'Number' }).valueAsNumber : 100_000);
const traffic = (scope) => UNKNOWN !== 'nothing' && CostEstimates.of(scope).addOnDemand('Traffic', {
  model: UNKNOWN === 'typo' ? 'us.anthropic.claude-sonet-4-6' : 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: requests(scope), inputTokensPerRequest: 2_000,
});
const budget = (scope, covers) => new CostBudget(scope, 'Budget', {
  monthlyLimitUsd: Number(LIMIT), covers, enforcement: BudgetEnforcement[ENFORCEMENT], onMissingPrice: MissingPricePolicy[ON_MISSING_PRICE], emailAddresses: ['team@example.com'],
});
const rule = RULE ?? `cdk-bedrock-cost::${UNKNOWN ? 'bedrock-cost-budget-incomplete' : 'bedrock-cost-budget-exceeded'}`;
const acknowledge = (construct) => Validations.of(construct).acknowledge({ id: rule, reason: REASON });

if (SHAPE === 'flat') {
  const a = new Stack(app, 'A', { env });
  const b = new Stack(app, 'B', { env });
  const c = new Stack(app, 'C', { env });
  const part = new Construct(a, 'Part');
  traffic(part);
  traffic(b);
  const made = budget(a, { construct: part, stack: undefined, app }[COVERS]);
  if (ACCEPT) made.acknowledge(JSON.parse(ACCEPT));
  if (ACKNOWLEDGE) ({ app: [app], A: [a], B: [b], budget: [made], stacks: [a, b, c] })[ACKNOWLEDGE].forEach(acknowledge);
} else {
  const top = SHAPE === 'nested' ? new Stack(app, 'Top', { env }) : undefined;
  const stage = new Stage(app, 'Prod', { env });
  const inner = new Stack(stage, 'Inner');
  traffic(inner);
  const made = budget(COVERS === 'stage' ? inner : top ?? inner, { stage, app }[COVERS]);
  if (ACCEPT) made.acknowledge(JSON.parse(ACCEPT));
  if (ACKNOWLEDGE) acknowledge({ app, stage, inner, top, budget: made }[ACKNOWLEDGE]);
}
app.synth();
