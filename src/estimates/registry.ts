import { Stack } from 'aws-cdk-lib';
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
 * What all copies of this library in one app share, on the root of the construct tree.
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
  /** Prices entries with `Lazy` values resolved, and reports the findings that follow from prices. Emptied by `priceEntries`. */
  readonly pending: (() => void)[];
  /** What is done already, by name: lets copies agree on who attaches the report, a stack's table, the policy plugin. */
  readonly attached: Set<string>;
  settings: Settings;
  /** The path of the construct whose price was read first. The settings are final from then on. */
  pricesReadAt?: string;
}

/** What the user configures for the whole app; context keys win over it. */
export interface Settings {
  readonly rates?: readonly Rate[];
  readonly discounts?: readonly Discount[];
  readonly discountPercent?: number;
  readonly allowDerivedRates?: boolean;
  readonly priceBookFile?: string;
  readonly hoursPerMonth?: number;
}

/** A priced construct. Fields that depend on prices are read when the usage is priced: the first read prices it. */
export interface CostEntry {
  readonly construct: IConstruct;
  /** The usage that was priced, as plain data; undefined in an entry of an older copy of the library. */
  readonly pricedUsage?: ResourceUsageJson;
  /** The usage file that changes the usage; left out where none does. */
  readonly usageFile?: string;
  /** The way of paying, as in the usage file. */
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
  /** What the part of its estimate that other AWS services cost is made of; undefined in an entry of an older copy of the library. */
  readonly otherServices?: readonly OtherServiceLineJson[];
  readonly commitment: { readonly duration: string; readonly months: number } | undefined;
  readonly source: SourceJson | undefined;
  /** How CloudWatch sees the tokens of the construct, if it does. */
  readonly tokenMetrics: TokenMetrics | undefined;
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
  /** How the template differs from what was priced, if it does. Computed when called, at synthesis: aspects and overrides may follow. */
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
  /** What sets these prices apart from list prices, in words: `your own rates`, `a discount of 10 %`; left out when nothing does. */
  readonly priceBasis?: readonly string[];
}

/** How AWS knows provisioned throughput that was bought. */
export type ThroughputPurchase = Required<Pick<ThroughputFacts, 'name' | 'modelArn'>> & Pick<ThroughputFacts, 'hasBusinessHours'> & { readonly arn: string };

/** What is known of provisioned throughput after it was bought. */
export interface ThroughputFacts {
  /** A token, as a rule; undefined for throughput that was bought outside this app. */
  readonly arn: string | undefined;
  /** Its name, by which AWS knows it under any ARN. */
  readonly name?: string;
  /** What it was bought for. */
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
  /** What one record was estimated to cost. */
  readonly usdPerRecord: string;
}

export interface BatchIdentity {
  /** Names of its jobs begin with this and a hyphen. */
  readonly jobNamePrefix: string;
  /** The role that Amazon Bedrock takes in its jobs. */
  readonly roleArn: string;
  /** The state machine that runs the jobs. */
  readonly stateMachineArn: string;
  /** Lets somebody read what the jobs have written. */
  grantReadResults(grantee: IGrantable): void;
}

/** Somebody who may invoke something, since this library granted it. */
export interface GrantEntry {
  /** Whose cost the invocations are: what was granted, or, for a model, who it was granted to. */
  readonly construct: IConstruct;
  readonly grantee: IGrantable;
  /** What requests name. */
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

/** The registry of an app (or of whatever stands at the root of the tree, such as a Stack in a unit test). */
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

/** Does something once for an app, whichever copy of the library comes first. */
export function once(registry: Registry, key: string, action: () => void): void {
  if (registry.attached.has(key)) return;
  registry.attached.add(key);
  action();
}

/**
 * Begins a synthesis: each budget is evaluated once in it. Called when the app or a stage is validated, before all below it:
 * its Aspects have run then, and what was evaluated for another stage may be outdated.
 */
export function beginSynthesis(scope: IConstruct): void {
  registryOf(scope).evaluations = new Map();
}

/** Has budgets evaluated anew. Called where something changes that an evaluation depends on. */
export function outdateEvaluations(scope: IConstruct): void {
  const registry = registryOf(scope);
  if (registry.evaluations !== undefined) registry.evaluations = new Map();
}

// Each copy of the library keeps its own.
const madeInSynthesis = new WeakMap<object, Map<object, unknown>>();

/** What all constructs of a synthesis share, made once in it and again after a cost has changed; before one, made each time. */
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
  const { entries, entriesByStack } = registryOf(entry.construct);
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
 * Prices the entries of an app that are not final yet, with `Lazy` values resolved, and reports the findings that follow from their
 * prices. Called where costs are read at synthesis: any earlier, and `Lazy` values would be resolved before the app is complete.
 */
export function priceEntries(scope: IConstruct): void {
  const pending = registryOf(scope).pending.splice(0);
  if (pending.length > 0) outdateEvaluations(scope);
  for (const price of pending) price();
}

/** Calls the action when all entries of the app that exist by now are priced at synthesis. */
export function whenPriced(scope: IConstruct, action: () => void): void {
  registryOf(scope).pending.push(action);
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

/** Records who may invoke what; only grants through this library can be taken back when a budget is exceeded. */
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
