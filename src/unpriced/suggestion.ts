import { constructPath } from './plain-template';
import { FoundWorkload, UsageField } from './workloads';
import { hasModel, WorkloadType } from '../pricing/workload';

/** The method of `CostEstimates` for a billing mode. */
const METHODS: { readonly [type in WorkloadType]: string } = {
  'on-demand': 'addOnDemand',
  'batch': 'addBatch',
  'provisioned-throughput': 'addProvisioned',
  'reserved': 'addReserved',
  'customization': 'addCustomization',
  'custom-model-import': 'addCustomModelImport',
  'image': 'addImage',
  'video': 'addVideo',
  'speech': 'addSpeech',
  'rerank': 'addRerank',
  'guardrail': 'addGuardrail',
  'knowledge-base': 'addKnowledgeBase',
  'flow': 'addFlow',
  'web-grounding': 'addWebGrounding',
  'evaluation': 'addEvaluation',
};

/**
 * The line of code that prices a workload of a use: `CostEstimates.of(stack).addOnDemand('Chat', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: ... })`.
 * The estimate has the path of the construct, so that the use is priced then.
 */
export function suggestionOf(stack: string, path: string, { type, model, known, asked }: FoundWorkload): string {
  const values = [
    ...(hasModel(type) ? [`model: ${model === undefined ? '...' : quoted(model)}`] : []),
    ...Object.entries(known).map(([field, value]) => `${field}: ${valueText(value)}`),
    ...asked.map((field: UsageField) => `${field}: ...`),
  ];
  const { scope, id } = placeOf(stack, path);
  return `CostEstimates.of(${scope}).${METHODS[type]}(${quoted(id)}, { ${values.join(', ')} })`;
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).map(quoted).join(', ')}]` : String(value);
}

/** The scope and the id of an estimate whose path is that of the construct. */
function placeOf(stack: string, path: string): { readonly scope: string; readonly id: string } {
  const construct = constructPath(path);
  const inner = construct.startsWith(`${stack}/`) ? construct.slice(stack.length + 1) : construct;
  const names = inner.split('/').filter((name) => name !== '');
  const id = names.pop() ?? 'Bedrock';
  return { scope: `stack${names.map((name) => `.node.findChild(${quoted(name)})`).join('')}`, id };
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).split('\\"').join('"').split("'").join("\\'")}'`;
}
