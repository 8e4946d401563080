import { JSONParser } from '@streamparser/json';
import { PriceListError, PriceListFile, PriceListHeader, SkuSink } from '../../price-list/price-list-file';
import { InputError } from '../io';

/** The parts of an index.json that are read; each is let go once it has been handed on. */
const PATHS = ['$.offerCode', '$.publicationDate', '$.products.*', '$.terms.OnDemand.*'];
const MEGABYTE = 1024 * 1024;
/** How often a long file says how far it has come. */
const PROGRESS_BYTES = 64 * MEGABYTE;

export interface ReadPriceList extends PriceListHeader {
  readonly skus: number;
}

/**
 * Reads an index.json of the AWS Price List of any size, chunk by chunk, and hands on its SKUs.
 *
 * @param name what the source is called in messages: a path, an address
 */
export async function readPriceList(
  chunks: AsyncIterable<Uint8Array>, name: string, sink: SkuSink, progress: (text: string) => void = () => {},
): Promise<ReadPriceList> {
  const file = new PriceListFile(sink);
  const parser = parserInto(file);
  let token = 0;
  parser.onToken = ({ offset }) => { token = offset; };
  let bytes = 0;
  let nextProgress = PROGRESS_BYTES;
  try {
    for await (const chunk of chunks) {
      parse(() => parser.write(chunk), name, () => token);
      bytes += chunk.length;
      if (bytes >= nextProgress) {
        progress(`${name}: ${Math.round(bytes / MEGABYTE)} MB, ${file.skus} SKUs so far`);
        nextProgress += PROGRESS_BYTES;
      }
    }
    parse(() => { if (!parser.isEnded) parser.end(); }, name, () => token, bytes);
    const header = file.end();
    return { ...header, skus: file.skus };
  } catch (e) {
    if (e instanceof PriceListError) throw new InputError(`${name}: found ${e.found}`, `allowed: ${e.allowed}`);
    throw e;
  }
}

function parserInto(file: PriceListFile): JSONParser {
  const parser = new JSONParser({ paths: PATHS, keepStack: false });
  parser.onValue = ({ key, value, stack }) => {
    const name = String(key);
    // The depth tells the paths apart: $.offerCode, $.products.*, $.terms.OnDemand.*
    if (stack.length === 1) file.addField(name, value);
    if (stack.length === 2) file.addProduct(name, value);
    if (stack.length === 3) file.addTerms(name, value);
  };
  return parser;
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
    if (e instanceof PriceListError) throw e;
    const at = /absolute position "(\d+)"/.exec((e as Error).message)?.[1] ?? token();
    throw new InputError(
      `${name}: found ${end === undefined ? `text that is not JSON at byte ${at}` : `the end of the file at byte ${end}, in the middle of its JSON`}`,
      'allowed: an index.json of the AWS Price List as AWS publishes it',
      'to change: download the file again; nothing has been written',
    );
  }
}
