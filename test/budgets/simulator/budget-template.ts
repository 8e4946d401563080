import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../../src/inference/application-inference-profile';
import { BedrockModel } from '../../../src/inference/bedrock-model';

/** $20 an hour of 730. */
export const LIMIT_USD = 14_600;

/** The template of a budget over profiles of one model, all planned alike. */
export function budgetOver(profiles: number): { [section: string]: any } {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'us-west-2', account: '111122223333' } });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: LIMIT_USD, enforcement: BudgetEnforcement.WARN });
  for (let i = 1; i <= profiles; i++) {
    new ApplicationInferenceProfile(stack, `Profile${i}`, {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 },
    });
  }
  return Template.fromStack(stack).toJSON();
}
