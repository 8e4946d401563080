import { Readable } from 'stream';
import { createGunzip } from 'zlib';
import { ReadPriceList, readPriceList } from './reader';
import { FileError, fileChunks, unreadable } from '../../files/text-file';
import { NameMap } from '../../price-list/listed-sku';
import { knownNames } from '../../price-list/model-names';
import { ImportResult, PriceListImport } from '../../price-list/price-list-import';
import { Rate } from '../../pricing/price-book/rate';

/** A file that was read, and its header. */
export interface ImportedFile extends ReadPriceList {
  readonly path: string;
}

export interface FilesImportResult extends ImportResult {
  readonly files: readonly ImportedFile[];
}

const INDEX_FILE = 'an index.json of the AWS Price List (or index.json.gz)';

/**
 * Imports the rates of AWS Price List files of any offers and regions.
 *
 * @param progress receives a line for each file, and for the progress within a long one.
 * @param own model ids of names that the importer does not know.
 * @throws InputError with the file and the place, if a file cannot be read completely
 */
export async function importPriceListFiles(
  paths: readonly string[], progress: (text: string) => void = () => {}, own: NameMap = {},
): Promise<FilesImportResult> {
  const rows = new PriceListImport(knownNames(), own);
  const files: ImportedFile[] = [];
  for (const path of paths) {
    const read = await readPriceList(unzippedChunks(path), path, rows, progress);
    progress(`read ${path}: ${read.offerCode} of ${read.publicationDate}, ${read.skus} SKUs`);
    files.push({ path, ...read });
  }
  return { ...rows.result(), files };
}

/** Renders rates as a price-book file: JSON, one rate per line. */
export function bookText(rates: readonly Rate[]): string {
  return `{ "schemaVersion": "1", "rates": [\n${rates.map((rate) => JSON.stringify(rate)).join(',\n')}\n] }\n`;
}

async function* unzippedChunks(path: string): AsyncIterable<Uint8Array> {
  if (!path.endsWith('.gz')) {
    yield* fileChunks(path, INDEX_FILE);
    return;
  }
  try {
    const unzipped = createGunzip();
    const file = Readable.from(fileChunks(path, INDEX_FILE)).on('error', (e) => unzipped.destroy(e));
    yield* file.pipe(unzipped);
  } catch (e) {
    throw e instanceof FileError ? e : unreadable(path, INDEX_FILE, e);
  }
}
