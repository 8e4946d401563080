import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BudgetEntry } from './registry';

/** The name of our validation plugin, which CDK puts before the ids of its rules: `cdk-bedrock-cost::<rule>`. */
export const PLUGIN_NAME = 'cdk-bedrock-cost';

/**
 * Where a rule is acknowledged for a whole budget: the budget itself, or something at or above what it covers;
 * undefined when nowhere. On a part of what it covers, an acknowledgement holds for that part alone, which CDK sees to.
 */
export function acknowledgedAt({ construct, covers }: BudgetEntry, ruleId: string): IConstruct | undefined {
  return [construct, ...covers.node.scopes].find(({ node }) => node.metadata.some(({ type, data }) =>
    type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && Object.hasOwn(data as object, `${PLUGIN_NAME}::${ruleId}`)));
}
