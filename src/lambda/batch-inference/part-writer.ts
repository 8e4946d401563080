import { JobQuotas, largestRecord, partLimits, PartLimits } from './contract';
import { EstimatedTokens, Source, SplitPart } from './outcomes';
import { LINE_BEGIN } from './part-lines';
import { addEstimates, NO_TOKENS } from './preflight';
import { MOST_OF_A_PLACE, partId, RECORD_ID_LENGTH, recordId } from './record-id';
import { RunFolder } from './run-folder';
import { invalidInput } from './slices';
import { Store } from './store';

/**
 * Writes the records of a slice as parts. While one part is sent to S3 the next one is filled, so two parts are in memory.
 */
export class PartWriter {
  public readonly parts: SplitPart[] = [];
  private readonly buffers: [Buffer, Buffer];
  private readonly limits: PartLimits;
  private readonly largest: number;
  private records = 0;
  private bytes = 0;
  private estimate = NO_TOKENS;
  private sources: string[] = [];
  private sent: Promise<unknown> = Promise.resolve();

  constructor(private readonly store: Store, private readonly folder: RunFolder, private readonly slice: number, quotas: JobQuotas) {
    this.limits = partLimits(quotas);
    this.largest = largestRecord(quotas);
    this.buffers = [Buffer.allocUnsafe(this.limits.bytes), Buffer.allocUnsafe(this.limits.bytes)];
  }

  /** Adds a record. Returns the reason if it does not fit into any part. */
  public async add(modelInput: object, source: Source, estimate: EstimatedTokens): Promise<string | undefined> {
    const rest = `","modelInput":${JSON.stringify(modelInput)}}\n`;
    const bytes = LINE_BEGIN.length + RECORD_ID_LENGTH + Buffer.byteLength(rest);
    if (bytes > this.largest) return `the record has ${bytes} bytes, and a file of a job may have at most ${this.largest}`;
    if (this.records > 0 && (this.records === this.limits.records || this.bytes + bytes > this.limits.bytes)) await this.flush();
    const line = LINE_BEGIN + recordId(partId(this.slice, this.parts.length), this.records) + rest;
    // A record that is larger than a part by itself has a buffer of its own.
    if (bytes > this.buffers[0].length) this.buffers[0] = Buffer.allocUnsafe(bytes);
    this.bytes += this.buffers[0].write(line, this.bytes);
    this.records++;
    this.sources.push(JSON.stringify(source));
    this.estimate = addEstimates(this.estimate, estimate);
    return undefined;
  }

  public async finish(): Promise<void> {
    if (this.records > 0) await this.flush();
    await this.sent;
  }

  private async flush(): Promise<void> {
    await this.sent;
    if (this.parts.length === MOST_OF_A_PLACE) {
      throw invalidInput(`A slice must have at most ${MOST_OF_A_PLACE} parts, got more. Raise quotas.recordsPerJob, or run the input in smaller files.`);
    }
    const id = partId(this.slice, this.parts.length);
    const { records, bytes, estimate } = this;
    const [buffer, other] = this.buffers;
    this.sent = Promise.all([
      this.store.write(this.folder.part(0, id), buffer.subarray(0, bytes)),
      this.store.write(this.folder.sources(id), this.sources.join('\n')),
    ]);
    // A later wait throws the error; without this handler it would be unhandled until then.
    this.sent.catch(() => {});
    this.parts.push({ id, records, bytes, estimate });
    this.buffers[0] = other.length === this.limits.bytes ? other : Buffer.allocUnsafe(this.limits.bytes);
    this.buffers[1] = buffer;
    [this.records, this.bytes, this.estimate, this.sources] = [0, 0, NO_TOKENS, []];
  }
}

