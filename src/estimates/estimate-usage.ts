import { Aws, Intrinsic, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { unresolvedFields } from './lazy-usage';
import { idOf } from './model-arns';
import { CostEntry, rootOf } from './registry';
import { assumedRegion, hoursPerMonth, isInputProblem, priceBook, pricingRegion, usageFile } from './settings';
import { usageFilePath } from './settings-sources';
import { describe, isPricingError, PricingError } from '../input/error';
import { oneLine } from '../input/one-line';
import { CostEstimate } from '../pricing/estimate';
import { PriceBook } from '../pricing/price-book/price-book';
import { hasModel, price, readWorkload, UsageFields, WorkloadType } from '../pricing/workload';
import { UsageOverride } from '../usage-file/usage-file';

/** A construct's usage, as the code gives it: values may be tokens, and callers without a compiler may leave fields out. */
export interface UsageRequest<U extends UsageFields = UsageFields> {
  readonly type: WorkloadType;
  /** The model; left out where no model is part of the price. */
  readonly model?: string;
  /** The region of the use, where it is not the stack's. */
  readonly region?: string;
  readonly usage: U;
  /** The fields that differ in a slow month. */
  readonly lowUsage?: UsageFields;
  /** The fields that differ in a busy month. */
  readonly highUsage?: UsageFields;
  /** Whether the three are the props `usage`, `lowUsage` and `highUsage` of the construct, by which problems name their fields. */
  readonly isInProps?: boolean;
  /** The term that cannot be cancelled, if there is one. */
  readonly commitment?: CostEntry['commitment'];
  /** Props beside the usage that the price depends on and that are tokens; they make the cost unknown. */
  readonly unresolvedProps?: readonly string[];
  /** Prices the usage with another book than the app's, such as one with a rate of this construct's own. */
  readonly book?: PriceBook;
  /** The estimate of the usage in the region of the scope, where the caller has priced it with the same book and hours. */
  readonly estimate?: CostEstimate;
  /** The parts that follow from the price settings of the app, which are final when the usage is priced. They win over the others. */
  readonly atPricing?: () => Partial<Pick<UsageRequest<U>, 'usage' | 'lowUsage' | 'highUsage' | 'book' | 'estimate'>>;
}

/** The estimate of each case, or the problem with the input. */
export interface UsageEstimates<U extends UsageFields = UsageFields> {
  readonly estimate: CostEstimate;
  readonly low?: CostEstimate;
  readonly high?: CostEstimate;
  readonly region: string | undefined;
  /** Whether nothing but the environment names the region. */
  readonly regionAssumed: boolean;
  /** The usage that was priced: the usage of the code, with the fields of the usage file over it. */
  readonly usage: U;
  /** The fields that differ in a slow and in a busy month, where they were given. */
  readonly lowUsage?: UsageFields;
  readonly highUsage?: UsageFields;
  /** The usage file that changes the usage of the construct; left out where none does. */
  readonly usageFile?: string;
  /** The fields whose values are known only at deployment. */
  readonly unresolved: readonly string[];
  readonly problem?: Error;
}

/**
 * Prices the usage of a construct: in its region, with the app's book and hours, and with the usage that the usage file
 * names for the construct's path, if it does.
 *
 * Never throws for what the user gave: the problem comes back beside an estimate that is unknown.
 */
export function estimateUsage<U extends UsageFields>(scope: IConstruct, given: UsageRequest<U>): UsageEstimates<U> {
  const isElsewhere = isRegionOfDeployment(scope, given.region);
  const own = ownRegion(scope, given);
  try {
    const request = { ...given, ...given.atPricing?.() };
    if (request.isInProps) USAGE_PROPS.forEach((prop) => refusePlace(prop, request[prop]));
    const file = usageFile(scope);
    const override = overrideOf(scope, request, own);
    const isRegionUnknown = isElsewhere && override?.region === undefined;
    const unresolvedOf = (fields: UsageFields) => [...(isRegionUnknown ? ['region'] : []), ...unresolvedIn(request, fields)];
    const usage = { ...request.usage, ...override?.usage };
    const unresolved = unresolvedOf(usage);
    const priceIn = (place: string | undefined, prop: UsageProp, differs?: UsageFields) => {
      const fields = { ...usage, ...differs };
      const missing = differs ? unresolvedOf(fields) : unresolved;
      if (missing.length > 0) return unknownEstimate(scope, request, missing);
      const [book, hours] = [request.book ?? priceBook(scope), hoursPerMonth(scope)];
      if (request.estimate && prop === 'usage' && place === own) return request.estimate;
      const estimate = () => {
        const workload = readWorkload(request.type, { ...fields, ...(hasModel(request.type) ? { model: request.model } : {}), region: place });
        const calculate = () => price(book, workload, { hoursPerMonth: hours });
        return request.book ? calculate() : knownEstimate(scope, [workload, hours], calculate);
      };
      return request.isInProps && override === undefined ? inProp(prop, estimate) : estimate();
    };
    const named = own ?? override?.region ?? (isRegionUnknown ? undefined : file?.region);
    // Rates of your own may hold in every region: then nothing has to be assumed.
    const assumed = named === undefined && !isRegionUnknown && priceIn(undefined, 'usage').missingPrices.length > 0 ? assumedRegion() : undefined;
    const region = named ?? assumed;
    const priced = (prop: UsageProp, differs?: UsageFields) => (assumed === undefined ? priceIn(region, prop, differs)
      : priceIn(region, prop, differs)._withAssumption(`the stack has no region; prices of ${assumed} were taken, the default of the machine (CDK_DEFAULT_REGION)`));
    const low = differingUsage(request.lowUsage, override, override?.low);
    const high = differingUsage(request.highUsage, override, override?.high);
    return {
      region,
      regionAssumed: assumed !== undefined,
      usage,
      ...(override && changesUsage(override) ? { usageFile: usageFilePath(scope) } : {}),
      lowUsage: low,
      highUsage: high,
      unresolved,
      estimate: priced('usage'),
      low: low && priced('lowUsage', low),
      high: high && priced('highUsage', high),
    };
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return { region: own, regionAssumed: false, usage: given.usage, unresolved: [], problem, estimate: unknownEstimate(scope, given, []) };
  }
}

/** The region of the use that the code, the context or the workload of the usage file names. Known before anything is priced. */
export function namedRegion(scope: IConstruct, request: UsageRequest): string | undefined {
  const own = ownRegion(scope, request);
  return own ?? unlessRefused(() => overrideOf(scope, request, own)?.region);
}

/** The region of the use by the code or the context; undefined where it is known only at deployment. */
function ownRegion(scope: IConstruct, { region }: UsageRequest): string | undefined {
  return isRegionOfDeployment(scope, region) ? undefined : resolved(region) ?? pricingRegion(scope);
}

/** The result; undefined for input that is not allowed, which pricing reports. */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return undefined;
  }
}

