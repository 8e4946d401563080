import { mkdirSync } from 'fs';
import { join } from 'path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnAgent } from 'aws-cdk-lib/aws-bedrock';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ApplicationInferenceProfile } from '../../../src/inference/application-inference-profile';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { CliFolder } from '../../harness/cli/run-cli';

const NOVA = 'us.amazon.nova-pro-v1:0';
const USAGE = { requestsPerMonth: 1000, inputTokensPerRequest: 1000, outputTokensPerRequest: 100 };

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

function caller(scope: Construct, id: string): LambdaFunction {
  const fn = new LambdaFunction(scope, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {}'), environment: { MODEL: NOVA } });
  fn.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: ['*'] }));
  return fn;
}

/** Synthesizes an app into a folder, with or without the metadata that the CDK CLI switches on. */
function synth(build: (stack: Stack, app: App) => void, context: { [key: string]: unknown } = {}): string {
  const outdir = join(folder.path, 'cdk.out');
  const app = new App({ outdir, context });
  build(new Stack(new Stage(app, 'Prod'), 'Chat', { env: { region: 'us-east-1', account: '123456789012' } }), app);
  app.synth();
  return outdir;
}

interface Scanned {
  readonly path: string;
  readonly stack: string;
  readonly kind: string;
  readonly priced: boolean;
  readonly suggestion: string | null;
  readonly region: string | null;
}

function scan(...args: readonly string[]): Scanned[] {
  const { code, out, err } = folder.run('scan', ...args, '--format', 'json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { schemaVersion, usages } = JSON.parse(out);
  expect(schemaVersion).toBe('1');
  return usages;
}

const METADATA = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

test.each([
  ['with', METADATA],
  ['without', {}],
])('an app is scanned with stages and nested stacks, %s the metadata of the CDK CLI', (_, context) => {
  const outdir = synth((stack) => {
    caller(stack, 'Fn');
    caller(new NestedStack(stack, 'Nested'), 'Inner');
    new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of(NOVA), usage: USAGE });
  }, context);
  const usages = scan(outdir).map(({ stack, path, priced, region }) => ({ stack, path, priced, region }));
  expect(usages.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { stack: 'Prod/Chat', path: 'Prod/Chat/Fn/Resource', priced: false, region: 'us-east-1' },
    { stack: 'Prod/Chat/Nested', path: 'Prod/Chat/Nested/Inner/Resource', priced: false, region: 'us-east-1' },
    { stack: 'Prod/Chat', path: 'Prod/Chat/Profile/Resource', priced: true, region: 'us-east-1' },
  ]);
});

test('a stack without resources has no use', () => {
  expect(scan(synth(() => {}))).toEqual([]);
});

test('the suggested line prices the use', () => {
  const build = (stack: Stack) => { caller(new Construct(stack, 'Api'), 'Fn'); };
  const [{ suggestion, priced }] = scan(synth(build));
  expect({ suggestion, priced }).toEqual({
    suggestion: `CostEstimates.of(stack.node.findChild('Api')).addOnDemand('Fn', { model: '${NOVA}', requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })`,
    priced: false,
  });
  const outdir = synth((stack) => {
    build(stack);
    CostEstimates.of(stack.node.findChild('Api')).addOnDemand('Fn', { model: NOVA, ...USAGE });
  });
  expect(scan(outdir).map((usage) => usage.priced)).toEqual([true]);
});

test('each usage has exactly the fields of the contract', () => {
  const outdir = synth((stack) => { new CfnAgent(stack, 'Agent', { agentName: 'a', foundationModel: NOVA }); });
  expect(scan(outdir)).toEqual([{
    stack: 'Prod/Chat',
    path: 'Prod/Chat/Agent',
    logicalIds: ['Agent'],
    resourceType: 'AWS::Bedrock::Agent',
    kind: 'agent',
    modelIds: [NOVA],
    actions: [],
    region: 'us-east-1',
    billing: 'spends',
    priced: false,
    suggestion: `CostEstimates.of(stack).addOnDemand('Agent', { model: '${NOVA}', requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })`,
  }]);
});

