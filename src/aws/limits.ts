/**
 * Limits of AWS that this library respects. `npm run test:aws-names` compares them with AWS's API models, and lists the limits that the
 * models do not contain.
 */
export const Limit = {
  // Amazon Bedrock
  PROVISIONED_MODEL_NAME: 63,
  INFERENCE_PROFILE_NAME: 64,
  INFERENCE_PROFILE_DESCRIPTION: 200,
  JOB_TIMEOUT_HOURS_MIN: 24,
  JOB_TIMEOUT_HOURS_MAX: 168,
  JOB_SECURITY_GROUPS: 5,
  /** Quotas of batch inference of most models. An account can have other quotas. @see https://docs.aws.amazon.com/general/latest/gr/bedrock.html#limits_bedrock */
  JOB_RECORDS_MIN: 100,
  JOB_RECORDS: 50_000,
  JOB_BYTES: 5_000_000_000,
  JOB_FILE_BYTES: 1_000_000_000,
  JOBS_AT_A_TIME: 20,
  /** Maximum tags of a resource. @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_TooManyTagsException.html */
  TAGS: 50,
  TAG_KEY: 128,
  TAG_VALUE: 256,

  // Amazon CloudWatch
  ALARM_DESCRIPTION: 1024,
  ALARM_RULE: 10_240,
  ALARM_NAME: 255,
  /** Maximum actions for each state of an alarm. */
  ALARM_ACTIONS: 5,
  DIMENSION_VALUE: 1024,
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
  METRICS_OF_MATH_ALARM: 10,
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
  METRIC_DATA_QUERIES: 500,
  /** Maximum datapoints in a response of GetMetricData. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
  METRIC_DATA_POINTS: 100_800,
  /** Metrics on a page of ListMetrics. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
  LISTED_METRICS: 500,

  // Amazon S3
  /** Bytes of a key in UTF-8. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
  OBJECT_KEY: 1024,

  // AWS Budgets
  NOTIFICATIONS_OF_BUDGET: 5,
  EMAILS_OF_NOTIFICATION: 10,
  ROLES_OF_BUDGET_ACTION: 100,

  // AWS CloudFormation
  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
  TEMPLATE_RESOURCES: 500,
  /**
   * Maximum bytes of a template in Amazon S3, to which the CDK CLI uploads it. The page states 1 MB; CloudFormation refuses a larger
   * template with "Template may not exceed 1000000 bytes in size", and CDK warns from the same number of characters.
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
   */
  TEMPLATE_BYTES: 1_000_000,

  // AWS IAM
  POLICY_DESCRIPTION: 1000,
  /** Characters without white space. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  MANAGED_POLICY: 6144,
  /** By default. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  MANAGED_POLICIES_OF_ROLE: 10,

  // AWS Lambda
  FUNCTION_DESCRIPTION: 256,

  // Amazon EventBridge Scheduler
  SCHEDULE_DESCRIPTION: 512,
  /** Characters. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html */
  SCHEDULE_INPUT: 262_144,

  // Amazon SNS: "less than 100 characters"
  NOTIFICATION_SUBJECT: 99,

  // AWS Step Functions
  EXECUTION_CAUSE: 32_768,

  // AWS Systems Manager
  /** Bytes of a standard parameter's value. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
  PARAMETER_VALUE: 4096,
} as const;
