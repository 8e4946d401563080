import { Aws, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ModelId } from '../pricing/model-id';

export function foundationModelArn(bareId: string, region: string = Aws.REGION): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${bareId}`;
}

export function systemProfileArn(profileId: string): string {
  return `arn:${Aws.PARTITION}:bedrock:${Aws.REGION}:${Aws.ACCOUNT_ID}:inference-profile/${profileId}`;
}

/**
 * The foundation models that may answer a request, as ARNs or patterns: in the region of the call and, through a profile, in
 * every region that it may route to.
 *
 * AWS adds destinations to a profile without notice, so a list of them would break one day. The grants are tied to the
 * profile by a condition, which keeps the pattern from opening anything else.
 */
export function destinationModelArns({ bareId, geography }: ModelId): string[] {
  if (geography === undefined) return [foundationModelArn(bareId)];
  const pattern = foundationModelArn(bareId, `${geography.regions}*`);
  // The pattern for all regions also fits the ARN without a region, which global profiles are checked against.
  return geography.regions === '' ? [pattern] : [foundationModelArn(bareId), pattern];
}

/**
 * The ids under which CloudWatch counts the requests to a model that is called directly: as each request names it, by its id
 * or by its ARN. Requests of one kind are not counted in the other.
 *
 * @param caller whose stack has the account and region of the ARN
 * @param idOrArn as it was declared
 */
export function directModelIds(caller: IConstruct, idOrArn: string): string[] {
  if (Token.isUnresolved(idOrArn)) return [idOrArn];
  const id = idOf(idOrArn);
  // The ARN of something else, such as a custom model.
  if (id.startsWith('arn:')) return [id];
  const stack = Stack.of(caller);
  const arn = ModelId.parse(id).prefix === undefined
    ? stack.formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName: id })
    : stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: id });
  return [id, arn];
}

/** The id at the end of an ARN of a foundation model or a system-defined profile, whose other parts may be tokens; anything else as it is. */
export function idOf(idOrArn: string): string {
  return /:(?:foundation-model|inference-profile)\/(.+)$/.exec(idOrArn)?.[1] ?? idOrArn;
}

/** The id in a resolved ARN of a foundation model or a system-defined profile: a text, `Fn::Join` or `Fn::Sub`; undefined for anything else. */
export function idIn(resolvedArn: unknown): string | undefined {
  return /:(?:foundation-model|inference-profile)\/([^"]+)/.exec(JSON.stringify(resolvedArn) ?? '')?.[1];
}

/** The id of a model where the text shows it, as in the ARNs of aws-cdk-lib's `FoundationModel`; anything else as it is. */
export function shownModel(idOrArn: string): string {
  return Token.isUnresolved(idOrArn) && !Token.isUnresolved(idOf(idOrArn)) ? idOf(idOrArn) : idOrArn;
}

/**
 * A model id or ARN with its tokens resolved; a token that only the deployment knows remains one.
 *
 * For use at synthesis only, like `resolveLazy`.
 */
export function resolvedModel(scope: IConstruct, idOrArn: string): string {
  if (!Token.isUnresolved(idOrArn)) return idOrArn;
  const value: unknown = Stack.of(scope).resolve(idOrArn);
  return typeof value === 'string' ? value : idIn(value) ?? idOrArn;
}
