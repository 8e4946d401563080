import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, MODEL, quantity, REGION, required } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { wholeUnits } from './whole-units';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * Ranking of documents by a rerank model. A query of more than 100 documents counts as several.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/rerank.html
 */
export interface RerankWorkload {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the queries are made in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Queries a month. */
  readonly queriesPerMonth: number;
  /**
   * Documents (or chunks of documents) that one query ranks. Each 100, begun or full, are one query of the bill.
   * @default 100
   */
  readonly documentsPerQuery?: number;
}

export const RERANK_FIELDS = fieldTable<RerankWorkload>({
  model: MODEL,
  region: REGION,
  queriesPerMonth: required(quantity('Queries a month.')),
  documentsPerQuery: quantity('Documents of one query.'),
});

/** The number of documents that one billed query ranks. */
const DOCUMENTS_OF_QUERY = 100;

/**
 * Rerank: queries x ceil(documents / 100) x P, at least one each.
 *
 * Cohere Rerank 3.5 in us-east-1, one query of 350 documents: 4 / 1,000 x $2.00 = $0.008.
 */
export function rerank(book: PriceBook, workload: RerankWorkload): CostEstimate {
  checkWorkload(workload, RERANK_FIELDS);
  const { model, region } = workload;
  const queries = quantityOf('queriesPerMonth', workload.queriesPerMonth);
  const documents = quantityOf('documentsPerQuery', workload.documentsPerQuery, DOCUMENTS_OF_QUERY);
  const billed = wholeUnits(documents, DOCUMENTS_OF_QUERY).toNumber() || 1;
  const run = new PricingRun(book, { model, region }, queries);
  const what = billed === 1 ? 'queries' : `queries, each billed as ${billed}`;
  run.addAll([{ what, quantity: decimal(billed), unit: 'request', kind: RateKind.RERANK_QUERY }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], '1,000 queries', 1000) });
}
