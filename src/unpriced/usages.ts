import { Billing, billingOfType, Kind } from './billing-table';
import { isCustomResource } from './calls';
import { Evidence, evidenceOf, isStore, modelsInSettings, regionInSettings } from './evidence';
import { IamNames } from './iam-names';
import { distinctModels } from './model-names';
import { addTo } from './multi-map';
import { isRoleOfBedrock, Permission, Principal, principalsOf } from './permissions';
import { constructPath, EITHER, eachText, PlainTemplates, Resource, TemplateSource, textsAt } from './plain-template';
import { suggestionOf } from './suggestion';
import { FoundWorkload, workloadsOf } from './workloads';
import { ModelId } from '../pricing/model-id';

/** A use of Amazon Bedrock: a resource together with its role, its policies and its callers. */
export interface Usage {
  readonly stack: string;
  readonly path: string;
  /** The paths at which a price is the price of this use: those of its resources, except the ones that are part of other uses. */
  readonly paths: readonly string[];
  readonly logicalIds: readonly string[];
  readonly resourceType: string;
  readonly kind: Kind;
  readonly modelIds: readonly string[];
  readonly actions: readonly string[];
  /** Null if the region is known only at deployment. */
  readonly region: string | null;
  readonly billing: Billing;
  /** The workloads that price the use; none for one that is free or not covered. */
  readonly workloads: readonly FoundWorkload[];
  /** Line of code that prices the use; null for one that is free or not covered. */
  readonly suggestion: string | null;
}

/** A use while its evidence is joined. */
interface Row {
  kind: Kind;
  readonly billing: Billing;
  /** The resource by which the use is reported. */
  readonly primary: Resource;
  readonly parts: Set<Resource>;
  readonly models: Set<string>;
  /** Patterns of models, which are reported only if no model is known. */
  readonly patterns: Set<string>;
  /** Bare ids of models that belong to other uses of the same permission. */
  readonly otherModels: Set<string>;
  readonly actions: Set<string>;
  readonly regions: Set<string>;
}

/** Kinds of jobs, which run with a role that their caller passes. */
const JOBS: readonly Kind[] = ['batch-inference', 'customization', 'model-import', 'evaluation'];
/** Kinds of resources that their callers name. */
const CALLED: readonly Kind[] = [
  'agent', 'flow', 'knowledge-base', 'guardrail', 'provisioned-throughput', 'data-automation', 'automated-reasoning', 'agentcore',
];

/** Kinds of resources that an invocation names instead of a model. */
const INVOKED: readonly Kind[] = ['inference-profile', 'prompt', 'prompt-router'];

/** Finds every use of Amazon Bedrock in the templates of an app. Each use is one entry, however many resources make it up. */
export function usagesOf(sources: readonly TemplateSource[]): Usage[] {
  const templates = new PlainTemplates(sources);
  const iam = new IamNames(templates);
  const join = new Join(templates, evidenceOf(templates), iam);
  join.principals(principalsOf(templates, iam));
  join.settings();
  const rows = join.rows();
  const counts = new Map<Resource, number>();
  for (const part of rows.flatMap(({ parts }) => [...parts])) counts.set(part, (counts.get(part) ?? 0) + 1);
  return rows.map((row) => usageOf(row, (part) => counts.get(part) === 1));
}

class Join {
  /** Uses by the resource that they were found at; several kinds of calls of one resource are several uses. */
  private readonly byResource = new Map<Resource, Row[]>();
  private readonly ofRoles: Row[] = [];
  /** Uses that are reported with another one: the use that names them, or that they name. */
  private readonly merged = new Map<Row, Row>();
  private readonly links: Links;
  private bySource: Map<TemplateSource, Map<Kind, Row[]>> | undefined;

