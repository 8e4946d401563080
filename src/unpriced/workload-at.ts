import { constructPath } from './plain-template';
import { Usage } from './usages';
import { FoundWorkload, ofNamedModel } from './workloads';
import { PricingError } from '../input/error';
import { ModelId } from '../pricing/model-id';
import { BILLING_MODES, billingModeName, hasModel, UsageFields } from '../pricing/workload';

/** The workload of a construct, and the region of its use. */
export interface WorkloadAt {
  readonly workload: FoundWorkload;
  /** Null if the region is known only at deployment. */
  readonly region: string | null;
}

/** Names of uses in a message. */
const SHOWN = 5;

/**
 * Finds the workload of a construct that volumes are for. Of several, such as the transitions and the models of a flow, it is the one that
 * has all given fields.
 *
 * @param found description of the construct, for a construct without a use
 * @param given the volumes; the model as well, if the construct names none or several
 * @throws PricingError if no use has a price, or several workloads fit
 */
export function workloadAt(usages: readonly Usage[], path: string, found: string, { model, ...given }: UsageFields): WorkloadAt {
  const uses = usesAt(usages, path);
  const all = uses.flatMap((usage) => usage.workloads.map((workload) => ({ usage, workload })));
  if (all.length === 0) throw withoutUse(uses, found);
  if (uses.filter(({ workloads }) => workloads.length > 0).length > 1) throw several(all);
  const fields = Object.keys(given);
  const fitting = all.filter(({ workload: { type } }) => fields.every((field) => BILLING_MODES[type].fields.checks.has(field)));
  const candidates = fitting.length > 0 ? fitting : all.slice(0, 1);
  const ofModel = model === undefined ? candidates : candidates.filter(({ workload }) => isOfModel(workload, model));
  // A construct may call a model through several inference profiles.
  const exact = ofModel.filter(({ workload }) => workload.model === model);
  const named = exact.length === 1 ? exact : ofModel;
  const [first, ...others] = named;
  if (first === undefined) throw otherModel(model!, candidates.map(({ workload }) => workload));
  if (others.length > 0) throw several(named);
  const { usage: { region }, workload } = first;
  if (model !== undefined) return { workload: ofNamedModel(workload, model), region };
  if (hasModel(workload.type) && workload.model === undefined) {
    throw new PricingError('model', undefined, 'the id of the model, such as "us.amazon.nova-pro-v1:0", which the template of the construct does not name');
  }
  return { workload, region };
}

/** The uses that are reported at or below a construct; otherwise those that it is a part of, such as a data source of a knowledge base. */
function usesAt(usages: readonly Usage[], path: string): Usage[] {
  const isAt = (other: string) => other === path || other.startsWith(`${path}/`) || constructPath(other) === path;
  const own = usages.filter((usage) => isAt(usage.path));
  return own.length > 0 ? own : usages.filter(({ paths }) => paths.some(isAt));
}

function isOfModel({ type, model }: FoundWorkload, given: string): boolean {
  return hasModel(type) && (model === undefined || ModelId.parse(model).bareId === ModelId.parse(given).bareId);
}

function withoutUse(uses: readonly Usage[], found: string): PricingError {
  const [use] = uses;
  if (use === undefined) {
    return PricingError.about('construct', `must use Amazon Bedrock, got ${found}`,
      'Pass the agent, knowledge base, guardrail, flow, state machine, function or role that does, or add the cost with a method for its billing mode, such as addOnDemand.');
  }
  const what = use.billing === 'free' ? 'is free' : 'no price book covers';
  return PricingError.about('construct', `must have a use with a price, got ${found}, whose use (${use.kind}) ${what}`);
}

function otherModel(given: string, workloads: readonly FoundWorkload[]): PricingError {
  const models = workloads.flatMap(({ model }) => model ?? []);
  if (models.length > 0) return new PricingError('model', given, `one of ${models.join(', ')}, as the construct has it`);
  return PricingError.about('model', `must be left out, since no model is part of the price (${billingModeName(workloads[0].type)})`);
}

function several(candidates: readonly { readonly usage: Usage; readonly workload: FoundWorkload }[]): PricingError {
  const models = [...new Set(candidates.flatMap(({ workload }) => workload.model ?? []))];
  const uses = [...new Set(candidates.map(({ usage }) => `${usage.path} (${usage.kind})`))];
  if (uses.length > 1) {
    const more = uses.length > SHOWN ? ` and ${uses.length - SHOWN} more` : '';
    return PricingError.about('construct', `must have one use of Amazon Bedrock, got ${uses.slice(0, SHOWN).join(', ')}${more}`,
      'Pass the construct of one of them, or add each with a method for its billing mode, such as addOnDemand.');
  }
  return new PricingError('model', undefined, `one of ${models.join(', ')}`, 'Add the others with CostEstimates.of(construct).addOnDemand.');
}
