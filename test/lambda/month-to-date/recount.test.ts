import { StackRequest, TokenMeter } from '../../../src/lambda/month-to-date/contract';
import { fc } from '../../fast-check';
import { FakeMonth, ledgerOf, REGION } from '../../harness/month-to-date';
import { runs } from '../../runs';

let month: FakeMonth;
beforeAll(async () => { month = await FakeMonth.start(); });
afterAll(async () => month.aws.stop());
afterEach(() => jest.restoreAllMocks());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Two days before the end of a month; the simulation lasts four. */
const START = Date.parse('2026-09-29T00:20:00Z');
const HOURS = 96;
const CLOSED = '2026-09-30T23:59:00Z';

const PRICES = [{ metric: 'InputTokenCount', cents: 330 }, { metric: 'OutputTokenCount', cents: 1650 }] as const;
const METERS = Array.from({ length: 5 }, (_, i): TokenMeter => ({
  resource: `Chat/R${i}`, model: 'm', modelId: `p${i}`, prices: PRICES.map(({ metric, cents }) => ({ metric, usdPerMillion: `${cents / 100}` })),
}));
const COVERED = [[0, 1, 2, 3, 4], [1, 2], [4], []];
const REQUEST: Omit<StackRequest, 'time'> = {
  stack: 'Chat',
  onDemand: METERS,
  provisioned: [],
  batch: [],
  budgets: COVERED.map((onDemand, b) => ({ budget: `B${b}`, onDemand, provisioned: [], batch: [], publishPart: true, windowsMinutes: [60] })),
};

/** Tokens of one metric, and when CloudWatch has them. */
interface Use {
  readonly meter: number;
  readonly price: number;
  readonly time: number;
  readonly seenAt: number;
  readonly tokens: number;
}

/** Datapoints up to this late are counted by the next runs, however many hours have none. */
const PROMPT = 45 * MINUTE;

const use: fc.Arbitrary<Use> = fc.record({
  meter: fc.nat(METERS.length - 1),
  price: fc.nat(PRICES.length - 1),
  minute: fc.integer({ min: -72 * 60, max: HOURS * 60 }),
  delay: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 45 }) }, { weight: 1, arbitrary: fc.integer({ min: 60, max: 30 * 60 }) }),
  tokens: fc.nat(3_000_000),
}).map(({ meter, price, minute, delay, tokens }) => {
  const time = START + minute * MINUTE;
  return { meter, price, time, seenAt: time + delay * MINUTE, tokens };
});

/** Something that happens before a run. */
type Fault = 'cold start' | 'template written' | 'base lost' | 'delivered twice' | 'late event';
interface Step { readonly minutes: number; readonly fault: Fault | null; readonly times?: number }
/** A day and more without a fault, in which only its age makes a base unfit. */
const QUIET_DAY: Step = { minutes: 110, fault: null, times: 14 };
const step: fc.Arbitrary<Step> = fc.oneof({ weight: 1, arbitrary: fc.constant(QUIET_DAY) }, {
  weight: 15,
  arbitrary: fc.record({
    minutes: fc.oneof({ weight: 19, arbitrary: fc.integer({ min: 15, max: 119 }) }, { weight: 1, arbitrary: fc.integer({ min: 121, max: 23 * 60 }) }),
    fault: fc.option(fc.constantFrom<Fault>('cold start', 'template written', 'base lost', 'delivered twice', 'late event'), { freq: 8 }),
  }),
});

/** A recount by the definition: every token of the budget in the month that was there to be seen, in hundred-millionths of a dollar. */
function oracle(uses: readonly Use[], budget: number, from: number, to: number, isSeen: (one: Use) => boolean): bigint {
  return uses.filter((one) => COVERED[budget].includes(one.meter) && one.time >= from && one.time < to && isSeen(one))
    .reduce((sum, { tokens, price }) => sum + BigInt(tokens) * BigInt(PRICES[price].cents), 0n);
}
/** Exact: an amount has at most eight digits after the point. */
function units(usd: string): bigint {
  const [whole, part = ''] = usd.split('.');
  expect(part.length).toBeLessThanOrEqual(8);
  return BigInt(whole + part.padEnd(8, '0'));
}
const iso = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
const monthStart = (time: number) => Date.parse(`${iso(time).slice(0, 7)}-01T00:00:00Z`);

