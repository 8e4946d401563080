import { Content } from './content';
import { element, leaf } from './protocol';

export interface Stored {
  readonly content: Content;
  /** With its quotation marks. */
  readonly eTag: string;
  readonly modified: Date;
  readonly headers: { readonly [name: string]: string };
}

/** ListObjectsV2's answer: keys in the order of their bytes, so many a page, with those up to a delimiter as one. */
export function listing(bucket: string, objects: ReadonlyMap<string, Stored>, query: URLSearchParams): string {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const after = query.has('continuation-token') ? Buffer.from(query.get('continuation-token')!, 'base64').toString() : query.get('start-after') ?? '';
  const limit = Math.min(1000, Number(query.get('max-keys') ?? 1000));
  const encode = query.get('encoding-type') === 'url' ? (key: string) => encodeURIComponent(key).replace(/%2F/g, '/') : (key: string) => key;
  const grouped = (key: string) => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : key.slice(0, end + delimiter.length);
  };
  const names = [...new Set([...objects.keys()].filter((key) => key.startsWith(prefix)).map((key) => grouped(key) ?? key))]
    .filter((name) => compare(name, after) > 0).sort(compare);
  const page = names.slice(0, limit);
  const isTruncated = names.length > page.length;
  const entries = page.map((name) => (grouped(name) === name
    ? element('CommonPrefixes', leaf('Prefix', encode(name)))
    : element('Contents', contents(encode(name), objects.get(name)!))));
  const token = isTruncated ? leaf('NextContinuationToken', Buffer.from(page[page.length - 1] ?? after).toString('base64')) : '';
  return element('ListBucketResult', [
    leaf('Name', bucket), leaf('Prefix', encode(prefix)), leaf('KeyCount', page.length), leaf('MaxKeys', limit),
    query.has('encoding-type') ? leaf('EncodingType', 'url') : '', leaf('IsTruncated', isTruncated), token, ...entries,
  ].join(''));
}

function contents(key: string, { content, eTag, modified }: Stored): string {
  return leaf('Key', key) + leaf('LastModified', modified.toISOString()) + leaf('ETag', eTag) + leaf('Size', content.size) + leaf('StorageClass', 'STANDARD');
}

/** Not as JavaScript compares: by bytes. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
