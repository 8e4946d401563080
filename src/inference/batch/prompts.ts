import { RANGES } from './ranges';
import { number, required, requireArguments, ShapesOf, struct, text } from '../../estimates/shape';
import { markAs } from '../../input/brand';
import { PromptSettings } from '../../lambda/batch-inference/contract';

/** What records are made of prompts with. */
export interface BatchPromptOptions {
  /**
   * How many output tokens a record may have at most: a whole number of 1 or more. It bounds what a run can cost: 1,000
   * records of at most 500 tokens on Nova Pro in batch cost 0.5 x $1.60 = $0.80 for output at most.
   */
  readonly maxTokens: number;
  /**
   * The system prompt.
   * @default - no system prompt
   */
  readonly system?: string;
  /**
   * How free the model is in its choice of words: 0 to 1.
   * @default - the model's own
   */
  readonly temperature?: number;
  /**
   * The column, or the field of a JSON object, that holds the prompt.
   * @default 'prompt'
   */
  readonly promptField?: string;
  /**
   * The column, or the field of a JSON object, that holds the id of the record. It may be missing.
   * @default 'recordId'
   */
  readonly idField?: string;
}

const PROMPT_OPTIONS = {
  maxTokens: required(number(RANGES.maxTokens.allowed)),
  system: text(),
  temperature: number(RANGES.temperature.allowed),
  promptField: text('the name of a column or a field'),
  idField: text('the name of a column or a field'),
} satisfies ShapesOf<BatchPromptOptions>;

const PROMPT_SHAPES = { options: required(struct('an object such as { maxTokens: 500 }', PROMPT_OPTIONS)) };

/**
 * Input that holds prompts, from which the run makes records in the model's own format, or in that of Converse.
 *
 * Each line is checked before a job is paid for; a line that is no prompt is set aside with its number and the reason.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
 */
export class BatchPrompts {
  /**
   * Lines of JSON: a text (`"Summarize: ..."`), or an object with the prompt in a field (`{"recordId": "a1", "prompt": "..."}`).
   */
  public static jsonl(options: BatchPromptOptions): BatchPrompts {
    requireArguments('BatchPrompts.jsonl: ', { options }, PROMPT_SHAPES);
    return new BatchPrompts('jsonl', options);
  }

  /** CSV with a header, as RFC 4180 has it: a field in quotes may hold commas and line breaks. A file is read as a whole, in one call of 15 minutes. */
  public static csv(options: BatchPromptOptions): BatchPrompts {
    requireArguments('BatchPrompts.csv: ', { options }, PROMPT_SHAPES);
    return new BatchPrompts('csv', options);
  }

  /** @internal */
  public readonly _settings: PromptSettings;

  private constructor(format: PromptSettings['format'], { promptField = 'prompt', idField = 'recordId', ...options }: BatchPromptOptions) {
    markAs('BatchPrompts', this);
    this._settings = { format, promptField, idField, ...options };
  }
}
