import type { SSM } from '@aws-sdk/client-ssm';
import { Base, basePages, countOfPages, parseBase } from './base';
import { mapInPool } from '../shared/pool';
import { readParameter } from '../shared/versioned-parameter';

/** The number of concurrent reads. By default, Parameter Store allows 40 requests a second for the whole account. */
const READS_AT_A_TIME = 3;

/** The newest base that a warm function has read or written, by its id. */
let known: { readonly id: string; readonly base: Base } | undefined;

/** A base in SSM parameters beside the ledger: `<path>/base-1`, `<path>/base-2`, ... */
export class BaseStore {
  /** @param ledger the name of the first parameter of the ledger, which ends in `/1` */
  constructor(private readonly ssm: SSM, private readonly ledger: string) {}

  /** The base with this id; undefined if it was overwritten or damaged, or does not exist. */
  public async read(id: string): Promise<Base | undefined> {
    if (known?.id === id) return known.base;
    const first = await this.readPage(1);
    const further = Array.from({ length: Math.max(0, countOfPages(first) - 1) }, (_, i) => i + 2);
    const rest = await mapInPool(further, READS_AT_A_TIME, (page) => this.readPage(page));
    const base = parseBase(id, [first, ...rest]);
    if (base) known = { id, base };
    return base;
  }

  public async write(base: Base): Promise<void> {
    const { id, pages } = basePages(base);
    for (const [i, Value] of pages.entries()) {
      await this.ssm.putParameter({ Name: this.nameOf(i + 1), Value, Type: 'String', Overwrite: true });
    }
    known = { id, base };
  }

  private async readPage(page: number): Promise<string> {
    return (await readParameter({ ssm: this.ssm }, this.nameOf(page)))?.Value ?? '';
  }

  private nameOf(page: number): string {
    return this.ledger.replace(/1$/, `base-${page}`);
  }
}
