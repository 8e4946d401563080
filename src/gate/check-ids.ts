/** The ids of the findings of `check`. They are public, and the registry of messages (src/messages.ts) lists them. */
export const CHECK_IDS = {
  budgetExceeded: 'bedrock-cost-budget-exceeded',
  budgetAccepted: 'bedrock-cost-budget-accepted',
  budgetNear: 'bedrock-cost-budget-near',
  budgetIncomplete: 'bedrock-cost-budget-incomplete',
  budgetCoversNothing: 'bedrock-cost-budget-covers-nothing',
  limitExceeded: 'bedrock-cost-limit-exceeded',
  missingPrice: 'bedrock-cost-missing-price',
  pricesTooOld: 'bedrock-cost-prices-too-old',
  pricesInTheFuture: 'bedrock-cost-prices-in-the-future',
  pricesUndated: 'bedrock-cost-prices-undated',
} as const;
