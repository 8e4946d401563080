import { OWNER_TAG, REQUEST_TAG, ThroughputProperties } from './contract';
import { isSet } from './identity';
import { sentence } from '../../input/sentence';
import { Refusal } from '../shared/errors';

/** The first words of messages about a purchase that AWS continues to bill after its resource was deleted. */
export const STILL_BILLED = 'KEPT AND STILL BILLED';

/** Whether the next poll may succeed: a fault of AWS, throttling, a conflict, or no reply. */
export function isTransient(e: unknown): boolean {
  return isOutcomeUnknown(e) || /^(Throttl|TooManyRequests|RequestLimitExceeded|TooManyUpdates|ConcurrentModification)/.test((e as Error).name);
}

/** Whether the request may have been carried out: no reply, or one that does not state its result. */
export function isOutcomeUnknown(e: unknown): boolean {
  if (e instanceof Refusal || isMistake(e)) return false;
  const status = (e as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}

/** An error of this code or of its input, which no retry resolves. */
function isMistake(e: unknown): boolean {
  return e instanceof TypeError || e instanceof RangeError || (e instanceof SyntaxError && !('$response' in e));
}

/** A text with a full stop, to be followed by other sentences. */
export function withStop(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** Another throughput that has the wanted name. */
export interface NameHolder {
  readonly name: string;
  readonly arn: string;
}

/** An error of AWS with its remedy; errors that a retry may resolve stay unchanged. */
export function explained(e: unknown, requested: ThroughputProperties, holder?: NameHolder): unknown {
  if (e instanceof Refusal || isTransient(e)) return e;
  const { name: error, message } = e as Error;
  const model = requested.modelId;
  const advice: { readonly [error: string]: string } = {
    ServiceQuotaExceededException: `the quota of the account for model units is too low; that of a new account is 0. Open a support case "service limit increase" that names model units for ${model} in this region, `
      + 'and deploy again when it is granted. While units are exchanged for others, both count.',
    AccessDeniedException: `check that the account has access to ${model} in this region, and that no service control policy denies it.`,
    ResourceNotFoundException: `${model} cannot be bought as provisioned throughput in this region. See https://docs.aws.amazon.com/bedrock/latest/userguide/prov-thru-supported.html.`,
    ValidationException: holder
      ? `the name ${JSON.stringify(holder.name)} is in use by ${holder.arn}. If it is an earlier purchase of yours that was retained, it is still billed: import it with ProvisionedModelThroughput.fromProvisionedModelArn; else give another provisionedModelName.`
      : `check that ${model} is offered as provisioned throughput in this region (base models by context variant, such as amazon.nova-pro-v1:0:24k) and with this commitment.`,
    TooManyTagsException: `a resource has at most 50 tags, of which two are ${OWNER_TAG} and ${REQUEST_TAG}. Remove some.`,
  };
  return new Refusal(`${withStop(`${error}: ${message}`)}${Object.hasOwn(advice, error) ? ` ${sentence(advice[error])}` : ''}`, { cause: e });
}

export function notProvided(arn: string, reason: string | undefined): Refusal {
  return new Refusal(`Amazon Bedrock could not provide ${arn}: ${reason ?? 'it gave no reason'}. Nothing is billed for it, and the rollback deletes it. `
    + 'Deploy again later, or with fewer units or another model. If it still exists, delete it manually first.');
}

export function isGone(known: string): Refusal {
  return new Refusal(`${known} no longer exists. It was deleted outside CloudFormation, and is not bought again without allowRepurchase. `
    + 'To buy it again, set allowRepurchase, or remove the construct, deploy, and add it again. If a budget has stopped it, undo the stop first, which buys it again.');
}

export function takesTooLong(minutes: number, { allowRepurchase }: ThroughputProperties): Refusal {
  return new Refusal(`Amazon Bedrock has not completed the request after ${minutes} minutes. See the provisioned throughput in its console and the log of this function, and deploy again.`
    + `${isSet(allowRepurchase) ? '' : ' A purchase that is complete by then is used, not bought again.'}`);
}

export const SUPERSEDED = 'CloudFormation has sent a newer request since. This one is not continued.';

export function until({ commitmentExpirationTime }: { readonly commitmentExpirationTime?: Date }): string {
  return commitmentExpirationTime?.toISOString() ?? 'the end of its term';
}
