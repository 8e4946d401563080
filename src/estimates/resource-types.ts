import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * The regions whose CloudFormation lacks a resource type that this library makes. It has all others in every region.
 *
 * From CloudFormation's own registry of each region, as cfn-lint 1.58.0 carries it (of 2026-10-20); `npm run test:templates`
 * compares this table with it, and with all types that the constructs make. Of the isolated partitions nothing is known.
 */
const BUDGETS = [
  'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5',
  'ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1',
  'mx-central-1', 'us-gov-east-1', 'us-gov-west-1',
];
const COST_EXPLORER = [
  'ap-east-2', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'mx-central-1', 'us-gov-east-1', 'us-gov-west-1',
];
const INFERENCE_PROFILES = [
  'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-west-1',
  'cn-north-1', 'cn-northwest-1', 'eu-north-1', 'eu-south-2', 'il-central-1', 'mx-central-1', 'us-gov-east-1', 'us-gov-west-1', 'us-west-1',
];

export const MISSING_TYPES = {
  'AWS::Bedrock::ApplicationInferenceProfile': INFERENCE_PROFILES,
  'AWS::Budgets::Budget': BUDGETS,
  'AWS::Budgets::BudgetsAction': BUDGETS,
  'AWS::CE::AnomalyMonitor': COST_EXPLORER,
  'AWS::CE::AnomalySubscription': COST_EXPLORER,
} as const satisfies { readonly [type: string]: readonly string[] };

/** True if CloudFormation lacks the type in the region of the construct's stack; false where that is known at deployment only. */
export function isMissingType(scope: IConstruct, type: keyof typeof MISSING_TYPES): boolean {
  const regions: readonly string[] = MISSING_TYPES[type];
  return regions.includes(Stack.of(scope).region);
}
