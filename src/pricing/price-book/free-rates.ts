import { Rate, RateKind } from './rate';

const CACHE_WRITE_KINDS: readonly RateKind[] = [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H];

/**
 * True for use that is free of charge: cache writes of Nova models, and the regular expressions of a guardrail. Any other price of $0 is
 * a placeholder in a price list.
 */
export function isGivenAway({ model, kind, policy }: Pick<Rate, 'model' | 'kind' | 'policy'>): boolean {
  return (CACHE_WRITE_KINDS.includes(kind) && model.startsWith('amazon.nova-'))
    || (kind === RateKind.TEXT_UNIT && policy === 'sensitive-information-regex');
}
