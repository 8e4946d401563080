import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { API_RULES, apiOf, type Assembly, type Member, type Method, type Type } from '../tools/api-rules';

/** Elements that violate a rule, with the reason. A `*` stands for all members of a type. */
interface Exception {
  readonly rule: string;
  readonly reason: string;
  readonly elements: readonly string[];
}

const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'metric-signature',
    reason: 'a sum of several metrics of AWS',
    elements: ['ApplicationInferenceProfile', 'IInvocationMetrics', 'ProvisionedModelThroughput'].flatMap((name) => [`${name}.metricCacheReadTokens`, `${name}.metricCacheWriteTokens`]),
  },
  { rule: 'size-type', reason: 'a ratio, which may have a fraction', elements: ['BatchInferenceProps.bytesPerToken'] },
  { rule: 'add-signature', reason: 'the construct has the id, and the usage is required', elements: ['CostEstimates.addFor'] },
  { rule: 'duration-type', reason: 'a quantity that is billed, as in the usage file', elements: ['CustomizationWorkload.trainingHours'] },
  { rule: 'summary-form', reason: 'generated: the name of the model, and its status as a sentence of its own', elements: ['BedrockModel.*'] },
];

const ROOT = join(__dirname, '..');
const ASSEMBLY: Assembly = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString());

/** Whether a type of aws-cdk-lib is a construct: `aws-cdk-lib.aws_s3.Bucket`. */
function isConstruct(fqn: string): boolean {
  const [name, ...path] = fqn.split('.');
  const value = name === 'aws-cdk-lib' ? path.reduce((inner: any, part) => inner?.[part], cdk) : undefined;
  return typeof value === 'function' && value.prototype instanceof Construct;
}

const matches = (pattern: string, element: string) => pattern === element || (pattern.endsWith('.*') && element.startsWith(pattern.slice(0, -1)));

describe('the public API', () => {
  const api = apiOf(ASSEMBLY, isConstruct);

  test('is read whole', () => {
    expect(api.constructs.map(({ name }) => name)).toEqual(expect.arrayContaining(['ApplicationInferenceProfile', 'BatchInference', 'CostBudget', 'ProvisionedModelThroughput']));
    expect(api.structs.length).toBeGreaterThan(30);
  });

  test.each(API_RULES.map((rule) => [rule.rule, rule] as const))('%s', (_, { id, find }) => {
    const patterns = EXCEPTIONS.filter(({ rule }) => rule === id).flatMap(({ elements }) => elements);
    const found = find(api);
    expect({
      violations: found.filter((element) => !patterns.some((pattern) => matches(pattern, element))),
      unusedExceptions: patterns.filter((pattern) => !found.some((element) => matches(pattern, element))),
    }).toEqual({ violations: [], unusedExceptions: [] });
  });

  test('exceptions are from known rules', () => {
    const ids = API_RULES.map(({ id }) => id);
    expect(EXCEPTIONS.filter(({ rule }) => !ids.includes(rule))).toEqual([]);
  });
});

// --- each rule finds what violates it, in a small library that violates nothing else ---------------------------------------

const DOCS = { summary: 'A thing.' };
const text = { primitive: 'string' };
const number = { primitive: 'number' };
const own = (name: string) => ({ fqn: `lib.${name}` });
const SCOPE: readonly Member[] = [{ name: 'scope', type: { fqn: 'constructs.Construct' } }, { name: 'id', type: text }];
const PROPS: Member = { name: 'props', type: own('TableProps') };
const OPTIONS: Member = { name: 'props', optional: true, type: { fqn: 'aws-cdk-lib.aws_cloudwatch.MetricOptions' } };
const METRIC = { type: { fqn: 'aws-cdk-lib.aws_cloudwatch.Metric' } };

const property = (name: string, rest: Partial<Member> = {}): Member => ({ name, type: text, docs: DOCS, ...rest });
const method = (name: string, parameters: readonly Member[], returns?: Method['returns'], rest: Partial<Method> = {}): Method =>
  ({ name, parameters, returns, docs: DOCS, ...rest });
const optional = (name: string, byDefault: string | undefined) => property(name, { optional: true, docs: { ...DOCS, default: byDefault } });

