/** The type of the custom resource in a template. */
export const RESOURCE_TYPE = 'Custom::BedrockProvisionedModelThroughput';

/** What the construct writes into the template and its handler reads. CloudFormation turns every value into a text. */
export interface ThroughputProperties {
  readonly modelId: string;
  readonly modelUnits: string | number;
  /** As the API calls it; left out without commitment. */
  readonly commitmentDuration?: 'OneMonth' | 'SixMonths';
  /** The name that the user chose. */
  readonly provisionedModelName?: string;
  /** What a name that the user did not choose begins with. */
  readonly namePrefix: string;
  /** For a custom model, the id of the model that it was customized from. */
  readonly baseModelId?: string;
  readonly tags?: readonly ThroughputTag[];
}

export interface ThroughputTag {
  readonly key: string;
  readonly value: string;
}

/** The longest prefix that leaves room for a hyphen and the characters that make a name unique. */
export const NAME_PREFIX_MAX_LENGTH = 63 - 17;

/** The key of the tag by which the handler knows a purchase of its own, whatever the name; the value says of which resource it is. */
export const OWNER_TAG = 'cdk-bedrock-cost:owner';

/**
 * The key of the tag on throughput that was bought again after a budget had it deleted; the value is the ARN by which the
 * stack still knows it. The next deployment that changes the resource takes it up and removes the tag.
 */
export const RESTORED_FROM_TAG = 'cdk-bedrock-cost:restored-from';

/** The attributes of the custom resource; its physical id is the ARN. */
export interface ThroughputAttributes {
  readonly ProvisionedModelName: string;
}
