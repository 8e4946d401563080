import { Names, Stack, Tags, Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct, IConstruct } from 'constructs';
import { mayBeSame } from '../../estimates/environment';
import { addFinding } from '../../estimates/findings';
import { CostEntry } from '../../estimates/registry';
import { MESSAGES } from '../../messages';

/** The value of the cost-allocation tag. The key names the budget, so that overlapping budgets have different tags. */
export const COVERED = 'covered';

/**
 * The key of the cost-allocation tag that every resource covered by a budget carries. It contains the region, if that is known: a
 * stack may be deployed to several regions under one name, and each has a budget of its own.
 */
export function budgetTagKey(budget: Construct): string {
  const { region } = Stack.of(budget);
  const suffix = Token.isUnresolved(region) ? '' : `-${region}`;
  return `bedrock-cost-budget:${Names.uniqueResourceName(budget, { maxLength: 80, separator: '-' })}${suffix}`;
}

/**
 * Tags a construct of this library that a budget covers. AWS Budgets finds it on the bill by the tag, and only on the bill of its own
 * account. The resources of an estimate are left as they are.
 */
export function tagForCostAllocation({ construct, isEstimate }: CostEntry, budget: IConstruct, tagKey: string): void {
  if (!isEstimate) Tags.of(construct).add(tagKey, COVERED);
  const [ofConstruct, ofBudget] = [Stack.of(construct).account, Stack.of(budget).account];
  if (!mayBeSame(ofConstruct, ofBudget)) {
    addFinding(budget, MESSAGES.notBilledHere, `${construct.node.path} is billed to the account ${ofConstruct}, not to that of ${budget.node.path}`);
  }
}

/** The costs that an AWS::Budgets::Budget counts: everything on the bill that carries the tag. */
export function taggedCost(
  tagKey: string, timeUnit: 'MONTHLY' | 'QUARTERLY' | 'ANNUALLY',
): Pick<CfnBudget.BudgetDataProperty, 'budgetType' | 'timeUnit' | 'costFilters'> {
  return { budgetType: 'COST', timeUnit, costFilters: { TagKeyValue: [`user:${tagKey}$${COVERED}`] } };
}
