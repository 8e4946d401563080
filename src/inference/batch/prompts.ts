import { RANGES } from './ranges';
import { number, required, requireArguments, ShapesOf, struct, text } from '../../estimates/shape';
import { markAs } from '../../input/brand';
import { PromptSettings } from '../../lambda/batch-inference/contract';

/** Options of the records that are created from prompts. */
export interface BatchPromptOptions {
  /**
   * Maximum output tokens of a record: a whole number of 1 or more. It limits the cost of a run: the output of 1,000 records with at most 500
   * tokens on Nova Pro in batch costs at most 0.5 x $1.60 = $0.80.
   */
  readonly maxTokens: number;
  /**
   * System prompt of all records: at most 32,000 characters.
   * @default - no system prompt
   */
  readonly system?: string;
  /**
   * Randomness of the output: a number from 0 to 1.
   * @default - the default of the model
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-parameters.html
   */
  readonly temperature?: number;
  /**
   * Column, or field of a JSON object, with the prompt.
   * @default 'prompt'
   */
  readonly promptField?: string;
  /**
   * Column, or field of a JSON object, with the id of the record, which is optional in the input. It differs from `promptField`.
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
 * Input with prompts, from which a run creates records in the model's own format, or in the format of the Converse API.
 *
 * Each line is checked before a job is submitted. A line that is not a prompt becomes a dead letter with its number and the reason.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
 */
export class BatchPrompts {
  /**
   * Reads lines of JSON: a text (`"Summarize: ..."`), or an object with the prompt in a field (`{"recordId": "a1", "prompt": "..."}`).
   */
  public static jsonl(options: BatchPromptOptions): BatchPrompts {
    requireArguments('BatchPrompts.jsonl: ', { options }, PROMPT_SHAPES);
    return new BatchPrompts('jsonl', options);
  }

  /** Reads CSV with a header, as in RFC 4180. A file is read as a whole, in one function call of at most 15 minutes. */
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
