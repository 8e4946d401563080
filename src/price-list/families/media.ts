import { RateKind, RateUnit } from '../../pricing/price-book/rate';
import { DraftRate, NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf } from '../model-names';
import { inScopes } from '../scope';

/** Text or image to image, the length of a side, the quality: `-T2I-1024-Standard`. */
const IMAGE = /-[TI]2I-(\d+)-(Standard|Premium)$/;
/** A video of 24 frames a second in HD: `Ray-V2-Medfps-HDRes`, `NovaReel-T2V-Medfps-HDRes`. AWS's page has it as 720p. */
const VIDEO = /-(?:[TI]2V-)?Medfps-(\w+)Res$/;
const RESOLUTIONS: { readonly [name: string]: string } = { HD: '720p' };

/** Images and videos that models make. */
export function media(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, unit } = row;
  const { usagetype, feature } = attributes;
  const isImage = /-[TI]2I-/.test(usagetype) || unit === 'image';
  const isVideo = /Res$/.test(usagetype) || /^seconds?$/i.test(unit);
  if (!isImage && !isVideo) return undefined;
  // A book has no tier of pictures: in a batch they are another price than the one that it would stand for.
  if (feature !== undefined && feature !== 'On-demand Inference') return notUnderstood('media: unknown feature');
  const described = isImage ? image(row) : video(row);
  if ('notUnderstood' in described) return described;
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || model.custom) return notUnderstood('media: a model name that says more than the model');
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

/** True for an attribute that is not there, says that it says nothing, or repeats what the usagetype has. */
function isOneOf(stated: string | undefined, allowed: readonly string[]): boolean {
  return stated === undefined || stated === '' || ['n/a', ...allowed].some((text) => text.toLowerCase() === stated.toLowerCase());
}
