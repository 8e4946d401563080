import { isAbsolute, relative, resolve, sep } from 'path';
import { SourceJson } from '../cost-report/report-json';

/** The folder of this library: in a checkout it does not lie in node_modules, but its frames are never the user's. */
const OWN_FOLDER = resolve(__dirname, '..') + sep;
const DEPENDENCIES = `${sep}node_modules${sep}`;
const FRAMES = 50;
/** The name of the function that newer versions of Node.js set as `Error.prepareStackTrace`. It maps no lines. */
const NODE_DEFAULT = 'ErrorPrepareStackTrace';

/**
 * The line of the user's code that creates a construct: the first frame outside this library and outside node_modules, relative to the
 * working folder. Undefined in an app of another language: all its frames are those of the jsii kernel, which is in a folder with another
 * name each time, so that the report would differ each time.
 */
export function callerLocation(): SourceJson | undefined {
  if (process.env.JSII_AGENT) return undefined;
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  try {
    // If compiled lines are mapped to source lines, only the text of the frames has the source lines.
    return mapsLines(prepareStackTrace) ? fromText(new Error().stack ?? '') : fromCallSites();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** True with ts-node and the like, which set a function of their own, and with `node --enable-source-maps`. */
function mapsLines(prepareStackTrace: typeof Error.prepareStackTrace): boolean {
  return process.sourceMapsEnabled || (prepareStackTrace !== undefined && prepareStackTrace.name !== NODE_DEFAULT);
}

/** The quick way: no text is made of the frames. */
function fromCallSites(): SourceJson | undefined {
  Error.prepareStackTrace = (_, sites) => sites;
  for (const site of new Error().stack as unknown as NodeJS.CallSite[]) {
    const file = site.getFileName();
    if (file && isUsers(file)) return location(file, site.getLineNumber() ?? 0);
  }
  return undefined;
}

/** `    at new Foo (/app/lib/foo.ts:12:5)` or `    at /app/lib/foo.ts:12:5` */
function fromText(stack: string): SourceJson | undefined {
  for (const line of stack.split('\n')) {
    const match = /^\s*at (?:.*\()?(.+?):(\d+):\d+\)?$/.exec(line);
    if (match && isUsers(match[1])) return location(match[1], Number(match[2]));
  }
  return undefined;
}

function isUsers(file: string): boolean {
  const path = withoutScheme(file);
  return isAbsolute(path) && !path.startsWith(OWN_FOLDER) && !path.includes(DEPENDENCIES);
}

// A few files of an app create thousands of constructs.
const knownPaths = new Map<string, string>();

function location(file: string, line: number): SourceJson {
  const folder = process.cwd();
  const key = `${folder}:${file}`;
  let path = knownPaths.get(key);
  if (path === undefined) knownPaths.set(key, (path = relative(folder, withoutScheme(file)).split(sep).join('/')));
  return { file: path, line };
}

/** ES modules are named by URL. */
function withoutScheme(file: string): string {
  return file.startsWith('file://') ? decodeURI(file.slice('file://'.length)) : file;
}
