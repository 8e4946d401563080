/** The billing of a resource or an action: it spends on Amazon Bedrock, it is free, or the price book has no kind of rate for it. */
export type Billing = 'spends' | 'free' | 'not-covered';

/**
 * The kinds of use, in the order of precedence: an action with a wildcard, such as `bedrock:*`, is of the first kind that it allows.
 */
export const KINDS = [
  'model-invocation', 'batch-inference', 'agent', 'flow', 'knowledge-base', 'guardrail', 'enforced-guardrail', 'rerank', 'web-grounding', 'customization', 'model-import',
  'provisioned-throughput', 'reservation', 'evaluation', 'inference-profile', 'prompt-router', 'prompt', 'session', 'project',
  'data-automation', 'automated-reasoning', 'prompt-optimization', 'query-generation', 'marketplace-endpoint', 'agentcore',
] as const;

export type Kind = (typeof KINDS)[number];

/** The billing of a resource type. */
export interface TypeBilling {
  readonly billing: Billing;
  readonly kind: Kind;
  /** True for versions, aliases, policies and the like, which belong to another resource and are not reported. */
  readonly isPart?: true;
}

const spends = (kind: Kind): TypeBilling => ({ billing: 'spends', kind });
const free = (kind: Kind): TypeBilling => ({ billing: 'free', kind });
const notCovered = (kind: Kind): TypeBilling => ({ billing: 'not-covered', kind });
const part = (kind: Kind): TypeBilling => ({ billing: 'free', kind, isPart: true });

/** Every resource type of Amazon Bedrock, and the custom resource of this library. A test compares the types with aws-cdk-lib. */
const TYPES: { readonly [type: string]: TypeBilling } = {
  'AWS::Bedrock::Agent': spends('agent'),
  'AWS::Bedrock::AgentAlias': part('agent'),
  'AWS::Bedrock::ApplicationInferenceProfile': spends('inference-profile'),
  'AWS::Bedrock::AutomatedReasoningPolicy': notCovered('automated-reasoning'),
  'AWS::Bedrock::AutomatedReasoningPolicyVersion': part('automated-reasoning'),
  'AWS::Bedrock::Blueprint': part('data-automation'),
  'AWS::Bedrock::DataAutomationLibrary': part('data-automation'),
  'AWS::Bedrock::DataAutomationProject': notCovered('data-automation'),
  'AWS::Bedrock::DataSource': spends('knowledge-base'),
  'AWS::Bedrock::EnforcedGuardrailConfiguration': spends('enforced-guardrail'),
  'AWS::Bedrock::Flow': spends('flow'),
  'AWS::Bedrock::FlowAlias': part('flow'),
  'AWS::Bedrock::FlowVersion': part('flow'),
  'AWS::Bedrock::Guardrail': spends('guardrail'),
  'AWS::Bedrock::GuardrailVersion': part('guardrail'),
  'AWS::Bedrock::IntelligentPromptRouter': spends('prompt-router'),
  'AWS::Bedrock::KnowledgeBase': spends('knowledge-base'),
  'AWS::Bedrock::KnowledgeBasePolicy': part('knowledge-base'),
  'AWS::Bedrock::Prompt': free('prompt'),
  'AWS::Bedrock::PromptVersion': part('prompt'),
  'AWS::Bedrock::ResourcePolicy': part('project'),
  'AWS::Bedrock::RetrievalInstruction': part('knowledge-base'),
  'AWS::Bedrock::Session': free('session'),
  'AWS::BedrockAgentCore::ApiKeyCredentialProvider': part('agentcore'),
  'AWS::BedrockAgentCore::BrowserCustom': notCovered('agentcore'),
  'AWS::BedrockAgentCore::BrowserProfile': part('agentcore'),
  'AWS::BedrockAgentCore::CapacityProvider': notCovered('agentcore'),
  'AWS::BedrockAgentCore::CodeInterpreterCustom': notCovered('agentcore'),
  'AWS::BedrockAgentCore::ConfigurationBundle': part('agentcore'),
  'AWS::BedrockAgentCore::ConsentPortal': part('agentcore'),
  'AWS::BedrockAgentCore::Dataset': part('agentcore'),
  'AWS::BedrockAgentCore::Evaluator': notCovered('agentcore'),
  'AWS::BedrockAgentCore::Gateway': notCovered('agentcore'),
  'AWS::BedrockAgentCore::GatewayRateLimit': part('agentcore'),
  'AWS::BedrockAgentCore::GatewayRule': part('agentcore'),
  'AWS::BedrockAgentCore::GatewayTarget': part('agentcore'),
  'AWS::BedrockAgentCore::Harness': notCovered('agentcore'),
  'AWS::BedrockAgentCore::HarnessEndpoint': part('agentcore'),
  'AWS::BedrockAgentCore::Memory': notCovered('agentcore'),
  'AWS::BedrockAgentCore::OAuth2CredentialProvider': part('agentcore'),
  'AWS::BedrockAgentCore::OnlineEvaluationConfig': notCovered('agentcore'),
  'AWS::BedrockAgentCore::PaymentConnector': part('agentcore'),
  'AWS::BedrockAgentCore::PaymentCredentialProvider': part('agentcore'),
  'AWS::BedrockAgentCore::PaymentManager': notCovered('agentcore'),
  'AWS::BedrockAgentCore::Policy': part('agentcore'),
  'AWS::BedrockAgentCore::PolicyEngine': notCovered('agentcore'),
  'AWS::BedrockAgentCore::ResourcePolicy': part('agentcore'),
  'AWS::BedrockAgentCore::Runtime': notCovered('agentcore'),
  'AWS::BedrockAgentCore::RuntimeEndpoint': part('agentcore'),
  'AWS::BedrockAgentCore::WorkloadIdentity': part('agentcore'),
  'AWS::BedrockMantle::Project': free('project'),
  'Custom::BedrockProvisionedModelThroughput': spends('provisioned-throughput'),
};

