/** The messages about prices and models that end, part of the registry of messages (src/messages.ts). */
export const LIFECYCLE_MESSAGES = {
  legacyModel: {
    id: 'bedrock-cost-legacy-model',
    severity: 'info',
    when: 'a priced construct uses a model that AWS marks as legacy; the end of life is named where AWS has published it',
    fix: 'Plan the change to an active model before the end of life.',
  },
  modelEndsSoon: {
    id: 'bedrock-cost-model-ends-soon',
    severity: 'warning',
    when: 'the end of life of a model is at most 180 days away on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Change to an active model before the end of life: from that day on, the cost is unknown and requests fail.',
  },
  modelEnded: {
    id: 'bedrock-cost-model-ended',
    severity: 'warning',
    when: 'a use is priced at a rate of your own, although its model has reached its end of life on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Use an active model, unless a private arrangement with the provider keeps this one in service.',
  },
  priceReviewDue: {
    id: 'bedrock-cost-price-review-due',
    severity: 'warning',
    when: 'an estimate uses a price that its source guaranteed or announced only until a day that is past on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Compare the price with the AWS pricing page. Then update cdk-bedrock-cost, or give a rate of your own.',
  },
  commitmentOutlivesModel: {
    id: 'bedrock-cost-commitment-outlives-model',
    severity: 'error',
    when: 'a commitment that is bought on the day of the context key `cdk-bedrock-cost:today` would end on or after the end of life of its model; synth stops. `estimate --day` reports it for its day, and at deployment, the function that buys refuses it by the clock',
    fix: 'Choose a shorter term or no commitment where the model is still served, or an active model.',
  },
} as const;
