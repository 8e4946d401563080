// Compares the public API that was built with the one of api/baseline.json, and fails for a change that breaks its users.
//   node tools/compat.js           compares
//   node tools/compat.js --accept  makes the built API the baseline
// The baseline is a jsii assembly without texts, a member a line, so that its diff shows what a commit changes for users.
const { spawnSync } = require('child_process');
const { mkdirSync, readFileSync, writeFileSync } = require('fs');
const { dirname, join } = require('path');
const { gunzipSync } = require('zlib');

const ROOT = join(__dirname, '..');
const BASELINE = join(ROOT, 'api/baseline.json');
/** jsii-diff loads assemblies from the folders of packages. */
const FOLDER = join(ROOT, '.tmp/compat');

/** Parts of an assembly that no comparison reads. */
const TEXTS = ['docs', 'locationInModule', 'symbolId', 'assembly'];
/** Lists of members, which are written a member a line. */
const MEMBERS = ['members', 'methods', 'properties'];
/** Of the texts, those that a comparison reads. */
const MARKS = ['stability', 'deprecated', 'subclassable'];

/** Types or members without their texts; a mark that is not the package's own stability is kept. */
function withoutTexts(value, stability) {
  if (Array.isArray(value)) return value.map((element) => withoutTexts(element, stability));
  if (typeof value !== 'object' || value === null) return value;
  const marks = Object.entries(value.docs ?? {}).filter(([key, mark]) => MARKS.includes(key) && mark !== stability);
  const kept = Object.entries(value).filter(([key]) => !TEXTS.includes(key)).map(([key, inner]) => [key, withoutTexts(inner, stability)]);
  return Object.fromEntries(marks.length > 0 ? [...kept, ['docs', Object.fromEntries(marks)]] : kept);
}

/** A type or member, and the members in it, with the stability that withoutTexts left out. */
function withStability(declaration, stability) {
  const inner = Object.entries(declaration).filter(([name]) => [...MEMBERS, 'initializer'].includes(name))
    .map(([name, value]) => [name, Array.isArray(value) ? value.map((member) => withStability(member, stability)) : withStability(value, stability)]);
  return { ...declaration, ...Object.fromEntries(inner), docs: { stability, ...declaration.docs } };
}

/** JSON with the members of types on lines of their own. */
function print({ stability, types }) {
  const list = (name, members) => `      ${JSON.stringify(name)}: [\n${members.map((member) => `        ${JSON.stringify(member)}`).join(',\n')}\n      ]`;
  const field = (name, value) => MEMBERS.includes(name) ? list(name, value) : `      ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const type = ([fqn, declaration]) => `    ${JSON.stringify(fqn)}: {\n${Object.entries(declaration).map(([name, value]) => field(name, value)).join(',\n')}\n    }`;
  return `{\n  "stability": ${JSON.stringify(stability)},\n  "types": {\n${Object.entries(types).sort(([a], [b]) => a < b ? -1 : 1).map(type).join(',\n')}\n  }\n}\n`;
}

/** The baseline as a package that jsii-diff reads. */
function unpack({ stability, types }, built) {
  const declarations = Object.entries(types)
    .map(([fqn, declaration]) => [fqn, { ...withStability(declaration, stability), assembly: built.name, fqn, name: fqn.split('.').at(-1) }]);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, '.jsii'), JSON.stringify({ ...built, docs: { stability }, types: Object.fromEntries(declarations) }));
  writeFileSync(join(FOLDER, 'package.json'), readFileSync(join(ROOT, 'package.json')));
}

const { readme, ...built } = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))));

if (process.argv.includes('--accept')) {
  const { stability } = built.docs;
  mkdirSync(dirname(BASELINE), { recursive: true });
  writeFileSync(BASELINE, print({ stability, types: withoutTexts(built.types, stability) }));
  console.log('api/baseline.json is the built API now. Commit it with the change; `!` marks the type of a commit that breaks users.');
} else {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8'));
  unpack(baseline, built);
  // By default, jsii-diff only warns of experimental APIs: here a change that breaks users fails until it is accepted.
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin/jsii-diff'), [
    FOLDER, ROOT, '--default-stability=experimental', '--error-on=all',
  ], { stdio: 'inherit', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' } });
  if (status === 0) console.log(`The API is compatible with api/baseline.json (${Object.keys(baseline.types).length} types).`);
  else console.error('These changes break users. If they are intended, run: npm run compat:accept');
  process.exitCode = status ?? 1;
}
