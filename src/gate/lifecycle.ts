import { CheckFinding } from './check-finding';
import { ReportJson, ResourceJson } from '../cost-report/report-json';
import { sentence, sentences } from '../input/sentence';
import { MessageDefinition, MESSAGES } from '../messages';
import { outlived, outlivedText } from '../pricing/billing-modes/term';
import { EstimateJson, LineItemJson, MissingPrice } from '../pricing/estimate';
import { formatDays, formatQuantity, ofModel } from '../pricing/format';
import { daysBetween } from '../pricing/price-book/day';
import { endsSoon, isGone, LegacyModel, legacyOf, legacyText, ReplacedUse, replacementText } from '../pricing/price-book/lifecycle';
import { isEnded } from '../pricing/price-book/match';
import { endOfLifeHint } from '../pricing/price-book/missing-price';
import { ANY_MODEL } from '../pricing/price-book/rate';

/** A priced use of a model. */
export interface PricedUse extends Pick<EstimateJson, 'lineItems' | 'missingPrices'> {
  /** Billing mode, as in the usage file. */
  readonly type: string;
  readonly model: string;
  readonly region: string | undefined;
  /** Length in months of a term that begins on the day of the findings; left out or 0 without one. */
  readonly commitmentMonths?: number;
}

/** A finding about a price or a model that ends. */
export interface LifecycleFinding {
  readonly message: MessageDefinition;
  readonly text: string;
  readonly fix: string;
}

/**
 * Returns the findings about the end of a model and of its prices.
 *
 * @param today the day of the findings; without one, a legacy model is for information only, and no price is due for review
 */
export function lifecycleFindings(use: PricedUse, today: string | undefined): LifecycleFinding[] {
  return [...modelFindings(use, today), ...(today === undefined ? [] : [...termFindings(use, today), ...reviewFindings(use, today)])]
    .map((finding) => ({ ...finding, text: sentence(finding.text), fix: sentence(finding.fix) }));
}

function modelFindings(use: PricedUse, today: string | undefined): LifecycleFinding[] {
  const { type, model, region, missingPrices } = use;
  const legacy = legacyOf(model, region);
  if (legacy === undefined) return [];
  if (today !== undefined && isGone(model, region, today)) {
    // A missing price already names the end of life. With a rate of the user's own, the model still has a price.
    return missingPrices.length > 0 ? [] : [endedFinding(use, legacy)];
  }
  const soon = today !== undefined && endsSoon(legacy, today);
  const message = soon ? MESSAGES.modelEndsSoon : MESSAGES.legacyModel;
  const text = [
    `${model}: ${legacyText(legacy)}`,
    ...(soon ? [`that is ${formatDays(daysBetween(today, legacy.endOfLife!))} after ${today}`] : []),
    ...(type === 'provisioned-throughput' ? ['AWS accepts no new provisioned throughput for it'] : []),
  ];
  return [{ message, text: sentences(text), fix: `${replacementText(use)} before the end of life` }];
}

function endedFinding(use: PricedUse, { endOfLife, source }: LegacyModel): LifecycleFinding {
  return {
    message: MESSAGES.modelEnded,
    text: `${use.model} reached its end of life on ${endOfLife} (${source}); its price is a rate of your own`,
    fix: `${replacementText(use)}, unless a private arrangement with the provider keeps it in service`,
  };
}

/** Returns the finding of a term that outlives its model, which synth refuses to buy. */
function termFindings({ type, model, region, commitmentMonths: months = 0 }: PricedUse, today: string): LifecycleFinding[] {
  const found = months === 0 ? undefined : outlived(today, months, legacyOf(model, region)?.endOfLife);
  // A model that has already ended has the finding of its end, or a missing price.
  if (found === undefined || isGone(model, region, today)) return [];
  const text = outlivedText(`a commitment of ${formatQuantity(months)} month${months === 1 ? '' : 's'} for ${model} that begins on ${today}`, found);
  return [{ message: MESSAGES.commitmentOutlivesModel, text, fix: shorterTermFix({ type, model, region, months }, today) }];
}

/** Returns the change for a term that outlives its model. The shortest term is a month, and a model that has ended needs a replacement. */
export function shorterTermFix(use: ReplacedUse & { readonly months: number }, today: string | undefined): string {
  const { type, model, region, months } = use;
  if (today !== undefined && isGone(model, region, today)) return replacementText(use);
  const choices = [...(months > 1 ? ['a shorter term'] : []), ...(type === 'provisioned-throughput' ? ['no commitment'] : [])];
  return [...(choices.length > 0 ? [`choose ${choices.join(' or ')}`] : []), replacementText(use)].join(', or ');
}

/** Returns one finding for all lines with the same day. */
function reviewFindings({ model, lineItems }: PricedUse, today: string): LifecycleFinding[] {
  const due = new Map<string, string[]>();
  for (const line of lineItems) {
    const reason = dueText(line, today);
    if (reason !== undefined) due.set(reason, [...due.get(reason) ?? [], line.description]);
  }
  const message = MESSAGES.priceReviewDue;
  return [...due].map(([reason, lines]) => ({
    message, text: `the price of ${[...new Set(lines)].join(' and ')}${ofModel(model)} ${reason}, and it is ${today}`, fix: message.fix,
  }));
}

function dueText({ endDate, reviewAfter }: LineItemJson, today: string): string | undefined {
  if (isEnded({ endDate }, today)) return `held before ${endDate} only`;
  return reviewAfter !== undefined && reviewAfter < today ? `was guaranteed until ${reviewAfter} only` : undefined;
}

/** Returns a report for a day. Prices of models that have reached their end of life by then are missing, as at synth on that day. */
export function reportOfDay(report: ReportJson, today: string): ReportJson {
  const resources = report.resources.map((resource) => withoutGoneModel(resource, today));
  const isChanged = resources.some((resource, i) => resource !== report.resources[i]);
  return isChanged ? { ...report, resources, totals: { ...report.totals, monthlyUsd: null } } : report;
}

function withoutGoneModel(resource: ResourceJson, today: string): ResourceJson {
  const { type, model, lineItems } = resource;
  if (model === null) return resource;
  const region = resource.region ?? undefined;
  // A rate of the user's own may be from a private arrangement, which can outlast the public end of life.
  if (lineItems.every(({ own }) => own) || !isGone(model, region, today)) return resource;
  const missing: MissingPrice = {
    model, kind: 'model', description: `no price for ${model} in ${region ?? 'any region'} on ${today}`, hint: endOfLifeHint({ type, model, region }), nearestModels: [],
  };
  return { ...resource, monthlyUsd: null, missingPrices: [...resource.missingPrices, missing] };
}

/** Returns the lifecycle findings of a report's resources on a day, without those for information. */
export function lifecycleWarnings({ resources }: ReportJson, today: string): CheckFinding[] {
  const useOf = (resource: ResourceJson) => ({ ...resource, model: resource.model ?? ANY_MODEL, region: resource.region ?? undefined });
  return resources.flatMap((resource) => lifecycleFindings(useOf(resource), today)
    .filter(({ message }) => message.severity === 'warning')
    .map(({ message: { id }, text, fix }) => ({ id, path: resource.path, message: text, fix, source: resource.source })));
}
