import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { ssm } from './clients.lambda';
import { isNamed, isRetryable, Refusal, textOf as errorText } from './outcome';
import { parseRecord, textOf } from './record';
import { StopRecord } from '../stop-spending.contract';

/** The record in its parameter. */
export class Memory {
  /** Throws only what another try may mend: what can be stopped without a record is stopped without it. */
  public static async open(parameter: string): Promise<Memory> {
    try {
      return new Memory(parameter, await read(parameter));
    } catch (e) {
      if (isRetryable(e)) throw e;
      return new Memory(parameter, { record: parseRecord(undefined), version: 0 }, errorText(e));
    }
  }

  /** @param broken why the record cannot be relied on */
  private constructor(private readonly parameter: string, private known: Known, public readonly broken?: string) {}

  public get record(): StopRecord {
    return this.known.record;
  }

  /**
   * Changes the record as it is now, for another event may have changed it since it was read; of an answer that is older
   * than what was written here, the own copy is right.
   */
  public async change(next: (record: StopRecord) => StopRecord): Promise<void> {
    const fresh = await read(this.parameter);
    const Value = textOf(next(fresh.version < this.known.version ? this.known.record : fresh.record));
    const { Version = fresh.version } = await ssm.send(new PutParameterCommand({ Name: this.parameter, Value, Type: 'String', Overwrite: true }));
    this.known = { record: parseRecord(Value), version: Version };
  }
}

interface Known {
  readonly record: StopRecord;
  /** AWS counts it up with every change. */
  readonly version: number;
}

async function read(parameter: string): Promise<Known> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
    return { record: parsed(Parameter?.Value), version: Parameter?.Version ?? 0 };
  } catch (e) {
    if (isNamed(e, 'ParameterNotFound')) return { record: parseRecord(undefined), version: 0 };
    throw e;
  }
}

function parsed(value: string | undefined): StopRecord {
  try {
    return parseRecord(value);
  } catch (e) {
    throw new Refusal((e as Error).message);
  }
}
