import { CLAUDE, modelArn, NOVA, ref, resource, Resources, role, stack, TITAN } from './templates';
import { usagesOf } from '../../src/unpriced/usages';
import { FoundWorkload } from '../../src/unpriced/workloads';

/** A workload on one line: `on-demand amazon.nova-pro-v1:0, outputTokensPerRequest=200: requestsPerMonth inputTokensPerRequest`. */
function line({ type, model, known, asked }: FoundWorkload): string {
  const facts = [...(model === undefined ? [] : [model]), ...Object.entries(known).map(([field, value]) => `${field}=${String(value)}`)];
  return `${type} ${facts.join(', ') || '-'}: ${asked.join(' ')}`;
}

function linesOf(resources: Resources): string[] {
  return usagesOf([stack(resources)]).flatMap(({ workloads }) => workloads.map(line));
}

const REQUESTS = 'requestsPerMonth inputTokensPerRequest';
const agent = (more: object = {}) => resource('AWS::Bedrock::Agent', { FoundationModel: NOVA, ...more });
const guardrail = (properties: object) => ({ Guardrail: resource('AWS::Bedrock::Guardrail', properties) });
const TEXTS = 'textsPerMonth charactersPerText';

/** A knowledge base with vectors, and its data sources. */
function base(...chunking: (object | undefined)[]): Resources {
  const sources = chunking.map((ChunkingConfiguration, i) => [`Source${i}`, resource('AWS::Bedrock::DataSource', {
    KnowledgeBaseId: ref('Base'), ...(ChunkingConfiguration ? { VectorIngestionConfiguration: { ChunkingConfiguration } } : {}),
  })]);
  return {
    Base: resource('AWS::Bedrock::KnowledgeBase', { KnowledgeBaseConfiguration: { Type: 'VECTOR', VectorKnowledgeBaseConfiguration: { EmbeddingModelArn: modelArn(TITAN) } } }),
    ...Object.fromEntries(sources),
  };
}

const fixed = (MaxTokens: unknown) => ({ ChunkingStrategy: 'FIXED_SIZE', FixedSizeChunkingConfiguration: { MaxTokens, OverlapPercentage: 20 } });
const chunks = (tokens: number) => [`on-demand ${TITAN}, inputTokensPerRequest=${tokens}: requestsPerMonth`];
const wholeDocuments = [`on-demand ${TITAN}: ${REQUESTS}`];

test.each<[string, Resources, string[]]>([
  ['no data source', base(), wholeDocuments],
  ['the default chunks', base(undefined), chunks(300)],
  ['chunks of a fixed size', base(fixed(512)), chunks(512)],
  ['a size that is known only at deployment', base(fixed(ref('Size'))), wholeDocuments],
  ['semantic chunks', base({ ChunkingStrategy: 'SEMANTIC', SemanticChunkingConfiguration: { MaxTokens: 400, BufferSize: 0 } }), chunks(400)],
  ['a hierarchy, whose last level is embedded', base({ ChunkingStrategy: 'HIERARCHICAL', HierarchicalChunkingConfiguration: { LevelConfigurations: [{ MaxTokens: 1500 }, { MaxTokens: 250 }] } }), chunks(250)],
  ['documents that are not split', base({ ChunkingStrategy: 'NONE' }), wholeDocuments],
  ['two data sources, of which the larger chunks are taken', base(fixed(200), fixed(600)), chunks(600)],
])('a knowledge base with %s', (_, resources, expected) => {
  expect(linesOf(resources)).toEqual(expected);
});

