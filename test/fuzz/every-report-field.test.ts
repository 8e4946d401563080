import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv2020 from 'ajv/dist/2020';
import { ReportJson } from '../../src/cost-report/report-json';
import { CliFolder } from '../harness/cli/run-cli';
import { Place, placeText, runInProcess, withAt } from '../harness/cli/run-in-process';
import { everyNth, isQuick } from '../runs';

const folder = new CliFolder();
afterAll(() => folder.remove());

const schema = JSON.parse(readFileSync(join(__dirname, '../../schemas/report.schema.json'), 'utf8'));
// The published schema, compiled here, instead of the validator of the command line.
const isValid = new Ajv2020({ strict: false }).compile(schema);

interface Part {
  readonly [keyword: string]: any;
}

function resolved(of: Part): Part {
  const { $ref, ...own } = of;
  return $ref === undefined ? of : { ...($ref as string).split('/').slice(1).reduce((part, name) => part[name], schema), ...own };
}

function typesOf(of: Part): string[] {
  if (of.type !== undefined) return [of.type].flat();
  return [...new Set(('const' in of ? [of.const] : of.enum as unknown[]).map((value) => typeof value as string))];
}

/** A value that a part of the schema allows, with all its fields. */
function sample(given: Part): unknown {
  const of = resolved(given);
  if ('const' in of) return of.const;
  if (of.enum) return of.enum[0];
  switch (typesOf(of)[0]) {
    case 'integer': case 'number': return 1;
    case 'boolean': return false;
    case 'array': return [sample(of.items)];
    case 'object': return of.properties === undefined ? { text: sample(of.additionalProperties) }
      : Object.fromEntries(Object.entries<Part>(of.properties).map(([name, part]) => [name, sample(part)]));
    default: return of.pattern?.includes('{4}') ? '2026-12-31' : of.pattern?.startsWith('^') ? '1' : 'text';
  }
}

/** A field of the schema at its place in the sample. */
interface Field {
  readonly place: Place;
  readonly of: Part;
}

function fieldsOf(given: Part, place: Place = []): Field[] {
  const of = resolved(given);
  const below = (part: Part, step: string | number) => fieldsOf(part, [...place, step]);
  return [
    ...(place.length > 0 ? [{ place, of }] : []),
    ...Object.entries<Part>(of.properties ?? {}).flatMap(([name, part]) => below(part, name)),
    ...(typeof of.additionalProperties === 'object' ? below(of.additionalProperties, 'text') : []),
    ...(of.items && typesOf(of).length === 1 ? below(of.items, 0) : []),
  ];
}

const OF_TYPE: { readonly [type: string]: readonly unknown[] } = {
  null: [null], boolean: [true], number: [7, 0.5], string: ['x y'], array: [[], [{}]], object: [{}, { text: 'x' }],
};

/** Values at and beyond the limits of a field, and of every other type. */
function valuesFor(of: Part): unknown[] {
  const { minimum, exclusiveMinimum, maximum, pattern, maxLength } = of;
  return [
    ...Object.values(OF_TYPE).flat(),
    ...(minimum === undefined ? [] : [minimum, minimum - 1, minimum + 0.5]),
    ...(exclusiveMinimum === undefined ? [] : [exclusiveMinimum, exclusiveMinimum + 0.001]),
    ...(maximum === undefined ? [] : [maximum, maximum + 1]),
    ...(typesOf(of).some((type) => ['integer', 'number'].includes(type)) ? [1e308, -1e308] : []),
    ...(pattern === undefined ? [] : [
      '', ' ', '-1', '1e3', '01', '1.', '0.000000000000000000001', '9'.repeat(400), '9'.repeat(401), '2026-02-30', '9999-12-31', 'NaN',
    ]),
    ...(maxLength === undefined ? [] : ['1'.repeat(maxLength + 1)]),
    ...(of.enum ? [...of.enum as unknown[], String(of.enum[0]).toUpperCase(), `${of.enum[0]} `, ''] : []),
    ...('const' in of ? [`${of.const}x`, of.const === true ? false : 1] : []),
    ...(typesOf(of).includes('string') ? ['\u0000\u001b[2J', '\ud800'] : []),
  ];
}

