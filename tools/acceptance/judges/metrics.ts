import { BedrockMetric, metricNames } from '../../../src/aws/metrics';
import { BatchMetrics, Form, Judgement, RequestGroup, RuntimeMetrics, Series } from '../observations';

const { INPUT_TOKENS, OUTPUT_TOKENS, CACHE_READ_TOKENS, CACHE_WRITE_TOKENS, INVOCATIONS } = BedrockMetric;
const CACHE_NAMES = { read: metricNames(CACHE_READ_TOKENS), write: metricNames(CACHE_WRITE_TOKENS) };

/** Every metric that counts tokens, as far as the library knows. */
export const KNOWN_TOKEN_METRICS = [INPUT_TOKENS, OUTPUT_TOKENS, CACHE_READ_TOKENS, CACHE_WRITE_TOKENS].flatMap(metricNames);

/** Names with `Token` that count no billed tokens. */
const NOT_COUNTS = ['TimeToFirstToken'];

const PROFILE: readonly Form[] = ['profile id', 'profile ARN'];

export function judgeCacheNames({ metrics: { requests, series } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const { cacheRead, cacheWrite } = throughProfile(requests).tokens;
  if (cacheRead + cacheWrite === 0) return { verdict: 'unclear', did: 'No response reported a token that was read from or written to the cache.' };
  const counts = [...CACHE_NAMES.read, ...CACHE_NAMES.write].map((name) => ({ name, sum: sumOf(series, name, PROFILE) }));
  const larger = (names: readonly string[]) => Math.max(...counts.filter(({ name }) => names.includes(name)).map(({ sum }) => sum));
  const did = `${counts.map(({ name, sum }) => `${name} ${sum}`).join(', ')}. The responses reported ${cacheRead} read and ${cacheWrite} written.`;
  return { verdict: larger(CACHE_NAMES.read) === cacheRead && larger(CACHE_NAMES.write) === cacheWrite ? 'confirmed' : 'refuted', did };
}

export function judgeInputWithoutCached({ metrics: { requests, series } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const { input, cacheRead, cacheWrite } = throughProfile(requests).tokens;
  const counted = sumOf(series, INPUT_TOKENS, PROFILE);
  const did = `${INPUT_TOKENS} ${counted}. The responses reported ${input} uncached, ${cacheRead} read and ${cacheWrite} written tokens.`;
  if (cacheRead + cacheWrite === 0) return { verdict: 'unclear', did };
  if (counted === input) return { verdict: 'confirmed', did };
  const withCached = [input + cacheRead, input + cacheWrite, input + cacheRead + cacheWrite];
  return { verdict: withCached.includes(counted) ? 'refuted' : 'unclear', did };
}

export function judgeOtherTokenMetrics({ metrics: { series, listed } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const names = [...new Set([...listed.map((text) => text.split(' ')[0]), ...series.filter(({ sum }) => sum > 0).map(({ metricName }) => metricName)])];
  const others = names.filter((name) => /Token/.test(name) && !KNOWN_TOKEN_METRICS.includes(name) && !NOT_COUNTS.includes(name));
  const did = `ListMetrics names ${[...listed].sort().join(', ') || 'no metric of these models'}.`;
  if (others.length > 0) return { verdict: 'refuted', did: `${did} Not known: ${others.join(', ')}.` };
  return { verdict: listed.length === 0 ? 'unclear' : 'confirmed', did };
}

export function judgeProfileModelId({ metrics: { requests, series } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const [byId, byArn] = PROFILE.map((form) => sumOf(series, INVOCATIONS, [form]));
  const did = `${throughProfile(requests).requests} requests: Invocations ${byId} by the profile's id, ${byArn} by its ARN.`;
  if (byId + byArn === 0) return { verdict: 'unclear', did };
  return { verdict: byArn === 0 ? 'confirmed' : 'refuted', did };
}

export function judgeActiveMetrics({ metrics: { listed, recentlyActive } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const did = recentlyActive.length > 0 ? `Named as recently active: metrics of the ${recentlyActive.join(', the ')}.` : 'No metric of these models was named as recently active.';
  if (recentlyActive.some((form) => PROFILE.includes(form))) return { verdict: 'confirmed', did };
  return { verdict: listed.length === 0 ? 'unclear' : 'refuted', did };
}

/** Others may call the same model, so that a series may count more than these requests and never fewer. */
export function judgeDirectModelId({ metrics: { requests, series } }: { readonly metrics: RuntimeMetrics }): Judgement {
  const direct = requests.filter(({ form }) => !form.startsWith('profile'));
  const counted = direct.map(({ form, requests: sent }) => ({ form, sent, sum: sumOf(series, INVOCATIONS, [form]) }));
  const did = counted.map(({ form, sent, sum }) => `Called by ${form} ${sent} times: Invocations ${sum}.`).join(' ');
  if (counted.length === 0 || counted.every(({ sum }) => sum === 0)) return { verdict: 'unclear', did: did || 'Nothing was called directly.' };
  return { verdict: counted.every(({ sent, sum }) => sum >= sent) ? 'confirmed' : 'refuted', did };
}

/** In the time of the job nothing else was called under these forms, as far as the tool knows. */
export function judgeBatchInRuntimeMetrics({ batch: { job, series } }: { readonly batch: BatchMetrics }): Judgement {
  const counted = series.filter(({ metricName, sum }) => metricName === INPUT_TOKENS && sum > 0);
  const did = counted.length === 0
    ? `No token was counted in AWS/Bedrock; the job used ${job.manifestInput} input tokens.`
    : `${counted.map(({ form, sum }) => `${INPUT_TOKENS} ${sum} under the ${form}`).join(', ')}; the job used ${job.manifestInput} input tokens.`;
  if (job.manifestInput === 0) return { verdict: 'unclear', did };
  if (counted.length === 0) return { verdict: 'confirmed', did };
  return { verdict: counted.some(({ sum }) => sum >= job.manifestInput) ? 'refuted' : 'unclear', did };
}

function throughProfile(requests: readonly RequestGroup[]): RequestGroup {
  return requests.find(({ form }) => form === 'profile ARN')
    ?? { form: 'profile ARN', requests: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } };
}

/** The sum over several forms, only one of which has data as a rule. */
function sumOf(series: readonly Series[], metricName: string, forms: readonly Form[]): number {
  return series.filter((one) => one.metricName === metricName && forms.includes(one.form)).reduce((total, { sum }) => total + sum, 0);
}
