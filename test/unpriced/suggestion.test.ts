import * as ts from 'typescript';
import { resource, stack } from './templates';
import { CostCalculator } from '../../src/pricing/calculator';
import { Kind, KINDS } from '../../src/unpriced/billing-table';
import { PlainTemplates } from '../../src/unpriced/plain-template';
import { suggestionOf } from '../../src/unpriced/suggestion';
import { workloadsOf } from '../../src/unpriced/workloads';

interface Use {
  readonly path: string;
  readonly kind: Kind;
  readonly models: readonly string[];
  readonly type?: string;
  readonly properties?: object;
}

const USE: Use = { path: 'App/Chat/Resource', kind: 'model-invocation', models: ['us.amazon.nova-pro-v1:0'] };

function textOf({ path, kind, models, type = 'AWS::Lambda::Function', properties }: Use): string {
  const [workload] = workloadsOf({ kind, models, parts: new PlainTemplates([stack({ Chat: resource(type, properties) })]).resources });
  return suggestionOf('App', path, workload);
}

test.each<[Use, string]>([
  [USE, "CostEstimates.of(stack).addOnDemand('Chat', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })"],
  [{ ...USE, models: [] }, "CostEstimates.of(stack).addOnDemand('Chat', { model: ..., requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })"],
  [{ ...USE, path: 'App/Api/Chat/Resource' }, "CostEstimates.of(stack.node.findChild('Api')).addOnDemand('Chat', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: ..., inputTokensPerRequest: ..., outputTokensPerRequest: ... })"],
  [{ ...USE, models: ['amazon.titan-embed-text-v2:0'] }, "CostEstimates.of(stack).addOnDemand('Chat', { model: 'amazon.titan-embed-text-v2:0', requestsPerMonth: ..., inputTokensPerRequest: ... })"],
  [{ ...USE, models: ['amazon.nova-canvas-v1:0'] }, "CostEstimates.of(stack).addImage('Chat', { model: 'amazon.nova-canvas-v1:0', imagesPerMonth: ..., resolution: ..., quality: ... })"],
  [{ ...USE, kind: 'batch-inference' }, "CostEstimates.of(stack).addBatch('Chat', { model: 'us.amazon.nova-pro-v1:0', jobsPerMonth: ..., recordsPerJob: ..., inputTokensPerRecord: ..., outputTokensPerRecord: ... })"],
  [{ ...USE, kind: 'web-grounding' }, "CostEstimates.of(stack).addWebGrounding('Chat', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: ... })"],
  [{ ...USE, kind: 'flow', models: [] }, "CostEstimates.of(stack).addFlow('Chat', { nodeTransitionsPerMonth: ... })"],
  [{ ...USE, kind: 'knowledge-base', properties: { KnowledgeBaseConfiguration: { Type: 'MANAGED' } } }, "CostEstimates.of(stack).addKnowledgeBase('Chat', { indexedGigabytes: ..., retrievalsPerMonth: ... })"],
  [{ ...USE, kind: 'guardrail', models: [], type: 'AWS::Bedrock::Guardrail', properties: { TopicPolicyConfig: {} } }, "CostEstimates.of(stack).addGuardrail('Chat', { policies: ['denied-topics'], textsPerMonth: ..., charactersPerText: ... })"],
])('%j', (use, expected) => {
  expect(textOf(use)).toBe(expected);
});

/** True if a text is one statement in TypeScript. */
function isStatement(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.length === 0;
}

test.each(['it\'s', 'a\\b', 'new\nline', '${x}', "');process.exit();('"])('the id %j cannot leave its text', (id) => {
  const text = textOf({ ...USE, path: `App/${id}` }).replace(/: \.\.\./g, ': 1');
  expect(isStatement(text)).toBe(true);
});

test.each(KINDS)('the estimate of %s has the fields that its billing mode requires', (kind) => {
  const text = textOf({ ...USE, kind });
  const [, method, fields] = /\.add(\w+)\('Chat', \{ (.*) \}\)$/.exec(text)!;
  const price = (new CostCalculator() as unknown as { [method: string]: (usage: object) => unknown })[`${method[0].toLowerCase()}${method.slice(1)}`];
  expect(typeof price).toBe('function');
  const usage: { [field: string]: unknown } = Object.fromEntries(fields.split(', ').map((field) => {
    const [name, ...value] = field.split(': ');
    return [name, value.join(': ') === '...' ? VALUES[name] ?? 1 : value.join(': ').replace(/'/g, '')];
  }));
  expect(() => price.call(new CostCalculator(), { region: 'us-east-1', ...usage })).not.toThrow();
});

/** Values of fields that are not plain numbers. */
const VALUES: { readonly [field: string]: unknown } = { policies: ['content-text'], customModelUnitVersion: '1.0', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000 };
