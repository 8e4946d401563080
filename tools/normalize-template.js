/**
 * A template without what a refactoring may change. Ignored, and nothing else:
 * - hashes of assets, wherever they are in a text: 64 hexadecimal digits (the bundle of a function changes with every line of it);
 * - `Metadata`: paths of constructs and of assets, acknowledgements of cdk-nag;
 * - the resource `CDKMetadata` and its condition: a list of the constructs that were used.
 */
function normalizeTemplate({ Resources, Conditions, ...template }) {
  const without = (entries, names) => Object.fromEntries(Object.entries(entries ?? {}).filter(([name]) => !names.includes(name)));
  return normalizeValue({
    ...template,
    Resources: without(Resources, ['CDKMetadata']),
    Conditions: without(Conditions, ['CDKMetadataAvailable']),
  });
}

function normalizeValue(value) {
  if (typeof value === 'string') return value.replace(/\b[0-9a-f]{64}\b/g, 'HASH');
  if (Array.isArray(value)) return value.map(normalizeValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'Metadata').map(([key, inner]) => [normalizeValue(key), normalizeValue(inner)]));
}

module.exports = { normalizeTemplate };
