import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { templateFile, writtenTemplate } from './written-template';
import { Limit } from '../aws/limits';
import { acknowledgementsOn, ruleId } from '../estimates/acknowledgement';
import { knownConstructs } from '../estimates/constructs';
import { severityOf } from '../estimates/findings';
import { BudgetEntry, isBelow, once, registryOf } from '../estimates/registry';
import { fileBytes } from '../files/text-file';
import { withFix } from '../input/sentence';
import { MESSAGES } from '../messages';
import { formatQuantity } from '../pricing/format';

/** The context key of CDK for another limit of resources; 0 switches CDK's check off. */
const RESOURCE_LIMIT_KEY = '@aws-cdk/core:stackResourceLimit';
/** Monitors are a reason for the excess of a stack if they are this part of it: a tenth. */
const NOTABLE_PART = 10;
/** Bytes to which the part of monitors is rounded: it is measured without indentation. */
const ABOUT_BYTES = 1_000;

/** The resources of a stack that monitor budgets. */
interface Monitors {
  readonly resources: readonly CfnResource[];
  /** The number of budgets that have some of them. */
  readonly budgets: number;
}

/** A template that is too large because of monitors. */
export interface LargeTemplate {
  readonly stack: Stack;
  readonly text: string;
  readonly fix: string;
  /** True with an acknowledgement of CDK, which also holds where no plugin reports the finding. */
  readonly isAcknowledged: boolean;
}

/**
 * Attaches the checks of CloudFormation's limits to the stack of a construct and to its app, once each.
 *
 * CDK refuses a stack with too many resources while it writes the template, and warns of a template that is too large. Neither
 * message names the monitors of budgets, which are most of the resources that this library adds.
 */
export function attachTemplateLimits(construct: IConstruct): void {
  const registry = registryOf(construct);
  const stack = Stack.of(construct);
  const { root } = construct.node;
  once(registry, `resource-limit-of:${stack.node.addr}`, () => stack.node.addValidation({ validate: () => tooManyResources(stack) }));
  once(registry, 'template-size', () => root.node.addValidation({ validate: () => refusedTemplates(root) }));
}

/** The refusal of a stack with too many resources. Aspects have run when it is validated, and CDK adds no resource afterwards. */
function tooManyResources(stack: Stack): string[] {
  if (registryOf(stack).budgets.length === 0) return [];
  const given: unknown = stack.node.tryGetContext(RESOURCE_LIMIT_KEY);
  const limit = given === undefined ? Limit.TEMPLATE_RESOURCES : parseInt(String(given), 10);
  if (!(limit > 0)) return [];
  const found = resourcesOf(stack);
  const resources = found.length > limit ? found.filter(isSynthesized) : found;
  if (resources.length <= limit) return [];
  const monitors = monitorsAmong(resources, stack);
  if (!isDueToMonitors(resources.length, monitors.resources.length, limit)) return [];
  const { id, fix } = MESSAGES.tooManyResources;
  const text = `the stack has ${formatQuantity(resources.length)} resources, ${formatQuantity(monitors.resources.length)} of them to monitor `
    + `${budgetsText(monitors)}, and ${given === undefined ? 'CloudFormation accepts' : `the context key ${RESOURCE_LIMIT_KEY} allows`} ${formatQuantity(limit)}`;
  return [`${id}: ${withFix(text, fix)}`];
}

/** True if the total would be within the limit without the monitors, or if they are a tenth of it or more. */
function isDueToMonitors(total: number, monitors: number, limit: number): boolean {
  return monitors > 0 && (total - monitors <= limit || monitors * NOTABLE_PART >= total);
}

/** The resources of a stack, without those of nested stacks. */
function resourcesOf(stack: Stack): readonly CfnResource[] {
  return knownConstructs(stack).resources.get(stack) ?? [];
}

/** False for a resource that CDK leaves out, such as a policy without a statement. The method is protected. */
function isSynthesized(resource: CfnResource): boolean {
  return (resource as unknown as { shouldSynthesize(): boolean }).shouldSynthesize();
}

