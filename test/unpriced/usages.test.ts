import { allow, attribute, caller, CLAUDE, fn, join, line, linesOf, modelArn, NOVA, policy, ref, resource, Resources, role, stack, TITAN } from './templates';
import { usagesOf } from '../../src/unpriced/usages';

const LAMBDA = 'lambda.amazonaws.com';
const BEDROCK = 'bedrock.amazonaws.com';
const US = (id: string) => `us.${id}`;
const bare = role(LAMBDA);
const CALLER = 'Fn+Role+Policy';

const definition = (states: object) => JSON.stringify({ StartAt: 'A', States: states });
const task = (Resource: string, Parameters: object) => ({ Type: 'Task', Resource: `arn:aws:states:::${Resource}`, Parameters, End: true });
const machine = (DefinitionString: unknown, more: object = {}) =>
  resource('AWS::StepFunctions::StateMachine', { DefinitionString, RoleArn: attribute('Role', 'Arn'), ...more });
const agent = (more: object = {}) => resource('AWS::Bedrock::Agent', { FoundationModel: US(NOVA), AgentResourceRoleArn: attribute('Role', 'Arn'), ...more });
const vectors = resource('AWS::Bedrock::KnowledgeBase', {
  KnowledgeBaseConfiguration: { Type: 'VECTOR', VectorKnowledgeBaseConfiguration: { EmbeddingModelArn: modelArn(TITAN) } }, RoleArn: attribute('Role', 'Arn'),
});
const profile = resource('AWS::Bedrock::ApplicationInferenceProfile', { ModelSource: { CopyFrom: modelArn(US(NOVA), 'inference-profile') } });
const prompt = resource('AWS::Bedrock::Prompt', { Variants: [{ Name: 'a', ModelId: US(CLAUDE) }, { Name: 'b', ModelId: NOVA }] });

