import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { Limit } from '../aws/limits';
import { addFinding } from '../estimates/findings';
import { overriddenValue } from '../estimates/priced-template';
import { isBelow, once, registryOf } from '../estimates/registry';
import { MessageDefinition, MESSAGES } from '../messages';

/** A tag as Amazon Bedrock takes it. */
export interface BedrockTag {
  readonly key: string;
  readonly value: string;
}

/**
 * The characters and lengths of keys and values.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Tag.html
 */
const CHARACTERS = /^[a-zA-Z0-9\s._:/=+@-]*$/;

/**
 * The tags of a construct with those of its stack, which CloudFormation hands to its own resources and to nothing that a
 * custom resource or a state machine makes. The construct's own win; final only after Aspects have run.
 *
 * @param own the rendered tags of a tag manager
 */
export function tagsOf(construct: IConstruct, own: unknown): BedrockTag[] {
  const values: { [key: string]: string } = {};
  for (const stack of stacksAround(Stack.of(construct))) Object.assign(values, stack.tags.tagValues());
  for (const { key, value } of (own as BedrockTag[] | undefined) ?? []) values[key] = value;
  return Object.entries(values).map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The tags of a resource as overrides of its template leave them, in place of those of its tag manager; undefined without an override. */
export function overriddenTags(resource: CfnResource, property: string): BedrockTag[] | undefined {
  const tags = overriddenValue(resource, property);
  if (!Array.isArray(tags)) return undefined;
  return tags.map(({ Key, Value, key = Key, value = Value }) => ({ key, value })).filter(({ key, value }) => typeof key === 'string' && typeof value === 'string');
}

/** A nested stack gets the tags of those that it is nested in: outermost first. */
function stacksAround(stack: Stack): Stack[] {
  return [...stack.nestedStackParent ? stacksAround(stack.nestedStackParent) : [], stack];
}

/**
 * Warns of tags that Amazon Bedrock does not take, which fails the deployment, and refuses too many of them.
 *
 * @param max fewer than Limit.TAGS where the library adds tags of its own
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

/** A tag of a stack is reported once, on the stack, and not on everything that carries it. */
function reportRefused(construct: Construct, refused: readonly BedrockTag[]): void {
  const stacks = stacksAround(Stack.of(construct));
  const byOwner = new Map<Construct, BedrockTag[]>();
  for (const tag of refused) {
    const owner = stacks.find(({ tags }) => tags.tagValues()[tag.key] === tag.value) ?? construct;
    byOwner.set(owner, [...byOwner.get(owner) ?? [], tag]);
  }
  byOwner.forEach((tags, owner) => report(owner, construct, MESSAGES.tagRefused, refusedText(tags, owner !== construct)));
}

/** Adds a finding once, also where several copies of the library or several constructs find the same. */
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
  return `Amazon Bedrock refuses the tag${tags.length === 1 ? '' : 's'} ${shown}${isOfStack ? ' of the stack' : ''}, so that the deployment fails`;
}
