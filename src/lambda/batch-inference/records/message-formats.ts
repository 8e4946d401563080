import { ModelInput, RecordFormat } from './record-format';
import { countProblem, given, isCount, isFilledText, notAllowed, objectProblem, optionalCountProblem, textProblem } from './shape';
import { isObject } from '../../../input/argument';

/** The form of the messages of an API. */
interface MessageForm {
  readonly roles: readonly string[];
  /** Whether content may be a text instead of a list of blocks. */
  readonly allowsText: boolean;
  /** Roles whose content may be empty or missing, such as an answer that only calls tools. */
  readonly mayBeEmpty?: readonly string[];
}

const CLAUDE_VERSION = 'bedrock-2023-05-31';

/** The messages of Claude. The model may continue an unfinished last answer. */
const CLAUDE_MESSAGES: MessageForm = { roles: ['user', 'assistant'], allowsText: true, mayBeEmpty: ['assistant'] };

/** The Messages API of Anthropic. */
export const CLAUDE: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    anthropic_version: CLAUDE_VERSION,
    max_tokens: maxTokens,
    ...given('system', system),
    ...given('temperature', temperature),
    messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
  }),
  check: (input) => versionProblem(input.anthropic_version)
    ?? countProblem('modelInput.max_tokens', input.max_tokens)
    ?? messagesProblem(input.messages, CLAUDE_MESSAGES),
  maxTokens: (input) => firstCount(0, input.max_tokens),
};

const BLOCK_MESSAGES: MessageForm = { roles: ['user', 'assistant'], allowsText: false };

/** The format of the Converse API, which is common to all models with messages. */
export const CONVERSE: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...given('system', system === undefined ? undefined : [{ text: system }]),
    inferenceConfig: { maxTokens, ...given('temperature', temperature) },
  }),
  check: (input) => messagesProblem(input.messages, BLOCK_MESSAGES)
    ?? objectProblem('modelInput.inferenceConfig', input.inferenceConfig)
    ?? optionalCountProblem('modelInput.inferenceConfig.maxTokens', inferenceConfigOf(input).maxTokens),
  maxTokens: (input) => firstCount(1, inferenceConfigOf(input).maxTokens),
};

/** The format of Amazon Nova's text models, which differs from Converse in the form of media. */
export const NOVA: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    ...given('system', system === undefined ? undefined : [{ text: system }]),
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    inferenceConfig: { maxTokens, ...given('temperature', temperature) },
  }),
  check: (input) => {
    const { maxTokens, max_new_tokens: maxNewTokens } = inferenceConfigOf(input);
    return messagesProblem(input.messages, BLOCK_MESSAGES)
      ?? objectProblem('modelInput.inferenceConfig', input.inferenceConfig)
      ?? optionalCountProblem('modelInput.inferenceConfig.maxTokens', maxTokens)
      ?? optionalCountProblem('modelInput.inferenceConfig.max_new_tokens', maxNewTokens);
  },
  maxTokens: (input) => {
    // The field name of the first Nova models is still accepted.
    const { maxTokens, max_new_tokens: maxNewTokens } = inferenceConfigOf(input);
    return firstCount(0, maxTokens, maxNewTokens);
  },
};

function inferenceConfigOf({ inferenceConfig }: ModelInput): ModelInput {
  return isObject(inferenceConfig) ? inferenceConfig : {};
}

const CHAT_MESSAGES: MessageForm = {
  roles: ['system', 'developer', 'user', 'assistant', 'tool'], allowsText: true, mayBeEmpty: ['assistant', 'tool'],
};

/** The format of OpenAI's chat completions. Providers differ in the name and the minimum of the token limit. */
export function chatCompletions(limit: 'max_tokens' | 'max_completion_tokens' = 'max_tokens', least = 1): RecordFormat {
  return {
    output: 'text',
    record: (prompt, { maxTokens, system, temperature }) => ({
      messages: [
        ...system === undefined ? [] : [{ role: 'system', content: system }],
        { role: 'user', content: prompt },
      ],
      [limit]: maxTokens,
      ...given('temperature', temperature),
    }),
    check: (input) => messagesProblem(input.messages, CHAT_MESSAGES)
      ?? optionalCountProblem('modelInput.max_tokens', input.max_tokens, least)
      ?? optionalCountProblem('modelInput.max_completion_tokens', input.max_completion_tokens, least),
    maxTokens: (input) => firstCount(0, input.max_completion_tokens, input.max_tokens),
  };
}

/** The format of Command R: one message, and the previous messages in another field. */
export const COHERE_COMMAND_R: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    message: prompt,
    ...given('preamble', system),
    max_tokens: maxTokens,
    ...given('temperature', temperature),
  }),
  check: (input) => textProblem('modelInput.message', input.message) ?? optionalCountProblem('modelInput.max_tokens', input.max_tokens),
  maxTokens: (input) => firstCount(0, input.max_tokens),
};

function versionProblem(version: unknown): string | undefined {
  return version === CLAUDE_VERSION ? undefined : notAllowed('modelInput.anthropic_version', version, `"${CLAUDE_VERSION}"`);
}

/** The first value that is a number of at least `least` tokens. */
function firstCount(least: number, ...values: readonly unknown[]): number | undefined {
  return values.find((value): value is number => isCount(value, least));
}

/** The first problem of the field `messages`. */
function messagesProblem(messages: unknown, form: MessageForm): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return notAllowed('modelInput.messages', messages, 'a list of one message or more');
  for (const [i, message] of messages.entries()) {
    const problem = messageProblem(`modelInput.messages[${i}]`, message, form);
    if (problem) return problem;
  }
  return undefined;
}

function messageProblem(field: string, message: unknown, { roles, allowsText, mayBeEmpty = [] }: MessageForm): string | undefined {
  if (!isObject(message)) return notAllowed(field, message, 'an object with role and content');
  const { role, content } = message;
  if (typeof role !== 'string' || !roles.includes(role)) return notAllowed(`${field}.role`, role, `one of ${roles.join(', ')}`);
  if (mayBeEmpty.includes(role) || isBlocks(content) || (allowsText && isFilledText(content))) return undefined;
  return notAllowed(`${field}.content`, content, `${allowsText ? 'a text that is not blank, or ' : ''}a list of one object or more`);
}

function isBlocks(content: unknown): boolean {
  return Array.isArray(content) && content.length > 0 && content.every(isObject);
}
