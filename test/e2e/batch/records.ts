// The input of the end-to-end test of batch inference, the answers of the model, and the expected cost.

/** A request in the format of Nova. */
export interface ModelInput {
  readonly messages: readonly { readonly content: readonly { readonly text: string }[] }[];
}

/** Each record has 1,000 input tokens, and one output token more than the record before it. */
const INPUT_TOKENS = 1_000;
const FEWEST_OUTPUT_TOKENS = 100;

export const RECORDS = 50;
/** The records that the model throttles at first. */
export const BUSY: readonly number[] = [1, 11, 21, 31, 41];
/** The records that the model always refuses. */
export const REFUSED: readonly number[] = [5, 17, 42];
/** A line between the records of in/b.jsonl. */
export const BAD_LINE = '{"recordId": "broken", "modelInput": ';

/** The files in the order of their keys, which is the order of the record numbers. */
export const FILES: { readonly [key: string]: string } = {
  'in/a.jsonl': linesOf(0, 30),
  'in/b.jsonl': `${linesOf(30, 35)}${BAD_LINE}\n${linesOf(35, 40)}`,
  'in/c/d.jsonl': linesOf(40, RECORDS),
};

/** The dead letters: the file, the line, and the key under which the summary counts them. */
export const DEAD_LETTERS = [
  'in/a.jsonl 18 ModelError 400', 'in/a.jsonl 6 ModelError 400', 'in/b.jsonl 6 InvalidRecord', 'in/c/d.jsonl 3 ModelError 400',
] as const;

/**
 * 47 of 50 succeed: 47 x 1,000 tokens in. Out, 47 x 100 + (0 + ... + 49) - (5 + 17 + 42) = 4,700 + 1,225 - 64.
 *
 * In batch, Nova Pro costs $0.40 and $1.60 per million in us-west-2: 47,000 x 0.40 + 5,861 x 1.60 = 18,800 + 9,377.6 millionths.
 */
export const SUMMARY = {
  records: 51,
  succeeded: 47,
  deadLetters: 4,
  errors: { 'InvalidRecord': 1, 'ModelError 400': 3 },
  // 20, 20 and 10 records, then the 5 that were throttled.
  jobs: 4,
  tokens: { input: 47_000, output: 5_861 },
  costUsd: '0.0281776',
} as const;

/** The cost on demand, which is twice as high. */
export const ON_DEMAND_MILLIONTHS = { input: 0.8, output: 3.2 };

export function idOf(record: number): string {
  return `order-${record}`;
}

export function lineOf(recordId: string, text: string): string {
  return `${JSON.stringify({ recordId, modelInput: { messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens: 200 } } })}\n`;
}

function linesOf(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => lineOf(idOf(from + i), `record ${from + i}`)).join('');
}

export type ModelAnswer = { readonly modelOutput: object } | { readonly error: { readonly errorCode: number; readonly errorMessage: string } };

/** The model, which stores its earlier requests. */
export class Model {
  public readonly asked = new Map<number, number>();

  public answer({ messages: [{ content: [{ text }] }] }: ModelInput): ModelAnswer {
    const record = Number(/^record (\d+)$/.exec(text)?.[1] ?? 0);
    const times = (this.asked.get(record) ?? 0) + 1;
    this.asked.set(record, times);
    if (REFUSED.includes(record)) return { error: { errorCode: 400, errorMessage: 'Malformed input request' } };
    if (BUSY.includes(record) && times === 1) return { error: { errorCode: 429, errorMessage: 'Too many requests' } };
    const outputTokens = FEWEST_OUTPUT_TOKENS + record;
    return {
      modelOutput: {
        output: { message: { role: 'assistant', content: [{ text: `answer ${record}` }] } },
        stopReason: 'end_turn',
        usage: { inputTokens: INPUT_TOKENS, outputTokens, totalTokens: INPUT_TOKENS + outputTokens },
      },
    };
  }
}
