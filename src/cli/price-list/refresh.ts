import { existsSync, statSync } from 'fs';
import { InputError } from '../io';
import { downloadFile, downloadText } from './download';
import { endpointOf } from './endpoint';
import { DownloadFolder } from './folder';
import { FetchError } from './http';
import { FilesImportResult } from './import-files';
import { listsIn, OfferLists, PinnedList, planOf, regionIndexUrl } from './offers';
import { PinnedImport } from './pinned';
import { megabytes, Progress } from './progress';
import { Network, withRetries } from './retry';
import { checkTarget, writeBook } from './target';
import { NameMap } from '../../price-list/listed-sku';
import { AGENT_CORE_OFFER, BEDROCK_OFFERS } from '../../price-list/price-list-file';
import { FileError } from '../../pricing/text-file';

/** Statuses of a file that does not exist; AWS answers 403 for one. */
const NOT_THERE: readonly number[] = [403, 404];

export interface RefreshOptions {
  readonly endpoint: string;
  /** None for all. */
  readonly regions: readonly string[];
  readonly output: string;
  /** Overwrites what is not a price book, or is one with far more rates. */
  readonly force: boolean;
  /** Model ids of names that the importer does not know. */
  readonly names?: NameMap;
}

export interface RefreshDeps {
  readonly network: Network;
  readonly progress: Progress;
}

/**
 * Makes a price book of the price lists that AWS publishes now. The output is touched once, at the very end.
 *
 * @throws InputError saying what was found where; the output is then as it was
 */
export async function refresh(options: RefreshOptions, deps: RefreshDeps): Promise<FilesImportResult> {
  const { output, force, names = {} } = options;
  const { progress } = deps;
  const endpoint = endpointOf(options.endpoint);
  checkTarget(output, force);
  const folder = await DownloadFolder.claim(output);
  let result: FilesImportResult;
  try {
    result = await importLists(await pinnedLists(endpoint, options.regions, deps), names, folder, deps);
    writeBook(output, result.rates, force);
  } catch (e) {
    throw explained(e, output, folder);
  } finally {
    progress.end();
  }
  folder.remove();
  return result;
}

/** The current lists. A mirror may lack the one offer that prices no model: that is reported and fails nothing. */
async function pinnedLists(endpoint: string, regions: readonly string[], { network, progress }: RefreshDeps): Promise<readonly PinnedList[]> {
  const offers = new Map<string, OfferLists>();
  for (const offer of BEDROCK_OFFERS) {
    try {
      const text = await withRetries(() => downloadText(regionIndexUrl(endpoint, offer), network), network, (note) => progress.line(note));
      offers.set(offer, listsIn(text, offer, endpoint));
    } catch (e) {
      if (!(e instanceof FetchError && NOT_THERE.includes(e.status ?? 0) && offer === AGENT_CORE_OFFER)) throw e;
      progress.line(`skipped, because ${endpoint} has no list of ${offer}: the book will hold no price of managed knowledge bases`);
    }
  }
  const { lists, notes } = planOf(offers, regions);
  notes.forEach((note) => progress.line(note));
  return lists;
}

/**
 * Fetches and reads the lists, one after the other: AWS's are many small files, and one connection is kept for all of them.
 * Each is read as soon as it is there, so that no list that was altered on its way waits for the next run.
 */
async function importLists(lists: readonly PinnedList[], names: NameMap, folder: DownloadFolder, deps: RefreshDeps): Promise<FilesImportResult> {
  folder.keepOnly(lists.map(({ fileName }) => fileName));
  const { progress } = deps;
  const all = new PinnedImport(names);
  for (const [i, list] of lists.entries()) {
    const path = folder.pathOf(list.fileName);
    const name = `${i + 1}/${lists.length} ${list.offer} ${list.region}`;
    if (existsSync(path) && await isAddedFromBefore(list, path, name, all, progress)) continue;
    await download(list, path, name, deps);
    await all.add(list, path);
  }
  return all.result();
}

/** A whole file of an earlier run is used, unless something is wrong with it: then it is as if it were not there. */
async function isAddedFromBefore(list: PinnedList, path: string, name: string, all: PinnedImport, progress: Progress): Promise<boolean> {
  const size = megabytes(statSync(path).size);
  try {
    await all.add(list, path);
    progress.step(`${name}: ${size}, there from an earlier run`);
    return true;
  } catch (e) {
    if (!(e instanceof InputError)) throw e;
    progress.line(`${name}: fetched again, because what is there from an earlier run is wrong: ${e.message.split('\n')[0]}`);
    return false;
  }
}

async function download({ url }: PinnedList, path: string, name: string, { network, progress }: RefreshDeps): Promise<void> {
  await withRetries(() => downloadFile(url, path, network, (size, length) => {
    progress.state(`${name}: ${megabytes(size)}${length === undefined ? '' : ` of ${megabytes(length)}`}`);
  }), network, (note) => progress.line(note));
  progress.step(`${name}: ${megabytes(statSync(path).size)}`);
}

/** Says with the error what became of the files. */
function explained(e: unknown, output: string, folder: DownloadFolder): unknown {
  const isKept = folder.leave();
  if (!(e instanceof InputError || e instanceof FileError)) return e;
  const fate = existsSync(output) ? `${output} is as it was` : `${output} has not been written`;
  return new InputError(e.message, fate, ...(isKept ? [`kept: ${folder.path}, where the next run goes on`] : []));
}
