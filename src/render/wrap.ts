import { oneLine } from './sanitize';

const WIDTH = 120;

/** A text over several lines of at most 120 characters; those after the first begin below the text, behind its lead. */
export function wrap(lead: string, text: string): string[] {
  const lines: string[] = [];
  let line = lead;
  for (const word of oneLine(text).split(' ')) {
    const isStart = line.trim() === '' || line === lead;
    if (!isStart && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(lead.length) + word;
    } else {
      line += (isStart ? '' : ' ') + word;
    }
  }
  return [...lines, line];
}
