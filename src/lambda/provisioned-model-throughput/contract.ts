import { Limit } from '../../aws/limits';
import type { BusinessHours } from '../../pricing/business-hours';

/** The type of the custom resource in a template. */
export const RESOURCE_TYPE = 'Custom::BedrockProvisionedModelThroughput';

/**
 * The properties that the construct writes into the template and its handler reads. CloudFormation turns every number and every truth
 * value into a text.
 */
export interface ThroughputProperties {
  readonly modelId: string;
  readonly modelUnits: string | number;
  /** As the API calls it; left out without commitment. */
  readonly commitmentDuration?: 'OneMonth' | 'SixMonths';
  /** The name that the user chose. */
  readonly provisionedModelName?: string;
  /** The first characters of a name that the user did not choose. */
  readonly namePrefix: string;
  /** For a custom model, the id of the model that it was customized from. */
  readonly baseModelId?: string;
  readonly tags?: readonly ThroughputTag[];
  /** The name of the SSM parameter in which the handler keeps which request of CloudFormation it has answered how. */
  readonly record: string;
  /** The cost of a commitment over its whole term that the user has confirmed, a decimal text. */
  readonly confirmedUsd?: string;
  /** With a commitment: the day from which AWS no longer serves the model, as YYYY-MM-DD; left out where none is known. */
  readonly endOfLife?: string;
  /** The price at synth; left out where it is neither checked nor part of a message. */
  readonly price?: ThroughputPrice;
  /** `true`: what has a commitment, or was deleted by hand, may be bought anew. */
  readonly allowRepurchase?: string | boolean;
  /** `true`: say what would be bought, and buy nothing. */
  readonly dryRun?: string | boolean;
  /** The actions around the end of a commitment's term; left out without commitment. */
  readonly term?: TermProperties;
  /** The weekly hours of uncommitted throughput; left out when it always exists. */
  readonly businessHours?: BusinessHours;
  /** With business hours: the name of the SSM parameter that says what to invoke now. */
  readonly modelIdParameter?: string;
  /** With business hours: what is invoked outside of them. */
  readonly fallbackModelId?: string;
  /** The construct's own topic, for notices before a renewal and for failures that leave something billed. */
  readonly topicArn?: string;
  /** The topics of budgets that cover the construct: notified of failures that leave something billed. */
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
 * The parameters of a stack's throughputs: the requests of CloudFormation and their answers, what to invoke now, what a
 * resource may buy, and of which failure the topics were notified.
 *
 * CloudFormation alone writes those that say what a resource may buy.
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
  /** The region that the price holds in; left out for a price of the user's own. */
  readonly region?: string;
}

export interface TermProperties {
  /** Days before the end of a term at which the cost of the next term is announced. */
  readonly noticeDays: string | number;
  /** `true`: at the end of the term of what was removed before, it is deleted. */
  readonly releaseAtExpiry?: string | boolean;
  /** The role of the schedules. */
  readonly roleArn: string;
  /** The function that plans the notice of the next term after a renewal. */
  readonly functionArn: string;
}

/** The longest prefix that leaves room for a hyphen and the characters that make a name unique. */
export const NAME_PREFIX_MAX_LENGTH = Limit.PROVISIONED_MODEL_NAME - 17;

/** The key of the tag by which the handler knows a purchase of its own, whatever the name; the value says of which resource it is. */
export const OWNER_TAG = 'cdk-bedrock-cost:owner';

/** The key of the tag that says which request of CloudFormation a purchase was made for: what comes to nothing is deleted by it. */
export const REQUEST_TAG = 'cdk-bedrock-cost:request';

/**
 * The key of the tag on throughput that was bought again after a budget had it deleted; the value is the ARN by which the
 * stack still knows it. The next deployment that changes the resource takes it up and removes the tag.
 */
export const RESTORED_FROM_TAG = 'cdk-bedrock-cost:restored-from';

/** The attributes of the custom resource; its physical id is the ARN of what was bought. */
export interface ThroughputAttributes {
  readonly ProvisionedModelName: string;
  /** The end of the commitment's term, ISO 8601; `none` without commitment. */
  readonly CommitmentEnd: string;
  /** In a dry run: what would be bought; otherwise `none`. */
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
  /** Those of the deployment that planned it: what counts once the construct has been removed from the stack. */
  readonly properties: ThroughputProperties;
}

/**
 * The key of the tag on throughput with business hours, whose ARN changes every day: who may invoke it may invoke what has
 * this tag. The value is the construct's.
 */
export const SCHEDULE_TAG = 'cdk-bedrock-cost:schedule';

/** The first characters of the names of schedules that the handler creates. */
export const SCHEDULE_NAME_PREFIX = 'bedrock-throughput-';

/** The interval at which EventBridge Scheduler sends a `BusinessHoursTick`, in minutes. */
export const TICK_MINUTES = 5;

/** The timeout of a function, in seconds. After it, nothing of the run can still be under way. */
export const RUN_SECONDS = 120;

/** The time that CloudFormation waits for AWS to provide the units, in minutes. */
export const WAIT_MINUTES = 30;
