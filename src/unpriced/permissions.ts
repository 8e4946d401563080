import { ActionBilling, ACTIONS_WITH_CHARGE, Kind, KIND_OF_ARN, KINDS } from './billing-table';
import { IamNames } from './iam-names';
import { modelOf } from './model-names';
import { addTo } from './multi-map';
import { at, isObject, parsed, PlainTemplates, Resource, textsAt, UNKNOWN } from './plain-template';

const MAX_PATTERN = 200;

/** A use of one kind that the policies of a principal allow. */
export interface Permission {
  readonly kind: Kind;
  /** Not covered only if none of the actions is. */
  billing: ActionBilling['billing'];
  /** As the policies name them, with wildcards. */
  readonly actions: Set<string>;
  readonly models: Set<string>;
  readonly patterns: Set<string>;
  /** Resources of the templates that the policies name. */
  readonly refs: Set<Resource>;
  readonly regions: Set<string>;
  /** The policies. */
  readonly policies: Set<Resource>;
  /** True if the permission holds for all resources. */
  isAny: boolean;
}

/** The permissions of a role, a user or a group; of a policy without a principal in the templates. */
export interface Principal {
  readonly resource: Resource;
  readonly permissions: Map<Kind, Permission>;
  /** The roles that it passes to a service. */
  readonly passes: Set<Resource>;
  passesAny: boolean;
}

/** Managed policies of AWS that allow a use with a charge, as the action that they stand for. */
const AWS_POLICIES: ReadonlyMap<string, string> = new Map([
  ['AmazonBedrockFullAccess', 'bedrock:*'],
  ['AmazonBedrockLimitedAccess', 'bedrock:InvokeModel*'],
  ['AmazonBedrockMantleFullAccess', 'bedrock-mantle:*'],
  ['AmazonBedrockMantleInferenceAccess', 'bedrock-mantle:CreateInference'],
  ['BedrockAgentCoreFullAccess', 'bedrock-agentcore:*'],
]);

/** The policies that resources contain or are, and the principals that have them. */
const POLICY_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::IAM::Policy', ['Roles', 'Users', 'Groups']],
  ['AWS::IAM::ManagedPolicy', ['Roles', 'Users', 'Groups']],
  ['AWS::IAM::RolePolicy', ['RoleName']],
  ['AWS::IAM::UserPolicy', ['UserName']],
  ['AWS::IAM::GroupPolicy', ['GroupName']],
]);
/** Resources with policies of their own. The types of AWS SAM create a role. */
const PRINCIPAL_TYPES = [
  'AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group', 'AWS::SSO::PermissionSet', 'AWS::Serverless::Function', 'AWS::Serverless::StateMachine',
];

/** A statement of a policy, with the resource that it is in. */
interface PlacedStatement {
  readonly statement: unknown;
  readonly policy: Resource;
}

/** Reads the principals of the templates whose policies allow a use of Amazon Bedrock with a charge. */
export function principalsOf(templates: PlainTemplates, iam: IamNames): Principal[] {
  const statements = new Map<Resource, PlacedStatement[]>();
  const add = (principal: Resource, policy: Resource, document: unknown) => {
    const value = typeof document === 'string' ? parsed(document) : document;
    for (const statement of at(value, 'Statement')) addTo(statements, principal, { statement, policy });
  };
  const attached = attachments(templates, iam);
  for (const resource of templates.resources) {
    const { type, properties } = resource;
    const names = POLICY_TYPES.get(type);
    if (names !== undefined) {
      const typeOf = (name: string) => `AWS::IAM::${name.replace(/(s|Name)$/, '')}`;
      const named = names.flatMap((name) => textsAt(properties, name).flatMap((text) => iam.named(text, typeOf(name), resource.source)));
      const principals = new Set([...named, ...(attached.principals.get(resource) ?? [])]);
      if (principals.size === 0 && attached.boundaries.has(resource)) continue;
      const documents = at(properties, 'PolicyDocument');
      for (const principal of principals.size === 0 ? [resource] : principals) for (const document of documents) add(principal, resource, document);
    }
    if (PRINCIPAL_TYPES.includes(type)) {
      const inline = at(properties, 'Policies').flatMap((policy) => [policy, ...at(policy, 'PolicyDocument')]);
      const documents = [...inline, ...at(properties, 'InlinePolicy')];
      for (const document of documents) add(resource, resource, document);
      for (const action of awsPolicies(properties)) add(resource, resource, { Statement: { Effect: 'Allow', Action: action, Resource: '*' } });
    }
  }
  return [...statements].filter(([resource]) => !isDeployer(resource)).map(([resource, placed]) => principalOf(templates, iam, resource, placed))
    .filter(({ permissions }) => permissions.size > 0);
}

