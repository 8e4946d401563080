import { BatchSettings, InputLocation, PlanAnswer, PlanCall, Run, RunRequest, RunSummary } from './contract';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { InputFile, invalidInput, slicesOf } from './slices';
import { AT_A_TIME, Store } from './store';
import { hash } from '../shared/hash';
import { mapInPool } from '../shared/pool';

/**
 * Chooses the folder of the run, and splits the input into slices.
 *
 * EventBridge delivers events at least once: of two executions for one request, only the first runs records. The slices are written
 * once, so that a repeated call, or a restarted execution, continues with the same files.
 */
export async function plan(services: BatchServices, { settings, execution, request }: PlanCall): Promise<PlanAnswer> {
  const { output } = settings;
  const asked = checkedRequest(request);
  const machine = execution.id.slice(0, execution.id.lastIndexOf(':'));
  const requestHash = asked.requestId === undefined ? hash(execution.id) : hash(machine, asked.requestId);
  const id = `${execution.startTime.replace(/\.\d+/, '').replace(/:/g, '')}-${requestHash.slice(0, 12)}`;
  const run = { id, folder: `${output.prefix}${id}/`, cause: '' };
  const store = services.store(output.bucket);
  if (asked.requestId !== undefined) {
    const claim = { execution: execution.id, id: run.id, folder: run.folder };
    const first = await firstClaim(store, `${output.prefix}requests/${requestHash}.json`, claim);
    if (first.execution !== execution.id) return otherRun(store, asked, first);
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

interface Claim extends Run {
  readonly execution: string;
}

/** The claim of the first execution: this one's, or an existing one. */
async function firstClaim(store: Store, key: string, ours: Claim): Promise<Claim> {
  return await store.writeNew(key, JSON.stringify(ours)) ? ours : store.readExisting<Claim>(key);
}

/** The answer to an execution whose request another one has claimed. It fails unless that one has succeeded, since its caller waits for results. */
async function otherRun(store: Store, { requestId, isEvent }: RunRequest, { execution, id, folder }: Claim): Promise<PlanAnswer> {
  const summary = await store.readJson<RunSummary>(new RunFolder(folder).summary);
  if (isEvent || summary?.outcome === 'succeeded') return { id, folder, decision: 'done', cause: '' };
  const cause = `${execution} has the same requestId, ${JSON.stringify(requestId)}, and has not succeeded. Redrive it, or give another requestId.`;
  return { id, folder, decision: 'refuse', cause };
}

function checkedRequest(request: RunRequest): RunRequest {
  const { inputKey, inputPrefix, sequencer, isEvent } = request;
  const requestId = request.requestId ?? (sequencer === undefined ? undefined : `${inputKey} ${sequencer}`);
  for (const [name, value] of Object.entries({ requestId, inputKey, inputPrefix })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) {
      throw invalidInput(`${name} of the execution's input must be a text that is not empty, got ${JSON.stringify(value)}.`);
    }
  }
  if (inputKey !== undefined && inputPrefix !== undefined) throw invalidInput('The execution\'s input has both inputKey and inputPrefix. Set one of the two.');
  return { requestId, inputKey, inputPrefix, isEvent: isEvent === true };
}

/** The input of the execution, which must be in the folder that the construct can read. */
function inputOf(input: InputLocation, { inputKey, inputPrefix }: RunRequest): InputLocation {
  const path = inputKey ?? inputPrefix;
  if (path === undefined) return input;
  if (input.kind !== 'folder' || !path.startsWith(input.path)) {
    const allowed = input.kind === 'folder' ? `begin with ${JSON.stringify(input.path)}` : `be left out, since this batch reads ${JSON.stringify(input.path)}`;
    throw invalidInput(`${inputKey === undefined ? 'inputPrefix' : 'inputKey'} of the execution's input must ${allowed}, got ${JSON.stringify(path)}.`);
  }
  return { bucket: input.bucket, kind: inputKey === undefined ? 'folder' : 'file', path };
}

async function filesOf(store: Store, place: InputLocation, settings: BatchSettings): Promise<InputFile[]> {
  const isInput = ({ key, size }: InputFile) => size > 0 && !isOurs(key, place, settings);
  if (place.kind === 'file') return [await existing(store, place.path)].filter(isInput);
  if (place.kind === 'manifest') return manifestOf(store, place.path);
  const files: InputFile[] = [];
  for await (const file of store.list(place.path)) if (isInput(file)) files.push(file);
  return files;
}

const RUN_FOLDER = '\\d{4}-\\d{2}-\\d{2}T\\d{6}Z-[0-9a-f]{12}';
/** The working files of runs in any folder. Their parts contain records, which would be billed again. */
const STEPS = new RegExp(`(?:^|/)${RUN_FOLDER}/steps/`);
/** The output of runs of this batch, whose folder may be in the folder of the input. */
const OF_A_RUN = new RegExp(`^(?:${RUN_FOLDER}/|requests/[0-9a-f]{64}\\.json$)`);

function isOurs(key: string, place: InputLocation, { output }: BatchSettings): boolean {
  return STEPS.test(key) || (place.bucket === output.bucket && key.startsWith(output.prefix) && OF_A_RUN.test(key.slice(output.prefix.length)));
}

/** The files of a manifest, in the order of the run: `["in/monday.jsonl", "s3://bucket/in/tuesday.jsonl"]`. */
async function manifestOf(store: Store, key: string): Promise<InputFile[]> {
  const content = await store.read(key);
  if (content === undefined) throw notThere(store, key);
  const listed = parse(content.toString());
  if (!Array.isArray(listed)) throw invalidInput(`The manifest s3://${store.bucket}/${key} must be a JSON array of keys, such as ["in/monday.jsonl"].`);
  const keys = listed.map((entry: unknown, i) => keyOf(entry, i, store.bucket));
  const seen = new Set<string>();
  const repeated = keys.find((entry) => seen.size === seen.add(entry).size);
  if (repeated !== undefined) throw invalidInput(`The manifest must name each file once, since its records are billed each time, got ${JSON.stringify(repeated)} twice.`);
  return (await mapInPool(keys, AT_A_TIME, (entry) => existing(store, entry))).filter(({ size }) => size > 0);
}

function keyOf(entry: unknown, index: number, bucket: string): string {
  if (typeof entry !== 'string' || entry === '') throw invalidInput(`entry ${index} of the manifest must be a key or an s3:// URI, got ${JSON.stringify(entry)}.`);
  const [, named, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(entry) ?? [];
  if (named !== undefined && named !== bucket) throw invalidInput(`entry ${index} of the manifest must be a file of the bucket ${bucket}, got ${JSON.stringify(entry)}.`);
  return key ?? entry;
}

async function existing(store: Store, key: string): Promise<InputFile> {
  const file = await store.find(key);
  if (file === undefined) throw notThere(store, key);
  return file;
}

function notThere(store: Store, key: string): Error {
  return invalidInput(`s3://${store.bucket}/${key} does not exist.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
