import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, FieldCheck, FieldsOf, MODEL, QUANTITY, quantityOf, REGION } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { VideoWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

const RESOLUTION: FieldCheck = {
  accepts: (value) => typeof value === 'string' && linesOf(value) !== undefined,
  problem: (field, value) => new PricingError(field, value, 'a resolution such as "720p" or "1280x720"'),
};

const FIELDS: FieldsOf<VideoWorkload> = { model: MODEL, region: REGION, secondsPerMonth: QUANTITY, resolution: RESOLUTION };

/**
 * Video: seconds x P(resolution).
 *
 * Nova Reel in us-east-1, 600 seconds in 720p: 600 x $0.08 = $48.00.
 */
export function video(book: PriceBook, workload: VideoWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const { model, region } = workload;
  const seconds = quantityOf('secondsPerMonth', workload.secondsPerMonth);
  const lines = workload.resolution === undefined ? undefined : linesOf(workload.resolution);
  const run = new PricingRun(book, { model, region, resolution: lines === undefined ? undefined : asOffered(book, workload, lines) }, seconds);
  const resolution = run.find(RateKind.VIDEO)?.rate.resolution ?? (lines === undefined ? undefined : `${lines}p`);
  run.addAll([{ what: `seconds of video${resolution === undefined ? '' : `, ${resolution}`}`, quantity: decimal(1), unit: 'second', kind: RateKind.VIDEO }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], 'second') });
}

/** The resolution as the model's rates write it: `720p` or `1280x720`. */
function asOffered(book: PriceBook, { model, region }: VideoWorkload, lines: number): string {
  const offered = book.ratesOf(model, region).flatMap(({ kind, resolution }) => (kind === RateKind.VIDEO ? resolution ?? [] : []));
  return offered.find((resolution) => linesOf(resolution) === lines) ?? `${lines}p`;
}

/** How many lines a picture has: 720 of `720p`, `1280x720` and (upright) `720x1280`; undefined for any other text. */
function linesOf(resolution: string): number | undefined {
  const [, lines, width, height] = /^(?:([1-9]\d{0,4})p|([1-9]\d{0,4})x([1-9]\d{0,4}))$/i.exec(resolution) ?? [];
  if (lines !== undefined) return Number(lines);
  return width === undefined ? undefined : Math.min(Number(width), Number(height));
}
