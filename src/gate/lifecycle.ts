import type { CheckFinding } from './check';
import { LIFECYCLE_MESSAGES } from './lifecycle-messages';
import { ReportJson, ResourceJson } from './report-json';
import { daysBetween } from '../pricing/book/day';
import { isEnded } from '../pricing/book/match';
import { EstimateJson, LineItemJson, MissingPrice } from '../pricing/estimate';
import { formatDays } from '../pricing/format';
import { endsSoon, isGone, legacyOf, legacyText, replacementText } from '../pricing/lifecycle';
import { endOfLifeHint } from '../pricing/missing-price';

/** A priced use of a model. */
export interface PricedUse extends Pick<EstimateJson, 'lineItems' | 'missingPrices'> {
  /** The billing mode, as in the usage file. */
  readonly type: string;
  readonly model: string;
  readonly region: string | undefined;
}

type LifecycleMessage = (typeof LIFECYCLE_MESSAGES)[keyof typeof LIFECYCLE_MESSAGES];

/** A finding about a price or a model that ends. */
export interface LifecycleFinding {
  readonly message: LifecycleMessage;
  readonly text: string;
  readonly fix: string;
}

/**
 * The findings about the end of a model and of its prices.
 *
 * @param today the day to judge by; without one, a legacy model is for information only, and no price is due for review
 */
export function lifecycleFindings(use: PricedUse, today: string | undefined): LifecycleFinding[] {
  return [...modelFindings(use, today), ...(today === undefined ? [] : reviewFindings(use, today))];
}

function modelFindings({ type, model, region, missingPrices }: PricedUse, today: string | undefined): LifecycleFinding[] {
  const legacy = legacyOf(model, region);
  if (legacy === undefined) return [];
  const gone = today !== undefined && isGone(model, region, today);
  // The missing price names the end of life already.
  if (gone && missingPrices.length > 0) return [];
  const soon = today !== undefined && endsSoon(legacy, today);
  const message = soon ? LIFECYCLE_MESSAGES.modelEndsSoon : LIFECYCLE_MESSAGES.legacyModel;
  const text = [
    `${model}: ${legacyText(legacy)}`,
    ...(soon ? [`that is ${formatDays(daysBetween(today, legacy.endOfLife!))} after ${today}`] : []),
    ...(type === 'provisioned-throughput' ? ['AWS accepts no new provisioned throughput for it'] : []),
  ].join('; ');
  // With a rate of the user's own, a model past its end of life still has a price.
  return [{ message, text, fix: `${replacementText(model)}${gone ? '' : ' before the end of life'}` }];
}

/** One finding for all lines that share a day. */
function reviewFindings({ model, lineItems }: PricedUse, today: string): LifecycleFinding[] {
  const due = new Map<string, string[]>();
  for (const line of lineItems) {
    const reason = dueText(line, today);
    if (reason !== undefined) due.set(reason, [...due.get(reason) ?? [], line.description]);
  }
  const message = LIFECYCLE_MESSAGES.priceReviewDue;
  return [...due].map(([reason, lines]) => ({
    message, text: `the price of ${[...new Set(lines)].join(' and ')} of ${model} ${reason}, and it is ${today}`, fix: message.fix,
  }));
}

function dueText({ endDate, reviewAfter }: LineItemJson, today: string): string | undefined {
  if (isEnded({ endDate }, today)) return `held before ${endDate} only`;
  return reviewAfter !== undefined && reviewAfter < today ? `was guaranteed until ${reviewAfter} only` : undefined;
}

/** A report as it reads on a day: the price of a model that has reached its end of life since is missing, as at synth with that day. */
export function reportOfDay(report: ReportJson, today: string): ReportJson {
  const resources = report.resources.map((resource) => withoutGoneModel(resource, report.priceBook.sources, today));
  const isChanged = resources.some((resource, i) => resource !== report.resources[i]);
  return isChanged ? { ...report, resources, totals: { ...report.totals, monthlyUsd: null } } : report;
}

function withoutGoneModel(resource: ResourceJson, sources: readonly string[], today: string): ResourceJson {
  const { model, lineItems } = resource;
  const region = resource.region ?? undefined;
  const ofTheBook = lineItems.filter((line) => isOfTheBook(line, sources));
  if (ofTheBook.length === 0 || !isGone(model, region, today)) return resource;
  const missing: MissingPrice = {
    model, kind: 'model', description: `no price for ${model} in ${region ?? 'any region'} on ${today}`, hint: endOfLifeHint(model, region), nearestModels: [],
  };
  return { ...resource, monthlyUsd: null, missingPrices: [...resource.missingPrices, missing] };
}

/** A rate of the user's own outlasts the public end of life; a report knows it by a source that is none of the book's. */
function isOfTheBook({ source, derived }: LineItemJson, sources: readonly string[]): boolean {
  return source === null || derived !== undefined || sources.includes(source);
}

/** The findings of a report's resources that need attention on a day. */
export function lifecycleWarnings({ resources }: ReportJson, today: string): CheckFinding[] {
  return resources.flatMap((resource) => lifecycleFindings({ ...resource, region: resource.region ?? undefined }, today)
    .filter(({ message }) => message.severity === 'warning')
    .map(({ message: { id }, text, fix }) => ({ id, path: resource.path, message: text, fix, source: resource.source })));
}
