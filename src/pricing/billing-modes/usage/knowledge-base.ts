/**
 * A managed knowledge base: its index is paid by size, retrievals by the request. Answers are tokens of a model, a
 * workload of its own. A vector store of your own, such as OpenSearch Serverless, Aurora or Pinecone, is billed by its own
 * service and is not part of the estimate.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base.html
 */
export interface KnowledgeBaseUsage {
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

/** A managed knowledge base in a region. */
export interface KnowledgeBaseWorkload extends KnowledgeBaseUsage {
  /**
   * The region of the knowledge base.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
