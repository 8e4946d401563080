import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnAgent, CfnDataSource, CfnFlow, CfnGuardrail, CfnKnowledgeBase, FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { CliFolder } from '../harness/cli/run-cli';

const NOVA = 'us.amazon.nova-pro-v1:0';
const LITE = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-embed-text-v2:0';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

function lambda(stack: Stack, id: string, actions: string[], resources: string[]): LambdaFunction {
  const fn = new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {}') });
  fn.addToRolePolicy(new PolicyStatement({ actions, resources }));
  return fn;
}

const model = (id: string) => `arn:aws:bedrock:us-east-1::foundation-model/${id}`;

/** Synthesizes an app that has never heard of this library. */
function synth(build: (stack: Stack) => void, region = 'us-east-1'): void {
  const app = new App({ outdir: join(folder.path, 'cdk.out'), context: { 'aws:cdk:enable-path-metadata': true } });
  build(new Stack(app, 'Chat', { env: { region, account: '111122223333' } }));
  app.synth();
}

const init = (...args: string[]) => folder.run('usage', 'init', ...args, '-o', 'usage.yaml');
const written = () => readFileSync(join(folder.path, 'usage.yaml'), 'utf8');

/** Uncomments the workloads, as a user does in an editor, and fills in the volumes of all of them. */
function fillIn(volumes: { readonly [field: string]: number | string }): void {
  const lines = written().split('\n').map((line) => line.replace(/^ {2}# (- name: | {2}\w+:( |$))/, '  $1').replace(/^ {2}##/, '  #'))
    .map((line) => line.replace(/^( {4}(\w+):) # .*$/, (all, start: string, field: string) => (volumes[field] === undefined ? all : `${start} ${volumes[field]}`)));
  folder.write('usage.yaml', lines.join('\n'));
}

interface Estimated { readonly name: string; readonly type: string; readonly monthlyUsd: string | null; readonly oneTimeUsd: string | null }

function estimated(): string[] {
  const { code, out, err } = folder.run('estimate', 'usage.yaml', '--format', 'json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out).estimates.map(({ name, type, monthlyUsd, oneTimeUsd }: Estimated) => [name, type, monthlyUsd, ...(oneTimeUsd === '0' ? [] : [oneTimeUsd])].join(' '));
}

test('a use is a comment that names its model, its region and the units of its volumes', () => {
  synth((stack) => { lambda(stack, 'Fn', ['bedrock:InvokeModel'], [model(LITE)]); });
  expect(init('cdk.out')).toEqual({
    code: 0,
    out: '',
    err: `wrote usage.yaml
note: 1 use of Amazon Bedrock without a price, written as comments to fill in:
  Chat/Fn/Resource: model-invocation
`,
  });
  expect(written()).toBe(`# yaml-language-server: $schema=./node_modules/cdk-bedrock-cost/schemas/usage.schema.json
# The usage of a synthesized app: a workload for each construct, named by its path. Edit the numbers, then:
#   cdk-bedrock-cost estimate FILE                the cost of this file
#   cdk synth -c cdk-bedrock-cost:usage=FILE      the app, with these numbers instead of the code's
version: 1
workloads:
  ## Uses of Amazon Bedrock without a price. Fill in the empty fields of an average month, and remove the marks of the comments:
  ## Chat/Fn/Resource: model-invocation, AWS::Lambda::Function
  # - name: Chat/Fn
  #   type: on-demand
  #   model: ${LITE}
  #   region: us-east-1
  #   requestsPerMonth: # Requests a month.
  #   inputTokensPerRequest: # Input tokens of one request, without those read from or written to the prompt cache.
  #   outputTokensPerRequest: # Output tokens of one request.
`);
});

test('each kind of use costs its published price, once its volumes are filled in', () => {
  synth((stack) => {
    new CfnAgent(stack, 'Agent', { agentName: 'a', foundationModel: NOVA });
    new CfnGuardrail(stack, 'Guardrail', {
      name: 'g',
      blockedInputMessaging: 'no',
      blockedOutputsMessaging: 'no',
      contentPolicyConfig: { filtersConfig: [{ type: 'HATE', inputStrength: 'HIGH', outputStrength: 'HIGH', inputModalities: ['TEXT', 'IMAGE'] }] },
      sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: 'EMAIL', action: 'BLOCK' }], regexesConfig: [{ name: 'r', pattern: 'x', action: 'BLOCK' }] },
      wordPolicyConfig: { wordsConfig: [{ text: 'word' }] },
    });
    const base = new CfnKnowledgeBase(stack, 'Vectors', {
      name: 'k', roleArn: 'arn:aws:iam::111122223333:role/r', knowledgeBaseConfiguration: { type: 'VECTOR', vectorKnowledgeBaseConfiguration: { embeddingModelArn: model(TITAN) } },
    });
    new CfnDataSource(stack, 'Source', {
      name: 's',
      knowledgeBaseId: base.attrKnowledgeBaseId,
      dataSourceConfiguration: { type: 'S3', s3Configuration: { bucketArn: new Bucket(stack, 'Bucket').bucketArn } },
      vectorIngestionConfiguration: { chunkingConfiguration: { chunkingStrategy: 'FIXED_SIZE', fixedSizeChunkingConfiguration: { maxTokens: 500, overlapPercentage: 10 } } },
    });
    const flow = new CfnFlow(stack, 'Flow', { name: 'f', executionRoleArn: 'arn:aws:iam::111122223333:role/r' });
    flow.definition = {
      nodes: [{
        name: 'p',
        type: 'Prompt',
        configuration: {
          prompt: {
            sourceConfiguration: {
              inline: {
                modelId: LITE, templateType: 'TEXT', templateConfiguration: { text: { text: 'x' } }, inferenceConfiguration: { text: { maxTokens: 50 } },
              },
            },
          },
        },
      }],
    };
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new BedrockInvokeModel(stack, 'Ask', {
        model: FoundationModel.fromFoundationModelId(stack, 'Model', new FoundationModelIdentifier('amazon.nova-micro-v1:0')), body: TaskInput.fromObject({ inferenceConfig: { maxTokens: 200 } }),
      })),
    });
    lambda(stack, 'Batch', ['bedrock:CreateModelInvocationJob'], [model(LITE)]);
    lambda(stack, 'Rank', ['bedrock:Rerank'], [model('cohere.rerank-v3-5:0')]);
    lambda(stack, 'Two', ['bedrock:InvokeModel'], [model(LITE), model('amazon.nova-canvas-v1:0')]);
    lambda(stack, 'People', ['bedrock:CreateEvaluationJob'], ['*']);
    lambda(stack, 'Import', ['bedrock:CreateModelImportJob'], ['*']);
  });
  expect(init().code).toBe(0);
  fillIn({
    requestsPerMonth: 10_000,
    inputTokensPerRequest: 1_000,
    outputTokensPerRequest: 100,
    textsPerMonth: 1_000,
    charactersPerText: 1_500,
    imagesPerMonth: 100,
    nodeTransitionsPerMonth: 1_000_000,
    jobsPerMonth: 10,
    recordsPerJob: 1_000,
    inputTokensPerRecord: 1_000,
    outputTokensPerRecord: 100,
    queriesPerMonth: 1_000,
    documentsPerQuery: 100,
    resolution: '1024x1024',
    quality: 'standard',
    humanTasks: 50,
    customModelUnits: 2,
    customModelUnitVersion: '"1.0"',
    copies: 1,
    activeWindowsPerMonth: 1,
  });
  expect(estimated()).toEqual([
    // 10 M x $0.80 + 1 M x $3.20
    'Chat/Agent on-demand 11.2',
    // Two text units of each text: 2 K x ($0.15 content + $0.10 PII + $0 regular expressions) + 100 images x $0.00075
    'Chat/Guardrail guardrail 0.575',
    // 10,000 chunks of 500 tokens: 5 M x $0.02
    'Chat/Vectors on-demand 0.1',
    // 1,000 K x $0.035
    'Chat/Flow flow 35',
    // 10 M x $0.06 + 10,000 x 50 of at most 50 output tokens: 0.5 M x $0.24
    'Chat/Flow/on-demand on-demand 0.72',
    // 10 M x $0.035 + 10,000 x 200 of at most 200 output tokens: 2 M x $0.14
    'Chat/Machine on-demand 0.63',
    // 10 M x $0.03 + 1 M x $0.12
    'Chat/Batch batch 0.42',
    // 1 K x $2.00
    'Chat/Rank rerank 2',
    // 10 M x $0.06 + 1 M x $0.24
    'Chat/Two on-demand 0.84',
    // 100 x $0.04
    'Chat/Two/image image 4',
    // 50 x $0.21
    'Chat/People evaluation 10.5',
    // 2 units x $1.95 + 2 x 5 minutes x $0.05718
    'Chat/Import custom-model-import 4.4718',
  ]);
});

