/** The kind of usage that a rate prices. */
export enum RateKind {
  /** Input tokens of text. */
  INPUT = 'input',
  /** Output tokens of text. */
  OUTPUT = 'output',
  /** Input tokens that are read from the prompt cache. */
  CACHE_READ = 'cache-read',
  /** A cache write that lives for five minutes, or whose lifetime AWS does not state. */
  CACHE_WRITE_5M = 'cache-write-5m',
  /** Input tokens that are written to the prompt cache for 30 minutes. */
  CACHE_WRITE_30M = 'cache-write-30m',
  /** Input tokens that are written to the prompt cache for one hour. */
  CACHE_WRITE_1H = 'cache-write-1h',
  /** Images in the input, in tokens or images. */
  INPUT_IMAGE = 'input-image',
  /** An image of a document page, where a model prices it apart from other images. */
  INPUT_DOCUMENT_IMAGE = 'input-document-image',
  /** Audio in the input, in the unit of the rate. */
  INPUT_AUDIO = 'input-audio',
  /** Video in the input, in the unit of the rate. */
  INPUT_VIDEO = 'input-video',
  /** Speech in the input, in the unit of the rate. */
  INPUT_SPEECH = 'input-speech',
  /** Speech in the output, in the unit of the rate. */
  OUTPUT_SPEECH = 'output-speech',
  /** Images that a multimodal model gives back, counted as tokens. */
  OUTPUT_IMAGE = 'output-image',
  /** One model unit of provisioned throughput for one hour. */
  MODEL_UNIT_HOUR = 'model-unit-hour',
  /** A thousand input tokens a minute, reserved for one hour. */
  RESERVED_INPUT = 'reserved-input',
  /** A thousand output tokens a minute, reserved for one hour. */
  RESERVED_OUTPUT = 'reserved-output',
  /** Training of a custom model: by the token, by the image seen or by the hour. */
  TRAINING = 'training',
  /** Keeping one custom model for one month. */
  MODEL_STORAGE = 'model-storage',
  /** One custom model unit of an imported model for one minute. */
  CUSTOM_MODEL_UNIT = 'custom-model-unit',
  /** Keeping an imported model: one custom model unit for one month. */
  CUSTOM_MODEL_UNIT_STORAGE = 'custom-model-unit-storage',
  /** One image that a model generates or edits. With `policy`, one that a guardrail checks. */
  IMAGE = 'image',
  /** One second of generated video. */
  VIDEO = 'video',
  /** A query that ranks up to 100 documents. */
  RERANK_QUERY = 'rerank-query',
  /** A retrieval from a managed knowledge base. */
  RETRIEVAL = 'retrieval',
  /** An agentic retrieval, besides the retrievals that it makes. */
  AGENTIC_RETRIEVAL = 'agentic-retrieval',
  /** Keeping the index of a managed knowledge base. */
  INDEX_STORAGE = 'index-storage',
  /** A request that a model grounds on the web. */
  WEB_GROUNDING = 'web-grounding',
  /** Up to 1,000 characters, checked by one policy of a guardrail. */
  TEXT_UNIT = 'text-unit',
  /** A step from one node of a flow to the next. */
  NODE_TRANSITION = 'node-transition',
  /** A task of a model evaluation that a person completes. */
  HUMAN_TASK = 'human-task',
}

/** The unit that a rate prices. */
export enum RateUnit {
  /** 1,000 tokens. */
  THOUSAND_TOKENS = '1K tokens',
  /** 1,000,000 tokens. */
  MILLION_TOKENS = '1M tokens',
  /** One image. */
  IMAGE = 'image',
  /** One second. */
  SECOND = 'second',
  /** One hour. */
  HOUR = 'hour',
  /** One minute. */
  MINUTE = 'minute',
  /** One month. */
  MONTH = 'month',
  /** A thousand tokens a minute, held for one hour. */
  THOUSAND_TOKENS_PER_MINUTE_HOUR = '1K TPM hour',
  /** 1,000 requests. */
  THOUSAND_REQUESTS = '1K requests',
  /** One gigabyte that is stored for one month. */
  GIGABYTE_MONTH = 'GB-month',
  /** 1,000 text units of up to 1,000 characters each. */
  THOUSAND_TEXT_UNITS = '1K text units',
  /** 1,000 node transitions of a flow. */
  THOUSAND_TRANSITIONS = '1K transitions',
  /** One task. */
  TASK = 'task',
}

const TOKENS = [RateUnit.THOUSAND_TOKENS, RateUnit.MILLION_TOKENS];

