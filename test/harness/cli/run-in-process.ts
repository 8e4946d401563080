import { run } from '../../../src/cli/run';

export interface RunResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line without a process of its own, where hundreds are needed. */
export async function runInProcess(...args: readonly string[]): Promise<RunResult> {
  let [out, err] = ['', ''];
  const code = await run(args, { out: (text) => { out += text; }, err: (text) => { err += text; }, today: () => '2026-11-30' });
  return { code, out, err };
}

/** A place of a JSON value: its names and indices from the top. */
export type Place = readonly (string | number)[];

/** Every place of a value whose content has a property. */
export function placesOf(value: unknown, matches: (part: unknown, place: Place) => boolean, place: Place = []): Place[] {
  const below = typeof value !== 'object' || value === null ? []
    : Object.entries(value).flatMap(([name, part]) => placesOf(part, matches, [...place, Array.isArray(value) ? Number(name) : name]));
  return [...(matches(value, place) ? [place] : []), ...below];
}

/** A copy of a value in which one place has other content; undefined removes it. */
export function withAt<T>(value: T, place: Place, content: unknown): T {
  const copy = structuredClone(value);
  let parent = copy as { [step: string | number]: unknown };
  for (const step of place.slice(0, -1)) parent = parent[step] as typeof parent;
  const last = place[place.length - 1];
  if (content !== undefined) parent[last] = content;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** `workloads[0].name` */
export function placeText(place: Place): string {
  return place.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('').replace(/^\./, '');
}
