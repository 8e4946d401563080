import { skeletonLines } from './render-skeleton';
import { oneLine, quotedText } from './sanitize';
import { ReportJson, ResourceJson } from '../cost-report/report-json';
import { ModelId } from '../pricing/model-id';
import { CommitmentDuration, RateKind, RateUnit } from '../pricing/price-book/rate';
import { Usage } from '../unpriced/usages';
import { parseUsageFile } from '../usage-file/usage-file';
import { isUsageFileError } from '../usage-file/usage-file-error';

/** Source of the user's own rates in estimates. */
const OWN_RATE = 'your own rate';

const HEAD = [
  'The usage of a synthesized app: a workload for each construct, named by its path. Edit the numbers, then:',
  '  cdk-bedrock-cost estimate FILE                the cost of this file',
  '  cdk synth -c cdk-bedrock-cost:usage=FILE      the app, with these numbers instead of the code\'s',
];

const SKELETON_HEAD = 'Uses of Amazon Bedrock without a price. Fill in the empty fields of an average month, and remove the marks of the comments:';

/** A usage file, and notes on workloads that it does not completely contain. */
export interface UsageFileText {
  readonly text: string;
  /** Workloads that are comments, with the reason. */
  readonly comments: readonly Note[];
  /** Workloads with their own hourly price, which the file cannot contain. */
  readonly leftOutPrices: readonly Note[];
}

export interface Note {
  readonly name: string;
  readonly why: string;
}

/** Hourly price of a construct's model units. */
interface UnitPrice {
  readonly path: string;
  /** Dimensions of a rate of the file for these units. */
  readonly units: object;
  /** Undefined if no price is known. */
  readonly usd?: string;
  /** True for a price of the construct; false for a price of the price book. */
  readonly isOwn: boolean;
}

/** The parts of a report that a usage file is made of. */
type PricedApp = Pick<ReportJson, 'resources' | 'hoursPerMonth' | 'priceBook'>;

/**
 * Renders a usage file from an app's report. The file is valid, and its estimate is that of the report, except for the noted workloads.
 *
 * A workload with a value that is known only at deployment is written as a comment, for the user to fill in. If the field were left
 * out, it would silently count as 0. So are the uses that have no price yet; without a report, the file has only these.
 *
 * @param unpriced the uses of the app's templates that spend and have no price
 * @param schema the path of the usage file's schema from the folder of the file, for editors
 */
export function renderUsageFile(report: PricedApp | undefined, unpriced: readonly Usage[], schema: string): UsageFileText {
  const { resources = [], priceBook: { changes = [] } = {} } = report ?? {};
  const { rates, leftOutPrices } = ownUnitPrices(resources);
  const workloads = resources.map((resource) => workloadOf(resource));
  const text = [
    `# yaml-language-server: $schema=${oneLine(schema)}`,
    ...HEAD.map(comment),
    ...changes.map((change) => comment(`The app is priced with ${change}, which this file does not hold.`)),
    'version: 1',
    ...(report === undefined ? [] : [`hoursPerMonth: ${report.hoursPerMonth}`]),
    ...(rates.length > 0 ? ['prices:', ...rates.map((rate) => `  - ${flow(rate)}`)] : []),
    'workloads:',
    ...workloads.flatMap((workload) => workloadLines(workload, leftOutPrices.find(({ name }) => name === workload.resource.path))),
    ...(unpriced.length > 0 ? [`  #${comment(SKELETON_HEAD)}`] : []),
    ...skeletonLines(unpriced, resources.map(({ path }) => path)),
    '',
  ].join('\n');
  const comments = workloads.filter(({ problems }) => problems.length > 0).map(({ resource: { path, unresolvedUsage = [] }, problems }) => ({
    name: path, why: unresolvedUsage.length > 0 ? `${unresolvedUsage.join(', ')}: known only at deployment` : problems.join('; '),
  }));
  return { text, comments, leftOutPrices };
}

/** A workload, and the problems for which it is written as a comment. */
interface Workload {
  readonly resource: ResourceJson;
  readonly fields: object;
  readonly problems: readonly string[];
}

function workloadOf(resource: ResourceJson): Workload {
  const { unresolvedUsage = [] } = resource;
  const fields = fieldsOf(resource);
  const problems = unresolvedUsage.length > 0 ? ['not counted yet: fill in the values that are known only at deployment, then remove the marks'] : problemsOf(fields);
  return { resource, fields, problems };
}

