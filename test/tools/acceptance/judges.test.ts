import { judgeListing, judgeManifest, judgeMedia } from '../../../tools/acceptance/judges/batch';
import {
  judgeChangeSet, judgeFeaturePrices, judgeMathAlarm, judgeServicePrices, judgeSubject,
} from '../../../tools/acceptance/judges/limits';
import {
  judgeActiveMetrics, judgeBatchInRuntimeMetrics, judgeCacheNames, judgeDirectModelId,
  judgeInputWithoutCached, judgeOtherTokenMetrics, judgeProfileModelId,
} from '../../../tools/acceptance/judges/metrics';
import {
  deniedResource, judgeDefaultProject, judgeJobAuthorization, judgeProfileCondition, judgeRoomForPolicy, judgeThroughputAuthorization,
} from '../../../tools/acceptance/judges/permissions';
import { judgeAlarms, judgeDenyOfBatchJobs, judgeStopAndUndo } from '../../../tools/acceptance/judges/stop';
import {
  Attempt, ChangeSet, EndedJob, Form, Judgement, Limits, ListedPrice, Permissions, RuntimeMetrics, Series, Simulated, Stop, Verdict,
} from '../../../tools/acceptance/observations';

/** Answers of AWS made by hand, and the verdict on each. */
type Cases<Answers> = readonly (readonly [title: string, answers: Answers, verdict: Verdict])[];

function judged<Answers>(title: string, judge: (answers: Answers) => Judgement, cases: Cases<Answers>): void {
  test.each(cases)(`${title}: %s`, (_, answers, verdict) => {
    const judgement = judge(answers);
    expect(judgement).toEqual({ verdict, did: expect.stringMatching(/\S\.$/) });
  });
}

// --- metrics ------------------------------------------------------------------------------------------------------------

// Ten requests of 30 uncached tokens: the first writes 2,500 to the cache, nine read them.
const TOKENS = { input: 300, output: 50, cacheRead: 22_500, cacheWrite: 2_500 };
function series(form: Form, sums: { readonly [metricName: string]: number }): Series[] {
  return Object.entries(sums).map(([metricName, sum]) => ({ form, metricName, sum }));
}
const metrics = (all: readonly Series[], more: Partial<RuntimeMetrics> = {}): { readonly metrics: RuntimeMetrics } => ({
  metrics: { requests: [{ form: 'profile ARN', requests: 10, tokens: TOKENS }], series: all, listed: [], recentlyActive: [], ...more },
});

judged('names of cached tokens', judgeCacheNames, [
  ['with Count', metrics(series('profile id', { CacheReadInputTokenCount: 22_500, CacheWriteInputTokenCount: 2_500 })), 'confirmed'],
  ['without Count', metrics(series('profile id', { CacheReadInputTokens: 22_500, CacheWriteInputTokens: 2_500 })), 'confirmed'],
  ['both', metrics(series('profile id', {
    CacheReadInputTokenCount: 22_500, CacheWriteInputTokenCount: 2_500, CacheReadInputTokens: 22_500, CacheWriteInputTokens: 2_500,
  })), 'confirmed'],
  ['of reads only', metrics(series('profile id', { CacheReadInputTokenCount: 22_500 })), 'refuted'],
  ['another name', metrics(series('profile id', { CachedTokens: 25_000 })), 'refuted'],
  ['too few', metrics(series('profile id', { CacheReadInputTokenCount: 20_000, CacheWriteInputTokenCount: 2_500 })), 'refuted'],
  ['of another profile', metrics(series('model id', { CacheReadInputTokenCount: 22_500, CacheWriteInputTokenCount: 2_500 })), 'refuted'],
  ['nothing was cached', metrics([], { requests: [{ form: 'profile ARN', requests: 10, tokens: { ...TOKENS, cacheRead: 0, cacheWrite: 0 } }] }), 'unclear'],
]);