test('a template in YAML with short forms', () => {
  folder.write('app.template.yaml', [
    'Parameters:', '  Model: { Type: String, Default: amazon.nova-pro-v1:0 }', 'Resources:', '  Role:', '    Type: AWS::IAM::Role', '    Properties:', '      Policies:',
    '        - PolicyName: p', '          PolicyDocument:', '            Version: 2012-10-17', '            Statement:', '              - Effect: Allow',
    '                Action: bedrock:InvokeModel', "                Resource: !Sub 'arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${Model}'",
    '  Fn:', '    Type: AWS::Lambda::Function', '    Properties:', '      Role: !GetAtt Role.Arn', "      Handler: !Join ['.', [!Select [0, [index]], handler]]", '',
  ].join('\n'));
  expect(scan('app.template.yaml')).toEqual([expect.objectContaining({ stack: 'app', path: 'app/Fn', logicalIds: ['Fn', 'Role'], modelIds: ['amazon.nova-pro-v1:0'], region: null })]);
});

test('several templates are one app', () => {
  folder.write('a.json', { Resources: { Agent: { Type: 'AWS::Bedrock::Agent' } } });
  folder.write('b.json', { Resources: { Flow: { Type: 'AWS::Bedrock::Flow' } } });
  expect(scan('a.json', 'b.json').map(({ path }) => path)).toEqual(['a/Agent', 'b/Flow']);
});

const AGENT = { Type: 'AWS::Bedrock::Agent', Properties: { FoundationModel: { Ref: 'Model' } } };

test.each([
  ['AWS::CloudFormation::Stack', 'TemplateURL'],
  ['AWS::Serverless::Application', 'Location'],
])('the nested stack of %s in a local file has the parameters of its parent, in each order of the files', (type, property) => {
  folder.write('nested.json', { Parameters: { Model: { Type: 'String' } }, Resources: { Agent: AGENT } });
  folder.write('parent.json', { Resources: { Nested: { Type: type, Properties: { [property]: './nested.json', Parameters: { Model: NOVA } } } } });
  const expected = [expect.objectContaining({ path: 'parent/Nested/Agent', modelIds: [NOVA] })];
  for (const files of [['parent.json'], ['parent.json', 'nested.json'], ['nested.json', 'parent.json']]) expect(scan(...files)).toEqual(expected);
});

test('a template that is named twice is read once', () => {
  folder.write('a.json', { Resources: { Agent: AGENT } });
  folder.write('manifest.json', { artifacts: { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'a.json' } } } });
  expect(scan('a.json', './a.json', '.')).toHaveLength(1);
});

test('a template that is nested in itself is read once', () => {
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'a.json' } };
  folder.write('a.json', { Resources: { Agent: AGENT, A: nested, B: nested } });
  expect(scan('a.json')).toHaveLength(1);
});

test.each([
  ['AWS SAM, in JSON', 'AWS::Serverless::StateMachine', { DefinitionUri: 'm.asl.json' }, 'm.asl.json', (states: object) => JSON.stringify(states)],
  ['AWS SAM, in YAML', 'AWS::Serverless::StateMachine', { DefinitionUri: './m.asl.yaml' }, 'm.asl.yaml',
    () => `States:\n  Ask:\n    Type: Task\n    Resource: arn:aws:states:::bedrock:invokeModel\n    Parameters: { ModelId: ${NOVA} }\n`],
])('the definition of a state machine of %s is read from its file', (_, Type, Properties, file, text) => {
  folder.write(file, text({ States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: NOVA } } } }));
  folder.write('a.json', { Resources: { M: { Type, Properties } } });
  expect(scan('a.json')).toEqual([expect.objectContaining({ path: 'a/M', modelIds: [NOVA] })]);
});