function workloadLines({ resource: { source, unresolvedUsage = [] }, fields, problems }: Workload, leftOutPrice: Note | undefined): string[] {
  const lines = block(fields);
  const about = [...(source ? [`${source.file}:${source.line}`] : []), ...(leftOutPrice ? [leftOutPrice.why] : []), ...problems].map((text) => `  ${comment(text)}`);
  if (problems.length === 0) return [...about, ...lines];
  const toFillIn = unresolvedUsage.map((field) => `    ${field}: # known only at deployment: fill it in`);
  return [...about, ...[...lines, ...toFillIn].map((line) => `  # ${line.slice(2)}`)];
}

function fieldsOf({ path, type, model, region, usage = {}, lowUsage, highUsage, unresolvedUsage = [] }: ResourceJson): object {
  return {
    name: path,
    type,
    ...(model === null || unresolvedUsage.includes('model') ? {} : { model }),
    ...(region === null ? {} : { region }),
    ...withoutDefaults(usage),
    ...(lowUsage && Object.keys(lowUsage).length > 0 ? { low: lowUsage } : {}),
    ...(highUsage && Object.keys(highUsage).length > 0 ? { high: highUsage } : {}),
  };
}

/** Removes the fields that have their default from usage. */
function withoutDefaults(usage: object): object {
  return Object.fromEntries(Object.entries(usage).filter(([field, value]) => !(field === 'customModel' && value === false)));
}

function problemsOf(workload: object): readonly string[] {
  try {
    parseUsageFile(JSON.stringify({ version: 1, workloads: [workload] }), '');
    return [];
  } catch (e) {
    if (!isUsageFileError(e)) throw e;
    return e.problems.map((problem) => problem.replace('workloads[0].', ''));
  }
}

/**
 * Returns the hourly prices of constructs as rates. A rate of the file applies to all workloads with the same units, so different prices
 * for the same units are left out.
 */
function ownUnitPrices(resources: readonly ResourceJson[]): { readonly rates: object[]; readonly leftOutPrices: readonly Note[] } {
  const byUnits = new Map<string, UnitPrice[]>();
  for (const price of resources.flatMap(unitPriceOf)) {
    const key = JSON.stringify(price.units);
    byUnits.set(key, [...(byUnits.get(key) ?? []), price]);
  }
  const rates: object[] = [];
  const leftOutPrices: Note[] = [];
  for (const prices of byUnits.values()) {
    const own = prices.filter(({ isOwn }) => isOwn);
    const [{ units, usd }] = prices;
    const isOne = prices.every((price) => price.usd === usd);
    if (!isOne) leftOutPrices.push(...own.map((price) => leftOut(price, prices)));
    else if (own.length > 0) rates.push({ ...units, usd, unit: RateUnit.HOUR });
  }
  return { rates, leftOutPrices };
}

function unitPriceOf({ path, type, model, region, usage = {}, lineItems, missingPrices }: ResourceJson): UnitPrice[] {
  const [line] = lineItems;
  if (type !== 'provisioned-throughput' || model === null || (line === undefined && missingPrices.length === 0)) return [];
  const { commitmentDuration = CommitmentDuration.NONE, customModel = false } = usage;
  const place = region === null ? {} : { region };
  const units = { model: ModelId.parse(model).bareId, kind: RateKind.MODEL_UNIT_HOUR, ...place, commitmentDuration, customModel };
  return [{ path, units, usd: line?.unitPriceUsd, isOwn: line?.source === OWN_RATE }];
}

function leftOut({ path, usd }: UnitPrice, prices: readonly UnitPrice[]): Note {
  const others = prices.filter((price) => price.usd !== usd).map((price) => `${price.path} has ${price.usd === undefined ? 'no price' : `$${price.usd}`}`);
  return { name: path, why: `its own price of $${usd} per model unit and hour is not in this file: for the same units, ${others.join(', ')}` };
}

function block(workload: object): string[] {
  const lines = yaml().stringify([workload], { lineWidth: 0 }).trimEnd().split('\n');
  // YAML does not escape all control and invisible characters. JSON, which is YAML as well, does.
  return lines.every((line) => oneLine(line) === line) ? lines.map((line) => `  ${line}`) : [`  - ${quotedText(workload)}`];
}

/** Renders a value on one line. A text that is a number, such as a price, keeps its quotes. */
function flow(value: object): string {
  const document = new (yaml().Document)(value);
  (document.contents as { flow?: boolean }).flow = true;
  return document.toString({ lineWidth: 0 }).trimEnd();
}

function yaml(): typeof import('yaml') {
  return require('../../assets/vendor/yaml.js');
}

function comment(text: string): string {
  return `# ${oneLine(text)}`;
}
