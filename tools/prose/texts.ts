/** A text of a file, as Markdown. */
export interface Text {
  readonly file: string;
  readonly group: Group;
  readonly text: string;
  /** The lines of the file that the lines of the text come from, where these are not the same. */
  readonly lines?: readonly number[];
}

export type Group = 'readme' | 'contributing' | 'docs' | 'docstrings' | 'comments' | 'messages' | 'texts' | 'titles';

/** A part of a file, and the lines that it comes from. */
type Excerpt = Pick<Text, 'text' | 'lines'>;
type PickText = (line: string, isInDocstring: boolean) => string | undefined;

/** The lines that `pick` returns, as paragraphs: a line of another kind ends one. */
function excerpt(source: string, pick: PickText): Excerpt {
  let isInDocstring = false;
  const picked = source.split('\n').map((line, i) => {
    const inside = isInDocstring || /^\s*\/\*\*/.test(line);
    isInDocstring = inside && !line.includes('*/');
    return { text: pick(line, inside) ?? '', line: i + 1 };
  }).filter(({ text }, i, all) => text !== '' || (i > 0 && all[i - 1].text !== ''));
  return { text: picked.map(({ text }) => text).join('\n'), lines: picked.map(({ line }) => line) };
}

/** A docstring, whose tags begin paragraphs; examples are code. */
function docstrings(source: string): Excerpt {
  let isExample = false;
  return excerpt(source, (line, isInDocstring) => {
    const text = line.replace(/^\s*\/?\*+/, '').replace(/\*\/\s*$/, '').trim();
    const [, tag, rest] = /^@(\w+)\s*(.*)$/.exec(text) ?? [];
    if (!isInDocstring || line.includes('/**')) isExample = false;
    if (tag) isExample = tag === 'example';
    if (!isInDocstring || isExample || tag === 'see') return undefined;
    return tag ? rest.replace(/^(\w+ )?- /, '') : text;
  });
}

const commentsAfter = (mark: RegExp) => (source: string) =>
  excerpt(source, (line, isInDocstring) => isInDocstring ? undefined : mark.exec(line)?.[1]);
const comments = commentsAfter(/(?:^|\s)\/\/ (?!eslint|@ts-)(?!-{3})(.*)$/);
const hashComments = commentsAfter(/(?:^|\s)# (?!-{3})(.*)$/);

/** The strings that a pattern finds, as a list: an item a line. */
const strings = (pattern: RegExp) => (source: string) => excerpt(source, (line) => {
  const text = pattern.exec(line)?.groups!.text;
  return text === undefined ? undefined : `- ${text.replace(/\\(.)/g, '$1')}`;
});

/** The texts in code: strings of four words and more, with their values left out. */
const texts = (source: string) => excerpt(source, (line, isInDocstring) => {
  if (isInDocstring || /^\s*(\/\/|import )/.test(line)) return undefined;
  const found = [...line.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , text]) => text.replace(/\$\{[^}]*\}/g, '_').replace(/\\(.)/g, '$1'))
    .filter((text) => text.split(' ').length > 3);
  return found.length > 0 ? `- ${found.join(' ')}` : undefined;
});

const messages = strings(/^\s*(?:when|fix): (?<quote>['"`])(?<text>.+)\k<quote>,$/);
const titles = strings(/^(?=\s*(?:describe|test|it|testInFull|\]\)|\}\)|'|"|`)).*?(?<quote>['"`])(?<text>(?:\\.|(?!\k<quote>).)+)\k<quote>, (?:async )?\(/);

/** The texts of a file that people read. */
export function textsOf(file: string, source: string): readonly Text[] {
  const of = (group: Group, part: Excerpt): Text => ({ file, group, ...part });
  const page = (group: Group) => [of(group, { text: source })];
  if (file === 'README.md') return page('readme');
  if (file === 'CONTRIBUTING.md') return page('contributing');
  if (file.startsWith('docs/')) return page('docs');
  if (/\.(py|sh)$/.test(file)) return [of('comments', hashComments(source))];
  if (file.endsWith('.test.ts')) return [of('titles', titles(source)), of('docstrings', docstrings(source)), of('comments', comments(source))];
  if (!file.startsWith('src/')) return [of('docstrings', docstrings(source)), of('comments', comments(source))];
  return [
    of('docstrings', docstrings(source)), of('comments', comments(source)),
    file === 'src/messages.ts' ? of('messages', messages(source)) : of('texts', texts(source)),
  ];
}
