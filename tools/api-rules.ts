/** The parts of a jsii assembly that the rules read: https://github.com/aws/jsii, `@jsii/spec`. */
export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly example?: string;
  readonly see?: string;
}
export interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: string; readonly elementtype: TypeReference };
  readonly union?: { readonly types: readonly TypeReference[] };
}
export interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly type?: TypeReference;
  readonly optional?: boolean;
  readonly static?: boolean;
  readonly protected?: boolean;
  readonly overrides?: string;
}
export interface Method extends Member {
  readonly parameters?: readonly Member[];
  readonly returns?: { readonly type: TypeReference };
}
export interface Type {
  readonly kind: 'class' | 'interface' | 'enum';
  readonly name: string;
  readonly fqn: string;
  readonly docs?: Docs;
  readonly base?: string;
  readonly abstract?: boolean;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly initializer?: { readonly docs?: Docs; readonly parameters?: readonly Member[] };
  readonly methods?: readonly Method[];
  readonly properties?: readonly Member[];
  readonly members?: readonly Member[];
}
export interface Assembly {
  readonly name: string;
  readonly types: { readonly [fqn: string]: Type };
}

/** The API that a rule reads. */
interface Api {
  readonly assembly: Assembly;
  readonly types: readonly Type[];
  readonly structs: readonly Type[];
  readonly constructs: readonly Type[];
  /** Whether a type of another library is a construct. */
  readonly isConstruct: (fqn: string) => boolean;
}

/** A rule of the public API. `find` returns the elements that violate it, as `Type.member`. */
export interface ApiRule {
  readonly id: string;
  readonly rule: string;
  readonly find: (api: Api) => readonly string[];
}

const lowerFirst = (name: string) => name[0].toLowerCase() + name.slice(1);
const methodsOf = (type: Type) => (type.methods ?? []).filter((method) => !method.protected);
const propertiesOf = (type: Type) => (type.properties ?? []).filter((property) => !property.protected);
const at = (type: Type, { name }: { readonly name: string }) => `${type.name}.${name}`;

/** A type as it reads in TypeScript; of another library's type, its name. */
function typeName(type: TypeReference | undefined): string {
  if (!type) return 'void';
  if (type.collection) return `${typeName(type.collection.elementtype)}[]`;
  if (type.union) return type.union.types.map(typeName).join(' | ');
  return type.primitive ?? type.fqn!.split('.').at(-1)!;
}

/** All types that a reference consists of. */
const partsOf = (type: TypeReference): readonly TypeReference[] => [
  type,
  ...(type.collection ? partsOf(type.collection.elementtype) : []),
  ...(type.union?.types ?? []).flatMap(partsOf),
];

/** A signature as it reads in TypeScript: `grantStart(grantee: IGrantable): Grant`. */
const signature = ({ parameters = [], returns }: Method) =>
  `(${parameters.map(({ name, optional, type }) => `${name}${optional ? '?' : ''}: ${typeName(type)}`).join(', ')}): ${typeName(returns?.type)}`;

/** Everything that a user gives: props, fields of structs, parameters. */
const inputs = ({ types, structs }: Api): ReadonlyArray<{ readonly at: string; readonly type: TypeReference }> => [
  ...structs.flatMap((struct) => propertiesOf(struct).map((property) => ({ at: at(struct, property), type: property.type! }))),
  ...types.flatMap((type) => [...methodsOf(type), ...(type.initializer ? [{ name: 'new', ...type.initializer }] : [])]
    .flatMap((method) => (method.parameters ?? []).map((parameter) => ({ at: `${at(type, method)}.${parameter.name}`, type: parameter.type! })))),
];

/** Every reference to a type. */
const references = (api: Api) => [
  ...inputs(api),
  ...api.types.filter((type) => !type.datatype).flatMap((type) => [
    ...propertiesOf(type).map((property) => ({ at: at(type, property), type: property.type! })),
    ...methodsOf(type).filter(({ returns }) => returns).map((method) => ({ at: at(type, method), type: method.returns!.type })),
  ]),
];

/** Everything that has a docstring. */
const documented = ({ types }: Api): ReadonlyArray<{ readonly at: string; readonly docs: Docs }> => types.flatMap((type) => [
  { at: type.name, docs: type.docs ?? {} },
  ...[...propertiesOf(type), ...methodsOf(type), ...(type.members ?? [])].map((member) => ({ at: at(type, member), docs: member.docs ?? {} })),
]);

const summaries = (api: Api) => documented(api)
  .flatMap(({ at: place, docs }) => docs.summary === undefined ? [] : [{ at: place, summary: docs.summary }]);

