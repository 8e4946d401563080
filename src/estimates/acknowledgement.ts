import { Stack, Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BudgetEntry, isBelow } from './registry';
import { isBlank } from '../gate/acceptance';

/** The name of our validation plugin, which CDK puts before the ids of its rules: `cdk-bedrock-cost::<rule>`. */
export const PLUGIN_NAME = 'cdk-bedrock-cost';

/** The id by which CDK knows a rule of the plugin. */
export function ruleId(messageId: string): string {
  return `${PLUGIN_NAME}::${messageId}`;
}

/** An acknowledgement of CDK (`Validations.acknowledge`) as it is stored on a construct. */
export interface RuleAcknowledgement {
  readonly construct: IConstruct;
  /** The id with the name of a plugin: `cdk-bedrock-cost::<rule>`, or `Annotation::<id>` of a warning. */
  readonly id: string;
  readonly reason: string;
}

/** The acknowledgements that were given on a construct. */
export function acknowledgementsOn(construct: IConstruct): RuleAcknowledgement[] {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as { readonly [id: string]: unknown }))
    .map(([id, reason]) => ({ construct, id, reason: typeof reason === 'string' ? reason : '' }));
}

/**
 * The acknowledgement of a rule for a whole budget: on the budget itself, or at or above what it covers. One on a part of what it
 * covers accepts nothing, since the budget limits the whole; one without a reason is refused.
 */
export function ruleAcknowledgement({ construct, covers }: BudgetEntry, messageId: string): RuleAcknowledgement | undefined {
  return [construct, ...covers.node.scopes].flatMap(acknowledgementsOn)
    .find(({ id, reason }) => id === ruleId(messageId) && !isBlank(reason));
}

/**
 * All acknowledgements of a rule by which CDK could suppress a violation that names the budget, a part of what it covers, or,
 * for a budget in a stage, a stack at the top of the app.
 */
export function ruleAcknowledgements({ construct, covers }: BudgetEntry, messageId: string): RuleAcknowledgement[] {
  const { root } = construct.node;
  const atTop = Stage.of(construct) === root ? [] : root.node.findAll().filter((node) => Stack.isStack(node) && Stage.of(node) === root);
  const named = [construct, covers].flatMap(({ node }) => [...node.scopes, ...node.findAll()]);
  return [...new Set([...named, ...atTop])].flatMap(acknowledgementsOn).filter(({ id }) => id === ruleId(messageId));
}

/** True for a construct whose acknowledgement CDK applies to the budget, to a stack that it is in, or to a part of what it covers. */
export function concernsBudget(construct: IConstruct, budget: BudgetEntry): boolean {
  return isBelow(budget.construct, construct) || isBelow(budget.covers, construct) || isBelow(construct, budget.covers);
}
