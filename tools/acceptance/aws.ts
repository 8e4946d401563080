import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { IAMClient } from '@aws-sdk/client-iam';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** Settings of all clients, besides the region. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The settings of a service's client. On AWS there are none, since the SDK finds the endpoint and credentials itself. */
export type SettingsOf = (service: 'bedrock' | 'bedrock-runtime' | 'other') => ClientSettings;

/** Retries hide no observation except throttling. */
const PATIENT = { maxAttempts: 5 };

/** The clients of a run, in its region. */
export class Aws {
  public readonly bedrock: BedrockClient;
  public readonly runtime: BedrockRuntimeClient;
  public readonly cloudFormation: CloudFormationClient;
  public readonly cloudWatch: CloudWatchClient;
  public readonly iam: IAMClient;
  public readonly pricing: PricingClient;
  public readonly s3: S3Client;
  public readonly stepFunctions: SFNClient;
  public readonly sns: SNSClient;
  public readonly sqs: SQSClient;
  public readonly ssm: SSMClient;
  public readonly sts: STSClient;

  constructor(public readonly region: string, private readonly settingsOf: SettingsOf = () => ({})) {
    const other = { ...PATIENT, ...settingsOf('other'), region };
    this.bedrock = new BedrockClient({ ...PATIENT, ...settingsOf('bedrock'), region });
    this.runtime = new BedrockRuntimeClient({ ...PATIENT, ...settingsOf('bedrock-runtime'), region });
    this.cloudFormation = new CloudFormationClient(other);
    this.cloudWatch = new CloudWatchClient(other);
    this.iam = new IAMClient(other);
    // The price list is served in three regions only.
    this.pricing = new PricingClient({ ...other, region: 'us-east-1' });
    this.s3 = new S3Client({ ...other, forcePathStyle: other.endpoint !== undefined });
    this.stepFunctions = new SFNClient(other);
    this.sns = new SNSClient(other);
    this.sqs = new SQSClient(other);
    this.ssm = new SSMClient(other);
    this.sts = new STSClient(other);
  }

  /** The clients of Bedrock in another role. */
  public async as(RoleArn: string): Promise<Pick<Aws, 'bedrock' | 'runtime'>> {
    const { Credentials: given } = await this.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'acceptance' }));
    const credentials = { accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey!, sessionToken: given!.SessionToken };
    const { region, settingsOf } = this;
    return {
      bedrock: new BedrockClient({ ...PATIENT, ...settingsOf('bedrock'), region, credentials }),
      runtime: new BedrockRuntimeClient({ ...PATIENT, ...settingsOf('bedrock-runtime'), region, credentials }),
    };
  }
}
