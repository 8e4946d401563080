import { oneLine, quotedText } from './sanitize';
import { Field } from '../pricing/billing-modes/field-table';
import { BILLING_MODES, hasModel } from '../pricing/workload';
import { constructPath } from '../unpriced/plain-template';
import { Usage } from '../unpriced/usages';
import { FoundWorkload, KNOWN_FROM, UsageField } from '../unpriced/workloads';

/**
 * Renders a workload for each use that the templates name, as a comment of a usage file. Volumes are empty, to be filled in: left empty,
 * they are refused by name.
 *
 * @param taken names of workloads of the file
 */
export function skeletonLines(usages: readonly Usage[], taken: Iterable<string>): string[] {
  const names = new Set(taken);
  return usages.flatMap((usage) => [
    // Twice the mark of a comment: it remains one when an editor removes the marks of all lines.
    `  ## ${oneLine(`${usage.path}: ${usage.kind}, ${usage.resourceType}`)}`,
    ...usage.workloads.flatMap((workload, i) => workloadLines(usage, workload, nameOf(usage, workload, i, names)).map((line) => `  # ${line}`)),
  ]);
}

/** The path of the construct for its first workload; a path below it for the others, as estimates below a construct have. */
function nameOf({ path, kind, workloads: [first] }: Usage, { type, model }: FoundWorkload, i: number, names: Set<string>): string {
  const construct = constructPath(path);
  const below = [...(type === first.type ? [] : [type]), model ?? type, kind, `${kind}/${model ?? type}`].map((part) => `${construct}/${part}`);
  const numbered = Array.from(names, (_, n) => `${construct}/${kind}/${n + 2}`);
  const name = [...(i === 0 ? [construct] : []), ...below, ...numbered].find((candidate) => !names.has(candidate)) ?? construct;
  names.add(name);
  return name;
}

function workloadLines({ modelIds, region }: Usage, { type, model, known, asked }: FoundWorkload, name: string): string[] {
  const fields = BILLING_MODES[type].fields.fields as { readonly [field in UsageField]?: Field };
  return [
    `- name: ${scalar(name)}`,
    `  type: ${type}`,
    ...(hasModel(type) ? [`  model: ${model === undefined ? `# ${unknownModel(modelIds)}` : scalar(model)}`] : []),
    `  region: ${region === null ? '# Known only at deployment.' : scalar(region)}`,
    ...asked.map((field) => `  ${field}: # ${oneLine(String(fields[field]?.schema.description))}`),
    ...Object.entries(known).map(([field, value]) => `  ${field}: ${knownText(field as UsageField, value)}`),
  ];
}

function unknownModel(patterns: readonly string[]): string {
  return oneLine(patterns.length === 0 ? 'The templates do not name it.' : `The templates name ${patterns.join(', ')}.`);
}

function knownText(field: UsageField, value: unknown): string {
  const source = KNOWN_FROM[field];
  return `${Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : scalar(value)}${source === undefined ? '' : ` # ${source}`}`;
}

/** A value of YAML on one line. JSON is YAML as well, and escapes all control characters. */
function scalar(value: unknown): string {
  const yaml: typeof import('yaml') = require('../../assets/vendor/yaml.js');
  const text = yaml.stringify(value, { lineWidth: 0 }).trimEnd();
  return oneLine(text) === text ? text : quotedText(value);
}
