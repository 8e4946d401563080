import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What CloudFormation of the pinned emulator cannot make. The list is explicit, and the test fails when a template has
 * a type on it no longer or needs another one: nothing is left out of the test in silence.
 */
export const UNKNOWN_TYPES: { readonly [type: string]: (properties: any) => boolean } = {
  'AWS::Bedrock::ApplicationInferenceProfile': () => true,
  'AWS::Budgets::Budget': () => true,
  'AWS::Budgets::BudgetsAction': () => true,
  'AWS::CloudWatch::CompositeAlarm': () => true,
  // Alarms on one metric work; those on an expression do not.
  'AWS::CloudWatch::Alarm': ({ Metrics }) => Metrics !== undefined,
};

/** A type without properties that both AWS and the emulator make nothing of. */
const NOTHING = 'AWS::CloudFormation::WaitConditionHandle';

/** Replaces what the emulator does not know by nothing, in all templates of an assembly; says what it replaced. */
export function replaceUnknownTypes(assembly: string): string[] {
  return readdirSync(assembly).filter((file) => file.endsWith('.template.json')).flatMap((file) => {
    const path = join(assembly, file);
    const template = JSON.parse(readFileSync(path, 'utf8'));
    const unknown = Object.entries<any>(template.Resources).filter(([, { Type, Properties }]) => UNKNOWN_TYPES[Type]?.(Properties ?? {}));
    const ids = new Set(unknown.map(([id]) => id));
    for (const [id, { DependsOn }] of unknown) template.Resources[id] = { Type: NOTHING, DependsOn };
    writeFileSync(path, JSON.stringify(withoutAttributesOf(template, ids), undefined, 1));
    return unknown.map(([, { Type }]) => Type as string);
  });
}

/** `Fn::GetAtt` of a replaced resource becomes a text that says so. */
function withoutAttributesOf(value: any, ids: ReadonlySet<string>): any {
  if (Array.isArray(value)) return value.map((item) => withoutAttributesOf(item, ids));
  if (value === null || typeof value !== 'object') return value;
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute) && ids.has(attribute[0])) return `not-in-the-emulator-${attribute.join('-')}`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutAttributesOf(item, ids)]));
}
