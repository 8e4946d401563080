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
export { BatchInference } from './inference/batch/batch-inference';
export { BatchInferenceProps, BatchQuotas, BatchTaskOptions, ModelInvocationType, SmallRuns } from './inference/batch/batch-inference-props';
export { BatchPromptOptions, BatchPrompts } from './inference/batch/prompts';
export { IBedrockInvokable } from './inference/bedrock-invokable';
export { BedrockModel } from './inference/bedrock-model';
export { BedrockInvokableAttributes } from './inference/bedrock-model-base';
export { ProfileGeography } from './inference/profile-geography';
export { ProvisionedModelThroughput } from './inference/provisioned/provisioned-model-throughput';
export { ProvisionedModelThroughputProps, ThroughputRemoval } from './inference/provisioned/provisioned-model-throughput-props';
export { IProvisionedModelThroughput } from './inference/provisioned/provisioned-throughput-base';
export { DayOfWeek, ThroughputSchedule } from './inference/provisioned/schedule';
export { Discount } from './pricing/price-book/discount';
export { CostCalculator } from './pricing/calculator';
export { ComparisonUsage, CostComparison, ModelAlternative, PurchaseOption, PurchaseWay } from './pricing/comparison/comparison';
export { CostEstimate, CostLineItem, MissingPrice, UnitCost } from './pricing/estimate';
export { PriceBook } from './pricing/price-book/price-book';
export { CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateQuery, RateUnit } from './pricing/price-book/rate';
export {
  BatchUsage, BatchWorkload, CacheTtl, CustomModelImportUsage, CustomModelImportWorkload, CustomizationUsage,
  CustomizationWorkload, EvaluationUsage, EvaluationWorkload, FlowUsage, FlowWorkload, GuardrailUsage,
  GuardrailWorkload, ImageUsage, ImageWorkload, InferenceLatency, KnowledgeBaseUsage, KnowledgeBaseWorkload,
  OnDemandUsage, OnDemandWorkload, ProvisionedUsage, ProvisionedWorkload, RerankUsage, RerankWorkload, ReservedUsage,
  ReservedWorkload, ServiceTier, SpeechUsage, SpeechWorkload, VideoUsage, VideoWorkload, WebGroundingUsage,
  WebGroundingWorkload,
} from './pricing/billing-modes/usage';
export { CostReport, CostReportOptions } from './synth-output/cost-report';