  constructor(private readonly templates: PlainTemplates, evidence: readonly Evidence[], iam: IamNames) {
    this.links = new Links(templates, iam);
    for (const found of evidence) addTo(this.byResource, found.resource, rowOf(found));
    // Prompts first, because flows take their models over.
    const isPrompt = ({ kind }: Evidence) => kind === 'prompt';
    for (const found of [...evidence.filter(isPrompt), ...evidence.filter((other) => !isPrompt(other))]) this.follow(found);
  }

  /** Every use, in the order of the templates. */
  public rows(): Row[] {
    const found = [...this.byResource.values()].flat().filter((row) => !this.merged.has(row));
    return [...found, ...this.ofRoles].sort((a, b) => a.primary.ordinal - b.primary.ordinal);
  }

  /** Joins the permissions of roles with the uses that have the role, and those of callers with the uses that they call. */
  public principals(principals: readonly Principal[]): void {
    const claimed = new Set<Resource>();
    const byResource = new Map(principals.map((principal) => [principal.resource, principal]));
    const hasJob = ({ permissions }: Principal) => JOBS.some((kind) => permissions.has(kind));
    for (const principal of [...principals.filter(hasJob), ...principals.filter((other) => !hasJob(other))]) {
      for (const permission of principal.permissions.values()) {
        if (claimed.has(principal.resource) && permission.kind === 'model-invocation') continue;
        const rows = this.rowsOf(principal, permission);
        for (const row of rows) this.absorb(row, principal, permission);
        if (rows.length === 0 || !JOBS.includes(permission.kind)) continue;
        for (const role of this.passedRoles(principal, byResource)) {
          claimed.add(role.resource);
          for (const row of rows) for (const invocation of role.permissions.values()) this.absorb(row, role, invocation);
        }
      }
    }
  }

  /** Joins the models that programs read in their settings with the uses of the programs. */
  public settings(): void {
    const rows = this.rows();
    const byPart = new Map<Resource, Row[]>();
    for (const row of rows) for (const part of row.parts) addTo(byPart, part, row);
    // A setting that nothing names, such as a parameter beside a custom resource, belongs to the construct that contains both.
    const constructs = new Map<string, Row[]>();
    for (const row of rows) {
      const path = constructPath(row.primary.path);
      if (path !== row.primary.path) addTo(constructs, path, row);
    }
    for (const resource of this.templates.resources) {
      const models = modelsInSettings(resource);
      const region = byPart.has(resource) ? regionInSettings(resource) : undefined;
      if (region !== undefined) for (const row of byPart.get(resource)!) row.regions.add(region);
      if (models.length === 0) continue;
      const readers = isStore(resource) ? this.links.readers(resource) : [resource];
      const named = readers.flatMap((reader) => byPart.get(reader) ?? []).filter(({ billing }) => billing === 'spends');
      const called = this.links.refsOf(resource).flatMap((ref) => byPart.get(ref) ?? []).filter(({ kind }) => kind === 'model-invocation');
      const users = [named, called, constructs.get(parentPath(resource.path)) ?? []].find((rowsOfUsers) => rowsOfUsers.length > 0) ?? [];
      const [row = this.add({ resource, kind: 'model-invocation', billing: 'spends', actions: [], models: [], refs: [] })] = [
        ...users.filter(({ kind }) => kind === 'model-invocation'), ...users,
      ];
      row.parts.add(resource);
      for (const model of models) row.models.add(model);
    }
  }

  private add(evidence: Evidence): Row {
    const row = rowOf(evidence);
    this.ofRoles.push(row);
    return row;
  }

  /** Joins a resource with those that it names: a flow with its prompts, a data source with its knowledge base. */
  private follow({ resource, kind, billing, refs }: Evidence): void {
    const row = this.byResource.get(resource)!.find((candidate) => candidate.kind === kind)!;
    for (const named of refs.flatMap((ref) => this.rowsNamed(ref))) {
      if (named === row || named.primary === resource) continue;
      if (billing === 'spends' && INVOKED.includes(named.kind)) this.merge(row, named);
      else if (kind === 'prompt' && named.kind === 'inference-profile') for (const model of named.models) row.models.add(model);
      else if (isPartOf(resource, kind, named)) this.merge(named, row);
    }
  }

