import { readFileSync } from 'fs';
import { join } from 'path';
import { RateKind, UNITS_OF_KIND, REQUIRED_WITH_KIND } from '../../src/pricing/price-book/rate';
import { isFeatureRate } from '../../src/pricing/price-book/rate-dimensions';
import { WORKLOAD_TYPES } from '../../src/pricing/workload';
import { CliFolder } from '../harness/cli/run-cli';
import { Place, placesOf, placeText, runInProcess, withAt } from '../harness/cli/run-in-process';
import { everyNth, isQuick } from '../runs';

const folder = new CliFolder();
afterAll(() => folder.remove());

const schema = JSON.parse(readFileSync(join(__dirname, '../../schemas/usage.schema.json'), 'utf8'));

/** A value that a schema allows. */
function sample(of: any): unknown {
  if (of.$ref) return sample((of.$ref as string).split('/').slice(1).reduce((part, name) => part[name], schema));
  if ('const' in of) return of.const;
  if (of.enum) return of.enum[0];
  switch ([of.type].flat()[0]) {
    case 'integer': return Math.max(of.minimum ?? 1, 1);
    case 'number': return 1;
    case 'boolean': return false;
    case 'array': return [sample(of.items)];
    case 'object': return Object.fromEntries(Object.entries(of.properties).map(([name, part]) => [name, sample(part)]));
    default: return of.pattern?.startsWith('^[a-z]{2,6}') ? 'us-east-1' : of.pattern?.includes('\\d+(') ? '1' : 'text';
  }
}

const defs = (list: readonly { readonly $ref: string }[]) => list.map(({ $ref }) => schema.$defs[$ref.split('/').pop()!]);
const workloads = defs(schema.properties.workloads.items.oneOf).map((def) => sample(def) as object);
const rates = Object.values(RateKind).map((kind) => ({
  model: isFeatureRate({ kind } as never) ? '*' : 'example.model',
  kind,
  usd: '1',
  unit: UNITS_OF_KIND[kind][0],
  region: 'us-east-1',
  ...Object.fromEntries((REQUIRED_WITH_KIND[kind] ?? []).map((field) => [field, { commitmentDuration: 'none', customModel: false, termMonths: 1, policy: 'content-text', customModelUnitVersion: '1.0' }[field as string] ?? 'x'])),
}));

/** Values of other types, out of range, or of no use. */
const RETYPED: readonly unknown[] = [null, 'x y', -1, 1e300, [], {}, true];

/** A copy of the value in which the name of one field is misspelt. */
function misspelt<T>(value: T, place: Place): T {
  const name = String(place[place.length - 1]);
  const parent = place.slice(0, -1).reduce<any>((part, step) => part[step], value);
  return withAt(withAt(value, place, undefined), [...place.slice(0, -1), `${name}x`], parent[place[place.length - 1]]);
}

/** The fields of every type of workload, and of every kind of rate, each with a value that its own type or kind allows. */
const KNOWN: { readonly [list: string]: object } = {
  workloads: Object.assign({}, ...workloads),
  // With the values that set a rate apart: it may state of every kind that it is a standard one.
  prices: { ...Object.assign({}, ...Object.values(schema.$defs).filter((def: any) => 'usd' in (def.properties ?? {})).map(sample)), tier: 'batch', context: 'long', customModel: true },
};

/** An item of a list with each field that only other items of the list have. */
function withForeign<T>(value: T, place: Place): T[] {
  const [list, index] = place;
  if (place.length !== 2 || typeof index !== 'number') return [];
  const item = place.reduce<any>((part, step) => part[step], value);
  return Object.entries(KNOWN[list] ?? {}).filter(([name]) => !(name in item)).map(([name, content]) => withAt(value, [...place, name], content));
}

const isField = (_: unknown, place: Place) => place.length > 0;

interface Faults {
  readonly bad: string[];
  readonly count: number;
}

/** Runs a command on every mutant of a file. Finds output that is neither a result nor one line for each problem with its file and field. */
async function faults(name: string, content: object, command: readonly string[], allowed: readonly number[]): Promise<Faults> {
  const bad: string[] = [];
  let count = 0;
  const path = join(folder.path, name);
  for (const place of everyNth(6, placesOf(content, isField))) {
    const isNamed = typeof place[place.length - 1] === 'string';
    const retyped = RETYPED.map((value) => withAt(content, place, value));
    const mutants = [withAt(content, place, undefined), ...retyped, ...(isNamed ? [misspelt(content, place)] : []), ...withForeign(content, place)];
    for (const [i, mutant] of mutants.entries()) {
      folder.write(name, mutant);
      const { code, err } = await runInProcess(...command, path);
      count++;
      const lines = err.trimEnd().split('\n').map((line) => line.replace(/^error: | {2}/, ''));
      const isTold = code !== 2 || lines.every((line) => line.startsWith(path));
      if (!allowed.includes(code) || /internal error|\n\s+at |undefined|\[object|Set \./.test(err) || !isTold || /rates\[/.test(err)) bad.push(`${placeText(place)} #${i}: ${code} ${err}`);
    }
  }
  return { bad, count };
}

test('every field of every workload type: dropped, retyped, misspelt or out of range is an answer or an error that names it', async () => {
  const bad: string[] = [];
  let count = 0;
  for (const workload of workloads) {
    const found = await faults('usage.json', { version: 1, region: 'us-east-1', hoursPerMonth: 730, allowDerivedRates: true, workloads: [workload] }, ['estimate'], [0, 2]);
    bad.push(...found.bad);
    count += found.count;
  }
  expect(bad).toEqual([]);
  expect(workloads).toHaveLength(WORKLOAD_TYPES.length);
  expect(count).toBeGreaterThan(isQuick ? 200 : 1_500);
});

test('every field of every rate kind', async () => {
  const bad: string[] = [];
  let count = 0;
  for (const rate of rates) {
    const found = await faults('usage.json', { version: 1, prices: [rate], workloads: [{ name: 'flow', type: 'flow', nodeTransitionsPerMonth: 1 }] }, ['estimate'], [0, 2]);
    bad.push(...found.bad);
    count += found.count;
  }
  expect(bad).toEqual([]);
  expect(count).toBeGreaterThan(isQuick ? 250 : 2_000);
});
