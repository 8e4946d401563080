import { CommitmentDuration, RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { modelOf, namesIn } from '../model-names';

const COMMITMENTS: readonly (readonly [RegExp, CommitmentDuration])[] = [
  [/\bno[ -]?commit(?:ment)?\b/i, CommitmentDuration.NONE],
  [/\b1[ -]?months?(?:[ -]?commit(?:ment)?)?\b/i, CommitmentDuration.ONE_MONTH],
  [/\b6[ -]?months?(?:[ -]?commit(?:ment)?)?\b/i, CommitmentDuration.SIX_MONTHS],
];

const HOUR = /^(?:hour|hours|hrs)$/i;
/** The hour in a description. Older Marketplace rows have the unit `Units` and state the hour only there. */
const PER_HOUR = /\b(?:hours?|hrs?|hourly)\b/i;

/** Usagetype such as `NovaLite-ProvisionedThroughput-1month-ModelUnits`, also with `-ModelUnits-custom-model`. */
const USAGETYPE = /-ProvisionedThroughput-([A-Za-z0-9]+?)-(?:custom[-_]?models?[-_])?ModelUnits?(?:-custom-model)?$/i;
/**
 * Usagetypes of the Marketplace: `USE1-MP:USE1_ProvisionedThroughput_NoCommit_ModelUnits_Usage-Units` for base models and
 * `USE1-MP:USE1_CustomModel_ProvisionedThroughput_1MonthCommit-Units` for custom ones. Other forms may have another price.
 */
const MARKETPLACE = /^(?:[A-Z0-9]+-)?MP:[A-Z0-9]+_(?:CustomModel_)?ProvisionedThroughput_(NoCommit|1Months?Commit|6Months?Commit)(?:_CustomModel)?(?:_ModelUnits_Usage)?-Units$/;

/** Reads the hourly prices of model units, with and without commitment. */
export function provisionedThroughput({ attributes, unit, usd, description }: PriceRow, names: NameMap): Reading | undefined {
  const { usagetype, feature = '' } = attributes;
  if (!/ProvisionedThroughput/i.test(usagetype) && !/^Provisioned Throughput/i.test(feature)) return undefined;
  const [, term] = (usagetype.includes('MP:') ? MARKETPLACE : USAGETYPE).exec(usagetype) ?? [];
  const commitmentDuration = term === undefined ? undefined : commitmentOf(term);
  if (commitmentDuration === undefined) return notUnderstood('provisioned throughput: unknown usagetype');
  const inFeature = /^Provisioned Throughput Inference - (.+)$/i.exec(feature)?.[1];
  if (feature !== '' && (inFeature === undefined || commitmentOf(inFeature) !== commitmentDuration)) {
    return notUnderstood('usagetype and feature contradict each other in the commitment');
  }
  if (inFeature !== undefined && hasMoreThanCommitment(inFeature)) return notUnderstood('provisioned throughput: the feature has more than the commitment');
  const described = commitmentOf(description);
  if (described !== undefined && described !== commitmentDuration) {
    return notUnderstood('usagetype and description contradict each other in the commitment');
  }
  if (!HOUR.test(unit) && !(unit === 'Units' && PER_HOUR.test(description))) return notUnderstood(`unit ${unit}: unknown for model units`);
  const model = modelOf(attributes, names);
  if ('unclear' in model) return notUnderstood(model.unclear);
  if (model.latencyOptimized || !unitIsOfModel(attributes)) return notUnderstood('provisioned throughput: the model unit is not the model');
  // AWS sells model units of a custom model at the price of its base model, so a row without "custom" misprices neither.
  const customModel = model.custom === true || [usagetype, feature, description].some((text) => /custom/i.test(text));
  return { understood: [{ model: model.id, kind: RateKind.MODEL_UNIT_HOUR, usd, unit: RateUnit.HOUR, commitmentDuration, customModel }] };
}

function commitmentOf(text: string): CommitmentDuration | undefined {
  const found = COMMITMENTS.filter(([pattern]) => pattern.test(text));
  return found.length === 1 ? found[0][1] : undefined;
}

/** True if a feature has words beyond the commitment and "custom model". They may distinguish another price. */
function hasMoreThanCommitment(inFeature: string): boolean {
  const rest = COMMITMENTS.reduce((text, [pattern]) => text.replace(pattern, ''), inFeature.replace(/\bcustom(?:[ -]?models?)?\b/i, ''));
  return /[^\s,()-]/.test(rest.replace(/\b(?:commit(?:ment)?|term)\b/i, ''));
}

/** Whether the model unit repeats the name of the model. Another name may be a variant with another price. */
function unitIsOfModel(attributes: PriceRow['attributes']): boolean {
  const { modelUnit, titanModelUnit } = attributes;
  return [modelUnit, titanModelUnit].every((unit) => unit === undefined || unit === '' || namesIn(attributes).includes(unit));
}
