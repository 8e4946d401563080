import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A text as CloudWatch takes it for the value of a dimension: ASCII, not empty, not beginning with a colon, 1,024 characters at most. */
export function plainName(text: string): string {
  if (Token.isUnresolved(text)) return text;
  return text.replace(/[^\x20-\x7e]/g, '?').replace(/^:/, '?').slice(0, 1024) || 'app';
}

/**
 * The value of the dimension `Budget`: by the name that its stack is deployed under, so that an app can be deployed twice
 * into one account, and known in every stack without a reference.
 */
export function budgetName(budget: IConstruct): string {
  let stack = Stack.of(budget);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  const below = budget.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return plainName([Token.isUnresolved(stack.stackName) ? stack.node.path : stack.stackName, ...below].join('/'));
}