const IMPORT = method('fromTableArn', [...SCOPE, { name: 'tableArn', type: text }], { type: own('ITable') }, { static: true });
const GRANT = method('grantRead', [{ name: 'grantee', type: { fqn: 'aws-cdk-lib.aws_iam.IGrantable' } }], { type: { fqn: 'aws-cdk-lib.aws_iam.Grant' } });

interface Library {
  readonly table?: Partial<Type>;
  readonly methods?: readonly Method[];
  readonly props?: readonly Member[];
  readonly types?: readonly Partial<Type>[];
  readonly interfaces?: readonly string[];
}

/** A library with one resource, its interface and its props. */
function library({ table, methods = [], props = [], types = [], interfaces = ['aws-cdk-lib.IResource'] }: Library = {}): Assembly {
  const all: Partial<Type>[] = [
    {
      kind: 'class',
      name: 'Table',
      base: 'aws-cdk-lib.Resource',
      interfaces: ['lib.ITable'],
      methods: [IMPORT, GRANT, ...methods],
      docs: { ...DOCS, see: 'https://docs.aws.amazon.com/table', example: 'new Table(this, \'Table\');' },
      initializer: { parameters: [...SCOPE, PROPS] },
      ...table,
    },
    { kind: 'interface', name: 'ITable', interfaces },
    { kind: 'interface', name: 'TableProps', datatype: true, properties: [property('name'), ...props] },
    ...types,
  ];
  return { name: 'lib', types: Object.fromEntries(all.map((type) => [`lib.${type.name}`, { docs: DOCS, ...type, fqn: `lib.${type.name}` } as Type])) };
}

const withDocs = (docs: Member['docs']) => library({ props: [property('size', { docs })] });
const withMethod = (...args: Parameters<typeof method>) => library({ methods: [method(...args)] });
const withTable = (table: Partial<Type>) => library({ table });

