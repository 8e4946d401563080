import { RateKind } from '../pricing/price-book/rate';

/** The ways of paying that a workload of a usage file can have, as schemas/usage.schema.json lists them. */
export const WORKLOAD_TYPES = [
  'on-demand', 'batch', 'provisioned-throughput', 'reserved', 'customization', 'custom-model-import', 'image', 'video', 'speech',
  'rerank', 'guardrail', 'knowledge-base', 'flow', 'web-grounding', 'evaluation',
] as const;
export type WorkloadType = (typeof WORKLOAD_TYPES)[number];

/** The kinds of rates that a usage file can give. */
export const USAGE_FILE_RATE_KINDS: readonly string[] = Object.values(RateKind);
