import { Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RecordedEntry } from './recorded-entry';
import { PricingRequest, UsagePricing } from './usage-pricing';
import { SourceJson } from '../cost-report/report-json';
import { reportAvailability } from '../estimates/availability';
import { costText } from '../estimates/cost-text';
import { UsageEstimates } from '../estimates/estimate-usage';
import { addFinding, annotationsOf, invalidInput, severityOf } from '../estimates/findings';
import { batchFacts, throughputFacts, tokenMetrics } from '../estimates/metered';
import { shownModel } from '../estimates/model-arns';
import { announcePriceAge } from '../estimates/price-age';
import { differenceIn, PricedProperty } from '../estimates/priced-template';
import {
  addEntry, BatchIdentity, beginSynthesis, BudgetEntry, CostEntry, isInTree, once, priceEntries, registryOf, reportedSettings,
  ThroughputPurchase, TokenMetrics, whenPriced,
} from '../estimates/registry';
import { hasDetails, isEnabled, isInputProblem, settingsProblem, today } from '../estimates/settings';
import { warnOfSmallDiscounts } from '../estimates/small-discount';
import { callerLocation } from '../estimates/source-location';
import { warnOfUnknownContextKeys } from '../estimates/unknown-context-keys';
import { lifecycleFindings } from '../gate/lifecycle';
import { didYouMeanOneOf } from '../input/nearest';
import { sentences } from '../input/sentence';
import { MESSAGES } from '../messages';
import { CostEstimate } from '../pricing/estimate';
import { UsageFields } from '../pricing/workload';
import { attachAcknowledgementCheck } from '../synth-output/acknowledgements';
import { attachReport, attachStackTable } from '../synth-output/report-writer';
import { attachTemplateLimits } from '../synth-output/template-limits';
import { attachPlugin } from '../synth-output/validation-plugin';

/** The metadata of a priced construct in the cloud assembly. */
const ESTIMATE_METADATA = 'cdk-bedrock-cost:estimate';

export interface RecordRequest<U extends UsageFields = UsageFields> extends PricingRequest<U> {
  /**
   * The value of CloudWatch's dimension `ModelId` for the resource, and whether other resources may have the same.
   * Left out if CloudWatch does not count its tokens.
   */
  readonly cloudWatchModel?: Pick<TokenMetrics, 'modelId' | 'shared'>;
  /** A purchase of provisioned throughput; left out where it was bought outside this app. */
  readonly throughput?: ThroughputPurchase;
  /** The identity of the jobs of a batch construct. */
  readonly batchJobs?: BatchIdentity;
  /**
   * The line of the app that creates it.
   * @default - found from the call stack
   */
  readonly source?: SourceJson;
  /** The properties of the template that the price depends on; left out where there is no template, as for an estimate alone. */
  readonly pricedProperties?: readonly PricedProperty[];
  /** Lets the construct's own alarms and functions notify the topic of a budget that covers it. */
  readonly notify?: CostEntry['notify'];
  /**
   * For the cost of a construct that is not of this library, whose resources are left as they are: the construct that has the cost,
   * which may be created and removed until synthesis.
   * @default - the construct that is recorded
   */
  readonly subject?: () => IConstruct;
  /**
   * Reviews the usage that was priced, which may be the usage file's, and adds findings of its own.
   *
   * @throws the problem of input that is not allowed
   */
  readonly review?: (priced: ReviewedUsage<U>) => void;
}

export interface ReviewedUsage<U extends UsageFields = UsageFields> {
  readonly usage: U;
  readonly estimate: CostEstimate;
  readonly source: SourceJson | undefined;
}

/**
 * Records a construct that costs money: its estimate goes to the screen, the tables, the report, the budgets and the alarms.
 *
 * The one way in. The usage is priced when its price is first read, at synthesis as a rule. Input that is not allowed is refused
 * then, and unknown prices become findings. `Lazy` values are resolved at synthesis.
 *
 * @returns the estimate, unread; unknown before synthesis where the usage holds tokens
 */
