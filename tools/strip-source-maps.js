// Takes the inline source maps out of lib/: they are more than a third of the package, and of what every synth reads.
const { readdirSync, readFileSync, writeFileSync } = require('fs');
const { join } = require('path');

const lib = join(__dirname, '../lib');
for (const name of readdirSync(lib, { recursive: true })) {
  if (!name.endsWith('.js')) continue;
  const path = join(lib, name);
  const text = readFileSync(path, 'utf8');
  const stripped = text.replace(/^\/\/# sourceMappingURL=data:.*\n?/gm, '');
  if (stripped !== text) writeFileSync(path, stripped);
}