/** The billing of a resource type; undefined for one of another service. A type of Amazon Bedrock that is not known is not covered. */
export function billingOfType(type: string): TypeBilling | undefined {
  if (Object.hasOwn(TYPES, type)) return TYPES[type];
  const service = type.split('::', 2).join('::');
  if (service === 'AWS::Bedrock' || service === 'AWS::BedrockMantle') return notCovered('model-invocation');
  return service === 'AWS::BedrockAgentCore' ? notCovered('agentcore') : undefined;
}

/** Every known resource type. */
export const RESOURCE_TYPES: readonly string[] = Object.keys(TYPES);

/** The billing of an action. */
export interface ActionBilling {
  readonly action: string;
  readonly billing: Exclude<Billing, 'free'>;
  readonly kind: Kind;
}

/**
 * The IAM actions that cause a charge, by service and kind. A test lists all others, which are free: those that read, delete or stop, and those
 * that create a resource that is billed by its own use, such as a deployment of a custom model for on-demand inference.
 *
 * `Converse` and its variants are operations, not actions, but policies and tasks of state machines name them.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockagentcore.html
 * @see https://aws.amazon.com/bedrock/agentcore/pricing/
 */
const SPENDING: { readonly [service: string]: { readonly [kind in Kind]?: readonly string[] } } = {
  'bedrock': {
    'model-invocation': [
      'InvokeModel', 'InvokeModelWithResponseStream', 'InvokeModelWithBidirectionalStream', 'StartAsyncInvoke', 'Converse', 'ConverseStream', 'InvokeInlineAgent',
    ],
    'batch-inference': ['CreateModelInvocationJob'],
    'agent': ['InvokeAgent'],
    'flow': ['InvokeFlow', 'StartFlowExecution'],
    'knowledge-base': ['Retrieve', 'RetrieveAndGenerate', 'RetrieveAndGenerateStream', 'AgenticRetrieveStream', 'StartIngestionJob', 'IngestKnowledgeBaseDocuments'],
    'guardrail': ['ApplyGuardrail', 'InvokeGuardrailChecks', 'PutEnforcedGuardrailConfiguration'],
    'rerank': ['Rerank'],
    // The web search of Amazon Nova, which a model runs as a system tool.
    'web-grounding': ['InvokeTool'],
    'customization': ['CreateModelCustomizationJob', 'CreateCustomModel', 'CreateModelCopyJob'],
    'model-import': ['CreateModelImportJob'],
    'provisioned-throughput': ['CreateProvisionedModelThroughput'],
    'evaluation': ['CreateEvaluationJob', 'CreateModelEvaluationJob'],
  },
  'bedrock-mantle': {
    'model-invocation': ['CreateInference'],
    'customization': ['CreateFineTuningJob'],
    'reservation': ['CreateReservation', 'UpdateReservation'],
  },
};

