export { BudgetAcknowledgement } from './budgets/budget-acknowledgement';
export { CostBudget } from './budgets/cost-budget';
export { BudgetEnforcement, CostBudgetProps, MissingPricePolicy } from './budgets/cost-budget-props';
export { BudgetDashboardProps } from './budgets/dashboard';
export { DenyInvocationsOptions, StopAction, StopActionOptions } from './budgets/stop-actions/stop-action';
export { BurnRate } from './budgets/burn-rate';
export { CostEstimates } from './registration/cost-estimates';
export {
  ApplicationInferenceProfile, ApplicationInferenceProfileAttributes, ApplicationInferenceProfileProps, IApplicationInferenceProfile,
} from './inference/application-inference-profile';
export { IBatchInference } from './inference/batch/base';
export { BatchInference } from './inference/batch/batch-inference';
export { BatchInput } from './inference/batch/input';
export {
  BatchInferenceAttributes, BatchInferenceProps, BatchQuotas, BatchTaskOptions, ModelInvocationType, SmallRuns,
} from './inference/batch/props';
export { BatchPromptOptions, BatchPrompts } from './inference/batch/prompts';
export { IBedrockInvokable } from './inference/bedrock-invokable';
export { BedrockModel } from './inference/bedrock-model';
export { BedrockInvokableAttributes } from './inference/bedrock-model-base';
export { IInvocationMetrics } from './inference/invocation-metrics';
export { ProfileGeography } from './inference/profile-geography';
export { IProvisionedModelThroughput } from './inference/provisioned/base';
export {
  ProvisionedModelThroughputProps, ScheduledModelThroughputAttributes, ScheduledModelThroughputProps,
} from './inference/provisioned/props';
export { ProvisionedModelThroughput } from './inference/provisioned/provisioned-model-throughput';
export { DayOfWeek, ThroughputSchedule } from './inference/provisioned/schedule';
export { IScheduledModelThroughput } from './inference/provisioned/scheduled-base';
export { ScheduledModelThroughput } from './inference/provisioned/scheduled-model-throughput';
export { Discount } from './pricing/price-book/discount';
export { CostCalculator } from './pricing/calculator';
export { ComparisonUsage, CostComparison, ModelAlternative, PurchaseOption, BillingMode } from './pricing/comparison/comparison';
export { CostEstimate, CostLineItem, MissingPrice, UnitCost } from './pricing/estimate';
export { PriceBook } from './pricing/price-book/price-book';
export { CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateUnit } from './pricing/price-book/rate';
export { BatchUsage, BatchWorkload } from './pricing/billing-modes/batch';
export { CustomModelImportWorkload } from './pricing/billing-modes/custom-model-import';
export { CustomizationWorkload } from './pricing/billing-modes/customization';
export { EvaluationWorkload } from './pricing/billing-modes/evaluation';
export { FlowWorkload } from './pricing/billing-modes/flow';
export { GuardrailWorkload } from './pricing/billing-modes/guardrail';
export { ImageWorkload } from './pricing/billing-modes/image';
export { KnowledgeBaseWorkload } from './pricing/billing-modes/knowledge-base';
export { CacheTtl, InferenceLatency, OnDemandUsage, OnDemandWorkload, ServiceTier } from './pricing/billing-modes/on-demand';
export { ProvisionedUsage, ProvisionedWorkload } from './pricing/billing-modes/provisioned';
export { RerankWorkload } from './pricing/billing-modes/rerank';
export { ReservedWorkload } from './pricing/billing-modes/reserved';
export { SpeechWorkload } from './pricing/billing-modes/speech';
export { VideoWorkload } from './pricing/billing-modes/video';
export { WebGroundingWorkload } from './pricing/billing-modes/web-grounding';
export { ConstructUsage } from './registration/construct-usage';
export { CostReport } from './registration/cost-report';
export { PriceSettings, PriceSettingsOptions } from './registration/price-settings';
export { UnpricedUsage } from './registration/unpriced-usage';
