import { RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf } from '../model-names';
import { tokenUnit } from '../units';

/** `Nova2.0Lite-Customization-Training`, `-Customization-Storage`, and `-RFT-Training-Hours` for reinforcement fine-tuning. */
const USAGETYPE = /-(Customization-Training|Customization-Storage|RFT-Training-Hours)$/;

/** Reads the prices of training and storing custom models. `tokens` reads the prices of their inference. */
export function customization(row: PriceRow, names: NameMap): Reading | undefined {
  const { attributes, usd } = row;
  const { usagetype, feature } = attributes;
  const usage = USAGETYPE.exec(usagetype)?.[1];
  if (usage === undefined) return /customization|training/i.test(usagetype) ? notUnderstood('customization: unknown usagetype') : undefined;
  if (feature !== undefined && feature !== 'Model Customization') return notUnderstood('usagetype and feature contradict each other');
  const unit = unitOf(row, usage);
  if (typeof unit === 'object') return notUnderstood(unit.unclear);
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || model.custom) return notUnderstood('customization: the model name has a suffix');
  const kind = usage === 'Customization-Storage' ? RateKind.MODEL_STORAGE : RateKind.TRAINING;
  return { understood: [{ model: model.id, kind, usd, unit }] };
}

function unitOf({ unit, description }: PriceRow, usage: string): RateUnit | { readonly unclear: string } {
  const unclear = { unclear: `unit ${unit}: unknown for ${usage}` };
  if (usage === 'Customization-Storage') return /^model ?\/ ?month$/i.test(unit) ? RateUnit.MONTH : unclear;
  if (usage === 'RFT-Training-Hours') return /^(?:hour|hours|hrs)$/i.test(unit) ? RateUnit.HOUR : unclear;
  if (/^images?$/i.test(unit)) return RateUnit.IMAGE;
  const scale = tokenUnit(unit, description);
  return 'unclear' in scale ? unclear : scale.unit;
}
