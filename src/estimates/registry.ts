import { Stack, Stage } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { requireCdkVersion } from './cdk-version';
import { BedrockMetric } from '../aws/metrics';
import { AcknowledgementJson, FindingJson, MonitorJson, OtherServiceLineJson, ResourceUsageJson, SourceJson } from '../cost-report/report-json';
import { BudgetEvaluation } from '../gate/budget-evaluation';
import { BudgetRules, CoveredCost } from '../gate/budget-status';
import { EstimateJson } from '../pricing/estimate';
import { Discount } from '../pricing/price-book/discount';
import { PriceUse } from '../pricing/price-book/price-use';
import { Rate } from '../pricing/price-book/rate';

/**
 * The data that all copies of this library in one app share, on the root of the construct tree.
 *
 * Two copies can be installed side by side (a construct library brings its own), each with classes of its own. They
 * meet here, so the registry holds plain data and functions only. A change of its shape needs a new protocol number in
 * the symbol.
 */
const REGISTRY = Symbol.for('cdk-bedrock-cost.registry.v2');

export interface Registry {
  readonly entries: CostEntry[];
  /** The same by the address of their stack. */
  readonly entriesByStack: Map<string, CostEntry[]>;
  /** The constructs that are priced themselves; left out by an older copy of the library. */
  priced?: WeakSet<IConstruct>;
  readonly findings: RegisteredFinding[];
  readonly budgets: BudgetEntry[];
  /** The evaluations of budgets in the last synthesis that began, until a cost changes; undefined before one. */
  evaluations?: Map<BudgetEntry, EntryEvaluation>;
  /** The problems of settings that a synthesis has reported, with the evaluations of that synthesis. */
  reportedSettings?: { readonly synthesis: object; readonly messages: Set<string> };
  /** Called with every entry, those before the listener was added included. */
  readonly entryListeners: ((entry: CostEntry) => void)[];
  /** Left out by an older copy of the library. */
  grants?: GrantEntry[];
  /** Called with every grant, those before the listener was added included. */
  grantListeners?: ((grant: GrantEntry) => void)[];
  /** Prices entries with `Lazy` values resolved, and reports the findings that follow from prices, by stage. Emptied by `priceEntries`. */
  pendingByStage?: Map<IConstruct, PendingAction[]>;
  /** The same of an older copy of the library, for all stages. */
  readonly pending: (() => void)[];
  /** The names of the actions that have been done: only one copy attaches the report, the table of a stack and the policy plugin. */
  readonly attached: Set<string>;
  settings: Settings;
  /** The path of the construct whose price was read first. The settings are final from then on. */
  pricesReadAt?: string;
}

/** The settings of the whole app in code. Context keys override them. */
export interface Settings {
  readonly rates?: readonly Rate[];
  readonly discounts?: readonly Discount[];
  readonly discountPercent?: number;
  readonly allowDerivedRates?: boolean;
  readonly priceBookFile?: string;
  readonly hoursPerMonth?: number;
}

interface PendingAction {
  readonly scope: IConstruct;
  readonly run: () => void;
}

/** A priced construct. Fields that depend on prices are read when the usage is priced: the first read prices it. */
export interface CostEntry {
  /** Of an estimate, the construct that has its id when this is read. */
  readonly construct: IConstruct;
  /** The usage that was priced, as plain data; undefined in an entry of an older copy of the library. */
  readonly pricedUsage?: ResourceUsageJson;
  /** The usage file that changes the usage; left out where none does. */
  readonly usageFile?: string;
  /** The billing mode, by its name in the usage file. */
  readonly type: string;
  /** True for the cost of a construct that is not of this library. */
  readonly isEstimate?: boolean;
  /** `*` where no model is part of the price. */
  readonly model: string;
  readonly region: string | undefined;
  /** True where nothing but the environment names the region. */
  readonly regionAssumed?: boolean;
  /** True where its input or the settings of the app are refused, so that the estimate is unknown. */
  readonly isRefused?: boolean;
  readonly estimate: EstimateJson;
  readonly low: EstimateJson | undefined;
  readonly high: EstimateJson | undefined;
  /** The prices of all three months; undefined in an entry of an older copy of the library. */
  readonly priceUses?: readonly PriceUse[];
  /** The lines of the costs of other AWS services; undefined in an entry of an older copy of the library. */
  readonly otherServices?: readonly OtherServiceLineJson[];
  readonly commitment: { readonly duration: string; readonly months: number } | undefined;
  readonly source: SourceJson | undefined;
  /** The metrics of its tokens, if CloudWatch counts them. */
  readonly tokenMetrics: TokenMetrics | undefined;
  /** True where CloudWatch would count its tokens if the id of the model were not a token. */
  readonly isModelToken?: boolean;
  /** The purchase whose hours are billed, if it is one. */
  readonly throughput?: ThroughputFacts;
  /** The jobs that are billed, if it has some. */
  readonly batchJobs?: BatchFacts;
  /**
   * Lets the construct's own alarms and functions notify a topic, too; missing where it has none.
   *
   * @param grantPublish lets a role publish to it; left out by an older copy of the library
   */
  notify?(topicArn: string, grantPublish?: (grantee: IGrantable) => void): void;
  /** The difference between the template and the usage that was priced, if any. Computed when called, since Aspects may follow. */
  templateDiffers?(): string | undefined;
}

