import { UsageFields, Workload } from './usage-file';
import { WorkloadType } from './workload-types';
import {
  BatchWorkload, CustomizationWorkload, CustomModelImportWorkload, DEFAULT_HOURS_PER_MONTH, EvaluationWorkload, FlowWorkload, GuardrailWorkload,
  ImageWorkload, KnowledgeBaseWorkload, OnDemandWorkload, ProvisionedWorkload, RerankWorkload, ReservedWorkload, SpeechWorkload, VideoWorkload,
  WebGroundingWorkload,
} from '../pricing/billing-modes/usage';
import { CostCalculator } from '../pricing/calculator';
import { CostEstimate } from '../pricing/estimate';
import { PriceBook } from '../pricing/price-book/price-book';

/** What holds for a workload that does not say otherwise. */
export interface WorkloadDefaults {
  readonly region?: string;
  readonly hoursPerMonth?: number;
}

/** The function behind each way of paying. It checks what it is given, whatever a file or a program holds. */
const WAYS: { readonly [type in WorkloadType]: (calculator: CostCalculator, usage: unknown) => CostEstimate } = {
  'on-demand': (calculator, usage) => calculator.onDemand(usage as OnDemandWorkload),
  'batch': (calculator, usage) => calculator.batch(usage as BatchWorkload),
  'provisioned-throughput': (calculator, usage) => calculator.provisioned(usage as ProvisionedWorkload),
  'reserved': (calculator, usage) => calculator.reserved(usage as ReservedWorkload),
  'customization': (calculator, usage) => calculator.customization(usage as CustomizationWorkload),
  'custom-model-import': (calculator, usage) => calculator.customModelImport(usage as CustomModelImportWorkload),
  'image': (calculator, usage) => calculator.image(usage as ImageWorkload),
  'video': (calculator, usage) => calculator.video(usage as VideoWorkload),
  'speech': (calculator, usage) => calculator.speech(usage as SpeechWorkload),
  'rerank': (calculator, usage) => calculator.rerank(usage as RerankWorkload),
  'guardrail': (calculator, usage) => calculator.guardrail(usage as GuardrailWorkload),
  'knowledge-base': (calculator, usage) => calculator.knowledgeBase(usage as KnowledgeBaseWorkload),
  'flow': (calculator, usage) => calculator.flow(usage as FlowWorkload),
  'web-grounding': (calculator, usage) => calculator.webGrounding(usage as WebGroundingWorkload),
  'evaluation': (calculator, usage) => calculator.evaluation(usage as EvaluationWorkload),
};

/** What a workload costs in an average month. */
export function estimateWorkload(book: PriceBook, { type, model, region, usage }: Workload, defaults: WorkloadDefaults): CostEstimate {
  return WAYS[type](new CostCalculator(book), {
    hoursPerMonth: defaults.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH,
    ...usage,
    // A way without a model knows no such field.
    ...(model === undefined ? {} : { model }),
    region: region ?? defaults.region,
  });
}

/** What it costs in a slow month; undefined when the workload does not say how one differs. */
export function estimateLow(book: PriceBook, workload: Workload, defaults: WorkloadDefaults): CostEstimate | undefined {
  return workload.low && estimateWorkload(book, withFields(workload, workload.low), defaults);
}

/** What it costs in a busy month; undefined when the workload does not say how one differs. */
export function estimateHigh(book: PriceBook, workload: Workload, defaults: WorkloadDefaults): CostEstimate | undefined {
  return workload.high && estimateWorkload(book, withFields(workload, workload.high), defaults);
}

function withFields(workload: Workload, fields: UsageFields): Workload {
  return { ...workload, usage: { ...workload.usage, ...fields } };
}