/** True for a role that only AWS CloudFormation assumes, which creates and deletes resources with it. */
function isDeployer({ type, properties }: Resource): boolean {
  const principals = at(properties, 'AssumeRolePolicyDocument', 'Statement', 'Principal')
    .flatMap((principal) => (isObject(principal) ? at(Object.values(principal)) : [principal]));
  return type === 'AWS::IAM::Role' && principals.length > 0 && principals.every((name) => name === 'cloudformation.amazonaws.com');
}

interface Attachments {
  readonly principals: Map<Resource, Resource[]>;
  readonly boundaries: Set<Resource>;
}

/** Managed policies of the templates by the principals that list them, and those that are a boundary, which allows nothing by itself. */
function attachments(templates: PlainTemplates, iam: IamNames): Attachments {
  const principals = new Map<Resource, Resource[]>();
  const boundaries = new Set<Resource>();
  for (const resource of templates.resources.filter(({ type }) => PRINCIPAL_TYPES.includes(type))) {
    const named = (texts: readonly string[]) => texts.flatMap((text) => iam.named(text, 'AWS::IAM::ManagedPolicy', resource.source));
    for (const policy of named(managedPolicies(resource.properties))) {
      addTo(principals, policy, resource);
    }
    for (const policy of named(textsAt(resource.properties, 'PermissionsBoundary'))) boundaries.add(policy);
  }
  return { principals, boundaries };
}

/** Names and ARNs of the managed policies of a principal; `Policies` is the property of AWS SAM, `ManagedPolicies` that of a permission set. */
function managedPolicies(properties: unknown): string[] {
  return ['ManagedPolicyArns', 'ManagedPolicies', 'Policies'].flatMap((name) => textsAt(properties, name));
}

/** The actions that managed policies of AWS allow. */
function awsPolicies(properties: unknown): string[] {
  return managedPolicies(properties).flatMap((text) => AWS_POLICIES.get(text.slice(text.lastIndexOf('/') + 1)) ?? []);
}

function principalOf(templates: PlainTemplates, iam: IamNames, resource: Resource, placed: readonly PlacedStatement[]): Principal {
  const principal: Principal = { resource, permissions: new Map(), passes: new Set(), passesAny: false };
  const denied = placed.flatMap(({ statement }) => deniedActions(statement));
  for (const { statement, policy } of placed) {
    if (!textsAt(statement, 'Effect').includes('Allow')) continue;
    const targets = targetsOf(statement);
    passRoles(iam, principal, statement, targets);
    for (const { action, kind, billing } of chargesOf(statement, targets, denied)) {
      const permission = principal.permissions.get(kind) ?? emptyPermission(kind, billing);
      principal.permissions.set(kind, permission);
      if (billing === 'spends') permission.billing = billing;
      permission.actions.add(action);
      permission.policies.add(policy);
      for (const target of targets) addTarget(templates, permission, target);
    }
  }
  return principal;
}

function emptyPermission(kind: Kind, billing: ActionBilling['billing']): Permission {
  return {
    kind, billing, actions: new Set(), models: new Set(), patterns: new Set(), refs: new Set(), regions: new Set(), policies: new Set(), isAny: false,
  };
}

/** Actions that a statement denies for all resources under all conditions. */
function deniedActions(statement: unknown): string[] {
  const isDeny = textsAt(statement, 'Effect').includes('Deny');
  return isDeny && textsAt(statement, 'Resource').includes('*') && at(statement, 'Condition').length === 0 ? textsAt(statement, 'Action') : [];
}

/** The ARNs of a statement. `NotResource` excludes some and allows all others. */
function targetsOf(statement: unknown): string[] {
  return at(statement, 'NotResource').length > 0 ? ['*'] : textsAt(statement, 'Resource');
}

function passRoles(iam: IamNames, principal: Principal, statement: unknown, targets: readonly string[]): void {
  if (!textsAt(statement, 'Action').some((pattern) => isMatch(pattern, 'iam:PassRole'))) return;
  for (const target of targets) {
    const roles = iam.named(target, 'AWS::IAM::Role', principal.resource.source);
    for (const role of roles) principal.passes.add(role);
    if (roles.length === 0) principal.passesAny = true;
  }
}

interface Charge extends ActionBilling {
  /** As the statement names it. */
  readonly action: string;
}

/** The actions with a charge by their names in lower case. */
const CHARGES: ReadonlyMap<string, readonly ActionBilling[]> = new Map(ACTIONS_WITH_CHARGE.map((charge) => [charge.action.toLowerCase(), [charge]]));

