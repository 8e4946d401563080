import { isAbsolute, relative, resolve, sep } from 'path';
import { SourceJson } from '../gate/report-json';

/** The folder of this library: in a checkout it does not lie in node_modules, but its frames are never the user's. */
const OWN_FOLDER = resolve(__dirname, '..') + sep;

/**
 * Where in the user's code a construct is being made: the first frame outside this library and outside node_modules,
 * relative to the working folder; undefined when there is none (as in an app of another language).
 */
export function callerLocation(): SourceJson | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const frame = parseFrame(line);
    if (frame && !frame.file.startsWith(OWN_FOLDER) && !frame.file.includes(`${sep}node_modules${sep}`)) {
      return { file: relative(process.cwd(), frame.file).split(sep).join('/'), line: frame.line };
    }
  }
  return undefined;
}

/** `    at new Foo (/app/lib/foo.ts:12:5)` or `    at /app/lib/foo.ts:12:5` */
function parseFrame(line: string): SourceJson | undefined {
  const match = /^\s*at (?:.*\()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/.exec(line);
  return match && isAbsolute(match[1]) ? { file: match[1], line: Number(match[2]) } : undefined;
}
