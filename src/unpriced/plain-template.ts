import { ByName } from './by-name';

/**
 * Reads CloudFormation templates into plain values: each intrinsic function becomes a text in which marks stand for the values that only
 * the deployment knows. The time is linear in the size of the templates, and no template makes it throw.
 */

/** A template, and its place in the app. */
export interface TemplateSource {
  /** Path of the stack's construct, or the name of the file without its ending. */
  readonly stack: string;
  /** Undefined if the region is known only at deployment. */
  readonly region?: string;
  readonly template: unknown;
  /** Construct paths by logical id, for templates without the metadata `aws:cdk:path`. */
  readonly paths?: ReadonlyMap<string, string>;
  /** Definitions of state machines that are in other files, by logical id. */
  readonly definitions?: ReadonlyMap<string, string>;
  /** The resource of a nested stack in the template of its parent. */
  readonly nestedIn?: { readonly parent: TemplateSource; readonly logicalId: string };
}

/** A resource of a template with plain properties. */
export interface Resource {
  readonly ordinal: number;
  readonly logicalId: string;
  readonly type: string;
  /** The construct path, or the stack and the logical id for a template without metadata. */
  readonly path: string;
  readonly source: TemplateSource;
  readonly properties: unknown;
}

/** Marks of a reference to a resource around its ordinal. They are private-use characters, which no template has for another reason. */
const REF_START = '\ue000';
const REF_END = '\ue001';
/** Mark for a value that only the deployment knows. */
export const UNKNOWN = '\ue002';
/** Mark between the alternatives of a condition or a mapping. */
export const EITHER = '\ue003';
const MARKS = /[\ue000-\ue003]/;

/** Start of a dynamic reference. */
const DYNAMIC = '{{resolve:';

const MAX_DEPTH = 200;
const MAX_TEXT = 1_000_000;
/** Size of a plain template, far above that of CloudFormation's 1 MB. It stops a template that multiplies itself. */
const BUDGET = 30_000_000;
/** Maximum number of alternatives of a text with several conditions. */
const MAX_ALTERNATIVES = 16;
/** Size of a value, in addition to its characters. */
const VALUE_SIZE = 20;

/** Frequent types that neither run a program, nor call a service, nor hold a permission of one. Their properties are not read, which takes time. */
const PASSIVE: ReadonlySet<string> = new Set([
  'AWS::Budgets::Budget', 'AWS::CDK::Metadata', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table', 'AWS::EC2::Route', 'AWS::EC2::RouteTable', 'AWS::EC2::SecurityGroup', 'AWS::EC2::Subnet', 'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC', 'AWS::KMS::Alias', 'AWS::KMS::Key', 'AWS::Lambda::Permission', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy', 'AWS::SNS::Subscription', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy',
]);

/** Returns all values at a path of names. Lists and the alternatives of a condition are entered at each step. */
export function at(value: unknown, ...names: readonly string[]): unknown[] {
  let values = flat(value);
  for (const name of names) values = values.flatMap((part) => flat(field(part, name)));
  return values;
}

/** Returns all texts at a path of names, each alternative as a text of its own. */
export function textsAt(value: unknown, ...names: readonly string[]): string[] {
  return at(value, ...names).flatMap((text) => (typeof text === 'string' ? text.split(EITHER) : []));
}

/** Own field of an object; undefined for other values. Names such as `__proto__` and `constructor` are names like others. */
function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The value of a JSON text; the text itself if it is not valid. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function flat(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  return value === undefined || value === null ? [] : [value];
}

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Calls `visit` for each text of a plain value with the names above it, a list that is valid during the call only. */
export function eachText(value: unknown, visit: (text: string, names: readonly string[]) => void, names: string[] = []): void {
  if (typeof value === 'string') {
    visit(value, names);
  } else if (Array.isArray(value)) {
    for (const part of value) eachText(part, visit, names);
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      names.push(name);
      eachText(value[name], visit, names);
      names.pop();
    }
  }
}

/** Path of the construct that a resource belongs to: an L2 construct has the L1 as its child `Resource` or `Default`. */
export function constructPath(path: string): string {
  const names = path.split('/');
  while (names.length > 2 && ['Resource', 'Default'].includes(names[names.length - 1])) names.pop();
  return names.join('/');
}

/** Replaces each part that only the deployment knows with `*`. */
export function asPattern(text: string): string {
  return MARKS.test(text) ? text.replace(/\ue000\d+\ue001|[\ue000-\ue003]/g, '*') : text;
}

/** Removes the marks from a text. */
export function withoutMarks(text: string): string {
  return MARKS.test(text) ? text.split(/[\ue000-\ue003]/).join('') : text;
}

