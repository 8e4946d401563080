import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, MODEL, quantity, REGION, required, text } from './field-table';
import { FieldCheck, quantityOf } from './input';
import { ModelId } from '../model-id';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { FoundRate } from '../price-book/find-rate';
import { isInForce } from '../price-book/match';
import { PriceBook } from '../price-book/price-book';
import { PriceTier, Rate, RateKind } from '../price-book/rate';

/**
 * Images that a model makes or edits, paid by the image.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/image-generation.html
 */
export interface ImageWorkload {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the images are made in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Images a month. */
  readonly imagesPerMonth: number;
  /**
   * Width x height in pixels, such as `1024x1024`. Priced as the smallest size offered that holds it.
   * @default - a missing price, unless the price does not depend on it
   */
  readonly resolution?: string;
  /**
   * The quality, such as `standard` or `premium`.
   * @default - `standard` where the price depends on it
   */
  readonly quality?: string;
}

const RESOLUTION: FieldCheck = {
  accepts: (value) => typeof value === 'string' && sizeOf(value) !== undefined,
  problem: (field, value) => new PricingError(field, value, 'a width and a height in pixels, such as "1024x1024"'),
};

export const IMAGE_FIELDS = fieldTable<ImageWorkload>({
  model: MODEL,
  region: REGION,
  imagesPerMonth: required(quantity('Images a month.')),
  resolution: text('The resolution, such as 1024x1024.', RESOLUTION),
  quality: text('The quality, such as standard or premium.', 'a quality such as "standard"'),
});

const DEFAULT_QUALITY = 'standard';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Images: n x P(resolution, quality). A price of 1024x1024 holds for every image that fits into it.
 *
 * Nova Canvas in us-east-1, 1,000 standard images of 1024x1024: 1,000 x $0.04 = $40.00; of 512x512 just as much; of
 * 1280x720, which is wider than 1024: 1,000 x $0.06 = $60.00.
 */
export function image(book: PriceBook, workload: ImageWorkload): CostEstimate {
  checkWorkload(workload, IMAGE_FIELDS);
  const { model, region } = workload;
  const images = quantityOf('imagesPerMonth', workload.imagesPerMonth);
  const size = workload.resolution === undefined ? undefined : sizeOf(workload.resolution);
  const { scope } = ModelId.parse(model);
  const offered = book._ratesOf(model, region)
    .filter((rate) => isOfImages(rate) && (rate.scope === undefined || rate.scope === scope) && isInForce(rate, book._day));
  const quality = workload.quality ?? (offered.some((rate) => isOfQuality(rate, DEFAULT_QUALITY)) ? DEFAULT_QUALITY : undefined);
  const resolution = size && smallestThatHolds(size, offered.filter((rate) => rate.quality === undefined || isOfQuality(rate, quality)));
  const run = new PricingRun(book, { model, region, resolution, quality }, images);
  const found = run.find(RateKind.IMAGE);
  if (found?.rate.quality !== undefined && workload.quality === undefined) run.assume(`the quality is left out: ${found.rate.quality} is taken`);
  run.addAll([{ what: describe(found, size), quantity: decimal(1), unit: 'image', kind: RateKind.IMAGE }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], 'image') });
}

/** Not what a guardrail checks, nor what a batch makes. */
function isOfImages({ kind, tier, policy, customModel }: Rate): boolean {
  return kind === RateKind.IMAGE && (tier ?? PriceTier.STANDARD) === PriceTier.STANDARD && policy === undefined && !customModel;
}

function isOfQuality(rate: Rate, quality: string | undefined): boolean {
  return quality !== undefined && rate.quality?.toLowerCase() === quality.toLowerCase();
}

/** The smallest resolution on offer into which a picture fits; its own where none is, which only a price for all of them holds. */
function smallestThatHolds(size: Size, offered: readonly Rate[]): string {
  const area = (resolution: string) => sizeOf(resolution)!.width * sizeOf(resolution)!.height;
  const holds = (resolution: string) => {
    const limit = sizeOf(resolution);
    return limit !== undefined && size.width <= limit.width && size.height <= limit.height;
  };
  const [smallest] = offered.flatMap(({ resolution }) => resolution ?? []).filter(holds).sort((a, b) => area(a) - area(b));
  return smallest ?? sizeText(size);
}

function describe(found: FoundRate | undefined, size: Size | undefined): string {
  if (found === undefined) return size === undefined ? 'images' : `images of ${sizeText(size)}`;
  const { resolution, quality } = found.rate;
  return ['images', ...(resolution === undefined ? [] : [`up to ${resolution}`]), ...(quality === undefined ? [] : [`in ${quality} quality`])].join(' ');
}

/** `1024x768` as numbers; undefined for any other text. */
function sizeOf(resolution: string): Size | undefined {
  const [, width, height] = /^([1-9]\d{0,5})x([1-9]\d{0,5})$/i.exec(resolution) ?? [];
  return width === undefined ? undefined : { width: Number(width), height: Number(height) };
}

function sizeText({ width, height }: Size): string {
  return `${width}x${height}`;
}
