import { existsSync, statSync } from 'fs';
import { InputError } from '../io';
import { Deadline } from './deadline';
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
import { FileError } from '../../files/text-file';
import { NameMap } from '../../price-list/listed-sku';
import { AGENT_CORE_OFFER, BEDROCK_OFFERS } from '../../price-list/price-list-file';

/** Status codes for a file that does not exist; AWS answers 403. */
const NOT_THERE: readonly number[] = [403, 404];

export interface RefreshOptions {
  readonly endpoint: string;
  /** Empty for all. */
  readonly regions: readonly string[];
  readonly output: string;
  /** Overwrites a file that is not a price book, or a price book with far more rates. */
  readonly force: boolean;
  /** Model ids of names that the importer does not know. */
  readonly names?: NameMap;
}

export interface RefreshDeps {
  readonly network: Network;
  readonly progress: Progress;
}

/** A run of the command. Its downloads share one deadline. */
interface Run extends RefreshDeps {
  readonly deadline: Deadline;
}

/**
 * Makes a price book from the current price lists of AWS. The output is written once, at the end.
 *
 * @throws InputError with the place and the found value; the output is then unchanged
 */
export async function refresh(options: RefreshOptions, deps: RefreshDeps): Promise<FilesImportResult> {
  const { output, force, names = {} } = options;
  const { progress } = deps;
  const endpoint = endpointOf(options.endpoint);
  checkTarget(output, force);
  const folder = await DownloadFolder.claim(output);
  let result: FilesImportResult;
  try {
    const run = { ...deps, deadline: Deadline.of(deps.network.totalMs) };
    result = await importLists(await pinnedLists(endpoint, options.regions, run), names, folder, run);
    writeBook(output, result.rates, force);
  } catch (e) {
    throw explained(e, output, folder);
  } finally {
    progress.end();
  }
  folder.remove();
  return result;
}

/** Returns the current lists. A mirror may lack the offer of AgentCore, which prices no model: this is reported and is not an error. */
async function pinnedLists(endpoint: string, regions: readonly string[], run: Run): Promise<readonly PinnedList[]> {
  const { progress } = run;
  const offers = new Map<string, OfferLists>();
  for (const offer of BEDROCK_OFFERS) {
    try {
      const text = await inTime(run, (deadline) => downloadText(regionIndexUrl(endpoint, offer), run.network, deadline));
      offers.set(offer, listsIn(text, offer, endpoint));
    } catch (e) {
      if (!(e instanceof FetchError && NOT_THERE.includes(e.status ?? 0) && offer === AGENT_CORE_OFFER)) throw e;
      progress.line(`${endpoint} has no list of ${offer}. The book will have no price of managed knowledge bases.`);
    }
  }
  const { lists, notes } = planOf(offers, regions);
  notes.forEach((note) => progress.line(note));
  return lists;
}

/**
 * Downloads and reads the lists in sequence, over one connection, since AWS's lists are many small files.
 * Each list is read immediately after its download, so an altered list is found in this run and not in the next one.
 */
async function importLists(lists: readonly PinnedList[], names: NameMap, folder: DownloadFolder, run: Run): Promise<FilesImportResult> {
  folder.keepOnly(lists.map(({ fileName }) => fileName));
  const { progress } = run;
  const all = new PinnedImport(names);
  for (const [i, list] of lists.entries()) {
    const path = folder.pathOf(list.fileName);
    const name = `${i + 1}/${lists.length} ${list.offer} ${list.region}`;
    if (existsSync(path) && await isAddedFromBefore(list, path, name, all, progress)) continue;
    await download(list, path, name, run);
    await all.add(list, path);
  }
  return all.result();
}

/** Imports a complete file of an earlier run. Returns false if the file is invalid; it is then downloaded again. */
async function isAddedFromBefore(list: PinnedList, path: string, name: string, all: PinnedImport, progress: Progress): Promise<boolean> {
  const size = megabytes(statSync(path).size);
  try {
    await all.add(list, path);
    progress.step(`${name}: ${size}, from an earlier run`);
    return true;
  } catch (e) {
    if (!(e instanceof InputError)) throw e;
    progress.line(`${name}: downloaded again, since the file of an earlier run is not valid: ${e.message.split('\n')[0]}`);
    return false;
  }
}

async function download({ url }: PinnedList, path: string, name: string, run: Run): Promise<void> {
  const { network, progress } = run;
  const show = (size: number, length?: number) => progress.state(`${name}: ${megabytes(size)}${length === undefined ? '' : ` of ${megabytes(length)}`}`);
  await inTime(run, (deadline) => downloadFile(path, { url, network, deadline, progress: show }));
  progress.step(`${name}: ${megabytes(statSync(path).size)}`);
}

/** Runs a download. It is repeated before its deadline if another attempt may help. */
function inTime<T>({ network, progress, deadline: ofRun }: Run, attempt: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = ofRun.ofDownload();
  return withRetries(() => attempt(deadline), network, (note) => progress.line(note), deadline);
}

/** Adds the state of the files to an error. */
function explained(e: unknown, output: string, folder: DownloadFolder): unknown {
  const isKept = folder.leave();
  if (!(e instanceof InputError || e instanceof FileError)) return e;
  const fate = existsSync(output) ? `${output} is unchanged.` : `${output} was not written.`;
  return new InputError(e.message, fate, ...(isKept ? [`${folder.path} keeps the downloads, which the next run continues.`] : []));
}