/** The units that a price of each kind can be stated in, for example no price per hour for input tokens. */
export const UNITS_OF_KIND: { readonly [kind in RateKind]: readonly RateUnit[] } = {
  [RateKind.INPUT]: TOKENS,
  [RateKind.OUTPUT]: TOKENS,
  [RateKind.CACHE_READ]: TOKENS,
  [RateKind.CACHE_WRITE_5M]: TOKENS,
  [RateKind.CACHE_WRITE_30M]: TOKENS,
  [RateKind.CACHE_WRITE_1H]: TOKENS,
  [RateKind.INPUT_IMAGE]: [...TOKENS, RateUnit.IMAGE],
  [RateKind.INPUT_DOCUMENT_IMAGE]: [...TOKENS, RateUnit.IMAGE],
  [RateKind.INPUT_AUDIO]: [...TOKENS, RateUnit.SECOND],
  [RateKind.INPUT_VIDEO]: [...TOKENS, RateUnit.SECOND],
  [RateKind.INPUT_SPEECH]: [...TOKENS, RateUnit.SECOND],
  [RateKind.OUTPUT_SPEECH]: [...TOKENS, RateUnit.SECOND],
  [RateKind.OUTPUT_IMAGE]: TOKENS,
  [RateKind.MODEL_UNIT_HOUR]: [RateUnit.HOUR],
  [RateKind.RESERVED_INPUT]: [RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR],
  [RateKind.RESERVED_OUTPUT]: [RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR],
  [RateKind.TRAINING]: [...TOKENS, RateUnit.IMAGE, RateUnit.HOUR],
  [RateKind.MODEL_STORAGE]: [RateUnit.MONTH],
  [RateKind.CUSTOM_MODEL_UNIT]: [RateUnit.MINUTE],
  [RateKind.CUSTOM_MODEL_UNIT_STORAGE]: [RateUnit.MONTH],
  [RateKind.IMAGE]: [RateUnit.IMAGE],
  [RateKind.VIDEO]: [RateUnit.SECOND],
  [RateKind.RERANK_QUERY]: [RateUnit.THOUSAND_REQUESTS],
  [RateKind.RETRIEVAL]: [RateUnit.THOUSAND_REQUESTS],
  [RateKind.AGENTIC_RETRIEVAL]: [RateUnit.THOUSAND_REQUESTS],
  [RateKind.INDEX_STORAGE]: [RateUnit.GIGABYTE_MONTH],
  [RateKind.WEB_GROUNDING]: [RateUnit.THOUSAND_REQUESTS],
  [RateKind.TEXT_UNIT]: [RateUnit.THOUSAND_TEXT_UNITS],
  [RateKind.NODE_TRANSITION]: [RateUnit.THOUSAND_TRANSITIONS],
  [RateKind.HUMAN_TASK]: [RateUnit.TASK],
};

/** The fields that a rate of each kind must also have, because its price depends on them. */
export const REQUIRED_WITH_KIND: { readonly [kind in RateKind]?: readonly (keyof Rate)[] } = {
  [RateKind.MODEL_UNIT_HOUR]: ['commitmentDuration', 'customModel'],
  [RateKind.RESERVED_INPUT]: ['termMonths'],
  [RateKind.RESERVED_OUTPUT]: ['termMonths'],
  [RateKind.CUSTOM_MODEL_UNIT]: ['customModelUnitVersion'],
  [RateKind.CUSTOM_MODEL_UNIT_STORAGE]: ['customModelUnitVersion'],
  [RateKind.TEXT_UNIT]: ['policy'],
};

/** The model of a rate that no model is part of: a guardrail, a knowledge base, an imported model. */
export const ANY_MODEL = '*';

/** The scope in which requests are routed, which determines their price. */
export enum PriceScope {
  /** The bare model id: the request stays in its region. */
  IN_REGION = 'in-region',
  /** A geographic inference profile (`us.`, `eu.`, `apac.`, ...). */
  GEO = 'geo',
  /** A global inference profile (`global.`). */
  GLOBAL = 'global',
}

/** The price tier of a rate. */
export enum PriceTier {
  /** The on-demand price of the Standard tier. */
  STANDARD = 'standard',
  /** The price of batch inference. */
  BATCH = 'batch',
  /** The price of the Flex tier. */
  FLEX = 'flex',
  /** The price of the Priority tier. */
  PRIORITY = 'priority',
  /** The price of latency-optimized inference. */
  LATENCY_OPTIMIZED = 'latency-optimized',
  /** The price of the Ultrafast tier. */
  ULTRAFAST = 'ultrafast',
}

/** The length of a request, for models that price long ones differently. */
export enum ContextLength {
  /** Requests at the standard price of the model. */
  STANDARD = 'standard',
  /** Requests at the long-context price of the model. */
  LONG = 'long',
}

/**
 * The commitment term of provisioned throughput.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 */
export enum CommitmentDuration {
  /** Billed by the hour, can be deleted at any time. */
  NONE = 'none',
  /** Cannot be deleted for one month, and renews itself. */
  ONE_MONTH = 'one-month',
  /** Cannot be deleted for six months, and renews itself. */
  SIX_MONTHS = 'six-months',
}