/** The metrics that count a resource's tokens, and what a million of each costs. */
export interface TokenMetrics {
  /** The value of the dimension `ModelId` in the namespace `AWS/Bedrock`; may be a token. */
  readonly modelId: string;
  /** Whether others may use the same `ModelId` (a model called directly) or only this resource (a profile of its own). */
  readonly shared: boolean;
  /** The region of the use; undefined where it is known only at deployment. */
  readonly region: string | undefined;
  /** The metrics that count it, whether their prices are known or not. */
  readonly metrics: readonly BedrockMetric[];
  /** Empty where no price is known. Read when the usage is priced. */
  readonly prices: readonly { readonly metric: BedrockMetric; readonly usdPerMillion: string }[];
  /** The differences from list prices, in words: `your own rates`, `a discount of 10 %`; left out without a difference. */
  readonly priceBasis?: readonly string[];
}

/** The identity of provisioned throughput that this app buys. */
export type ThroughputPurchase = Required<Pick<ThroughputFacts, 'name' | 'modelArn'>> & Pick<ThroughputFacts, 'hasBusinessHours'> & { readonly arn: string };

/** The facts of a purchase of provisioned throughput that its monitors need. */
export interface ThroughputFacts {
  /** A token, as a rule; undefined for throughput that was bought outside this app. */
  readonly arn: string | undefined;
  /** Its name, by which AWS knows it under any ARN. */
  readonly name?: string;
  /** The ARN of the model of the purchase. */
  readonly modelArn?: string;
  /** True where it is bought every morning and deleted every evening. `arn` is its name then, since its ARN changes every day. */
  readonly hasBusinessHours?: boolean;
  /** The hours of a month in which it exists, with business hours. Read when the usage is priced. */
  readonly businessHoursPerMonth?: number;
  readonly modelUnits: number;
  /** Undefined where no price is known, or the units are known only at deployment: then its hours cannot be counted. */
  readonly usdPerModelUnitHour: string | undefined;
  readonly committed: boolean;
}

/** The identity of the jobs of a batch construct, and the prices of their tokens. */
export interface BatchFacts extends BatchIdentity {
  /** Undefined where a price is not known: then its jobs cannot be counted. */
  readonly prices: BatchPrices | undefined;
}

export interface BatchPrices {
  readonly usdPerMillionInput: string;
  readonly usdPerMillionOutput: string;
  /** The estimated cost of one record. */
  readonly usdPerRecord: string;
}

export interface BatchIdentity {
  /** Names of its jobs begin with this and a hyphen. */
  readonly jobNamePrefix: string;
  /** The role that Amazon Bedrock takes in its jobs. */
  readonly roleArn: string;
  /** The state machine that runs the jobs. */
  readonly stateMachineArn: string;
  /** Allows a grantee to read the output of the jobs. */
  grantReadResults(grantee: IGrantable): void;
}

/** A permission to invoke a resource or model that this library granted. */
export interface GrantEntry {
  /** The construct with the cost of the invocations: the granted resource or, for a model, the grantee. */
  readonly construct: IConstruct;
  readonly grantee: IGrantable;
  /** The ARN that requests name. */
  readonly invokableArn: string;
  /** True for a commitment: it is billed whether it is invoked or not. */
  readonly committed?: boolean;
}

export interface RegisteredFinding extends Omit<FindingJson, 'path'> {
  readonly construct: IConstruct;
}

