import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, MODEL, oneOf, quantity, REGION, requireOneOf } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * Conversation with a speech model, paid by the token: speech and text have prices of their own.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/speech.html
 */
export interface SpeechWorkload {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the conversations are held in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * Speech tokens a month that go in.
   * @default 0
   */
  readonly inputSpeechTokensPerMonth?: number;
  /**
   * Speech tokens a month that come out.
   * @default 0
   */
  readonly outputSpeechTokensPerMonth?: number;
  /**
   * Input tokens of text a month: prompts, the history of the conversation, results of tools.
   * @default 0
   */
  readonly inputTokensPerMonth?: number;
  /**
   * Text tokens a month that come out: transcripts, calls of tools.
   * @default 0
   */
  readonly outputTokensPerMonth?: number;
}

export const SPEECH_FIELDS = fieldTable<SpeechWorkload>({
  model: MODEL,
  region: REGION,
  inputSpeechTokensPerMonth: oneOf(quantity('Speech tokens a month that go in.')),
  outputSpeechTokensPerMonth: oneOf(quantity('Speech tokens a month that come out.')),
  inputTokensPerMonth: oneOf(quantity('Text tokens a month that go in.')),
  outputTokensPerMonth: oneOf(quantity('Text tokens a month that come out.')),
});

const QUANTITIES = [
  { field: 'inputSpeechTokensPerMonth', what: 'input speech tokens', kind: RateKind.INPUT_SPEECH },
  { field: 'outputSpeechTokensPerMonth', what: 'output speech tokens', kind: RateKind.OUTPUT_SPEECH },
  { field: 'inputTokensPerMonth', what: 'input text tokens', kind: RateKind.INPUT },
  { field: 'outputTokensPerMonth', what: 'output text tokens', kind: RateKind.OUTPUT },
] as const;

/**
 * Speech: the tokens of each modality x its price.
 *
 * Nova Sonic in us-east-1, a million speech tokens each way and as many of text: 1 x $3.40 + 1 x $13.60 + 1 x $0.06 +
 * 1 x $0.24 = $17.30 (units of a million tokens).
 */
export function speech(book: PriceBook, workload: SpeechWorkload): CostEstimate {
  checkWorkload(workload, SPEECH_FIELDS);
  requireOneOf(workload, SPEECH_FIELDS);
  const { model, region } = workload;
  const run = new PricingRun(book, { model, region }, decimal(1));
  run.addAll(QUANTITIES.map(({ field, what, kind }) => ({ what, kind, quantity: quantityOf(field, workload[field], 0), unit: 'token' as const })));
  return CostEstimate._of(together([run]));
}