/** Actions with a charge for which a price book has no kind of rate. */
const NOT_COVERED: typeof SPENDING = {
  'bedrock': {
    'data-automation': [
      'InvokeDataAutomation', 'InvokeDataAutomationAsync', 'InvokeDataAutomationLibraryIngestionJob', 'InvokeBlueprintRecommendationAsync',
      'InvokeBlueprintOptimizationAsync',
    ],
    'automated-reasoning': ['InvokeAutomatedReasoningPolicy', 'StartAutomatedReasoningPolicyBuildWorkflow', 'StartAutomatedReasoningPolicyTestWorkflow'],
    'prompt-optimization': ['OptimizePrompt', 'CreateAdvancedPromptOptimizationJob'],
    'query-generation': ['GenerateQuery'],
    'marketplace-endpoint': ['CreateMarketplaceModelEndpoint', 'UpdateMarketplaceModelEndpoint'],
    // AWS publishes no price of the conversational builder, nor that it is free.
    'agent': ['InvokeBuilder'],
  },
  'bedrock-mantle': {
    'model-import': ['CreateCustomizedModel'],
  },
  'bedrock-agentcore': {
    agentcore: [
      'InvokeAgentRuntime', 'InvokeAgentRuntimeForUser', 'InvokeAgentRuntimeCommand', 'InvokeAgentRuntimeCommandShell',
      'InvokeAgentRuntimeWithWebSocketStream', 'InvokeAgentRuntimeWithWebSocketStreamForUser', 'InvokeHarness', 'InvokeCodeInterpreter', 'InvokeGateway',
      'InvokeWebSearch', 'InvokeRegistryMcp', 'StartBrowserSession', 'StartCodeInterpreterSession', 'StartMemoryExtractionJob', 'StartBatchEvaluation',
      'StartRecommendation', 'StartPolicyGeneration', 'Evaluate', 'CreateEvent', 'BatchCreateMemoryRecords', 'RetrieveMemoryRecords',
      'SearchRegistryRecords', 'ProcessPayment', 'IngestData', 'InvokeBrowser', 'StartDatasetGeneration',
      // AgentCore Policy bills each authorization.
      'AuthorizeAction', 'PartiallyAuthorizeActions',
      // AgentCore Identity bills each token and key, except those of a runtime or a gateway.
      'GetResourceOauth2Token', 'GetResourceApiKey',
    ],
  },
};

function actionsOf(table: typeof SPENDING, billing: ActionBilling['billing']): ActionBilling[] {
  return Object.entries(table).flatMap(([service, kinds]) => KINDS.flatMap((kind) => (kinds[kind] ?? []).map((name) => ({ action: `${service}:${name}`, billing, kind }))));
}

/** Every action with a charge, in the order of the kinds. */
export const ACTIONS_WITH_CHARGE: readonly ActionBilling[] = [...actionsOf(SPENDING, 'spends'), ...actionsOf(NOT_COVERED, 'not-covered')];

/** The kind of use that a permission on an ARN allows, by the type of its resource: `foundation-model/...`. */
export const KIND_OF_ARN: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...['foundation-model', 'inference-profile', 'application-inference-profile', 'custom-model', 'custom-model-deployment', 'imported-model', 'provisioned-model',
    'prompt', 'prompt-router', 'default-prompt-router', 'marketplace', 'project', 'async-invoke'].map((type): [string, Kind] => [type, 'model-invocation']),
  ['model-invocation-job', 'batch-inference'],
  ['agent', 'agent'],
  ['agent-alias', 'agent'],
  ['flow', 'flow'],
  ['knowledge-base', 'knowledge-base'],
  ['guardrail', 'guardrail'],
  ['guardrail-profile', 'guardrail'],
  ['system-tool', 'web-grounding'],
  ['model-customization-job', 'customization'],
  ['model-import-job', 'model-import'],
  ['evaluation-job', 'evaluation'],
]);
