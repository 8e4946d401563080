import { existsSync, statSync } from 'fs';
import { InputError } from '../io';
import { downloadFile, downloadText } from './download';
import { endpointOf } from './endpoint';
import { DownloadFolder } from './folder';
import { FilesImportResult } from './import-files';
import { listsIn, OfferLists, PinnedList, planOf, regionIndexUrl } from './offers';
import { DownloadedList, importPinnedLists } from './pinned';
import { megabytes, Progress } from './progress';
import { Network, withRetries } from './retry';
import { checkTarget, writeBook } from './target';
import { BEDROCK_OFFERS } from '../../price-list/price-list-file';

export interface RefreshOptions {
  readonly endpoint: string;
  /** None for all. */
  readonly regions: readonly string[];
  readonly output: string;
  /** Overwrites what is not a price book, or is one with far more rates. */
  readonly force: boolean;
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
  const { output, force } = options;
  const { progress } = deps;
  const endpoint = endpointOf(options.endpoint);
  checkTarget(output, force);
  const folder = await DownloadFolder.claim(output);
  let result: FilesImportResult;
  try {
    const lists = await download(await pinnedLists(endpoint, options.regions, deps), folder, deps);
    result = await importPinnedLists(lists, (text) => progress.state(text));
    writeBook(output, result.rates, force);
  } catch (e) {
    throw explained(e, output, folder);
  } finally {
    progress.end();
  }
  folder.remove();
  return result;
}

async function pinnedLists(endpoint: string, regions: readonly string[], { network, progress }: RefreshDeps): Promise<readonly PinnedList[]> {
  const offers = new Map<string, OfferLists>();
  for (const offer of BEDROCK_OFFERS) {
    const text = await withRetries(() => downloadText(regionIndexUrl(endpoint, offer), network), network, (note) => progress.line(note));
    offers.set(offer, listsIn(text, offer, endpoint));
  }
  const { lists, notes } = planOf(offers, regions);
  notes.forEach((note) => progress.line(note));
  return lists;
}

/** One after the other: AWS's lists are many small files, and one connection is kept for all of them. */
async function download(lists: readonly PinnedList[], folder: DownloadFolder, { network, progress }: RefreshDeps): Promise<DownloadedList[]> {
  folder.keepOnly(lists.map(({ fileName }) => fileName));
  const downloaded: DownloadedList[] = [];
  for (const [i, list] of lists.entries()) {
    const path = folder.pathOf(list.fileName);
    const name = `${i + 1}/${lists.length} ${list.offer} ${list.region}`;
    const isThere = existsSync(path);
    if (!isThere) {
      await withRetries(() => downloadFile(list.url, path, network, (size, length) => {
        progress.state(`${name}: ${megabytes(size)}${length === undefined ? '' : ` of ${megabytes(length)}`}`);
      }), network, (note) => progress.line(note));
    }
    progress.step(`${name}: ${megabytes(statSync(path).size)}${isThere ? ', there from an earlier run' : ''}`);
    downloaded.push({ ...list, path });
  }
  return downloaded;
}

/** Says with the error what became of the files. */
function explained(e: unknown, output: string, folder: DownloadFolder): unknown {
  const isKept = folder.leave();
  if (!(e instanceof InputError)) return e;
  const fate = existsSync(output) ? `${output} is as it was` : `${output} has not been written`;
  return new InputError(e.message, fate, ...(isKept ? [`kept: ${folder.path}, where the next run goes on`] : []));
}