test.each<[string, Resources, string[]]>([
  // Statements of policies.
  ['a permission to invoke a model', caller(allow('bedrock:InvokeModel', modelArn(NOVA))), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['a wildcard of one action', caller(allow('bedrock:InvokeModel*', modelArn(NOVA))), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['Converse, as policies name it', caller(allow(['bedrock:Converse*'], modelArn(NOVA))), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['every action', caller(allow('bedrock:*')), [`model-invocation ${CALLER}: -`]],
  ['every action, in another case', caller(allow('Bedrock:*')), [`model-invocation ${CALLER}: -`]],
  ['a question mark', caller(allow('bedrock:Invoke?odel', modelArn(NOVA))), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['NotAction of Amazon Bedrock', caller({ Effect: 'Allow', NotAction: ['bedrock:Delete*'], Resource: '*' }), [`model-invocation ${CALLER}: -`]],
  ['NotAction of another service', caller({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), [`model-invocation ${CALLER}: -`]],
  ['NotAction for a knowledge base', caller({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:bedrock:*:*:knowledge-base/K' }), [`knowledge-base ${CALLER}: -`]],
  ['NotResource', caller({ Effect: 'Allow', Action: 'bedrock:InvokeModel', NotResource: modelArn(NOVA) }), [`model-invocation ${CALLER}: -`]],
  ['every action of all services on a model', caller(allow('*', modelArn(NOVA))), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['a pattern of models', caller(allow('bedrock:InvokeModel', modelArn('anthropic.claude-*'))), [`model-invocation ${CALLER}: anthropic.claude-*`]],
  ['a pattern with a part that only the deployment knows', { ...caller(allow('bedrock:InvokeModel', join('arn:aws:bedrock:*::foundation-model/anthropic.claude-', ref('Q'), '*'))), Q: resource('AWS::SQS::Queue') },
    [`model-invocation ${CALLER}: anthropic.claude-**`]],
  ['a model whose geography only the deployment knows', caller(allow('bedrock:InvokeModel', join('arn:aws:bedrock:*:*:inference-profile/', ref('Geography'), `.${CLAUDE}`))), [`model-invocation ${CALLER}: ${CLAUDE}`]],
  ['any model', caller(allow('bedrock:InvokeModel', modelArn('*'))), [`model-invocation ${CALLER}: -`]],
  ['bare and profiled ARNs in any region of one model',
    caller(allow('bedrock:InvokeModel', [modelArn(US(NOVA), 'inference-profile'), `arn:aws:bedrock:*::foundation-model/${NOVA}`])), [`model-invocation ${CALLER}: ${US(NOVA)}`]],
  ['Fn::Sub', caller(allow('bedrock:InvokeModel', { 'Fn::Sub': `arn:\${AWS::Partition}:bedrock:\${AWS::Region}::foundation-model/${NOVA}` })), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['Fn::Sub with variables',
    caller(allow('bedrock:InvokeModel', { 'Fn::Sub': ['arn:aws:bedrock:*::foundation-model/${Model}', { Model: NOVA }] })), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['a condition with two models',
    caller(allow('bedrock:InvokeModel', { 'Fn::If': ['IsProd', modelArn(CLAUDE), modelArn(NOVA)] })), [`model-invocation ${CALLER}: ${CLAUDE}, ${NOVA}`]],
  ['a statement that a condition adds', caller({ 'Fn::If': ['IsProd', allow('bedrock:InvokeModel', modelArn(NOVA)), ref('AWS::NoValue')] }), [`model-invocation ${CALLER}: ${NOVA}`]],
  ['Fn::Select of Fn::Split', caller(allow('bedrock:InvokeModel', modelArn('x'), {}), allow('bedrock:InvokeModel', join('arn:aws:bedrock:*::foundation-model/', { 'Fn::Select': [1, { 'Fn::Split': ['|', `a|${NOVA}`] }] }))),
    [`model-invocation ${CALLER}: ${NOVA}`]],
  ['a managed policy that lists the role', { Role: bare, Fn: fn(), Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allow('bedrock:InvokeModel') }, Roles: [ref('Role')] }) },
    ['model-invocation Fn+Role+Managed: -']],
  ['a managed policy that the role lists', { Role: resource('AWS::IAM::Role', { ManagedPolicyArns: [ref('Managed')] }), Fn: fn(), Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allow('bedrock:InvokeModel') } }) },
    ['model-invocation Fn+Role+Managed: -']],
  ['a managed policy of no role', { Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allow('bedrock:InvokeModel') } }) }, ['model-invocation Managed: -']],
  ['a managed policy of AWS', { Role: resource('AWS::IAM::Role', { ManagedPolicyArns: [join('arn:', ref('AWS::Partition'), ':iam::aws:policy/AmazonBedrockFullAccess')] }), Fn: fn() },
    ['model-invocation Fn+Role: -']],
  ['an inline policy of a role', { Role: role(LAMBDA, allow('bedrock:InvokeModel', modelArn(NOVA))), Fn: fn() }, [`model-invocation Fn+Role: ${NOVA}`]],
  ['a policy of a role that is named', { Role: resource('AWS::IAM::Role', { RoleName: 'chat' }), Fn: fn(), P: resource('AWS::IAM::RolePolicy', { RoleName: 'chat', PolicyDocument: { Statement: allow('bedrock:InvokeModel') } }) },
    ['model-invocation Fn+Role+P: -']],
  ['a managed policy that is attached by name', {
    Role: resource('AWS::IAM::Role', { ManagedPolicyArns: [join('arn:aws:iam::', ref('AWS::AccountId'), ':policy/chat')] }),
    Fn: fn(),
    Managed: resource('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'chat', PolicyDocument: { Statement: allow('bedrock:InvokeModel') } }),
  }, ['model-invocation Fn+Role+Managed: -']],
  ['a role that its user names by ARN', {
    Role: resource('AWS::IAM::Role', { RoleName: 'kb', Policies: [{ PolicyDocument: { Statement: allow('bedrock:InvokeModel', modelArn(TITAN)) } }] }),
    Base: resource('AWS::Bedrock::KnowledgeBase', { RoleArn: join('arn:aws:iam::', ref('AWS::AccountId'), ':role/service/kb') }),
  }, [`knowledge-base Base+Role: ${TITAN}`]],
  ['a batch job whose role is passed by name', {
    ...caller(allow('bedrock:CreateModelInvocationJob'), allow('iam:PassRole', 'arn:aws:iam::123456789012:role/job')),
    Job: resource('AWS::IAM::Role', { ...(role(BEDROCK, allow('bedrock:InvokeModel', modelArn(NOVA))).Properties as object), RoleName: 'job' }),
  }, [`batch-inference ${CALLER}+Job: ${NOVA}`]],
  ['a permission set', { P: resource('AWS::SSO::PermissionSet', { InlinePolicy: { Statement: allow('bedrock:InvokeModel', modelArn(NOVA)) } }) }, [`model-invocation P: ${NOVA}`]],
  ['a permission set with a policy of AWS', { P: resource('AWS::SSO::PermissionSet', { ManagedPolicies: ['arn:aws:iam::aws:policy/AmazonBedrockFullAccess'] }) }, ['model-invocation P: -']],
  ['a policy in a text', { ...caller(), Policy: resource('AWS::IAM::Policy', { PolicyDocument: JSON.stringify({ Statement: [allow('bedrock:InvokeModel')] }), Roles: [ref('Role')] }) },
    [`model-invocation ${CALLER}: -`]],
  ['the actions of a wildcard that no statement denies', caller(allow('bedrock:*'), { Effect: 'Deny', Action: ['bedrock:Invoke*', 'bedrock:Converse*', 'bedrock:*Async*', 'bedrock:Create*Job'], Resource: '*' }),
    [`flow ${CALLER}: -`]],
  ['a user', { User: resource('AWS::IAM::User', { Policies: [{ PolicyDocument: { Statement: allow('bedrock:InvokeModel', modelArn(NOVA)) } }] }) }, [`model-invocation User: ${NOVA}`]],
  ['a function of AWS SAM', { Fn: resource('AWS::Serverless::Function', { Policies: [{ Statement: [allow('bedrock:InvokeModel', modelArn(NOVA))] }] }) }, [`model-invocation Fn: ${NOVA}`]],
  ['a container', { Role: role('ecs-tasks.amazonaws.com', allow('bedrock:InvokeModel')), Task: resource('AWS::ECS::TaskDefinition', { TaskRoleArn: attribute('Role', 'Arn'), ContainerDefinitions: [{ Environment: [{ Name: 'M', Value: NOVA }] }] }) },
    [`model-invocation Task+Role: ${NOVA}`]],
  ['signed-in users of a browser app', { Role: role(LAMBDA, allow('bedrock:InvokeModel')), Pool: resource('AWS::Cognito::IdentityPoolRoleAttachment', { Roles: { authenticated: attribute('Role', 'Arn') } }) }, ['model-invocation Pool+Role: -']],
  ['two functions with one role', { Role: role(LAMBDA, allow('bedrock:InvokeModel')), A: fn(), B: fn() }, ['model-invocation Role+A+B: -']],
  ['two kinds of use of one role', caller(allow(['bedrock:InvokeModel', 'bedrock:ApplyGuardrail'])), [`model-invocation ${CALLER}: -`, `guardrail ${CALLER}: -`]],
  ['reranking', caller(allow('bedrock:Rerank')), [`rerank ${CALLER}: -`]],
  ['a fine-tuning job', caller(allow('bedrock:CreateModelCustomizationJob')), [`customization ${CALLER}: -`]],
  ['an import job', caller(allow('bedrock:CreateModelImportJob')), [`model-import ${CALLER}: -`]],
  ['provisioned throughput', caller(allow('bedrock:CreateProvisionedModelThroughput')), [`provisioned-throughput ${CALLER}: -`]],
  ['a charge of a known rate beside one without a rate', caller(allow(['bedrock:InvokeBuilder', 'bedrock:InvokeAgent'])), [`agent ${CALLER}: -`]],
  ['web grounding of a model', caller(allow('bedrock:InvokeModel', modelArn(NOVA)), allow('bedrock:InvokeTool', 'arn:aws:bedrock::123456789012:system-tool/amazon.nova_grounding')),
    [`model-invocation ${CALLER}: ${NOVA}`, `web-grounding ${CALLER}: -`]],
  ['a wildcard for a system tool', caller(allow('bedrock:*', 'arn:aws:bedrock::123456789012:system-tool/amazon.nova_grounding')), [`web-grounding ${CALLER}: -`]],
  ['a token of AgentCore Identity', caller(allow('bedrock-agentcore:GetResourceOauth2Token')), [`not-covered agentcore ${CALLER}: -`]],
  ['an evaluation job', caller(allow('bedrock:CreateEvaluationJob')), [`evaluation ${CALLER}: -`]],
  ['the OpenAI-compatible endpoint', caller(allow('bedrock-mantle:CreateInference')), [`model-invocation ${CALLER}: -`]],
  ['data automation', caller(allow('bedrock:InvokeDataAutomationAsync')), [`not-covered data-automation ${CALLER}: -`]],
  ['a browser of AgentCore', caller(allow('bedrock-agentcore:StartBrowserSession')), [`not-covered agentcore ${CALLER}: -`]],
  // Jobs.
  ['a batch job with its service role', {
    ...caller(allow('bedrock:CreateModelInvocationJob'), allow('iam:PassRole', attribute('Job', 'Arn'))), Job: role(BEDROCK, allow('bedrock:InvokeModel', modelArn(US(NOVA), 'inference-profile'))),
  }, [`batch-inference ${CALLER}+Job: ${US(NOVA)}`]],
  ['a batch job that may pass any role', {
    ...caller(allow('bedrock:CreateModelInvocationJob'), allow('iam:PassRole')), Job: role(BEDROCK, allow('bedrock:InvokeModel', modelArn(NOVA))),
  }, [`batch-inference ${CALLER}+Job: ${NOVA}`]],
  ['a service role that nothing passes', { Job: role(BEDROCK, allow('bedrock:InvokeModel', modelArn(NOVA))) }, [`model-invocation Job: ${NOVA}`]],
  // Resources.
  ['an agent with its role', { Role: role(BEDROCK, allow('bedrock:InvokeModel', modelArn('amazon.nova-*'))), Agent: agent() }, [`agent Agent+Role: ${US(NOVA)}`]],
  ['a caller of an agent by its alias', {
    Agent: agent({ AgentResourceRoleArn: undefined }), Alias: resource('AWS::Bedrock::AgentAlias', { AgentId: attribute('Agent', 'AgentId') }), ...caller(allow('bedrock:InvokeAgent', attribute('Alias', 'AgentAliasArn'))),
  }, [`agent Agent+Role+Policy+Fn: ${US(NOVA)}`]],
  ['a caller of all agents, of which there is one', { Agent: agent({ AgentResourceRoleArn: undefined }), ...caller(allow('bedrock:InvokeAgent')) }, [`agent Agent+Role+Policy+Fn: ${US(NOVA)}`]],
  ['two agents with one role', { Role: role(BEDROCK, allow('bedrock:InvokeModel')), A: agent(), B: agent() }, [`agent A+Role: ${US(NOVA)}`, `agent B+Role: ${US(NOVA)}`]],
  ['a knowledge base with its role and data source', {
    Role: role(BEDROCK, allow('bedrock:InvokeModel', modelArn(TITAN))),
    Base: vectors,
    Source: resource('AWS::Bedrock::DataSource', { KnowledgeBaseId: attribute('Base', 'KnowledgeBaseId'), VectorIngestionConfiguration: { ParsingConfiguration: { BedrockFoundationModelConfiguration: { ModelArn: modelArn(CLAUDE) } } } }),
  }, [`knowledge-base Base+Role+Source: ${TITAN}, ${CLAUDE}`]],
  ['a data source of another stack', { Source: resource('AWS::Bedrock::DataSource', { KnowledgeBaseId: 'K' }) }, ['knowledge-base Source: -']],
  ['retrievals of a knowledge base', { Base: resource('AWS::Bedrock::KnowledgeBase'), ...caller(allow('bedrock:Retrieve', attribute('Base', 'KnowledgeBaseArn'))) }, ['knowledge-base Base+Role+Policy+Fn: -']],
  ['a flow with the models of its prompts', {
    Prompt: prompt,
    Version: resource('AWS::Bedrock::PromptVersion', { PromptArn: attribute('Prompt', 'Arn') }),
    Flow: resource('AWS::Bedrock::Flow', { ExecutionRoleArn: attribute('Role', 'Arn'), Definition: { Nodes: [{ Configuration: { Prompt: { SourceConfiguration: { Resource: { PromptArn: attribute('Version', 'Arn') } } } } }] } }),
    Role: role(BEDROCK, allow('bedrock:InvokeModel')),
  }, [`flow Flow+Prompt+Role: ${US(CLAUDE)}, ${NOVA}`]],
  ['a prompt that nothing runs', { Prompt: prompt }, [`free prompt Prompt: ${US(CLAUDE)}, ${NOVA}`]],
  ['a caller of a managed prompt', { Prompt: prompt, ...caller(allow('bedrock:InvokeModel', attribute('Prompt', 'Arn'))) }, [`model-invocation Fn+Prompt+Role+Policy: ${US(CLAUDE)}, ${NOVA}`]],
  ['a guardrail and its caller', { Guardrail: resource('AWS::Bedrock::Guardrail'), ...caller(allow('bedrock:ApplyGuardrail', attribute('Guardrail', 'GuardrailArn'))) }, ['guardrail Guardrail+Role+Policy+Fn: -']],
  ['an enforced guardrail', { Guardrail: resource('AWS::Bedrock::Guardrail'), Enforced: resource('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailIdentifier: attribute('Guardrail', 'GuardrailId') }) },
    ['enforced-guardrail Guardrail+Enforced: -']],
  ['an inference profile and its caller', { Profile: profile, ...caller(allow('bedrock:InvokeModel', [attribute('Profile', 'InferenceProfileArn'), modelArn(NOVA)])) }, [`inference-profile Profile+Role+Policy+Fn: ${US(NOVA)}`]],
  ['an inference profile and a caller of more models', { Profile: profile, ...caller(allow('bedrock:InvokeModel', [attribute('Profile', 'InferenceProfileArn'), modelArn(NOVA), modelArn(CLAUDE)])) },
    [`inference-profile Profile+Role+Policy+Fn: ${US(NOVA)}`, `model-invocation ${CALLER}: ${CLAUDE}`]],
  ['an agent that invokes an inference profile', { Profile: profile, Agent: agent({ FoundationModel: attribute('Profile', 'InferenceProfileArn') }) }, [`agent Agent+Profile: ${US(NOVA)}`]],
  ['a prompt router', { Router: resource('AWS::Bedrock::IntelligentPromptRouter', { Models: [{ ModelArn: modelArn(CLAUDE) }], FallbackModel: { ModelArn: modelArn(NOVA) } }) }, [`prompt-router Router: ${CLAUDE}, ${NOVA}`]],
  ['throughput of this library', { T: resource('Custom::BedrockProvisionedModelThroughput', { modelId: NOVA }), ...caller(allow('bedrock:CreateProvisionedModelThroughput')) }, [`provisioned-throughput T+Role+Policy+Fn: ${NOVA}`]],
  ['a runtime of AgentCore and the tokens of its role', { Role: role('bedrock-agentcore.amazonaws.com', allow('bedrock:InvokeModel', modelArn(NOVA))), Runtime: resource('AWS::BedrockAgentCore::Runtime', { RoleArn: attribute('Role', 'Arn') }) },
    ['not-covered agentcore Runtime: -', `model-invocation Runtime+Role: ${NOVA}`]],
  ['a type that is newer than this library', { New: resource('AWS::Bedrock::Telepathy') }, ['not-covered model-invocation New: -']],
  // Calls without code.
  ['a task of a state machine', { Role: role(LAMBDA, allow('bedrock:InvokeModel')), M: machine(definition({ A: task('bedrock:invokeModel', { ModelId: NOVA }) })) }, [`model-invocation M+Role: ${NOVA}`]],
  ['a task in Fn::Join', { M: machine(join('{"States":{"A":{"Type":"Task","Resource":"arn:', ref('AWS::Partition'), `:states:::bedrock:invokeModel","Parameters":{"ModelId":"arn:aws:bedrock:us-east-1:1:inference-profile/${US(NOVA)}"}}}}`)) }, [`model-invocation M: ${US(NOVA)}`]],
  ['a task in a map in a branch', { M: machine(definition({ A: { Type: 'Parallel', Branches: [{ States: { B: { Type: 'Map', ItemProcessor: { States: { C: task('aws-sdk:bedrockruntime:converse', { ModelId: CLAUDE }) } } } } }] } })) }, [`model-invocation M: ${CLAUDE}`]],
  ['a task in a definition that is an object', { M: resource('AWS::StepFunctions::StateMachine', { Definition: { States: { A: task('bedrock:invokeModel', { ModelId: NOVA }) } } }) }, [`model-invocation M: ${NOVA}`]],
  ['a task whose model is substituted', { M: machine(definition({ A: task('bedrock:invokeModel', { ModelId: '${model}' }) }), { DefinitionSubstitutions: { model: NOVA } }) }, [`model-invocation M: ${NOVA}`]],
  ['a task in a definition that is not valid JSON yet', { M: machine(join('{"States":{"A":{"Retry":', ref('Count'), `,"Resource":"arn:aws:states:::bedrock:invokeModel","ModelId":"${NOVA}"}}}`)) }, [`model-invocation M: ${NOVA}`]],
  ['a task whose model the input has', { M: machine(definition({ A: task('bedrock:invokeModel', { 'ModelId.$': '$.model' }) })) }, ['model-invocation M: -']],
  ['a task that starts a batch job, with its service role', {
    Role: role('states.amazonaws.com', allow('bedrock:CreateModelInvocationJob'), allow('iam:PassRole', attribute('Job', 'Arn'))),
    Job: role(BEDROCK, allow('bedrock:InvokeModel', modelArn(NOVA))),
    M: machine(definition({ A: task('aws-sdk:bedrock:createModelInvocationJob', { ModelId: NOVA }) })),
  }, [`batch-inference M+Role+Job: ${NOVA}`]],
  ['a task that invokes an agent', { Agent: agent({ AgentResourceRoleArn: undefined }), Role: role('states.amazonaws.com', allow('bedrock:InvokeAgent')), M: machine(join('{"States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:bedrockagentruntime:invokeAgent","Parameters":{"AgentId":"', attribute('Agent', 'AgentId'), '"}}}}')) }, [`agent Agent+Role+M: ${US(NOVA)}`]],
  ['an inference profile with two users', { Profile: profile, Agent: agent({ FoundationModel: attribute('Profile', 'InferenceProfileArn'), AgentResourceRoleArn: undefined }), ...caller(allow('bedrock:InvokeModel', attribute('Profile', 'InferenceProfileArn'))) },
    [`agent Agent+Profile: ${US(NOVA)}`, `inference-profile Profile+Role+Policy+Fn: ${US(NOVA)}`]],
  ['a schedule', { S: resource('AWS::Scheduler::Schedule', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:bedrockruntime:invokeModel', Input: JSON.stringify({ ModelId: NOVA }) } }) }, [`model-invocation S: ${NOVA}`]],
  ['a data source of AppSync', { D: resource('AWS::AppSync::DataSource', { Type: 'AMAZON_BEDROCK_RUNTIME' }) }, ['model-invocation D: -']],
  ['an HTTP data source of AppSync', { D: resource('AWS::AppSync::DataSource', { Type: 'HTTP', HttpConfig: { Endpoint: join('https://bedrock-runtime.', ref('AWS::Region'), '.amazonaws.com') } }) }, ['model-invocation D: -']],
  ['an integration of API Gateway', { M: resource('AWS::ApiGateway::Method', { Integration: { Uri: `arn:aws:apigateway:us-east-1:bedrock-runtime:path/model/${NOVA}/converse` } }) }, [`model-invocation M: ${NOVA}`]],
  ['a bot of Lex', { B: resource('AWS::Lex::Bot', { BotLocales: [{ Intents: [{ QnAIntentConfiguration: { BedrockModelConfiguration: { ModelArn: modelArn(CLAUDE) } } }] }] }) }, [`model-invocation B: ${CLAUDE}`]],
  ['a custom resource with a type of its own', { C: resource('Custom::Import', { Create: JSON.stringify({ service: 'bedrock', action: 'createModelImportJob' }) }) }, ['model-import C: -']],
  ['a custom resource together with its provider', {
    C: resource('Custom::AWS', { ServiceToken: attribute('Fn', 'Arn'), Create: join(`{"service":"@aws-sdk/client-bedrock-runtime","action":"InvokeModelCommand","parameters":{"modelId":"${NOVA}","key":"`, ref('Bucket'), '"}}') }),
    ...caller(allow('bedrock:InvokeModel')),
    Bucket: resource('AWS::S3::Bucket'),
  }, [`model-invocation C+Role+Policy+Fn: ${NOVA}`]],
  ['an automation of Systems Manager', { D: resource('AWS::SSM::Document', { Content: { mainSteps: [{ action: 'aws:executeAwsApi', inputs: { Service: 'bedrock-runtime', Api: 'InvokeModel', modelId: NOVA } }] } }) },
    [`model-invocation D: ${NOVA}`]],
  ['a rule that calls an API, together with its provider', {
    Rule: resource('AWS::Events::Rule', { Targets: [{ Arn: attribute('Fn', 'Arn'), Input: JSON.stringify({ service: 'bedrock', action: 'createModelInvocationJob', parameters: { modelId: NOVA } }) }] }),
    ...caller(allow('bedrock:CreateModelInvocationJob')),
  }, [`batch-inference Rule+Role+Policy+Fn: ${NOVA}`]],
  ['a custom resource of AwsCustomResource', { C: resource('Custom::AWS', { Create: JSON.stringify({ service: 'bedrock', action: 'createModelImportJob' }) }) }, ['model-import C: -']],
  // Settings.
  ['a model in an environment variable', { ...caller(allow('bedrock:*')), Fn: fn({ MODEL: US(NOVA) }) }, [`model-invocation ${CALLER}: ${US(NOVA)}`]],
  ['models in the JSON of an environment variable', { Fn: fn({ MODELS: JSON.stringify({ chat: { id: CLAUDE }, embed: TITAN }) }) }, [`model-invocation Fn: ${CLAUDE}, ${TITAN}`]],
  ['a model with the prefix of a framework', { Fn: fn({ LLM: `bedrock_converse:${US(NOVA)}` }) }, [`model-invocation Fn: ${US(NOVA)}`]],
  ['a model of a known family that the catalogue does not name', { Fn: fn({ MODEL: 'anthropic.claude-opus-99-v1:0' }) }, ['model-invocation Fn: anthropic.claude-opus-99-v1:0']],
  ['a model in a parameter', { P: resource('AWS::SSM::Parameter', { Value: NOVA }) }, [`model-invocation P: ${NOVA}`]],
  ['a model in a parameter that a role reads', { P: resource('AWS::SSM::Parameter', { Value: NOVA }), ...caller(allow('bedrock:InvokeModel'), allow('ssm:GetParameter', join('arn:aws:ssm:*:*:parameter/', ref('P')))) }, [`model-invocation Fn+P+Role+Policy: ${NOVA}`]],
  ['a model in the arguments of a job of AWS Glue', { ...caller(allow('bedrock:InvokeModel')), Fn: resource('AWS::Glue::Job', { Role: ref('Role'), DefaultArguments: { '--model': NOVA } }) }, [`model-invocation ${CALLER}: ${NOVA}`]],
  ['a model in a project of CodeBuild', { C: resource('AWS::CodeBuild::Project', { Environment: { EnvironmentVariables: [{ Name: 'MODEL', Value: CLAUDE }] } }) }, [`model-invocation C: ${CLAUDE}`]],
  ['a model of AWS AppSync, in the code of a function of the API', {
    D: resource('AWS::AppSync::DataSource', { Type: 'AMAZON_BEDROCK_RUNTIME', ServiceRoleArn: attribute('Role', 'Arn') }),
    Role: role('appsync.amazonaws.com', allow('bedrock:InvokeModel')),
    F: resource('AWS::AppSync::FunctionConfiguration', { DataSourceName: attribute('D', 'Name'), Code: `invokeModel({ modelId: "${NOVA}" })` }),
  }, [`model-invocation D+Role+F: ${NOVA}`]],
  ['a model that a function passes on to the one that it starts', { ...caller(allow('bedrock:InvokeModel')), Starter: fn({ MODEL: NOVA, RUN_AS: attribute('Role', 'Arn') }, 'Other') }, [`model-invocation Fn+Role+Policy+Starter: ${NOVA}`]],
  ['a model in the code of a function', { Fn: resource('AWS::Lambda::Function', { Code: { ZipFile: `client.converse(modelId="${NOVA}")` } }) }, [`model-invocation Fn: ${NOVA}`]],
])('finds %s', (_, resources, expected) => {
  expect(linesOf(resources).sort()).toEqual([...expected].sort());
});

/** Resources whose names, metrics or permissions concern Amazon Bedrock, but which spend nothing. */
test.each<[string, Resources]>([
  ['permissions to read', caller(allow(['bedrock:Get*', 'bedrock:List*', 'bedrock:ListFoundationModels', 'bedrock:GetModelInvocationJob']))],
  ['permissions to delete and to tag', caller(allow(['bedrock:DeleteAgent', 'bedrock:TagResource', 'bedrock:UpdateKnowledgeBase', 'bedrock:CreateKnowledgeBase']))],
  ['the role of a custom resource for agents', caller(allow(['bedrock:CreateAgent', 'bedrock:PrepareAgent', 'bedrock:CreateAgentAlias', 'bedrock:CreateGuardrail', 'bedrock:CreateInferenceProfile']))],
  ['the deployment of a custom model, which is billed by its invocations', caller(allow(['bedrock:CreateCustomModelDeployment', 'bedrock:CountTokens', 'bedrock:RenderPrompt']))],
  ['a permission that is denied', caller({ Effect: 'Deny', Action: 'bedrock:*', Resource: '*' })],
  ['a permission that another statement denies', caller(allow('bedrock:InvokeModel'), { Effect: 'Deny', Action: 'bedrock:*', Resource: '*' })],
  ['an administrator', caller(allow('*'))],
  ['a role with which AWS CloudFormation deploys', { Role: role('cloudformation.amazonaws.com', allow(['bedrock:*', 'bedrock-agentcore:*'])) }],
  ['a rule with a text that is no call', { R: resource('AWS::Events::Rule', { Targets: [{ Arn: 'x', Input: JSON.stringify({ service: 'bedrock', action: 'listFoundationModels' }) }, { Arn: 'y', Input: '{"model":1' }] }) }],
  ['a boundary', { Limit: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: allow('bedrock:*') } }), Role: resource('AWS::IAM::Role', { PermissionsBoundary: ref('Limit') }) }],
  ['versions and aliases', {
    A: resource('AWS::Bedrock::AgentAlias', { AgentId: 'A' }),
    B: resource('AWS::Bedrock::PromptVersion'),
    C: resource('AWS::Bedrock::FlowVersion'),
    D: resource('AWS::Bedrock::FlowAlias'),
    E: resource('AWS::Bedrock::GuardrailVersion'),
    F: resource('AWS::Bedrock::ResourcePolicy'),
  }],
  ['delivery of logs', { L: resource('AWS::Logs::LogGroup', { LogGroupName: '/aws/bedrock/modelinvocations' }), ...caller(allow('logs:PutLogEvents', 'arn:aws:logs:*:*:log-group:/aws/bedrock/*')) }],
  ['names that contain the word', { BedrockBucket: resource('AWS::S3::Bucket', { BucketName: 'bedrock-invokemodel' }), Fn: fn({ BEDROCK_ENABLED: 'true', SECRET: 'BedrockPromptChainGitHubToken', BEDROCK_REGION: 'us-east-1' }) }],
  ['hosts and packages that look like model ids', { Fn: fn({ A: 'amazon.com', B: 'meta.json', C: 'https://api.openai.com/v1', D: 'cohere.ai', E: 'amazon.nova', F: 'com.amazonaws.us-east-1.bedrock-runtime', G: 'https://meta.llama3.example.com', H: 'amazon.nova-2.example' }) }],
  ['alarms on a model', { A: resource('AWS::CloudWatch::Alarm', { Namespace: 'AWS/Bedrock', Dimensions: [{ Name: 'ModelId', Value: NOVA }] }) }],
  ['a rule for events of jobs', { R: resource('AWS::Events::Rule', { EventPattern: { 'source': ['aws.bedrock'], 'detail-type': ['Batch Inference Job State Change'] } }) }],
  ['an endpoint of a VPC', { E: resource('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.us-east-1.bedrock-runtime', PolicyDocument: { Statement: allow('bedrock:InvokeModel') } }) }],
  ['tasks of other services', { M: machine(definition({ A: task('lambda:invoke', { FunctionName: 'bedrock-InvokeModel' }) })) }],
  ['tasks that only read', { M: machine(definition({ A: task('aws-sdk:bedrock:getModelInvocationJob', { JobIdentifier: 'j' }) })) }],
  ['a description that names a model', { Q: resource('AWS::SQS::Queue', { Tags: [{ Key: 'model', Value: NOVA }] }), Fn: resource('AWS::Lambda::Function', { Description: `asks ${NOVA}` }) }],
  ['a role that Amazon Bedrock may assume to read a bucket', { Job: role(BEDROCK, allow('s3:GetObject')) }],
  ['a managed policy of AWS to read', { Role: resource('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonBedrockReadOnly'] }) }],
])('is silent about %s', (_, resources) => {
  expect(linesOf(resources)).toEqual([]);
});

describe('texts that a template computes', () => {
  const lines = (more: object, model: unknown) => linesOf({ Agent: agent({ FoundationModel: model }) }, more);

  test.each<[string, object, unknown]>([
    ['the default of a parameter', { Parameters: { Model: { Type: 'String', Default: NOVA } } }, ref('Model')],
    ['a mapping by a known key', { Mappings: { Models: { prod: { id: NOVA }, dev: { id: CLAUDE } } } }, { 'Fn::FindInMap': ['Models', 'prod', 'id'] }],
    ['a mapping by region', { Mappings: { Models: { 'us-east-1': { id: NOVA } } } }, { 'Fn::FindInMap': ['Models', ref('AWS::Region'), 'id'] }],
    ['an import of the same app', { Outputs: { O: { Value: NOVA, Export: { Name: 'the-model' } } } }, { 'Fn::ImportValue': 'the-model' }],
    ['an element of a list', { Parameters: { L: { Type: 'CommaDelimitedList', Default: `x, ${NOVA}` } } }, { 'Fn::Select': ['1', ref('L')] }],
  ])('%s', (_, more, model) => {
    expect(lines(more, model)).toEqual([`agent Agent: ${NOVA}`]);
  });

  test.each<[string, object, unknown]>([
    ['the allowed values of a parameter', { Parameters: { Model: { Type: 'String', AllowedValues: [NOVA, CLAUDE] } } }, ref('Model')],
    ['a mapping by a key that only the deployment knows', { Mappings: { Models: { a: { id: NOVA }, b: { id: CLAUDE } } } }, { 'Fn::FindInMap': ['Models', ref('AWS::AccountId'), 'id'] }],
    ['both branches of a condition', {}, { 'Fn::If': ['C', NOVA, CLAUDE] }],
  ])('%s are all read', (_, more, model) => {
    expect(lines(more, model)).toEqual([`agent Agent: ${NOVA}, ${CLAUDE}`]);
  });

  test('each alternative of a text is a whole text', () => {
    expect(lines({}, join({ 'Fn::If': ['IsEurope', 'eu', 'us'] }, `.${NOVA}`))).toEqual([`agent Agent: eu.${NOVA}, us.${NOVA}`]);
  });

  const stored = { P: resource('AWS::SSM::Parameter', { Name: '/chat/model', Value: NOVA }) };

  test.each<[string, object, unknown]>([
    ['a parameter whose default is its name', { Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/chat/model' } } }, ref('Model')],
    ['a dynamic reference', {}, '{{resolve:ssm:/chat/model}}'],
    ['a dynamic reference to a version', {}, '{{resolve:ssm:/chat/model:3}}'],
    ['a dynamic reference in an ARN', {}, { 'Fn::Sub': 'arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/{{resolve:ssm:/chat/model}}' }],
  ])('a stored parameter of the app, by %s', (_, more, model) => {
    expect(linesOf({ Agent: agent({ FoundationModel: model }), ...stored }, more)).toEqual([`agent Agent+P: ${NOVA}`]);
  });

  test('a stored parameter of another app and a secret are not known', () => {
    expect(lines({}, '{{resolve:ssm:/other}}')).toEqual(['agent Agent: -']);
    expect(lines({}, `{{resolve:secretsmanager:${NOVA}}}`)).toEqual(['agent Agent: -']);
  });

  test('the properties that AWS SAM gives all functions', () => {
    const functions = { A: resource('AWS::Serverless::Function', { Environment: { Variables: { MODEL: CLAUDE } } }), B: resource('AWS::Serverless::Function'), C: resource('AWS::Lambda::Function') };
    const Globals = { Function: { Environment: { Variables: { MODEL: NOVA, EMBEDDING: TITAN } } } };
    expect(linesOf(functions, { Globals })).toEqual([`model-invocation A: ${CLAUDE}, ${TITAN}`, `model-invocation B: ${NOVA}, ${TITAN}`]);
  });

  test('the default of a parameter of Systems Manager is its name, not its value', () => {
    expect(lines({ Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: NOVA } } }, ref('Model'))).toEqual(['agent Agent: -']);
  });
});

describe('several templates', () => {
  test('a nested stack has the role of its parent, which passes it as a parameter', () => {
    const parent = stack({ Role: role(LAMBDA, allow('bedrock:InvokeModel', modelArn(NOVA))), Nested: resource('AWS::CloudFormation::Stack', { Parameters: { RoleArn: attribute('Role', 'Arn') } }) });
    const nested = stack({ Fn: resource('AWS::Lambda::Function', { Role: ref('RoleArn') }) }, { Parameters: { RoleArn: { Type: 'String' } } }, { stack: 'Stack/Nested', nestedIn: { parent, logicalId: 'Nested' } });
    expect(usagesOf([parent, nested]).map(line)).toEqual([`model-invocation Fn+Role: ${NOVA}`]);
  });

  test('a parent reads an output of its nested stack', () => {
    const parent = stack({ Nested: resource('AWS::CloudFormation::Stack'), Agent: agent({ FoundationModel: attribute('Nested', 'Outputs.Model') }) });
    const nested = stack({ P: resource('AWS::SQS::Queue') }, { Outputs: { Model: { Value: NOVA } } }, { nestedIn: { parent, logicalId: 'Nested' } });
    expect(usagesOf([parent, nested]).map(line)).toEqual([`agent Agent: ${NOVA}`]);
  });

  test('a stack calls the agent of another one', () => {
    const one = stack({ Agent: agent() }, { Outputs: { O: { Value: attribute('Agent', 'AgentArn'), Export: { Name: 'agent' } } } });
    const other = stack(caller(allow('bedrock:InvokeAgent', { 'Fn::ImportValue': 'agent' })), {}, { stack: 'Other' });
    expect(usagesOf([one, other]).map(line)).toEqual([`agent Agent+Role+Policy+Fn: ${US(NOVA)}`]);
  });

  test('a role by its name is that of the same stage', () => {
    const roles = (model: string) => ({ Role: resource('AWS::IAM::Role', { RoleName: 'kb', Policies: [{ PolicyDocument: { Statement: allow('bedrock:InvokeModel', modelArn(model)) } }] }) });
    const bases = { Base: resource('AWS::Bedrock::KnowledgeBase', { RoleArn: 'arn:aws:iam::123456789012:role/kb' }) };
    const apps = [['Dev', TITAN], ['Prod', CLAUDE]].flatMap(([stage, model]) => [stack(bases, {}, { stack: `${stage}/Kb` }), stack(roles(model), {}, { stack: `${stage}/Roles` })]);
    expect(usagesOf(apps).map((usage) => `${usage.stack} ${line(usage)}`)).toEqual([`Dev/Kb knowledge-base Base+Role: ${TITAN}`, `Prod/Kb knowledge-base Base+Role: ${CLAUDE}`]);
  });

  test('the definition of a state machine in another file', () => {
    const text = definition({ A: task('bedrock:invokeModel', { ModelId: '${Model}' }) });
    const machines = { M: resource('AWS::Serverless::StateMachine', { DefinitionUri: 'm.asl.json', DefinitionSubstitutions: { Model: NOVA } }) };
    expect(usagesOf([stack(machines, {}, { definitions: new Map([['M', text]]) })]).map(line)).toEqual([`model-invocation M: ${NOVA}`]);
  });

  test('equal logical ids of two stacks are two uses', () => {
    const usages = usagesOf([stack({ Agent: agent() }), stack({ Agent: agent() }, {}, { stack: 'Other' })]);
    expect(usages.map(({ stack: name, path }) => [name, path])).toEqual([['Stack', 'Stack/Agent'], ['Other', 'Other/Agent']]);
  });
});

describe('the region', () => {
  const regionOf = (resources: Resources, region?: string) => usagesOf([stack(resources, {}, { region })])[0].region;

  test.each<[string, Resources, string | undefined, string | null]>([
    ['is that of the stack', caller(allow('bedrock:InvokeModel')), 'eu-west-1', 'eu-west-1'],
    ['is not known for a template alone', caller(allow('bedrock:InvokeModel')), undefined, null],
    ['is that of the ARN', caller(allow('bedrock:InvokeModel', `arn:aws:bedrock:us-west-2::foundation-model/${NOVA}`)), 'eu-west-1', 'us-west-2'],
    ['is that of the stack for an ARN in one of two regions', caller(allow('bedrock:InvokeModel', join('arn:aws:bedrock:', { 'Fn::If': ['C', 'us-west-2', 'us-east-1'] }, `::foundation-model/${NOVA}`))), 'eu-west-1', 'eu-west-1'],
    ['is that of the stack for ARNs in two regions', caller(allow('bedrock:InvokeModel', ['us-west-2', 'us-east-1'].map((region) => `arn:aws:bedrock:${region}::foundation-model/${NOVA}`))), 'eu-west-1', 'eu-west-1'],
    ['is that of the settings', { ...caller(allow('bedrock:InvokeModel')), Fn: fn({ BEDROCK_REGION: 'us-west-2' }) }, 'eu-west-1', 'us-west-2'],
  ])('%s', (_, resources, region, expected) => {
    expect(regionOf(resources, region)).toBe(expected);
  });
});

describe('no template throws or takes long', () => {
  const deep = (levels: number) => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
  const itself: { [name: string]: unknown } = {};
  itself.Statement = [itself, itself];
  const doubled = Array.from({ length: 60 }).reduce<object>((value) => ({ a: value, b: value }), {});

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['resources that are a list', { Resources: [] }],
    ['resources of other types', { Resources: { A: null, B: 1, C: { Type: 1 }, D: { Type: 'AWS::IAM::Policy', Properties: 'x' }, E: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: [1, null, 'x', []] } } } } }],
    ['deep nesting', { Resources: { A: resource('AWS::Lambda::Function', deep(4000)) } }],
    ['a value that contains itself', { Resources: { A: resource('AWS::IAM::Policy', { PolicyDocument: itself }) } }],
    ['a value that multiplies itself', { Resources: { A: resource('AWS::IAM::Policy', doubled) } }],
    ['parameters that multiply themselves', {
      Parameters: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`P${i}`, { Type: 'String', Default: join(ref(`P${i + 1}`), ref(`P${i + 1}`), 'x') }])),
      Resources: { A: resource('AWS::Lambda::Function', { Environment: ref('P0') }) },
    }],
    ['stored parameters that multiply themselves', {
      Resources: {
        A: fn({ X: '{{resolve:ssm:p0}}' }),
        ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`P${i}`, resource('AWS::SSM::Parameter', { Name: `p${i}`, Value: `{{resolve:ssm:p${i + 1}}}{{resolve:ssm:p${i + 1}}}x` })])),
      },
    }],
    ['a stored parameter that contains itself', { Resources: { P: resource('AWS::SSM::Parameter', { Name: 'p', Value: '{{resolve:ssm:p}}{{resolve:ssm:p}}{{resolve:' }), A: fn({ X: '{{resolve:ssm:p}}' }) } }],
    ['conditions that multiply themselves', { Resources: { A: fn({ X: join(...Array.from({ length: 5000 }, () => ({ 'Fn::If': ['C', 'a'.repeat(100), 'b'.repeat(100)] }))) }) } }],
    ['exports that multiply themselves', {
      Outputs: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`O${i}`, { Value: join({ 'Fn::ImportValue': `e${i + 1}` }, { 'Fn::ImportValue': `e${i + 1}` }), Export: { Name: `e${i}` } }])),
      Resources: { A: fn({ X: { 'Fn::ImportValue': 'e0' } }) },
    }],
    ['a cycle of parameters', { Parameters: { A: { Type: 'String', Default: ref('A') } }, Resources: { R: resource('AWS::Lambda::Function', { Role: ref('A') }) } }],
    ['long texts', { Resources: Object.fromEntries(['a.', '.:', 'amazon.nova-', 'a:', '${'].map((part, i) => [`A${i}`, fn({ X: part.repeat(50_000), Y: { 'Fn::Sub': part.repeat(50_000) } })])) }],
    ['patterns of many wildcards', { Resources: { A: policy(...Array.from({ length: 500 }, (_, i) => allow(`bedrock:${'*a'.repeat(90)}${i}`))) } }],
    ['a definition that is nested deeply', { Resources: { A: machine('['.repeat(100_000)) } }],
  ])('%s', (_, template) => {
    expect(usagesOf([{ stack: 'S', template }])).toEqual([]);
  });

  test('names of prototypes are names', () => {
    const template = JSON.parse(`{"Resources":{"__proto__":{"Type":"AWS::Bedrock::Agent","Properties":{"FoundationModel":"${NOVA}"}},"toString":{"Type":"constructor"}}}`);
    expect(usagesOf([{ stack: 'S', template }]).map(line)).toEqual([`agent __proto__: ${NOVA}`]);
  });
});
