import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { encodeBook, encodeCatalog, encodeServices } from './encode';
import { PriceFacts } from './facts';
import { formatJson } from './format';
import { withMembers } from './members';
import { priceListNames } from './names';

const DATA = 'src/pricing/data';
const MODEL_CLASS = 'src/inference/bedrock-model.ts';

/** What the generator writes: a file's path below the root of the project, and its text. */
export interface Output {
  readonly path: string;
  readonly text: string;
}

export function dataOutputs(facts: PriceFacts): Output[] {
  const { models, services } = facts;
  return [
    { path: `${DATA}/price-book.json`, text: formatJson(encodeBook(facts), 3) },
    { path: `${DATA}/model-catalog.json`, text: formatJson(encodeCatalog(models), 2) },
    { path: `${DATA}/aws-services.json`, text: formatJson(encodeServices(services), 1) },
    { path: `${DATA}/price-list-names.json`, text: formatJson(priceListNames(models), 1) },
  ];
}

/** The class with a static member for each model; undefined while the class or its markers are not there. */
export function classOutput(root: string, { models }: PriceFacts): Output | undefined {
  const path = join(root, MODEL_CLASS);
  const text = existsSync(path) ? withMembers(readFileSync(path, 'utf8'), models) : undefined;
  return text === undefined ? undefined : { path: MODEL_CLASS, text };
}

/** The paths of the outputs that are not on disk as they would be written. */
export function outdated(root: string, outputs: readonly Output[]): string[] {
  return outputs
    .filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(({ path }) => path);
}