/** Of each rule, libraries that violate it, with the element. */
const VIOLATIONS: { readonly [rule: string]: ReadonlyArray<readonly [element: string, assembly: Assembly]> } = {
  'construct-parameters': [
    ['Table', withTable({ initializer: { parameters: [SCOPE[1], SCOPE[0], PROPS] } })],
    ['Table', withTable({ initializer: { parameters: [...SCOPE, { ...PROPS, name: 'options' }] } })],
  ],
  'optional-props': [['Table', withTable({ initializer: { parameters: [...SCOPE, { ...PROPS, optional: true }] } })]],
  'default-missing': [['TableProps.size', library({ props: [optional('size', undefined)] })]],
  'default-of-required': [['TableProps.size', withDocs({ ...DOCS, default: '- none' })]],
  'default-form': ['undefined', '- undefined', 'the account', '- the account.', '- nothing']
    .map((byDefault) => ['TableProps.size', library({ props: [optional('size', byDefault)] })] as const),
  'interface-name': [
    ['Named', library({ types: [{ kind: 'interface', name: 'Named' }] })],
    ['IOptions', library({ types: [{ kind: 'interface', name: 'IOptions', datatype: true }] })],
  ],
  'resource-interface': [['Table', withTable({ interfaces: [] })], ['Table', library({ interfaces: [] })]],
  'import-missing': [['Table', withTable({ methods: [GRANT] })]],
  'import-signature': [
    ['Table.fromTableName', withMethod('fromTableName', [...SCOPE, { name: 'name', type: text }], { type: own('ITable') }, { static: true })],
    ['Table.fromTableName', withMethod('fromTableName', [...SCOPE, { name: 'tableName', type: text }], { type: own('Table') }, { static: true })],
  ],
  'grant-signature': [
    ['Table.grantWrite', withMethod('grantWrite', GRANT.parameters!)],
    ['Table.grantWrite', withMethod('grantWrite', [{ name: 'role', type: { fqn: 'aws-cdk-lib.aws_iam.IRole' } }], GRANT.returns)],
  ],
  'metric-signature': [
    ['Table.metricReads', withMethod('metricReads', [{ ...OPTIONS, optional: false }], METRIC)],
    ['Table.metric', withMethod('metric', [OPTIONS], METRIC)],
  ],
  'method-verb': [['Table.dashboard', withMethod('dashboard', [])], ['Table.onExceeded', withMethod('onExceeded', [])]],
  'add-signature': [['Table.addKey', withMethod('addKey', [{ name: 'name', type: text }, { name: 'kind', type: text }])]],
  'no-l1': [['TableProps.networks', library({
    props: [property('networks', { type: { collection: { kind: 'array', elementtype: { fqn: 'aws-cdk-lib.aws_lambda.CfnFunction.VpcConfigProperty' } } } })],
  })]],
  'no-construct-class': [
    ['TableProps.bucket', library({ props: [property('bucket', { type: { fqn: 'aws-cdk-lib.aws_s3.Bucket' } })] })],
    ['Table.addCopy.table', withMethod('addCopy', [{ name: 'table', type: own('Table') }])],
  ],
  'no-arn-prop': [['TableProps.roleArn', library({ props: [property('roleArn')] })]],
  'no-any': [
    ['TableProps.size', library({ props: [property('size', { type: { primitive: 'any' } })] })],
    ['Table.getSize', withMethod('getSize', [], { type: { union: { types: [text, number] } } })],
  ],
  'repeated-name': [['TableProps.tableSize', library({ props: [property('tableSize')] })]],
  'number-unit': [['TableProps.limit', library({ props: [property('limit', { type: number })] })]],
  'duration-type': [
    ['TableProps.timeout', library({ props: [property('timeout')] })],
    ['TableProps.ageSeconds', library({ props: [property('ageSeconds', { type: number })] })],
  ],
  'duration-name': [['TableProps.ageSeconds', library({ props: [property('ageSeconds', { type: { fqn: 'aws-cdk-lib.Duration' } })] })]],
  'size-type': [['TableProps.bytesPerUnit', library({ props: [property('bytesPerUnit', { type: number })] })]],
  'docs-missing': [
    ['TableProps.size', withDocs(undefined)],
    ['Kind.SMALL', library({ types: [{ kind: 'enum', name: 'Kind', members: [{ name: 'SMALL' }] }] })],
  ],
  'summary-form': ['The size', 'the size.', 'The size;', 'The size. It is small.'].map((summary) => ['TableProps.size', withDocs({ summary })] as const),
  'summary-length': [['TableProps.size', withDocs({ summary: `The ${'long '.repeat(40)}size.` })]],
  'doc-length': [['TableProps.size', withDocs({ ...DOCS, remarks: 'Long. '.repeat(200) })]],
  'docs-language': ['a `{ size: 5 }`', "`Kind.of('small')`", '`new Table()`', '`undefined`'].map((code) => ['TableProps.size', withDocs({ ...DOCS, remarks: `Such as ${code}.` })] as const),
  'construct-see': [['Table', withTable({ docs: { ...DOCS, example: 'x' } })]],
  'construct-example': [['Table', withTable({ docs: { ...DOCS, see: 'https://docs.aws.amazon.com/table' } })]],
};

describe('each rule finds its violations and nothing else', () => {
  const findings = (assembly: Assembly) => API_RULES.flatMap(({ id, find }) => find(apiOf(assembly, isConstruct)).map((element) => `${id}: ${element}`));

  test('a library by the rules has no finding', () => {
    const props = ['730', "'prompt'", '- the account', 'Kind.SMALL - as AWS has it', 'Duration.hours(1)'].map((byDefault, i) => optional(`prop${i}`, byDefault));
    const metrics = [method('metric', [{ name: 'metricName', type: text }, OPTIONS], METRIC), method('metricReads', [OPTIONS], METRIC)];
    const kind = { kind: 'enum' as const, name: 'Kind', members: [{ name: 'SMALL', docs: DOCS }] };
    expect(findings(library({ props, methods: [...metrics, method('addKey', [{ name: 'key', type: text }])], types: [kind] }))).toEqual([]);
  });

  test('has an example for every rule', () => {
    expect(Object.keys(VIOLATIONS).sort()).toEqual(API_RULES.map(({ id }) => id).sort());
  });

  test.each(Object.entries(VIOLATIONS).flatMap(([rule, cases]) => cases.map(([element, assembly], i) => [rule, i, element, assembly] as const)))(
    'fails: %s, example %i (%s)', (rule, _, element, assembly) => {
      expect(findings(assembly)).toEqual([`${rule}: ${element}`]);
    });
});