test('purchases of a model cost its published price, once their units are filled in', () => {
  synth((stack) => {
    lambda(stack, 'Units', ['bedrock:CreateProvisionedModelThroughput'], [model('meta.llama3-1-70b-instruct-v1:0')]);
    lambda(stack, 'Train', ['bedrock:CreateModelCustomizationJob'], [model('meta.llama3-1-70b-instruct-v1:0')]);
  }, 'us-west-2');
  expect(init().code).toBe(0);
  fillIn({ modelUnits: 2, trainingTokens: 1_000_000, epochs: 2, storedModels: 1, region: 'us-west-2' });
  // 2 x 730 h x $24.00; 2 M x $7.99 once, and $1.95 a month
  expect(estimated()).toEqual(['Chat/Units provisioned-throughput 35040', 'Chat/Train customization 1.95 15.98']);
});

test('fails with exit code 2 and the name of the workload for a volume that is left empty', () => {
  synth((stack) => { lambda(stack, 'Fn', ['bedrock:InvokeModel'], [model(LITE)]); });
  init();
  fillIn({ requestsPerMonth: 10, inputTokensPerRequest: 10 });
  expect(folder.run('estimate', 'usage.yaml')).toEqual({
    code: 2, out: '', err: 'error: usage.yaml: workload "Chat/Fn": outputTokensPerRequest must be a number of 0 or more, got null. Fill it in.\n',
  });
});

