import { batch, BATCH_FIELDS } from './billing-modes/batch';
import { CUSTOM_MODEL_IMPORT_FIELDS, customModelImport } from './billing-modes/custom-model-import';
import { customization, CUSTOMIZATION_FIELDS } from './billing-modes/customization';
import { evaluation, EVALUATION_FIELDS } from './billing-modes/evaluation';
import { checkWorkload, FieldTable, HoursPerMonth } from './billing-modes/field-table';
import { flow, FLOW_FIELDS } from './billing-modes/flow';
import { guardrail, GUARDRAIL_FIELDS } from './billing-modes/guardrail';
import { image, IMAGE_FIELDS } from './billing-modes/image';
import { KNOWLEDGE_BASE_FIELDS, knowledgeBase } from './billing-modes/knowledge-base';
import { ON_DEMAND_FIELDS, onDemand } from './billing-modes/on-demand';
import { provisioned, PROVISIONED_FIELDS } from './billing-modes/provisioned';
import { rerank, RERANK_FIELDS } from './billing-modes/rerank';
import { reserved, RESERVED_FIELDS } from './billing-modes/reserved';
import { speech, SPEECH_FIELDS } from './billing-modes/speech';
import { video, VIDEO_FIELDS } from './billing-modes/video';
import { WEB_GROUNDING_FIELDS, webGrounding } from './billing-modes/web-grounding';
import { CostEstimate } from './estimate';
import { PriceBook } from './price-book/price-book';

/** A billing mode: its name in a sentence, the fields of its workloads, and the formula of their cost, which checks the fields. */
interface BillingMode<W> {
  readonly name: string;
  readonly fields: FieldTable<W>;
  readonly formula: (book: PriceBook, workload: W) => CostEstimate;
}

const mode = <W>(name: string, fields: FieldTable<W>, formula: BillingMode<W>['formula']): BillingMode<W> => ({ name, fields, formula });

/** The billing modes. The union of workloads, the checks of fields and schemas/usage.schema.json follow from this table. */
const REGISTRY = {
  'on-demand': mode('on demand', ON_DEMAND_FIELDS, onDemand),
  'batch': mode('batch inference', BATCH_FIELDS, batch),
  'provisioned-throughput': mode('provisioned throughput', PROVISIONED_FIELDS, provisioned),
  'reserved': mode('the reserved tier', RESERVED_FIELDS, reserved),
  'customization': mode('customization', CUSTOMIZATION_FIELDS, customization),
  'custom-model-import': mode('custom model import', CUSTOM_MODEL_IMPORT_FIELDS, customModelImport),
  'image': mode('images', IMAGE_FIELDS, image),
  'video': mode('video', VIDEO_FIELDS, video),
  'speech': mode('speech', SPEECH_FIELDS, speech),
  'rerank': mode('reranking', RERANK_FIELDS, rerank),
  'guardrail': mode('guardrail', GUARDRAIL_FIELDS, guardrail),
  'knowledge-base': mode('managed knowledge base', KNOWLEDGE_BASE_FIELDS, knowledgeBase),
  'flow': mode('flow', FLOW_FIELDS, flow),
  'web-grounding': mode('web grounding', WEB_GROUNDING_FIELDS, webGrounding),
  'evaluation': mode('evaluation', EVALUATION_FIELDS, evaluation),
};

export type WorkloadType = keyof typeof REGISTRY;

type StructOf<M> = M extends BillingMode<infer W> ? W : never;
type Structs = { readonly [T in WorkloadType]: StructOf<(typeof REGISTRY)[T]> };

/** Usage of one billing mode in an average month. */
export type Workload<T extends WorkloadType = WorkloadType> = {
  readonly [type in T]: { readonly type: type; readonly usage: Structs[type] & HoursPerMonth };
}[T];

type Intersection<U> = (U extends unknown ? (part: U) => void : never) extends (part: infer I) => void ? I : never;

/** Fields of workloads of any billing mode, as a source states them: each with the type of its struct, none required. */
export type UsageFields = Partial<Intersection<Workload['usage']>>;

/** The settings of a workload that does not state its own. */
export interface PricingContext {
  readonly region?: string;
  readonly hoursPerMonth?: number;
}

export const BILLING_MODES: { readonly [T in WorkloadType]: BillingMode<Structs[T]> } = REGISTRY;

export function isWorkloadType(type: string): type is WorkloadType {
  return Object.hasOwn(REGISTRY, type);
}

/** The name of a billing mode in a sentence, such as `the reserved tier`; the type itself if another version of the library knows it. */
export function billingModeName(type: string): string {
  return isWorkloadType(type) ? BILLING_MODES[type].name : type;
}

/** True for billing modes whose price depends on a model. */
export function hasModel(type: WorkloadType): boolean {
  return BILLING_MODES[type].fields.checks.has('model');
}

export const WORKLOAD_TYPES: readonly WorkloadType[] = Object.keys(REGISTRY).filter(isWorkloadType);

/**
 * Reads the fields of a workload from a source that may state any, such as a usage file or the props of a construct.
 *
 * @throws PricingError that names the field
 */
export function readWorkload<T extends WorkloadType>(type: T, fields: UsageFields): Workload<T> {
  checkWorkload(fields, BILLING_MODES[type].fields);
  return { type, usage: fields };
}

/**
 * The cost of a workload in an average month.
 *
 * @throws PricingError that names the field, for callers without a compiler
 */
export function price<T extends WorkloadType>(book: PriceBook, { type, usage }: Workload<T>, context?: PricingContext): CostEstimate {
  if (context === undefined) return BILLING_MODES[type].formula(book, usage);
  const { hoursPerMonth, region } = context;
  return BILLING_MODES[type].formula(book, { hoursPerMonth, ...usage, region: usage.region ?? region });
}
