import Ajv2020 from 'ajv/dist/2020';
import { readTemplates } from '../../src/cli/templates';
import { renderScanJson } from '../../src/render/render-scan';
import { ACTIONS_WITH_CHARGE, RESOURCE_TYPES } from '../../src/unpriced/billing-table';
import { TemplateSource } from '../../src/unpriced/plain-template';
import { usagesOf } from '../../src/unpriced/usages';
import { fc } from '../fast-check';
import { CliFolder } from '../harness/cli/run-cli';
import { runs } from '../runs';

const folder = new CliFolder();
afterAll(() => folder.remove());

const isValid = new Ajv2020({ allowUnionTypes: true }).compile(require('../../schemas/scan.schema.json'));

const LOGICAL_IDS = ['A', 'B', 'C', 'Role', 'Fn', 'Nested', '__proto__', 'constructor', 'toString', '1'];
const PARAMETERS = ['P', 'Q', 'A', 'AWS::Region', 'AWS::NoValue', 'AWS::StackName', 'hasOwnProperty'];
/** Types that the detection reads, and one that it does not. */
const TYPES = [
  ...RESOURCE_TYPES, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User', 'AWS::SSO::PermissionSet', 'AWS::Lambda::Function', 'AWS::Serverless::Function',
  'AWS::StepFunctions::StateMachine', 'AWS::Scheduler::Schedule', 'AWS::Events::Rule', 'AWS::AppSync::DataSource', 'AWS::ApiGateway::Method', 'AWS::Lex::Bot', 'AWS::SSM::Parameter',
  'AWS::SSM::Document', 'AWS::SecretsManager::Secret', 'AWS::CloudFormation::Stack', 'Custom::AWS', 'AWS::SQS::Queue',
];
/** Names of properties that the detection reads. */
const NAMES = [
  'PolicyDocument', 'Statement', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Policies', 'InlinePolicy', 'Roles', 'Role', 'RoleArn', 'RoleName', 'ManagedPolicyArns',
  'AssumeRolePolicyDocument', 'Principal', 'Service', 'Environment', 'Variables', 'FoundationModel', 'ModelId', 'Definition', 'DefinitionString', 'DefinitionSubstitutions', 'States',
  'Target', 'Targets', 'Arn', 'Input', 'Create', 'ServiceToken', 'Content', 'mainSteps', 'inputs', 'Name', 'Value', 'Integration', 'Uri', '__proto__', 'constructor', 'length', '0',
];
const TEXTS = [
  'Allow', 'Deny', '*', 'bedrock:*', 'arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0', 'arn:aws:bedrock:us-west-2::foundation-model/anthropic.*', 'us.amazon.nova-pro-v1:0',
  'arn:aws:states:::bedrock:invokeModel', 'arn:aws:states:::aws-sdk:bedrockruntime:converse', 'arn:aws:iam::123456789012:role/chat', 'bedrock.amazonaws.com', 'cloudformation.amazonaws.com',
  '{{resolve:ssm:/a}}', '{{resolve:', '${A}', '${A.Arn}', '${!A}', '${', '/a', 'chat', '{"States":{"A":{"Resource":"arn:aws:states:::bedrock:invokeModel","Parameters":{"ModelId":"amazon.nova-pro-v1:0"}}}}',
  '{"service":"bedrock-runtime","action":"invokeModel","parameters":{"modelId":"amazon.nova-pro-v1:0"}}', '', '\u0000', '\ue000' + '0\ue001', '\ud800', ...ACTIONS_WITH_CHARGE.map(({ action }) => action),
];

const text = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...TEXTS) }, { weight: 1, arbitrary: fc.string() }, {
  weight: 1, arbitrary: fc.tuple(fc.constantFrom('a', 'a.', '${', '{{resolve:ssm:', 'amazon.nova-', '*a', ':states:::'), fc.integer({ min: 1, max: 10_000 })).map(([part, times]) => part.repeat(times)),
});

/** An object with own fields, `__proto__` among them. */
const object = (parts: readonly (readonly [string, unknown])[]): unknown => Object.fromEntries(parts);

const FUNCTIONS_OF_TEXT = ['Ref', 'Fn::GetAtt', 'Fn::ImportValue', 'Fn::Sub', 'Fn::Base64'];
const FUNCTIONS_OF_LIST = [
  'Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::Sub', 'Fn::FindInMap', 'Fn::GetAtt', 'Fn::Cidr', 'Fn::ToJsonString', 'Fn::Transform', 'Fn::ForEach::X',
];
const name = fc.constantFrom(...LOGICAL_IDS, ...PARAMETERS);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 8, depthSize: 'small' },
    text,
    fc.constantFrom(null, true, 0, -1, 1e300),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 6 }).map(object),
    fc.tuple(fc.constantFrom(...FUNCTIONS_OF_TEXT), fc.oneof(name, text, tie('value'))).map((part) => object([part])),
    fc.tuple(fc.constantFrom(...FUNCTIONS_OF_LIST), fc.array(tie('value'), { maxLength: 4 })).map((part) => object([part])),
  ),
}));

