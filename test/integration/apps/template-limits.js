// An app whose stack exceeds a limit of CloudFormation: OWN resources of the user with BYTES each, and BUDGETS over a profile each.
// With STAGE, the stack is in a stage of that name, and no stack is at the top.
const { App, CfnResource, Stack, Stage } = require('aws-cdk-lib');
const { ApplicationInferenceProfile, BedrockModel, CostBudget } = require('cdk-bedrock-cost');

const { OWN = '0', BYTES = '0', BUDGETS = '1', STAGE } = process.env;
const app = new App();
const stack = new Stack(STAGE ? new Stage(app, STAGE) : app, 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });

for (let i = 0; i < Number(OWN); i++) new CfnResource(stack, `Own${i}`, { type: 'AWS::SNS::Topic', properties: { DisplayName: 'x'.repeat(Number(BYTES)) } });
for (let i = 0; i < Number(BUDGETS); i++) {
  const covers = new ApplicationInferenceProfile(stack, `Profile${i}`, {
    model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2000 },
  });
  new CostBudget(stack, `Budget${i}`, { monthlyLimitUsd: 1_000, covers, emailAddresses: ['team@example.com'] });
}
app.synth();
