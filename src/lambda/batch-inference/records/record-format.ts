import { PromptSettings } from '../contract';

/** The body of a request in a record. */
export interface ModelInput { readonly [field: string]: unknown }

/** The settings of a record that is created from a prompt. */
export type RecordSettings = Pick<PromptSettings, 'maxTokens' | 'system' | 'temperature'>;

/** The format of the records of a model. */
export interface RecordFormat {
  /** The kind of answer: an embedding has no output tokens. */
  readonly output: 'text' | 'embedding';
  record(prompt: string, settings: RecordSettings): ModelInput;
  /** The first problem, as a sentence. Only required fields are checked; the model checks the others. */
  check(modelInput: ModelInput): string | undefined;
  /** The maximum output tokens that a record states. */
  maxTokens(modelInput: ModelInput): number | undefined;
}
