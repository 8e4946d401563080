import { Decimal, decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, quantity, REGION, required, text } from './field-table';
import { quantityOf } from './input';
import { Demand, PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { versionText } from '../price-book/check-rate';
import { PriceQuery } from '../price-book/find-rate';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, Rate, RateKind } from '../price-book/rate';

/**
 * A model of your own that is imported: kept by the custom model unit and month, called by the custom model unit and minute.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-calculate-cost.html
 */
export interface CustomModelImportWorkload {
  /**
   * The region that the model is imported in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Custom model units of one copy, as AWS states them when the model is imported. */
  readonly customModelUnits: number;
  /** The version of the custom model units, such as `1.0`; `v1.0` means the same. */
  readonly customModelUnitVersion: string;
  /**
   * The architecture of the model, such as `Llama`.
   * @default - the price that all architectures of the version share
   */
  readonly architecture?: string;
  /**
   * Copies of the model that are active at the same time.
   * @default 1
   */
  readonly copies?: number;
  /**
   * Windows of five minutes in which the model is active, a month. One that is begun is paid in full.
   * @default 0
   */
  readonly activeWindowsPerMonth?: number;
}

export const CUSTOM_MODEL_IMPORT_FIELDS = fieldTable<CustomModelImportWorkload>({
  region: REGION,
  architecture: text(
    'The architecture of the model, such as Llama; may be left out while all of a version cost the same.', 'an architecture such as "Llama"',
  ),
  customModelUnits: required(quantity('Custom model units of one copy.')),
  customModelUnitVersion: required(text('The version of the custom model units, in quotes, such as "1.0".', 'a version such as "1.0"')),
  copies: quantity('Copies of the model that are active at the same time; 1 when left out.'),
  activeWindowsPerMonth: quantity('Five-minute windows a month in which the model is active.'),
});

/** A copy that is active is paid for in windows of so many minutes. */
const MINUTES_OF_WINDOW = decimal(5);

/**
 * Custom model import: copies x units x P x 5 minutes x active windows, and units x Ps a month, however many copies run.
 *
 * 2 units, one window at $0.0785 a minute: 2 x $0.0785 x 5 = $0.785; keeping them: 2 x $1.95 = $3.90 a month. (The formula
 * of the documentation, which divides by 60, contradicts the pricing page; the page's is right.)
 */
export function customModelImport(book: PriceBook, workload: CustomModelImportWorkload): CostEstimate {
  checkWorkload(workload, CUSTOM_MODEL_IMPORT_FIELDS);
  const units = quantityOf('customModelUnits', workload.customModelUnits);
  const copies = quantityOf('copies', workload.copies, 1);
  const { region, architecture } = workload;
  const query: PriceQuery = { model: ANY_MODEL, region, customModelUnitVersion: versionText(workload.customModelUnitVersion), architecture };
  const stored = priced(book, query, decimal(1), {
    what: 'storage of custom model units', quantity: units, unit: 'month', kind: RateKind.CUSTOM_MODEL_UNIT_STORAGE,
  });
  if (workload.activeWindowsPerMonth === undefined) {
    stored.assume('activeWindowsPerMonth is left out: the model is kept and never called');
    return CostEstimate._of(together([stored]));
  }
  const active = priced(book, query, quantityOf('activeWindowsPerMonth', workload.activeWindowsPerMonth), {
    what: 'custom model units, active', quantity: copies.times(units).times(MINUTES_OF_WINDOW), unit: 'minute', kind: RateKind.CUSTOM_MODEL_UNIT,
  });
  return CostEstimate._of({ ...together([active, stored]), unitCosts: unitCosts([active], 'active window of 5 minutes') });
}

/**
 * One of the two prices. If the book has other prices of the architecture but not this one, it is the price that all architectures of the
 * version share. An architecture that the book does not have has no price.
 */
function priced(book: PriceBook, query: PriceQuery, count: Decimal, demand: Demand): PricingRun {
  const exact = new PricingRun(book, query, count);
  if (exact.find(demand.kind)) return adding(exact, demand);
  const rates = book._ratesOf(ANY_MODEL).filter(({ customModelUnitVersion }) => customModelUnitVersion !== undefined);
  const unknown = TOLD_APART_BY.find((field) => query[field] !== undefined && !rates.some((rate) => isSame(rate[field], query[field])));
  if (unknown !== undefined) {
    exact.miss(demand.kind, `${demand.what}, ${unknown} ${JSON.stringify(query[unknown])},`, knownValues(unknown, rates));
    return exact;
  }
  const shared = new PricingRun(book, { ...query, architecture: undefined }, count);
  if (query.architecture === undefined || !shared.find(demand.kind)) return adding(exact, demand);
  shared.assume(`the price book holds no ${demand.kind} rate of ${query.architecture}; it is taken to cost what all architectures of version `
    + `${query.customModelUnitVersion} cost alike`);
  return adding(shared, demand);
}

const TOLD_APART_BY = ['customModelUnitVersion', 'architecture'] as const;

function adding(run: PricingRun, demand: Demand): PricingRun {
  run.addAll([demand]);
  return run;
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

function knownValues(field: (typeof TOLD_APART_BY)[number], rates: readonly Rate[]): string | undefined {
  const values = [...new Set(rates.flatMap((rate) => rate[field] ?? []))].sort();
  return values.length === 0 ? undefined : `the price book knows ${values.join(', ')}; or give a rate of your own`;
}
