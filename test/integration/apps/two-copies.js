// Two copies of the library in one app, each with classes of its own. Each resource costs $660 a month.
const { App, Stack } = require('aws-cdk-lib');
const ours = require('cdk-bedrock-cost');
const theirs = require('their-constructs');
if (ours.CostEstimates === theirs.CostEstimates) throw new Error('these are not two copies');

const app = new App();
const stack = new Stack(app, 'Stack', { env: { region: 'us-west-2', account: '111122223333' } });
const usage = { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };
const limit = { monthlyLimitUsd: Number(process.env.LIMIT ?? 10_000) };
ours.CostEstimates.of(stack).addOnDemand('Ours', usage);
new theirs.CostBudget(stack, 'TheirBudget', limit);
theirs.CostEstimates.of(stack).addOnDemand('Theirs', usage);
new ours.CostBudget(stack, 'OurBudget', limit);
app.synth();
