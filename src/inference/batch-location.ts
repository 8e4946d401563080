import { Stack, Token } from 'aws-cdk-lib';
import { IGrantable, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** A place in a bucket that a batch job reads from or writes to. */
export interface BatchLocation {
  readonly bucket: IBucket;
  /** A folder with its slash at the end, a whole key, or nothing for the bucket's root. */
  readonly path: string;
}

/** `in` and `in/` are the folder `in/`; nothing is the root. */
export function folder(prefix: string | undefined): string {
  if (prefix === undefined || prefix === '') return '';
  return Token.isUnresolved(prefix) || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** The location as the API wants it. The owner is only named where it is another account. */
export function s3Config(scope: Construct, { bucket, path }: BatchLocation): { [field: string]: string } {
  const { account } = bucket.env;
  const foreign = !Token.isUnresolved(account) && account !== Stack.of(scope).account;
  return { S3Uri: `s3://${bucket.bucketName}/${path}`, ...(foreign ? { S3BucketOwner: account } : {}) };
}

/**
 * Lets the service role of a batch job read there: the location, and the key of the bucket if it has one. Without the
 * key a job fails late, with a message that speaks of S3 only.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html
 */
export function grantInput(role: IRole, { bucket, path }: BatchLocation): void {
  const objects = bucket.arnForObjects(path.endsWith('/') || path === '' ? `${path}*` : path);
  allow(role, bucket, ['s3:GetObject'], objects);
  allow(role, bucket, ['s3:ListBucket'], bucket.bucketArn, path === '' ? {} : { StringLikeIfExists: { 's3:prefix': [`${path}*`] } });
  bucket.encryptionKey?.grant(role, 'kms:Decrypt');
}

/** Lets the service role of a batch job write there. */
export function grantOutput(role: IRole, { bucket, path }: BatchLocation): void {
  allow(role, bucket, ['s3:PutObject'], bucket.arnForObjects(`${path}*`));
  allow(role, bucket, ['s3:ListBucket'], bucket.bucketArn);
  bucket.encryptionKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
}

/** Lets somebody read the summaries that AWS writes beside the results of each job. */
export function grantSummaries(grantee: IGrantable, { bucket, path }: BatchLocation): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects(`${path}*/manifest.json.out`)],
    conditions: { StringEquals: { 'aws:ResourceAccount': bucket.env.account } },
  }));
  bucket.encryptionKey?.grant(grantee, 'kms:Decrypt');
}

/** On the condition that the bucket still belongs to the account that it is expected in. */
function allow(role: IRole, bucket: IBucket, actions: string[], resource: string, conditions: object = {}): void {
  role.addToPrincipalPolicy(new PolicyStatement({
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:ResourceAccount': bucket.env.account }, ...conditions },
  }));
}
