import { ACTIONS_WITH_CHARGE, ActionBilling } from './billing-table';
import { declaredModels, modelIdsIn } from './model-names';
import { at, eachText, isObject, parsed, PlainTemplates, Resource, textsAt, withoutMarks } from './plain-template';

/** Calls of Amazon Bedrock that a resource makes without code: a task of a state machine, the target of a schedule, an integration. */
export interface Calls {
  readonly resource: Resource;
  /** Billing of the first call. */
  readonly billing: ActionBilling;
  /** As the resource names them: `bedrock:InvokeModel`. */
  readonly actions: readonly string[];
  readonly models: readonly string[];
  /** Resources of the templates that the calls name, such as an inference profile. */
  readonly refs: readonly Resource[];
}

const MAX_DEPTH = 100;

/** Reads the calls of each kind that a resource makes. */
export function callsOf(templates: PlainTemplates, resource: Resource): Calls[] {
  const found = new Map<string, FoundCalls>();
  for (const { action, parameters } of rawCalls(resource)) {
    const billing = ACTIONS_WITH_CHARGE.find((known) => known.action.toLowerCase() === action.toLowerCase());
    if (billing === undefined) continue;
    const calls: FoundCalls = found.get(billing.kind) ?? { billing, actions: new Set(), models: new Set(), refs: new Set() };
    found.set(billing.kind, calls);
    calls.actions.add(billing.action);
    for (const model of modelsOf(parameters)) calls.models.add(model);
    eachText(parameters, (text) => { for (const ref of templates.refsIn(text)) calls.refs.add(ref); });
  }
  return [...found.values()].map(({ billing, actions, models, refs }) =>
    ({ resource, billing, actions: [...actions], models: [...models], refs: [...refs] }));
}

/** Calls of one kind while they are collected. */
interface FoundCalls {
  readonly billing: ActionBilling;
  readonly actions: Set<string>;
  readonly models: Set<string>;
  readonly refs: Set<Resource>;
}

/** An operation with its parameters: an object, or a text that could not be parsed. */
interface RawCall {
  readonly action: string;
  readonly parameters: unknown;
}

function rawCalls({ type, properties, logicalId, source }: Resource): RawCall[] {
  switch (type) {
    case 'AWS::StepFunctions::StateMachine':
    case 'AWS::Serverless::StateMachine': return callsOfStateMachine(properties, source.definitions?.get(logicalId));
    case 'AWS::Scheduler::Schedule': return at(properties, 'Target').flatMap((target) => textsAt(target, 'Arn').flatMap((arn) => operation(arn, ':aws-sdk:', textsAt(target, 'Input').map(parsed))));
    case 'AWS::AppSync::DataSource': return callsOfDataSource(properties);
    case 'AWS::ApiGateway::Method': return callsOfMethod(properties);
    case 'AWS::Lex::Bot': return callsOfBot(properties);
    case 'AWS::Events::ApiDestination': return endpointCall(textsAt(properties, 'InvocationEndpoint'));
    case 'AWS::SSM::Document': return at(properties, 'Content').map((content) => (typeof content === 'string' ? parsed(content) : content)).flatMap(callsOfAutomation);
    case 'AWS::Events::Rule': return textsAt(properties, 'Targets', 'Input').flatMap(callOfSdk);
    default: return isCustomResource(type) ? ['Create', 'Update'].flatMap((event) => textsAt(properties, event)).flatMap(callOfSdk) : [];
  }
}

/** True for the type of a custom resource. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function callsOfStateMachine(properties: unknown, definition: string | undefined): RawCall[] {
  const texts = [...textsAt(properties, 'DefinitionString'), ...(definition === undefined ? [] : [definition])].map((text) => withSubstitutions(text, properties)).map(parsed);
  return [...texts, ...at(properties, 'Definition')].flatMap((states) => (typeof states === 'string' ? callsInText(states) : tasksIn(states, 0)));
}

/** Replaces `${name}` with the values of `DefinitionSubstitutions`. */
function withSubstitutions(text: string, properties: unknown): string {
  const values = new Map(at(properties, 'DefinitionSubstitutions').flatMap((table) => (isObject(table) ? Object.entries(table) : [])));
  if (values.size === 0) return text;
  const [first, ...rest] = text.split('${');
  return [first, ...rest.map((part) => {
    const end = part.indexOf('}');
    const value = end < 0 ? undefined : values.get(part.slice(0, end));
    return typeof value === 'string' ? value + part.slice(end + 1) : `\${${part}`;
  })].join('');
}

/** Tasks of a state machine, also those of its branches and maps. */
function tasksIn(value: unknown, depth: number): RawCall[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((part) => tasksIn(part, depth + 1));
  if (!isObject(value)) return [];
  const own = typeof value.Resource === 'string' ? operation(value.Resource, ':states:::', [value.Parameters, value.Arguments]) : [];
  return [...own, ...Object.values(value).flatMap((part) => tasksIn(part, depth + 1))];
}

/** Tasks of a definition that is not valid JSON, such as one with a number that only the deployment knows. */
function callsInText(text: string): RawCall[] {
  const [, ...tasks] = text.split(':states:::');
  const names = new Set(tasks.map((task) => task.slice(0, 200).split('"', 1)[0].split('\\', 1)[0]));
  const models = modelIdsIn(text).join(' ');
  return [...names].flatMap((name) => operation(`:states:::${name}`, ':states:::', [models]));
}

