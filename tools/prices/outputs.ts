import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { encodeBook, encodeCatalog, encodeServices } from './encode';
import { PriceFacts } from './facts';
import { formatJson } from './format';
import { modelClass } from './members';
import { priceListNames } from './names';

const DATA = 'src/pricing/data';

/** A generated file: its path below the root of the project, and its text. */
export interface Output {
  readonly path: string;
  readonly text: string;
}

/** Every generated file: the data that the library embeds, and class BedrockModel. */
export function outputsOf(facts: PriceFacts): Output[] {
  const { models, services } = facts;
  return [
    { path: `${DATA}/price-book.json`, text: formatJson(encodeBook(facts), 3) },
    { path: `${DATA}/model-catalog.json`, text: formatJson(encodeCatalog(models), 2) },
    { path: `${DATA}/aws-services.json`, text: formatJson(encodeServices(services), 1) },
    { path: `${DATA}/price-list-names.json`, text: formatJson(priceListNames(models), 1) },
    { path: 'src/inference/bedrock-model.ts', text: modelClass(models) },
  ];
}

/** The paths of the outputs that are not on disk as they would be written. */
export function outdated(root: string, outputs: readonly Output[]): string[] {
  return outputs
    .filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(({ path }) => path);
}
