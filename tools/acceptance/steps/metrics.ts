import { MetricDataQuery, paginateGetMetricData, paginateListMetrics, RecentlyActive } from '@aws-sdk/client-cloudwatch';
import { BEDROCK_NAMESPACE, BedrockMetric, MODEL_ID } from '../../../src/aws/metrics';
import { KNOWN_TOKEN_METRICS } from '../judges/metrics';
import { Form, RuntimeMetrics, Series } from '../observations';
import { formsOf, Scene } from '../scene';

const PROFILE_FORMS: readonly Form[] = ['profile id', 'profile ARN'];
/** A name that one program lists and no document has. */
const SEEN_ONCE = 'CacheWriteOutputTokenCount';
const MINUTE = 60_000;
/** The maximum number of metrics in one call. */
const QUERIES_PER_CALL = 500;
const LOOK_SECONDS = 30;

/** Reads the counts of CloudWatch for the requests, under every name and form. */
export async function readMetrics(scene: Scene, from: number): Promise<RuntimeMetrics> {
  const { clock, patience, options, sent: { groups: requests } } = scene;
  const wanted = requests.find(({ form }) => form === 'profile ARN')?.requests;
  if (wanted === undefined) throw new Error('no request was answered');
  await clock.until(options.metricMinutes * 60, async () => {
    const series = await readSeries(scene, [BedrockMetric.INVOCATIONS], from);
    const counted = series.filter(({ form }) => form.startsWith('profile')).reduce((total, { sum }) => total + sum, 0);
    if (counted >= wanted) return true;
    await clock.pause(Math.min(LOOK_SECONDS, options.metricMinutes * 60));
    return undefined;
  });
  await clock.pause(patience.lateMetrics);
  // A new metric is listed later than it has data.
  await clock.until(options.metricMinutes * 60, async () => ((await listMetrics(scene, PROFILE_FORMS)).length > 0 ? true : undefined));
  const listed = await listMetrics(scene);
  const names = new Set([BedrockMetric.INVOCATIONS, ...KNOWN_TOKEN_METRICS, SEEN_ONCE, ...listed.map((text) => text.split(' ')[0])]);
  return { requests, series: await readSeries(scene, [...names], from), listed, recentlyActive: await listActiveForms(scene) };
}

/** The sums since a time (in milliseconds) of metrics that have `ModelId` as their only dimension. */
export async function readSeries(scene: Scene, names: readonly string[], from: number): Promise<Series[]> {
  const asked = Object.entries(formsOf(scene)).flatMap(([form, modelId]) => names.map((metricName) => ({ form: form as Form, modelId, metricName })));
  const sums = new Map<string, number>();
  for (let first = 0; first < asked.length; first += QUERIES_PER_CALL) {
    const queries = asked.slice(first, first + QUERIES_PER_CALL).map(({ metricName, modelId }, i): MetricDataQuery => ({
      Id: `m${first + i}`,
      MetricStat: { Metric: { Namespace: BEDROCK_NAMESPACE, MetricName: metricName, Dimensions: [{ Name: MODEL_ID, Value: modelId }] }, Period: 60, Stat: 'Sum' },
    }));
    const time = { StartTime: new Date(Math.floor(from / MINUTE) * MINUTE), EndTime: new Date(scene.clock.now() + MINUTE) };
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client: scene.aws.cloudWatch }, { ...time, MetricDataQueries: queries })) {
      for (const { Id = '', Values = [] } of MetricDataResults) sums.set(Id, Values.reduce((total, value) => total + value, sums.get(Id) ?? 0));
    }
  }
  return asked.map(({ form, metricName }, i) => ({ form, metricName, sum: sums.get(`m${i}`) ?? 0 })).filter(({ sum }) => sum > 0);
}

/** The names and dimensions of every metric of some forms. */
async function listMetrics(scene: Scene, forms = Object.keys(formsOf(scene)) as readonly Form[]): Promise<string[]> {
  const names = new Set<string>();
  for (const Value of forms.map((form) => formsOf(scene)[form])) {
    const query = { Namespace: BEDROCK_NAMESPACE, Dimensions: [{ Name: MODEL_ID, Value }] };
    for await (const { Metrics = [] } of paginateListMetrics({ client: scene.aws.cloudWatch }, query)) {
      for (const { MetricName, Dimensions = [] } of Metrics) names.add(`${MetricName} (${Dimensions.map(({ Name }) => Name).sort().join(', ')})`);
    }
  }
  return [...names];
}

/** The forms that the month-to-date function would find in use. The function lists the metrics of all models together. */
async function listActiveForms(scene: Scene): Promise<Form[]> {
  const query = { Namespace: BEDROCK_NAMESPACE, Dimensions: [{ Name: MODEL_ID }], RecentlyActive: RecentlyActive.PT3H };
  const active = new Set<string | undefined>();
  for await (const { Metrics = [] } of paginateListMetrics({ client: scene.aws.cloudWatch }, query)) {
    for (const { Dimensions = [] } of Metrics) if (Dimensions.length === 1) active.add(Dimensions[0].Value);
  }
  return Object.entries(formsOf(scene)).filter(([, modelId]) => active.has(modelId)).map(([form]) => form as Form);
}
