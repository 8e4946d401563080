import { JSONParser, TokenType } from '@streamparser/json';
import { MEGABYTE } from '../../files/text-file';
import { PriceListError, PriceListFile, PriceListHeader, SkuSink } from '../../price-list/price-list-file';
import { InputError } from '../io';

/** The parts of an index.json that are read; each is let go once it has been handed on. */
const PATHS = ['$.offerCode', '$.publicationDate', '$.products.*', '$.terms.OnDemand.*'];
/** Far more than the 8 levels of a price list: deeper nesting would fill the memory. */
const MAX_DEPTH = 32;
/** Far more than the longest text of a price list, which is in memory until it ends. */
const MAX_TOKEN_BYTES = 4 * MEGABYTE;
/** Bytes between two lines of progress on a long file. */
const PROGRESS_BYTES = 64 * MEGABYTE;

/** Carries what our own code threw through the parser, to tell it apart from what the parser has against the text. */
class Passed extends Error {
  constructor(readonly thrown: unknown) {
    super();
  }
}

export interface ReadPriceList extends PriceListHeader {
  readonly skus: number;
}

/**
 * Reads an index.json of the AWS Price List of any size, chunk by chunk, and hands on its SKUs.
 *
 * @param name the source, for messages: a path or an address
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

/** The depth tells the paths apart: $.offerCode, $.products.*, $.terms.OnDemand.* */
function add(file: PriceListFile, depth: number, name: string, value: unknown): void {
  if (depth === 1) file.addField(name, value);
  if (depth === 2) file.addProduct(name, value);
  if (depth === 3) file.addTerms(name, value);
}

/**
 * Text that is not JSON ends the import: a part of a price list is not to be taken for the whole.
 *
 * @param token where the last token began: the one out of place, when the text is made of tokens
 * @param end the length of the text, when there is no more of it
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