/** The resources below the budgets, and below their monitors in other stacks. */
function monitorsAmong(resources: readonly CfnResource[], stack: Stack): Monitors {
  const { root } = stack.node;
  const scopesOf = (budget: BudgetEntry) => new Set([budget.construct, ...(budget.monitors?.() ?? []).map(({ scope }) => scope)]);
  const ofBudgets = registryOf(root).budgets.filter(({ construct }) => isBelow(construct, root)).map((budget) => {
    const scopes = scopesOf(budget);
    return resources.filter(({ node }) => node.scopes.some((scope) => scopes.has(scope)));
  });
  return { resources: [...new Set(ofBudgets.flat())], budgets: ofBudgets.filter(({ length }) => length > 0).length };
}

function budgetsText({ budgets }: Monitors): string {
  return `${formatQuantity(budgets)} CostBudget${budgets === 1 ? '' : 's'}`;
}

/**
 * The templates that are too large because of monitors. Called when they are written: those of nested stages before the app is
 * validated, all of them when its plugins run.
 */
export function largeTemplates(root: IConstruct): LargeTemplate[] {
  const { budgets, entries } = registryOf(root);
  if (budgets.length === 0) return [];
  // Monitors are in the stacks of the budgets and of what they cover.
  const stacks = new Set([...budgets, ...entries].map(({ construct }) => Stack.of(construct)));
  return [...stacks].filter((stack) => isBelow(stack, root)).flatMap(largeTemplate);
}

function largeTemplate(stack: Stack): LargeTemplate[] {
  const path = templateFile(stack);
  const size = path === undefined ? 0 : fileBytes(path) ?? 0;
  if (path === undefined || size <= Limit.TEMPLATE_BYTES) return [];
  const template = writtenTemplate(stack);
  if (template === undefined) return [];
  const monitors = monitorsAmong(resourcesOf(stack).filter(isSynthesized), stack);
  const ids = monitors.resources.map(({ logicalId }) => stack.resolve(logicalId) as string);
  const compact = jsonBytes(template);
  const resources = new Map(Object.entries(template.Resources ?? {}));
  const ofMonitors = Math.round(size * jsonBytes(ids.map((id) => [id, resources.get(id)])) / compact / ABOUT_BYTES) * ABOUT_BYTES;
  if (!isDueToMonitors(size, ofMonitors, Limit.TEMPLATE_BYTES)) return [];
  const withoutIndentation = compact <= Limit.TEMPLATE_BYTES;
  const text = `the template of ${stack.node.path} has ${formatQuantity(size)} bytes${withoutIndentation ? ` (${formatQuantity(compact)} without indentation)` : ''}, `
    + `about ${formatQuantity(ofMonitors)} of them to monitor ${budgetsText(monitors)}, and CloudFormation accepts ${formatQuantity(Limit.TEMPLATE_BYTES)}`;
  const { fix } = withoutIndentation ? MESSAGES.templateTooLarge : MESSAGES.tooManyResources;
  const isAcknowledged = acknowledgementsOn(stack.node.scopes).some(({ id }) => id === ruleId(MESSAGES.templateTooLarge.id));
  return [{ stack, text, fix, isAcknowledged }];
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The refusals of an app without a stack at the top: plain `cdk synth` selects none of its stacks, and drops violations. */
function refusedTemplates(root: IConstruct): string[] {
  if (topLevelStack(root) !== undefined) return [];
  return largeTemplates(root)
    .filter(({ stack, isAcknowledged }) => !isAcknowledged && severityOf(stack, MESSAGES.templateTooLarge) === 'error')
    .map(({ text, fix }) => `${MESSAGES.templateTooLarge.id}: ${withFix(text, fix)}`);
}

/** A stack that is in no nested stage; undefined if there is none. */
export function topLevelStack(root: IConstruct): Stack | undefined {
  return knownConstructs(root).stacks.find((stack) => Stage.of(stack) === root);
}
