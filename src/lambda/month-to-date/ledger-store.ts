import type { SSM } from '@aws-sdk/client-ssm';
import { Ledger, LedgerPage, merged, paged } from './ledger';
import { readParameter, TEMPLATE_WRITES } from '../shared/versioned-parameter';

/** A ledger in its parameters: `<path>/1`, which CloudFormation creates, and further ones, which the function creates as needed. */
export class LedgerStore {
  private readonly versions = new Map<string, number>();
  private readonly texts = new Map<string, string>();

  /** @param first the name of the first parameter, which ends in `/1` */
  constructor(private readonly ssm: SSM, private readonly first: string) {}

  /**
   * The merged content of the pages; undefined if the first parameter does not exist.
   *
   * @param stack the key of the ledger's stack; left out for the ledger of another stack, whose first page has the key
   * @throws if a page cannot be read, since a missing amount would make the total too low
   */
  public async read(stack?: string): Promise<Ledger | undefined> {
    const first = await this.readPage(this.first);
    if (!first) return undefined;
    const owner = stack ?? first.stack;
    const next = (pages: readonly LedgerPage[]) => (first.more ? this.readPage(this.nameOf(pages.length + 1)) : undefined);
    const pages: LedgerPage[] = [];
    for (let page: LedgerPage | undefined = first; page; page = await next(pages)) pages.push(page);
    return merged(pages.filter((page) => owner !== undefined && page.stack === owner));
  }

  /**
   * Writes the changed pages. Amounts only move to new pages, and a new page is written before the amounts are removed from the former
   * page, so an interrupted run loses nothing.
   *
   * @throws if the stack has deleted the first page in the meantime
   */
  public async write(ledger: Ledger): Promise<void> {
    const known = this.versions.size;
    const pages = [...paged(ledger, known).entries()];
    // New pages are written in order, since a reader stops at the first missing one.
    for (const [i, page] of [...pages.slice(known), ...pages.slice(0, known).reverse()]) await this.writePage(this.nameOf(i + 1), page);
  }

  private async writePage(name: string, page: LedgerPage): Promise<void> {
    if (name !== this.first && this.texts.get(name) === contentOf(page)) return;
    const version = (this.versions.get(name) ?? 0) + 1;
    const Value = JSON.stringify({ ...page, version });
    const { Version = version } = await this.ssm.putParameter({ Name: name, Value, Type: 'String', Overwrite: true });
    if (name !== this.first || Version >= version) return;
    // This write has created it again, which would prevent the deployment of a stack of the same name.
    await this.ssm.deleteParameter({ Name: name });
    throw gone(name);
  }

  private async readPage(name: string): Promise<LedgerPage | undefined> {
    const found = await readParameter({ ssm: this.ssm }, name);
    if (!found) return undefined;
    const { Value = '', Version: version = 1 } = found;
    this.versions.set(name, version);
    const page = parsed(name, Value);
    const overwritten: LedgerPage[] = [];
    for (let missed = Math.max(1, page.version ?? 0, version - TEMPLATE_WRITES); missed < version; missed++) {
      const lost = await readParameter({ ssm: this.ssm }, `${name}:${missed}`);
      if (lost) overwritten.push(parsed(name, lost.Value ?? ''));
    }
    // Pages other than the first may remain from a deleted stack of the same name.
    const own = overwritten.filter(({ stack }) => page.stack === undefined || stack === page.stack);
    if (own.length > 0) return merged([...own, page]);
    const { version: _, ...content } = page;
    this.texts.set(name, contentOf(content));
    return content;
  }

  private nameOf(page: number): string {
    return this.first.replace(/1$/, `${page}`);
  }
}

export function gone(name: string): Error {
  return new Error(`The SSM parameter ${name}, which has the amounts of the month, does not exist. Nothing was counted. `
    + `Deploy the stack again, or create it: aws ssm put-parameter --name ${name} --type String --value '{}'`);
}

/** The content of a page other than the first, without its time: a page with no other change is not written. */
function contentOf({ stack, months, budgets, sets }: LedgerPage): string {
  return JSON.stringify({ stack, months, budgets, sets });
}

function parsed(name: string, text: string): LedgerPage {
  try {
    return { ...JSON.parse(text) };
  } catch {
    throw new Error(`The SSM parameter ${name} is not valid JSON. Nothing was counted. Write its last valid version (aws ssm get-parameter-history) or {} into it.`);
  }
}
