import { ModelInput, RecordFormat } from './record-format';
import { isObject } from '../../../input/argument';
import { TokenEstimateSettings } from '../contract';

/** A round number for the image of a page, not a figure of AWS. An estimate states the number of media. */
const TOKENS_PER_MEDIUM = 1600;

const MEDIA_TYPE = ['media_type', 'mediaType', 'mime_type', 'mimeType', 'format'];
/** Fields whose text may be a medium. Text in other fields is never a medium. */
const MEDIA_FIELD = ['image', 'images', 'inputImage', 'url', 'image_url'];
const DATA_URL = /^data:[^,;]+\/[^,]*;base64,/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

export interface InputSize {
  /** The bytes of all texts, in UTF-8. */
  readonly bytes: number;
  /** The number of images, documents and other media, in any location. */
  readonly media: number;
}

export interface TokensOfRecord {
  readonly input: number;
  readonly output: number;
  readonly outputAtMost: number;
  readonly media: number;
}

/** The size of the texts of a request, and the number of its media. Without recursion: nesting can be as deep as a line is long. */
export function textBytes(modelInput: ModelInput): InputSize {
  let [bytes, media] = [0, 0];
  const rest: (readonly [field: string, value: unknown])[] = [['', modelInput]];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const [field, value] = next;
    if (isMedium(field, value)) media++;
    else if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (Array.isArray(value)) for (const item of value) rest.push([field, item]);
    else if (isObject(value)) for (const entry of Object.entries(value)) rest.push(entry);
  }
  return { bytes, media };
}

export function estimateTokens(
  modelInput: ModelInput, format: RecordFormat | undefined, { bytesPerToken, outputTokensPerRecord }: TokenEstimateSettings,
): TokensOfRecord {
  const { bytes, media } = textBytes(modelInput);
  const input = Math.ceil(bytes / bytesPerToken) + media * TOKENS_PER_MEDIUM;
  if (format?.output === 'embedding') return { input, output: 0, outputAtMost: 0, media };
  const stated = format?.maxTokens(modelInput);
  const outputAtMost = stated ?? outputTokensPerRecord ?? 0;
  return { input, output: Math.min(outputTokensPerRecord ?? Infinity, outputAtMost), outputAtMost, media };
}

function isMedium(field: string, value: unknown): boolean {
  if (typeof value === 'string') return MEDIA_FIELD.includes(field) && (BASE64.test(value) || isDataUrl(value));
  if (!isObject(value)) return false;
  if (field === 'source') return isMediaSource(value);
  if (field === 'image_url') return typeof value.url === 'string';
  return isBase64Of(value) && MEDIA_TYPE.some((name) => typeof value[name] === 'string');
}

function isDataUrl(text: string): boolean {
  const [prefix] = DATA_URL.exec(text) ?? [];
  return prefix !== undefined && BASE64.test(text.slice(prefix.length));
}

/** Whether a block's source is a medium: base64, a URL or an object in S3. The source of a document may also be text, which counts as text. */
function isMediaSource(source: ModelInput): boolean {
  if (source.type === 'text') return false;
  return isBase64Of(source) || isObject(source.s3Location) || typeof source.url === 'string';
}

function isBase64Of({ data, bytes }: ModelInput): boolean {
  return typeof data === 'string' || typeof bytes === 'string';
}
