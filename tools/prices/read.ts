import { existsSync, readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { parse } from 'yaml';
import {
  Alias, Availability, Dispute, DisputedRate, Gap, IncludedItem, PricedModel, PricedRate, PriceFacts, ServicePrice, Source, UnmappedName,
} from './facts';
import { Fields } from './fields';
import { defined, GEO_PREFIXES, readFeatureRate, readModelRate } from './read-rate';
import { isBareModelId, MODEL_ID, PROFILE_PREFIXES } from '../../src/pricing/model-id';
import { ModelEnd } from '../../src/pricing/price-book/model-catalog';
import { REGION } from '../../src/pricing/region';

/** The files that are not about a provider. */
const OTHER_FILES = ['aws-services.yaml', 'disputed.yaml', 'features.yaml', 'gaps.yaml', 'refresh.yaml', 'sources.yaml'];

const MODALITIES = ['text', 'multimodal', 'embedding', 'image', 'video', 'speech', 'rerank'];
const KNOWLEDGE = ['yes', 'no', 'unknown'];
const MODEL_FIELDS = [
  'id', 'name', 'priceListName', 'otherNames', 'modality', 'status', 'lifecycle', 'priceNote', 'batch', 'provisionedThroughput', 'profiles', 'aliases',
  'longContextFromInputTokens', 'availability', 'rates',
];

/** Reads every file of prices/ and checks each on its own. `validate` checks the files together. */
export function readPrices(dir: string): PriceFacts {
  const providers = readdirSync(dir).filter((file) => file.endsWith('.yaml') && !OTHER_FILES.includes(file)).sort();
  const files = providers.map((file) => readProvider(parseFile(dir, file), `prices/${file}`));
  const features = readFeatures(parseFile(dir, 'features.yaml'), 'prices/features.yaml');
  const only = <T>(file: string, list: string, read: (value: unknown, place: string) => T) =>
    new Fields(parseFile(dir, file), `prices/${file}`, [list]).list(list, read);
  const gaps = only('gaps.yaml', 'gaps', readGap);
  return {
    models: withLongContextGaps(files.flatMap(({ models }) => models), gaps),
    features: features.features,
    included: features.included,
    unmapped: [...files.flatMap(({ unmapped }) => unmapped), ...features.unmapped],
    services: only('aws-services.yaml', 'services', readService),
    sources: only('sources.yaml', 'sources', readSource),
    disputed: only('disputed.yaml', 'disputed', readDispute),
    gaps,
  };
}

function parseFile(dir: string, file: string): unknown {
  const path = join(dir, file);
  if (!existsSync(path)) throw new Error(`${basename(dir)}/${file} is missing`);
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (e) {
    throw new Error(`${basename(dir)}/${file} is not valid YAML: ${(e as Error).message}`);
  }
}

/** The content of a provider's file. */
export function readProvider(content: unknown, place: string): Pick<PriceFacts, 'models' | 'unmapped'> {
  const fields = new Fields(content, place, ['provider', 'models', 'unmapped']);
  const provider = fields.text('provider');
  return {
    models: fields.list('models', (value, at) => readModel(value, place, at, provider)),
    unmapped: fields.list('unmapped', (value, at) => readUnmapped(value, at, readModelRate)),
  };
}

/** The content of features.yaml: prices that belong to no model. */
export function readFeatures(content: unknown, place: string): Pick<PriceFacts, 'features' | 'included' | 'unmapped'> {
  const fields = new Fields(content, place, ['rates', 'included', 'unmapped']);
  return {
    features: fields.list('rates', readFeatureRate),
    included: fields.list('included', readIncluded),
    unmapped: fields.list('unmapped', (value, at) => readUnmapped(value, at, readFeatureRate)),
  };
}

function readIncluded(value: unknown, place: string): IncludedItem {
  const fields = new Fields(value, place, ['name', 'note', 'asOf', 'source']);
  return { name: fields.text('name'), note: fields.text('note'), asOf: fields.day('asOf'), source: fields.text('source') };
}

function readModel(value: unknown, file: string, at: string, provider: string): PricedModel {
  const id = new Fields(value, at).text('id', MODEL_ID, 'a model id without a profile prefix, such as amazon.nova-pro-v1:0');
  if (!isBareModelId(id)) throw new Error(`${at}: ${id} has a profile prefix; the scope says that`);
  // Further messages name the model, which is easier to find in the file than its number.
  const place = `${file}: ${id}`;
  const fields = new Fields(value, place, MODEL_FIELDS);
  const status = fields.choice('status', ['active', 'legacy', 'unknown']);
  fields.choice('batch', KNOWLEDGE);
  fields.choice('provisionedThroughput', KNOWLEDGE);
  return defined({
    id,
    name: fields.text('name'),
    priceListName: fields.optionalText('priceListName'),
    otherNames: fields.texts('otherNames', /\S/, 'a text'),
    provider,
    modality: fields.choice('modality', MODALITIES),
    status: status === 'unknown' ? undefined : status,
    lifecycle: readLifecycle(fields, status),
    priceNote: fields.optionalText('priceNote'),
    profiles: fields.texts('profiles', prefixPattern(PROFILE_PREFIXES), `one of ${PROFILE_PREFIXES.join(', ')}`),
    aliases: fields.list('aliases', readAlias),
    longContextFromInputTokens: fields.optionalCount('longContextFromInputTokens'),
    availability: readAvailability(fields),
    rates: fields.list('rates', readModelRate),
    place,
  });
}

/** Each region belongs to one entry. At most one entry has no regions: it applies to all others. */
function readLifecycle(model: Fields, status: string): ModelEnd[] {
  const ends = model.list('lifecycle', (value, place) => {
    const fields = new Fields(value, place, ['endOfLife', 'regions', 'asOf', 'source']);
    const regions = fields.texts('regions', REGION, 'a region such as us-east-1');
    return defined({
      endOfLife: fields.optionalDay('endOfLife'), regions: regions.length > 0 ? regions : undefined, asOf: fields.day('asOf'), source: fields.text('source'),
    });
  });
  if ((ends.length > 0) !== (status === 'legacy')) model.fail('lifecycle', 'a list of at least one entry where status is legacy, and left out elsewhere');
  const named = ends.flatMap(({ regions }) => regions ?? ['every other region']);
  if (new Set(named).size < named.length) model.fail('lifecycle', 'one entry for each region, and one without regions at most');
  return ends;
}

function prefixPattern(prefixes: readonly string[]): RegExp {
  return new RegExp(`^(${prefixes.join('|')})$`);
}

function readAlias(value: unknown, place: string): Alias {
  const fields = new Fields(value, place, ['id', 'kind']);
  return { id: fields.text('id'), kind: fields.text('kind') };
}

function readAvailability(model: Fields): Availability | undefined {
  const fields = model.optionalFields('availability', ['inRegion', 'geo', 'global', 'none']);
  if (!fields) return undefined;
  const regions = (of: Fields, name: string) => of.texts(name, REGION, 'a region such as us-east-1');
  // `yes` is the key of regions that have a geographic profile with an unknown prefix.
  const geo = fields.optionalFields('geo', [...GEO_PREFIXES, 'yes']);
  return {
    inRegion: regions(fields, 'inRegion'),
    geo: Object.fromEntries((geo?.names() ?? []).map((prefix) => [prefix, regions(geo!, prefix)])),
    global: regions(fields, 'global'),
    none: regions(fields, 'none'),
  };
}

function readUnmapped(value: unknown, place: string, readRate: (value: unknown, place: string) => PricedRate): UnmappedName {
  const fields = new Fields(value, place, ['name', 'why', 'rates']);
  return { name: fields.text('name'), why: fields.text('why'), rates: fields.list('rates', readRate) };
}

function readService(value: unknown, place: string): ServicePrice {
  const fields = new Fields(value, place, ['key', 'service', 'item', 'usd', 'unit', 'region', 'asOf', 'source', 'note']);
  return defined({
    key: fields.text('key', /^[a-z0-9]+(-[a-z0-9]+)*$/, 'a kebab-case key'),
    service: fields.text('service'),
    item: fields.text('item'),
    usd: fields.usd('usd'),
    unit: fields.text('unit'),
    region: fields.text('region', /^(global|[a-z]{2}-[a-z]+-\d)$/, 'a region, or global'),
    asOf: fields.text('asOf', /^\d{4}(-\d\d(-\d\d)?)?$/, 'a quoted year, month or day'),
    source: fields.text('source'),
    note: fields.optionalText('note'),
  });
}

function readSource(value: unknown, place: string): Source {
  const fields = new Fields(value, place, ['key', 'what', 'date', 'secondHand']);
  return defined({
    key: fields.text('key', /^[a-z0-9][A-Za-z0-9.:-]*$/, 'a key without spaces'),
    what: fields.text('what'),
    date: fields.text('date', /^(\d{4}(-\d\d(-\d\d)?)?|unknown)$/, 'a year, month or day, or unknown'),
    secondHand: fields.has('secondHand') ? fields.flag('secondHand', [true]) : undefined,
  });
}

function readGap(value: unknown, place: string): Gap {
  const fields = new Fields(value, place, ['about', 'what', 'longContextOf']);
  const longContextOf = fields.texts('longContextOf', /\S/, 'a model id');
  return { about: fields.text('about'), what: fields.text('what'), ...(longContextOf.length === 0 ? {} : { longContextOf }) };
}

function withLongContextGaps(models: readonly PricedModel[], gaps: readonly Gap[]): PricedModel[] {
  const byModel = new Map(gaps.flatMap(({ what, longContextOf = [] }) => longContextOf.map((id) => [id, what.replace(/\s+/g, ' ').trim()] as const)));
  for (const id of byModel.keys()) {
    if (!models.some((model) => model.id === id)) throw new Error(`prices/gaps.yaml: longContextOf: ${id} is no model of prices/`);
  }
  return models.map((model) => (byModel.has(model.id) ? { ...model, longContextGap: byModel.get(model.id) } : model));
}

function readDispute(value: unknown, place: string): Dispute {
  const fields = new Fields(value, place, ['model', 'why', 'inBook', 'a', 'b', 'rates']);
  return defined({
    model: fields.text('model'),
    why: fields.text('why'),
    inBook: fields.choice('inBook', ['b', 'nothing']),
    a: fields.text('a'),
    b: fields.optionalText('b'),
    rates: fields.list('rates', readDisputedRate),
  });
}

function readDisputedRate(value: unknown, place: string): DisputedRate {
  const fields = new Fields(value, place, ['kind', 'scope', 'tier', 'context', 'a', 'b', 'regions']);
  const names = fields.names();
  return defined({
    kind: fields.text('kind'),
    scope: fields.optionalText('scope'),
    tier: fields.optionalText('tier'),
    context: fields.optionalText('context'),
    a: fields.usd('a'),
    b: names.includes('b') ? fields.usd('b') : undefined,
    regions: names.includes('regions') ? fields.regionsOrOpen('regions') : undefined,
  });
}
