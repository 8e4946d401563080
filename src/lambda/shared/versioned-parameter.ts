import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** How many times in a row CloudFormation may have written the template's value again; the versions before them are then read. */
export const TEMPLATE_WRITES = 5;

/** A record that states which version of its parameter it was to become. */
export interface Versioned {
  /**
   * Left out of the template's value. Where the actual version is a later one, others have written in between: a parameter
   * has no way to write only if nobody else has, so that what they wrote is read from those versions and merged.
   */
  readonly version?: number;
}

export interface RecordFormat<T extends Versioned> {
  parse(text: string | undefined): T;
  /** One record of several whose writers did not know of each other, the oldest first: nothing of any is lost. */
  merge(records: readonly T[]): T;
}

export interface StoredRecord<T> {
  readonly record: T;
  readonly version: number;
}

interface Ssm {
  readonly ssm: SSMClient;
}

/** The record in a parameter, merged with what was overwritten by a writer that did not know of it; undefined when there is none. */
export async function readVersioned<T extends Versioned>(
  services: Ssm, parameter: string, { parse, merge }: RecordFormat<T>,
): Promise<StoredRecord<T> | undefined> {
  const found = await readParameter(services, parameter);
  if (found === undefined) return undefined;
  const { Value, Version: version = 0 } = found;
  const newest = parse(Value);
  const overwritten: T[] = [];
  for (let missed = firstMissed(newest, version); missed >= 1 && missed < version; missed++) {
    const lost = await readParameter(services, `${parameter}:${missed}`);
    if (lost) overwritten.push(parse(lost.Value));
    // It has been deleted meanwhile.
    else if (await readParameter(services, parameter) === undefined) return undefined;
  }
  return { record: overwritten.length > 0 ? merge([...overwritten, newest]) : newest, version };
}

/**
 * The first of the versions that the writer of the newest did not know of. Without a version it is the template's value,
 * which CloudFormation writes again whenever the parameter's tags or its description change.
 */
function firstMissed({ version: wanted }: Versioned, version: number): number {
  return wanted ?? Math.max(1, version - TEMPLATE_WRITES);
}

/** A parameter, or one version of it; undefined when there is none. */
export async function readParameter({ ssm }: Ssm, name: string) {
  try {
    return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter;
  } catch (e) {
    if (/^Parameter(Version)?NotFound$/.test((e as Error).name)) return undefined;
    throw e;
  }
}

/** @returns the version that it has become */
export async function writeParameter({ ssm }: Ssm, name: string, value: string): Promise<number> {
  return (await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }))).Version!;
}
