import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Limit } from '../../aws/limits';


/**
 * A text as CloudWatch takes it for the value of a dimension: ASCII, not empty, not beginning with a colon, 1,024 characters
 * at most; without quotes, which would end it in the expression of a dashboard. Two texts never have one value.
 */
export function plainName(text: string): string {
  if (Token.isUnresolved(text)) return text;
  const plain = text.replace(/[^\x20-\x7e]|['"]|^:/g, '?');
  if (plain === text && text.length <= Limit.DIMENSION_VALUE) return text || 'app';
  return `${plain.slice(0, Limit.DIMENSION_VALUE - 9)}-${shortHash(text)}`;
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

/** A text as the name of an SSM parameter takes it; two texts never have one name. */
export function slug(text: string, length = 150): string {
  return `${text.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, length)}-${shortHash(text)}`;
}

/**
 * The path of the SSM parameters in which the function that counts a stack's part of a budget keeps the month's
 * amounts. Known in every stack without a reference, and apart from each other where an app is deployed twice.
 */
export function ledgerPath(budget: string, stack: Stack): string {
  return `/cdk-bedrock-cost/${slug(partOf(budget, stack))}/spent`;
}

/** The name of the schedule that starts that function: 64 characters at most. */
export function scheduleName(budget: string, stack: Stack): string {
  return `cdk-bedrock-cost-${slug(partOf(budget, stack), 38)}`;
}

function partOf(budget: string, stack: Stack): string {
  return `${budget} in ${stack.node.path}`;
}
