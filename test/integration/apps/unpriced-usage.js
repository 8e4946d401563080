// An app without a construct of the library, and the one line that attaches it; BUDGET adds a budget, COVER an estimate.
const { App, Stack } = require('aws-cdk-lib');
const { PolicyStatement } = require('aws-cdk-lib/aws-iam');
const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
const { CostBudget, CostEstimates, CostReport } = require('cdk-bedrock-cost');

const { BUDGET, COVER, LINE = 'yes' } = process.env;
const app = new App();
const stack = new Stack(app, 'Chat', { env: { region: 'us-east-1' } });
const answer = new Function(stack, 'Answer', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => {};') });
answer.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0'] }));
if (LINE === 'yes') CostReport.of(app);
if (BUDGET) new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100, emailAddresses: ['a@example.com'] });
// 1,000 x 1,000 tokens at $0.80 a million = $0.80
if (COVER) CostEstimates.of(stack).addOnDemand('Answer', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 });
