import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { Limit } from '../aws/limits';
import { addFinding } from '../estimates/findings';
import { overriddenValue } from '../estimates/priced-template';
import { isBelow, once, registryOf } from '../estimates/registry';
import { MessageDefinition, MESSAGES } from '../messages';

/** A tag of a resource of Amazon Bedrock. */
export interface BedrockTag {
  readonly key: string;
  readonly value: string;
}

/**
 * The characters of keys and values.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Tag.html
 */
const CHARACTERS = /^[a-zA-Z0-9\s._:/=+@-]*$/;

/**
 * The tags of a construct and of its stacks. CloudFormation applies the tags of a stack to its own resources, but not to resources that a
 * custom resource or a state machine creates. Tags of the construct take precedence. They are final only after Aspects have run.
 *
 * @param own the rendered tags of a tag manager
 */
export function tagsOf(construct: IConstruct, own: unknown): BedrockTag[] {
  const values: { [key: string]: string } = {};
  for (const stack of stacksAround(Stack.of(construct))) Object.assign(values, stack.tags.tagValues());
  for (const { key, value } of (own as BedrockTag[] | undefined) ?? []) values[key] = value;
  return Object.entries(values).map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The tags that an override of the template sets, which replace those of the tag manager; undefined without an override. */
export function overriddenTags(resource: CfnResource, property: string): BedrockTag[] | undefined {
  const tags = overriddenValue(resource, property);
  if (!Array.isArray(tags)) return undefined;
  return tags.map(({ Key, Value, key = Key, value = Value }) => ({ key, value })).filter(({ key, value }) => typeof key === 'string' && typeof value === 'string');
}

/** The stack and its parents, outermost first. A nested stack gets the tags of its parents. */
function stacksAround(stack: Stack): Stack[] {
  return [...stack.nestedStackParent ? stacksAround(stack.nestedStackParent) : [], stack];
}

/**
 * Warns of tags that Amazon Bedrock refuses, which fails the deployment, and refuses too many tags.
 *
 * @param max the maximum number of tags, lower than Limit.TAGS if the library adds tags of its own
 */
export function reviewTags(construct: Construct, tags: () => readonly BedrockTag[], max: number = Limit.TAGS): void {
  construct.node.addValidation({
    validate: () => {
      const { budgets } = registryOf(construct);
      const found = tags();
      reportRefused(construct, found.filter((tag) => !isAllowed(tag)));
      const carried = new Set(found.map(({ key }) => key));
      const missing = budgets.filter(({ covers, tagKey }) => tagKey !== undefined && !carried.has(tagKey) && isBelow(construct, covers));
      if (missing.length > 0) {
        report(construct, construct, MESSAGES.budgetTagMissing, `the template does not carry the tag ${missing.map(({ tagKey }) => tagKey).join(', ')}, by which AWS Budgets finds the cost`);
      }
      const own = max === Limit.TAGS ? '' : " beside the library's own";
      return found.length > max ? [`tags: at most ${max} tags are possible${own}, got ${found.length}. Remove some of ${construct.node.path} or of its stack.`] : [];
    },
  });
}

/** Reports refused tags. A tag of a stack is reported once, on the stack, and not on each resource that carries it. */
function reportRefused(construct: Construct, refused: readonly BedrockTag[]): void {
  const stacks = stacksAround(Stack.of(construct));
  const byOwner = new Map<Construct, BedrockTag[]>();
  for (const tag of refused) {
    const owner = stacks.find(({ tags }) => tags.tagValues()[tag.key] === tag.value) ?? construct;
    byOwner.set(owner, [...byOwner.get(owner) ?? [], tag]);
  }
  byOwner.forEach((tags, owner) => report(owner, construct, MESSAGES.tagRefused, refusedText(tags, owner !== construct)));
}

/** Adds a finding once, also if several copies of the library or several constructs report it. */
function report(at: IConstruct, construct: Construct, message: MessageDefinition, text: string): void {
  const { entries } = registryOf(construct);
  once(registryOf(construct), `${message.id}:${at.node.addr}:${text}`,
    () => addFinding(at, message, text, entries.find((entry) => entry.construct === construct)?.source));
}

function isAllowed({ key, value }: BedrockTag): boolean {
  return isTaken(key, 1, Limit.TAG_KEY) && !key.startsWith('aws:') && isTaken(value, 0, Limit.TAG_VALUE);
}

function isTaken(text: string, minLength: number, maxLength: number): boolean {
  return Token.isUnresolved(text) || (text.length >= minLength && text.length <= maxLength && CHARACTERS.test(text));
}

function refusedText(tags: readonly BedrockTag[], isOfStack: boolean): string {
  const shown = tags.map(({ key, value }) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ');
  return `Amazon Bedrock refuses the tag${tags.length === 1 ? '' : 's'} ${shown}${isOfStack ? ' of the stack' : ''}, which fails the deployment`;
}
