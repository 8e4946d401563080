import { identityOf, isPriceOf, Line, OPEN, priceText, Uniformity } from './book-lines';
import { Flat } from './borders';
import { disputed, disputeKey, isStandardPrice, joinDisputes, RegionDispute, regionsIn, regionsOf, whyOf } from './disputes';
import { isLong, Places } from './place';
import { Comparison, Doubt, Proposal, ProposedChange, ProposedRate } from './proposal';
import { familyOf, SCOPE_DOUBTFUL, StatedRate } from './stated-rate';
import { groupBy } from '../../../src/price-book-review/placed-rate';
import { PriceScope, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';
import { dimensionsOf } from '../../../src/pricing/price-book/rate-dimensions';
import { ASSUMED_REGIONS } from '../../../src/pricing/price-book/rate-group';
import { Dispute, DisputedRate, PricedRate, PriceFacts } from '../facts';
import { defined } from '../read-rate';

/** All statements of sources about one price in one region. */
export interface Cell {
  readonly model: string;
  readonly identity: string;
  readonly region: string;
  readonly line?: Line;
  readonly stated: StatedRate[];
}

type Judged = Pick<Proposal, 'comparisons' | 'added' | 'changed' | 'confirmed' | 'disputed' | 'knownDisputes' | 'equal' | 'doubts'>;

interface NewRate {
  readonly model: string;
  readonly region: string;
  readonly rate: Omit<PricedRate, 'regions'>;
}

export function judge(cells: readonly Cell[], judgement: Judge): Judged {
  const added: NewRate[] = [];
  const changed: ProposedChange[] = [];
  const confirmed: ProposedChange[] = [];
  const disputes: RegionDispute[] = [];
  const doubts: Doubt[] = [];
  let knownDisputes = 0;
  let equal = 0;
  const comparisons: Comparison[] = [];
  for (const cell of cells) {
    const verdict = judgement.of(cell);
    comparisons.push(...verdict.comparisons ?? []);
    if (verdict.equal) equal += 1;
    if (verdict.added) added.push(verdict.added);
    if (verdict.changed) changed.push(verdict.changed);
    if (verdict.confirmed) confirmed.push(verdict.confirmed);
    if (verdict.doubt) doubts.push(verdict.doubt);
    for (const dispute of verdict.disputes ?? []) {
      if (judgement.isKnown(dispute)) knownDisputes += 1;
      else disputes.push(dispute);
    }
  }
  return { comparisons, added: joinRegions(added), changed, confirmed, disputed: joinDisputes(disputes), knownDisputes, equal, doubts };
}

interface Verdict {
  readonly comparisons?: readonly Comparison[];
  readonly equal?: boolean;
  readonly added?: NewRate;
  readonly changed?: ProposedChange;
  readonly confirmed?: ProposedChange;
  readonly doubt?: Doubt;
  readonly disputes?: readonly RegionDispute[];
}

/** The order in which sources are named where several agree: the one that cites AWS's list first. */
const PREFERRED = ['price-list', 'genai-prices', 'litellm', 'pi-ai'];

export class Judge {
  private readonly secondHand: ReadonlySet<string>;
  private readonly known: ReadonlySet<string>;
  private readonly doubtedModels: ReadonlyMap<string, readonly Dispute[]>;

  constructor(
    private readonly facts: PriceFacts,
    private readonly places: Places,
    private readonly flat: Flat,
    private readonly borders: ReadonlyMap<string, number>,
  ) {
    this.secondHand = new Set(facts.sources.filter((source) => source.secondHand).map(({ key }) => key));
    this.known = new Set(facts.disputed.flatMap(({ model, rates, inBook }) => rates.flatMap((rate) =>
      regionsOf(rate.regions).map((region) => disputeKey(model, rate, region, inBook)))));
    const doubted = facts.disputed.filter(({ inBook, rates }) => inBook === 'nothing' && rates.some(isStandardPrice));
    this.doubtedModels = groupBy(doubted, ({ model }) => model);
  }

  public of(cell: Cell): Verdict {
    const named = cell.stated.filter(({ isMantle }) => !isMantle);
    const stated = byPreference(named.length > 0 ? named : cell.stated);
    return cell.line ? this.ofHeld(cell, cell.line, stated) : this.ofMissing(cell, stated);
  }

  public isKnown(dispute: RegionDispute): boolean {
    return regionsIn(dispute.region).some((region) => this.known.has(disputeKey(dispute.model, dispute.rate, region, dispute.inBook)));
  }

  private ofHeld({ model, stated: all }: Cell, line: Line, stated: readonly StatedRate[]): Verdict {
    const { rate, region } = line;
    const ours = priceText(rate);
    const agreeing = all.filter((other) => isPriceOf(rate, priceText(other)));
    const differing = stated.filter((other) => !isPriceOf(rate, priceText(other)) && !other.isMantle && this.meansRegion(other, region));
    const newest = agreeing.map(({ source }) => source.date).sort().pop();
    const isNews = newest !== undefined && newest > (rate.confirmed ?? rate.asOf);
    const confirmed = isNews ? { model, line: rate, region, to: { ...priced(rate), confirmed: newest } } : undefined;
    const compared = [...new Map([...agreeing, ...differing].reverse().map((other) => [other.source.key, other])).values()];
    const base = {
      comparisons: compared.map((other) => ({ line, source: other.source, theirs: priceText(other), agrees: agreeing.includes(other) })),
      equal: agreeing.length > 0,
      ...(confirmed === undefined ? {} : { confirmed }),
    };
    if (differing.length === 0) return base;
    const [other] = differing;
    const change = this.changeOf(line, agreeing, differing);
    if (change) {
      // AWS's list has priority over sources that still state the old price, which the dispute records.
      const overruled = agreeing.map((old) => this.dispute(model, region, old, other.source.key, priceText(other), 'b'));
      return { changed: { model, line: rate, region, to: change }, disputes: overruled.slice(0, 1) };
    }
    return { ...base, disputes: [this.dispute(model, region, other, rate.source, ours, 'b')] };
  }

  /** Of a provider whose prices differ within a geography, an id without region may mean any of them: the US ones are taken. */
  private meansRegion({ model, scope, region: named }: StatedRate, region: string): boolean {
    return named !== undefined || region === OPEN || ASSUMED_REGIONS.includes(region) || this.places.uniformity(model, scope) !== Uniformity.REFUTED;
  }

  /** A newer second-hand price replaces an older one if no source still states the old one. */
  private changeOf({ rate }: Line, agreeing: readonly StatedRate[], differing: readonly StatedRate[]): ProposedChange['to'] | undefined {
    const [first] = differing;
    const agree = differing.every((other) => priceText(other) === priceText(first));
    const isNewer = first.source.date > (first.source.isAws ? rate.asOf : rate.confirmed ?? rate.asOf);
    const isWeaker = this.secondHand.has(rate.source) && agreeing.length === 0;
    return first.source.isAws && isNewer || isWeaker && agree && isNewer
      ? { usd: first.usd, unit: first.unit, asOf: first.source.date, source: first.source.key, ...confirmation(first, differing) }
      : undefined;
  }

  private ofMissing({ model, region, stated: all }: Cell, stated: readonly StatedRate[]): Verdict {
    const [first] = stated;
    if (first.isMantle) return { doubt: { rate: first, why: `${SCOPE_DOUBTFUL}: only the endpoint bedrock-mantle is known to ask it` } };
    const flat = isLong(first) && !first.source.isAws ? this.flatPrice(first) : undefined;
    if (flat) return { disputes: [this.dispute(model, region, first, flat.source, flat.usd, 'nothing')] };
    const other = stated.find((rate) => priceText(rate) !== priceText(first));
    if (other && !first.source.isAws) return { disputes: [this.dispute(model, region, first, other.source.key, priceText(other), 'nothing')] };
    const standard = identityOf({ kind: RateKind.INPUT, scope: first.scope, unit: RateUnit.MILLION_TOKENS });
    const isPriced = this.places.book.find(model, standard, region === OPEN ? ASSUMED_REGIONS[0] : region) !== undefined;
    const doubted = first.source.isAws || isPriced ? undefined : this.doubtedModels.get(model);
    if (doubted) return { disputes: [this.ofDoubtedModel(model, region, first, doubted)] };
    const isDisputed = this.known.has(disputeKey(model, disputed(first), region, 'nothing')) && !this.isSettled(model, first, stated);
    if (isDisputed && !first.source.isAws) return {};
    const rate = newRate(first, all);
    return {
      added: { model, region, rate },
      ...(other ? { disputes: [this.dispute(model, region, other, first.source.key, priceText(first), 'b')] } : {}),
    };
  }

  /** True if two third parties agree and all disputes are among third parties. A dispute with AWS itself is for people to decide. */
  private isSettled(model: string, { kind, scope }: StatedRate, stated: readonly StatedRate[]): boolean {
    const families = new Set(stated.map(({ source }) => familyOf(source.key)));
    const isOfThirdParties = ({ a, b }: Dispute) => this.secondHand.has(a) && (b === undefined || this.secondHand.has(b));
    const isOfRate = (rate: DisputedRate) => rate.kind === kind && rate.scope === scope;
    const disputes = this.facts.disputed.filter((dispute) => dispute.model === model && dispute.rates.some(isOfRate));
    return families.size > 1 && disputes.every(isOfThirdParties);
  }

  /** The dispute of a price that derives from a disputed standard input price of the model. */
  private ofDoubtedModel(model: string, region: string, first: StatedRate, disputes: readonly Dispute[]): RegionDispute {
    const isSame = ({ kind, tier, context, b: other }: DisputedRate) =>
      other !== undefined && kind === first.kind && tier === first.tier && context === first.context;
    const { b, why, rates } = disputes.find((dispute) => dispute.rates.some(isSame)) ?? disputes[0];
    return { ...this.dispute(model, region, first, b ?? first.source.key, rates.find(isSame)?.b, 'nothing'), why };
  }

  /** The standard price that a source also states for requests beyond the model's border. */
  private flatPrice({ model, scope, kind }: StatedRate): { readonly source: string; readonly usd?: string } | undefined {
    const border = this.borders.get(model);
    const isFlat = ({ contextWindow }: { readonly contextWindow: number }) => border !== undefined && contextWindow >= border;
    const own = this.flat.get(`${model} ${scope}`)?.find(isFlat);
    const flat = own ?? Object.values(PriceScope).flatMap((other) => this.flat.get(`${model} ${other}`) ?? []).find(isFlat);
    // A model with a flat price in one scope has a flat price in all scopes, but the price may differ.
    return flat && { source: flat.source.key, ...(own?.prices.has(kind) ? { usd: own.prices.get(kind)! } : {}) };
  }

  private dispute(model: string, region: string, a: StatedRate, b: string, bUsd: string | undefined, inBook: Dispute['inBook']): RegionDispute {
    return {
      model,
      region,
      inBook,
      a: a.source.key,
      b,
      why: whyOf(a.source.key, b, isLong(a), inBook),
      rate: { ...disputed(a), a: priceText(a), ...(bUsd === undefined ? {} : { b: bUsd }) },
    };
  }
}

function byPreference(stated: readonly StatedRate[]): StatedRate[] {
  const order = ({ source }: StatedRate) => PREFERRED.findIndex((name) => source.key.startsWith(name));
  return [...stated].sort((a, b) => order(a) - order(b));
}

function priced({ usd, unit, asOf, source }: PricedRate): Pick<PricedRate, 'usd' | 'unit' | 'asOf' | 'source'> {
  return { usd, unit, asOf, source };
}

/** The newest day on which another source states the same. */
function confirmation(rate: StatedRate, all: readonly StatedRate[]): { readonly confirmed?: string } {
  const newest = all.filter((other) => priceText(other) === priceText(rate)).map(({ source }) => source.date).sort().pop()!;
  return newest > rate.source.date ? { confirmed: newest } : {};
}

function newRate(first: StatedRate, all: readonly StatedRate[]): Omit<PricedRate, 'regions'> {
  const { kind, tier, context, commitmentDuration, customModel, policy, usd, unit, source } = first;
  const scope = dimensionsOf(first).includes('scope') ? first.scope : undefined;
  return defined({
    kind,
    scope,
    tier,
    context,
    commitmentDuration,
    customModel,
    policy,
    usd,
    unit,
    asOf: source.date,
    ...confirmation(first, all),
    source: source.key,
  });
}

function joinRegions(added: readonly NewRate[]): ProposedRate[] {
  return [...groupBy(added, ({ model, region, rate }) => `${model} ${JSON.stringify(rate)} ${region === OPEN}`).values()].map((alike) => ({
    model: alike[0].model,
    rate: { ...alike[0].rate, regions: alike[0].region === OPEN ? ('open' as const) : alike.map(({ region }) => region).sort() },
  })).sort(byModelAndKind);
}

const KINDS = Object.values(RateKind);
const SCOPES = [undefined, ...Object.values(PriceScope)];
const TIERS = [undefined, ...Object.values(PriceTier)];

function byModelAndKind(a: ProposedRate, b: ProposedRate): number {
  const order = ({ rate }: ProposedRate) => [
    SCOPES.indexOf(rate.scope), TIERS.indexOf(rate.tier), rate.context === undefined ? 0 : 1, KINDS.indexOf(rate.kind),
  ];
  const [x, y] = [order(a), order(b)];
  return a.model < b.model ? -1 : a.model > b.model ? 1 : x.map((n, i) => n - y[i]).find((n) => n !== 0) ?? 0;
}
