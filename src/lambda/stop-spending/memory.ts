import { ssm } from './clients';
import { isRetryable, textOf } from './outcome';
import { mergedState, parseState, StopState } from './record';
import { readVersioned, RecordFormat, StoredRecord, Versioned, writeParameter } from '../shared/versioned-parameter';

/** A record in a parameter that several runs may change at once: the next reader knows what each has written. */
export class Memory<T extends Versioned> {
  private known: StoredRecord<T> | undefined;

  constructor(private readonly parameter: string, private readonly format: RecordFormat<T>) {}

  /** The record as it is now; of an answer that is older than what was written here, the own copy is right. */
  public async read(): Promise<T> {
    const stored = await readVersioned({ ssm }, this.parameter, this.format) ?? { record: this.format.parse(undefined), version: 0 };
    if (this.known === undefined || stored.version >= this.known.version) this.known = stored;
    return this.known.record;
  }

  /** The record as it was when it was last read or changed. */
  public get last(): T {
    return this.known?.record ?? this.format.parse(undefined);
  }

  /** Changes the record as it is now, for another event may have changed it since it was read. */
  public async change(next: (record: T) => T): Promise<T> {
    const before = await this.read();
    const record = next(before);
    if (record === before) return before;
    const wanted = this.known!.version + 1;
    const version = await writeParameter({ ssm }, this.parameter, JSON.stringify({ ...record, version: wanted }));
    this.known = { record, version };
    // Another run has written in between: both count.
    return version > wanted ? this.read() : record;
  }
}

/** The state of the stop. */
export class StateMemory extends Memory<StopState> {
  /**
   * Why the record could not be read. Where a value could not be parsed, the earlier versions count and the next change mends
   * it; where AWS refuses it for good, what can be stopped without a record is stopped without it.
   */
  public broken: string | undefined;
  /** Whether AWS refuses to show it. */
  public isRefused = false;

  constructor(parameter: string) {
    super(parameter, {
      parse: (text) => {
        try {
          return parseState(text);
        } catch (e) {
          this.broken = (e as Error).message;
          // As the template's value: it knows of no version.
          return parseState(undefined);
        }
      },
      merge: mergedState,
    });
  }

  /** @throws only what another try may mend */
  public async read(): Promise<StopState> {
    if (this.isRefused) return this.last;
    try {
      return await super.read();
    } catch (e) {
      if (isRetryable(e)) throw e;
      this.isRefused = true;
      this.broken = textOf(e);
      return this.last;
    }
  }
}
