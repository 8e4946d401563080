import { oneLine } from './text-table';
import { ReportJson, ResourceJson } from '../gate/report-json';
import { parseModelId } from '../pricing/model-id';
import { ANY_MODEL, CommitmentDuration, RateKind, RateUnit } from '../pricing/rate';
import { parseUsageFile } from '../usage-file/usage-file';
import { UsageFileError } from '../usage-file/usage-file-error';

/** What the engine calls the source of a rate that the user gave. */
const OWN_RATE = 'your own rate';

const HEAD = [
  'The usage of a synthesized app: a workload for each construct, named by its path. Edit the numbers, then:',
  '  cdk-bedrock-cost estimate FILE                what this file costs',
  '  cdk synth -c cdk-bedrock-cost:usage=FILE      the app, with these numbers in place of the code\'s',
];

/**
 * A usage file of an app's report: valid at once, and its estimate is the report's.
 *
 * A workload that misses a value which is known only at deployment is written as a comment, for somebody to fill in: left
 * out, the field would count as 0 without a word.
 */
export function renderUsageFile(report: ReportJson): string {
  const rates = ownUnitRates(report.resources);
  return [
    ...HEAD.map(comment),
    ...(report.priceBook.changes ?? []).map((change) => comment(`The app is priced with ${change}, which this file does not hold.`)),
    'version: 1',
    `hoursPerMonth: ${report.hoursPerMonth}`,
    ...(rates.length > 0 ? ['prices:', ...rates.map((rate) => `  - ${flow(rate)}`)] : []),
    'workloads:',
    ...report.resources.flatMap(workloadLines),
    '',
  ].join('\n');
}

function workloadLines(resource: ResourceJson): string[] {
  const { source, unresolvedUsage = [] } = resource;
  const workload = workloadOf(resource);
  const lines = block(workload);
  const where = source ? [`  ${comment(`${source.file}:${source.line}`)}`] : [];
  const toFillIn = unresolvedUsage.map((field) => `    ${field}: # known only at deployment: fill it in`);
  const problems = toFillIn.length > 0 ? ['not counted yet: fill in what is known only at deployment, then remove the marks'] : problemsOf(workload);
  if (problems.length === 0) return [...where, ...lines];
  return [...where, ...problems.map((problem) => `  ${comment(problem)}`), ...[...lines, ...toFillIn].map((line) => `  # ${line.slice(2)}`)];
}

function workloadOf({ path, type, model, region, usage = {}, lowUsage, highUsage, unresolvedUsage = [] }: ResourceJson): object {
  return {
    name: path,
    type,
    ...(model === ANY_MODEL || unresolvedUsage.includes('model') ? {} : { model }),
    ...(region === null ? {} : { region }),
    ...withoutDefaults(usage),
    ...(lowUsage && Object.keys(lowUsage).length > 0 ? { low: lowUsage } : {}),
    ...(highUsage && Object.keys(highUsage).length > 0 ? { high: highUsage } : {}),
  };
}

/** What a construct states for all its kind says nothing of this one. */
function withoutDefaults(usage: object): object {
  return Object.fromEntries(Object.entries(usage).filter(([field, value]) => !(field === 'customModel' && value === false)));
}

function problemsOf(workload: object): readonly string[] {
  try {
    parseUsageFile(JSON.stringify({ version: 1, workloads: [workload] }), '');
    return [];
  } catch (e) {
    if (!(e instanceof UsageFileError)) throw e;
    return e.problems.map((problem) => problem.replace('workloads[0].', ''));
  }
}

/** The hourly prices that constructs were given. Where two give the same units another price, no file can hold both. */
function ownUnitRates(resources: readonly ResourceJson[]): object[] {
  const rates = new Map<string, { readonly rate: object; readonly usd: string; readonly contradicted: boolean }>();
  for (const { type, model, region, usage = {}, lineItems } of resources) {
    const [line] = lineItems;
    if (type !== 'provisioned-throughput' || line?.source !== OWN_RATE) continue;
    const { commitmentDuration = CommitmentDuration.NONE, customModel = false } = usage;
    const place = region === null ? {} : { region };
    const what = { model: parseModelId(model).bareId, kind: RateKind.MODEL_UNIT_HOUR, ...place, commitmentDuration, customModel };
    const key = JSON.stringify(what);
    const before = rates.get(key);
    const usd = line.unitPriceUsd;
    const contradicted = before !== undefined && (before.contradicted || before.usd !== usd);
    rates.set(key, { rate: { ...what, usd, unit: RateUnit.HOUR }, usd, contradicted });
  }
  return [...rates.values()].filter(({ contradicted }) => !contradicted).map(({ rate }) => rate);
}

function block(workload: object): string[] {
  return yaml().stringify([workload], { lineWidth: 0 }).trimEnd().split('\n').map((line: string) => `  ${line}`);
}

/** On one line; a number that is a text, such as a price, keeps its quotes. */
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
