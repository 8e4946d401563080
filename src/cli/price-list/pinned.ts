import { createReadStream, rmSync } from 'fs';
import { JSONParser } from '@streamparser/json';
import { InputError } from '../io';
import { FilesImportResult, ImportedFile } from './import-files';
import { PinnedList } from './offers';
import { readPriceList } from './reader';
import { knownNames } from '../../price-list/known-names';
import { PriceListError, SkuSink } from '../../price-list/price-list-file';
import { PriceListImport } from '../../price-list/price-list-import';

/** A list that has been downloaded. */
export interface DownloadedList extends PinnedList {
  readonly path: string;
}

/**
 * The rates of downloaded lists, each of which has to be what its address says.
 *
 * A file that is not goes away, so that the next run fetches it again.
 *
 * @throws InputError naming the address and what was found there
 */
export async function importPinnedLists(lists: readonly DownloadedList[], progress: (text: string) => void): Promise<FilesImportResult> {
  const rows = new PriceListImport(knownNames());
  const files: ImportedFile[] = [];
  for (const [i, list] of lists.entries()) {
    progress(`reading ${i + 1}/${lists.length} ${list.offer} ${list.region}`);
    try {
      files.push(await importList(list, rows));
    } catch (e) {
      if (e instanceof InputError) rmSync(list.path, { force: true });
      throw e;
    }
  }
  return { ...rows.result(), files };
}

async function importList(list: DownloadedList, rows: SkuSink): Promise<ImportedFile> {
  const { path, url, offer, version } = list;
  const read = await readPriceList(createReadStream(path, { highWaterMark: 256 * 1024 }), url, ofRegion(list, rows));
  if (read.offerCode !== offer) throw altered(url, 'offerCode', read.offerCode, offer);
  const found = await versionIn(path);
  if (found !== version) throw altered(url, 'version', found, version);
  return { path: url, ...read };
}

/** Passes on only rows of the list's own region. */
function ofRegion({ region }: PinnedList, rows: SkuSink): SkuSink {
  return {
    add: (sku) => {
      // Rows without a region are the importer's to judge.
      const { regionCode = region } = sku.attributes;
      if (regionCode !== region) throw new PriceListError(`the SKU ${sku.sku} of the region ${regionCode} in the list of ${region}`, `rows of ${region}`);
      rows.add(sku);
    },
    addNotUnderstood: (sku, reason) => rows.addNotUnderstood(sku, reason),
  };
}

/** Of a file that has been read to its end. AWS writes the version at its beginning, so this seldom reads more than one chunk. */
async function versionIn(path: string): Promise<unknown> {
  let version: unknown;
  const parser = new JSONParser({ paths: ['$.version'], keepStack: false });
  parser.onValue = ({ value }) => { version = value; };
  for await (const chunk of createReadStream(path)) {
    parser.write(chunk);
    if (version !== undefined) break;
  }
  return version;
}

function altered(url: string, field: string, found: unknown, expected: string): InputError {
  return new InputError(`${url}: found ${field} ${JSON.stringify(found) ?? 'missing'} in the file; allowed: ${JSON.stringify(expected)}, as its address says`,
    'to change: run the command again; if it stays, something between here and AWS alters what it passes on');
}
