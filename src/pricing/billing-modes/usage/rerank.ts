/**
 * Ranking of documents by a rerank model. A query of more than 100 documents counts as several.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/rerank.html
 */
export interface RerankUsage {
  /** Queries a month. */
  readonly queriesPerMonth: number;
  /**
   * Documents (or chunks of documents) that one query ranks. Each 100, begun or full, are one query of the bill.
   * @default 100
   */
  readonly documentsPerQuery?: number;
}

/** Ranking of documents by a rerank model in a region. */
export interface RerankWorkload extends RerankUsage {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the queries are made in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
