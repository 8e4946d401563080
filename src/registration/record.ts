import { Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { SourceJson } from '../cost-report/report-json';
import { reportAvailability } from '../estimates/availability';
import { costText } from '../estimates/cost-text';
import { pricedUsage } from '../estimates/entry-details';
import { estimateUsage, UsageEstimates, UsageRequest } from '../estimates/estimate-usage';
import { addFinding, annotationsOf, invalidInput, refuseInput, severityOf } from '../estimates/findings';
import { resolveLazy } from '../estimates/lazy-usage';
import { idOf, resolvedModel, shownModel } from '../estimates/model-arns';
import { batchFacts, throughputFacts, tokenMetrics } from '../estimates/metered';
import { announcePriceAge } from '../estimates/price-age';
import { differenceIn, PricedProperty } from '../estimates/priced-template';
import { addEntry, BatchIdentity, beginSynthesis, BudgetEntry, CostEntry, once, priceLazyUsage, registryOf, ThroughputPurchase, TokenMetrics } from '../estimates/registry';
import { RunningCost } from '../estimates/running-cost';
import { hasDetails, isEnabled, settingsProblem, today } from '../estimates/settings';
import { warnOfSmallDiscounts } from '../estimates/small-discount';
import { callerLocation } from '../estimates/source-location';
import { warnOfUnknownContextKeys } from '../estimates/unknown-context-keys';
import { lifecycleFindings } from '../gate/lifecycle';
import { didYouMeanOneOf } from '../input/nearest';
import { sentences } from '../input/sentence';
import { MESSAGES } from '../messages';
import { ZERO } from '../pricing/decimal';
import { CostEstimate } from '../pricing/estimate';
import { ANY_MODEL } from '../pricing/price-book/rate';
import { priceUses } from '../pricing/price-book/price-use';
import { hasModel, UsageFields } from '../pricing/workload';
import { attachAcknowledgementCheck } from '../synth-output/acknowledgements';
import { attachReport } from '../synth-output/report-writer';
import { attachTemplateLimits } from '../synth-output/template-limits';

/** The metadata of a priced construct in the cloud assembly. */
const ESTIMATE_METADATA = 'cdk-bedrock-cost:estimate';

export interface RecordRequest<U extends UsageFields = UsageFields> extends UsageRequest<U> {
  /**
   * How CloudWatch names the resource in the dimension `ModelId`, and whether others may use the same name.
   * Left out where CloudWatch does not count its tokens.
   */
  readonly cloudWatchModel?: Pick<TokenMetrics, 'modelId' | 'shared'>;
  /** A purchase of provisioned throughput; left out where it was bought outside this app. */
  readonly throughput?: ThroughputPurchase;
  /** How the jobs of a batch construct are told from others. */
  readonly batchJobs?: BatchIdentity;
  /**
   * Where the user made it.
   * @default - found from the call stack
   */
  readonly source?: SourceJson;
  /** What other AWS services cost each month for the usage that counts; undefined when not known. */
  readonly otherServices?: (usage: U) => RunningCost | undefined;
  /** The properties of the template that the price depends on; left out where there is no template, as for an estimate alone. */
  readonly pricedProperties?: readonly PricedProperty[];
  /** Lets the construct's own alarms and functions notify the topic of a budget that covers it. */
  readonly notify?: CostEntry['notify'];
  /** The same problem, or one that names the prop that is its cause, where a number of the usage follows from another prop. */
  readonly explain?: (problem: Error) => Error;
  /** Reviews the usage that counts, which may be the usage file's, and adds findings of its own. */
  readonly review?: (usage: U, source: SourceJson | undefined) => void;
}

/**
 * Prices a construct and records it: the estimate goes to the screen, the tables, the report, the budgets and the alarms.
 *
 * The one way in. Input that is not allowed is refused at synth; whatever is not known becomes a finding. Usage with tokens is
 * priced at synthesis, when `Lazy` values are resolved.
 *
 * @returns what it costs; unknown where the usage holds tokens
 */
export function recordUsage<U extends UsageFields>(construct: IConstruct, given: RecordRequest<U>): CostEstimate {
  const request = typeof given.model === 'string' ? { ...given, model: shownModel(given.model) } : given;
  const priced = priceUsage(construct, request);
  const { estimate, estimates } = priced;
  if (!isEnabled(construct)) {
    if (estimates.problem) refuseProblem(construct, estimates.problem);
    return estimate;
  }
  const settings = settingsProblem(construct);
  const entry: CostEntry = {
    construct,
    type: request.type,
    ...priced.facts,
    commitment: request.commitment,
    source: request.source ?? callerLocation(),
    // Usage that is known only at deployment is not priced, so that a setting that is not allowed has not shown yet.
    tokenMetrics: request.cloudWatchModel && !settings ? tokenMetrics(construct, request, estimates, request.cloudWatchModel) : undefined,
    notify: request.notify,
    ...(request.pricedProperties ? { templateDiffers: () => differenceIn(request.pricedProperties!) } : {}),
  };
  if (entry.templateDiffers) reportDifference(entry);
  const registry = registryOf(construct);
  addEntry(entry);
  announce(construct, settings);
  if (entry.pricedUsage?.unresolvedUsage) priceAtSynthesis(entry, request);
  else reportPriced(entry, request, estimates);
  registry.entryListeners.forEach((listener) => listener(entry));
  return estimate;
}

interface PricedUsage<U extends UsageFields> {
  readonly estimates: UsageEstimates<U>;
  /** The estimate of the usage, with what other AWS services cost for it. */
  readonly estimate: CostEstimate;
  /** The part of an entry that follows from the usage. */
  readonly facts: Pick<CostEntry, PricedField>;
}
type PricedField = 'pricedUsage' | 'model' | 'region' | 'regionAssumed' | 'isRefused' | 'estimate' | 'low' | 'high' | 'priceUses' | 'otherServices' | 'throughput'
| 'batchJobs' | 'usageFile';

function priceUsage<U extends UsageFields>(construct: IConstruct, request: RecordRequest<U>): PricedUsage<U> {
  const found = estimateUsage(construct, request);
  const estimates = found.problem && request.explain ? { ...found, problem: request.explain(found.problem) } : found;
  const otherServicesOf = (differs: UsageFields = {}) => request.otherServices?.({ ...estimates.usage, ...differs });
  const otherServices = otherServicesOf();
  const withOtherServices = (of: CostEstimate, cost: RunningCost | undefined) => of._withOtherServices(cost?.monthly ?? ZERO);
  const estimate = withOtherServices(estimates.estimate, otherServices);
  return {
    estimates,
    estimate,
    facts: {
      pricedUsage: pricedUsage(estimates),
      model: reportedModel(request),
      region: estimates.region,
      ...(estimates.regionAssumed ? { regionAssumed: true } : {}),
      ...(estimates.problem ? { isRefused: true } : {}),
      estimate: estimate._toJson(),
      low: estimates.low && withOtherServices(estimates.low, otherServicesOf(estimates.lowUsage))._toJson(),
      high: estimates.high && withOtherServices(estimates.high, otherServicesOf(estimates.highUsage))._toJson(),
      priceUses: priceUses(estimates.estimate, estimates.low, estimates.high),
      otherServices: otherServices?.lines,
      usageFile: estimates.usageFile,
      throughput: throughputFacts(request, estimates),
      batchJobs: request.batchJobs && batchFacts(construct, request, estimates, request.batchJobs),
    },
  };
}

/** The id by which a model is reported. */
function reportedModel({ type, model }: UsageRequest): string {
  if (!hasModel(type)) return ANY_MODEL;
  return typeof model === 'string' && !Token.isUnresolved(model) ? idOf(model) : 'unknown';
}

/** Prices an entry again when its cost is first read at synthesis, or when its construct is validated. */
function priceAtSynthesis<U extends UsageFields>(entry: CostEntry, request: RecordRequest<U>): void {
  const { construct } = entry;
  const registry = registryOf(construct);
  let problem: Error | undefined;
  (registry.unpriced ??= []).push(() => {
    const { region } = resolveLazy(construct, { region: request.region });
    const model = request.model && resolvedModel(construct, request.model);
    const lazily = (fields: UsageFields | undefined) => fields && resolveLazy(construct, fields);
    const [lowUsage, highUsage] = [lazily(request.lowUsage), lazily(request.highUsage)];
    const resolved = { ...request, model, region, usage: resolveLazy(construct, request.usage), lowUsage, highUsage };
    const { estimates, facts } = priceUsage(construct, resolved);
    Object.assign(entry, facts);
    problem = estimates.problem;
    if (!problem) reportPriced(entry, resolved, estimates);
  });
  construct.node.addValidation({
    validate: () => {
      priceLazyUsage(construct);
      return problem ? [invalidInput(problem)] : [];
    },
  });
}

/** Shows what an entry costs, and what is not known or questionable about it. */
function reportPriced<U extends UsageFields>(entry: CostEntry, request: RecordRequest<U>, estimates: UsageEstimates<U>): void {
  const { construct, source } = entry;
  if (estimates.problem) {
    refuseProblem(construct, estimates.problem);
    return;
  }
  construct.node.addMetadata(ESTIMATE_METADATA, summaryOfEntry(entry));
  if (hasDetails(construct) && severityOf(construct, MESSAGES.estimate) !== 'off') annotationsOf(construct).addInfoV2(MESSAGES.estimate.id, costText(entry));
  reportWhatIsMissing(entry, estimates);
  reportLifecycle(entry, today(construct));
  request.review?.(estimates.usage, source);
  // Where a custom model can be called is another matter than where its base model is; so is a region that is only assumed.
  const { customModel } = estimates.usage;
  if (!customModel && !estimates.regionAssumed && ['on-demand', 'batch'].includes(request.type)) reportAvailability(construct, request.model!, estimates.region, source);
}

/** The estimate without its lines: these are in the report. */
function summaryOfEntry({ type, model, region, estimate }: CostEntry): object {
  const { monthlyUsd, knownMonthlyUsd, oneTimeUsd, commitmentUsd, otherServicesMonthlyUsd, unitCosts } = estimate;
  return { type, model, region: region ?? null, monthlyUsd, knownMonthlyUsd, oneTimeUsd, commitmentUsd, otherServicesMonthlyUsd, unitCosts };
}

/** Aspects have run when a construct is validated, and what it finds then still reaches the screen. */
function reportDifference({ construct, source, templateDiffers }: CostEntry): void {
  construct.node.addValidation({
    validate: () => {
      const text = templateDiffers?.();
      if (text !== undefined) {
        once(registryOf(construct), `differs:${construct.node.addr}`, () => addFinding(construct, MESSAGES.templateDiffers, `the estimate does not follow the template: ${text}`, source));
      }
      return [];
    },
  });
}

/** Records a budget, to be evaluated when the app is synthesized. */
export function recordBudget(entry: BudgetEntry): void {
  registryOf(entry.construct).budgets.push(entry);
  announce(entry.construct, settingsProblem(entry.construct));
}

/** Refuses input that is not allowed: a setting of the app once, by the first construct that meets it, anything else by the construct. */
export function refuseProblem(construct: IConstruct, problem: Error): void {
  const settings = settingsProblem(construct);
  refuseSettings(construct, settings);
  if (settings?.message !== problem.message) refuseInput(construct, problem);
}

function refuseSettings(construct: IConstruct, problem: Error | undefined): void {
  if (problem) once(registryOf(construct), `settings:${problem.message}`, () => refuseInput(construct, problem));
}

/** Prepares the synthesis of the app with what comes with its first entry, and with the first of each stage and stack. */
function announce(construct: IConstruct, settings: Error | undefined): void {
  refuseSettings(construct, settings);
  const stack = Stack.of(construct);
  once(registryOf(construct), `announced:${stack.node.addr}`, () => announceIn(stack, construct));
}

function announceIn(stack: Stack, construct: IConstruct): void {
  const registry = registryOf(construct);
  once(registry, 'settings', () => {
    if (settingsProblem(construct) === undefined) warnOfSmallDiscounts(construct);
  });
  once(registry, 'context-keys', () => warnOfUnknownContextKeys(construct));
  const { root } = construct.node;
  for (const scope of [root, Stage.of(stack) ?? root]) once(registry, `synthesis-of:${scope.node.addr}`, () => announceSynthesis(scope));
  once(registry, `price-age-of:${stack.node.addr}`, () => announcePriceAge(stack));
  attachReport(construct);
  attachAcknowledgementCheck(construct);
  attachTemplateLimits(construct);
}

function announceSynthesis(scope: IConstruct): void {
  scope.node.addValidation({
    validate: () => {
      beginSynthesis(scope);
      return [];
    },
  });
}

/** The end of the model and of its prices, which a day of the context makes more than information. */
function reportLifecycle({ construct, type, model, region, estimate, source }: CostEntry, day: string | undefined): void {
  for (const { message, text, fix } of lifecycleFindings({ ...estimate, type, model, region }, day)) {
    addFinding(construct, message, text, source, fix);
  }
}

/** One finding, the one that names the cause: without a region every price is missing, and that is not the model's fault. */
function reportWhatIsMissing({ construct, source }: CostEntry, { estimate, region, unresolved }: UsageEstimates): void {
  const missing = estimate.missingPrices;
  if (missing.length === 0) return;
  if (unresolved.length > 0) {
    addFinding(construct, MESSAGES.unknownUsage, `the cost is unknown, not $0: ${unresolved.join(', ')} is a token, known only at deployment`, source);
  } else if (region === undefined && missing.every(({ nearestModels }) => nearestModels.length === 0)) {
    addFinding(construct, MESSAGES.unknownRegion, `the cost of ${missing[0].model} is unknown, not $0: the stack has no region at synth`, source);
  } else {
    const nearest = [...new Set(missing.flatMap(({ nearestModels }) => nearestModels))];
    addFinding(construct, MESSAGES.missingPrice, sentences([
      `the cost is unknown, not $0: ${missing.map(({ description, hint, nearestModels: { length } }) => (length > 0 ? description : `${description} (${hint})`)).join('; ')}`,
      didYouMeanOneOf(nearest),
    ]), source);
  }
}
