import { CfnResource, Lazy, Names, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { endOfLifeOf } from './commitment';
import { ProvisionedModelThroughputProps, ThroughputProps } from './props';
import { PricedProperty } from '../../estimates/priced-template';
import { isDryRun } from '../../estimates/settings';
import { AllowedPurchase, NAME_PREFIX_MAX_LENGTH, ThroughputPrice, ThroughputProperties } from '../../lambda/provisioned-model-throughput/contract';
import { decimal, toText } from '../../pricing/decimal';
import { CommitmentDuration } from '../../pricing/price-book/rate';
import { BedrockTag } from '../bedrock-tags';

const API_COMMITMENT: { readonly [duration: string]: ThroughputProperties['commitmentDuration'] } = {
  [CommitmentDuration.ONE_MONTH]: 'OneMonth',
  [CommitmentDuration.SIX_MONTHS]: 'SixMonths',
};

/** The properties of throughput that may have a commitment. */
export type CommitmentProperties = Pick<ThroughputProperties, 'commitmentDuration' | 'confirmedUsd' | 'endOfLife' | 'allowRepurchase' | 'term'>;

/** The properties of throughput that has business hours. */
export type BusinessHoursProperties = Pick<ThroughputProperties, 'businessHours' | 'modelIdParameter' | 'fallbackModelId'>;

/** The values of the custom resource that are not derived from the common props of throughput. */
export interface PropertyParts {
  /** The name of the parameter with the state of the requests of CloudFormation. */
  readonly record: string;
  readonly commitment?: CommitmentProperties;
  readonly hours?: BusinessHoursProperties;
  /** Final only after Aspects have run. */
  tags(): readonly BedrockTag[];
  /** Read at synthesis. */
  price(): ThroughputPrice | undefined;
  /** Final at synthesis. */
  budgetTopicArns(): readonly string[];
}

/** The properties of the custom resource that buys the throughput. */
export function throughputProperties(construct: Construct, props: ThroughputProps, parts: PropertyParts): ThroughputProperties {
  const { model, modelUnits, provisionedModelName, notificationTopic } = props;
  const { commitmentDuration, confirmedUsd, endOfLife, allowRepurchase, term } = parts.commitment ?? {};
  const dryRun = isDryRun(construct);
  return {
    modelId: model.modelId,
    modelUnits,
    commitmentDuration,
    provisionedModelName,
    namePrefix: Names.uniqueResourceName(construct, { maxLength: NAME_PREFIX_MAX_LENGTH, separator: '-' }),
    baseModelId: model.customModel ? model.pricingModelId : undefined,
    tags: listIfAny(parts.tags) as unknown as ThroughputProperties['tags'],
    record: parts.record,
    confirmedUsd,
    price: commitmentDuration || dryRun ? Lazy.any({ produce: () => parts.price() }) as unknown as ThroughputPrice : undefined,
    endOfLife,
    allowRepurchase,
    dryRun: dryRun || undefined,
    topicArn: notificationTopic?.topicArn,
    budgetTopicArns: listIfAny(parts.budgetTopicArns) as unknown as string[],
    term,
    ...parts.hours,
  };
}

/** The properties of a `ProvisionedModelThroughput` that depend on its commitment. */
export function commitmentProperties(
  construct: Construct, props: ProvisionedModelThroughputProps, term: ThroughputProperties['term'],
): CommitmentProperties {
  const { model, acknowledgeCommitmentUsd, allowRepurchase } = props;
  const commitmentDuration = API_COMMITMENT[props.commitmentDuration ?? CommitmentDuration.NONE];
  return {
    commitmentDuration,
    confirmedUsd: commitmentDuration && acknowledgeCommitmentUsd !== undefined ? toTextOrToken(acknowledgeCommitmentUsd) : undefined,
    endOfLife: commitmentDuration && endOfLifeOf(construct, model.pricingModelId),
    allowRepurchase: allowRepurchase || undefined,
    term,
  };
}

/** A list that is complete at synthesis; undefined if it is empty. */
function listIfAny(list: () => readonly unknown[]): ReturnType<typeof Lazy.any> {
  return Lazy.any({ produce: () => (list().length > 0 ? list() : undefined) });
}

/** The properties with numbers as in events of CloudFormation, where a number that is known only at deployment may be "2.0". */
export function asInEvents(properties: ThroughputProperties): ThroughputProperties {
  const { modelUnits, term } = properties;
  return { ...properties, modelUnits: asText(modelUnits), ...(term ? { term: { ...term, noticeDays: asText(term.noticeDays) } } : {}) };
}

/** The purchase that a resource with these properties may make. */
export function allowedPurchase(properties: ThroughputProperties): AllowedPurchase {
  const { tags, ...allowed } = asInEvents(properties);
  return allowed;
}

/** The priced values of properties of the custom resource. */
export function pricedProperties(
  resource: CfnResource, properties: ThroughputProperties, ...names: (keyof ThroughputProperties)[]
): PricedProperty[] {
  return names.map((property) => ({ resource, property, value: properties[property] }));
}

function asText(value: number | string): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}

/** Converts a number to a decimal text. The checks refuse a number that is not finite. */
function toTextOrToken(usd: number): string {
  if (Token.isUnresolved(usd)) return Token.asString(usd);
  return Number.isFinite(usd) ? toText(decimal(usd)) : String(usd);
}
