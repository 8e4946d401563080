import { ANY_MODEL, RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';

const USAGETYPE = /-CustomModelImport-(Inference|Storage)-v(\d+):(\d+)$/;

/** Kinds and units by usagetype. Storage is listed per `Model/month`, but charged for each custom model unit of the model. */
const KINDS = new Map(Object.entries({
  Inference: { kind: RateKind.CUSTOM_MODEL_UNIT, unit: RateUnit.MINUTE, listedUnit: 'custom model unit per min' },
  Storage: { kind: RateKind.CUSTOM_MODEL_UNIT_STORAGE, unit: RateUnit.MONTH, listedUnit: 'model/month' },
}));
/** Architecture names of the price book, by the different names of the price list. Most rows state both. */
const ARCHITECTURE_NAMES = new Map([['MLlama', 'Multimodal Llama']]);

/** Reads the prices of imported models: custom model units by the minute, and their storage by the month. */
export function customModelImport({ attributes, unit, usd }: PriceRow, _names: NameMap): Reading | undefined {
  const { usagetype, feature, featureType, architecture, architectureName, customModelUnitVersion } = attributes;
  if (feature !== 'Custom Model Import' && !usagetype.includes('CustomModelImport')) return undefined;
  if (feature !== undefined && feature !== 'Custom Model Import') return notUnderstood('usagetype and feature contradict each other');
  const [, stated, major, minor] = USAGETYPE.exec(usagetype) ?? [];
  if (stated === undefined) return notUnderstood('custom model import: unknown usagetype');
  if (featureType !== undefined && featureType !== stated) return notUnderstood('usagetype and featureType contradict each other');
  const version = `${major}.${minor}`;
  if (customModelUnitVersion !== undefined && customModelUnitVersion.replace(/^v/i, '') !== version) {
    return notUnderstood('usagetype and customModelUnitVersion contradict each other');
  }
  const named = architectureName ?? (architecture && (ARCHITECTURE_NAMES.get(architecture) ?? architecture));
  if (named === undefined) return notUnderstood('custom model import: no architecture');
  const { kind, unit: rateUnit, listedUnit } = KINDS.get(stated)!;
  if (unit.toLowerCase() !== listedUnit) return notUnderstood(`unit ${unit}: unknown for custom model import`);
  return { understood: [{ model: ANY_MODEL, kind, usd, unit: rateUnit, customModelUnitVersion: version, architecture: named }] };
}
