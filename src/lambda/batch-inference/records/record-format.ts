import { PromptSettings } from '../contract';

/** The body of a request, as a record holds it. */
export interface ModelInput { readonly [field: string]: unknown }

/** The settings of a record that is made of a prompt. */
export type RecordSettings = Pick<PromptSettings, 'maxTokens' | 'system' | 'temperature'>;

/** The format of the records of a model. */
export interface RecordFormat {
  /** The kind of answer: an embedding has no output tokens. */
  readonly output: 'text' | 'embedding';
  record(prompt: string, settings: RecordSettings): ModelInput;
  /** The first thing that is wrong, as a sentence. Only what the format requires is checked: the rest is for the model to refuse. */
  check(modelInput: ModelInput): string | undefined;
  /** The most output tokens that a record says it may have. */
  maxTokens(modelInput: ModelInput): number | undefined;
}
