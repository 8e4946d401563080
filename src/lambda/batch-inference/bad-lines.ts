import { DeadLetter } from './outcomes';
import { sliceId } from './record-id';
import { RunFolder } from './run-folder';
import { Store } from './store';

/** The maximum size of a line that is copied. Of a longer line only the position is written; the input file still has it. */
const LONGEST_CONTENT = 64 * 1024;
const FILE_CHARACTERS = 8 * 1024 * 1024;

/** The key in summary.json of the number of invalid lines. */
export const INVALID_RECORD = 'InvalidRecord';

export interface BadLine extends DeadLetter {
  readonly piece: number;
  readonly line: number;
  readonly content?: string;
}

/** Writes the lines of a slice that are not records, one file at a time. */
export class BadLineWriter {
  public count = 0;
  private files = 0;
  private characters = 0;
  private lines: string[] = [];

  constructor(private readonly store: Store, private readonly folder: RunFolder, private readonly slice: number) {}

  public async add({ piece, line, problem, content }: { piece: number; line: number; problem: string; content?: string }): Promise<void> {
    const kept = content !== undefined && content.length <= LONGEST_CONTENT ? content : undefined;
    const bad: BadLine = { piece, line, kind: INVALID_RECORD, reason: problem, content: kept };
    this.lines.push(JSON.stringify(bad));
    this.characters += this.lines.at(-1)!.length;
    this.count++;
    if (this.characters > FILE_CHARACTERS) await this.flush();
  }

  public async finish(): Promise<void> {
    if (this.lines.length > 0) await this.flush();
  }

  private async flush(): Promise<void> {
    await this.store.write(this.folder.badLines(sliceId(this.slice), this.files++), `${this.lines.join('\n')}\n`);
    [this.lines, this.characters] = [[], 0];
  }
}