/** The templates of an app, whose references lead from one to another. */
export class PlainTemplates {
  readonly resources: readonly Resource[];
  private readonly templates: readonly Template[];
  private readonly bySource = new Map<TemplateSource, Template>();
  private exports: ByName<Named> | undefined;
  private stored: ByName<Named> | undefined;

  constructor(sources: readonly TemplateSource[]) {
    let ordinal = 0;
    this.templates = sources.map((source) => {
      const template = new Template(source);
      this.bySource.set(source, template);
      for (const [logicalId, resource] of entries(field(source.template, 'Resources'))) {
        const type = field(resource, 'Type');
        if (typeof type === 'string') template.ordinals.set(logicalId, ordinal++);
      }
      return template;
    });
    for (const template of this.templates) {
      const { nestedIn } = template.source;
      const parent = nestedIn && this.bySource.get(nestedIn.parent);
      parent?.nested.set(nestedIn!.logicalId, template);
    }
    this.resources = this.templates.flatMap((template) => this.resourcesOf(template));
  }

  /** The resources that a text refers to. */
  public refsIn(text: string): Resource[] {
    const refs: Resource[] = [];
    for (let start = text.indexOf(REF_START); start >= 0; start = text.indexOf(REF_START, start + 1)) {
      const resource = this.resources[Number(text.slice(start + 1, text.indexOf(REF_END, start)))];
      if (resource !== undefined) refs.push(resource);
    }
    return refs;
  }

  private resourcesOf(template: Template): Resource[] {
    const { source, ordinals } = template;
    const resources = field(source.template, 'Resources');
    return [...ordinals].map(([logicalId, ordinal]) => {
      const resource = field(resources, logicalId);
      const type = String(field(resource, 'Type'));
      const path = field(field(resource, 'Metadata'), 'aws:cdk:path');
      return {
        ordinal,
        logicalId,
        type,
        path: source.paths?.get(logicalId) ?? (typeof path === 'string' ? path : `${source.stack}/${logicalId}`),
        source,
        properties: PASSIVE.has(type) ? {} : merged(this.globals(type, template), this.plain(field(resource, 'Properties'), template, 0)),
      };
    });
  }

  /** Properties that AWS SAM gives all functions of a template. */
  private globals(type: string, template: Template): unknown {
    return type === 'AWS::Serverless::Function' ? this.plain(field(field(template.source.template, 'Globals'), 'Function'), template, 0) : undefined;
  }

  /** Plain value of a part of a template; undefined for `AWS::NoValue`. */
  private plain(value: unknown, template: Template, depth: number): unknown {
    if (depth > MAX_DEPTH || template.budget <= 0) return UNKNOWN;
    template.budget -= VALUE_SIZE;
    if (typeof value === 'string') return this.spend(template, this.resolved(withoutMarks(value), template, depth));
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (Array.isArray(value)) return value.map((part) => this.plain(part, template, depth + 1)).filter((part) => part !== undefined);
    if (!isObject(value)) return undefined;
    if (template.entered.has(value)) return UNKNOWN;
    template.entered.add(value);
    const names = Object.keys(value);
    const isFunction = names.length === 1 && isIntrinsic(names[0]);
    const plain = isFunction ? this.intrinsic(names[0], value[names[0]], template, depth + 1) : this.plainObject(value, template, depth + 1);
    template.entered.delete(value);
    return plain;
  }

  private plainObject(value: object, template: Template, depth: number): unknown {
    const plain: [string, unknown][] = [];
    for (const [name, part] of Object.entries(value)) {
      const found = this.plain(part, template, depth);
      if (found !== undefined) plain.push([withoutMarks(name), found]);
    }
    return Object.fromEntries(plain);
  }

  private intrinsic(name: string, argument: unknown, template: Template, depth: number): unknown {
    const list = Array.isArray(argument) ? argument : [argument];
    const plain = (value: unknown) => this.plain(value, template, depth);
    switch (name) {
      case 'Ref': return typeof argument === 'string' ? this.ref(argument, template, depth) : UNKNOWN;
      case 'Fn::GetAtt': return this.attribute(list.map(String).join('.'), template, depth);
      case 'Fn::Join': return this.spend(template, this.resolved(joined(flat(plain(list[1])), textOf(plain(list[0]))), template, depth));
      case 'Fn::Sub': return this.sub(list[0], list[1], template, depth);
      case 'Fn::Select': return select(textOf(plain(list[0])), plain(list[1]));
      case 'Fn::Split': return textOf(plain(list[1])).split(textOf(plain(list[0])) || UNKNOWN);
      case 'Fn::If': return either([plain(list[1]), plain(list[2])]);
      case 'Fn::FindInMap': return this.findInMap(list, template, depth);
      case 'Fn::ImportValue': return this.imported(textOf(plain(argument)), template, depth);
      case 'Fn::Base64': return plain(argument);
      case 'Fn::ToJsonString': return this.spend(template, jsonOf(plain(argument)));
      default: return UNKNOWN;
    }
  }

