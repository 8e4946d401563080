// Leaves in lib/ what a user's app can load, and nothing else:
// - the code of the Lambda functions and of the command line is bundled into assets/, so its files would be in the package twice;
// - inline source maps are more than a third of the package, and of what every synth reads.
// And it lets index.js load a module when its first export is used, as aws-cdk-lib does: an app with a profile alone need not
// load batch inference and Step Functions. No module of the library has an effect when it is loaded (test/architecture.test.ts).
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

const REEXPORT = /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\1; \} \}\);\n$/;

/**
 * The compiled re-exports, each with its `require` in the getter. The name is no literal in `defineProperty`: Node finds the named
 * exports for ES modules by `exports.Name = void 0` then, and would drop a getter that it does not know.
 */
function lazily(text) {
  const modules = new Map([...text.matchAll(/^var (\w+) = require\("([^"]+)"\);$/gm)].map(([, name, module]) => [name, module]));
  const [head, ...exported] = text.split(/^(?=var |Object\.defineProperty\(exports, (?!"__esModule"))/m);
  const getters = exported.filter((line) => !line.startsWith('var ')).map((line) => {
    const [, name, module] = REEXPORT.exec(line) ?? [];
    if (!modules.has(module)) throw new Error(`index.js has an export that is not a plain re-export: ${line}`);
    return `lazy("${name}", () => require("${modules.get(module)}"));\n`;
  });
  return `${head}const lazy = (name, load) => Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });\n${getters.join('')}`;
}

const index = join(lib, 'index.js');
writeFileSync(index, lazily(readFileSync(index, 'utf8')));