  /** Reports a use with another one. */
  private merge(into: Row, from: Row): void {
    for (const part of from.parts) into.parts.add(part);
    for (const model of from.models) into.models.add(model);
    for (const action of from.actions) into.actions.add(action);
    if (from.kind === 'enforced-guardrail') into.kind = from.kind;
    this.merged.set(from, into);
  }

  /** The use that reports a resource's own. A profile with a caller of its own is reported by itself again. */
  private reported(row: Row): Row {
    if (!INVOKED.includes(row.kind)) return this.merged.get(row) ?? row;
    this.merged.delete(row);
    return row;
  }

  /** Uses of a resource; for a version or an alias, those of the resource that it belongs to. */
  private rowsNamed(resource: Resource): Row[] {
    const own = this.byResource.get(resource);
    if (own !== undefined) return own;
    const type = billingOfType(resource.type);
    if (type?.isPart !== true) return [];
    return this.links.refsOf(resource).flatMap((ref) => this.byResource.get(ref) ?? []).filter(({ kind }) => kind === type.kind);
  }

  /** Uses that a permission belongs to. A new one if no other resource of the templates has the role or is named by the policy. */
  private rowsOf(principal: Principal, permission: Permission): Row[] {
    const isOfOwner = ({ billing, kind }: Row) => billing === permission.billing && (kind === permission.kind || !CALLED.includes(permission.kind));
    const holders = [principal.resource, ...this.links.holders(principal.resource)];
    const owners = holders.flatMap((holder) => this.byResource.get(holder) ?? []).filter(isOfOwner);
    if (owners.length > 0) return owners.map((row) => this.merged.get(row) ?? row);
    const runners = holders.flatMap((holder) => this.links.runners(holder)).flatMap((runner) => this.byResource.get(runner) ?? []);
    const calls = runners.filter(({ kind }) => kind === permission.kind);
    if (calls.length > 0) return calls;
    const named = [...permission.refs].flatMap((ref) => this.rowsNamed(ref)).filter(({ kind }) => isNamedBy(permission.kind, kind));
    const isAnyOf = named.length === 0 && permission.isAny && CALLED.includes(permission.kind);
    const called = isAnyOf ? this.onlyOnes(principal, permission.kind) : named.filter(({ billing }) => billing !== 'free').map((row) => this.reported(row));
    const prompts = named.filter(({ billing }) => billing === 'free');
    const isMore = called.length + prompts.length === 0 || (permission.kind === 'model-invocation' && !isCovered(permission, named));
    if (!isMore && prompts.length === 0) return called;
    const row = this.add(ofPermission(principal, permission, this.links));
    // The models of the named resources are those of their own uses.
    for (const id of modelsOfRows(named)) row.otherModels.add(id);
    for (const prompt of prompts) this.merge(row, prompt);
    return [...called, row];
  }

  /** The use that a caller of all resources of a kind calls: the only one of its template. Throughput of this library has one provider for all. */
  private onlyOnes({ resource: { source } }: Principal, kind: Kind): Row[] {
    const rows = this.ofSource().get(source)?.get(kind) ?? [];
    return rows.length === 1 || kind === 'provisioned-throughput' ? rows : [];
  }

  /** Uses of resources by template and kind. */
  private ofSource(): Map<TemplateSource, Map<Kind, Row[]>> {
    if (this.bySource !== undefined) return this.bySource;
    this.bySource = new Map();
    for (const row of this.rows()) {
      const { primary: { source }, kind } = row;
      const kinds = this.bySource.get(source) ?? new Map<Kind, Row[]>();
      this.bySource.set(source, kinds);
      addTo(kinds, kind, row);
    }
    return this.bySource;
  }