/** The operation of an integration: `:states:::bedrock:invokeModel`, `:states:::aws-sdk:bedrockruntime:converse`. */
function operation(arn: string, prefix: string, parameters: readonly unknown[]): RawCall[] {
  const start = arn.indexOf(prefix);
  if (start < 0) return [];
  const parts = arn.slice(start + prefix.length).split(':').filter((part) => part !== 'aws-sdk');
  const [service = '', name = ''] = parts.map((part) => part.split('.', 1)[0]);
  if (service === 'http') return endpointCall(parameters.flatMap((part) => textsAt(part, 'ApiEndpoint')));
  const action = actionOf(service, name);
  return action === undefined ? [] : [{ action, parameters }];
}

/** The IAM action of an operation of an SDK. Amazon Bedrock has several SDKs and one prefix of actions. */
function actionOf(service: string, name: string): string | undefined {
  const compact = service.toLowerCase().replace(/[^a-z]/g, '');
  if (!compact.startsWith('bedrock')) return undefined;
  return `${compact.startsWith('bedrockagentcore') ? 'bedrock-agentcore' : 'bedrock'}:${name.split('-').join('')}`;
}

/** A request to an endpoint, whose operation is at the end of its path: `/model/ID/converse`. */
function endpointCall(urls: readonly string[]): RawCall[] {
  return urls.filter((url) => /^https:\/\/bedrock(-mantle|-runtime|-agent-runtime)[.-]/.test(url))
    .map((url) => ({ action: url.includes('bedrock-agent-runtime') ? 'bedrock:InvokeAgent' : 'bedrock:InvokeModel', parameters: decoded(url) }));
}

function decoded(url: string): string {
  return url.split('%3A').join(':').split('%3a').join(':').split('%2F').join('/');
}

function callsOfDataSource(properties: unknown): RawCall[] {
  if (textsAt(properties, 'Type').includes('AMAZON_BEDROCK_RUNTIME')) return [{ action: 'bedrock:InvokeModel', parameters: undefined }];
  return endpointCall(textsAt(properties, 'HttpConfig', 'Endpoint'));
}

/** An integration with AWS: `arn:aws:apigateway:us-east-1:bedrock-runtime:path/model/ID/invoke`. */
function callsOfMethod(properties: unknown): RawCall[] {
  return textsAt(properties, 'Integration', 'Uri').flatMap((uri) => {
    const [, , service, , target = '', ...rest] = uri.split(':');
    if (service !== 'apigateway') return endpointCall([uri]);
    const name = rest.join(':').split('/').pop() ?? '';
    if (!target.startsWith('bedrock')) return [];
    return [{ action: target.includes('agent') ? 'bedrock:InvokeAgent' : 'bedrock:InvokeModel', parameters: [decoded(rest.join(':')), name] }];
  });
}

/** Generative features of a bot name a model, an agent or a knowledge base. */
function callsOfBot(properties: unknown): RawCall[] {
  const calls: RawCall[] = [];
  eachText(properties, (text, names) => {
    const name = names[names.length - 1];
    if (name === 'ModelArn' && names.some((part) => part.startsWith('Bedrock'))) calls.push({ action: 'bedrock:InvokeModel', parameters: { ModelArn: text } });
    if (name === 'BedrockAgentId') calls.push({ action: 'bedrock:InvokeAgent', parameters: text });
    if (name === 'BedrockKnowledgeBaseArn') calls.push({ action: 'bedrock:Retrieve', parameters: text });
  });
  return calls;
}

/** The steps of an automation of Systems Manager that call an API. */
function callsOfAutomation(content: unknown): RawCall[] {
  return at(content, 'mainSteps', 'inputs').filter(isObject).flatMap((inputs) => callOf(inputs.Service, inputs.Api, inputs));
}

/** The call of CDK's `AwsCustomResource`, or of its target `AwsApi` of a rule. */
function callOfSdk(text: string): RawCall[] {
  const call = parsed(text);
  if (!isObject(call)) return [];
  return callOf(call.service, call.action, call.parameters);
}

function callOf(service: unknown, name: unknown, parameters: unknown): RawCall[] {
  if (typeof service !== 'string' || typeof name !== 'string') return [];
  const action = actionOf(service.replace(/^@aws-sdk\/client-/, ''), name.replace(/Command$/, ''));
  return action === undefined ? [] : [{ action, parameters }];
}

/** The models of the parameters of a call: fields such as `ModelId`, `modelArn`, `baseModelIdentifier`; otherwise the ids in its texts. */
function modelsOf(parameters: unknown): string[] {
  const models: string[] = [];
  eachText(parameters, (text, names) => {
    const isField = /model(id|arn|identifier)?$/i.test(names[names.length - 1] ?? '');
    models.push(...(isField ? declaredModels(withoutUnknown(text)) : []));
    if (names.length === 0) models.push(...modelIdsIn(withoutMarks(text)));
  });
  return models;
}

/** JSONPath and JSONata expressions are known only when the state machine runs. */
function withoutUnknown(text: string): string {
  return text.startsWith('$') || text.startsWith('{%') ? '' : text;
}
