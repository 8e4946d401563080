import { FaultProxy } from './month-to-date/fault-proxy';
import { BUDGET, CAPACITY_USD, Simulation, WINDOWS } from './month-to-date/simulation';
import { ASSISTANT_NEW, ASSISTANT_OLD, costOf, Count, HOUR, Model, monthOf, REPLACED, SEARCH, yearOfUse } from './month-to-date/usage';
import { Dimension, MetricName, REMOVED } from '../../src/lambda/month-to-date/contract';
import { Checks } from '../../tools/staging';

const FAULTY = 0.02;
const STEP = 8 * HOUR;
const QUARTER = HOUR / 4;
/** In the midst of five minutes, of which one is cut off that has use; with use of both parts in the hour before, some of it not known yet. */
const JUDGED = Date.UTC(2027, 9, 6, 4, 22) / 1000;

/**
 * Runs the month-to-date function for a calendar year with an emulator of CloudWatch: two parts of a budget in two regions, every eight hours
 * (the smaller one every day) and around the start of each month, with late datapoints, missed and repeated runs, and one failed request in
 * fifty. After each month, the published cost must equal the cost of the month exactly; once in the year, so must the cost of the last hour
 * and day.
 */
export async function yearOfMonthToDate(emulatorUrl: string, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\na year of the month\'s cost');
  const before = { ...process.env };
  const proxy = await FaultProxy.start(emulatorUrl, FAULTY);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: proxy.url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const start = Date.now();
  const counts = yearOfUse();
  const year = new Simulation(emulatorUrl, counts);
  const slowDown = hurry();
  try {
    for (let month = 0; month < 12; month++) {
      await monthOfRuns(year, Date.UTC(2027, month) / 1000, Date.UTC(2027, month + 1) / 1000, counts, checks);
    }
    const { runs, missed, repeated, failures, lost } = year;
    checks.check('every kind of fault occurred', Object.values(proxy.faults).every((times) => times > 0), JSON.stringify(proxy.faults));
    console.log(`  ${runs} runs, of which ${repeated} were delivered twice, and ${missed} missed; ${failures} attempts failed, ${lost} runs finally; ${counts.length} datapoints`);
    console.log(`  ${proxy.injected} of ${proxy.requests} requests went wrong: ${JSON.stringify(proxy.faults)}; ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    slowDown();
    proxy.stop();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

async function monthOfRuns(
  year: Simulation, start: number, end: number, counts: readonly Count[], checks: InstanceType<typeof Checks>,
): Promise<void> {
  // The hours after the start of a month close the month before.
  for (let time = start + STEP; time < end; time += STEP) {
    await year.step(time, time === REPLACED - STEP);
    if (JUDGED > time && JUDGED < time + STEP) await windowsAreRight(year, counts, checks);
  }
  for (const after of [-HOUR / 4, 0, HOUR / 4, 2 * HOUR, 5.75 * HOUR]) await year.step(end + after, true);

  const month = monthOf(start);
  const capacity = (end - start) / HOUR * CAPACITY_USD;
  const assistant = [ASSISTANT_OLD, ASSISTANT_NEW];
  const published = (region: string, dimensions: { [name: string]: string }) => year.maximum(region, dimensions, start, end);
  const of = (models: readonly Model[]) => counts.filter(({ model, time }) => models.includes(model) && monthOf(time) === month);
  const total = costOf(of([...assistant, SEARCH]), capacity);
  const spent = {
    search: { is: await published('us-east-1', year.partDimensions('Search')), shouldBe: costOf(of([SEARCH])) },
    chat: { is: await published('us-west-2', year.partDimensions('Chat')), shouldBe: costOf(of(assistant), capacity) },
    total: { is: await published('us-west-2', { Budget: BUDGET }), shouldBe: total },
    elsewhere: { is: await published('eu-west-1', { Budget: BUDGET }), shouldBe: total },
  };
  checks.check(`${month} cost $${total}`, Object.values(spent).every(({ is, shouldBe }) => is === shouldBe && shouldBe > 0), JSON.stringify(spent));
  if (REPLACED < start || REPLACED >= end) return;
  const old = { ...year.partDimensions('Chat'), Resource: REMOVED, Model: REMOVED, Meter: REMOVED };
  const [carried, cost] = [await year.maximum('us-west-2', old, end - 60, end), costOf(of([ASSISTANT_OLD]))];
  checks.check(`${month} keeps the cost of the replaced profile until its last minute`, carried === cost, `${carried} instead of ${cost}`);
}

/**
 * The last hour and day up to the last full five minutes, as far as AWS has counted. A recount and 23 runs of active
 * metrics come before, and the month to date is right as well.
 */
async function windowsAreRight(year: Simulation, counts: readonly Count[], checks: InstanceType<typeof Checks>): Promise<void> {
  for (let time = JUDGED - 24 * QUARTER; time <= JUDGED; time += QUARTER) await year.step(time, true);
  const capacity = Math.ceil((JUDGED - Date.UTC(2027, 9) / 1000) / HOUR) * CAPACITY_USD;
  const total = costOf(counts.filter(({ time, seenAt }) => monthOf(time) === '2027-10' && seenAt <= JUDGED), capacity);
  const published = await year.maximum('us-west-2', { Budget: BUDGET }, JUDGED, JUDGED + 60);
  checks.check(`the month to date cost $${total}`, published === total, `${published}`);
  const end = JUDGED - JUDGED % 300;
  for (const minutes of WINDOWS) {
    const spent = counts.filter(({ time, seenAt }) => time >= end - minutes * 60 && time < end && seenAt <= JUDGED);
    const whole = { [Dimension.BUDGET]: BUDGET, [Dimension.WINDOW]: `${minutes}` };
    const [is, shouldBe] = [await year.maximum('us-west-2', whole, JUDGED, JUDGED + 60, MetricName.SPENT), costOf(spent)];
    checks.check(`the ${minutes} minutes before ${new Date(end * 1000).toISOString()} cost $${shouldBe}`, is === shouldBe && shouldBe > 0, `${is}`);
  }
}

/** Shortens the waits between retries, but not waits as long as a timeout. */
function hurry(): () => void {
  const { setTimeout: real } = globalThis;
  const fast = (run: () => void, ms = 0, ...more: []) => real(run, ms < 1000 ? ms / 50 : ms, ...more);
  globalThis.setTimeout = Object.assign(fast, { __promisify__: real.__promisify__ });
  return () => { globalThis.setTimeout = real; };
}
