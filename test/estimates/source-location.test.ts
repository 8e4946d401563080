import { relative } from 'path';
import { callerLocation } from '../../src/estimates/source-location';

const THIS_FILE = relative(process.cwd(), __filename);
const { prepareStackTrace, stackTraceLimit } = Error;

afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
});

const formatted = (line: number): typeof Error.prepareStackTrace => (error, sites) =>
  [String(error), ...sites.map((site) => `    at user (${site.getFileName()}:${line}:1)`)].join('\n');

/** The function that newer versions of Node.js set by default. */
function ErrorPrepareStackTrace(): never {
  throw new Error('the text of the frames is not needed');
}

test('the line of the first frame outside the library, relative to the working folder', () => {
  expect(callerLocation()).toEqual({ file: THIS_FILE, line: 20 });
});

test.each([
  ['no function', undefined],
  ['the function of Node.js', ErrorPrepareStackTrace],
])('with %s that makes the text of frames, the frames themselves are read', (_, prepare) => {
  if (prepare) Error.prepareStackTrace = prepare;
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
  const location = callerLocation();
  expect(Error.prepareStackTrace).toBe(prepare);
  expect(location).toEqual({ file: THIS_FILE, line: expect.any(Number) });
});

test('with a function that maps compiled lines, such as the one of ts-node, the line is the mapped one', () => {
  Error.prepareStackTrace = formatted(4711);
  expect(callerLocation()).toEqual({ file: THIS_FILE, line: 4711 });
});

test('with --enable-source-maps, the line is the mapped one, although the function is that of Node.js', () => {
  const before = Object.getOwnPropertyDescriptor(process, 'sourceMapsEnabled')!;
  Object.defineProperty(process, 'sourceMapsEnabled', { value: true, configurable: true });
  Error.prepareStackTrace = Object.defineProperty(formatted(42)!, 'name', { value: 'ErrorPrepareStackTrace' });
  const location = callerLocation();
  Object.defineProperty(process, 'sourceMapsEnabled', before);
  expect(location).toEqual({ file: THIS_FILE, line: 42 });
});

test('the settings of stack traces stay as they are', () => {
  callerLocation();
  expect([Error.prepareStackTrace, Error.stackTraceLimit]).toEqual([prepareStackTrace, stackTraceLimit]);
});

test('none in an app of another language, whose frames are those of the jsii kernel', () => {
  process.env.JSII_AGENT = 'Python/3.12';
  const location = callerLocation();
  delete process.env.JSII_AGENT;
  expect(location).toBeUndefined();
});
