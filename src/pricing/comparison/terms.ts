import { accessOf } from './access';
import { accessAsks, commitmentAsk, provisionedAsks, reservedAsks, unitCommitmentAsk } from './asks';
import { smallestCount } from './break-even';
import { RESERVED_MINIMUM, RESERVED_TERMS, reservedName, unitsName } from './by-capacity';
import { cheapestFirst, savingFields } from './candidate';
import { CostComparison, PurchaseOption, PurchaseWay } from './comparison';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../rate';
import { DEFAULT_HOURS_PER_MONTH, ProvisionedWorkload, ReservedWorkload } from '../usage';
import { provisioned } from '../ways/provisioned';
import { reserved } from '../ways/reserved';

/** The same capacity for one term. */
interface Term {
  readonly name: string;
  readonly commitment: string;
  /** 0 without a commitment. */
  readonly months: number;
  readonly estimate: CostEstimate;
  readonly asks: string[];
}

/**
 * The same model units for each commitment. Capacity is bought already, so it is compared with nothing but itself.
 *
 * One unit of Cohere Embed English for one month costs 730 x $6.76 = $4,934.80 and without commitment $7.12 an hour: what is
 * held 694 hours or more (4,934.80 / 7.12 = 693.1) is cheaper with the commitment.
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
      asks: [...provisionedAsks(), ...(months === 0 ? [] : [unitCommitmentAsk(estimate._commitment, months)])],
    };
  });
  return ofTerms(terms, { way: PurchaseWay.PROVISIONED_THROUGHPUT, modelId: usage.model }, commitmentDuration, hoursPerMonth);
}

/** The same tokens a minute for each term of the reserved tier. */
export function compareReserved(book: PriceBook, usage: ReservedWorkload): CostComparison {
  const { model, termMonths, hoursPerMonth = DEFAULT_HOURS_PER_MONTH } = usage;
  const access = accessOf(model);
  const own = { months: termMonths, name: `${termMonths}-months` };
  const known = RESERVED_TERMS.some(({ months }) => months === termMonths) ? RESERVED_TERMS : [...RESERVED_TERMS, own];
  const terms = known.map(({ months, name }) => {
    const estimate = reserved(book, { ...usage, termMonths: months });
    const asks = [...accessAsks(access), ...reservedAsks(RESERVED_MINIMUM), commitmentAsk(estimate._commitment, months)];
    return { name: reservedName(months, access), commitment: name, months, estimate, asks };
  });
  const asIs = known.find(({ months }) => months === termMonths)!.name;
  return ofTerms(terms, { way: PurchaseWay.RESERVED, modelId: access.modelId }, asIs, hoursPerMonth);
}

function ofTerms(
  terms: readonly Term[], what: Pick<PurchaseOption, 'way' | 'modelId'>, asIs: string, hoursPerMonth: number,
): CostComparison {
  const now = terms.find(({ commitment }) => commitment === asIs)!;
  const sold = [now, ...terms.filter((term) => term !== now && term.estimate._monthly !== undefined)];
  const options = cheapestFirst(sold).map((term): PurchaseOption => {
    const { name, commitment, estimate, asks } = term;
    const breakEven = breakEvenOf(term, sold, hoursPerMonth);
    return {
      name, ...what, commitment, isAsIs: term === now, estimate, asks, ...savingFields(now.estimate, estimate), ...(breakEven === '' ? {} : { breakEven }),
    };
  });
  return {
    asIs: options.find(({ isAsIs }) => isAsIs)!,
    options,
    otherModels: [],
    notPriced: terms.filter((term) => !sold.includes(term)).map(({ name }) => name),
    assumptions: [`a month has ${hoursPerMonth} hours`, ...new Set(options.flatMap(({ estimate }) => estimate.assumptions))],
  };
}

/** From when on a term is no dearer than each shorter one: in hours of every month, or in months of its own term. */
function breakEvenOf(term: Term, terms: readonly Term[], hoursPerMonth: number): string {
  const shorter = terms.filter(({ months }) => months < term.months).sort((a, b) => a.months - b.months);
  const parts = shorter.flatMap((other) => (other.months === 0 ? againstHours(term, other, hoursPerMonth) : againstMonths(term, other)));
  return parts.join('; ');
}

/** Without commitment, units can be given back at any hour. */
function againstHours({ estimate }: Term, none: Term, hoursPerMonth: number): string[] {
  const [fee, wholeMonth] = [estimate._monthly, none.estimate._monthly];
  if (fee === undefined || wholeMonth === undefined) return [];
  // n hours cost n x wholeMonth / hoursPerMonth; multiplied out, so that nothing is divided.
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