test.each([
  ['any model', '*', 'model: # The templates do not name it.'],
  ['a pattern of models', 'arn:aws:bedrock:*::foundation-model/anthropic.claude-*', 'model: # The templates name anthropic.claude-*.'],
])('a permission for %s asks for the model', (_, resource, comment) => {
  synth((stack) => { lambda(stack, 'Fn', ['bedrock:InvokeModel'], [resource]); });
  init();
  expect(written()).toContain(`  #   ${comment}\n`);
  fillIn({ requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100 });
  const { code, err } = folder.run('estimate', 'usage.yaml');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/^error: usage\.yaml: workload "Chat\/Fn": model must be .*, got null\. Fill it in\.\n$/) });
  folder.write('usage.yaml', written().replace(comment, `model: ${NOVA}`));
  // 10 M x $0.80 + 1 M x $3.20
  expect(estimated()).toEqual(['Chat/Fn on-demand 11.2']);
});

test('a stack without a region asks for the region', () => {
  const app = new App({ outdir: join(folder.path, 'cdk.out') });
  lambda(new Stack(app, 'Chat'), 'Fn', ['bedrock:InvokeModel'], ['arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0']);
  app.synth();
  init();
  expect(written()).toContain('  #   region: # Known only at deployment.\n');
  fillIn({ requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100, region: 'us-east-1' });
  expect(estimated()).toEqual(['Chat/Fn on-demand 0.84']);
});

