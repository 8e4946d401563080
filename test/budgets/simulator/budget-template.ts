import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../../src/inference/application-inference-profile';
import { BedrockModel } from '../../../src/inference/bedrock-model';

/** $20 an hour of 730. */
export const LIMIT_USD = 14_600;

type Json = { [section: string]: any };

/** The template of a budget over profiles of one model, all with the same planned usage. */
export function budgetOver(profiles: number): Json {
  const stack = newStack();
  addBudget(stack, profiles);
  return Template.fromStack(stack).toJSON();
}

/** The template of several budgets over one profile each. */
export function budgetsOverOne(budgets: number): Json {
  const stack = newStack();
  for (let i = 1; i <= budgets; i++) addBudget(new Construct(stack, `Team${i}`), 1);
  return Template.fromStack(stack).toJSON();
}

function newStack(): Stack {
  return new Stack(new App(), 'Stack', { env: { region: 'us-west-2', account: '111122223333' } });
}

function addBudget(scope: Construct, profiles: number): void {
  new CostBudget(scope, 'Budget', { monthlyLimitUsd: LIMIT_USD, enforcement: BudgetEnforcement.WARN });
  for (let i = 1; i <= profiles; i++) {
    new ApplicationInferenceProfile(scope, `Profile${i}`, {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 },
    });
  }
}