judged('InputTokenCount', judgeInputWithoutCached, [
  ['uncached tokens', metrics(series('profile id', { InputTokenCount: 300 })), 'confirmed'],
  ['uncached and read ones', metrics(series('profile id', { InputTokenCount: 22_800 })), 'refuted'],
  ['uncached and written ones', metrics(series('profile id', { InputTokenCount: 2_800 })), 'refuted'],
  ['all of them', metrics(series('profile id', { InputTokenCount: 25_300 })), 'refuted'],
  ['another number', metrics(series('profile id', { InputTokenCount: 301 })), 'unclear'],
  ['nothing yet', metrics([]), 'unclear'],
]);

judged('active metrics', judgeActiveMetrics, [
  ['of the profile', metrics([], { listed: ['Invocations (ModelId)'], recentlyActive: ['profile id', 'model id'] }), 'confirmed'],
  ['of models only', metrics([], { listed: ['Invocations (ModelId)'], recentlyActive: ['model id'] }), 'refuted'],
  ['none', metrics([], { listed: ['Invocations (ModelId)'] }), 'refuted'],
  ['none, where nothing is listed yet', metrics([]), 'unclear'],
]);

judged('other token metrics', judgeOtherTokenMetrics, [
  ['only known ones', metrics([], { listed: ['InputTokenCount (ModelId)', 'Invocations (ModelId)', 'TimeToFirstToken (ModelId)', 'EstimatedTPMQuotaUsage (ModelId)'] }), 'confirmed'],
  ['a listed one', metrics([], { listed: ['InputTokenCount (ModelId)', 'CacheWriteOutputTokenCount (ModelId)'] }), 'refuted'],
  ['one with data', metrics(series('profile id', { ReasoningTokenCount: 7 }), { listed: ['InputTokenCount (ModelId)'] }), 'refuted'],
  ['one with data that is not listed yet', metrics(series('profile id', { CacheWriteOutputTokenCount: 7 })), 'refuted'],
  ['an empty list', metrics([]), 'unclear'],
]);

judged('ModelId of a profile', judgeProfileModelId, [
  ['its id', metrics(series('profile id', { Invocations: 10 })), 'confirmed'],
  ['its ARN', metrics(series('profile ARN', { Invocations: 10 })), 'refuted'],
  ['both', metrics([...series('profile id', { Invocations: 10 }), ...series('profile ARN', { Invocations: 10 })]), 'refuted'],
  ['neither', metrics(series('model id', { Invocations: 10 })), 'unclear'],
]);

const DIRECT = (['system profile id', 'model id', 'model ARN'] as const).map((form, i) => ({ form, requests: i + 2, tokens: TOKENS }));
const direct = (id: number, arn: number) => metrics(
  [...series('system profile id', { Invocations: 2 }), ...series('model id', { Invocations: id }), ...series('model ARN', { Invocations: arn })], { requests: DIRECT });
judged('ModelId of a direct call', judgeDirectModelId, [
  ['as called', direct(3, 4), 'confirmed'],
  ['as called, and somebody else calls it, too', direct(30, 4), 'confirmed'],
  ['the ARN counts under the id', direct(7, 0), 'refuted'],
  ['no data', metrics([], { requests: DIRECT }), 'unclear'],
  ['nothing was sent', metrics([], { requests: [] }), 'unclear'],
]);

// --- batch --------------------------------------------------------------------------------------------------------------

const JOB: EndedJob = {
  status: 'Completed', manifestInput: 200_000, tokens: { input: 200_000, output: 500, cacheRead: 0, cacheWrite: 0 }, succeeded: [], errors: [],
};
const batch = (job: Partial<EndedJob>, counted: readonly Series[] = []) => ({ batch: { job: { ...JOB, ...job }, series: counted } });

judged('tokens of batch in AWS/Bedrock', judgeBatchInRuntimeMetrics, [
  ['none', batch({}), 'confirmed'],
  ['all', batch({}, series('system profile id', { InputTokenCount: 200_000 })), 'refuted'],
  ['all, and somebody else\'s', batch({}, series('model id', { InputTokenCount: 200_500 })), 'refuted'],
  ['somebody else\'s', batch({}, series('model id', { InputTokenCount: 500 })), 'unclear'],
  ['a job without tokens', batch({ manifestInput: 0 }), 'unclear'],
]);

