import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { acknowledgementsOn, concernsBudget, PLUGIN_NAME, RuleAcknowledgement, ruleId } from '../estimates/acknowledgement';
import { knownConstructs } from '../estimates/constructs';
import { addFinding } from '../estimates/findings';
import { isBelow, once, registryOf } from '../estimates/registry';
import { isBlank } from '../gate/acceptance';
import { didYouMeanOneOf, nearestNames } from '../input/nearest';
import { MESSAGES } from '../messages';

/** The rules of the validation plugin, which CDK acknowledges as `cdk-bedrock-cost::<rule>`. */
const BUDGET_RULES: readonly string[] = [MESSAGES.budgetExceeded, MESSAGES.budgetIncomplete, MESSAGES.budgetCoversNothing].map(({ id }) => id);
const PLUGIN_RULES: readonly string[] = [
  ...BUDGET_RULES, ...[MESSAGES.budgetNear, MESSAGES.budgetAccepted, MESSAGES.unpricedUsage, MESSAGES.templateTooLarge].map(({ id }) => id),
];

/** The ids that can be acknowledged, by the part after `::`. */
const IDS: ReadonlyMap<string, string> = new Map(Object.values(MESSAGES)
  .map(({ id }) => [id, `${PLUGIN_RULES.includes(id) ? PLUGIN_NAME : 'Annotation'}::${id}`]));

/**
 * Attaches a check of the acknowledgements of CDK (`Validations.acknowledge`) that are meant for this library to the app and to
 * the stage of a construct, once each: CDK takes any id and any reason, and ignores what it does not know.
 *
 * In the validation of each stage: constructs and Aspects are complete then, and a warning that is added still reaches the
 * screen. An acknowledgement on a stage or on the app is reported in a stack, since the CLI prints nothing outside of stacks.
 */
export function attachAcknowledgementCheck(construct: IConstruct): void {
  const { root } = construct.node;
  for (const stage of [root, Stage.of(construct) ?? root]) {
    once(registryOf(root), `acknowledgements-of:${stage.node.addr}`, () => stage.node.addValidation({ validate: () => checkAcknowledgements(stage) }));
  }
}

/** Reports the acknowledgements without effect as warnings. */
function checkAcknowledgements(stage: IConstruct): string[] {
  const ofStage = acknowledgementsOn(knownConstructs(stage).acknowledged.filter((construct) => isOfStage(construct, stage)));
  const found = [...acknowledgementsOn(stage.node.scopes.slice(0, -1)), ...ofStage].filter(isMeantForUs);
  found.forEach((acknowledgement) => report(stage, acknowledgement));
  return found.filter(({ id, reason }) => isOurRule(id) && isBlank(reason)).map(({ construct, id, reason }) =>
    `${MESSAGES.invalidInput.id}: reason of the acknowledgement of ${id} on ${nameOf(construct)} must not be blank, got ${JSON.stringify(reason)}. State why it is accepted.`);
}

/** False for a stage below and its constructs, which have a validation of their own. */
function isOfStage(construct: IConstruct, stage: IConstruct): boolean {
  const own = Stage.isStage(construct) ? construct : Stage.of(construct) ?? construct.node.root;
  return own === stage;
}

function isMeantForUs({ id }: RuleAcknowledgement): boolean {
  return id.startsWith(`${PLUGIN_NAME}::`) || id.includes('bedrock-cost-');
}

function isOurRule(id: string): boolean {
  return PLUGIN_RULES.some((rule) => id === ruleId(rule));
}

function report(stage: IConstruct, acknowledgement: RuleAcknowledgement): void {
  const { construct, id } = acknowledgement;
  const isOurs = isOurRule(id);
  if (!isOurs && [...IDS.values()].includes(id)) return;
  const firstStack = () => knownConstructs(stage).stacks.find((stack) => isOfStage(stack, stage));
  const at = construct.node.scopes.some((scope) => Stack.isStack(scope)) ? construct : firstStack();
  if (at === undefined) return;
  once(registryOf(stage), `acknowledgement:${construct.node.addr}:${id}`, () => {
    if (isOurs) reportBlocked(at, acknowledgement);
    else reportUnknown(at, acknowledgement);
  });
}

function reportUnknown(at: IConstruct, { construct, id }: RuleAcknowledgement): void {
  const rule = id.slice(id.includes('bedrock-cost-') ? id.lastIndexOf('bedrock-cost-') : id.lastIndexOf('::') + 2);
  const nearest = IDS.get(nearestNames(rule, [...IDS.keys()], 1)[0]);
  const fix = didYouMeanOneOf(nearest === undefined ? [] : [nearest]) ?? MESSAGES.unknownAcknowledgement.fix;
  addFinding(at, MESSAGES.unknownAcknowledgement, `the acknowledgement on ${nameOf(construct)} has no effect, since its id names no rule, got ${JSON.stringify(id)}`, undefined, fix);
}

/** Not reported where another budget takes the acknowledgement; a BLOCK budget that fails names it in its own text. */
function reportBlocked(at: IConstruct, { construct, id }: RuleAcknowledgement): void {
  const rule = id.slice(PLUGIN_NAME.length + 2);
  if (!BUDGET_RULES.includes(rule)) return;
  const { root } = construct.node;
  const concerned = registryOf(root).budgets.filter((budget) => isBelow(budget.construct, root) && concernsBudget(construct, budget));
  const isOfOverrun = rule === MESSAGES.budgetExceeded.id;
  const blocked = concerned.filter(({ enforcement, onMissingPrice }) => enforcement === 'BLOCK' && (isOfOverrun || onMissingPrice === 'FAIL'));
  if (blocked.length === 0 || blocked.length < concerned.length) return;
  const paths = blocked.map((budget) => budget.construct.node.path).join(', ');
  addFinding(at, MESSAGES.acknowledgementWithoutEffect, `the acknowledgement of ${id} on ${nameOf(construct)} has no effect on ${paths}, whose enforcement is BLOCK`);
}

function nameOf({ node }: IConstruct): string {
  return node.path || 'the app';
}
