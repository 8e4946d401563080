import { Availability, Dispute, DisputedRate, PricedRate, Source } from '../facts';

const WIDTH = 150;

/** The order in which a rate's fields are written. */
const RATE_FIELDS = [
  'kind', 'scope', 'tier', 'context', 'commitmentDuration', 'customModel', 'resolution', 'quality', 'termMonths', 'policy',
  'customModelUnitVersion', 'architecture', 'usd', 'unit', 'asOf', 'confirmed', 'source', 'effectiveDate', 'endDate', 'reviewAfter', 'derived',
] as const satisfies readonly (keyof PricedRate)[];

/** Fields that are quoted, since YAML readers would convert them to numbers. */
const QUOTED = new Set<string>(['usd', 'customModelUnitVersion', 'derived', 'a', 'b']);

/** One rate as an entry of a flow mapping: `{ kind: input, ... }`, wrapped as the files are. */
export function formatRate(rate: PricedRate, indent: number): string {
  return flow(RATE_FIELDS.flatMap((field) => fieldText(field, rate[field])), rate.regions, indent);
}

export function formatDisputedRate(rate: DisputedRate, indent: number): string {
  return flow((['kind', 'scope', 'tier', 'context', 'a', 'b'] as const).flatMap((field) => fieldText(field, rate[field])), rate.regions, indent);
}

export function formatDispute({ model, why, inBook, a, b, rates }: Dispute): string {
  return [
    `  - model: ${model}`,
    ...wrapped(`    why: ${quoted(why)}`, '      '),
    `    inBook: ${inBook}`,
    `    a: ${a}`,
    ...(b === undefined ? [] : [`    b: ${b}`]),
    '    rates:',
    ...rates.map((rate) => `      - ${formatDisputedRate(rate, 10)}`),
    '',
  ].join('\n');
}

export function formatSource({ key, what, date, secondHand }: Source): string {
  return [`  - key: ${key}`, `    what: ${quoted(what)}`, `    date: ${date}`, ...(secondHand ? ['    secondHand: true'] : []), ''].join('\n');
}

/** The lines of `availability:` below a model. */
export function formatAvailability({ inRegion, geo, global, none }: Availability): string {
  const line = (indent: string, name: string, regions: readonly string[]) => (regions.length === 0 ? [] : wrapped(`${indent}${name}: [${regions.join(', ')}]`, `${indent}  `));
  return [
    'availability:',
    ...line('      ', 'inRegion', inRegion),
    ...(Object.keys(geo).length === 0 ? [] : ['      geo:', ...Object.keys(geo).sort().flatMap((prefix) => line('        ', prefix, geo[prefix]))]),
    ...line('      ', 'global', global),
    ...line('      ', 'none', none),
  ].join('\n');
}

function fieldText(field: string, value: unknown): string[] {
  if (value === undefined) return [];
  const text = String(value);
  return [`${field}: ${QUOTED.has(field) || text.includes(':') ? quoted(text) : text}`];
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}

function flow(fields: readonly string[], regions: DisputedRate['regions'], indent: number): string {
  const at = regions === undefined ? [] : [`regions: ${regions === 'open' ? 'open' : `[${regions.join(', ')}]`}`];
  const before = ' '.repeat(indent - 2);
  const start = ' '.repeat(indent);
  const oneLine = `{ ${[...fields, ...at].join(', ')} }`;
  if (before.length + oneLine.length <= WIDTH) return oneLine;
  const first = wrapped(`${before}{ ${fields.join(', ')},`, start, ', ').join('\n').trimStart();
  return [first, ...wrapped(`${start}${at[0]} }`, `${start}  `, ', ')].join('\n');
}

/** A text broken where it is too wide, behind a space or a comma. */
function wrapped(text: string, indent: string, separator = ' '): string[] {
  if (text.length <= WIDTH) return [text];
  const at = text.lastIndexOf(separator, WIDTH - separator.length) + separator.length - 1;
  return at <= indent.length ? [text] : [text.slice(0, at), ...wrapped(indent + text.slice(at + 1), indent, separator)];
}
