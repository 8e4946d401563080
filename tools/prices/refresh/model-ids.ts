/** A function that gives a source's spelling of an id the book's: some leave out a date or a version, or add one. */
export function idResolver(known: readonly string[], aliases: { readonly [alias: string]: string }): (id: string) => string {
  const ids = new Set(known);
  return (id) => {
    if (ids.has(id)) return id;
    if (Object.hasOwn(aliases, id)) return aliases[id];
    const bare = id.replace(/(-v\d+)?(:\d+)?$/, '');
    const spellings = [id.replace(/:\d+$/, ''), bare, `${bare}-v1`, `${bare}-v1:0`, `${bare}:0`].filter((spelling, i, all) =>
      ids.has(spelling) && all.indexOf(spelling) === i);
    const dated = known.filter((other) => other.startsWith(`${bare}-20`) && /^-20\d{6}(-v\d+(:\d+)?)?$/.test(other.slice(bare.length)));
    const candidates = spellings.length > 0 ? spellings : dated;
    return candidates.length === 1 ? candidates[0] : id;
  };
}
