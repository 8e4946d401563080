import { accessOf } from './access';
import { smallestCount } from './break-even';
import { RESERVED_MINIMUM, RESERVED_TERMS, reservedName, unitsName } from './by-capacity';
import { cheapestFirst, savingFields } from './candidate';
import { CostComparison, PurchaseOption, BillingMode } from './comparison';
import { noNewCapacity } from './new-capacity';
import { accessTradeOffs, commitmentTradeOff, provisionedTradeOffs, reservedTradeOffs, unitCommitmentTradeOff } from './trade-offs';
import { DEFAULT_HOURS_PER_MONTH } from '../billing-modes/hours-per-month';
import { provisioned, ProvisionedWorkload } from '../billing-modes/provisioned';
import { reserved, ReservedWorkload } from '../billing-modes/reserved';
import { outlived, outlivedText } from '../billing-modes/term';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { ModelId } from '../model-id';
import { legacyOf } from '../price-book/lifecycle';
import { PriceBook } from '../price-book/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../price-book/rate';

/** The same capacity for one term. */
interface Term {
  readonly name: string;
  readonly commitment: string;
  /** 0 without a commitment. */
  readonly months: number;
  readonly estimate: CostEstimate;
  readonly tradeOffs: string[];
}

/**
 * The same model units for each commitment. The capacity is given, so it is compared with other terms only.
 *
 * One unit of Cohere Embed English for one month costs 730 x $6.76 = $4,934.80, and without commitment $7.12 an hour: from 694 hours
 * (4,934.80 / 7.12 = 693.1), the commitment is cheaper.
 */
export function compareProvisioned(book: PriceBook, usage: ProvisionedWorkload): CostComparison {
  const { commitmentDuration = CommitmentDuration.NONE, modelUnits, hoursPerMonth = DEFAULT_HOURS_PER_MONTH } = usage;
  const terms = Object.values(CommitmentDuration).map((duration) => {
    const estimate = provisioned(book, { ...usage, commitmentDuration: duration });
    const months = COMMITMENT_MONTHS[duration];
    return {
      name: unitsName(decimal(modelUnits), duration),
      commitment: duration,
      months,
      estimate,
      tradeOffs: [...provisionedTradeOffs(), ...(months === 0 ? [] : [unitCommitmentTradeOff(estimate._commitment, months)])],
    };
  });
  const context = { book, region: usage.region, current: commitmentDuration, hoursPerMonth };
  return ofTerms(terms, { billingMode: BillingMode.PROVISIONED_THROUGHPUT, modelId: usage.model }, context);
}

/** The same tokens a minute for each term of the reserved tier. */
export function compareReserved(book: PriceBook, usage: ReservedWorkload): CostComparison {
  const { model, termMonths, hoursPerMonth = DEFAULT_HOURS_PER_MONTH } = usage;
  const access = accessOf(ModelId.parse(model));
  const own = { months: termMonths, name: `${termMonths}-months` };
  const known = RESERVED_TERMS.some(({ months }) => months === termMonths) ? RESERVED_TERMS : [...RESERVED_TERMS, own];
  const terms = known.map(({ months, name }) => {
    const estimate = reserved(book, { ...usage, termMonths: months });
    const tradeOffs = [...accessTradeOffs(access), ...reservedTradeOffs(RESERVED_MINIMUM), commitmentTradeOff(estimate._commitment, months)];
    return { name: reservedName(months, access), commitment: name, months, estimate, tradeOffs };
  });
  const current = known.find(({ months }) => months === termMonths)!.name;
  return ofTerms(terms, { billingMode: BillingMode.RESERVED, modelId: access.modelId }, { book, region: usage.region, current, hoursPerMonth });
}

/** The current purchase, and the place and the day of a comparison of terms. */
interface TermContext {
  readonly book: PriceBook;
  readonly region: string | undefined;
  /** The commitment of the current purchase. */
  readonly current: string;
  readonly hoursPerMonth: number;
}

