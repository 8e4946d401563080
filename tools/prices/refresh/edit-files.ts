import { isMap, isSeq, Pair, parseDocument, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { formatAvailability, formatDispute, formatRate, formatSource, quoted } from './format-yaml';
import { Proposal, ProposedChange, ProposedModel } from './proposal';
import { PROFILE_PREFIXES } from '../../../src/pricing/model-id';
import { ANY_MODEL, PriceTier } from '../../../src/pricing/price-book/rate';
import { Availability, PricedModel, PricedRate, PriceFacts, Source } from '../facts';

/** The texts of prices/, by file name. */
export type PriceFiles = ReadonlyMap<string, string>;

/** A replacement of a part of a text. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The start of each rate of a model, and the indentation of its following lines. */
const BELOW_MODEL = { item: '\n      - ', indent: 10 };

/**
 * Writes a proposal into the files. All other text stays unchanged, with its comments, order and line breaks, which people maintain.
 */
export function editFiles(
  files: PriceFiles, facts: PriceFacts, proposal: Proposal, availability: ReadonlyMap<string, Availability>, sources: readonly Source[],
): Map<string, string> {
  const edited = new Map<string, string>();
  for (const [file, text] of files) {
    const provider = isProviderFile(text) ? editProvider(text, facts, proposal, availability, sources[sources.length - 1]) : text;
    edited.set(file, file === 'features.yaml' ? editFeatures(text, facts, proposal) : provider);
  }
  const newSources = sources.filter(({ key }) => !facts.sources.some((known) => known.key === key));
  append(edited, 'disputed.yaml', proposal.disputed.map(formatDispute).join(''));
  edited.set('sources.yaml', insertSources(edited.get('sources.yaml')!, newSources));
  return edited;
}

function isProviderFile(text: string): boolean {
  return /^provider:/m.test(text);
}

function append(files: Map<string, string>, file: string, text: string): void {
  files.set(file, files.get(file)!.replace(/\n*$/, '\n') + text);
}

/** Inserts packages before the single rows of the price list. */
function insertSources(text: string, sources: readonly Source[]): string {
  const at = text.indexOf('  # Single rows of the AWS Price List');
  const added = sources.map(formatSource).join('');
  return at < 0 ? text + added : text.slice(0, at) + added + text.slice(at);
}

/** @param list the source of the availability list */
function editProvider(
  text: string, facts: PriceFacts, proposal: Proposal, availability: ReadonlyMap<string, Availability>, list: Source,
): string {
  const document = parseDocument(text);
  const models = document.get('models') as YAMLSeq<YAMLMap>;
  const edits: Edit[] = [];
  const providers = new Set<string>();
  for (const node of models.items) {
    const id = String(node.get('id'));
    providers.add(id.split('.')[0]);
    const model = facts.models.find((known) => known.id === id)!;
    edits.push(...rateEdits(node, model.rates, id, proposal));
    const border = proposal.borders.find((stated) => stated.model === id);
    if (border) edits.push(insertBefore(node, 'rates', `longContextFromInputTokens: ${border.longContextFromInputTokens}`));
    const offered = availability.get(id);
    if (offered && !isNowhere(offered) && !isSameAvailability(model.availability, offered)) edits.push(...availabilityEdits(node, offered, model));
  }
  const added = proposal.models.filter(({ id }) => providers.has(id.split('.')[0]));
  const end = models.range![1];
  const texts = added.map((model) => formatModel(model, proposal, list));
  return apply(text, texts.length === 0 ? edits : [...edits, { from: end, to: end, text: texts.join('') }]);
}

function editFeatures(text: string, facts: PriceFacts, proposal: Proposal): string {
  return apply(text, rateEdits(parseDocument(text).contents as YAMLMap, facts.features, ANY_MODEL, proposal, { item: '\n  - ', indent: 6 }));
}

/** Replaces the lines of changed and confirmed rates, with one line for each group of regions that still agree. New rates follow the last. */
function rateEdits(node: YAMLMap, rates: readonly PricedRate[], model: string, proposal: Proposal, { item, indent } = BELOW_MODEL): Edit[] {
  const nodes = node.get('rates') as YAMLSeq | undefined;
  const changes = [...proposal.changed, ...proposal.confirmed].filter((change) => change.model === model);
  const edits = rates.flatMap((rate, i): Edit[] => {
    const ofLine = changes.filter(({ line }) => line === rate);
    if (ofLine.length === 0) return [];
    const { range } = nodes!.items[i] as YAMLMap;
    return [{ from: range![0], to: range![1], text: splitByRegion(rate, ofLine).map((part) => formatRate(part, indent)).join(item) }];
  });
  const added = proposal.added.filter((other) => other.model === model).map(({ rate }) => formatRate(rate, indent));
  if (added.length === 0) return edits;
  const list = added.map((text) => item + text).join('');
  if (node.has('rates') && !isSeq(nodes)) {
    const colon = pairOf(node, 'rates').key.range![1] + 1;
    return [{ from: colon, to: colon, text: list }];
  }
  if (!nodes || nodes.items.length === 0) {
    const end = endOf(node.items[node.items.length - 1] as NodePair);
    return nodes ? [{ from: nodes.range![0], to: nodes.range![1], text: list }] : [{ from: end, to: end, text: `\n    rates:${list}` }];
  }
  const [, end] = (nodes.items[nodes.items.length - 1] as YAMLMap).range!;
  return [...edits, { from: end, to: end, text: list }];
}

/** A rate without the fields that apply only to its former price: they neither confirm nor guarantee the new one. */
function ofPriceOnly(rate: PricedRate): PricedRate {
  return { ...rate, confirmed: undefined, effectiveDate: undefined, endDate: undefined, reviewAfter: undefined, derived: undefined };
}

function splitByRegion(rate: PricedRate, changes: readonly ProposedChange[]): PricedRate[] {
  const regions = rate.regions === 'open' ? ['open'] : rate.regions;
  const parts = new Map<string, { rate: PricedRate; regions: string[] }>();
  for (const region of regions) {
    const change = changes.find((other) => other.region === region)?.to;
    const part = change && change.usd !== rate.usd ? { ...ofPriceOnly(rate), ...change } : { ...rate, ...change };
    const key = JSON.stringify([part.usd, part.unit, part.asOf, part.source, part.confirmed]);
    if (!parts.has(key)) parts.set(key, { rate: part, regions: [] });
    parts.get(key)!.regions.push(region);
  }
  return [...parts.values()].map((part) => ({ ...part.rate, regions: rate.regions === 'open' ? 'open' : part.regions }));
}

function insertBefore(model: YAMLMap, name: string, text: string): Edit {
  const at = pairOf(model, name).key.range![0];
  return { from: at, to: at, text: `${text}\n    ` };
}

function availabilityEdits(node: YAMLMap, offered: Availability, model: PricedModel): Edit[] {
  const text = formatAvailability(offered);
  const profiles = profilesOf(offered);
  const known = node.has('profiles') ? pairOf(node, 'profiles') : undefined;
  const union = [...new Set([...model.profiles, ...profiles])].sort((a, b) => PROFILE_PREFIXES.indexOf(a) - PROFILE_PREFIXES.indexOf(b));
  const isMore = union.length > model.profiles.length;
  const list = `[${union.join(', ')}]`;
  const first = node.has('availability') ? pairOf(node, 'availability') : undefined;
  return [
    first ? { from: first.key.range![0], to: endOf(first), text } : insertBefore(node, 'rates', text),
    ...(!isMore ? [] : known ? [{ from: known.value!.range![0], to: known.value!.range![1], text: list }]
      : [insertBefore(node, first ? 'availability' : 'rates', `profiles: ${list}`)]),
  ];
}

function profilesOf({ geo, global }: Availability): string[] {
  return [...Object.keys(geo).filter((prefix) => prefix !== 'yes').sort(), ...(global.length > 0 ? ['global'] : [])];
}

type NodePair = Pair<Scalar, YAMLMap | YAMLSeq | Scalar>;

function pairOf(map: YAMLMap, name: string): NodePair {
  const found = map.items.find((pair) => (pair.key as Scalar).value === name);
  if (!found) throw new Error(`no field ${name} in ${String(map.get('id'))}`);
  return found as NodePair;
}

/** The end of the text of a block, whose own range continues to the next key. */
function endOf({ value }: NodePair): number {
  if (isMap(value) && !value.flow && value.items.length > 0) return endOf(value.items[value.items.length - 1] as NodePair);
  if (isSeq(value) && !value.flow && value.items.length > 0) return (value.items[value.items.length - 1] as Scalar).range![1];
  return value!.range![1];
}

/** True for a list that names no region, which does not replace the known availability. */
export function isNowhere({ inRegion, geo, global, none }: Availability): boolean {
  return [inRegion, ...Object.values(geo), global, none].every((regions) => regions.length === 0);
}

function isSameAvailability(a: Availability | undefined, b: Availability): boolean {
  return a !== undefined && formatAvailability(sorted(a)) === formatAvailability(sorted(b));
}

function sorted({ inRegion, geo, global, none }: Availability): Availability {
  const inOrder = (regions: readonly string[]) => [...regions].sort();
  const byPrefix = Object.fromEntries(Object.entries(geo).map(([prefix, regions]) => [prefix, inOrder(regions)]));
  return { inRegion: inOrder(inRegion), geo: byPrefix, global: inOrder(global), none: inOrder(none) };
}

function formatModel({ id, name, listed, longContextFromInputTokens }: ProposedModel, proposal: Proposal, list: Source): string {
  const rates = proposal.added.filter(({ model }) => model === id).map(({ rate }) => rate);
  const profiles = listed ? profilesOf(listed.availability) : [];
  return [
    `  - id: ${id}`,
    `    name: ${/^[A-Za-z][\w .+()-]*$/.test(name) ? name : quoted(name)}`,
    `    modality: ${listed?.modality ?? 'text'}`,
    `    status: ${listed === undefined ? 'unknown' : listed.isLegacy ? 'legacy' : 'active'}`,
    ...(listed?.isLegacy ? ['    lifecycle:', `      - { asOf: ${list.date}, source: ${list.key} }`] : []),
    `    batch: ${rates.some(({ tier }) => tier === PriceTier.BATCH) ? '"yes"' : 'unknown'}`,
    '    provisionedThroughput: unknown',
    ...(profiles.length === 0 ? [] : [`    profiles: [${profiles.join(', ')}]`]),
    ...(longContextFromInputTokens === undefined ? [] : [`    longContextFromInputTokens: ${longContextFromInputTokens}`]),
    ...(listed === undefined || isNowhere(listed.availability) ? [] : [`    ${formatAvailability(listed.availability)}`]),
    '    rates:',
    ...rates.map((rate) => `      - ${formatRate(rate, BELOW_MODEL.indent)}`),
    '',
  ].join('\n');
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.from - a.from).reduce((rest, { from, to, text: by }) => rest.slice(0, from) + by + rest.slice(to), text);
}
