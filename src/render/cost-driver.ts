import { oneLine } from './sanitize';
import { textWidth } from './text-table';
import { ResourceJson } from '../cost-report/report-json';
import { isRegionMissing } from '../gate/budget-status';
import { InferenceLatency, ServiceTier } from '../pricing/billing-modes/on-demand';
import { decimal } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';
import { CommitmentDuration } from '../pricing/price-book/rate';

/** A part of the text, in its order, with its full form and shorter ones. */
interface Part {
  readonly forms: readonly string[];
  /** Parts with a lower number are kept if not all of them fit. */
  readonly priority: number;
}

const SEPARATOR = ', ';

/**
 * Renders the cost drivers of a resource, within a width: `us.anthropic.claude-sonnet-4-6, output 54 %, $15.18 per
 * 1K requests`. Parts that do not fit are shortened or left out, the model before the amounts.
 */
export function driverText(resource: ResourceJson, room: number): string {
  const parts = partsOf(resource).map((part) => ({ ...part, forms: part.forms.map(oneLine) }));
  const chosen = new Map<Part, string>();
  for (const part of [...parts].sort((a, b) => a.priority - b.priority)) {
    const taken = [...chosen.values()].reduce((total, text) => total + textWidth(text) + SEPARATOR.length, 0);
    const fitting = part.forms.find((form) => textWidth(form) <= room - taken);
    if (fitting !== undefined) chosen.set(part, fitting);
  }
  return parts.flatMap((part) => chosen.get(part) ?? []).join(SEPARATOR);
}

function partsOf(resource: ResourceJson): Part[] {
  const { type, model, monthlyUsd, knownMonthlyUsd, templateDiffers } = resource;
  if (monthlyUsd === null) {
    const known = decimal(knownMonthlyUsd).cmp(decimal(0)) > 0 ? [{ forms: [`at least ${formatUsd(knownMonthlyUsd)}`], priority: 1 }] : [];
    return [...known, { forms: missingForms(resource), priority: 2 }];
  }
  if (templateDiffers !== undefined) return [{ forms: ['the template was changed after pricing', 'template changed'], priority: 1 }];
  if (type === 'provisioned-throughput') return capacityParts(resource);
  return [...modelParts(model, 4), ...billingParts(resource), ...shareParts(resource), ...unitCostParts(resource)];
}

/** Forms of the first missing price. The shorter forms are correct, too. */
function missingForms({ missingPrices: [missing], region, model }: ResourceJson): string[] {
  if (missing === undefined) return ['a price is missing'];
  const { description, kind, nearestModels } = missing;
  if (kind === 'usage') return [description, 'usage known at deployment'];
  if (isRegionMissing(region, missing)) return ['the stack has no region'];
  return nearestModels.length > 0 ? [description, `no price for ${model}`, 'unknown model'] : [description, 'a price is missing'];
}

/** Parts of capacity, which is billed by the hour: its cost depends on units and term, not on requests. */
function capacityParts({ usage, commitment, model }: ResourceJson): Part[] {
  const { modelUnits, commitmentDuration } = usage ?? {};
  const term = commitment?.duration ?? commitmentDuration;
  return [
    ...(typeof modelUnits === 'number' ? [{ forms: [`${modelUnits} model unit${modelUnits === 1 ? '' : 's'}`], priority: 1 }] : []),
    { forms: [term === undefined || term === CommitmentDuration.NONE ? 'no commitment' : `${String(term)} commitment`], priority: 2 },
    ...modelParts(model, 3),
  ];
}

/** Billing mode and service tier. The defaults, on-demand and standard, are omitted. */
function billingParts({ type, usage: { serviceTier, latency } = {} }: ResourceJson): Part[] {
  const tier = latency === InferenceLatency.OPTIMIZED ? 'latency-optimized' : serviceTier;
  return [
    ...(type === 'on-demand' ? [] : [{ forms: [type], priority: 3 }]),
    ...(tier === undefined || tier === ServiceTier.STANDARD ? [] : [{ forms: [`${String(tier)} tier`], priority: 3 }]),
  ];
}

function shareParts({ largestLine }: ResourceJson): Part[] {
  if (largestLine === null || largestLine.sharePercent === '100' || decimal(largestLine.usd).cmp(decimal(0)) <= 0) return [];
  const line = largestLine.description.replace(/ \(.*\)$/, '').replace(/ tokens$/, '');
  return [{ forms: [`${line} ${Math.min(99, Math.round(Number(largestLine.sharePercent)))} %`], priority: 2 }];
}

function unitCostParts({ unitCosts: [first] }: ResourceJson): Part[] {
  if (first === undefined) return [];
  return [{ forms: [`${formatUsd(first.usd)} per ${first.unit.replace(/^1,000 /, '1K ')}`], priority: 1 }];
}

function modelParts(model: string | null, priority: number): Part[] {
  return model === null ? [] : [{ forms: modelForms(model), priority }];
}

/** Forms of a model id such as `us.anthropic.claude-sonnet-4-5-20250929-v1:0`: complete, without its version, without its provider. */
function modelForms(model: string): string[] {
  const short = shortModel(model);
  return [...new Set([model, short, short.split('.').at(-1)!])];
}

function shortModel(model: string): string {
  return model.replace(/(-\d{8})?-v\d+:\d+$/, '');
}