  private ref(name: string, template: Template, depth: number): unknown {
    const { source, ordinals } = template;
    switch (name) {
      case 'AWS::NoValue': return undefined;
      case 'AWS::Partition': return 'aws';
      case 'AWS::Region': return source.region ?? UNKNOWN;
      case 'AWS::URLSuffix': return 'amazonaws.com';
      case 'AWS::StackName': return source.stack;
      default: return ordinals.has(name) ? mark(ordinals.get(name)!) : this.parameter(name, template, depth);
    }
  }

  /** The value that the parent of a nested stack passes for a parameter; otherwise its default or its allowed values. */
  private parameter(name: string, template: Template, depth: number): unknown {
    if (template.parameters.has(name)) return this.spend(template, template.parameters.get(name));
    template.parameters.set(name, UNKNOWN);
    const value = this.parameterValue(name, template, depth);
    template.parameters.set(name, value);
    return value;
  }

  private parameterValue(name: string, template: Template, depth: number): unknown {
    const { source: { nestedIn }, source } = template;
    const parent = nestedIn && this.bySource.get(nestedIn.parent);
    const resource = parent && field(field(nestedIn!.parent.template, 'Resources'), nestedIn!.logicalId);
    const passed = field(field(field(resource, 'Properties'), 'Parameters'), name);
    if (parent !== undefined && passed !== undefined) return this.plain(passed, parent, depth + 1);
    const parameter = field(field(source.template, 'Parameters'), name);
    const [type, initial, allowed] = ['Type', 'Default', 'AllowedValues'].map((key) => field(parameter, key));
    const choices = initial === undefined ? flat(allowed) : [initial];
    const plain = either(choices.map((value) => this.plain(value, template, depth + 1)));
    const kind = typeof type === 'string' ? type : '';
    // The default of such a parameter is the name of a parameter of Systems Manager.
    const text = kind.startsWith('AWS::SSM::') ? this.storedValue(textOf(plain), template, depth) : plain;
    const isList = /^(CommaDelimitedList$|List<|AWS::SSM::Parameter::Value<(CommaDelimitedList>|List<))/.test(kind);
    return isList && typeof text === 'string' ? text.split(',').map((item) => item.trim()) : text ?? UNKNOWN;
  }

  private attribute(name: string, template: Template, depth: number): unknown {
    const end = name.indexOf('.');
    const logicalId = end < 0 ? name : name.slice(0, end);
    const nested = template.nested.get(logicalId);
    const isOutput = nested !== undefined && name.startsWith(`${logicalId}.Outputs.`);
    const output = isOutput ? field(field(nested.source.template, 'Outputs'), name.slice(logicalId.length + 9)) : undefined;
    if (nested && output !== undefined) return this.plain(field(output, 'Value'), nested, depth + 1);
    const ordinal = template.ordinals.get(logicalId);
    return ordinal === undefined ? UNKNOWN : mark(ordinal);
  }

