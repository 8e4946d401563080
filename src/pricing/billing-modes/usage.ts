/** What usage is described by: one file for each way of paying. */
export * from './usage/hours-per-month';
export * from './usage/on-demand';
export * from './usage/batch';
export * from './usage/provisioned';
export * from './usage/reserved';
export * from './usage/customization';
export * from './usage/custom-model-import';
export * from './usage/image';
export * from './usage/video';
export * from './usage/speech';
export * from './usage/rerank';
export * from './usage/guardrail';
export * from './usage/knowledge-base';
export * from './usage/flow';
export * from './usage/web-grounding';
export * from './usage/evaluation';
