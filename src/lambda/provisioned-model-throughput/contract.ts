import { Limit } from '../../aws/limits';
import type { BusinessHours } from '../../pricing/business-hours';

/** The type of the custom resource in a template. */
export const RESOURCE_TYPE = 'Custom::BedrockProvisionedModelThroughput';

/**
 * The properties that the construct writes into the template and its handler reads. CloudFormation turns numbers and booleans into
 * strings.
 */
export interface ThroughputProperties {
  readonly modelId: string;
  readonly modelUnits: string | number;
  /** The commitment, with the names of the API; left out without commitment. */
  readonly commitmentDuration?: 'OneMonth' | 'SixMonths';
  /** The name that the user chose. */
  readonly provisionedModelName?: string;
  /** The first characters of a name that the user did not choose. */
  readonly namePrefix: string;
  /** The id of the base model of a custom model. */
  readonly baseModelId?: string;
  readonly tags?: readonly ThroughputTag[];
  /** The name of the SSM parameter in which the handler records the requests of CloudFormation and their answers. */
  readonly record: string;
  /** The cost of a commitment over its whole term that the user has confirmed, a decimal text. */
  readonly confirmedUsd?: string;
  /** The day from which AWS no longer serves the model, as YYYY-MM-DD; left out without a commitment or a known day. */
  readonly endOfLife?: string;
  /** The price at synth; left out if it is neither checked nor part of a message. */
  readonly price?: ThroughputPrice;
  /** Whether throughput that has a commitment, or was deleted manually, may be bought again. */
  readonly allowRepurchase?: string | boolean;
  /** Whether the purchase is only reported, not made. */
  readonly dryRun?: string | boolean;
  /** The actions around the end of a commitment's term; left out without commitment. */
  readonly term?: TermProperties;
  /** The weekly hours of uncommitted throughput; left out when it always exists. */
  readonly businessHours?: BusinessHours;
  /** The name of the SSM parameter with the model id to invoke now; left out without business hours. */
  readonly modelIdParameter?: string;
  /** The model id to invoke outside of business hours; left out without them. */
  readonly fallbackModelId?: string;
  /** The construct's own topic, for notices before a renewal and for failures that leave something billed. */
  readonly topicArn?: string;
  /** The topics of budgets that cover the construct, for failures that leave something billed. */
  readonly budgetTopicArns?: readonly string[];
}

/** The environment variables of the functions. */
export const ThroughputEnv = {
  /** The ARN of the stack whose throughput the functions buy. */
  STACK_ID: 'STACK_ID',
  /** The path of the stack's parameters, without a slash at the end. */
  PARAMETER_PATH: 'PARAMETER_PATH',
} as const;

/**
 * The kinds of parameters of a stack's throughputs: the requests of CloudFormation and their answers, the model id to invoke now, the
 * allowed purchase of a resource, and the last failure that was notified.
 *
 * Only CloudFormation writes the allowed purchases.
 */
export type ParameterKind = 'record' | 'model-id' | 'allowed' | 'notified';

/** The name of a parameter, below the path of its stack. */
export function parameterName(path: string, kind: ParameterKind, name: string): string {
  return `${path}/${kind}/${name}`;
}

/**
 * The purchase that a resource may make, as JSON in a parameter: its properties at this deployment. Tags are left out, since they cost
 * nothing and 47 of them would not fit into the 4 KB of a parameter.
 */
export type AllowedPurchase = Omit<ThroughputProperties, 'tags'>;

export interface ThroughputTag {
  readonly key: string;
  readonly value: string;
}

/** Decimal texts. A month costs units x hourlyUsd x hoursPerMonth. */
export interface ThroughputPrice {
  readonly hourlyUsd: string;
  readonly hoursPerMonth: string;
  /** The region of the price; left out for a price that the user has set. */
  readonly region?: string;
}

export interface TermProperties {
  /** Days before the end of a term at which the cost of the next term is announced. */
  readonly noticeDays: string | number;
  /** Whether throughput that was removed from the stack during its term is deleted at the end of the term. */
  readonly releaseAtExpiry?: string | boolean;
  /** The role of the schedules. */
  readonly roleArn: string;
  /** The function that plans the notice of the next term after a renewal. */
  readonly functionArn: string;
}

/** The longest prefix that leaves room for a hyphen and the characters that make a name unique. */
export const NAME_PREFIX_MAX_LENGTH = Limit.PROVISIONED_MODEL_NAME - 17;

/** The key of the tag that identifies the handler's own purchases, independent of their names. The value identifies the resource. */
export const OWNER_TAG = 'cdk-bedrock-cost:owner';

/** The key of the tag that identifies the CloudFormation request of a purchase. Purchases of failed requests are deleted by it. */
export const REQUEST_TAG = 'cdk-bedrock-cost:request';

/**
 * The key of the tag on throughput that was bought again after a budget had deleted it. The value is the ARN that the stack still
 * has. The next deployment that changes the resource uses the new ARN and removes the tag.
 */
export const RESTORED_FROM_TAG = 'cdk-bedrock-cost:restored-from';

/** The attributes of the custom resource, whose physical id is the ARN of the purchase. */
export interface ThroughputAttributes {
  readonly ProvisionedModelName: string;
  /** The end of the commitment's term, ISO 8601; `none` without commitment. */
  readonly CommitmentEnd: string;
  /** The purchase that a dry run would make; otherwise `none`. */
  readonly DryRun: string;
}

/** The fields of a custom resource's event that matter to the handler. */
export interface ThroughputEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: ThroughputProperties;
  readonly OldResourceProperties?: ThroughputProperties;
}

/** The answer to CDK's provider framework. */
export interface ThroughputAnswer {
  readonly IsComplete: boolean;
  readonly PhysicalResourceId?: string;
  readonly Data?: ThroughputAttributes;
}

/** The event that EventBridge Scheduler sends every 5 minutes for throughput with business hours. */
export interface BusinessHoursTick {
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: ThroughputProperties;
  /** The planned time, ISO 8601. */
  readonly time: string;
}

/** The event that EventBridge Scheduler sends a day after a commitment has renewed itself. */
export interface TermEvent {
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly arn: string;
  /** The properties of the deployment that created the schedule, which are used after the construct was removed from the stack. */
  readonly properties: ThroughputProperties;
}

/**
 * The key of the tag on throughput with business hours, whose ARN changes every day: permission to invoke it is granted by this tag.
 * The value identifies the construct.
 */
export const SCHEDULE_TAG = 'cdk-bedrock-cost:schedule';

/** The first characters of the names of schedules that the handler creates. */
export const SCHEDULE_NAME_PREFIX = 'bedrock-throughput-';

/** The interval at which EventBridge Scheduler sends a `BusinessHoursTick`, in minutes. */
export const TICK_MINUTES = 5;

/** The timeout of a function, in seconds, after which no step of the run can be in progress. */
export const RUN_SECONDS = 120;

/** The time that CloudFormation waits for AWS to provide the units, in minutes. */
export const WAIT_MINUTES = 30;
