import { Names, Stack, Tags, Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct, IConstruct } from 'constructs';
import { isSameEnvironment } from '../../estimates/environment';
import { addFinding } from '../../estimates/findings';
import { CostEntry } from '../../estimates/registry';
import { MESSAGES } from '../../messages';

/** The value of the cost-allocation tag. The key names the budget, so that overlapping budgets have different tags. */
export const COVERED = 'covered';

/**
 * The key of the cost-allocation tag that every resource covered by a budget carries. It contains the region, if that is known: a
 * stack may be deployed to several regions under one name, with a budget in each.
 */
export function budgetTagKey(budget: Construct): string {
  const { region } = Stack.of(budget);
  const suffix = Token.isUnresolved(region) ? '' : `-${region}`;
  return `bedrock-cost-budget:${Names.uniqueResourceName(budget, { maxLength: 80, separator: '-' })}${suffix}`;
}

/**
 * Tags a construct of this library that a budget covers. AWS Budgets finds its cost by the tag, and only on the bill of the account of the
 * budget. Resources of an estimate are not tagged.
 */
export function tagForCostAllocation({ construct, isEstimate }: CostEntry, budget: IConstruct, tagKey: string): void {
  if (!isEstimate) Tags.of(construct).add(tagKey, COVERED);
  const [ofConstruct, ofBudget] = [Stack.of(construct).account, Stack.of(budget).account];
  if (!isSameEnvironment(ofConstruct, ofBudget)) {
    addFinding(budget, MESSAGES.notBilledHere, `${construct.node.path} is billed to the account ${ofConstruct}, not to the account of ${budget.node.path}`);
  }
}

/** The filter of an AWS::Budgets::Budget: it counts all costs on the bill that carry the tag. */
export function taggedCost(
  tagKey: string, timeUnit: 'MONTHLY' | 'QUARTERLY' | 'ANNUALLY',
): Pick<CfnBudget.BudgetDataProperty, 'budgetType' | 'timeUnit' | 'costFilters'> {
  return { budgetType: 'COST', timeUnit, costFilters: { TagKeyValue: [`user:${tagKey}$${COVERED}`] } };
}