/** Of a legacy model, only the current purchase remains: AWS accepts no new one, for any term. */
function ofTerms(all: readonly Term[], what: Pick<PurchaseOption, 'billingMode' | 'modelId'>, context: TermContext): CostComparison {
  const { book, region, current, hoursPerMonth } = context;
  const terms = all.map((term) => withEndOfLife(term, what.modelId, { book, region }));
  const now = terms.find(({ commitment }) => commitment === current)!;
  const refused = noNewCapacity(what.modelId, region);
  const priced = terms.filter((term) => term === now || term.estimate._monthly !== undefined);
  const sold = refused === undefined ? [now, ...priced.filter((term) => term !== now)] : [now];
  const options = cheapestFirst(sold).map((term): PurchaseOption => {
    const { name, commitment, estimate, tradeOffs } = term;
    const breakEven = breakEvenOf(term, sold, hoursPerMonth);
    return {
      name, ...what, commitment, isCurrent: term === now, estimate, tradeOffs, ...savingFields(now.estimate, estimate), ...(breakEven === '' ? {} : { breakEven }),
    };
  });
  return {
    current: options.find(({ isCurrent }) => isCurrent)!,
    options,
    otherModels: [],
    notPriced: terms.filter((term) => !priced.includes(term)).map(({ name }) => name),
    notAvailable: priced.filter((term) => !sold.includes(term)).map(({ name }) => `${name}: ${refused}`),
    assumptions: [`a month has ${hoursPerMonth} hours`, ...new Set(options.flatMap(({ estimate }) => estimate.assumptions))],
  };
}

/** States that a term reaches past the end of life of its model, if it begins on the day of the book. */
function withEndOfLife(term: Term, model: string, { book, region }: Pick<TermContext, 'book' | 'region'>): Term {
  const day = book._askedDay;
  const found = day === undefined || term.months === 0 ? undefined : outlived(day, term.months, legacyOf(model, region)?.endOfLife);
  return found === undefined ? term : { ...term, tradeOffs: [...term.tradeOffs, outlivedText(`a term that begins on ${day}`, found)] };
}

/** The time from which a term costs no more than each shorter one: in hours of each month, or in months of its own term. */
function breakEvenOf(term: Term, terms: readonly Term[], hoursPerMonth: number): string {
  const shorter = terms.filter(({ months }) => months < term.months).sort((a, b) => a.months - b.months);
  const parts = shorter.flatMap((other) => (other.months === 0 ? againstHours(term, other, hoursPerMonth) : againstMonths(term, other)));
  return parts.join('; ');
}

/** Without commitment, units can be given back at any hour. */
function againstHours({ estimate }: Term, none: Term, hoursPerMonth: number): string[] {
  const [fee, wholeMonth] = [estimate._monthly, none.estimate._monthly];
  if (fee === undefined || wholeMonth === undefined) return [];
  // n hours cost n x wholeMonth / hoursPerMonth. A multiplication on both sides avoids the division.
  const hours = smallestCount(fee.times(decimal(hoursPerMonth)), wholeMonth);
  return hours === undefined || hours.cmp(decimal(hoursPerMonth)) > 0
    ? ['never, against no commitment']
    : [`from ${hours.toFixed(0)} of ${hoursPerMonth} hours a month on, against no commitment`];
}

/** A shorter term is bought again and again, always whole. */
function againstMonths({ months, estimate }: Term, shorter: Term): string[] {
  const [total, ofShorter] = [estimate._commitment, shorter.estimate._commitment];
  if (total === undefined || ofShorter === undefined) return [];
  const terms = smallestCount(total, ofShorter);
  const needed = terms && terms.toNumber() * shorter.months;
  return needed === undefined || needed > months
    ? [`never, against ${shorter.commitment} terms`]
    : [`when it is needed for ${needed} months or more, against ${shorter.commitment} terms`];
}
