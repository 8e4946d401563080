import { Option } from 'commander';
import { readTextFile } from '../../files/text-file';
import { NameMap } from '../../price-list/listed-sku';
import { knownNames } from '../../price-list/model-names';
import { needlessNames, ownNames } from '../../price-list/own-names';
import { oneLine } from '../../render/sanitize';
import { problemLines } from '../../usage-file/usage-file-error';
import { parseYamlText } from '../../usage-file/yaml-text';
import { InputError } from '../io';

const EMPTY = 'must hold at least one name. Write a line for each name, such as "Nova Lite": amazon.nova-lite-v1:0.';

export function modelNamesOption(): Option {
  return new Option('--model-names <file>', 'model ids of names that the importer does not know: YAML or JSON, a line for each name as the'
    + ' Price List writes it, such as "Nova Lite": amazon.nova-lite-v1:0. The lines for unknown names are printed ready-made');
}

/**
 * Reads the file of `--model-names`. Returns no names without the option.
 *
 * @throws InputError with the file, the field, the found value and the allowed values
 */
export function readModelNames(path: string | undefined): NameMap {
  if (path === undefined) return {};
  const parsed = ownNames(parseYamlText(readTextFile(path, 'a file of model names'), path, EMPTY), knownNames());
  if ('problems' in parsed) throw new InputError(...problemLines(path, parsed.problems));
  return parsed.names;
}

/** Renders notes on names of the file that have no effect. */
export function notesOnNames(path: string | undefined, own: NameMap, unused: readonly string[]): string {
  const notes = [
    ...unused.map((name) => `${JSON.stringify(name)}: no SKU of these lists has the name.`),
    ...needlessNames(own, knownNames()).map((name) => `${JSON.stringify(name)}: the importer knows the name. The line is not needed.`),
  ];
  return notes.map((note) => `note: ${oneLine(`${path}: ${note}`)}\n`).join('');
}
