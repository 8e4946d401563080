/** A text with the lines of its file, so that a finding has the line of its source; everything else is blank. */
export interface Text {
  readonly file: string;
  readonly group: Group;
  readonly text: string;
}

export type Group = 'readme' | 'contributing' | 'docs' | 'docstrings' | 'comments' | 'messages' | 'texts' | 'titles';

type Pick = (line: string, isInDocstring: boolean) => string | undefined;

/** The lines that `pick` returns, as paragraphs: a line of another kind ends one. */
function lines(source: string, pick: Pick): string {
  let isInDocstring = false;
  return source.split('\n').map((line) => {
    const opens = /^\s*\/\*\*/.test(line);
    const inside = isInDocstring || opens;
    isInDocstring = inside && !line.includes('*/');
    return pick(line, inside) ?? '';
  }).join('\n');
}

/** A docstring, whose tags begin paragraphs; examples are code. */
function docstrings(source: string): string {
  let isExample = false;
  return lines(source, (line, isInDocstring) => {
    const text = line.replace(/^\s*\/?\*+/, '').replace(/\*\/\s*$/, '').trim();
    const [, tag, rest] = /^@(\w+)\s*(.*)$/.exec(text) ?? [];
    if (!isInDocstring || line.includes('/**')) isExample = false;
    if (tag) isExample = tag === 'example';
    if (!isInDocstring || isExample || tag === 'see') return undefined;
    return tag ? rest.replace(/^(\w+ )?- /, '') : text;
  });
}

const comments = (source: string) => lines(source, (line, isInDocstring) => isInDocstring ? undefined : /(?:^|\s)\/\/ (?!eslint|@ts-)(?!-{3})(.*)$/.exec(line)?.[1]);

/** The strings that a pattern finds, as a list: an item a line. */
const strings = (pattern: RegExp) => (source: string) => lines(source, (line) => {
  const text = pattern.exec(line)?.groups!.text;
  return text === undefined ? undefined : `- ${text.replace(/\\(.)/g, '$1')}`;
});

/** The texts in code: strings of four words and more, with their values left out. */
const texts = (source: string) => lines(source, (line, isInDocstring) => {
  if (isInDocstring || /^\s*(\/\/|import )/.test(line)) return undefined;
  const found = [...line.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , text]) => text.replace(/\$\{[^}]*\}/g, '_').replace(/\\(.)/g, '$1'))
    .filter((text) => text.split(' ').length > 3);
  return found.length > 0 ? `- ${found.join(' ')}` : undefined;
});

const messages = strings(/^\s*(?:when|fix): (?<quote>['"`])(?<text>.+)\k<quote>,$/);
const titles = strings(/^(?=\s*(?:describe|test|it|testInFull|\]\)|\}\)|'|"|`)).*?(?<quote>['"`])(?<text>(?:\\.|(?!\k<quote>).)+)\k<quote>, (?:async )?\(/);

/** The texts of a file that people read. */
export function textsOf(file: string, source: string): readonly Text[] {
  const text = (group: Group, value: string): Text => ({ file, group, text: value });
  if (file === 'README.md') return [text('readme', source)];
  if (file === 'CONTRIBUTING.md') return [text('contributing', source)];
  if (file.startsWith('docs/')) return [text('docs', source)];
  if (file.endsWith('.test.ts')) return [text('titles', titles(source))];
  return [
    text('docstrings', docstrings(source)), text('comments', comments(source)),
    file === 'src/messages.ts' ? text('messages', messages(source)) : text('texts', texts(source)),
  ];
}