const table = (names: readonly string[], of: fc.Arbitrary<unknown>) => fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(fc.constantFrom(...names), of), { maxLength: 6 }).map(object) },
  { weight: 1, arbitrary: value },
);

/** A text of parts that are known, and of references. */
const joined = fc.array(fc.oneof(text, name.map((Ref) => ({ Ref }))), { minLength: 1, maxLength: 4 }).map((parts) => ({ 'Fn::Join': ['', parts] }));
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.oneof(text, joined, fc.array(text, { maxLength: 3 })),
  Resource: fc.oneof(text, joined, value),
});
const policy = fc.array(statement, { maxLength: 4 }).map((Statement) => ({ Statement }));
/** Properties in their places, so that most templates have a use. */
const properties = fc.record({
  PolicyDocument: policy,
  InlinePolicy: policy,
  Policies: policy.map((PolicyDocument) => [{ PolicyDocument }]),
  Roles: fc.array(fc.oneof(joined, text), { maxLength: 2 }),
  Role: fc.oneof(joined, text),
  FoundationModel: fc.oneof(joined, text, value),
  Environment: fc.record({ Variables: table(NAMES, fc.oneof(joined, text)) }),
  DefinitionString: fc.oneof(joined, text),
  Targets: fc.array(fc.record({ Arn: joined, Input: text }), { maxLength: 2 }),
  Name: fc.oneof(joined, text),
  Value: fc.oneof(joined, text),
}, { requiredKeys: [] });

const resource = fc.oneof(
  { weight: 9, arbitrary: fc.record({ Type: fc.constantFrom(...TYPES), Properties: fc.oneof(properties, value), Metadata: value }) },
  { weight: 1, arbitrary: value },
);

const parameter = fc.record({
  Type: fc.constantFrom('String', 'CommaDelimitedList', 'AWS::SSM::Parameter::Value<String>', 'AWS::SSM::Parameter::Value<List<String>>'),
  Default: fc.oneof(text, value),
}, { requiredKeys: ['Type'] });

const template = fc.record({
  Resources: table(LOGICAL_IDS, resource),
  Parameters: table(PARAMETERS, parameter),
  Outputs: table(LOGICAL_IDS, fc.record({ Value: value, Export: fc.record({ Name: value }) })),
  Mappings: value,
  Globals: value,
}, { requiredKeys: ['Resources'] });

/** One or two stacks, the second of which is nested in the first. */
const sources = fc.tuple(template, template, fc.boolean()).map(([parent, nested, isNested]): TemplateSource[] => {
  const source = { stack: 'App', region: 'us-east-1', template: parent };
  return isNested ? [source, { stack: 'App/Nested', template: nested, nestedIn: { parent: source, logicalId: 'Nested' } }] : [source];
});

const scan = (of: readonly TemplateSource[]) => renderScanJson(usagesOf(of).map((usage) => ({ usage, priced: false })));

test('any template gives valid JSON, the same each time, without the marks of references', () => {
  fc.assert(fc.property(sources, (of) => {
    const json = scan(of);
    isValid(JSON.parse(json));
    expect(isValid.errors).toBeNull();
    expect(scan(of)).toBe(json);
    expect(json).not.toMatch(/[\ue000-\ue003]|\\ue00[0-3]/);
    // Templates of a file have no identical objects.
    expect(scan(structuredClone(of))).toBe(json);
  }), { numRuns: runs({ quick: 200, full: 5_000 }) });
});

/** A value in YAML of one line, with the short forms of functions. */
function yaml(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(yaml).join(', ')}]`;
  if (typeof part !== 'object' || part === null) return JSON.stringify(part);
  const fields = Object.entries(part);
  const [first, argument] = fields[0] ?? [];
  const isShort = fields.length === 1 && /^(Ref|Fn::(Join|Select|Split|If|Sub|FindInMap|GetAtt|ImportValue|Base64))$/.test(first!);
  if (isShort && (typeof argument === 'string' || Array.isArray(argument))) return `!${first!.replace('Fn::', '')} ${yaml(argument)}`;
  return `{${fields.map(([field, inner]) => `${JSON.stringify(field)}: ${yaml(inner)}`).join(', ')}}`;
}

test('a template in YAML with the short forms has the uses of the same template in JSON', () => {
  const named = template.filter(({ Resources }) => typeof Resources === 'object' && Resources !== null && !Array.isArray(Resources));
  fc.assert(fc.property(named, (of) => {
    folder.write('t.yaml', `# YAML\n${yaml(of)}\n`);
    folder.write('t.json', JSON.stringify(of));
    const [short, long] = ['t.yaml', 't.json'].map((file) => scan(readTemplates([`${folder.path}/${file}`]).sources));
    expect(short).toBe(long);
  }), { numRuns: runs({ quick: 50, full: 1_000 }) });
});