test.each<[string, Resources, string[]]>([
  ['a managed knowledge base', { Base: resource('AWS::Bedrock::KnowledgeBase', { KnowledgeBaseConfiguration: { Type: 'MANAGED' } }) }, ['knowledge-base -: indexedGigabytes retrievalsPerMonth']],
  ['a knowledge base whose embedding model is known only at deployment', { Base: resource('AWS::Bedrock::KnowledgeBase', { KnowledgeBaseConfiguration: { Type: 'VECTOR' } }) },
    [`on-demand -: ${REQUESTS}`]],
  ['content filters', guardrail({ ContentPolicyConfig: { FiltersConfig: [{ Type: 'HATE' }] } }), [`guardrail policies=content-text: ${TEXTS}`]],
  ['content filters of images', guardrail({ ContentPolicyConfig: { FiltersConfig: [{ Type: 'HATE', InputModalities: ['IMAGE', 'TEXT'] }] } }),
    [`guardrail policies=content-text,content-image: ${TEXTS} imagesPerMonth`]],
  ['denied topics', guardrail({ TopicPolicyConfig: { TopicsConfig: [{}] } }), [`guardrail policies=denied-topics: ${TEXTS}`]],
  ['personal data', guardrail({ SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [{ Type: 'EMAIL' }] } }), [`guardrail policies=sensitive-information: ${TEXTS}`]],
  ['regular expressions', guardrail({ SensitiveInformationPolicyConfig: { RegexesConfig: [{ Name: 'r' }] } }), [`guardrail policies=sensitive-information-regex: ${TEXTS}`]],
  ['contextual grounding', guardrail({ ContextualGroundingPolicyConfig: { FiltersConfig: [{}] } }), [`guardrail policies=contextual-grounding: ${TEXTS}`]],
  ['automated reasoning', guardrail({ AutomatedReasoningPolicyConfig: { Policies: ['p'] } }), [`guardrail policies=automated-reasoning: ${TEXTS}`]],
  ['words alone, which are free', guardrail({ WordPolicyConfig: { WordsConfig: [{ Text: 'x' }] } }), [`guardrail -: policies ${TEXTS}`]],
  ['an agent', { Agent: agent() }, [`on-demand ${NOVA}: ${REQUESTS} outputTokensPerRequest`]],
  ['an agent with a limit of its prompts', {
    Agent: agent({
      PromptOverrideConfiguration: {
        PromptConfigurations: [
          { PromptType: 'ORCHESTRATION', InferenceConfiguration: { MaximumLength: 2048 } }, { PromptType: 'PRE_PROCESSING', InferenceConfiguration: { MaximumLength: 512 } },
        ],
      },
    }),
  }, [`on-demand ${NOVA}, outputTokensPerRequest=2048: ${REQUESTS}`]],
  ['a limit that is known only at deployment', { Agent: agent({ PromptOverrideConfiguration: { PromptConfigurations: [{ InferenceConfiguration: { MaximumLength: ref('Limit') } }] } }) },
    [`on-demand ${NOVA}: ${REQUESTS} outputTokensPerRequest`]],
  ['tasks with a limit each', {
    Machine: resource('AWS::StepFunctions::StateMachine', {
      DefinitionString: JSON.stringify({
        States: {
          A: { Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: NOVA, Body: { inferenceConfig: { maxTokens: 100 } } } },
          B: { Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: CLAUDE, Body: { max_tokens: 300 } } },
          C: { Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: CLAUDE, Body: { 'max_tokens.$': '$.limit' } } },
        },
      }),
    }),
  }, [`on-demand ${NOVA}, outputTokensPerRequest=100: ${REQUESTS}`, `on-demand ${CLAUDE}, outputTokensPerRequest=300: ${REQUESTS}`]],
  ['a schedule', {
    Schedule: resource('AWS::Scheduler::Schedule', {
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:bedrockruntime:invokeModel', Input: JSON.stringify({ ModelId: NOVA, Body: JSON.stringify({ max_tokens: 77 }) }),
      },
    }),
  }, [`on-demand ${NOVA}, outputTokensPerRequest=77: ${REQUESTS}`]],
  ['a setting of a function without a model', {
    Role: role('lambda.amazonaws.com', { Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: modelArn(NOVA) }),
    Fn: resource('AWS::Lambda::Function', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Environment: { Variables: { MAX_TOKENS: '640' } } }),
  }, [`on-demand ${NOVA}, outputTokensPerRequest=640: ${REQUESTS}`]],
  ['a flow', {
    Flow: resource('AWS::Bedrock::Flow', {
      Definition: {
        Nodes: [NOVA, CLAUDE].map((ModelId, i) => ({
          Configuration: {
            Prompt: {
              SourceConfiguration: {
                Inline: {
                  ModelId, InferenceConfiguration: { Text: { MaxTokens: 10 * (i + 1) } },
                },
              },
            },
          },
        })),
      },
    }),
  }, ['flow -: nodeTransitionsPerMonth', `on-demand ${NOVA}, outputTokensPerRequest=10: ${REQUESTS}`, `on-demand ${CLAUDE}, outputTokensPerRequest=20: ${REQUESTS}`]],
])('%s', (_, resources, expected) => {
  expect(linesOf(resources)).toEqual(expected);
});

test('uses that are free or not covered have no workload', () => {
  expect(linesOf({ Prompt: resource('AWS::Bedrock::Prompt', { Variants: [{ ModelId: NOVA }] }), Runtime: resource('AWS::BedrockAgentCore::Runtime') })).toEqual([]);
});
