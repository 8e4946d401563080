import { jsonValue, YamlTags, yamlValue } from '../input/yaml-value';

/** Tags of YAML templates, the short forms of CloudFormation's functions. */
const TAGS: YamlTags = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform']
    .map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Parses a template in JSON or YAML. Returns the value, or one text for each problem. */
export function parseTemplate(text: string): { readonly value: unknown } | { readonly problems: readonly string[] } {
  return /^\s*[{[]/.test(text) ? jsonValue(text) : yamlValue(text, [], TAGS);
}
