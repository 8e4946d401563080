import { errorText, isRetryable } from './action-result';
import { ssm } from './clients';
import { mergedState, parseState, StopState } from './record';
import { readVersioned, RecordFormat, StoredRecord, Versioned, writeParameter } from '../shared/versioned-parameter';

/** A record in an SSM parameter that several runs may change at once. The next reader merges the versions of all writers. */
export class RecordStore<T extends Versioned> {
  private known: StoredRecord<T> | undefined;

  constructor(private readonly parameter: string, private readonly format: RecordFormat<T>) {}

  /** The current record. A version that is older than the last write of this run is replaced by this run's copy. */
  public async read(): Promise<T> {
    const stored = await readVersioned({ ssm }, this.parameter, this.format) ?? { record: this.format.parse(undefined), version: 0 };
    if (this.known === undefined || stored.version >= this.known.version) this.known = stored;
    return this.known.record;
  }

  /** The record as of the last read or change. */
  public get last(): T {
    return this.known?.record ?? this.format.parse(undefined);
  }

  /** Changes the current record, which is read again first: another event may have changed it. */
  public async change(next: (record: T) => T): Promise<T> {
    const before = await this.read();
    const record = next(before);
    if (record === before) return before;
    const wanted = this.known!.version + 1;
    const version = await writeParameter({ ssm }, this.parameter, JSON.stringify({ ...record, version: wanted }));
    this.known = { record, version };
    // Another run has written in between, so both versions are merged.
    return version > wanted ? this.read() : record;
  }
}

/** The store of the state of the stop. */
export class StopRecordStore extends RecordStore<StopState> {
  /**
   * The reason why the record could not be read. If its value cannot be parsed, earlier versions are used and the next change
   * repairs it; if AWS refuses access, the actions that do not need the record are taken without it.
   */
  public broken: string | undefined;
  /** Whether AWS refuses access to the record. */
  public isRefused = false;

  constructor(parameter: string) {
    super(parameter, {
      parse: (text) => {
        try {
          return parseState(text);
        } catch (e) {
          this.broken = (e as Error).message;
          // Equal to the template's value, which has no version.
          return parseState(undefined);
        }
      },
      merge: mergedState,
    });
  }

  /** @throws only errors that a retry may resolve */
  public async read(): Promise<StopState> {
    if (this.isRefused) return this.last;
    try {
      return await super.read();
    } catch (e) {
      if (isRetryable(e)) throw e;
      this.isRefused = true;
      this.broken = errorText(e);
      return this.last;
    }
  }
}
