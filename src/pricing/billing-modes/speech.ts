import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, FieldsOf, MODEL, QUANTITY, quantityOf, REGION, requireOneOf } from './input';
import { PricingRun, together } from './pricing-run';
import { SpeechWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<SpeechWorkload> = {
  model: MODEL,
  region: REGION,
  inputSpeechTokensPerMonth: QUANTITY,
  outputSpeechTokensPerMonth: QUANTITY,
  inputTokensPerMonth: QUANTITY,
  outputTokensPerMonth: QUANTITY,
};

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
  checkWorkload(workload, FIELDS);
  requireOneOf(workload, QUANTITIES.map(({ field }) => field));
  const { model, region } = workload;
  const run = new PricingRun(book, { model, region }, decimal(1));
  run.addAll(QUANTITIES.map(({ field, what, kind }) => ({ what, kind, quantity: quantityOf(field, workload[field], 0), unit: 'token' as const })));
  return CostEstimate._of(together([run]));
}