judged('inputTokenCount of a manifest', judgeManifest, [
  ['no cache', batch({}), 'confirmed'],
  ['without cached ones', batch({ manifestInput: 10_000, tokens: { input: 10_000, output: 0, cacheRead: 180_000, cacheWrite: 10_000 } }), 'confirmed'],
  ['with cached ones', batch({ tokens: { input: 10_000, output: 0, cacheRead: 180_000, cacheWrite: 10_000 } }), 'refuted'],
  ['another number', batch({ manifestInput: 123 }), 'unclear'],
  ['no records', batch({ manifestInput: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }), 'unclear'],
]);

judged('a new job in the list', judgeListing, [
  ['at once', { directJob: { listedAfter: 0, waited: 900 } }, 'confirmed'],
  ['after 16 minutes', { directJob: { listedAfter: 960, waited: 1_000 } }, 'refuted'],
  ['never', { directJob: { listedAfter: undefined, waited: 900 } }, 'refuted'],
  ['not looked for long enough', { directJob: { listedAfter: undefined, waited: 60 } }, 'unclear'],
]);

judged('media outside the folder', judgeMedia, [
  ['only those inside succeed', { mediaJob: { ...JOB, succeeded: ['inside-0', 'inside-2'], errors: ['400 s3Location'] } }, 'confirmed'],
  ['those outside, too', { mediaJob: { ...JOB, succeeded: ['inside-0', 'outside-1'] } }, 'refuted'],
  ['the job fails', { mediaJob: { ...JOB, status: 'Failed', errors: ['image: no access'] } }, 'unclear'],
]);

// --- permissions --------------------------------------------------------------------------------------------------------

const attempt = (outcome: Attempt['outcome'], message = ''): Attempt => ({ role: 'Tester', outcome, message });
const denied = (action: string, resource: string) => attempt('denied',
  `AccessDeniedException: User: arn:aws:sts::111111111111:assumed-role/Tester/acceptance is not authorized to perform: ${action} on resource: ${resource} `
  + 'because no identity-based policy allows the action');
const permissions = (more: Partial<Permissions>): { readonly permissions: Permissions } => ({
  permissions: {
    withoutProject: attempt('allowed'),
    onlyApplicationProfile: attempt('allowed'),
    onlySystemProfile: attempt('allowed'),
    createJob: attempt('failed', 'ValidationException: x'),
    createThroughput: attempt('failed', 'ValidationException: x'),
    policiesPerRole: 10,
    ...more,
  },
});
const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
const PROFILE = 'arn:aws:bedrock:us-east-1:111111111111:inference-profile/us.amazon.nova-lite-v1:0';
const PROJECT = 'arn:aws:bedrock:us-east-1:111111111111:project/default';

test('the resource of a refusal is read to its end', () => {
  expect(deniedResource(denied('bedrock:InvokeModel', `${MODEL}:24k`).message)).toBe(`${MODEL}:24k`);
  expect(deniedResource(`... on resource: ${MODEL}.`)).toBe(MODEL);
  expect(deniedResource('AccessDeniedException: no')).toBeUndefined();
});

judged('the default project', judgeDefaultProject, [
  ['denied for want of it', permissions({ withoutProject: denied('bedrock:InvokeModel', PROJECT) }), 'confirmed'],
  ['allowed without it', permissions({}), 'refuted'],
  ['denied for another reason', permissions({ withoutProject: denied('bedrock:InvokeModel', MODEL) }), 'unclear'],
  ['throttled', permissions({ withoutProject: attempt('failed', 'ThrottlingException: x.') }), 'unclear'],
]);

