import { createHash } from 'crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Limit } from '../../aws/limits';

/**
 * A text as a dimension value of CloudWatch: ASCII, not empty, not beginning with a colon, 1,024 characters at most, and
 * without quotes, which would end it in the expression of a dashboard. Different texts have different values.
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
 * The value of the dimension `Budget`. It contains the name of the deployed stack, so that an app can be deployed twice into
 * one account, and every stack knows it without a reference.
 */
export function budgetName(budget: IConstruct): string {
  const stack = deployedStack(Stack.of(budget));
  const below = budget.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return plainName([deployedName(stack), ...below].join('/'));
}

/** The name under which a stack, or the stack that it is nested in, is deployed; its path where that name is a token. */
export function deployedName(stack: Stack): string {
  const { stackName, node } = deployedStack(stack);
  return Token.isUnresolved(stackName) ? node.path : stackName;
}

function deployedStack(stack: Stack): Stack {
  return stack.nestedStackParent ? deployedStack(stack.nestedStackParent) : stack;
}

/** A text as part of the name of an SSM parameter. Different texts have different names. */
export function slug(text: string, length = 150): string {
  return `${text.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, length)}-${shortHash(text)}`;
}

/** The path of the SSM parameters in which a month-to-date function keeps the amounts of the month. */
export function ledgerPath(name: string): string {
  return `/cdk-bedrock-cost/${slug(name)}/spent`;
}

/** The name of the schedule that starts the month-to-date function: 64 characters at most. */
export function scheduleName(name: string): string {
  return `cdk-bedrock-cost-${slug(name, 38)}`;
}
