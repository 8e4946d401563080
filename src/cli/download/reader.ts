import { JSONParser, TokenType } from '@streamparser/json';
import { MEGABYTE } from '../../files/text-file';
import { PriceListError, PriceListFile, PriceListHeader, SkuSink } from '../../price-list/price-list-file';
import { InputError } from '../io';

/** Parts of an index.json that are read. Each is released from memory after it has been passed on. */
const PATHS = ['$.offerCode', '$.publicationDate', '$.products.*', '$.terms.OnDemand.*'];
/** Maximum depth of nesting, which bounds the memory. A price list has 8 levels. */
const MAX_DEPTH = 32;
/** Maximum length of a text, which is in memory until it ends. It is far above the longest text of a price list. */
const MAX_TOKEN_BYTES = 4 * MEGABYTE;
/** Number of bytes between two lines of progress on a long file. */
const PROGRESS_BYTES = 64 * MEGABYTE;

/** Carries an error of the library's own code through the parser, to distinguish it from an error of the parser. */
class Passed extends Error {
  constructor(readonly thrown: unknown) {
    super();
  }
}

export interface ReadPriceList extends PriceListHeader {
  readonly skus: number;
}

/**
 * Reads an index.json of the AWS Price List of any size in chunks, and passes its SKUs to a sink.
 *
 * @param name the source for messages: a path or an address
 */
export async function readPriceList(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, name: string, sink: SkuSink, progress: (text: string) => void = () => {},
): Promise<ReadPriceList> {
  const file = new PriceListFile(sink);
  let token = 0;
  const parser = parserInto(file, (offset) => { token = offset; });
  let bytes = 0;
  let nextProgress = PROGRESS_BYTES;
  try {
    for await (const chunk of chunks) {
      parse(() => parser.write(chunk), name, () => token);
      bytes += chunk.length;
      if (bytes - token > MAX_TOKEN_BYTES) {
        throw new PriceListError(`a text of more than ${MAX_TOKEN_BYTES / MEGABYTE} MB at byte ${token}`, 'an index.json of the AWS Price List as AWS publishes it');
      }
      if (bytes >= nextProgress) {
        progress(`${name}: ${Math.round(bytes / MEGABYTE)} MB, ${file.skus} SKUs so far`);
        nextProgress += PROGRESS_BYTES;
      }
    }
    if (bytes === 0) throw new PriceListError('an empty file', 'an index.json of the AWS Price List as AWS publishes it');
    parse(() => { if (!parser.isEnded) parser.end(); }, name, () => token, bytes);
    const header = file.end();
    return { ...header, skus: file.skus };
  } catch (e) {
    if (e instanceof PriceListError) throw new InputError(`${name}: ${e.message}`);
    throw e;
  }
}

/** @param atToken receives the offset at which each token begins */
function parserInto(file: PriceListFile, atToken: (offset: number) => void): JSONParser {
  const parser = new JSONParser({ paths: PATHS, keepStack: false });
  let depth = 0;
  parser.onToken = ({ token, offset }) => {
    atToken(offset);
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth++;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth--;
    if (depth > MAX_DEPTH) throw new Passed(new PriceListError(`more than ${MAX_DEPTH} levels of nesting at byte ${offset}`, 'an index.json of the AWS Price List as AWS publishes it'));
  };
  parser.onValue = ({ key, value, stack }) => {
    try {
      add(file, stack.length, String(key), value);
    } catch (e) {
      throw new Passed(e);
    }
  };
  return parser;
}

/** Adds a value of $.offerCode, $.products.* or $.terms.OnDemand.*, which differ in their depth. */
function add(file: PriceListFile, depth: number, name: string, value: unknown): void {
  if (depth === 1) file.addField(name, value);
  if (depth === 2) file.addProduct(name, value);
  if (depth === 3) file.addTerms(name, value);
}

/**
 * Runs a step of the parser. Text that is not JSON ends the import, because an incomplete price list must not be taken for a complete one.
 *
 * @param token offset of the last token, at which the error is if all tokens are valid
 * @param end the length of the text, if it has ended
 */
function parse(step: () => void, name: string, token: () => number, end?: number): void {
  try {
    step();
  } catch (e) {
    if (e instanceof Passed) throw e.thrown;
    const at = /absolute position "(\d+)"/.exec((e as Error).message)?.[1] ?? token();
    throw new InputError(
      `${name}: must be an index.json of the AWS Price List as AWS publishes it, got ${end === undefined ? `text that is not JSON at byte ${at}` : `the end of the file at byte ${end}, in the middle of its JSON`}.`,
      'Download the file again. Nothing was written.',
    );
  }
}