  private absorb(row: Row, { resource }: Principal, permission: Permission): void {
    for (const part of [resource, ...permission.policies]) row.parts.add(part);
    // Other resources with the same role are uses of their own.
    const holders = this.links.holders(resource);
    if (!holders.includes(row.primary)) for (const holder of holders) row.parts.add(holder);
    for (const action of permission.actions) row.actions.add(action);
    const isOther = !['model-invocation', row.kind].includes(permission.kind);
    if (isOther) return;
    for (const region of permission.regions) row.regions.add(region);
    // A profile has its own model, and its callers may invoke others.
    if (INVOKED.includes(row.kind) && row.models.size > 0) return;
    for (const model of permission.models) if (!row.otherModels.has(ModelId.parse(model).bareId)) row.models.add(model);
    for (const pattern of permission.patterns) row.patterns.add(pattern);
  }

  /** The roles that a caller passes to the jobs of Amazon Bedrock. A permission to pass any role means those of its template. */
  private passedRoles({ resource: { source }, passes, passesAny }: Principal, byResource: ReadonlyMap<Resource, Principal>): Principal[] {
    const passed = [...passes].flatMap((role) => byResource.get(role) ?? []).filter(({ resource }) => isRoleOfBedrock(resource));
    if (passed.length > 0 || !passesAny) return passed;
    const hasNoHolder = (role: Resource) => isRoleOfBedrock(role) && this.links.holders(role).length === 0;
    return [...byResource.values()].filter(({ resource }) => resource.source === source && hasNoHolder(resource));
  }
}

function rowOf({ resource, kind, billing, actions, models }: Evidence): Row {
  return {
    kind,
    billing,
    primary: resource,
    parts: new Set([resource]),
    models: new Set(models),
    patterns: new Set(),
    otherModels: new Set(),
    actions: new Set(actions),
    regions: new Set(),
  };
}

/** The use of a permission is reported by the resource that has the role, such as a function, or else by the role. */
function ofPermission({ resource }: Principal, { kind, billing }: Permission, links: Links): Evidence {
  const holders = links.holders(resource);
  return { resource: holders.length === 1 ? holders[0] : resource, kind, billing, actions: [], models: [], refs: [] };
}

/** True if a resource or a call is part of the use that it names: a data source, or a task that invokes an agent. */
function isPartOf({ type }: Resource, kind: Kind, named: Row): boolean {
  if (type === 'AWS::Bedrock::DataSource') return named.primary.type === 'AWS::Bedrock::KnowledgeBase';
  if (type === 'AWS::Bedrock::EnforcedGuardrailConfiguration') return named.kind === 'guardrail';
  return billingOfType(type) === undefined && CALLED.includes(kind) && named.kind === kind && billingOfType(named.primary.type) !== undefined;
}

/** True if a permission of a kind is for the resources of another kind that its policy names. */
function isNamedBy(permission: Kind, named: Kind): boolean {
  if (permission === 'model-invocation') return INVOKED.includes(named);
  return named === permission || (permission === 'guardrail' && named === 'enforced-guardrail');
}

/** True if a permission is for the models of the named resources only. */
function isCovered({ isAny, models, patterns }: Permission, rows: readonly Row[]): boolean {
  const known = modelsOfRows(rows);
  return !isAny && patterns.size === 0 && [...models].every((id) => known.has(ModelId.parse(id).bareId));
}

/** Types that name roles which they do not have: policies and roles, and nested stacks, which pass them on. */
const WITHOUT_ROLE = /^AWS::(IAM::(?!InstanceProfile$)|CloudFormation::Stack$)/;

/** The bare ids of the models of uses. */
function modelsOfRows(rows: readonly Row[]): Set<string> {
  return new Set(rows.flatMap(({ models }) => [...models]).map((id) => ModelId.parse(id).bareId));
}

