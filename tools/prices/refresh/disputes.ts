import { OPEN } from './book-lines';
import { StatedRate } from './stated-rate';
import { groupBy } from '../../../src/price-book-review/placed-rate';
import { ContextLength, PriceScope, PriceTier, RateKind } from '../../../src/pricing/price-book/rate';
import { dimensionsOf } from '../../../src/pricing/price-book/rate-dimensions';
import { ASSUMED_REGIONS } from '../../../src/pricing/price-book/rate-group';
import { Dispute, DisputedRate } from '../facts';
import { defined } from '../read-rate';

/** A disagreement of two sources on one price in one region. */
export interface RegionDispute {
  readonly model: string;
  readonly region: string;
  readonly inBook: Dispute['inBook'];
  readonly a: string;
  readonly b: string;
  readonly why: string;
  readonly rate: Omit<DisputedRate, 'regions'>;
}

export function isStandardPrice({ kind, scope, tier, context, b }: DisputedRate): boolean {
  return (kind === RateKind.INPUT || kind === RateKind.OUTPUT) && scope === PriceScope.IN_REGION
    && tier === undefined && context === undefined && b !== undefined;
}

export function whyOf(a: string, b: string, long: boolean, inBook: Dispute['inBook']): string {
  const disagree = long && inBook === 'nothing' ? `${a} asks more for long requests than ${b} does` : `${a} and ${b} state different prices`;
  return inBook === 'b' ? `${disagree}; the second one is taken.` : `${disagree}; nothing says which one holds.`;
}

export function disputed({ kind, scope, tier, context }: StatedRate): Omit<DisputedRate, 'regions' | 'a' | 'b'> {
  return defined({ kind, scope: dimensionsOf({ kind }).includes('scope') ? scope : undefined, tier, context });
}

type Priced = Pick<DisputedRate, 'kind' | 'scope' | 'tier' | 'context'>;

/** A key that two disagreements on the same price share. */
export function disputeKey(model: string, { kind, scope, tier, context }: Priced, region: string, inBook: string): string {
  return [model, kind, scope, tier ?? PriceTier.STANDARD, context ?? ContextLength.STANDARD, region, inBook].join(' ');
}

export function regionsOf(regions: DisputedRate['regions']): readonly string[] {
  return regions === undefined || regions === 'open' ? [OPEN, ...ASSUMED_REGIONS] : regions;
}

export function regionsIn(region: string): readonly string[] {
  return region === OPEN ? [OPEN, ...ASSUMED_REGIONS] : [region];
}

export function joinDisputes(disputes: readonly RegionDispute[]): Dispute[] {
  const byDecision = groupBy(disputes, ({ model, inBook, a, b, why }) => [model, inBook, a, b, why].join(' '));
  return [...byDecision.values()].map((alike) => {
    const { model, why, inBook, a, b } = alike[0];
    const rates = [...groupBy(alike, ({ rate, region }) => `${JSON.stringify(rate)} ${region === OPEN}`).values()]
      .map((same) => ({ ...same[0].rate, regions: same[0].region === OPEN ? OPEN : same.map(({ region }) => region).sort() } as DisputedRate));
    return { model, why, inBook, a, b, rates };
  }).sort((x, y) => (x.model < y.model ? -1 : x.model > y.model ? 1 : 0));
}