export interface BudgetEntry extends BudgetRules {
  readonly construct: IConstruct;
  readonly covers: IConstruct;
  readonly source: SourceJson | undefined;
  /** The limit in US dollars a month, as a decimal text. */
  readonly limitUsd: string;
  /** The key of the cost-allocation tag by which AWS Budgets finds what it covers. */
  readonly tagKey?: string;
  /** The accepted overrun, as plain data; set by `acknowledge()` of the budget, left out by an older copy of the library. */
  acknowledgement?: AcknowledgementJson;
  /** The monitors of the budget after the deployment; missing in an entry of an older copy of the library. */
  monitors?(): readonly RegisteredMonitor[];
}

/** A monitor of a budget, and the stack that it is in. */
export interface RegisteredMonitor extends MonitorJson {
  readonly scope: IConstruct;
}

/** The evaluation of a budget at synth. */
export interface EntryEvaluation extends BudgetEvaluation {
  readonly entry: BudgetEntry;
  /** The construct with the acknowledgement of CDK, if that is the one that is judged. */
  readonly acknowledgedAt?: IConstruct;
}

/** The registry of an app, or of another root of the tree, such as a Stack in a unit test. */
export function registryOf(scope: IConstruct): Registry {
  const root: IConstruct & { [REGISTRY]?: Registry } = rootOf(scope);
  if (root[REGISTRY] === undefined) {
    requireCdkVersion();
    const registry: Registry = {
      entries: [], entriesByStack: new Map(), findings: [], budgets: [], entryListeners: [], pending: [], attached: new Set(), settings: {},
    };
    Object.defineProperty(root, REGISTRY, { value: registry, enumerable: false });
  }
  return root[REGISTRY]!;
}

/** The root of the tree of a construct. `node.root` makes an array of all scopes, and each priced construct needs the root many times. */
export function rootOf(scope: IConstruct): IConstruct {
  let root = scope;
  for (let above = root.node.scope; above !== undefined; above = root.node.scope) root = above;
  return root;
}

/** Does something once for an app, although several copies of the library call it. */
export function once(registry: Registry, key: string, action: () => void): void {
  if (registry.attached.has(key)) return;
  registry.attached.add(key);
  action();
}

/**
 * Begins a synthesis: each budget is evaluated once in it. Called when the app or a stage is validated, before all below it:
 * its Aspects have run then, and an evaluation for another stage may be outdated.
 */
export function beginSynthesis(scope: IConstruct): void {
  registryOf(scope).evaluations = new Map();
}

/** Discards the evaluations of budgets. Called when something changes that they depend on. */
export function outdateEvaluations(scope: IConstruct): void {
  const registry = registryOf(scope);
  if (registry.evaluations !== undefined) registry.evaluations = new Map();
}

// Each copy of the library keeps its own.
const madeInSynthesis = new WeakMap<object, Map<object, unknown>>();

/** A value that all constructs of a synthesis share, made again after a cost has changed. Before a synthesis, each call makes it. */
export function oncePerSynthesis<T>(scope: IConstruct, owner: object, make: () => T): T {
  const { evaluations } = registryOf(scope);
  if (evaluations === undefined) return make();
  const made = madeInSynthesis.get(evaluations) ?? new Map<object, unknown>();
  madeInSynthesis.set(evaluations, made);
  if (!made.has(owner)) made.set(owner, make());
  return made.get(owner) as T;
}

/** The problems of settings that the current synthesis has reported, in any copy of the library; none before one. */
export function reportedSettings(scope: IConstruct): Set<string> {
  const registry = registryOf(scope);
  const { evaluations, reportedSettings: reported } = registry;
  if (evaluations === undefined) return new Set();
  if (reported?.synthesis === evaluations) return reported.messages;
  registry.reportedSettings = { synthesis: evaluations, messages: new Set() };
  return registry.reportedSettings.messages;
}

/** Records an entry. */
export function addEntry(entry: CostEntry): void {
  const registry = registryOf(entry.construct);
  const { entries, entriesByStack } = registry;
  if (!entry.isEstimate) (registry.priced ??= new WeakSet()).add(entry.construct);
  outdateEvaluations(entry.construct);
  const { addr } = Stack.of(entry.construct).node;
  const ofStack = entriesByStack.get(addr);
  entries.push(entry);
  if (ofStack) ofStack.push(entry);
  else entriesByStack.set(addr, [entry]);
}