judged('the condition on the profile', judgeProfileCondition, [
  ['the application profile', permissions({ onlySystemProfile: denied('bedrock:InvokeModel', MODEL) }), 'confirmed'],
  ['the system profile', permissions({ onlyApplicationProfile: denied('bedrock:InvokeModel', MODEL) }), 'confirmed'],
  ['neither', permissions({ onlyApplicationProfile: denied('x', MODEL), onlySystemProfile: denied('x', MODEL) }), 'refuted'],
  ['throttled', permissions({ onlyApplicationProfile: attempt('failed', 'Throttled: x.'), onlySystemProfile: denied('x', MODEL) }), 'unclear'],
]);

judged('what a batch job is authorized on', judgeJobAuthorization, [
  ['the model', permissions({ createJob: denied('bedrock:CreateModelInvocationJob', MODEL) }), 'confirmed'],
  ['the profile', permissions({ createJob: denied('bedrock:CreateModelInvocationJob', PROFILE) }), 'refuted'],
  ['the role was not passed', permissions({ createJob: denied('iam:PassRole', 'arn:aws:iam::111111111111:role/Direct') }), 'unclear'],
  ['it was allowed', permissions({ createJob: attempt('allowed') }), 'unclear'],
]);

judged('what throughput is authorized on', judgeThroughputAuthorization, [
  ['the variant', permissions({ createThroughput: denied('bedrock:CreateProvisionedModelThroughput', `${MODEL}:24k`) }), 'confirmed'],
  ['the model', permissions({ createThroughput: denied('bedrock:CreateProvisionedModelThroughput', MODEL) }), 'confirmed'],
  ['something else', permissions({ createThroughput: denied('bedrock:CreateProvisionedModelThroughput', 'arn:aws:bedrock:us-east-1:1:provisioned-model/*') }), 'refuted'],
  ['no quota', permissions({ createThroughput: attempt('failed', 'ServiceQuotaExceededException: 0 units.') }), 'unclear'],
]);

judged('managed policies of a role', judgeRoomForPolicy, [
  ['10', permissions({}), 'confirmed'],
  ['20', permissions({ policiesPerRole: 20 }), 'refuted'],
  ['not stated', permissions({ policiesPerRole: undefined }), 'unclear'],
]);

// --- the stop, alarms ---------------------------------------------------------------------------------------------------

const simulated = (role: string, ...decisions: readonly string[]): Simulated[] => (['profile ARN', 'model ARN', '*'] as const).map((resource, i) => ({
  role, resource, decision: decisions[i],
}));
const STOP: Stop = {
  attachedAfter: 12,
  before: [...simulated('Caller', 'allowed', 'allowed', 'allowed'), ...simulated('Other', 'implicitDeny', 'implicitDeny', 'implicitDeny')],
  during: [...simulated('Caller', 'explicitDeny', 'explicitDeny', 'explicitDeny'), ...simulated('Other', 'implicitDeny', 'implicitDeny', 'implicitDeny')],
  invokeDuring: denied('bedrock:InvokeModel', MODEL),
  createJobDuring: denied('bedrock:CreateModelInvocationJob', MODEL),
  detachedAfter: 20,
  invokeAfter: attempt('allowed'),
};

judged('denied batch jobs', judgeDenyOfBatchJobs, [
  ['on all resources', { stop: STOP }, 'confirmed'],
  ['not on the model', { stop: { ...STOP, during: simulated('Caller', 'explicitDeny', 'allowed', 'explicitDeny') } }, 'refuted'],
  ['only for want of a permission', { stop: { ...STOP, during: simulated('Caller', 'implicitDeny', 'implicitDeny', 'implicitDeny') } }, 'refuted'],
  ['a second role goes on', {
    stop: { ...STOP, before: [...STOP.before, ...simulated('Batch', 'allowed', 'allowed', 'allowed')], during: [...STOP.during, ...simulated('Batch', 'allowed', 'allowed', 'allowed')] },
  }, 'refuted'],
  ['a job can be created all the same', { stop: { ...STOP, createJobDuring: attempt('allowed') } }, 'refuted'],
  ['nobody was allowed before', { stop: { ...STOP, before: simulated('Caller', 'implicitDeny', 'implicitDeny', 'implicitDeny') } }, 'unclear'],
  ['the stop did not happen', { stop: { ...STOP, attachedAfter: undefined, during: STOP.before } }, 'unclear'],
]);

