// Leaves in lib/ what a user's app can load, and nothing else:
// - the code of the Lambda functions and of the command line is bundled into assets/, so its files would be in the package twice;
// - inline source maps are more than a third of the package, and of what every synth reads.
const { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('fs');
const { dirname, join } = require('path');

const lib = join(__dirname, '../lib');

/** The files that index.js and index.d.ts reach, without their extensions. */
function reachable(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const extension of ['.js', '.d.ts']) {
    if (!existsSync(entry + extension)) continue;
    const text = readFileSync(entry + extension, 'utf8');
    for (const [, name] of text.matchAll(/(?:require\(|from |import\()\s*['"](\.[^'"]*)['"]/g)) {
      const target = join(dirname(entry), name.replace(/\.js$/, ''));
      if (existsSync(`${target}.js`) || existsSync(`${target}.d.ts`)) reachable(target, found);
    }
  }
  return found;
}

const kept = reachable(join(lib, 'index'));
for (const name of readdirSync(lib, { recursive: true })) {
  const path = join(lib, name);
  if (!/\.(js|d\.ts)$/.test(name)) continue;
  if (!kept.has(path.replace(/\.(js|d\.ts)$/, ''))) rmSync(path);
  else if (name.endsWith('.js')) {
    const text = readFileSync(path, 'utf8');
    const stripped = text.replace(/^\/\/# sourceMappingURL=data:.*\n?/gm, '');
    if (stripped !== text) writeFileSync(path, stripped);
  }
}