// Each copy of the library keeps its own: an estimate is an object of its classes.
const estimates = new WeakMap<IConstruct, Map<string, CostEstimate>>();

/** The estimate of a workload by the prices of the app, made once: many constructs of an app may have equal usage. */
function knownEstimate(scope: IConstruct, workload: unknown, calculate: () => CostEstimate): CostEstimate {
  const root = rootOf(scope);
  const ofApp = estimates.get(root) ?? new Map<string, CostEstimate>();
  estimates.set(root, ofApp);
  const key = JSON.stringify(workload);
  const known = ofApp.get(key) ?? calculate();
  ofApp.set(key, known);
  return known;
}

/**
 * The usage that is priced: the construct's own, with the fields of the usage file over it. Known before anything is priced; the
 * construct's own where the file does not fit the construct, which pricing reports.
 */
export function countedUsage<U extends object>(scope: IConstruct, request: UsageRequest & { readonly usage: U }): U {
  return { ...request.usage, ...unlessRefused(() => overrideOf(scope, request, ownRegion(scope, request))?.usage) };
}

const USAGE_PROPS = ['usage', 'lowUsage', 'highUsage'] as const;
type UsageProp = (typeof USAGE_PROPS)[number];

/** Refuses a model or a region in usage that is a prop, which would otherwise be ignored. */
export function refusePlace(prop: UsageProp, { model, region }: UsageFields = {}): void {
  if (model !== undefined) throw PricingError.about(`${prop}.model`, 'is not a known field', 'Set model of the construct.');
  if (region !== undefined) throw PricingError.about(`${prop}.region`, 'is not a known field', 'Set env.region of the stack.');
}

/** The result of pricing the usage of a prop. A problem of one of its fields names the prop: `usage.recordsPerJob must be ...`. */
export function inProp<T>(prop: UsageProp, result: () => T): T {
  try {
    return result();
  } catch (problem) {
    throw isPricingError(problem) && isOfUsage(problem) ? problem.in(`${prop}.`) : problem;
  }
}

function isOfUsage({ field, alternatives }: PricingError): boolean {
  return alternatives !== undefined || (/^\w+$/.test(field) && !['model', 'region'].includes(field));
}

