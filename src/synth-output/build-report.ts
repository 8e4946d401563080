import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BudgetJson, FindingJson, MonitorJson, ReportJson, ResourceJson, SeveritiesJson, StackJson, TotalsJson } from '../cost-report/report-json';
import { budgetEvaluations } from '../estimates/budget-evaluation';
import { largestLine } from '../estimates/cost-text';
import { givenSeverities } from '../estimates/findings';
import { priceAgeFinding } from '../estimates/price-age';
import { CostEntry, coveredCost, entriesBelow, entriesOfStack, EntryEvaluation, isBelow, priceEntries, RegisteredMonitor, registryOf } from '../estimates/registry';
import { hoursPerMonth, priceBook, pricingRegion } from '../estimates/settings';
import { sentence } from '../input/sentence';
import { MESSAGES } from '../messages';
import { Decimal, decimal, sum, sumIfAllKnown, toText } from '../pricing/decimal';
import { EstimateJson } from '../pricing/estimate';
import { PriceDateFields, priceDateFields, priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL } from '../pricing/price-book/rate';
import { assumptionsOfMonths, priceDatesOfMonths } from '../render/cost-lines';
import { oneLine } from '../render/sanitize';

const { version }: { readonly version: string } = require('../../package.json');

/** The report of an app: every priced construct, the totals of each stack, the verdicts of budgets and the findings. */
export function buildReport(root: IConstruct): ReportJson {
  priceEntries(root);
  const entries = entriesBelow(root);
  const { findings } = registryOf(root);
  const evaluations = budgetEvaluations(root);
  const book = priceBook(root);
  const resources = entries.map(resourceJson);
  const monitorsByBudget = new Map(evaluations.map(({ entry }) => [entry, entry.monitors?.() ?? []]));
  const monitors = [...monitorsByBudget.values()].flat();
  const resourcesByStack = new Map<Stack, ResourceJson[]>(stacksOf(entries, monitors).map((stack) => [stack, []]));
  entries.forEach(({ construct }, i) => resourcesByStack.get(Stack.of(construct))!.push(resources[i]));
  const stacks = [...resourcesByStack].map(([stack, ofStack]) => stackJson(stack, ofStack, monitors));
  const changes = [...book._changes, ...usageChanges(entries)];
  const priceDays = resources.flatMap(({ oldestPriceDate, newestPriceDate }) => [{ asOf: oldestPriceDate }, { asOf: newestPriceDate }]);
  return {
    schemaVersion: '1',
    generatedBy: `cdk-bedrock-cost ${version}`,
    priceBook: { asOf: book.asOf ?? null, sources: book._sources, ...(changes.length > 0 ? { changes } : {}) },
    ...priceDateFields(priceDatesOf(priceDays)),
    currency: 'USD',
    hoursPerMonth: hoursPerMonth(root),
    ...severitiesField(givenSeverities(root)),
    totals: totals(stacks, []),
    stacks,
    resources,
    budgets: evaluations.map((evaluation) => budgetJson(evaluation, monitorsByBudget.get(evaluation.entry)!)),
    findings: [
      ...findings
        .filter(({ construct }) => isBelow(construct, root))
        .map(({ construct, id, severity, message, fix, source }) => ({ id, severity, path: construct.node.path, message, fix, source })),
      ...[...new Set(entries.map(({ construct }) => Stack.of(construct)))].flatMap(priceAgeFindingJson),
      ...evaluations.flatMap(budgetFindingJson),
    ],
  };
}

function severitiesField(severities: SeveritiesJson): Pick<ReportJson, 'severities'> {
  return Object.keys(severities).length === 0 ? {} : { severities };
}

function isSame(a: SeveritiesJson, b: SeveritiesJson): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

/** The usage of a usage file that replaces that of the code, which nothing else of a report shows. */
function usageChanges(entries: readonly CostEntry[]): string[] {
  const files = entries.flatMap(({ usageFile = [] }) => usageFile);
  return [...new Set(files)].map((file) => {
    const count = files.filter((other) => other === file).length;
    return oneLine(`usage of ${count} workload${count === 1 ? '' : 's'} from ${file}`);
  });
}

function budgetJson({ budget, judgement, effect, entry }: EntryEvaluation, monitors: readonly RegisteredMonitor[]): BudgetJson {
  const { path, covers, limitUsd, enforcement, onMissingPrice, acknowledgement, severities } = budget;
  return {
    path,
    covers,
    limitUsd,
    estimatedUsd: toText(judgement.known),
    status: judgement.status,
    enforcement,
    onMissingPrice,
    acknowledged: effect === 'accepted' || effect === 'incomplete',
    acknowledgement,
    ...(isSame(severities, givenSeverities(entry.construct.node.root)) ? {} : { severities }),
    monitors: monitors.map(({ scope: _, ...plain }) => plain),
  };
}

function budgetFindingJson({ entry, finding }: EntryEvaluation): FindingJson[] {
  if (!finding) return [];
  const { message, severity, text, fix } = finding;
  return [{ id: message.id, severity, path: entry.construct.node.path, message: text, fix, source: entry.source ?? null }];
}

