/** The ways of paying that a workload of a usage file can have, as schemas/usage.schema.json lists them. */
export const WORKLOAD_TYPES = [
  'on-demand', 'batch', 'provisioned-throughput', 'reserved', 'customization', 'custom-model-import', 'image', 'video', 'speech',
  'rerank', 'guardrail', 'knowledge-base', 'flow', 'web-grounding', 'evaluation',
] as const;
export type WorkloadType = (typeof WORKLOAD_TYPES)[number];

/** The kinds of rates that a usage file can give, as the schema lists them: also those that no estimate asks for yet. */
export const USAGE_FILE_RATE_KINDS = [
  'input', 'output', 'cache-read', 'cache-write-5m', 'cache-write-30m', 'cache-write-1h',
  'input-image', 'input-document-image', 'input-audio', 'input-video', 'input-speech', 'output-speech',
  'model-unit-hour', 'reserved-input', 'reserved-output', 'training', 'model-storage',
  'custom-model-unit', 'custom-model-unit-storage', 'image', 'video',
  'rerank-query', 'retrieval', 'agentic-retrieval', 'web-grounding', 'index-storage', 'text-unit', 'node-transition', 'human-task',
] as const;