/** The entries of one stack, without those of stacks below it, that are still part of the tree. */
export function entriesOfStack(stack: Stack): CostEntry[] {
  return (registryOf(stack).entriesByStack.get(stack.node.addr) ?? []).filter(({ construct }) => isBelow(construct, stack));
}

/**
 * Prices the entries at or below a scope that are not final yet, with `Lazy` values resolved, and reports the findings that follow from
 * their prices. Called where costs are read at synthesis, for no more than is read: a pipeline synthesizes a stage before the app is
 * complete, and `Lazy` values of other stages must not be resolved then.
 */
export function priceEntries(scope: IConstruct): void {
  const registry = registryOf(scope);
  const actions = [...registry.pending.splice(0), ...takePending(registry, scope).map(({ run }) => run)];
  if (actions.length > 0) outdateEvaluations(scope);
  for (const run of actions) run();
}

function takePending({ pendingByStage = new Map() }: Registry, scope: IConstruct): PendingAction[] {
  return [...pendingByStage].flatMap(([stage, pending]) => {
    if (pending.length === 0 || !(isWithin(stage, scope) || isWithin(scope, stage))) return [];
    const taken = pending.filter((action) => isWithin(action.scope, scope));
    if (taken.length > 0) pendingByStage.set(stage, pending.filter((action) => !isWithin(action.scope, scope)));
    return taken;
  });
}

/** Calls the action when the entries of a scope that exist by now are priced at synthesis. */
export function whenPriced(scope: IConstruct, run: () => void): void {
  const byStage = (registryOf(scope).pendingByStage ??= new Map<IConstruct, PendingAction[]>());
  const stage = Stage.of(scope) ?? rootOf(scope);
  const pending = byStage.get(stage);
  if (pending) pending.push({ scope, run });
  else byStage.set(stage, [{ scope, run }]);
}

/** True for the scope itself and everything below it. */
function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  let node: IConstruct | undefined = construct;
  while (node !== undefined && node !== scope) node = node.node.scope;
  return node === scope;
}

/** The entries at or below a scope that are still part of the tree. */
export function entriesBelow(scope: IConstruct): CostEntry[] {
  return registryOf(scope).entries.filter(({ construct }) => isBelow(construct, scope));
}

/** The cost of an entry as budgets are judged by it, and as the report has it. */
export function coveredCost({ construct, type, model, region, regionAssumed, estimate, templateDiffers }: CostEntry): CoveredCost {
  const differs = templateDiffers?.();
  return {
    path: construct.node.path,
    stack: Stack.of(construct).node.path,
    type,
    model,
    region: region ?? null,
    ...(regionAssumed ? { regionAssumed } : {}),
    ...(differs === undefined ? {} : { templateDiffers: differs }),
    monthlyUsd: estimate.monthlyUsd,
    knownMonthlyUsd: estimate.knownMonthlyUsd,
    missingPrices: estimate.missingPrices,
  };
}

/** True for the scope itself and everything below it that has not been removed from the tree. */
export function isBelow(construct: IConstruct, scope: IConstruct): boolean {
  let node: IConstruct | undefined = construct;
  let found = false;
  while (node !== undefined) {
    if (node === scope) found = true;
    const parent: IConstruct | undefined = node.node.scope;
    if (parent !== undefined && parent.node.tryFindChild(node.node.id) !== node) return false;
    node = parent;
  }
  return found;
}

/** True unless the construct, or a scope of it, has been removed from the tree. */
export function isInTree(construct: IConstruct): boolean {
  return isBelow(construct, construct.node.root);
}

/** Calls the listener for every entry, now and later. */
export function onEntry(scope: IConstruct, listener: (entry: CostEntry) => void): void {
  const registry = registryOf(scope);
  registry.entryListeners.push(listener);
  [...registry.entries].forEach(listener);
}

/** Records a permission to invoke. Stop actions of budgets can take back only permissions that this library granted. */
export function addGrant(grant: GrantEntry): void {
  const registry = registryOf(grant.construct);
  (registry.grants ??= []).push(grant);
  registry.grantListeners?.forEach((listener) => listener(grant));
}

/** Calls the listener for every grant, now and later. */
export function onGrant(scope: IConstruct, listener: (grant: GrantEntry) => void): void {
  const registry = registryOf(scope);
  (registry.grantListeners ??= []).push(listener);
  [...registry.grants ?? []].forEach(listener);
}
