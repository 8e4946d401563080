import { isFilledText, isObject, notAllowed } from './shape';

/** How the messages of an API are written. */
export interface MessageForm {
  readonly roles: readonly string[];
  /** Whether content may be a text instead of a list of blocks. */
  readonly allowsText: boolean;
  /** Roles whose content may be empty or missing, as that of an answer that only calls tools. */
  readonly mayBeEmpty?: readonly string[];
}

/** What is wrong with the field `messages`. */
export function messagesProblem(messages: unknown, form: MessageForm): string | undefined {
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
