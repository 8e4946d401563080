import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

/** The number of consecutive versions that CloudFormation may have written with the template's value. The versions before them are read too. */
export const TEMPLATE_WRITES = 5;

/** A record that states which version of its parameter it was to become. */
export interface Versioned {
  /**
   * The version that this record was to become; left out of the template's value. If the actual version is a later one, other
   * runs have written in between, since parameters have no conditional writes. Their versions are then read and merged.
   */
  readonly version?: number;
}

export interface RecordFormat<T extends Versioned> {
  parse(text: string | undefined): T;
  /** Merges the records of concurrent writers, the oldest first, without losing any content. */
  merge(records: readonly T[]): T;
}

export interface StoredRecord<T> {
  readonly record: T;
  readonly version: number;
}

interface Ssm {
  readonly ssm: SSMClient;
}

/** The record in a parameter, merged with versions that a concurrent writer has overwritten; undefined without a parameter. */
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
 * The first version that the writer of the newest record had not read. A record without a version is the template's value, which
 * CloudFormation writes again whenever the tags or the description of the parameter change.
 */
function firstMissed({ version: wanted }: Versioned, version: number): number {
  return wanted ?? Math.max(1, version - TEMPLATE_WRITES);
}

/** A parameter, or one version of it; undefined if it does not exist. */
export async function readParameter({ ssm }: Ssm, name: string) {
  try {
    return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter;
  } catch (e) {
    if (/^Parameter(Version)?NotFound$/.test((e as Error).name)) return undefined;
    throw e;
  }
}

/** @returns the version that was written */
export async function writeParameter({ ssm }: Ssm, name: string, value: string): Promise<number> {
  return (await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }))).Version!;
}
