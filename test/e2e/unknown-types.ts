import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The resource types that CloudFormation of the pinned emulator does not support. The test fails if a type of the list is no longer used,
 * or if another type is missing, so no type is left out without a notice.
 */
export const UNKNOWN_TYPES: { readonly [type: string]: (properties: any) => boolean } = {
  'AWS::Bedrock::ApplicationInferenceProfile': () => true,
  'AWS::Budgets::Budget': () => true,
  'AWS::Budgets::BudgetsAction': () => true,
  'AWS::CloudWatch::CompositeAlarm': () => true,
  // Alarms on one metric are supported; alarms on an expression are not.
  'AWS::CloudWatch::Alarm': ({ Metrics }) => Metrics !== undefined,
};

/** A type without properties that has no effect on AWS and in the emulator. */
const NOTHING = 'AWS::CloudFormation::WaitConditionHandle';

/** Replaces unsupported resources in all templates of an assembly, and returns their types. */
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

/** Replaces `Fn::GetAtt` of a replaced resource by a text. */
function withoutAttributesOf(value: any, ids: ReadonlySet<string>): any {
  if (Array.isArray(value)) return value.map((item) => withoutAttributesOf(item, ids));
  if (value === null || typeof value !== 'object') return value;
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute) && ids.has(attribute[0])) return `not-in-the-emulator-${attribute.join('-')}`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutAttributesOf(item, ids)]));
}
