export const DAY = 86_400_000;

/** As AWS documents it: a month of a commitment has 30 days. */
const TERM_DAYS: { readonly [duration: string]: number } = { OneMonth: 30, SixMonths: 180 };

/** What is known of a purchase besides what the emulator keeps. Times in milliseconds since 1970. */
export interface Memory {
  readonly created: number;
  readonly changed: number;
  /** When it is no longer Creating. */
  readonly readyAt: number;
  /** When it is no longer Updating, and which model it had before. */
  readonly update?: { readonly until: number; readonly modelArn: string };
  /** Why AWS could not provide it. */
  readonly failure?: string;
}

/** A purchase with every field that AWS answers. */
export interface Purchased {
  readonly modelUnits: number;
  readonly desiredModelUnits: number;
  readonly provisionedModelName: string;
  readonly provisionedModelArn: string;
  readonly modelArn: string;
  readonly desiredModelArn: string;
  readonly foundationModelArn: string;
  readonly status: 'Creating' | 'InService' | 'Updating' | 'Failed';
  readonly creationTime: string;
  readonly lastModifiedTime: string;
  readonly failureMessage?: string;
  readonly commitmentDuration?: string;
  readonly commitmentExpirationTime?: string;
}

/** What AWS would answer about a purchase of which the emulator answers `record`. */
export function asAws(record: any, memory: Memory | undefined, now: number): Purchased {
  const { created, changed, readyAt, update, failure } = memory ?? boughtElsewhere(record);
  // The emulator makes every id the id of a foundation model, and never begins to use a changed one.
  const desiredModelArn = modelArn(record.desiredModelArn);
  const isUpdating = update !== undefined && now < update.until;
  const { commitmentDuration = undefined } = withoutNull(record);
  return withoutNull({
    modelUnits: Number(record.modelUnits),
    desiredModelUnits: Number(record.desiredModelUnits),
    provisionedModelName: record.provisionedModelName,
    provisionedModelArn: record.provisionedModelArn,
    modelArn: isUpdating ? update.modelArn : desiredModelArn,
    desiredModelArn,
    foundationModelArn: foundationModelArn(desiredModelArn),
    status: now < readyAt ? 'Creating' : failure !== undefined ? 'Failed' : isUpdating ? 'Updating' : 'InService',
    creationTime: new Date(created).toISOString(),
    lastModifiedTime: new Date(changed).toISOString(),
    failureMessage: now < readyAt ? undefined : failure,
    commitmentDuration,
    commitmentExpirationTime: commitmentDuration && new Date(created + TERM_DAYS[commitmentDuration] * DAY).toISOString(),
  }) as Purchased;
}

/** Of a purchase that was not made through the proxy. */
export function boughtElsewhere({ creationTime }: { readonly creationTime: string }): Memory {
  const created = Date.parse(creationTime);
  return { created, changed: created, readyAt: created };
}

/** `.../foundation-model/arn:...` of the emulator is the ARN after it. */
export function modelArn(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('arn:'), 0));
}

/** The ARN of a custom model names the model that it was customized from. */
export function foundationModelArn(arn: string): string {
  const [, partition, , region, , ...rest] = arn.split(':');
  const [, base] = /^custom-model\/([^/]+)\//.exec(rest.join(':')) ?? [];
  return base === undefined ? arn : `arn:${partition}:bedrock:${region}::foundation-model/${base}`;
}

function withoutNull(record: { readonly [key: string]: any }): any {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}