  private sub(text: unknown, variables: unknown, template: Template, depth: number): unknown {
    if (typeof text !== 'string') return UNKNOWN;
    const parts: string[] = [];
    let from = 0;
    for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', from)) {
      const end = text.indexOf('}', start);
      if (end < 0) break;
      const name = text.slice(start + 2, end).trim();
      parts.push(withoutMarks(text.slice(from, start)));
      if (name.startsWith('!')) parts.push(`\${${withoutMarks(name.slice(1))}}`);
      else if (isObject(variables) && Object.hasOwn(variables, name)) parts.push(textOf(this.plain(variables[name], template, depth)));
      else parts.push(textOf(name.includes('.') ? this.attribute(name, template, depth) : this.ref(name, template, depth)));
      from = end + 1;
    }
    parts.push(withoutMarks(text.slice(from)));
    return this.spend(template, this.resolved(joined(parts, ''), template, depth));
  }

  /** The value of a mapping; all values of a key that is known only at deployment. */
  private findInMap([mapping, first, second]: readonly unknown[], template: Template, depth: number): unknown {
    const [name, top, key] = [mapping, first, second].map((part) => textOf(this.plain(part, template, depth)));
    const choices = (value: unknown, choice: string) => (choice.includes(UNKNOWN) ? entries(value).map(([, part]) => part) : [field(value, choice)]);
    const tables = choices(field(field(template.source.template, 'Mappings'), name), top);
    return either(tables.flatMap((table) => choices(table, key)).map((value) => this.plain(value, template, depth))) ?? UNKNOWN;
  }

  private imported(name: string, template: Template, depth: number): unknown {
    if (this.exports === undefined) {
      this.exports = new ByName();
      for (const other of this.templates) {
        for (const [, output] of entries(field(other.source.template, 'Outputs'))) {
          const exported = field(field(output, 'Export'), 'Name');
          if (exported !== undefined) this.exports.add(other.source, textOf(this.plain(exported, other, depth + 1)), { template: other, value: field(output, 'Value') });
        }
      }
    }
    return this.valueOf(this.exports.get(template.source, name), depth);
  }

  /** The value of a parameter of Systems Manager that a template of the app creates, with a mark of the parameter. */
  private storedValue(name: string, template: Template, depth: number): string {
    if (this.stored === undefined) {
      this.stored = new ByName();
      for (const other of this.templates) {
        for (const [logicalId, resource] of entries(field(other.source.template, 'Resources'))) {
          if (field(resource, 'Type') !== 'AWS::SSM::Parameter') continue;
          const [named, value] = ['Name', 'Value'].map((key) => field(field(resource, 'Properties'), key));
          const given = textOf(this.plain(named, other, depth + 1));
          if (given !== '') this.stored.add(other.source, given, { template: other, value, logicalId });
        }
      }
    }
    const found = this.stored.get(template.source, name);
    if (found === undefined) return UNKNOWN;
    return `${textOf(this.valueOf(found, depth))}${EITHER}${mark(found.template.ordinals.get(found.logicalId!)!)}`;
  }

  /** The plain value of an export or a stored parameter. One that contains itself is not known. */
  private valueOf(found: Named | undefined, depth: number): unknown {
    if (found === undefined) return UNKNOWN;
    if (!('plain' in found)) {
      found.plain = UNKNOWN;
      found.plain = this.plain(found.value, found.template, depth + 1);
    }
    return this.spend(found.template, found.plain);
  }

  /** Replaces dynamic references such as `{{resolve:ssm:/chat/model}}`. */
  private resolved(text: string, template: Template, depth: number): string {
    if (!text.includes(DYNAMIC)) return text;
    const [first, ...parts] = text.split(DYNAMIC);
    return joined([first, ...parts.map((part) => {
      const end = part.indexOf('}}');
      if (end < 0) return DYNAMIC + part;
      const [service, name = ''] = part.slice(0, end).split(':', 2);
      return (service === 'ssm' ? this.storedValue(name, template, depth) : UNKNOWN) + part.slice(end + 2);
    })], '');
  }

  /** Counts the characters of a text. */
  private spend(template: Template, value: unknown): unknown {
    if (typeof value === 'string') template.budget -= value.length;
    return value;
  }
}

/** An export, or the value of a parameter of Systems Manager. */
interface Named {
  readonly template: Template;
  readonly value: unknown;
  readonly logicalId?: string;
  /** The plain value, once it is read. */
  plain?: unknown;
}

class Template {
  readonly ordinals = new Map<string, number>();
  readonly nested = new Map<string, Template>();
  readonly parameters = new Map<string, unknown>();
  /** The objects that are being read, for values that contain themselves. */
  readonly entered = new Set<unknown>();
  budget = BUDGET;

  constructor(readonly source: TemplateSource) {}
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

function isIntrinsic(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

function mark(ordinal: number): string {
  return `${REF_START}${ordinal}${REF_END}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : UNKNOWN;
}

function joined(parts: readonly unknown[], delimiter: string): string {
  let texts = [''];
  for (const [i, part] of parts.entries()) {
    const text = (i === 0 ? '' : delimiter) + textOf(part);
    const choices = text.split(EITHER);
    // Each alternative is a whole text, unless they are too many.
    const ends = choices.length * texts.length > MAX_ALTERNATIVES ? [text] : choices;
    texts = texts.flatMap((start) => ends.map((end) => start + end));
    if (texts[0].length * texts.length > MAX_TEXT) break;
  }
  return texts.join(EITHER).slice(0, MAX_TEXT);
}

function select(index: string, list: unknown): unknown {
  const items = Array.isArray(list) ? list : [];
  return items[Number(index)] ?? UNKNOWN;
}

/** The alternatives of a value: one text, or a list of values. */
function either(values: readonly unknown[]): unknown {
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2) return known[0];
  return known.every((value) => typeof value === 'string') ? known.join(EITHER).slice(0, MAX_TEXT) : known;
}

/** Own properties, and the general ones that are not given by them. */
function merged(general: unknown, own: unknown): unknown {
  if (general === undefined || !isObject(general) || !(own === undefined || isObject(own))) return own ?? general;
  const parts = Object.entries(general).map(([name, value]) => [name, merged(value, field(own, name))]);
  return Object.fromEntries([...parts, ...Object.entries(own ?? {}).filter(([name]) => !Object.hasOwn(general, name))]);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
