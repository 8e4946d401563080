import { CfnElement, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { oncePerSynthesis } from './registry';
import { TemplateSource } from '../unpriced/plain-template';
import { Usage, usagesOf } from '../unpriced/usages';

/**
 * The uses of Amazon Bedrock in the stack of a construct, read from its template. For use at synthesis only, when Aspects have run:
 * resolving a `Lazy` value earlier would change the template of the app.
 */
export function usagesInStack(scope: IConstruct): readonly Usage[] {
  const stack = Stack.of(scope);
  return oncePerSynthesis(scope, stack, () => usagesOf(templatesOf(stack)));
}

/** The template of a stack; of a nested stack, those of its parents before it, whose values its parameters have. */
function templatesOf(stack: Stack): TemplateSource[] {
  const { nestedStackParent: parentStack, nestedStackResource: resource } = stack;
  const parents = parentStack === undefined ? [] : templatesOf(parentStack);
  const parent = parents[parents.length - 1];
  const isOwn = (construct: IConstruct): construct is CfnElement => CfnElement.isCfnElement(construct) && construct.stack === stack;
  const template: { [section: string]: unknown } = {};
  const paths = new Map<string, string>();
  for (const element of stack.node.findAll().filter(isOwn)) {
    const logicalId: unknown = stack.resolve(element.logicalId);
    paths.set(String(logicalId), element.node.path);
    for (const [section, entries] of Object.entries(stack.resolve(element._toCloudFormation()) as object)) {
      template[section] = Object.assign(template[section] ?? {}, entries);
    }
  }
  return [...parents, {
    stack: stack.node.path,
    template,
    paths,
    ...(Token.isUnresolved(stack.region) ? {} : { region: stack.region }),
    ...(parent && resource ? { nestedIn: { parent, logicalId: String(stack.resolve(resource.logicalId)) } } : {}),
  }];
}
