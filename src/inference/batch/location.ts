import { Tokenization } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/** A place in a bucket. */
export interface BatchLocation {
  readonly bucket: IBucket;
  /** A folder with its slash at the end, a whole key, or nothing for the bucket's root. May hold `*`. */
  readonly path: string;
  /** True for a whole key. A path that ends with a token does not show which of the two it is. */
  readonly isKey?: boolean;
}

/** `in` and `in/` are the folder `in/`; nothing is the root. A prefix that ends with a token is expected to end with a slash. */
export function folder(prefix: string | undefined): string {
  if (prefix === undefined || prefix === '') return '';
  return withTokensAs('/', prefix).endsWith('/') ? prefix : `${prefix}/`;
}

/** A text in which each token is replaced. */
export function withTokensAs(replacement: string, value: string): string {
  const known = Tokenization.reverseString(value).mapTokens({ mapToken: () => replacement });
  return known.join({ join: (left: string | undefined, right: string | undefined) => `${left ?? ''}${right ?? ''}` });
}

/**
 * Lets somebody read there: the objects, their list, and with the key of the bucket if it has one. Without the key a
 * job fails late, with a message that speaks of S3 only.
 *
 * @param listed the folder whose list may be read
 */
export function grantRead(grantee: IGrantable, location: BatchLocation, listed = location.path): void {
  const { bucket } = location;
  allow(grantee, bucket, ['s3:GetObject'], objectsOf(location));
  // Asked for an object that is not there, S3 looks for this permission without a prefix, and says 403 in place of 404 without it.
  allow(grantee, bucket, ['s3:ListBucket'], bucket.bucketArn, listed === '' ? {} : { StringLikeIfExists: { 's3:prefix': [`${listed}*`] } });
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

/** Lets somebody write there. A file of several parts needs the key for reading, too. */
export function grantWrite(grantee: IGrantable, location: BatchLocation): void {
  allow(grantee, location.bucket, ['s3:PutObject', 's3:AbortMultipartUpload'], objectsOf(location));
  location.bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
}

/** Lets somebody read some objects, such as the summaries that AWS writes beside the results of each job, and list nothing. */
export function grantObjects(grantee: IGrantable, { bucket, path }: BatchLocation): void {
  allow(grantee, bucket, ['s3:GetObject'], bucket.arnForObjects(path));
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

function objectsOf({ bucket, path, isKey = false }: BatchLocation): string {
  return bucket.arnForObjects(isKey ? path : `${path}*`);
}

/** On the condition that the bucket still belongs to the account that it is expected in. */
function allow(grantee: IGrantable, bucket: IBucket, actions: string[], resource: string, conditions: object = {}): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:ResourceAccount': bucket.env.account }, ...conditions },
  }));
}
