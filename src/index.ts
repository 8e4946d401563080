export { CostBudget, CostBudgetProps, BudgetEnforcement, MissingPricePolicy } from './budgets/cost-budget';
export { CostEstimates } from './estimates/cost-estimates';
export {
  ApplicationInferenceProfile, ApplicationInferenceProfileAttributes, ApplicationInferenceProfileProps, IApplicationInferenceProfile,
} from './inference/application-inference-profile';
export { BatchInference, BatchInferenceProps, ModelInvocationType } from './inference/batch-inference';
export { IBedrockInvokable } from './inference/bedrock-invokable';
export { BedrockInvokableAttributes, BedrockModel } from './inference/bedrock-model';
export { ProfileGeography } from './inference/profile-geography';
export { IProvisionedModelThroughput, ProvisionedModelThroughput, ProvisionedModelThroughputProps } from './inference/provisioned-model-throughput';
export { CostCalculator } from './pricing/calculator';
export { CostEstimate, CostLineItem, MissingPrice, UnitCost } from './pricing/estimate';
export { PriceBook } from './pricing/price-book';
export { CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateQuery, RateUnit } from './pricing/rate';
export {
  BatchUsage, BatchWorkload, CacheTtl, InferenceLatency, OnDemandUsage, OnDemandWorkload, ProvisionedUsage, ProvisionedWorkload, ServiceTier,
} from './pricing/usage';
export { CostReport, CostReportOptions } from './report/cost-report';
import './policy/budget-plugin';
