import { rmSync } from 'fs';
import { JSONParser } from '@streamparser/json';
import { InputError } from '../io';
import { FilesImportResult, ImportedFile } from './import-files';
import { PinnedList } from './offers';
import { readPriceList } from './reader';
import { fileChunks } from '../../files/text-file';
import { NameMap } from '../../price-list/listed-sku';
import { knownNames } from '../../price-list/model-names';
import { PriceListError, SkuSink } from '../../price-list/price-list-file';
import { PriceListImport } from '../../price-list/price-list-import';

const DOWNLOADED_FILE = 'a downloaded price list';

/** A row of a list, which is held until the whole list has been validated. */
type Row = (rows: SkuSink) => void;

/** Imports downloaded lists. The offer, version and region in each list must be those of its address. */
export class PinnedImport {
  private readonly rows: PriceListImport;
  private readonly files: ImportedFile[] = [];

  /** @param own model ids of names that the importer does not know */
  constructor(own: NameMap) {
    this.rows = new PriceListImport(knownNames(), own);
  }

  /**
   * Imports a list completely or not at all. An invalid file is deleted: the next run must not continue it.
   *
   * @throws InputError with the address and the invalid value
   */
  public async add(list: PinnedList, path: string): Promise<void> {
    const held: Row[] = [];
    try {
      this.files.push(await read(list, path, held));
    } catch (e) {
      if (e instanceof InputError) rmSync(path, { force: true });
      throw e;
    }
    held.forEach((row) => row(this.rows));
  }

  public result(): FilesImportResult {
    return { ...this.rows.result(), files: this.files };
  }
}

async function read(list: PinnedList, path: string, held: Row[]): Promise<ImportedFile> {
  const { url, offer, version } = list;
  const header = await readPriceList(fileChunks(path, DOWNLOADED_FILE), url, ofRegion(list, held));
  if (header.offerCode !== offer) throw altered(url, 'offerCode', header.offerCode, offer);
  const found = versionIn(path);
  if (found !== version) throw altered(url, 'version', found, version);
  return { path: url, ...header };
}

/** Returns a sink that refuses rows of other regions than the list's. */
function ofRegion({ region }: PinnedList, held: Row[]): SkuSink {
  return {
    add: (sku) => {
      // The importer decides on rows without a region.
      const { regionCode = region } = sku.attributes;
      if (regionCode !== region) throw new PriceListError(`the SKU ${sku.sku} of the region ${regionCode}`, `the list of ${region}`);
      held.push((rows) => rows.add(sku));
    },
    addNotUnderstood: (sku, reason) => { held.push((rows) => rows.addNotUnderstood(sku, reason)); },
  };
}

/** Version of a valid file. AWS writes it at the beginning, so rarely more than one chunk is read. */
function versionIn(path: string): unknown {
  let version: unknown;
  const parser = new JSONParser({ paths: ['$.version'], keepStack: false });
  parser.onValue = ({ value }) => { version = value; };
  for (const chunk of fileChunks(path, DOWNLOADED_FILE)) {
    parser.write(chunk);
    if (version !== undefined) break;
  }
  return version;
}

function altered(url: string, field: string, found: unknown, expected: string): InputError {
  return new InputError(`${url}: ${field} must be ${JSON.stringify(expected)}, as in the address of the file, got ${JSON.stringify(found) ?? 'none'}.`,
    'Run the command again. If the error stays, a proxy or mirror alters the files.');
}
