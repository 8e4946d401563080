import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

const MAX_DIMENSION = 1024;

/**
 * A text as CloudWatch takes it for the value of a dimension: ASCII, not empty, not beginning with a colon, 1,024 characters
 * at most; without quotes, which would end it in the expression of a dashboard. Two texts never have one value.
 */
export function plainName(text: string): string {
  if (Token.isUnresolved(text)) return text;
  const plain = text.replace(/[^\x20-\x7e]|['"]|^:/g, '?');
  if (plain === text && text.length <= MAX_DIMENSION) return text || 'app';
  return `${plain.slice(0, MAX_DIMENSION - 9)}-${shortHash(text)}`;
}

/** Eight characters that tell a text from others. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
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
