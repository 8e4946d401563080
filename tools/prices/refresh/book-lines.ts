import { decimal } from '../../../src/pricing/decimal';
import { ANY_MODEL, PriceScope, Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';
import { dimensionsOf } from '../../../src/pricing/price-book/rate-dimensions';
import { ASSUMED_REGIONS } from '../../../src/pricing/price-book/rate-group';
import { comparablePrice, comparableUnit } from '../../../src/pricing/price-book/rate-identity';
import { DisputedRate, PricedModel, PricedRate, PriceFacts } from '../facts';

/** The value of the region if a source leaves it open. */
export const OPEN = 'open';

/** A rate of prices/, in one of its regions. */
export interface Line {
  readonly model: string;
  readonly rate: PricedRate;
  readonly region: string;
}

type Identity = Pick<Rate, 'kind' | 'scope' | 'tier' | 'context' | 'commitmentDuration' | 'customModel' | 'policy' | 'unit'>;

/** A text that two rates share if they price the same, apart from model and region. */
export function identityOf(rate: Identity): string {
  const { kind, tier, context, commitmentDuration, customModel, policy } = rate;
  const scope = dimensionsOf(rate).includes('scope') ? rate.scope : undefined;
  return JSON.stringify([kind, scope, tier, context, commitmentDuration, customModel, policy, comparableUnit(rate)].map((part) => part ?? ''));
}

/** Dollars for one million tokens, one image, ...: one text for one price. */
export function priceText(rate: Pick<Rate, 'usd' | 'unit'>): string {
  return comparablePrice(rate).toFixed();
}

/**
 * True if a price in the book's unit equals that of a rate. Other sources state model units by the second. AWS's page states them
 * by the hour, rounded to cents.
 */
export function isPriceOf(rate: PricedRate, usd: string): boolean {
  if (comparablePrice(rate).cmp(decimal(usd)) === 0) return true;
  const decimals = rate.usd.split('.')[1]?.length ?? 0;
  return rate.kind === RateKind.MODEL_UNIT_HOUR && Math.abs(Number(usd) - Number(rate.usd)) <= 0.5 / 10 ** decimals;
}

/** The rates of prices/, by what they price. */
export class BookLines {
  private readonly lines = new Map<string, Map<string, Line>>();
  private readonly held = new Set<string>();

  private readonly secondHand: ReadonlySet<string>;

  constructor(facts: Pick<PriceFacts, 'models' | 'features' | 'sources'>) {
    this.secondHand = new Set(facts.sources.filter((source) => source.secondHand).map(({ key }) => key));
    for (const { id, rates } of [{ id: ANY_MODEL, rates: facts.features }, ...facts.models]) {
      this.held.add(id);
      for (const rate of rates.filter(isPlain)) {
        for (const region of rate.regions === 'open' ? [OPEN] : rate.regions) this.add({ model: id, rate, region });
      }
    }
  }

  public holds(model: string): boolean {
    return this.held.has(model);
  }

  public find(model: string, identity: string, region: string): Line | undefined {
    const byRegion = this.lines.get(`${model} ${identity}`);
    return byRegion?.get(region) ?? (ASSUMED_REGIONS.includes(region) ? byRegion?.get(OPEN) : undefined);
  }

  /** The regions in which the book has a model's standard input or output rate from AWS itself. Rates of other sources are no evidence of regions. */
  public standardRegions(model: string, scope: PriceScope): string[] {
    const regions = [RateKind.INPUT, RateKind.OUTPUT].flatMap((kind) => [...(this.lines.get(`${model} ${standard(kind, scope)}`)?.values() ?? [])]
      .filter(({ rate }) => this.isFromAws(rate)).map(({ region }) => region));
    return [...new Set(regions.flatMap((region) => (region === OPEN ? ASSUMED_REGIONS : [region])))].sort();
  }

  /** A standard rate that AWS itself states. */
  public standardPrice(model: string, kind: RateKind, scope: PriceScope, region: string): string | undefined {
    const line = this.find(model, standard(kind, scope), region);
    return line && this.isFromAws(line.rate) ? priceText(line.rate) : undefined;
  }

  public isFromAws({ source }: PricedRate): boolean {
    return !this.secondHand.has(source);
  }

  private add(line: Line): void {
    const key = `${line.model} ${identityOf(line.rate)}`;
    if (!this.lines.has(key)) this.lines.set(key, new Map());
    const known = this.lines.get(key)!.get(line.region);
    // Of rates that follow each other, the one that began last.
    if (!known || (known.rate.effectiveDate ?? '') <= (line.rate.effectiveDate ?? '')) this.lines.get(key)!.set(line.region, line);
  }
}

function standard(kind: RateKind, scope: PriceScope): string {
  return identityOf({ kind, scope, unit: RateUnit.MILLION_TOKENS });
}

/** Rates that no package states: by resolution, term, architecture. */
function isPlain({ resolution, quality, termMonths, customModelUnitVersion, architecture, endDate }: PricedRate): boolean {
  return [resolution, quality, termMonths, customModelUnitVersion, architecture, endDate].every((field) => field === undefined);
}

/** The evidence that a provider has one price in all regions that are called in the same way. */
export enum Uniformity {
  /** The book has rates of several regions, and they are equal. */
  SEEN = 'seen',
  /** The book has no rate that contradicts it. */
  NOT_REFUTED = 'not refuted',
  /** The book has rates of one geography that differ. */
  REFUTED = 'refuted',
}

/** The evidence, from AWS's own prices, that providers have one price in a geography, or in the world through a global profile. */
export function uniformityOf(
  models: readonly PricedModel[], isFromAws: (rate: PricedRate) => boolean, geographyOf: (region: string) => string,
): (model: string, scope: PriceScope) => Uniformity {
  const prices = new Map<string, string>();
  const found = new Map<string, Uniformity>();
  for (const { id, rates } of models) {
    for (const rate of rates.filter(isPlain).filter(isFromAws)) {
      if (rate.scope === undefined || rate.regions === 'open') continue;
      const provider = `${providerOf(id)} ${groupOf(rate.scope)}`;
      for (const region of rate.regions) {
        const key = `${id} ${identityOf(rate)} ${rate.scope === PriceScope.GEO ? geographyOf(region) : ''}`;
        const known = prices.get(key);
        prices.set(key, known ?? priceText(rate));
        if (known === undefined || found.get(provider) === Uniformity.REFUTED) continue;
        found.set(provider, known === priceText(rate) ? Uniformity.SEEN : Uniformity.REFUTED);
      }
    }
  }
  return (model, scope) => found.get(`${providerOf(model)} ${groupOf(scope)}`) ?? Uniformity.NOT_REFUTED;
}

function groupOf(scope: PriceScope): string {
  return scope === PriceScope.IN_REGION ? scope : 'profile';
}

export function providerOf(model: string): string {
  return model.split('.')[0];
}

/** True for two prices of the same usage, in any region. */
export function isSameRate(a: DisputedRate, b: PricedRate): boolean {
  const text = ({ kind, scope, tier, context }: DisputedRate | PricedRate) => [kind, scope, tier, context].map((part) => part ?? '').join(' ');
  return text(a) === text(b);
}