/** References between resources. */
class Links {
  private readonly refs = new Map<Resource, Set<Resource>>();
  private readonly readersByStore = new Map<Resource, Resource[]>();
  private readonly holdersByRole = new Map<Resource, Set<Resource>>();
  private readonly runnersByFunction = new Map<Resource, Resource[]>();

  constructor(templates: PlainTemplates, iam: IamNames) {
    for (const resource of templates.resources) {
      const refs = new Set<Resource>();
      const hasNoRole = WITHOUT_ROLE.test(resource.type);
      eachText(resource.properties, (text, names) => {
        for (const ref of templates.refsIn(text)) refs.add(ref);
        if (hasNoRole || !isRoleName(names)) return;
        for (const role of text.split(EITHER).flatMap((name) => iam.named(name, 'AWS::IAM::Role', resource.source))) {
          if (role.type === 'AWS::IAM::Role') this.holdersByRole.set(role, (this.holdersByRole.get(role) ?? new Set()).add(resource));
        }
      });
      for (const called of runBy(resource).flatMap((text) => templates.refsIn(text))) addTo(this.runnersByFunction, called, resource);
      this.refs.set(resource, refs);
      for (const ref of refs) if (isStore(ref)) addTo(this.readersByStore, ref, resource);
    }
  }

  /** The resources that a resource names. */
  public refsOf(resource: Resource): Resource[] {
    return [...(this.refs.get(resource) ?? [])];
  }

  /** The resources that name a store, such as the policy that allows to read it. */
  public readers(store: Resource): Resource[] {
    return this.readersByStore.get(store) ?? [];
  }

  /** The resources whose calls a function makes. */
  public runners(called: Resource): Resource[] {
    return this.runnersByFunction.get(called) ?? [];
  }

  /** The resources that have a role, such as a function. */
  public holders(role: Resource): Resource[] {
    return [...(this.holdersByRole.get(role) ?? [])];
  }
}

/** The functions that make the calls of a resource: the provider of a custom resource, the targets of a rule. */
function runBy({ type, properties }: Resource): string[] {
  if (type === 'AWS::Events::Rule') return textsAt(properties, 'Targets', 'Arn');
  return isCustomResource(type) ? textsAt(properties, 'ServiceToken') : [];
}

/** True for a property with a role: `Role`, `RoleArn`, `TaskRoleArn`, `ServiceRole`, `Roles`. Environment variables only name it. */
function isRoleName(names: readonly string[]): boolean {
  if (names[0] === 'Roles') return true;
  return /(Role|RoleArn|RoleARN)$/.test(names[names.length - 1] ?? '') && !names.includes('Variables');
}

function parentPath(path: string): string {
  const construct = constructPath(path);
  return construct.slice(0, Math.max(0, construct.lastIndexOf('/')));
}

function usageOf(row: Row, isOwn: (part: Resource) => boolean): Usage {
  const { kind, billing, primary } = row;
  const { path, type, source: { stack } } = primary;
  const parts = [...row.parts].sort((a, b) => Number(b === primary) - Number(a === primary) || a.ordinal - b.ordinal);
  const models = distinctModels(row.models);
  const modelIds = models.length > 0 ? models : [...row.patterns];
  const workloads = billing === 'spends' ? workloadsOf({ kind, models, parts }) : [];
  return {
    stack,
    path,
    paths: parts.filter((part) => part === primary || isOwn(part)).map((part) => part.path),
    logicalIds: parts.map(({ logicalId }) => logicalId),
    resourceType: type,
    kind,
    modelIds,
    actions: [...row.actions],
    region: regionOf(row),
    billing,
    workloads,
    suggestion: workloads.length > 0 ? suggestionOf(stack, path, workloads[0]) : null,
  };
}

/** The region of the ARNs and settings, if they name one; otherwise that of the stack. */
function regionOf({ regions, primary: { source: { region } } }: Row): string | null {
  return regions.size === 1 ? [...regions][0] : region ?? null;
}
