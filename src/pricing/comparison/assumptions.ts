import { isListed } from './access';
import { ComparisonUsage, ModelAlternative, PurchaseOption, BillingMode } from './comparison';
import { DEFAULT_HOURS_PER_MONTH } from '../billing-modes/hours-per-month';
import { formatQuantity } from '../format';

/** The assumptions on which the options of a comparison depend. */
export function assumptionsOf(usage: ComparisonUsage, options: readonly PurchaseOption[], others: readonly ModelAlternative[]): string[] {
  const { model, region, hoursPerMonth = DEFAULT_HOURS_PER_MONTH, peakToAverageRatio = 1, tokensPerMinutePerModelUnit } = usage;
  const has = (billingMode: BillingMode) => options.some((option) => option.billingMode === billingMode);
  const sellsCapacity = has(BillingMode.RESERVED) || (has(BillingMode.PROVISIONED_THROUGHPUT) && tokensPerMinutePerModelUnit !== undefined);
  return [
    ...(isListed(model) || options.length === 1
      ? []
      : [`no availability list names ${model}: ${region ?? 'the region'} may not offer all that the price book holds prices for`]),
    ...(has(BillingMode.RESERVED) || has(BillingMode.PROVISIONED_THROUGHPUT) ? [`a month has ${hoursPerMonth} hours`] : []),
    ...(sellsCapacity
      ? [peakToAverageRatio === 1
        ? 'the load is even: the busiest minute is taken to be no busier than the average one'
        : `the busiest minute is taken to be ${peakToAverageRatio} times as busy as the average one`]
      : []),
    ...(has(BillingMode.RESERVED) ? ['reserved: tokens from the prompt cache are taken to count as input tokens'] : []),
    ...(has(BillingMode.PROVISIONED_THROUGHPUT) && tokensPerMinutePerModelUnit !== undefined
      ? [`one model unit carries ${formatQuantity(tokensPerMinutePerModelUnit)} tokens a minute, input and output together, as you gave it`]
      : []),
    ...(others.length > 0 ? ['other models are taken to make the same number of tokens of the same text'] : []),
    ...new Set(options.flatMap(({ estimate }) => estimate.assumptions)),
    ...ofOtherModels(others),
  ];
}

/** Those of other models name the models: what holds for one of them holds for no other. */
function ofOtherModels(others: readonly ModelAlternative[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, estimate } of others) {
    for (const assumption of estimate.assumptions) names.set(assumption, [...(names.get(assumption) ?? []), name]);
  }
  return [...names].map(([assumption, of]) => `${of.length > 1 && of.length === others.length ? 'all other models' : of.join(', ')}: ${assumption}`);
}