/**
 * The fields that differ in a slow or a busy month: the file's above the code's. Those of the code are dropped for fields whose
 * average the file overrides: 500 requests in a slow month do not go with an average of 100.
 */
function differingUsage(code: UsageFields | undefined, override: UsageOverride | undefined, file: UsageFields | undefined): UsageFields | undefined {
  if (override === undefined) return code;
  const kept = Object.entries(code ?? {}).filter(([field]) => !Object.hasOwn(override.usage, field));
  return file === undefined && kept.length === 0 ? undefined : { ...Object.fromEntries(kept), ...file };
}

function changesUsage({ usage, low, high }: UsageOverride): boolean {
  return low !== undefined || high !== undefined || Object.keys(usage).length > 0;
}

/** The workload of the usage file that is named by the construct's path. It has to mean the same thing as the construct. */
function overrideOf(scope: IConstruct, { type, model, usage }: UsageRequest, region: string | undefined): UsageOverride | undefined {
  const workload = usageFile(scope)?.workloads.find(({ name }) => name === scope.node.path);
  if (!workload) return undefined;
  const contradict = (field: string, given: unknown, is: unknown) => contradiction(`usage file: ${field} of workload ${JSON.stringify(workload.name)}`, given, is);
  if (workload.type !== undefined && workload.type !== type) throw contradict('type', workload.type, type);
  if (workload.model !== undefined && idOf(workload.model) !== (model && idOf(model))) throw contradict('model', workload.model, model);
  if (workload.region !== undefined && region !== undefined && workload.region !== region) throw contradict('region', workload.region, region);
  // The code states the purchase, and a commitment was confirmed for it.
  const bought = new Map<string, unknown>(Object.entries({ ...usage }));
  for (const given of type === 'provisioned-throughput' ? [workload.usage, workload.low ?? {}, workload.high ?? {}] : []) {
    for (const [field, value] of Object.entries(given)) {
      if (bought.get(field) !== value) throw contradict(field, value, bought.get(field));
    }
  }
  return workload;
}

/** A workload that states a field in another way than its construct does. */
function contradiction(field: string, given: unknown, is: unknown): PricingError {
  if (is === undefined) return PricingError.about(field, `must be left out, since the construct does not set it, got ${describe(given)}`);
  if (Token.isUnresolved(is)) return PricingError.about(field, `must be left out, since the construct sets it at deployment, got ${describe(given)}`);
  return new PricingError(field, given, `${describe(is)}, as the construct has it`);
}

/** True for a token that is not the region of the construct's own stack, in any of its forms. */
function isRegionOfDeployment(scope: IConstruct, region: string | undefined): boolean {
  if (!Token.isUnresolved(region) || region === Aws.REGION || region === Stack.of(scope).region) return false;
  // Not a Lazy value, which keeps the value that it returned first.
  const token = Tokenization.reverse(region);
  return !(token instanceof Intrinsic && isPseudoRegion(Stack.of(scope).resolve(token)));
}

function isPseudoRegion(value: unknown): boolean {
  return (value as { readonly Ref?: unknown } | null)?.Ref === 'AWS::Region';
}

function resolved(region: string | undefined): string | undefined {
  return Token.isUnresolved(region) ? undefined : region;
}

function unresolvedIn({ model, unresolvedProps = [] }: UsageRequest, usage: UsageFields): string[] {
  return [...unresolvedFields({ model, ...usage }), ...unresolvedProps];
}

/** Unknown because of fields that are tokens; with none named, because of input that is refused. */
function unknownEstimate(scope: IConstruct, { type, model, commitment }: UsageRequest, unresolved: readonly string[]): CostEstimate {
  const shown = !hasModel(type) ? `the ${type}` : Token.isUnresolved(model) ? 'a model known at deployment' : typeof model === 'string' ? oneLine(model) : 'a model';
  const [why, hint] = unresolved.length > 0
    ? [`${unresolved.join(', ')} is known only at deployment`, `give ${unresolved.join(', ')} as a plain value, or name ${scope.node.path} as a workload of a usage file (context key 'cdk-bedrock-cost:usage')`]
    : ['the input is not valid', 'give a plain value'];
  return CostEstimate._of({
    lineItems: [],
    missingPrices: [{ model: shown, kind: 'usage', description: `no price for ${shown}: ${why}`, hint, nearestModels: [] }],
    ...(commitment || unresolved.includes('commitmentDuration') ? { commitmentUsd: undefined } : {}),
  });
}
