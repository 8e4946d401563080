import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, MODEL, quantity, REGION, required, text } from './field-table';
import { FieldCheck, quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * Video that a model makes, paid by the second.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/video-generation.html
 */
export interface VideoWorkload {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the video is made in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Seconds of video a month. */
  readonly secondsPerMonth: number;
  /**
   * The resolution, such as `720p`. `1280x720` is the same.
   * @default - a missing price, unless the price does not depend on it
   */
  readonly resolution?: string;
}

const RESOLUTION: FieldCheck = {
  accepts: (value) => typeof value === 'string' && linesOf(value) !== undefined,
  problem: (field, value) => new PricingError(field, value, 'a resolution such as "720p" or "1280x720"'),
};

export const VIDEO_FIELDS = fieldTable<VideoWorkload>({
  model: MODEL,
  region: REGION,
  secondsPerMonth: required(quantity('Seconds of video a month.')),
  resolution: text('The resolution, such as 720p.', RESOLUTION),
});

/**
 * Video: seconds x P(resolution).
 *
 * Nova Reel in us-east-1, 600 seconds in 720p: 600 x $0.08 = $48.00.
 */
export function video(book: PriceBook, workload: VideoWorkload): CostEstimate {
  checkWorkload(workload, VIDEO_FIELDS);
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
  const offered = book._ratesOf(model, region).flatMap(({ kind, resolution }) => (kind === RateKind.VIDEO ? resolution ?? [] : []));
  return offered.find((resolution) => linesOf(resolution) === lines) ?? `${lines}p`;
}

/** The number of lines of a picture: 720 of `720p`, `1280x720` and (upright) `720x1280`; undefined for any other text. */
function linesOf(resolution: string): number | undefined {
  const [, lines, width, height] = /^(?:([1-9]\d{0,4})p|([1-9]\d{0,4})x([1-9]\d{0,4}))$/i.exec(resolution) ?? [];
  if (lines !== undefined) return Number(lines);
  return width === undefined ? undefined : Math.min(Number(width), Number(height));
}
