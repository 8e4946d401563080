import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { Environment } from './environment';
import { Http2Front } from './http2-front';
import { ACCOUNT, purchases, REGION, rest } from './services';
import { statusOf } from './stacks';
import { replaceUnknownTypes } from './unknown-types';
import { acceptance, Host } from '../../tools/acceptance/acceptance';
import { Aws } from '../../tools/acceptance/aws';
import { STACK } from '../../tools/acceptance/deployment';
import { ASSUMPTIONS, Line } from '../../tools/acceptance/lines';
import { Stop } from '../../tools/acceptance/observations';
import { Options } from '../../tools/acceptance/options';
import { Checks, withoutAws } from '../../tools/staging';

const OPTIONS: Options = { region: REGION, model: 'us.amazon.nova-lite-v1:0', contextVariant: '24k', yes: true, metricMinutes: 0.01, batchMinutes: 1 };
const CREDENTIALS = { accessKeyId: ACCOUNT, secretAccessKey: 'none' };

const NO_METRICS = 'the emulator counts no tokens';
const NO_AUTHORIZATION = 'the emulator authorizes every call';

/** The calls that the emulator answers differently from AWS, or not at all. */
const UNABLE: { readonly [id: string]: string } = {
  'cache-metric-names': NO_METRICS,
  'input-without-cached-tokens': NO_METRICS,
  'no-other-token-metric': NO_METRICS,
  'model-id-of-a-profile': NO_METRICS,
  'model-id-of-a-direct-call': NO_METRICS,
  'active-metrics-are-listed': NO_METRICS,
  'batch-in-runtime-metrics': NO_METRICS,
  'default-project': NO_AUTHORIZATION,
  'profile-condition': NO_AUTHORIZATION,
  'who-authorizes-a-batch-job': NO_AUTHORIZATION,
  'throughput-is-authorized-on': NO_AUTHORIZATION,
  'deny-of-batch-jobs': NO_AUTHORIZATION,
  'stop-and-undo': NO_AUTHORIZATION,
  'metrics-of-a-math-alarm': 'the emulator has no such limit',
  'subject-length': 'the emulator has no such limit',
  'media-outside-the-folder': 'the emulator opens no images',
  'feature-prices': 'the emulator has no price list',
  'service-prices': 'the emulator has no price list',
};

/** The verdicts of the other lines in a run on the emulator. */
const CONFIRMED = ['room-for-the-deny-policy', 'alarms-notify', 'job-is-listed', 'manifest-input-tokens', 'throughput-change-set'];

