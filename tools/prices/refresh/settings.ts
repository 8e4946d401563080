import { parse } from 'yaml';
import { Fields } from '../fields';

/** prices/refresh.yaml: facts that the packages do not state, and exceptions. */
export interface RefreshSettings {
  readonly thirtyMinuteCacheWrites: readonly string[];
  readonly names: { readonly [model: string]: string };
  readonly ignored: readonly { readonly id: string; readonly kinds: readonly string[]; readonly why: string }[];
}

export function readSettings(text: string): RefreshSettings {
  const fields = new Fields(parse(text), 'prices/refresh.yaml', ['thirtyMinuteCacheWrites', 'names', 'ignored']);
  const names = fields.optionalFields('names', undefined);
  return {
    thirtyMinuteCacheWrites: fields.texts('thirtyMinuteCacheWrites', /^[a-z0-9]+$/, 'the provider of a model id such as openai'),
    names: Object.fromEntries((names?.names() ?? []).map((id) => [id, names!.text(id)])),
    ignored: fields.list('ignored', (value, place) => {
      const entry = new Fields(value, place, ['id', 'kinds', 'why']);
      return { id: entry.text('id'), kinds: entry.texts('kinds', /^[a-z0-9-]+$/, 'a kind of rate such as input'), why: entry.text('why') };
    }),
  };
}