/** The actions with a charge that a statement allows. */
function chargesOf(statement: unknown, targets: readonly string[], denied: readonly string[]): Charge[] {
  const isDenied = ({ action }: ActionBilling) => denied.some((pattern) => isMatch(pattern, action));
  const excluded = textsAt(statement, 'NotAction');
  if (excluded.length > 0) return chargesExcept(excluded, targets, isDenied);
  return textsAt(statement, 'Action').flatMap((pattern) => (pattern.length > MAX_PATTERN ? [] : chargesOfPattern(pattern, targets, isDenied)));
}

function chargesOfPattern(pattern: string, targets: readonly string[], isDenied: (action: ActionBilling) => boolean): Charge[] {
  // A permission for every service, such as that of an administrator, does not mean Amazon Bedrock unless its resources do.
  if (!/^bedrock/i.test(pattern) && !targets.some(isBedrockArn)) return [];
  const hasWildcard = /[*?]/.test(pattern);
  const matching = hasWildcard ? ACTIONS_WITH_CHARGE.filter(({ action }) => isMatch(pattern, action)) : CHARGES.get(pattern.toLowerCase()) ?? [];
  const allowed = matching.filter((charge) => !isDenied(charge));
  const charges = hasWildcard ? firstOf(allowed, targets) : allowed;
  return charges.map((charge) => ({ ...charge, action: pattern }));
}

/** `NotAction` allows each action that it does not list. */
function chargesExcept(excluded: readonly string[], targets: readonly string[], isDenied: (action: ActionBilling) => boolean): Charge[] {
  if (!targets.some((target) => target === '*' || isBedrockArn(target))) return [];
  const allowed = ACTIONS_WITH_CHARGE.filter((charge) => !excluded.some((pattern) => isMatch(pattern, charge.action)) && !isDenied(charge));
  return firstOf(allowed, targets);
}

/** Of several actions that a wildcard allows, the first one that the resources of the statement are for. */
function firstOf(allowed: readonly ActionBilling[], targets: readonly string[]): ActionBilling[] {
  const kinds = new Set(targets.map(kindOfTarget));
  const fitting = kinds.size === 0 || kinds.has(undefined) ? allowed : allowed.filter(({ kind }) => kinds.has(kind));
  const order = [...fitting].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return order.slice(0, 1);
}

/** Kind of use of an ARN; undefined for all resources, and for one that is known only at deployment. */
function kindOfTarget(target: string): Kind | undefined {
  const slash = target.indexOf('/');
  return slash < 0 ? undefined : KIND_OF_ARN.get(target.slice(target.lastIndexOf(':', slash) + 1, slash));
}

function isBedrockArn(target: string): boolean {
  return target.startsWith('arn:') && /^bedrock/.test(target.split(':', 3)[2] ?? '');
}

function addTarget(templates: PlainTemplates, permission: Permission, target: string): void {
  const refs = templates.refsIn(target);
  for (const ref of refs) permission.refs.add(ref);
  const region = target.startsWith('arn:') ? target.split(':', 4)[3] : undefined;
  if (region !== undefined && /^[a-z]{2}[a-z-]*-\d$/.test(region)) permission.regions.add(region);
  const { id, pattern, isAny } = modelOf(target);
  if (id !== undefined) permission.models.add(id);
  if (pattern !== undefined && pattern.includes('.')) permission.patterns.add(pattern);
  // The ARN of a resource of another stack is not known, so it may be any.
  if (target === '*' || isAny || target === UNKNOWN || target.endsWith('/*')) permission.isAny = true;
}

/** True if the service of a trust policy may be Amazon Bedrock. */
export function isRoleOfBedrock({ type, properties }: Resource): boolean {
  return type === 'AWS::IAM::Role'
    && textsAt(properties, 'AssumeRolePolicyDocument', 'Statement', 'Principal', 'Service').some((service) => service.startsWith('bedrock.'));
}

const matches = new Map<string, boolean>();

/** True if an action matches a pattern with `*` and `?`, in any case. The time is at most the product of both lengths. */
function isMatch(pattern: string, action: string): boolean {
  if (pattern.length > MAX_PATTERN || action.length > MAX_PATTERN) return false;
  const key = `${pattern} ${action}`;
  const known = matches.get(key);
  if (known !== undefined) return known;
  const result = glob(pattern.toLowerCase(), action.toLowerCase());
  // A template with many different patterns must not fill the memory.
  if (matches.size < 100_000) matches.set(key, result);
  return result;
}

function glob(pattern: string, text: string): boolean {
  let [p, t, star, from] = [0, 0, -1, 0];
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      from = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
