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

/** The acknowledgements that were given on constructs. A loop: most constructs of an app have metadata, and few have an acknowledgement. */
export function acknowledgementsOn(constructs: readonly IConstruct[]): RuleAcknowledgement[] {
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const found: RuleAcknowledgement[] = [];
  for (const construct of constructs) {
    for (const { type, data } of construct.node.metadata) {
      if (type === key) found.push(...rulesIn(construct, data as { readonly [id: string]: unknown }));
    }
  }
  return found;
}

function rulesIn(construct: IConstruct, reasons: { readonly [id: string]: unknown }): RuleAcknowledgement[] {
  return Object.entries(reasons).map(([id, reason]) => ({ construct, id, reason: typeof reason === 'string' ? reason : '' }));
}

/**
 * The acknowledgement of a rule for a whole budget: on the budget itself, or at or above what it covers. One on a part of what it
 * covers accepts nothing, since the budget limits the whole; one without a reason is refused.
 */
export function ruleAcknowledgement({ construct, covers }: BudgetEntry, messageId: string): RuleAcknowledgement | undefined {
  return acknowledgementsOn([construct, ...covers.node.scopes])
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
  return acknowledgementsOn([...new Set([...named, ...atTop])]).filter(({ id }) => id === ruleId(messageId));
}

/** True for a construct whose acknowledgement CDK applies to the budget, to a stack that it is in, or to a part of what it covers. */
export function concernsBudget(construct: IConstruct, budget: BudgetEntry): boolean {
  return isBelow(budget.construct, construct) || isBelow(budget.covers, construct) || isBelow(construct, budget.covers);
}
