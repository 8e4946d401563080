import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  BedrockClient, CreateModelInvocationJobCommand, CreateProvisionedModelThroughputCommand, GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import {
  AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, DetachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand, SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ACCOUNT, Purchase, purchases, REGION } from './services';
import { StopActionKind, StopEnv, StopRecord } from '../../src/lambda/stop-spending/contract';
import { Checks, ROOT } from '../../tools/staging';
import { bytes } from '../fakes/http';

const MODEL = 'amazon.nova-pro-v1:0:24k';
const RESTORED_FROM = 'cdk-bedrock-cost:restored-from';
const ALARM_ARN = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:ChatMonthToDate`;
const PROFILE = `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/abcdefghijkl`;

/**
 * Runs the bundled function with the events of an alarm: it stops the spending of a stack, and undoes the stop.
 *
 * Throughput and batch jobs are those of the proxy. The emulator evaluates the policies of the role.
 *
 * @param proxyUrl the URL of Bedrock
 */
export async function stopsAndUndoes(emulatorUrl: string, proxyUrl: string, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\nstop-spending');
  const inbox = await Inbox.open();
  try {
    const scene = await Scene.make(emulatorUrl, proxyUrl, inbox);
    const handler = scene.load();

    checks.check('before, the role may invoke models', await scene.mayInvoke() === 'allowed', await scene.mayInvoke());
    const stopped = await handler(alarm('ALARM', '2025-10-20T10:00:00.000+0000'));
    checks.check('the alarm denies it to the role', await scene.mayInvoke() === 'explicitDeny', await scene.mayInvoke());
    checks.check('and keeps its other policies', (await scene.policies()).sort().join() === 'DenyInvocations,Own', (await scene.policies()).join());
    checks.check('the batch job is stopped', /^Stopp(ed|ing)$/.test(await scene.statusOf(scene.job)), await scene.statusOf(scene.job));
    checks.check('the job of another role continues', ['Submitted', 'Validating'].includes(await scene.statusOf(scene.otherJob)), await scene.statusOf(scene.otherJob));
    checks.check('the throughput without a commitment is deleted', (await named(proxyUrl, 'by-the-hour')).length === 0);
    checks.check('the commitment remains', (await named(proxyUrl, 'committed')).length === 1);
    checks.check('the state has the results', stopped?.denied === 1 && stopped.stoppedJobs === 1 && stopped.deleted?.[0].name === 'by-the-hour', JSON.stringify(stopped));
    const results = scene.log.map((line) => JSON.parse(line).result).join();
    checks.check('the log has a line of JSON for each action', results === 'done,done,done,kept', scene.log.join('\n'));
    const told = await inbox.next();
    checks.check('a message reports it', told.Subject === 'Bedrock spending stopped: Chat' && told.Message.includes('--payload \'{"do":"undo"}\''), JSON.stringify(told));

    checks.check('a manual status event returns the state', JSON.stringify(await handler({ do: 'status' })) === JSON.stringify(stopped));

    await scene.detach();
    checks.check('the policy is detached', await scene.mayInvoke() === 'allowed', await scene.mayInvoke());
    await handler({ do: 'verify' });
    checks.check('the scheduled check attaches it again', await scene.mayInvoke() === 'explicitDeny', await scene.mayInvoke());
    const attached = await inbox.next();
    checks.check('and a message reports it', attached.Subject === 'Bedrock spending stopped, deny policy attached again: Chat', JSON.stringify(attached));
    await scene.rewriteRecord();
    const rewritten = await handler({ do: 'status' });
    checks.check('a state that CloudFormation overwrites is read from its earlier versions', rewritten?.state === 'stopped' && rewritten.asOf === stopped?.asOf, JSON.stringify(rewritten));

    await handler(alarm('OK', '2025-11-01T00:10:00.000+0000'));
    await handler(alarm('OK', '2025-11-01T00:10:00.000+0000'));
    checks.check('when the alarm is OK, the role may invoke models again', await scene.mayInvoke() === 'allowed', await scene.mayInvoke());
    const [bought, ...more] = await named(proxyUrl, 'by-the-hour');
    checks.check('the throughput is bought again once, although the event came twice', bought !== undefined && more.length === 0, JSON.stringify([bought, ...more]));
    const { [RESTORED_FROM]: from, ...tags } = bought?.tags ?? {};
    checks.check('with the same model, units and tags', bought?.units === 2 && bought.model === MODEL && bought.commitment === 'none' && JSON.stringify(tags) === '{"team":"chat"}', JSON.stringify(bought));
    checks.check('and with the ARN of its stack in a tag', from === scene.byTheHour, JSON.stringify(bought));
    const undone = await inbox.next();
    checks.check('a message reports the undo', undone.Subject === 'Bedrock spending allowed again: Chat' && undone.Message.includes('under the new ARN'), JSON.stringify(undone));

    await handler(alarm('ALARM', '2025-10-20T10:00:00.000+0000'));
    checks.check('an earlier alarm that is delivered late denies nothing', await scene.mayInvoke() === 'allowed', await scene.mayInvoke());
    await handler({ do: 'verify' });
    checks.check('nor does the check after the undo', await scene.mayInvoke() === 'allowed', await scene.mayInvoke());
  } finally {
    inbox.close();
  }
}

async function named(url: string, wanted: string): Promise<Purchase[]> {
  return (await purchases(url)).filter(({ name }) => name === wanted);
}

type Handler = (event: object) => Promise<StopRecord | undefined>;

/** The event of an alarm, as CloudWatch documents it. */
function alarm(value: 'OK' | 'ALARM', time: string): object {
  const other = value === 'OK' ? 'ALARM' : 'OK';
  const metric = { namespace: 'BedrockCost', name: 'MonthToDateUsd', dimensions: { Budget: 'Chat' } };
  return {
    source: 'aws.cloudwatch',
    alarmArn: ALARM_ARN,
    accountId: ACCOUNT,
    time,
    region: REGION,
    alarmData: {
      alarmName: 'ChatMonthToDate',
      state: { value, reason: 'Threshold Crossed', reasonData: '{"version":"1.0"}', timestamp: time },
      previousState: { value: other, reason: 'Threshold Crossed', reasonData: '{"version":"1.0"}', timestamp: time },
      configuration: { description: 'Chat', metrics: [{ id: 'm1', metricStat: { metric, period: 300, stat: 'Maximum' }, returnData: true }] },
    },
  };
}

/** The deployed resources of the stack of a budget, and a running job. */
class Scene {
  public static async make(emulatorUrl: string, proxyUrl: string, inbox: Inbox): Promise<Scene> {
    const settings = { region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' }, endpoint: emulatorUrl };
    const iam = new IAMClient(settings);
    const bedrock = new BedrockClient({ ...settings, endpoint: proxyUrl });
    const sns = new SNSClient(settings);
    const ssm = new SSMClient(settings);

    const trust = policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
    await iam.send(new CreateRoleCommand({ RoleName: 'StopSpendingApp', AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({
      RoleName: 'StopSpendingApp', PolicyName: 'Invoke', PolicyDocument: policy({ Effect: 'Allow', Action: 'bedrock:InvokeModel*', Resource: '*' }),
    }));
    const own = await iam.send(new CreatePolicyCommand({ PolicyName: 'Own', PolicyDocument: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }) }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'StopSpendingApp', PolicyArn: own.Policy!.Arn }));
    const deny = await iam.send(new CreatePolicyCommand({
      PolicyName: 'DenyInvocations', PolicyDocument: policy({ Effect: 'Deny', Action: ['bedrock:InvokeModel*', 'bedrock:CreateModelInvocationJob'], Resource: '*' }),
    }));

    const buy = async (provisionedModelName: string, commitmentDuration?: 'OneMonth') => (await bedrock.send(new CreateProvisionedModelThroughputCommand({
      provisionedModelName, commitmentDuration, modelId: MODEL, modelUnits: 2, tags: [{ key: 'team', value: 'chat' }],
    }))).provisionedModelArn!;
    const byTheHour = await buy('by-the-hour');
    const committed = await buy('committed', 'OneMonth');
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/Batch`;
    const submit = async (jobName: string, role: string) => (await bedrock.send(new CreateModelInvocationJobCommand({
      jobName,
      roleArn: role,
      modelId: 'amazon.nova-lite-v1:0',
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in.jsonl' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out/' } },
    }))).jobArn!;
    const job = await submit('Nightly-1', roleArn);
    const otherJob = await submit('Nightly-2', `${roleArn}OfAnother`);

    const put = (Name: string, value: object) => ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify(value), Type: 'String' }));
    await put('/stop-spending/targets/1', [{ role: 'StopSpendingApp' }, { batch: 'Nightly', jobNamePrefix: 'Nightly', roleArn }]);
    await put('/stop-spending/targets/2', [{ throughput: 'ByTheHour', arn: byTheHour }, { throughput: 'Committed', arn: committed }]);
    await put('/stop-spending/record', { state: 'running' });
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'StopSpending' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: inbox.url }));
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: (await inbox.next()).Token }));

    return new Scene(iam, bedrock, ssm, byTheHour, job, otherJob, {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL: emulatorUrl,
      AWS_ENDPOINT_URL_BEDROCK: proxyUrl,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_LAMBDA_FUNCTION_NAME: 'StopChat',
      [StopEnv.BUDGET]: 'Chat',
      [StopEnv.STEPS]: JSON.stringify(Object.values(StopActionKind).map((action) => ({ action, dryRun: false }))),
      [StopEnv.TARGETS_PATH]: '/stop-spending/targets',
      [StopEnv.RECORD_PARAMETER]: '/stop-spending/record',
      [StopEnv.DELETED_PATH]: '/stop-spending/deleted/of-the-stack',
      [StopEnv.DENY_POLICY_ARN]: deny.Policy!.Arn!,
      [StopEnv.TOPIC_ARN]: TopicArn!,
      [StopEnv.ALARM_ARN]: ALARM_ARN,
    });
  }

  /** The log of the handler. */
  public readonly log: string[] = [];

  private constructor(
    private readonly iam: IAMClient, private readonly bedrock: BedrockClient, private readonly ssm: SSMClient,
    public readonly byTheHour: string, public readonly job: string, public readonly otherJob: string,
    private readonly env: { readonly [name: string]: string },
  ) {}

  /** Runs the deployed handler, with its environment only during the run. */
  public load(): Handler {
    const within = async <T>(act: () => Promise<T>): Promise<T> => {
      const before = { ...process.env };
      Object.assign(process.env, this.env);
      const { info } = console;
      console.info = (line: string) => this.log.push(line);
      try {
        return await act();
      } finally {
        console.info = info;
        for (const name of Object.keys(this.env)) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    };
    return (event) => within(() => require(join(ROOT, 'assets', 'handlers', 'stop-spending.lambda', 'index.js')).handler(event));
  }

  public async mayInvoke(): Promise<string | undefined> {
    const { EvaluationResults } = await this.iam.send(new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/StopSpendingApp`, ActionNames: ['bedrock:InvokeModel'], ResourceArns: [PROFILE],
    }));
    return EvaluationResults?.[0].EvalDecision;
  }

  /** Detaches the policy, as AWS Budgets and administrators do. */
  public async detach(): Promise<void> {
    await this.iam.send(new DetachRolePolicyCommand({ RoleName: 'StopSpendingApp', PolicyArn: this.env[StopEnv.DENY_POLICY_ARN] }));
  }

  /** Overwrites the state, as CloudFormation does when a tag of the parameter changes. */
  public async rewriteRecord(): Promise<void> {
    await this.ssm.send(new PutParameterCommand({ Name: this.env[StopEnv.RECORD_PARAMETER], Value: '{"state":"running"}', Type: 'String', Overwrite: true }));
  }

  public async policies(): Promise<string[]> {
    const { AttachedPolicies = [] } = await this.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'StopSpendingApp' }));
    return AttachedPolicies.map(({ PolicyName }) => PolicyName!);
  }

  public async statusOf(jobIdentifier: string): Promise<string> {
    return (await this.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }))).status!;
  }
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

interface Notification {
  readonly Subject?: string;
  readonly Message: string;
  /** The token that confirms a subscription. */
  readonly Token?: string;
}

/** Subscribes to the topic over HTTP. */
class Inbox {
  public static async open(): Promise<Inbox> {
    const inbox = new Inbox();
    await new Promise<void>((done) => inbox.server.listen(0, '127.0.0.1', done));
    return inbox;
  }

  private readonly received: Notification[] = [];
  private readonly server = createServer((request, response) => {
    void bytes(request).then((body) => {
      this.received.push(JSON.parse(body.toString()));
      response.end();
    });
  });

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Messages are sent in the background. */
  public async next(): Promise<Notification> {
    for (let tries = 0; tries < 100; tries++) {
      const message = this.received.shift();
      if (message) return message;
      await new Promise((done) => setTimeout(done, 100));
    }
    return { Message: 'nothing came within 10 s' };
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
