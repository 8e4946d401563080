import { ANY_MODEL, RateKind, RateUnit } from '../../pricing/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';

const USAGETYPE = /-CustomModelImport-(Inference|Storage)-v(\d+):(\d+)$/;

/** Storage is listed per `Model/month`, and is nevertheless charged for each custom model unit of the model. */
const KINDS: { readonly [featureType: string]: { readonly kind: RateKind; readonly unit: RateUnit; readonly listedUnit: string } } = {
  Inference: { kind: RateKind.CUSTOM_MODEL_UNIT, unit: RateUnit.MINUTE, listedUnit: 'custom model unit per min' },
  Storage: { kind: RateKind.CUSTOM_MODEL_UNIT_STORAGE, unit: RateUnit.MONTH, listedUnit: 'model/month' },
};

/** Imported models: custom model units by the minute, and their storage by the month. */
export function customModelImport({ attributes, unit, usd }: PriceRow, _names: NameMap): Reading | undefined {
  const { usagetype, feature, featureType, architecture, customModelUnitVersion } = attributes;
  if (feature !== 'Custom Model Import' && !usagetype.includes('CustomModelImport')) return undefined;
  const [, stated, major, minor] = USAGETYPE.exec(usagetype) ?? [];
  if (stated === undefined) return notUnderstood('custom model import: unknown usagetype');
  if (featureType !== undefined && featureType !== stated) return notUnderstood('usagetype and featureType contradict each other');
  const version = `${major}.${minor}`;
  if (customModelUnitVersion !== undefined && customModelUnitVersion.replace(/^v/i, '') !== version) {
    return notUnderstood('usagetype and customModelUnitVersion contradict each other');
  }
  if (architecture === undefined) return notUnderstood('custom model import: no architecture');
  const { kind, unit: rateUnit, listedUnit } = KINDS[stated];
  if (unit.toLowerCase() !== listedUnit) return notUnderstood(`unit ${unit}: unknown for custom model import`);
  return { understood: [{ model: ANY_MODEL, kind, usd, unit: rateUnit, customModelUnitVersion: version, architecture }] };
}
