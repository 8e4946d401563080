// The answers of AWS, as the judges read them. Each field is the result of one step in steps/.

/** Token counts as a response of Converse states them. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** The forms in which a model can be named in a call; each may be a value of the dimension `ModelId`. */
export type Form = 'profile id' | 'profile ARN' | 'system profile id' | 'system profile ARN' | 'model id' | 'model ARN';

/** Requests that were sent under one form, all of them answered. */
export interface RequestGroup {
  readonly form: Form;
  readonly requests: number;
  readonly tokens: TokenCounts;
}

/** A CloudWatch metric of `AWS/Bedrock` whose only dimension is `ModelId`: its sum since the requests began. */
export interface Series {
  readonly metricName: string;
  readonly form: Form;
  readonly sum: number;
}

export interface RuntimeMetrics {
  readonly requests: readonly RequestGroup[];
  readonly series: readonly Series[];
  /** Every metric name that ListMetrics has for one of the forms, with its dimensions: `Invocations (ModelId)`. */
  readonly listed: readonly string[];
  /** The forms of which ListMetrics names a metric as recently active. */
  readonly recentlyActive: readonly Form[];
}

/** A call that was made to see whether AWS authorizes it. */
export interface Attempt {
  /** The role of the app that made it. */
  readonly role: string;
  readonly outcome: 'allowed' | 'denied' | 'failed';
  /** The error's name and text; empty when it was allowed. */
  readonly message: string;
}

export interface Permissions {
  readonly withoutProject: Attempt;
  readonly onlyApplicationProfile: Attempt;
  readonly onlySystemProfile: Attempt;
  /** CreateModelInvocationJob with the system profile, by a role without it. */
  readonly createJob: Attempt;
  /** CreateProvisionedModelThroughput of a context variant, by a role without it. */
  readonly createThroughput: Attempt;
  /** The maximum number of managed policies that a role of this account can have. */
  readonly policiesPerRole: number | undefined;
}

/** Whether a role may call CreateModelInvocationJob, as IAM simulates it. */
export interface Simulated {
  readonly role: string;
  readonly resource: 'profile ARN' | 'model ARN' | '*';
  readonly decision: string;
}

export interface Stop {
  /** Seconds from the forced alarm to the attached deny policy; undefined if it was not attached in time. */
  readonly attachedAfter: number | undefined;
  readonly before: readonly Simulated[];
  readonly during: readonly Simulated[];
  readonly invokeDuring: Attempt;
  readonly createJobDuring: Attempt;
  /** Seconds from the alarm's return to OK to the detached policy. */
  readonly detachedAfter: number | undefined;
  readonly invokeAfter: Attempt | undefined;
}

/** An alarm that was forced, and what the queue behind its topic received. */
export interface ForcedAlarm {
  readonly name: string;
  /** Seconds until the notification came; undefined if none came in time. */
  readonly notifiedAfter: number | undefined;
  readonly error?: string;
}

/** The reply of AWS to a request: `accepted`, or its refusal. */
export type Reply = 'accepted' | string;

export interface Limits {
  readonly alarmOf10Metrics: Reply;
  readonly alarmOf11Metrics: Reply;
  readonly subjectOf99: Reply;
  readonly subjectOf100: Reply;
}

export interface DirectJob {
  /** Seconds from the answer of Create until ListModelInvocationJobs names the job; undefined if it did not in time. */
  readonly listedAfter: number | undefined;
  readonly waited: number;
}

/** A job that has ended, with its records' own figures. */
export interface EndedJob {
  readonly status: string;
  readonly manifestInput: number;
  readonly tokens: TokenCounts;
  /** The ids of the records that have an answer. */
  readonly succeeded: readonly string[];
  /** Texts of the records' errors, each once. */
  readonly errors: readonly string[];
}

export interface BatchMetrics {
  readonly job: EndedJob;
  /** The metrics of `AWS/Bedrock` from the job's submission until some minutes after its end, without any other calls. */
  readonly series: readonly Series[];
}

export interface ChangeSet {
  readonly exitCode: number | string;
  readonly text: string;
  readonly purchasesBefore: number;
  readonly purchasesAfter: number;
}

/** A price of the library, and the prices of the price list to compare it with. */
export interface ListedPrice {
  readonly what: string;
  /** The price of one unit in our price book. */
  readonly ours: string;
  /** The distinct prices of one unit that the price list has under this name. */
  readonly listed: readonly string[];
}

export interface Observations {
  readonly metrics: RuntimeMetrics;
  readonly permissions: Permissions;
  readonly limits: Limits;
  readonly directJob: DirectJob;
  /** The job of which half of the records have their images outside its folder. */
  readonly mediaJob: EndedJob;
  readonly batch: BatchMetrics;
  readonly alarms: readonly ForcedAlarm[];
  readonly stop: Stop;
  readonly changeSet: ChangeSet;
  readonly featurePrices: readonly ListedPrice[];
  readonly servicePrices: readonly ListedPrice[];
}

/** The reason why a step has no answers: the ceiling, an error of AWS, or an interruption. */
export interface NoAnswer {
  readonly notTried: string;
}

export type Observed = { readonly [step in keyof Observations]?: Observations[step] | NoAnswer };

export type Verdict = 'confirmed' | 'refuted' | 'unclear' | 'not tried';

/** A judge's verdict on the behavior of AWS. */
export interface Judgement {
  readonly did: string;
  readonly verdict: Verdict;
}
