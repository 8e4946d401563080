import { join } from 'path';
import { CfnResource, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { knownConstructs } from '../estimates/constructs';
import { severityOf } from '../estimates/findings';
import { entriesBelow, isBelow, registryOf } from '../estimates/registry';
import { isEnforced } from '../estimates/settings';
import { fileBytes, readTextFile } from '../files/text-file';
import { unpricedUsesText } from '../gate/unpriced-usage';
import { MESSAGES, Severity } from '../messages';
import { coverageText } from '../render/usage-coverage';
import { TemplateSource } from '../unpriced/plain-template';
import { coverageOf, ReviewedUsage, reviewUsages, unpricedOf } from '../unpriced/review';
import { Usage } from '../unpriced/usages';

/** The uses of Amazon Bedrock in a stack that a budget covers and no estimate prices. */
export interface UnpricedUsage {
  readonly severity: Severity;
  readonly text: string;
  /** The path of the resource of the first use. */
  readonly path: string;
}

/**
 * The uses of Amazon Bedrock in the templates of an app. Called when the templates are written: a template has what Aspects and overrides
 * changed, and parsing it is faster than resolving the tree again.
 */
export function usesInTemplates(root: IConstruct): ReviewedUsage[] {
  const priced = entriesBelow(root).map(({ construct, model }) => ({ path: construct.node.path, model: model === '*' || Token.isUnresolved(model) ? null : model }));
  return reviewUsages(templatesOf(root), priced);
}

/** Returns one finding for each stack with uses that a budget covers. */
export function unpricedUsage(root: IConstruct, uses: readonly ReviewedUsage[]): UnpricedUsage[] {
  const budgets = registryOf(root).budgets.filter(({ construct }) => isBelow(construct, root) && isEnforced(construct));
  const stacks = new Map(knownConstructs(root).stacks.map((stack) => [stack.node.path, stack]));
  const byStack = new Map<Stack, Usage[]>();
  for (const usage of unpricedOf(uses)) {
    const stack = stacks.get(usage.stack);
    if (stack && budgets.some(({ covers }) => isAtOrBelow(usage.path, covers.node.path))) byStack.set(stack, [...byStack.get(stack) ?? [], usage]);
  }
  return [...byStack].flatMap(([stack, ofStack]) => {
    const severity = severityOf(stack, MESSAGES.unpricedUsage);
    return severity === 'off' ? [] : [{ severity, path: ofStack[0].path, text: unpricedUsesText(stack.node.path, ofStack) }];
  });
}

/** The line below the summary; none if each use is priced. */
export function coverageLines(uses: readonly ReviewedUsage[]): string[] {
  const coverage = coverageOf(uses);
  return coverage.priced === uses.length ? [] : [`${coverageText(coverage)}. Details: npx cdk-bedrock-cost scan`];
}

/** True for a path of the scope itself or of a construct below it. */
export function isAtOrBelow(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/** The templates of all stacks, each with its place in the app. */
function templatesOf(root: IConstruct): TemplateSource[] {
  const { stacks, resources } = knownConstructs(root);
  const sources = new Map<Stack, TemplateSource>();
  // A parent is before its nested stacks.
  for (const stack of stacks) {
    const file = templateFile(stack);
    if (file === undefined || fileBytes(file) === undefined) continue;
    const parent = stack.nestedStackParent && sources.get(stack.nestedStackParent);
    const resource = NestedStack.isNestedStack(stack) ? stack.nestedStackResource : undefined;
    sources.set(stack, {
      stack: stack.node.path,
      region: Token.isUnresolved(stack.region) ? undefined : stack.region,
      template: JSON.parse(readTextFile(file, 'a template')),
      paths: stack.node.tryGetContext(PATH_METADATA) ? undefined : pathsOf(stack, resources.get(stack) ?? []),
      ...(parent && resource ? { nestedIn: { parent, logicalId: stack.nestedStackParent!.resolve(resource.logicalId) } } : {}),
    });
  }
  return [...sources.values()];
}

/** With this context key, which the CLI sets, templates have the paths of constructs. */
const PATH_METADATA = 'aws:cdk:enable-path-metadata';

function pathsOf(stack: Stack, resources: readonly CfnResource[]): ReadonlyMap<string, string> {
  return new Map(resources.map((resource) => [stack.resolve(resource.logicalId) as string, resource.node.path]));
}

function templateFile(stack: Stack): string | undefined {
  const stage = Stage.of(stack);
  return stage && join(stage.outdir, stack.templateFile);
}