export function recordUsage<U extends UsageFields>(construct: IConstruct, given: RecordRequest<U>): CostEstimate {
  const request = typeof given.model === 'string' ? { ...given, model: shownModel(given.model) } : given;
  const { subject = () => construct } = request;
  const pricing = new UsagePricing(subject, request);
  const estimate = CostEstimate._unread(() => pricing.now.estimate);
  const refused: Error[] = [];
  const isCounted = isEnabled(construct);
  construct.node.addValidation({
    validate: () => {
      validatedScopes.add(synthesizedScope(construct));
      if (isCounted) priceEntries(construct);
      // An estimate goes with the construct that it is the cost of.
      if (request.subject && !isInTree(subject())) return [];
      const { problem } = pricing.finish().estimates;
      return problemsToReport(construct, [...(problem ? [problem] : []), ...refused]).map(invalidInput);
    },
  });
  if (!isCounted) return estimate;
  const priced = () => pricing.now.estimates;
  const entry: CostEntry = new RecordedEntry(subject, pricing, {
    type: request.atSynthesis ? undefined : request.type,
    commitment: request.commitment,
    source: request.source ?? callerLocation(),
    tokenMetrics: request.cloudWatchModel && tokenMetrics(construct, request, priced, request.cloudWatchModel),
    isModelToken: request.cloudWatchModel && Token.isUnresolved(request.model),
    throughput: throughputFacts(request, priced),
    batchJobs: request.batchJobs && batchFacts(construct, request, priced, request.batchJobs),
    notify: request.notify,
    isEstimate: request.subject && true,
    templateDiffers: request.pricedProperties && (() => differenceIn(request.pricedProperties!)),
  });
  if (entry.templateDiffers) reportDifference(entry);
  addEntry(entry);
  announce(construct);
  const finish = () => {
    // Monitors of budgets have entries priced before other Aspects have run, which may change the template.
    if (request.atSynthesis && !validatedScopes.has(synthesizedScope(construct))) {
      whenPriced(construct, finish);
      return;
    }
    const { estimates } = pricing.finish();
    if (estimates.problem === undefined) refused.push(...reportPriced(entry, request, { ...estimates, estimate: pricing.now.estimate }));
  };
  whenPriced(construct, finish);
  registryOf(construct).entryListeners.forEach((listener) => listener(entry));
  return estimate;
}

/** The apps and stages that have been validated, so that their Aspects have run. */
const validatedScopes = new WeakSet<IConstruct>();

/** The stage or the app whose synthesis has the template of a construct. */
function synthesizedScope(construct: IConstruct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}

/** Reports the estimate of an entry, and its unknown or questionable parts. */
function reportPriced<U extends UsageFields>(entry: CostEntry, request: RecordRequest<U>, estimates: UsageEstimates<U>): Error[] {
  const { construct, source } = entry;
  const { usage, estimate } = estimates;
  construct.node.addMetadata(ESTIMATE_METADATA, summaryOfEntry(entry));
  if (hasDetails(construct) && severityOf(construct, MESSAGES.estimate) !== 'off') annotationsOf(construct).addInfoV2(MESSAGES.estimate.id, costText(entry));
  reportWhatIsMissing(entry, estimates);
  reportLifecycle(entry, today(construct));
  const refused = problemsOf(() => request.review?.({ usage, estimate, source }));
  // The lists do not have the regions of custom models, and an assumed region may be wrong.
  const isCalled = !usage.customModel && !estimates.regionAssumed && ['on-demand', 'batch'].includes(entry.type);
  if (isCalled) reportAvailability(construct, entry.model, estimates.region, source);
  return refused;
}

/** The problem with input that an action meets, if it meets one. */
function problemsOf(action: () => void): Error[] {
  try {
    action();
    return [];
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return [problem];
  }
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
  entry.construct.node.addValidation({ validate: () => problemsToReport(entry.construct, []).map(invalidInput) });
  announce(entry.construct);
  attachPlugin(entry.construct, { hasBudget: true });
}

/** Attaches the report to the app of a construct, and all that belongs to it in an app without a priced construct. */
export function announceApp(construct: IConstruct): void {
  const { root } = construct.node;
  if (!isEnabled(root)) return;
  announceSynthesis(root);
  attachReport(root);
  attachPlugin(root, { hasBudget: false });
}

/** The problems of a construct, with those of the settings that are valid for it, each of which is reported once in a synthesis. */
function problemsToReport(construct: IConstruct, problems: readonly Error[]): Error[] {
  const settings = settingsProblem(construct);
  const own = problems.filter(({ message }) => message !== settings?.message);
  const reported = reportedSettings(construct);
  if (!settings || reported.has(settings.message)) return own;
  reported.add(settings.message);
  return [settings, ...own];
}

/** Prepares the synthesis of the app, with its first entry and with the first one of each stage and stack. */
function announce(construct: IConstruct): void {
  const stack = Stack.of(construct);
  once(registryOf(construct), `announced:${stack.node.addr}`, () => announceIn(stack, construct));
}

function announceIn(stack: Stack, construct: IConstruct): void {
  const registry = registryOf(construct);
  const source = callerLocation();
  once(registry, 'small-discounts', () => whenPriced(construct, () => {
    if (settingsProblem(construct) === undefined) warnOfSmallDiscounts(construct, source);
  }));
  once(registry, 'context-keys', () => warnOfUnknownContextKeys(construct));
  const { root } = construct.node;
  for (const scope of [root, Stage.of(stack) ?? root]) announceSynthesis(scope);
  once(registry, `price-age-of:${stack.node.addr}`, () => announcePriceAge(stack));
  attachReport(root);
  attachStackTable(stack);
  attachAcknowledgementCheck(construct);
  attachTemplateLimits(construct);
  attachPlugin(construct, { hasBudget: false });
}

/** Prices all entries when the app or a stage is validated, before all below it: annotations that are added then reach the screen. */
function announceSynthesis(scope: IConstruct): void {
  const registry = registryOf(scope);
  once(registry, `synthesis-of:${scope.node.addr}`, () => scope.node.addValidation({
    validate: () => {
      validatedScopes.add(scope);
      beginSynthesis(scope);
      priceEntries(scope);
      return [];
    },
  }));
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