test('priced constructs are workloads, and the other uses comments', () => {
  synth((stack) => {
    lambda(stack, 'Fn', ['bedrock:InvokeModel'], [model(LITE)]);
    lambda(stack, 'Other', ['bedrock:InvokeModel'], [model(LITE)]);
    CostEstimates.of(stack).addOnDemand('Fn', { model: LITE, requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100 });
  });
  expect(init().err).toContain('1 use of Amazon Bedrock without a price');
  expect(estimated()).toEqual(['Chat/Fn on-demand 0.84']);
  fillIn({ requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100 });
  expect(estimated()).toEqual(['Chat/Fn on-demand 0.84', 'Chat/Other on-demand 0.84']);
});

test('uses that are free or not covered are left out', () => {
  synth((stack) => {
    lambda(stack, 'Fn', ['bedrock:InvokeModel'], [model(LITE)]);
    lambda(stack, 'Data', ['bedrock:InvokeDataAutomationAsync'], ['*']);
  });
  init();
  expect(written()).not.toContain('Data');
});

const TEMPLATE = { Resources: { Agent: { Type: 'AWS::Bedrock::Agent', Properties: { FoundationModel: LITE } } } };

test.each([
  ['JSON', JSON.stringify(TEMPLATE)],
  ['YAML', `Resources:\n  Agent:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      FoundationModel: ${LITE}\n`],
])('a template in %s, as scan reads it, becomes a usage file', (_, text) => {
  folder.write('chat.template', text);
  expect(init('chat.template').code).toBe(0);
  fillIn({ requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100, region: 'us-east-1' });
  expect(estimated()).toEqual(['chat/Agent on-demand 0.84']);
});

test('several templates become one file, whose workloads have different names', () => {
  const calls = (...actions: string[]) => ({ Type: 'AWS::IAM::User', Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }] } });
  folder.write('a.json', { Resources: { User: calls('bedrock:InvokeModel', 'bedrock:Rerank') } });
  folder.write('b.json', { Resources: { User: calls('bedrock:InvokeModel') } });
  expect(init('a.json', 'b.json').code).toBe(0);
  expect(written().match(/- name: .*/g)).toEqual(['- name: a/User', '- name: a/User/rerank', '- name: b/User']);
});

test('a name of any characters stays in its comment', () => {
  const named = (path: string) => ({ Resources: { Agent: { ...TEMPLATE.Resources.Agent, Metadata: { 'aws:cdk:path': path } } } });
  folder.write('a.json', named('App/x: # "y" - z'));
  folder.write('b.json', named('App/x\nversion: 2\n\u001b[31m'));
  init('a.json', 'b.json');
  expect(written().split('\n').filter((line) => line.startsWith('version'))).toEqual(['version: 1']);
  expect(written()).not.toContain('\u001b');
  init('a.json', '--force');
  fillIn({ requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100, region: 'us-east-1' });
  expect(estimated()).toEqual(['App/x: # "y" - z on-demand 0.84']);
});

test.each([
  ['fails with exit code 2 for two reports', ['cdk.out', 'cdk.out'], /^error: usage init makes the file of one app, got 2 reports: cdk\.out, cdk\.out\. Name one of them\.\n$/],
  ['fails with exit code 2 without a use', ['empty.json'], /^error: empty\.json: the templates have no use of Amazon Bedrock\. Name the output folder of an app that has one\.\n$/],
])('%s', (_, args, message) => {
  synth((stack) => { CostEstimates.of(stack).addFlow('Flow', { nodeTransitionsPerMonth: 1 }); });
  folder.write('empty.json', { Resources: {} });
  expect(init(...args)).toEqual({ code: 2, out: '', err: expect.stringMatching(message) });
});

test('fails with exit code 2 if the file would replace a template', () => {
  folder.write('usage.yaml', TEMPLATE);
  expect(init('usage.yaml', '--force')).toMatchObject({ code: 2, err: expect.stringContaining('--output must be another file than the input') });
});