/** The length of each commitment in months, which is billed whether the capacity is used or not. */
export const COMMITMENT_MONTHS: { readonly [duration in CommitmentDuration]: number } = {
  [CommitmentDuration.NONE]: 0,
  [CommitmentDuration.ONE_MONTH]: 1,
  [CommitmentDuration.SIX_MONTHS]: 6,
};

/**
 * One price, in US dollars for one unit.
 *
 * A rate without region or scope holds for all of them; without tier or context it is the standard one. Of several rates that fit, the most
 * specific one wins.
 */
export interface Rate {
  /** The model's id, with or without an inference profile's prefix (a prefix sets the scope). `*` where no model is part of the price. */
  readonly model: string;
  /** The kind of usage that the rate prices. */
  readonly kind: RateKind;
  /** The price of one unit in US dollars, as a decimal text such as `0.00080`. */
  readonly usd: string;
  /** The unit that the price is for. */
  readonly unit: RateUnit;
  /**
   * The source region that the rate holds in.
   * @default - every region
   */
  readonly region?: string;
  /**
   * The scope in which requests are routed.
   * @default - the scope of the model id's prefix; every scope for a bare id
   */
  readonly scope?: PriceScope;
  /**
   * The price tier.
   * @default PriceTier.STANDARD
   */
  readonly tier?: PriceTier;
  /**
   * The length of request that the rate holds for.
   * @default ContextLength.STANDARD
   */
  readonly context?: ContextLength;
  /**
   * The commitment, for model-unit hours, which always state it.
   * @default - not a rate of provisioned throughput
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Whether the rate is for a custom model. Model-unit hours always state it.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * The resolution of an image or video, such as `1024x1024` or `720p`. A rate of an image holds up to it.
   * @default - every resolution
   */
  readonly resolution?: string;
  /**
   * The quality of an image, such as `standard` or `premium`.
   * @default - every quality
   */
  readonly quality?: string;
  /**
   * The term of a reservation in months. Reserved rates always state it.
   * @default - not a rate of reserved capacity
   */
  readonly termMonths?: number;
  /**
   * The policy of a guardrail, such as `content-text`. Text units always state it.
   * @default - not a rate of a guardrail
   */
  readonly policy?: string;
  /**
   * The version of the custom model units, such as `1.0`.
   *
   * Rates of imported models always state it.
   * @default - not a rate of imported models
   */
  readonly customModelUnitVersion?: string;
  /**
   * The architecture of an imported model, such as `Llama`.
   * @default - every architecture
   */
  readonly architecture?: string;
  /**
   * The day on which the rate was read, as YYYY-MM-DD.
   * @default - not stated
   */
  readonly asOf?: string;
  /**
   * The last day on which a source stated the same price again, as YYYY-MM-DD. The age of a price is counted from it.
   * @default - the day on which the rate was read
   */
  readonly confirmed?: string;
  /**
   * The source of the rate.
   * @default - not stated
   */
  readonly source?: string;
  /**
   * The day since which AWS charges the rate, as YYYY-MM-DD. Not the day on which it was read.
   * @default - not stated by the source
   */
  readonly effectiveDate?: string;
  /**
   * The first day on which the rate no longer holds, as YYYY-MM-DD.
   * @default - not stated by the source
   */
  readonly endDate?: string;
  /**
   * The last day for which the source guarantees the rate ("at least until"), as YYYY-MM-DD. The rate still applies after it, but must be
   * reviewed.
   * @default - the source names no such day
   */
  readonly reviewAfter?: string;
  /**
   * The rule that gives the rate where no row states it.
   * @default - the rate is stated by its source
   */
  readonly derived?: string;
}

/** The query of a price. */
export interface RateQuery {
  /** The model's id, with or without an inference profile's prefix (a prefix sets the scope). */
  readonly model: string;
  /** The kind of the price. */
  readonly kind: RateKind;
  /**
   * The source region.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * The price tier.
   * @default PriceTier.STANDARD
   */
  readonly tier?: PriceTier;
  /**
   * The length of the request.
   * @default ContextLength.STANDARD
   */
  readonly context?: ContextLength;
  /**
   * The commitment, for model-unit hours.
   * @default - not provisioned throughput
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Whether the model is a custom one.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * The resolution of an image or video, such as `1024x1024` or `720p`.
   * @default - a rate that does not depend on it, or the price that all resolutions share
   */
  readonly resolution?: string;
  /**
   * The quality of an image, such as `standard` or `premium`.
   * @default - a rate that does not depend on it, or the price that all qualities share
   */
  readonly quality?: string;
  /**
   * The term of a reservation in months.
   * @default - not reserved capacity
   */
  readonly termMonths?: number;
  /**
   * The policy of a guardrail, such as `content-text`.
   * @default - not a guardrail
   */
  readonly policy?: string;
  /**
   * The version of the custom model units, such as `1.0`.
   * @default - not an imported model
   */
  readonly customModelUnitVersion?: string;
  /**
   * The architecture of an imported model, such as `Llama`.
   * @default - the price that all architectures of the version share
   */
  readonly architecture?: string;
}
