import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Limit } from '../../aws/limits';

/**
 * Converts a text to a dimension value of CloudWatch: ASCII, not empty, no colon at the beginning, at most 1,024 characters, and no quotes,
 * which would end it in the expression of a dashboard. Different texts have different values.
 */
export function plainName(text: string): string {
  if (Token.isUnresolved(text)) return text;
  const plain = text.replace(/[^\x20-\x7e]|['"]|^:/g, '?');
  if (plain === text && text.length <= Limit.DIMENSION_VALUE) return text || 'app';
  return `${plain.slice(0, Limit.DIMENSION_VALUE - 9)}-${shortHash(text)}`;
}

/** Eight characters that identify a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * The value of the dimension `Budget`. It contains the name of the deployed stack: an app can be deployed twice into one account, and
 * every stack can use the name without a reference.
 */
export function budgetName(budget: IConstruct): string {
  const stack = deployedStack(Stack.of(budget));
  const below = budget.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return plainName([deployedName(stack), ...below].join('/'));
}

/** The name of the deployed stack, which for a nested stack is that of its top parent; its path if the name is a token. */
export function deployedName(stack: Stack): string {
  const { stackName, node } = deployedStack(stack);
  return Token.isUnresolved(stackName) ? node.path : stackName;
}

function deployedStack(stack: Stack): Stack {
  return stack.nestedStackParent ? deployedStack(stack.nestedStackParent) : stack;
}

/** Converts a text to a part of the name of an SSM parameter. Different texts have different names. */
export function slug(text: string, length = 150): string {
  return `${text.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, length)}-${shortHash(text)}`;
}

/** The path of the SSM parameters in which a month-to-date function stores the amounts of the month. */
export function ledgerPath(name: string): string {
  return `/cdk-bedrock-cost/${slug(name)}/spent`;
}

/** The name of the schedule that starts the month-to-date function: 64 characters at most. */
export function scheduleName(name: string): string {
  return `cdk-bedrock-cost-${slug(name, 38)}`;
}
