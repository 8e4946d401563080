// npm run bench: how fast and how large the library is, and how much memory it takes, beside the numbers to reach. It
// prints a table and gives no verdict: on a shared machine the same code takes two to three times as long.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureMemory } from './memory';
import { measurePricing } from './pricing';
import { median, Row, table } from './table';
import { ensureBuilt, ROOT, withoutAws } from '../tools/staging';

/** No app may take longer; one that does is shown as Infinity. */
const LIMIT_SECONDS = 240;
/** CDK's own validation takes 2 s at each synth; it is the same with and without us. */
const WITHOUT_VALIDATION = { ...withoutAws(), CDK_VALIDATION: 'false' };

async function main(): Promise<void> {
  ensureBuilt();
  const rows: Row[] = [...measurePricing(), ...sizes(), ...synthesis(), ...smallApp(), ...growth(), ...await measureMemory()];
  console.log(table(rows));
}

function sizes(): Row[] {
  const [{ size, unpackedSize }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  return [
    { what: 'price book', measured: statSync(join(ROOT, 'lib/pricing/data/price-book.json')).size / 1e3, target: 300, unit: 'KB' },
    { what: 'package, packed', measured: size / 1e6, target: 1, unit: 'MB' },
    { what: 'package, unpacked', measured: unpackedSize / 1e6, target: 4, unit: 'MB' },
  ];
}

/**
 * An app of 800 other L2s and 100 of ours, beside the least that reading the prices, annotating 100 constructs and writing the reports
 * takes. The ways take turns, so that a slow minute slows all.
 */
function synthesis(): Row[] {
  const reports = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = { others: 800, ours: 100 };
  const runs = repeat(9, () => ({
    on: synthesize({ ...app, reports }),
    floor: synthesize({ ...app, reports, only: 'floor' }),
    off: synthesize({ ...app, estimates: false }),
  }));
  rmSync(reports, { recursive: true });
  const wallOff = median(runs.map(({ off }) => off.wall));
  const [own, floor] = [median(runs.map(({ on }) => on.own)), median(runs.map((run) => run.floor.own))];
  return [
    { what: 'synth of 800 other L2s and 100 of ours: our own time, measured in our hooks', measured: own, target: 30, unit: 'ms' },
    { what: 'the floor: reading the prices, annotating 100 constructs and writing the reports alone', measured: floor, unit: 'ms' },
    { what: 'ours to the floor', measured: own / floor, unit: 'x' },
    { what: `the same as wall time, beyond the ${wallOff.toFixed(0)} ms without estimates and with an empty plugin`, measured: median(runs.map(({ on }) => on.wall)) - wallOff, unit: 'ms' },
  ];
}

/** The processes of a small app, from start to end: requiring the library is a large part of them. */
function smallApp(): Row[] {
  const wallOf = (kind: string) => {
    const started = performance.now();
    execFileSync(process.execPath, [join(__dirname, 'small-app.js'), kind], { cwd: ROOT, env: WITHOUT_VALIDATION, stdio: 'ignore' });
    return performance.now() - started;
  };
  const runs = repeat(15, () => ({ none: wallOf('none'), profile: wallOf('profile'), budget: wallOf('budget') }));
  const profile = median(runs.map((run) => run.profile));
  return [
    { what: 'wall time that one profile adds to a small app', measured: profile - median(runs.map(({ none }) => none)), target: 100, unit: 'ms' },
    { what: 'wall time that a budget adds besides', measured: median(runs.map(({ budget }) => budget)) - profile, target: 200, unit: 'ms' },
  ];
}

/** Ten times the resources should take ten times our time. */
function growth(): Row[] {
  const [small, large] = [1_000, 10_000].map((ours) => synthesize({ others: 0, ours, only: 'estimates' }).own);
  return [
    { what: 'our own time for 1,000 estimates', measured: small, unit: 'ms' },
    { what: 'our own time for 10,000 estimates', measured: large, unit: 'ms' },
    { what: 'growth from 1,000 to 10,000: 10 is linear', measured: large / small, target: 12, unit: 'x' },
  ];
}

interface AppRequest {
  /** Number of L2s of aws-cdk-lib. */
  readonly others: number;
  /** Number of constructs of this library. */
  readonly ours: number;
  /** False: the constructs without their estimates. */
  readonly estimates?: boolean;
  /** `estimates`: for resources that are not ours, and no constructs. `floor`: the floor of an app of profiles. */
  readonly only?: 'estimates' | 'floor';
  /** The folder that reports are copied to, and from which the floor reads them. */
  readonly reports?: string;
}

function synthesize(request: AppRequest): { readonly wall: number; readonly own: number } {
  const args = [join(__dirname, 'app.js'), JSON.stringify(request)];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, env: WITHOUT_VALIDATION, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: LIMIT_SECONDS * 1_000 }));
  } catch (error) {
    console.error(`${JSON.stringify(request)}: ${(error as Error).message}`);
    return { wall: Infinity, own: Infinity };
  }
}

function repeat<T>(times: number, action: () => T): T[] {
  return Array.from({ length: times }, action);
}

void main();
