import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, oneOf, quantity, REGION, requireOneOf } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

/**
 * A managed knowledge base: its index is paid by size, retrievals by the request. Answers are tokens of a model, a
 * workload of its own. A vector store of your own, such as OpenSearch Serverless, Aurora or Pinecone, is billed by its own
 * service and is not part of the estimate.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base.html
 */
export interface KnowledgeBaseWorkload {
  /**
   * The region of the knowledge base.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * Gigabytes of the index.
   * @default 0
   */
  readonly indexedGigabytes?: number;
  /**
   * Retrievals a month.
   * @default 0
   */
  readonly retrievalsPerMonth?: number;
  /**
   * Agentic retrievals a month.
   * @default 0
   */
  readonly agenticRetrievalsPerMonth?: number;
  /**
   * Retrievals that one agentic retrieval makes, each charged like any other. Given only beside `agenticRetrievalsPerMonth`.
   * @default 0
   */
  readonly underlyingRetrievalsPerAgenticRetrieval?: number;
}

export const KNOWLEDGE_BASE_FIELDS = fieldTable<KnowledgeBaseWorkload>({
  region: REGION,
  indexedGigabytes: oneOf(quantity('Gigabytes of the index.')),
  retrievalsPerMonth: oneOf(quantity('Retrievals a month.')),
  agenticRetrievalsPerMonth: oneOf(quantity('Agentic retrievals a month.')),
  underlyingRetrievalsPerAgenticRetrieval: quantity('Retrievals that one agentic retrieval makes.'),
});

/** A knowledge base that is not managed has neither of these lines. */
const OWN_VECTOR_STORE = 'this is the price of a managed knowledge base; Amazon Bedrock bills nothing for a vector store of your own (such as OpenSearch Serverless, '
  + 'Aurora or Pinecone), whose service bills it: that cost is not in this estimate';

/**
 * Managed knowledge base: gigabytes x Ps + retrievals x Pr + agentic retrievals x (Pa + retrievals that each makes x Pr).
 *
 * 50 GB and 100,000 retrievals: 50 x $5.00 + 100 x $1.00 = $350.00. 1,000 agentic retrievals that make 3 retrievals each:
 * 1 x $4.00 + 3 x $1.00 = $7.00 (units of a thousand requests).
 */
export function knowledgeBase(book: PriceBook, workload: KnowledgeBaseWorkload): CostEstimate {
  checkWorkload(workload, KNOWLEDGE_BASE_FIELDS);
  requireOneOf(workload, KNOWLEDGE_BASE_FIELDS);
  const { region, agenticRetrievalsPerMonth, underlyingRetrievalsPerAgenticRetrieval: underlyingOfOne } = workload;
  const underlyingCount = quantityOf('underlyingRetrievalsPerAgenticRetrieval', underlyingOfOne, 0);
  if (underlyingOfOne !== undefined && agenticRetrievalsPerMonth === undefined) {
    throw PricingError.about('underlyingRetrievalsPerAgenticRetrieval', 'requires agenticRetrievalsPerMonth', 'Set agenticRetrievalsPerMonth, or remove the field.');
  }
  const agentic = quantityOf('agenticRetrievalsPerMonth', agenticRetrievalsPerMonth, 0);
  const underlying = agentic.times(underlyingCount);
  const run = new PricingRun(book, { model: ANY_MODEL, region }, decimal(1));
  run.assume('managed models for embedding, parsing and reranking are included in the price');
  run.assume(OWN_VECTOR_STORE);
  if (agentic.toNumber() > 0 && underlyingOfOne === undefined) {
    run.assume('each retrieval that an agentic retrieval makes is charged, too; underlyingRetrievalsPerAgenticRetrieval is left out, so none is counted');
  }
  run.addAll([
    { what: 'managed knowledge base: index storage', quantity: quantityOf('indexedGigabytes', workload.indexedGigabytes, 0), unit: 'GB-month', kind: RateKind.INDEX_STORAGE },
    { what: 'managed knowledge base: retrievals', quantity: quantityOf('retrievalsPerMonth', workload.retrievalsPerMonth, 0), unit: 'request', kind: RateKind.RETRIEVAL },
    { what: 'managed knowledge base: agentic retrievals', quantity: agentic, unit: 'request', kind: RateKind.AGENTIC_RETRIEVAL },
    { what: 'managed knowledge base: retrievals made by agentic retrievals', quantity: underlying, unit: 'request', kind: RateKind.RETRIEVAL },
  ]);
  return CostEstimate._of(together([run]));
}
