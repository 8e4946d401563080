import { Bedrock } from '@aws-sdk/client-bedrock';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SSM } from '@aws-sdk/client-ssm';
import { BaseStore } from './base-store';
import { readJobs } from './batch-jobs';
import { Clock, readCloudWatchCounts } from './cloudwatch-counts';
import { MonthToDateEnv, MonthToDateEvent, NAMESPACE, StackRequest } from './contract';
import { historyStart } from './forecast';
import { keyOf } from './ledger';
import { gone, LedgerStore } from './ledger-store';
import { publish } from './metrics';
import { PartsOf, readParts } from './parts';
import { readPurchases } from './purchases';
import { isFuture, readRequest, timeOf } from './request';
import { closingOf } from './spend';
import { countStack, StackCount, StackReadings } from './stack-count';
import { MonthToDateSummary } from './summary';
import { env } from '../shared/environment';

const config = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};
const bedrock = new Bedrock(config);
const scheduler = new Scheduler(config);
// The output of a job may be in a bucket of another region.
const s3 = new S3({ ...config, followRegionRedirects: true });
/** The clients for a region; the function's own region by default. */
const cloudWatchIn = byRegion((region) => new CloudWatch({ ...config, region }));
const ssmIn = byRegion((region) => new SSM({ ...config, region }));

function byRegion<T>(create: (region?: string) => T): (region?: string) => T {
  const clients = new Map<string | undefined, T>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}

/**
 * Computes the month-to-date cost of each budget of the stack from the counts of AWS. The next runs make up for a missed run or late
 * data. The ledger has the last amounts of meters that are no longer counted. All data is read before anything is written or published.
 * Incomplete data fails the run, since a missing value is better than one that is too low. A budget whose other parts cannot be read
 * fails the run after the other budgets are published.
 *
 * @returns the summary of each budget that could be counted
 */
export async function handler(event: MonthToDateEvent): Promise<MonthToDateSummary[]> {
  const present = Date.now() / 1000;
  const now = timeOf(event, present);
  const clock: Clock = { now, present, closing: closingOf(now) };
  const asked = await readRequest(scheduler, env(MonthToDateEnv.SCHEDULE));
  const parameter = env(MonthToDateEnv.LEDGER_PARAMETER);
  const [ledgers, bases] = [new LedgerStore(ssmIn(), parameter), new BaseStore(ssmIn(), parameter)];
  const { request, readings, parts } = await read(asked, ledgers, bases, clock);
  const count = countStack(request, readings, parts, clock, ownStack());

  // A late event does not replace newer values. A ledger whose time is in the future, or not a number, is ignored.
  const { asOf = now } = readings.ledger;
  const isNewest = !(asOf > now) || isFuture(asOf, present);
  if (isNewest) await ledgers.write(count.ledger);
  await publishAll(count);
  // Written last, since it only saves the next runs a recount.
  if (isNewest && readings.newBase) await bases.write(readings.newBase);

  for (const summary of count.summaries) console.log(JSON.stringify(summary));
  if (count.errors.length > 0) throw failureOf(count.errors);
  return count.summaries;
}

/** The request with its current throughput, and its readings. */
async function read(
  asked: StackRequest, ledgers: LedgerStore, bases: BaseStore, clock: Clock,
): Promise<{ readonly request: StackRequest; readonly readings: StackReadings; readonly parts: PartsOf }> {
  const [{ meters, found: purchases }, ledger, parts] = await Promise.all([
    readPurchases(bedrock, asked.provisioned), ledgers.read(ownStack()), readParts(ssmIn, asked.budgets),
  ]);
  if (!ledger) throw gone(env(MonthToDateEnv.LEDGER_PARAMETER));
  const request = { ...asked, provisioned: meters };
  const { now, closing = now } = clock;
  const [counts, jobs] = await Promise.all([
    readCloudWatchCounts(cloudWatchIn(), bases, request, ledger, clock),
    Promise.all(request.batch.map((meter) => readJobs(bedrock, s3, meter, historyStart(closing), now))),
  ]);
  return { request, readings: { region: env('AWS_REGION'), purchases, jobs, ledger, ...counts }, parts };
}

async function publishAll({ own, shared }: StackCount): Promise<void> {
  await publish(cloudWatchIn(), NAMESPACE, [...own, ...shared.flatMap(({ data }) => data)]);
  const regions = new Set(shared.flatMap(({ publishTo }) => publishTo));
  await Promise.all([...regions].map((region) => (
    publish(cloudWatchIn(region), NAMESPACE, shared.flatMap(({ publishTo, data }) => (publishTo.includes(region) ? data : []))))));
}

function failureOf(errors: readonly Error[]): Error {
  return errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(({ message }) => message).join('; '));
}

function ownStack(): string {
  return keyOf(env(MonthToDateEnv.STACK_ID));
}
