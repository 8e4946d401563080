import { createHash } from 'node:crypto';
import { RunFolder } from './run-folder';
import { BatchServices } from './services.lambda';
import { InputFile, invalidInput, slicesOf } from './slices';
import { AT_A_TIME, Store } from './store.lambda';
import { BatchInput, BatchSettings, PlanAnswer, PlanCall, RunRequest } from '../batch-inference.contract';
import { mapInPool } from '../pool';

/**
 * Gives the run its folder, and cuts the input into slices.
 *
 * EventBridge delivers at least once: of two executions for one request only the first runs anything. The slices are
 * written once, so that a repeated call, or a restarted execution, goes on with the same files.
 */
export async function plan(services: BatchServices, { settings, execution, request }: PlanCall): Promise<PlanAnswer> {
  const { output } = settings;
  const asked = checkedRequest(request);
  const requestHash = hashOf(asked.requestId === undefined ? execution.id : `${settings.resource}\n${asked.requestId}`);
  const id = `${execution.startTime.replace(/\.\d+/, '').replace(/:/g, '')}-${requestHash.slice(0, 12)}`;
  const run = { id, folder: `${output.prefix}${id}/` };
  const store = services.store(output.bucket);
  if (asked.requestId !== undefined && !await claim(store, `${output.prefix}requests/${requestHash}.json`, { execution: execution.id, ...run })) {
    return { ...run, decision: 'duplicate' };
  }
  const place = inputOf(settings.input, asked);
  const files = await filesOf(services.store(place.bucket), place, settings);
  const slices = slicesOf(files, settings.prompts?.format === 'csv');
  const key = new RunFolder(run.folder).slices;
  if (!await store.writeNew(key, JSON.stringify(slices))) {
    return { ...run, decision: (await store.readExisting<object[]>(key)).length > 0 ? 'split' : 'empty' };
  }
  return { ...run, decision: slices.length > 0 ? 'split' : 'empty' };
}

/** True for the execution that came first, also when it asks again. */
async function claim(store: Store, key: string, mine: { readonly execution: string }): Promise<boolean> {
  if (await store.writeNew(key, JSON.stringify(mine))) return true;
  const { execution } = await store.readExisting<{ execution: string }>(key);
  return execution === mine.execution;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checkedRequest(request: RunRequest): RunRequest {
  const { requestId, inputKey, inputPrefix } = request;
  for (const [name, value] of Object.entries({ requestId, inputKey, inputPrefix })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw invalidInput(`${name} of the execution's input is ${JSON.stringify(value)}; expected a text that is not empty`);
    }
  }
  if (inputKey !== undefined && inputPrefix !== undefined) throw invalidInput('the execution\'s input has both inputKey and inputPrefix; expected one of them');
  return { requestId, inputKey, inputPrefix };
}

/** What the execution was asked to run, which lies within what the construct may read. */
function inputOf(input: BatchInput, { inputKey, inputPrefix }: RunRequest): BatchInput {
  const path = inputKey ?? inputPrefix;
  if (path === undefined) return input;
  if (input.kind !== 'folder' || !path.startsWith(input.path)) {
    const allowed = input.kind === 'folder' ? `a key that begins with ${JSON.stringify(input.path)}` : `nothing: this batch reads ${JSON.stringify(input.path)}`;
    throw invalidInput(`${inputKey === undefined ? 'inputPrefix' : 'inputKey'} of the execution's input is ${JSON.stringify(path)}; expected ${allowed}`);
  }
  return { bucket: input.bucket, kind: inputKey === undefined ? 'folder' : 'file', path };
}

async function filesOf(store: Store, place: BatchInput, settings: BatchSettings): Promise<InputFile[]> {
  if (place.kind === 'file') return [await existing(store, place.path)].filter(({ size }) => size > 0);
  if (place.kind === 'manifest') return manifestOf(store, place.path);
  const files: InputFile[] = [];
  for await (const file of store.list(place.path)) if (file.size > 0 && !isOurs(file.key, place, settings)) files.push(file);
  return files;
}

/** What runs have left, where their folder lies within the folder of the input. */
const OF_A_RUN = /^(?:\d{4}-\d{2}-\d{2}T\d{6}Z-[0-9a-f]{12}|requests)\//;

function isOurs(key: string, place: BatchInput, { output }: BatchSettings): boolean {
  return place.bucket === output.bucket && key.startsWith(output.prefix) && OF_A_RUN.test(key.slice(output.prefix.length));
}

/** `["in/monday.jsonl", "s3://bucket/in/tuesday.jsonl"]`, in the order in which they are to be run. */
async function manifestOf(store: Store, key: string): Promise<InputFile[]> {
  const content = await store.read(key);
  if (content === undefined) throw notThere(store, key);
  const listed = parse(content.toString());
  if (!Array.isArray(listed)) throw invalidInput(`the manifest s3://${store.bucket}/${key} is no JSON array of keys, such as ["in/monday.jsonl"]`);
  const keys = listed.map((entry: unknown, i) => keyOf(entry, i, store.bucket));
  const repeated = keys.find((entry, i) => keys.indexOf(entry) !== i);
  if (repeated !== undefined) throw invalidInput(`the manifest names ${JSON.stringify(repeated)} twice: its records would be paid twice`);
  return (await mapInPool(keys, AT_A_TIME, (entry) => existing(store, entry))).filter(({ size }) => size > 0);
}

function keyOf(entry: unknown, index: number, bucket: string): string {
  if (typeof entry !== 'string' || entry === '') throw invalidInput(`entry ${index} of the manifest is ${JSON.stringify(entry)}; expected a key or an s3:// URI`);
  const [, named, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(entry) ?? [];
  if (named !== undefined && named !== bucket) throw invalidInput(`entry ${index} of the manifest is ${JSON.stringify(entry)}; expected a file of the bucket ${bucket}`);
  return key ?? entry;
}

async function existing(store: Store, key: string): Promise<InputFile> {
  const file = await store.find(key);
  if (file === undefined) throw notThere(store, key);
  return file;
}

function notThere(store: Store, key: string): Error {
  return invalidInput(`there is no s3://${store.bucket}/${key}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
