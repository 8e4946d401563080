import { CfnResource, NestedStack, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { WrittenTemplate, writtenTemplate } from './written-template';
import { knownConstructs } from '../estimates/constructs';
import { severityOf } from '../estimates/findings';
import { entriesBelow, isBelow, registryOf } from '../estimates/registry';
import { isEnforced } from '../estimates/settings';
import { unpricedUsesText } from '../gate/unpriced-usage';
import { sentence } from '../input/sentence';
import { MESSAGES, Severity } from '../messages';
import { ANY_MODEL } from '../pricing/price-book/rate';
import { oneLine } from '../render/sanitize';
import { coverageText } from '../render/usage-coverage';
import { TemplateSource } from '../unpriced/plain-template';
import { coverageOf, ReviewedUsage, reviewUsages, unpricedOf } from '../unpriced/review';
import { Usage } from '../unpriced/usages';

/** The uses of Amazon Bedrock in an app. */
export interface AppUses {
  readonly uses: readonly ReviewedUsage[];
  /** The stacks whose uses are unknown, since a synthesizer of the app has written no template, or one that is not valid. */
  readonly unread: readonly Stack[];
}

/** The uses of Amazon Bedrock in a stack that a budget covers and no estimate prices. */
export interface UnpricedUses {
  readonly severity: Severity;
  readonly text: string;
  /** The path of the resource of the first use, or of the stack. */
  readonly path: string;
}

/**
 * The uses of Amazon Bedrock in the templates of an app. Called when the templates are written: a template has the changes of Aspects and
 * overrides, and parsing it is faster than resolving the tree again.
 */
export function usesInTemplates(root: IConstruct): AppUses {
  const priced = entriesBelow(root).map(({ construct, type, model }) => (
    { path: construct.node.path, type, model: model === ANY_MODEL || Token.isUnresolved(model) ? null : model }));
  const { sources, unread } = templatesOf(root);
  return { uses: reviewUsages(sources, priced), unread };
}

/** Returns one finding for each stack with uses that a budget covers, and for each covered stack with unknown uses. */
export function unpricedUsage(root: IConstruct, { uses, unread }: AppUses): UnpricedUses[] {
  const budgets = registryOf(root).budgets.filter(({ construct }) => isBelow(construct, root) && isEnforced(construct));
  const isCovered = (path: string) => budgets.some(({ covers }) => isAtOrBelow(path, covers.node.path));
  const stacks = new Map(knownConstructs(root).stacks.map((stack) => [stack.node.path, stack]));
  const byStack = new Map<Stack, Usage[]>();
  for (const usage of unpricedOf(uses).filter(({ path }) => isCovered(path))) {
    const stack = stacks.get(usage.stack);
    if (stack) byStack.set(stack, [...byStack.get(stack) ?? [], usage]);
  }
  const finding = (stack: Stack, path: string, text: string): UnpricedUses[] => {
    const severity = severityOf(stack, MESSAGES.unpricedUsage);
    return severity === 'off' ? [] : [{ severity, path, text }];
  };
  return [
    ...[...byStack].flatMap(([stack, ofStack]) => finding(stack, ofStack[0].path, unpricedUsesText(stack.node.path, ofStack))),
    ...unread.filter(({ node }) => isCovered(node.path)).flatMap((stack) => finding(stack, stack.node.path, unreadText(stack))),
  ];
}

/** The lines below the summary; none if each use is priced. */
export function coverageLines({ uses, unread }: AppUses): string[] {
  const coverage = coverageOf(uses);
  return [
    ...(coverage.priced === uses.length ? [] : [`${coverageText(coverage)}. Details: npx cdk-bedrock-cost scan`]),
    ...unread.map((stack) => oneLine(sentence(unreadText(stack)))),
  ];
}

function unreadText({ node }: Stack): string {
  return `${node.path} may have uses of Amazon Bedrock without a price: its template is missing or not valid`;
}

/** True for a path of the scope itself or of a construct below it. */
export function isAtOrBelow(path: string, scope: string): boolean {
  return scope === '' || path === scope || path.startsWith(`${scope}/`);
}

/** The templates of all stacks, each with its place in the app. */
function templatesOf(root: IConstruct): { readonly sources: readonly TemplateSource[]; readonly unread: readonly Stack[] } {
  const { stacks, resources } = knownConstructs(root);
  const sources = new Map<Stack, TemplateSource>();
  const unread: Stack[] = [];
  // A parent is before its nested stacks.
  for (const stack of stacks) {
    const template = writtenTemplate(stack);
    if (template === undefined) {
      unread.push(stack);
      continue;
    }
    const parent = stack.nestedStackParent && sources.get(stack.nestedStackParent);
    const resource = NestedStack.isNestedStack(stack) ? stack.nestedStackResource : undefined;
    sources.set(stack, {
      stack: stack.node.path,
      region: Token.isUnresolved(stack.region) ? undefined : stack.region,
      template,
      paths: pathsOf(stack, resources.get(stack) ?? [], template),
      ...(parent && resource ? { nestedIn: { parent, logicalId: stack.nestedStackParent!.resolve(resource.logicalId) } } : {}),
    });
  }
  return { sources: [...sources.values()], unread };
}

/**
 * The paths of the resources of a stack by logical id; undefined if the metadata of the template have them all. Metadata may be missing, or be
 * those of another app that wrote an included template.
 */
function pathsOf(stack: Stack, resources: readonly CfnResource[], { Resources: written }: WrittenTemplate): ReadonlyMap<string, string> | undefined {
  const paths = new Set(resources.map(({ node }) => node.path));
  const isKnown = (resource: { readonly Metadata?: { readonly 'aws:cdk:path'?: string } } | null) => paths.has(resource?.Metadata?.['aws:cdk:path'] ?? '');
  if (Object.values(written ?? {}).every(isKnown)) return undefined;
  return new Map(resources.map((resource) => [stack.resolve(resource.logicalId) as string, resource.node.path]));
}