/** The numbers that a user gives or reads. */
const numbers = ({ types }: Api) => types.flatMap((type) => propertiesOf(type)
  .filter((property) => property.type?.primitive === 'number').map((property) => ({ at: at(type, property), name: property.name })));

/** A value (`730`, `'prompt'`, `true`, `[50, 80]`, `CacheTtl.FIVE_MINUTES`, `Duration.hours(1)`), a text without a full stop, or both. */
const DEFAULT = /^(?!- (undefined|nothing|nobody)$)(?=\S)((-?[\d._]+|'[^']*'|true|false|\[.*\]|\{.*\}|[A-Z]\w+\.\w+(\([^)]*\))?)?(^-| -|$)( \S[^]*[^.])?)$/;
/** Units, and countable nouns. `Per` and the words after it name the base of the number. */
const UNIT = new RegExp(`(${[
  'Usd', 'Percent', 'Percentage', 'Factor', 'Ratio', 'Quantity', 'Seconds', 'Hours', 'Days', 'Months', 'Gigabytes',
  'Attempts', 'Characters', 'Copies', 'Epochs', 'Executions', 'Images', 'Jobs', 'Models', 'Records', 'Requests', 'Retrievals', 'Tasks', 'Texts',
  'Tokens', 'Units', 'Per[A-Z]\\w+',
].join('|')})$`, 'i');
const DURATION_NAME = /(duration|period|timeout|interval|ttl|window)$/i;
const DURATION_SUFFIX = /(Days|Hours|Minutes|Seconds|Millis|Milliseconds)$/;
const SIZE_NAME = /^bytes|Bytes$|Kibibytes$|Mebibytes$/;
/** Code that other languages write otherwise: an object, a text in single quotes, `new`, and values that only JavaScript has. */
const TYPESCRIPT = /`[^`]*(\{ ?\w+: |'[^'`]*'|\bnew [A-Z])[^`]*`|`(undefined|null|NaN)`/;
/** The verbs of CDK's own constructs. */
const VERB = /^(acknowledge|add|apply|as|attach|bind|configure|for|from|get|grant|is|metric|of|on|to|with)([A-Z]|$)/;
const SUMMARY_LENGTH = 160;
const DOC_LENGTH = 1_000;

/** The interface of a construct: `IBatchInference` of `BatchInference`. */
const interfaceOf = ({ types }: Api, construct: Type) => types.find(({ name, datatype }) => name === `I${construct.name}` && !datatype);
const propsOf = ({ structs }: Api, construct: Type) => structs.find(({ name }) => name === `${construct.name}Props`);
const imports = (api: Api) => api.constructs.flatMap((construct) => methodsOf(construct)
  .filter((method) => method.static && method.name.startsWith('from')).map((method) => ({ construct, method })));

/**
 * The conventions of CDK's constructs: the design guidelines of aws-cdk and the rules of its linter, awslint, as far as they concern a
 * library of this kind, and the rules of our own language.
 */
export const API_RULES: readonly ApiRule[] = [
  {
    id: 'construct-parameters',
    rule: 'the constructor of a construct has the parameters scope, id and props, whose type is <Class>Props',
    find: (api) => api.constructs.filter((construct) => {
      const [scope, id, props, ...others] = construct.initializer?.parameters ?? [];
      return !(scope?.name === 'scope' && typeName(scope.type) === 'Construct' && id?.name === 'id' && typeName(id.type) === 'string' && others.length === 0
        && (!props || (props.name === 'props' && typeName(props.type) === `${construct.name}Props`)));
    }).map(({ name }) => name),
  },
  {
    id: 'optional-props',
    rule: 'props are optional if all of their fields are, and only then',
    find: (api) => api.constructs.filter((construct) => {
      const props = construct.initializer?.parameters?.[2];
      const struct = propsOf(api, construct);
      return props && struct && Boolean(props.optional) !== propertiesOf(struct).every(({ optional }) => optional);
    }).map(({ name }) => name),
  },
  {
    id: 'default-missing',
    rule: 'an optional field of a struct has @default',
    find: ({ structs }) => structs.flatMap((struct) => propertiesOf(struct)
      .filter(({ optional, docs }) => optional && docs?.default === undefined).map((property) => at(struct, property))),
  },
  {
    id: 'default-of-required',
    rule: 'a required field has no @default',
    find: ({ structs }) => structs.flatMap((struct) => propertiesOf(struct)
      .filter(({ optional, docs }) => !optional && docs?.default !== undefined).map((property) => at(struct, property))),
  },
  {
    id: 'default-form',
    rule: 'a @default is a value, a text after "- ", or both; undefined is neither',
    find: ({ structs }) => structs.flatMap((struct) => propertiesOf(struct)
      .filter(({ docs }) => docs?.default !== undefined && !DEFAULT.test(docs.default)).map((property) => at(struct, property))),
  },
  {
    id: 'interface-name',
    rule: 'the name of a behavioral interface begins with I, and that of no other type does',
    find: ({ types }) => types.filter(({ kind, datatype, name }) => /^I[A-Z]/.test(name) !== (kind === 'interface' && !datatype)).map(({ name }) => name),
  },
  {
    id: 'resource-interface',
    rule: 'a resource has an interface I<Class>, which extends IResource',
    find: (api) => api.constructs.filter(({ base }) => base === 'aws-cdk-lib.Resource').filter((construct) => {
      const behavior = interfaceOf(api, construct);
      return !behavior || !construct.interfaces?.includes(behavior.fqn) || !behavior.interfaces?.includes('aws-cdk-lib.IResource');
    }).map(({ name }) => name),
  },
  {
    id: 'import-missing',
    rule: 'a resource can be imported: it has fromXxxArn, fromXxxName, fromXxxId or fromXxxAttributes',
    find: (api) => api.constructs.filter((construct) => interfaceOf(api, construct) && !imports(api).some((method) => method.construct === construct))
      .map(({ name }) => name),
  },
  {
    id: 'import-signature',
    rule: 'an import is fromXxxArn(scope, id, xxxArn: string) or from<Class>Attributes(scope, id, attrs: <Class>Attributes), and returns I<Class>',
    find: (api) => imports(api).filter(({ construct, method }) => {
      const value = method.name === `from${construct.name}Attributes` ? `attrs: ${construct.name}Attributes` : `${lowerFirst(method.name.slice(4))}: string`;
      return signature(method) !== `(scope: Construct, id: string, ${value}): I${construct.name}`;
    }).map(({ construct, method }) => at(construct, method)),
  },
  {
    id: 'grant-signature',
    rule: 'grantXxx(grantee: IGrantable): Grant',
    find: ({ types }) => types.flatMap((type) => methodsOf(type)
      .filter((method) => /^grant([A-Z]|$)/.test(method.name) && signature(method) !== '(grantee: IGrantable): Grant').map((method) => at(type, method))),
  },
  {
    id: 'metric-signature',
    rule: 'metricXxx(props?: MetricOptions): Metric, and metric(metricName: string, props?: MetricOptions): Metric',
    find: ({ types }) => types.flatMap((type) => methodsOf(type).filter((method) => /^metric([A-Z]|$)/.test(method.name)
      && signature(method) !== `(${method.name === 'metric' ? 'metricName: string, ' : ''}props?: MetricOptions): Metric`).map((method) => at(type, method))),
  },
  {
    id: 'method-verb',
    rule: 'a method of a construct begins with a verb of CDK; onXxx returns an event rule',
    find: ({ constructs }) => constructs.flatMap((construct) => methodsOf(construct)
      .filter((method) => !VERB.test(method.name) || (/^on[A-Z]/.test(method.name) && typeName(method.returns?.type) !== 'Rule')).map((method) => at(construct, method))),
  },
  {
    id: 'add-signature',
    rule: 'addXxx takes one value, or an id and a struct',
    find: ({ types, structs }) => types.flatMap((type) => methodsOf(type).filter(({ name, parameters = [] }) => {
      const [first, second] = parameters;
      const isIdAndStruct = first?.name === 'id' && structs.some(({ fqn }) => fqn === second?.type?.fqn);
      return /^add[A-Z]/.test(name) && !(parameters.length === 1 || (parameters.length === 2 && (isIdAndStruct || second.optional)));
    }).map((method) => at(type, method))),
  },
  {
    id: 'no-l1',
    rule: 'no L1 type (Cfn...) is part of the API',
    find: (api) => references(api).filter(({ type }) => partsOf(type).some(({ fqn }) => /\.Cfn[A-Z]/.test(fqn ?? ''))).map(({ at: place }) => place),
  },
  {
    id: 'no-construct-class',
    rule: 'a construct is taken by its interface, not by its class',
    find: (api) => inputs(api).filter(({ type }) => partsOf(type).some(({ fqn }) => fqn !== undefined && fqn !== 'constructs.Construct'
      && (api.constructs.some((construct) => construct.fqn === fqn) || api.isConstruct(fqn)))).map(({ at: place }) => place),
  },
  {
    id: 'no-arn-prop',
    rule: 'props of constructs take constructs, not ARNs',
    find: (api) => api.constructs.flatMap((construct) => {
      const struct = propsOf(api, construct);
      return struct ? propertiesOf(struct).filter(({ name }) => /arns?$/i.test(name)).map((property) => at(struct, property)) : [];
    }),
  },
  {
    id: 'no-any',
    rule: 'no any, json or union is part of the API',
    find: (api) => references(api).filter(({ type }) => partsOf(type).some(({ primitive, union }) => primitive === 'any' || primitive === 'json' || union))
      .map(({ at: place }) => place),
  },
  {
    id: 'repeated-name',
    rule: 'a prop does not repeat the name of its construct; only a physical name does, as <resource>Name',
    find: (api) => api.constructs.flatMap((construct) => {
      const struct = propsOf(api, construct);
      const prefix = new RegExp(`^${lowerFirst(construct.name)}[A-Z]`);
      return struct ? propertiesOf(struct).filter(({ name }) => prefix.test(name) && !name.endsWith('Name')).map((property) => at(struct, property)) : [];
    }),
  },
  {
    id: 'number-unit',
    rule: 'the name of a bare number ends with its unit or the noun that it counts',
    find: (api) => numbers(api).filter(({ name }) => !UNIT.test(name)).map(({ at: place }) => place),
  },
  {
    id: 'duration-type',
    rule: 'a length of time is a Duration, or an enum of the only possible ones',
    find: ({ assembly, types }) => types.flatMap((type) => propertiesOf(type).filter((property) => typeName(property.type) !== 'Duration'
      && assembly.types[property.type?.fqn ?? '']?.kind !== 'enum' && (DURATION_NAME.test(property.name) || (typeName(property.type) === 'number' && DURATION_SUFFIX.test(property.name)))).map((property) => at(type, property))),
  },
  {
    id: 'duration-name',
    rule: 'the name of a Duration has no unit',
    find: ({ types }) => types.flatMap((type) => propertiesOf(type)
      .filter((property) => typeName(property.type) === 'Duration' && DURATION_SUFFIX.test(property.name)).map((property) => at(type, property))),
  },
  {
    id: 'size-type',
    rule: 'a number of bytes is a Size',
    find: (api) => numbers(api).filter(({ name }) => SIZE_NAME.test(name)).map(({ at: place }) => place),
  },
  {
    id: 'docs-missing',
    rule: 'every public type, property, method and enum member has a docstring',
    find: (api) => documented(api).filter(({ docs }) => !docs.summary).map(({ at: place }) => place),
  },
  {
    id: 'summary-form',
    rule: 'a summary is one sentence, with a capital first and a full stop last',
    find: (api) => summaries(api).filter(({ summary }) => !/^([A-Z`]|\d)[^]*\.$/.test(summary) || /\.\s+[A-Z]/.test(summary.replace(/e\.g\.|i\.e\./g, '')))
      .map(({ at: place }) => place),
  },
  {
    id: 'summary-length',
    rule: `a summary has ${SUMMARY_LENGTH} characters at most`,
    find: (api) => summaries(api).filter(({ summary }) => summary.length > SUMMARY_LENGTH).map(({ at: place }) => place),
  },
  {
    id: 'doc-length',
    rule: `the text after a summary has ${DOC_LENGTH.toLocaleString('en')} characters at most`,
    find: (api) => documented(api).filter(({ docs }) => (docs.remarks ?? '').length > DOC_LENGTH).map(({ at: place }) => place),
  },
  {
    id: 'docs-language',
    rule: 'the text of a docstring has no syntax of TypeScript, which users of other languages read, too',
    find: (api) => documented(api).filter(({ docs }) => TYPESCRIPT.test(`${docs.summary ?? ''} ${docs.remarks ?? ''}`)).map(({ at: place }) => place),
  },
  {
    id: 'construct-see',
    rule: 'a construct has a @see with the AWS page of its service',
    find: ({ constructs }) => constructs.filter(({ docs }) => !/^https:\/\/docs\.aws\.amazon\.com\//.test(docs?.see ?? '')).map(({ name }) => name),
  },
  {
    id: 'construct-example',
    rule: 'a construct has an @example',
    find: ({ constructs }) => constructs.filter(({ docs }) => !docs?.example).map(({ name }) => name),
  },
];

/** The API of an assembly, as the rules read it. `isConstruct` knows the types of other libraries. */
export function apiOf(assembly: Assembly, isConstruct: (fqn: string) => boolean): Api {
  const types = Object.values(assembly.types);
  const extendsConstruct = ({ base }: Type): boolean =>
    base !== undefined && (assembly.types[base] ? extendsConstruct(assembly.types[base]) : base === 'constructs.Construct' || isConstruct(base));
  return {
    assembly,
    types,
    isConstruct,
    structs: types.filter(({ datatype }) => datatype),
    constructs: types.filter((type) => type.kind === 'class' && !type.abstract && extendsConstruct(type)),
  };
}
