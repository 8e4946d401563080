import { Tokenization } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/** A location in a bucket. */
export interface BatchLocation {
  readonly bucket: IBucket;
  /** A folder with a slash at the end, a whole key, or an empty text for the root of the bucket. May contain `*`. */
  readonly path: string;
  /** True for a whole key, which cannot be derived from a path that ends with a token. */
  readonly isKey?: boolean;
}

/** Renders a prefix as a folder: `in` and `in/` are `in/`, undefined is the root. The value of a token at the end must end with a slash. */
export function folder(prefix: string | undefined): string {
  if (prefix === undefined || prefix === '') return '';
  return withTokensAs('/', prefix).endsWith('/') ? prefix : `${prefix}/`;
}

/** Replaces each token of a text. */
export function withTokensAs(replacement: string, value: string): string {
  const known = Tokenization.reverseString(value).mapTokens({ mapToken: () => replacement });
  return known.join({ join: (left: string | undefined, right: string | undefined) => `${left ?? ''}${right ?? ''}` });
}

/**
 * Grants permission to read objects and their list, and to use the key of the bucket, if it has one. Without the permission for the key, a
 * job fails late, with a message about Amazon S3 only.
 *
 * @param listed the folder that may be listed
 */
export function grantRead(grantee: IGrantable, location: BatchLocation, listed = location.path): void {
  const { bucket } = location;
  allow(grantee, bucket, ['s3:GetObject'], objectsOf(location));
  // For an object that does not exist, S3 checks this permission without a prefix; without the permission, it returns 403 instead of 404.
  allow(grantee, bucket, ['s3:ListBucket'], bucket.bucketArn, listed === '' ? {} : { StringLikeIfExists: { 's3:prefix': [`${listed}*`] } });
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

/** Grants permission to write objects. A multipart upload also needs permission to decrypt with the key. */
export function grantWrite(grantee: IGrantable, location: BatchLocation): void {
  allow(grantee, location.bucket, ['s3:PutObject', 's3:AbortMultipartUpload'], objectsOf(location));
  location.bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
}

/** Grants permission to read objects, such as the summaries that AWS writes beside the results of each job, without listing them. */
export function grantObjects(grantee: IGrantable, { bucket, path }: BatchLocation): void {
  allow(grantee, bucket, ['s3:GetObject'], bucket.arnForObjects(path));
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

function objectsOf({ bucket, path, isKey = false }: BatchLocation): string {
  return bucket.arnForObjects(isKey ? path : `${path}*`);
}

/** Grants actions on the condition that the bucket belongs to the expected account. */
function allow(grantee: IGrantable, bucket: IBucket, actions: string[], resource: string, conditions: object = {}): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:ResourceAccount': bucket.env.account }, ...conditions },
  }));
}
