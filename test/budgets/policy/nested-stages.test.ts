import { App, Stack, Stage } from 'aws-cdk-lib';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { CostEstimates } from '../../../src/registration/cost-estimates';

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

test('a violated budget in a stage is also reported on a top-level stack, which it does not cover', () => {
  const app = new App();
  const env = { region: 'us-west-2', account: '111122223333' };
  new Stack(app, 'Home', { env });
  const prod = new Stage(app, 'Prod', { env });
  const [chat, other] = [new Stack(prod, 'Chat'), new Stack(prod, 'Other')];
  for (const stack of [chat, other]) {
    // 100,000 x 2,000 tokens at $3.30 a million = $660.00
    CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  }
  new CostBudget(chat, 'Budget', { monthlyLimitUsd: 1_000, covers: prod, emailAddresses: ['a@example.com'] });
  let text = '';
  try { app.synth(); } catch (error) { text = (error as Error).message; }
  const over = '$1,320.00 a month is $320.00 over the limit of $1,000.00 of Prod/Chat/Budget';
  const place = (path: string) => new RegExp(`ERROR (.*)(?:\\n  .*){0,2}\\n +${path} `).exec(text)?.[1];
  expect([place('Prod/Chat/Budget/Budget'), place('Prod/Other/Traffic'), place('Home')]).toEqual([
    over, `${over}, which covers this stack. (cdk-bedrock-cost)`, `${over}, which covers a stage of this app. (cdk-bedrock-cost)`,
  ]);
});