judged('stop and undo', judgeStopAndUndo, [
  ['both', { stop: STOP }, 'confirmed'],
  ['never attached', { stop: { ...STOP, attachedAfter: undefined } }, 'refuted'],
  ['attached without effect', { stop: { ...STOP, invokeDuring: attempt('allowed') } }, 'refuted'],
  ['never detached', { stop: { ...STOP, detachedAfter: undefined, invokeAfter: undefined } }, 'refuted'],
  ['still denied after it', { stop: { ...STOP, invokeAfter: denied('bedrock:InvokeModel', MODEL) } }, 'refuted'],
]);

judged('notifications of alarms', judgeAlarms, [
  ['all', { alarms: [{ name: 'Spent50', notifiedAfter: 2 }, { name: 'Spent80', notifiedAfter: 5 }] }, 'confirmed'],
  ['one is silent', { alarms: [{ name: 'Spent50', notifiedAfter: 2 }, { name: 'Spent80', notifiedAfter: undefined }] }, 'refuted'],
  ['one cannot be forced', { alarms: [{ name: 'Spent80', notifiedAfter: undefined, error: 'ValidationError: no' }] }, 'refuted'],
  ['there is none', { alarms: [] }, 'unclear'],
]);

// --- limits, purchases, prices ------------------------------------------------------------------------------------------

const limits = (more: Partial<Limits>) => ({
  limits: { alarmOf10Metrics: 'accepted', alarmOf11Metrics: 'ValidationError: 11', subjectOf99: 'accepted', subjectOf100: 'InvalidParameter: Subject', ...more },
});

judged('metrics of a math alarm', judgeMathAlarm, [
  ['10', limits({}), 'confirmed'],
  ['11', limits({ alarmOf11Metrics: 'accepted' }), 'refuted'],
  ['fewer', limits({ alarmOf10Metrics: 'ValidationError: 10' }), 'refuted'],
]);

judged('length of a subject', judgeSubject, [
  ['99', limits({}), 'confirmed'],
  ['100', limits({ subjectOf100: 'accepted' }), 'refuted'],
  ['fewer', limits({ subjectOf99: 'InvalidParameter: Subject' }), 'refuted'],
]);

const changeSet = (more: Partial<ChangeSet>) => ({ changeSet: { exitCode: 0, text: '', purchasesBefore: 1, purchasesAfter: 1, ...more } });
judged('a change set', judgeChangeSet, [
  ['buys nothing', changeSet({}), 'confirmed'],
  ['buys something', changeSet({ purchasesAfter: 2 }), 'refuted'],
  ['is refused', changeSet({ exitCode: 1, text: 'Template format error' }), 'refuted'],
]);

const listed = (...prices: readonly string[]): ListedPrice[] => [{ what: 'request', ours: '0.000005', listed: prices }];
const PRICES: Cases<readonly ListedPrice[]> = [
  ['the same', listed('0.0000050000'), 'confirmed'],
  ['the same among tiers', listed('0.000005', '0.000004'), 'confirmed'],
  ['nowhere', listed(), 'unclear'],
  ['one the same, one nowhere', [...listed('0.000005'), ...listed()], 'unclear'],
  ['none was read', [], 'unclear'],
];
judged('prices of services', (servicePrices: readonly ListedPrice[]) => judgeServicePrices({ servicePrices }), [...PRICES, ['another one', listed('0.000006'), 'refuted']]);
judged('prices of features', (featurePrices: readonly ListedPrice[]) => judgeFeaturePrices({ featurePrices }), [...PRICES, ['another one', listed('0.000006'), 'unclear']]);
