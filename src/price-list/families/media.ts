import { RateKind, RateUnit } from '../../pricing/price-book/rate';
import { DraftRate, NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf } from '../model-names';
import { inScopes } from '../scope';

/** Usagetype of images: text or image to image, the length of a side, the quality. Example: `-T2I-1024-Standard`. */
const IMAGE = /-[TI]2I-(\d+)-(Standard|Premium)$/;
/** Usagetype of a video of 24 frames a second in HD: `Ray-V2-Medfps-HDRes`, `NovaReel-T2V-Medfps-HDRes`. The pricing page lists it as 720p. */
const VIDEO = /-(?:[TI]2V-)?Medfps-(\w+)Res$/;
const RESOLUTIONS: { readonly [name: string]: string } = { HD: '720p' };

/** Reads the prices of images and videos that models generate. */
export function media(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, unit } = row;
  const { usagetype, feature } = attributes;
  const isImage = /-[TI]2I-/.test(usagetype) || unit === 'image';
  const isVideo = /Res$/.test(usagetype) || /^seconds?$/i.test(unit);
  if (!isImage && !isVideo) return undefined;
  // Price books have no tier for images. A batch price would be taken for the standard price.
  if (feature !== undefined && feature !== 'On-demand Inference') return notUnderstood('media: unknown feature');
  const described = isImage ? image(row) : video(row);
  if ('notUnderstood' in described) return described;
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || model.custom) return notUnderstood('media: the model name has a suffix');
  return { understood: inScopes({ model: model.id, usd: row.usd, ...described }, undefined) };
}

type Described = Pick<DraftRate, 'kind' | 'unit' | 'resolution' | 'quality'> | { readonly notUnderstood: string };

function image({ attributes, unit }: PriceRow): Described {
  const { usagetype, inferenceType, imagequality, imageresolution } = attributes;
  const [, side, quality] = IMAGE.exec(usagetype) ?? [];
  if (side === undefined) return notUnderstood('image: unknown usagetype');
  if (!/^images?$/i.test(unit)) return notUnderstood(`unit ${unit}: unknown for images`);
  if (inferenceType !== undefined && !new RegExp(`^[TI]2I ${side} ${quality}$`).test(inferenceType)) {
    return notUnderstood('usagetype and inferenceType contradict each other');
  }
  if (!isOneOf(imagequality, [quality])) return notUnderstood('usagetype and imagequality contradict each other');
  if (!isOneOf(imageresolution, [side, `${side}x${side}`])) return notUnderstood('usagetype and imageresolution contradict each other');
  return { kind: RateKind.IMAGE, unit: RateUnit.IMAGE, resolution: `${side}x${side}`, quality: quality.toLowerCase() };
}

function video({ attributes, unit }: PriceRow): Described {
  const { usagetype, inferenceType, imagequality, imageresolution } = attributes;
  const [, name] = VIDEO.exec(usagetype) ?? [];
  if (name === undefined) return notUnderstood('video: unknown usagetype');
  if (!Object.hasOwn(RESOLUTIONS, name)) return notUnderstood(`video: unknown resolution ${name}`);
  if (!/^seconds?$/i.test(unit)) return notUnderstood(`unit ${unit}: unknown for videos`);
  if (inferenceType !== undefined && !/^(?:Video|[TI]2V\b.*)$/.test(inferenceType)) return notUnderstood('usagetype and inferenceType contradict each other');
  if (!isOneOf(imagequality, ['Standard'])) return notUnderstood('usagetype and imagequality contradict each other');
  if (!isOneOf(imageresolution, [name, RESOLUTIONS[name]])) return notUnderstood('usagetype and imageresolution contradict each other');
  return { kind: RateKind.VIDEO, unit: RateUnit.SECOND, resolution: RESOLUTIONS[name] };
}

/** True for an attribute that is missing, is "n/a", or repeats the usagetype. */
function isOneOf(stated: string | undefined, allowed: readonly string[]): boolean {
  return stated === undefined || stated === '' || ['n/a', ...allowed].some((text) => text.toLowerCase() === stated.toLowerCase());
}