function priceAgeFindingJson(stack: Stack): FindingJson[] {
  const found = priceAgeFinding(stack);
  if (!found) return [];
  const { construct, source = null } = found.entry;
  const { id, fix } = MESSAGES.pricesTooOld;
  return [{ id, severity: found.severity, path: construct.node.path, message: sentence(found.text), fix, source }];
}

/** The part of a report that is one stack's. */
export function stackReport(stack: Stack): { readonly stack: StackJson; readonly resources: ResourceJson[] } {
  priceEntries(stack);
  const resources = entriesOfStack(stack).map(resourceJson);
  return { resources, stack: stackJson(stack, resources, monitorsOf(stack.node.root)) };
}

function stackJson(stack: Stack, resources: readonly ResourceJson[], allMonitors: readonly RegisteredMonitor[]): StackJson {
  const monitors = allMonitors.filter(({ scope }) => Stack.of(scope) === stack);
  return { path: stack.node.path, region: pricingRegion(stack) ?? null, ...totals(resources, monitors) };
}

/** The monitors of the budgets of an app after the deployment. */
function monitorsOf(root: IConstruct): RegisteredMonitor[] {
  return registryOf(root).budgets.filter(({ construct }) => isBelow(construct, root)).flatMap((budget) => budget.monitors?.() ?? []);
}

/** Those with priced constructs, and those in which something that costs money watches others. */
function stacksOf(entries: readonly CostEntry[], monitors: readonly RegisteredMonitor[]): Stack[] {
  const watching = monitors.filter(({ lineItems }) => lineItems.length > 0).map(({ scope }) => scope);
  return [...new Set([...entries.map(({ construct }) => construct), ...watching].map((construct) => Stack.of(construct)))];
}

/** The fields that follow from the lines of an estimate alone. */
interface OfMonth {
  readonly dates: PriceDateFields;
  readonly largest: ResourceJson['largestLine'];
}

const knownMonths = new WeakMap<EstimateJson, OfMonth>();

/** Entries with equal usage share their estimate, whose lines are read once. */
function ofMonth(estimate: EstimateJson): OfMonth {
  const known = knownMonths.get(estimate) ?? { dates: priceDateFields(priceDatesOfMonths(estimate)), largest: largestLine(estimate) ?? null };
  knownMonths.set(estimate, known);
  return known;
}

function resourceJson(entry: CostEntry): ResourceJson {
  const { estimate, low, high, commitment, otherServices } = entry;
  const { path, stack, region, regionAssumed, templateDiffers } = coveredCost(entry);
  const { dates, largest } = ofMonth(estimate);
  return {
    path,
    stack,
    type: entry.type,
    model: entry.model === ANY_MODEL ? null : entry.model,
    region,
    ...(regionAssumed ? { regionAssumed } : {}),
    ...(templateDiffers === undefined ? {} : { templateDiffers }),
    ...estimate,
    assumptions: low || high ? assumptionsOfMonths(estimate, low, high) : estimate.assumptions,
    ...entry.pricedUsage,
    // Without usage of its own, a slow or busy month costs what an average one does.
    lowMonthlyUsd: (low ?? estimate).monthlyUsd,
    highMonthlyUsd: (high ?? estimate).monthlyUsd,
    // From the lines, which the entry of an older copy of the library has as well.
    ...(low || high ? priceDateFields(priceDatesOfMonths(estimate, low, high)) : dates),
    largestLine: largest,
    ...(otherServices?.length ? { otherServices } : {}),
    commitment: commitment ? { ...commitment, usd: estimate.commitmentUsd } : null,
    source: entry.source ?? null,
  };
}

/**
 * The totals of the resources of a stack or of the stacks of an app. The cost of other services is the sum over them and over
 * their monitors.
 */
function totals(parts: readonly TotalsJson[], monitors: readonly MonitorJson[]): TotalsJson {
  return {
    monthlyUsd: total(parts.map(({ monthlyUsd }) => monthlyUsd)),
    knownMonthlyUsd: toText(sum(parts.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd)))),
    oneTimeUsd: total(parts.map(({ oneTimeUsd }) => oneTimeUsd)),
    commitmentUsd: total(parts.map(({ commitmentUsd }) => commitmentUsd)),
    otherServicesMonthlyUsd: toText(sum([...parts, ...monitors].map(({ otherServicesMonthlyUsd }) => decimal(otherServicesMonthlyUsd)))),
    lowMonthlyUsd: total(parts.map(({ lowMonthlyUsd }) => lowMonthlyUsd)),
    highMonthlyUsd: total(parts.map(({ highMonthlyUsd }) => highMonthlyUsd)),
  };
}

/** A sum with an unknown part is unknown. */
function total(amounts: readonly (string | null)[]): string | null {
  const exact: Decimal | undefined = sumIfAllKnown(amounts.map((amount) => (amount === null ? undefined : decimal(amount))));
  return exact === undefined ? null : toText(exact);
}