test('between two recounts, the forecast includes use that began since', async () => {
  month.reset();
  month.deployStack(REQUEST);
  await month.invokeStack('2026-09-10T00:20:00Z');
  // $6.60 an hour from 1:00 to 3:00.
  for (const hour of [1, 2]) month.count('InputTokenCount', `2026-09-10T0${hour}:00:00Z`, 2_000_000, 'p1');
  const [first, second, third] = await month.invokeStack('2026-09-10T03:20:00Z');
  // The same on September 17 and 24: 13.20 + 26.40. The first two budgets cover it.
  expect([first, second, third].map(({ monthToDateUsd, forecastUsd }) => [monthToDateUsd, forecastUsd])).toEqual([['13.2', '39.6'], ['13.2', '39.6'], ['0', '0']]);
});

class Simulation {
  public recounts = 0;
  public checks = 0;
  private now = START;
  private recountedAt = -Infinity;

  public constructor(private readonly uses: readonly Use[]) {
    month.reset();
    month.deployStack(REQUEST);
  }

  public async run(minutes: number, fault: Fault | null): Promise<void> {
    this.now += minutes * MINUTE;
    this.countUpTo(this.now);
    const ledger = `${REGION} ${ledgerOf('Chat')}`;
    if (fault === 'cold start') month.coldStart();
    if (fault === 'template written') month.aws.parameters.write(ledger, '{}');
    if (fault === 'base lost') {
      month.coldStart();
      month.aws.parameters.write(ledger.replace(/1$/, 'base-1'), 'lost');
    }
    await this.check(this.now);
    if (fault === 'delivered twice') await this.check(this.now);
    if (fault === 'late event') await this.check(this.now - 7 * MINUTE);
  }

  /** The amounts of an event of that time. */
  private async check(time: number): Promise<void> {
    month.aws.calls.length = 0;
    const summaries = await month.invokeStack(iso(time), {}, iso(this.now));
    const isRecount = month.aws.callsOf('GetMetricData').some(({ body }) => body.MetricDataQueries[0].MetricStat.Period === 3600);
    this.checks++;
    if (isRecount) this.recounts++;
    if (time - this.recountedAt >= 24 * HOUR) expect(isRecount).toBe(true);
    // The recount of a late event writes no base.
    if (isRecount && time === this.now) this.recountedAt = time;
    expect(summaries).toHaveLength(COVERED.length);
    for (const [b, { monthToDateUsd }] of summaries.entries()) this.compare(units(monthToDateUsd), isRecount, b, monthStart(time), time + MINUTE);
    if (time >= monthStart(time) + 6 * HOUR || monthStart(time) < START) return;
    for (const b of COVERED.keys()) {
      const closed = month.published('MonthToDateUsd', { Budget: `B${b}`, Stack: 'Chat' })[CLOSED];
      // The greatest of all values that were published for its last minute.
      expect(BigInt(Math.round(closed * 1e8))).toBeGreaterThanOrEqual(this.least(b, monthStart(START), monthStart(time)));
    }
  }

  private compare(amount: bigint, isRecount: boolean, budget: number, from: number, to: number): void {
    const all = oracle(this.uses, budget, from, to, ({ seenAt }) => seenAt <= this.now);
    expect(amount).toBeLessThanOrEqual(all);
    expect(amount).toBeGreaterThanOrEqual(isRecount ? all : this.least(budget, from, to));
  }

  private least(budget: number, from: number, to: number): bigint {
    return oracle(this.uses, budget, from, to, ({ time, seenAt }) => seenAt <= this.now && seenAt - time <= PROMPT);
  }

  private countUpTo(now: number): void {
    month.aws.points = month.aws.points.filter(({ namespace }) => namespace === 'CdkBedrockCost');
    for (const { meter, price, time, seenAt, tokens } of this.uses) {
      if (seenAt <= now) month.count(PRICES[price].metric, iso(time), tokens, METERS[meter].modelId);
    }
  }
}

test('between recounts amounts lack at most late data, and a recount, at least once a day, has them exactly', async () => {
  const numRuns = runs({ quick: 8, full: 300 });
  let [recounts, all] = [0, 0];
  await fc.assert(fc.asyncProperty(
    fc.array(use, { minLength: 20, maxLength: 80 }), fc.array(step, { minLength: 20, maxLength: 70 }), async (uses, steps) => {
      const simulation = new Simulation(uses);
      for (const { minutes, fault, times = 1 } of steps) for (let i = 0; i < times; i++) await simulation.run(minutes, fault);
      [recounts, all] = [recounts + simulation.recounts, all + simulation.checks];
    }), { numRuns, endOnFailure: true });
  // Both kinds of runs have occurred.
  expect(recounts).toBeGreaterThanOrEqual(numRuns);
  expect(recounts).toBeLessThan(all);
}, 1_800_000);
