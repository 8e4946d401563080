/** How soon an on-demand request is served, and at what price. */
export enum ServiceTier {
  STANDARD = 'standard',
  /** About half the price, for requests that can wait. */
  FLEX = 'flex',
  /** About 1.75 times the price, served first. */
  PRIORITY = 'priority',
  /** Six times the price, for the fastest output. Only some models have it, such as GPT-6 Astra. */
  ULTRAFAST = 'ultrafast',
}

/** Latency-optimized inference, where a model offers it. */
export enum InferenceLatency {
  STANDARD = 'standard',
  OPTIMIZED = 'optimized',
}

/** How long a prompt stays in the cache, which decides what writing it costs. */
export enum CacheTtl {
  FIVE_MINUTES = '5m',
  THIRTY_MINUTES = '30m',
  ONE_HOUR = '1h',
}

/**
 * On-demand use in an average month, paid by what each request carries.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference.html
 */
export interface OnDemandUsage {
  /** Requests a month. */
  readonly requestsPerMonth: number;
  /**
   * Input tokens of one request, without those read from or written to the prompt cache.
   * @default 0
   */
  readonly inputTokensPerRequest?: number;
  /**
   * Output tokens of one request.
   * @default 0
   */
  readonly outputTokensPerRequest?: number;
  /**
   * Tokens of one request that are read from the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheReadTokensPerRequest?: number;
  /**
   * Tokens of one request that are written to the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheWriteTokensPerRequest?: number;
  /**
   * How long cached tokens live.
   * @default - the shortest lifetime that the model offers
   */
  readonly cacheTtl?: CacheTtl;
  /**
   * The service tier of the requests.
   * @default ServiceTier.STANDARD
   */
  readonly serviceTier?: ServiceTier;
  /**
   * Latency-optimized inference.
   * @default InferenceLatency.STANDARD
   */
  readonly latency?: InferenceLatency;
  /**
   * Whether a custom model is called, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * Images of one request, for models that price them apart from tokens.
   * @default 0
   */
  readonly imagesPerRequest?: number;
  /**
   * Images of document pages of one request, for models that price them apart.
   * @default 0
   */
  readonly documentImagesPerRequest?: number;
  /**
   * Seconds of audio of one request.
   * @default 0
   */
  readonly audioSecondsPerRequest?: number;
  /**
   * Seconds of video of one request.
   * @default 0
   */
  readonly videoSecondsPerRequest?: number;
  /**
   * Tokens of one request that stand for images, for models that price these apart from text tokens. They count towards
   * the length of the request.
   * @default 0
   */
  readonly inputImageTokensPerRequest?: number;
  /**
   * Tokens of one request that stand for audio, for models that price these apart from text tokens. They count towards
   * the length of the request.
   * @default 0
   */
  readonly inputAudioTokensPerRequest?: number;
  /**
   * Tokens of one request that stand for video, for models that price these apart from text tokens. They count towards
   * the length of the request.
   * @default 0
   */
  readonly inputVideoTokensPerRequest?: number;
  /**
   * Tokens of the images that one request gives back, for models that price these apart from text tokens.
   * @default 0
   */
  readonly outputImageTokensPerRequest?: number;
}

/** On-demand use of a model in a region. */
export interface OnDemandWorkload extends OnDemandUsage {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the requests are made in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}