interface Mutant {
  readonly what: string;
  readonly report: unknown;
}

function mutantsOf(report: object, { place, of }: Field): Mutant[] {
  const name = place[place.length - 1];
  const named = typeof name === 'string' ? [`${name}x`, name.toUpperCase()].filter((other) => other !== name) : [];
  const content = place.reduce<any>((part, step) => part[step], report);
  return [
    { what: 'dropped', report: withAt(report, place, undefined) },
    ...valuesFor(of).map((value) => ({ what: `${JSON.stringify(value).slice(0, 40)}`, report: withAt(report, place, value) })),
    ...named.map((other) => ({ what: `named ${other}`, report: withAt(withAt(report, place, undefined), [...place.slice(0, -1), other], content) })),
  ];
}

/** The only line is a one-time cost, and a price is missing: no monthly cost is known. */
const SAMPLE = sample(schema) as ReportJson;
const UNKNOWN = { monthlyUsd: null, knownMonthlyUsd: '0' };
const REPORT: ReportJson = {
  ...SAMPLE,
  totals: { ...SAMPLE.totals, ...UNKNOWN },
  resources: SAMPLE.resources.map((resource) => ({ ...resource, ...UNKNOWN })),
};
const FIELDS = fieldsOf(schema);

/** Rules that no schema can state: sums, the calendar, and parts that belong together. */
const CONTRADICTION = new RegExp([
  'nownMonthlyUsd must be ".*", the sum (over the resources|of its monthly lines), got ',
  'monthlyUsd must be (null, since prices are missing|null, as resources|".*", the sum)',
  'estimatedUsd must be more than limitUsd',
  'acknowledgement\\.expires must be a day of the calendar',
  'acknowledgement\\.expires must be a day that is at most 366 days after ',
  'acknowledgement\\.(owner|maxMonthlyUsd|expires) must be a value, or null together with ',
  'acknowledged must be false where there is no acknowledgement',
].join('|'));

test('the sample has every field of the schema, and passes', async () => {
  expect(isValid(REPORT)).toBe(true);
  expect(FIELDS.length).toBeGreaterThan(140);
  const path = folder.write('report.json', REPORT);
  for (const command of ['check', 'report']) expect((await runInProcess(command, path)).err).toBe('');
});

// Both commands read the file in the same way, so that `check` alone runs on invalid files.
test.each([['check', 2_400], ['report', 400]])('every field of the schema, dropped, retyped, misspelt or out of range, is an answer of %s or one message', async (command, floor) => {
  const path = join(folder.path, 'report.json');
  const bad: string[] = [];
  let count = 0;
  for (const field of everyNth(4, FIELDS)) {
    for (const { what, report } of mutantsOf(REPORT, field)) {
      const text = JSON.stringify(report);
      const valid = isValid(JSON.parse(text));
      if (command === 'report' && !valid) continue;
      folder.write('report.json', text);
      const { code, out, err } = await runInProcess(command, path);
      count++;
      const isAnswer = code !== 2 && err === '' && out !== '' && !/\n\s+at |undefined|NaN|\[object/.test(out);
      const lines = err.trimEnd().split('\n').map((line) => line.replace(/^error: | {2}/, ''));
      // An object without its fields has a problem for each.
      const isOneMessage = code === 2 && out === '' && lines.every((line) => line.startsWith(`${path}: `)) && (lines.length === 1 || /^\[?\{/.test(what))
        && !/internal error|undefined|\[object/.test(err);
      const isRight = valid ? isAnswer || (isOneMessage && CONTRADICTION.test(err)) : isOneMessage;
      if (!isRight) bad.push(`${placeText(field.place)} ${what}: valid ${valid}, ${code} ${err}${isAnswer ? '' : out.slice(0, 300)}`);
    }
  }
  expect(bad).toEqual([]);
  expect(count).toBeGreaterThan(isQuick ? floor / 8 : floor);
});
