type Yaml = typeof import('yaml');

/** The token that the lexer puts before a scalar. */
const SCALAR = '\u001f';

/**
 * True for a YAML text whose nesting is deeper than so many levels, give or take a few: counted in its tokens, since parsing
 * such a text takes long and can end Node.
 */
export function isYamlDeeperThan(yaml: Yaml, text: string, levels: number): boolean {
  let flow = 0;
  let indicators = 0;
  const indents: number[] = [];
  let isLineStart = true;
  let isScalar = false;
  for (const token of new yaml.Lexer().lex(text)) {
    const isPunctuation = !isScalar;
    isScalar = token === SCALAR;
    if (!isPunctuation) continue;
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (token === '-' || token === '?' || (token === ':' && flow === 0)) indicators++;
    if (token === '\n' || token === '\r\n') {
      indicators = 0;
      isLineStart = true;
    } else if (isLineStart && flow === 0) {
      openBlock(indents, /^ *$/.test(token) ? token.length : 0);
      isLineStart = false;
    }
    if (flow + indicators + indents.length > levels) return true;
  }
  return false;
}

/** Ends the blocks that are indented as far or further, and begins one. */
function openBlock(indents: number[], indent: number): void {
  while (indents.length > 0 && indents[indents.length - 1] >= indent) indents.pop();
  indents.push(indent);
}
