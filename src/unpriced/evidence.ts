import { billingOfType, Kind, TypeBilling } from './billing-table';
import { Calls, callsOf } from './calls';
import { declaredModels, modelIdsIn } from './model-names';
import { at, eachText, PlainTemplates, Resource, textsAt } from './plain-template';

/** A resource that spends on Amazon Bedrock, or one of Amazon Bedrock that is free or not covered. */
export interface Evidence {
  readonly resource: Resource;
  readonly kind: Kind;
  readonly billing: TypeBilling['billing'];
  readonly actions: readonly string[];
  readonly models: readonly string[];
  /** Resources of the templates that it names. */
  readonly refs: readonly Resource[];
}

/** Names of properties with a model in resources of Amazon Bedrock. */
const MODEL_PROPERTY = /^(FoundationModel|ModelId|ModelArn|EmbeddingModelArn|CopyFrom)$/i;

/** Reads the evidence of resources other than policies. */
export function evidenceOf(templates: PlainTemplates): Evidence[] {
  return templates.resources.flatMap((resource) => {
    const billing = billingOfType(resource.type);
    if (billing === undefined) return callsOf(templates, resource).map(ofCalls);
    return billing.isPart ? [] : [ofType(templates, resource, billing)];
  });
}

function ofCalls({ resource, billing: { kind, billing }, actions, models, refs }: Calls): Evidence {
  return { resource, kind, billing, actions, models, refs };
}

function ofType(templates: PlainTemplates, resource: Resource, { kind, billing }: TypeBilling): Evidence {
  const models = new Set<string>();
  const refs = new Set<Resource>();
  eachText(resource.properties, (text, names) => {
    if (names.some((name) => MODEL_PROPERTY.test(name))) for (const id of declaredModels(text)) models.add(id);
    for (const ref of templates.refsIn(text)) refs.add(ref);
  });
  return { resource, kind, billing, actions: [], models: [...models], refs: [...refs] };
}

/** Names of properties that hold the settings or the code of a program. */
const SETTINGS = /^(Environment|EnvironmentVariables|RuntimeEnvironmentVariables|Command|EntryPoint|Code|ZipFile|InlineCode|RequestMappingTemplate|DefaultArguments|UserData|BuildSpec)$/;
/** Types with settings that programs read, and the names of the properties. */
const STORES: ReadonlyMap<string, string> = new Map([
  ['AWS::SSM::Parameter', 'Value'],
  ['AWS::AppConfig::HostedConfigurationVersion', 'Content'],
  ['AWS::SecretsManager::Secret', 'SecretString'],
]);

/** The models that a resource of another service names in its settings. */
export function modelsInSettings({ type, properties }: Resource): string[] {
  const store = STORES.get(type);
  const models = new Set<string>();
  if (store !== undefined) {
    for (const text of textsAt(properties, store)) for (const id of modelIdsIn(text)) models.add(id);
  } else if (!type.startsWith('AWS::Bedrock::') && !type.startsWith('AWS::IAM::')) {
    eachText(properties, (text, names) => {
      if (names.some((name) => SETTINGS.test(name))) for (const id of modelIdsIn(text)) models.add(id);
    });
  }
  return [...models];
}

/** True for a resource that stores settings, which others read. */
export function isStore({ type }: Resource): boolean {
  return STORES.has(type);
}

const REGION_NAME = /BEDROCK.*REGION/i;
const REGION = /^[a-z]{2}[a-z-]*-\d$/;

/** The region of an environment variable such as `BEDROCK_REGION`. */
export function regionInSettings({ properties }: Resource): string | undefined {
  let region: string | undefined;
  eachText(at(properties, 'Environment', 'Variables'), (text, names) => {
    if (REGION_NAME.test(names[names.length - 1] ?? '') && REGION.test(text)) region = text;
  });
  return region;
}