test('the definition of a state machine of an app is read from its asset', () => {
  const file = join(folder.path, 'm.asl.json');
  folder.write('m.asl.json', { StartAt: 'Ask', States: { Ask: { Type: 'Task', Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: NOVA }, End: true } } });
  const outdir = synth((stack) => { new StateMachine(stack, 'M', { definitionBody: DefinitionBody.fromFile(file) }); });
  expect(scan(outdir)).toEqual([expect.objectContaining({ path: 'Prod/Chat/M/Resource', modelIds: [NOVA] })]);
});

test('the table shows each use, the totals and the code that prices the rest', () => {
  folder.write('a.json', { Resources: { Agent: { Type: 'AWS::Bedrock::Agent', Properties: { FoundationModel: NOVA } }, Prompt: { Type: 'AWS::Bedrock::Prompt' } } });
  const { code, out } = folder.run('scan', 'a.json');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual(expect.arrayContaining([
    ['Use', 'Kind', 'Models', 'Region', 'Priced'], ['a/Agent', 'agent', NOVA, '-', 'no'], ['a/Prompt', 'prompt', '-', '-', 'free'],
    ['0 of 2 uses of Amazon Bedrock priced, 1 without a price, 1 free.'],
  ]));
  expect(out).toContain("CostEstimates.of(stack).addOnDemand('Agent', {");
});

test('an app without Amazon Bedrock', () => {
  folder.write('a.json', { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
  expect(folder.run('scan', 'a.json')).toEqual({ code: 0, out: 'No use of Amazon Bedrock in the templates.\n', err: '' });
  expect(scan('a.json')).toEqual([]);
});

test('control characters of a template do not reach the terminal', () => {
  folder.write('a.json', { Resources: { Agent: { Type: 'AWS::Bedrock::Agent', Metadata: { 'aws:cdk:path': 'a/\u001b[31mred\nline' } } } });
  expect(folder.run('scan', 'a.json').out).not.toMatch(/\u001b|red\nline/);
});

test.each<[string, string | object | undefined, RegExp]>([
  ['a missing file', undefined, /input\.json: cannot be read: there is no such file\./],
  ['an empty file', ' \n', /input\.json: must be a CloudFormation template, got an empty file\./],
  ['a text', 'hello', /input\.json: must be a CloudFormation template, got "hello"\./],
  ['a list', '[1]', /input\.json: must be a CloudFormation template, got \[1\]\./],
  ['broken JSON', '{"Resources": ', /input\.json: is not valid JSON: /],
  ['a file without resources', { Parameters: {} }, /input\.json: Resources must be the resources of a CloudFormation template, got none\. Name a template/],
  ['resources that are a list', { Resources: [] }, /input\.json: Resources must be the resources of a CloudFormation template, got \[\]\./],
  ['an unknown tag', 'Resources: { A: !Nope x }', /input\.json: line 1, .*!Nope/],
])('fails with exit code 2 and one message for %s', (_, content, message) => {
  if (content !== undefined) folder.write('input.json', content);
  const { code, out, err } = folder.run('scan', 'input.json');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('fails with exit code 2 for a folder that is no assembly, and without an assembly', () => {
  mkdirSync(join(folder.path, 'folder'));
  expect(folder.run('scan', 'folder')).toEqual({
    code: 2, out: '', err: 'error: folder/manifest.json: there is no such file. Name the output folder of cdk synth (cdk.out), or the file of a CloudFormation template.\n',
  });
  expect(folder.run('scan')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('cdk.out: cannot be read: there is no such file') });
});

test('a template that a manifest names and that is missing is reported by its name', () => {
  folder.write('manifest.json', { artifacts: { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.template.json' } } } });
  expect(folder.run('scan', '.')).toMatchObject({ code: 2, err: expect.stringContaining('S.template.json: there is no such file. Run cdk synth again') });
});