/** `npm run acceptance` as far as the emulator supports it: one complete run, and one that is interrupted. */
export async function acceptanceOnTheEmulator({ url, bedrock }: Environment, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\nnpm run acceptance');
  const runtime = await Http2Front.start(bedrock.url);
  const interrupt = new AbortController();
  Object.assign(bedrock.batch.behaviour.durations, { submittedMs: 200, validatingMs: 200, scheduledMs: 200, inProgressMs: 500, stoppingMs: 200 });
  const said: string[] = [];
  const host: Host = {
    folder: 'e2e-acceptance/run',
    aws: new Aws(REGION, (service) => ({ endpoint: { 'bedrock': bedrock.url, 'bedrock-runtime': runtime.url, 'other': url }[service], credentials: CREDENTIALS })),
    account: ACCOUNT,
    env: { ...withoutAws(), AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_S3: url, AWS_ACCESS_KEY_ID: ACCOUNT, AWS_SECRET_ACCESS_KEY: 'none' },
    patience: { look: 0.5, permission: 1, notification: 30, stop: 30, listing: 5, quiet: 0, lateMetrics: 0 },
    signal: new AbortController().signal,
    say: (text) => said.push(text),
    confirm: async () => true,
    prepare: (assembly) => { replaceUnknownTypes(assembly); },
    unable: UNABLE,
  };
  const alarm = new AlarmStartsFunction(url);
  try {
    const { lines, observed, left, spentUsd } = (await acceptance(OPTIONS, host))!;
    checks.check('a run states its ceiling and its plan line by line', said[0].includes('The ceiling is $5.00') && said[0].includes('batch job of 100 records'), said[0]);
    const table = said.find((text) => text.includes('| What we assume |')) ?? '';
    checks.check('and prints a row for each assumption', table.trim().split('\n').filter((row) => row.startsWith('|')).length === ASSUMPTIONS.length + 2, table);
    checks.check('with a verdict if the emulator supports it, else "not tried: <reason>"', verdictsAreRight(lines), table);
    checks.check('the stop and its undo have run, and IAM denied new batch jobs in between', stopWorked(observed.stop as Stop), JSON.stringify(observed.stop));
    checks.check('the sum consists of tokens and their prices', Number(spentUsd) > 0.3 && Number(spentUsd) < 0.5, spentUsd);
    checks.check('and everything is destroyed', left.length === 0 && await isGone(url) && (await purchases(bedrock.url)).length === 0, left.join('\n'));

    // Interrupted during a batch job, which would continue and be billed.
    bedrock.batch.behaviour.durations.inProgressMs = 600_000;
    const before = bedrock.batch.jobs.length;
    const interruptAt = (text: string) => { if (text.startsWith('Waiting for metrics')) interrupt.abort(); };
    const interrupted = (await acceptance(OPTIONS, { ...host, signal: interrupt.signal, say: interruptAt }))!;
    checks.check('a run that is interrupted destroys everything', interrupted.left.length === 0 && await isGone(url), interrupted.left.join('\n'));
    const jobs = bedrock.batch.jobs.slice(before).filter(({ request }) => request.inputDataConfig.s3InputDataConfig.s3Uri.includes('/direct/'));
    checks.check('and stops its job', jobs.some(({ stop }) => stop !== undefined), JSON.stringify(jobs));
    const later = lineOf(interrupted.lines, 'manifest-input-tokens').did;
    checks.check('and leaves the other lines not tried', later === 'not tried: the run ended before it', later);
  } catch (thrown) {
    console.error(said.join('\n'));
    throw thrown;
  } finally {
    alarm.stop();
    runtime.stop();
  }
}

function verdictsAreRight(lines: readonly Line[]): boolean {
  return ASSUMPTIONS.every(({ id, notTried }, i) => {
    const reason = notTried ?? UNABLE[id];
    if (reason !== undefined) return lines[i].did === `not tried: ${reason}` && lines[i].verdict === 'not tried';
    return CONFIRMED.includes(id) && lines[i].verdict === 'confirmed';
  });
}

function lineOf(lines: readonly Line[], id: string): Line {
  return lines[ASSUMPTIONS.findIndex((assumption) => assumption.id === id)];
}

function stopWorked({ attachedAfter, detachedAfter, before, during }: Stop): boolean {
  const caller = before.filter(({ role, decision }) => role.startsWith('Caller') && decision === 'allowed');
  const now = during.filter(({ role }) => role.startsWith('Caller'));
  return attachedAfter !== undefined && detachedAfter !== undefined && caller.length === 3 && now.every(({ decision }) => decision === 'explicitDeny');
}

async function isGone(url: string): Promise<boolean> {
  return statusOf(url, STACK).then((status) => status === undefined || status === 'DELETE_COMPLETE', () => true);
}

/** Passes each state change of the budget's alarm to the function, as AWS does, since the emulator's alarms start no functions. */
class AlarmStartsFunction {
  private readonly cloudWatch: CloudWatchClient;
  private last = 'INSUFFICIENT_DATA';
  private readonly timer = setInterval(() => void this.look().catch(() => undefined), 200);

  constructor(private readonly url: string) {
    this.cloudWatch = new CloudWatchClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const { MetricAlarms = [] } = await this.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'cdk-bedrock-cost-' }));
    const alarm = MetricAlarms.find(({ AlarmActions = [] }) => AlarmActions.some((arn) => arn.includes(':function:')));
    if (!alarm || alarm.StateValue === this.last) return;
    this.last = alarm.StateValue!;
    const [arn] = alarm.AlarmActions!.filter((action) => action.includes(':function:'));
    if (!alarm.ActionsEnabled || this.last === 'INSUFFICIENT_DATA') return;
    await rest(this.url, 'lambda', `/2015-03-31/functions/${arn.split(':').pop()}/invocations`, {
      source: 'aws.cloudwatch', alarmArn: alarm.AlarmArn, time: new Date().toISOString(), alarmData: { alarmName: alarm.AlarmName, state: { value: this.last } },
    });
  }
}
