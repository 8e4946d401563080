import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand,
  DeleteObjectCommand, DeleteObjectsCommand,
  GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FakeS3 } from './fake-s3';

const MB = 1024 * 1024;
const Bucket = 'b';

let s3: FakeS3;
let client: S3Client;
beforeAll(async () => {
  s3 = await FakeS3.start();
  client = s3.client();
});
beforeEach(() => s3.reset());
afterAll(async () => {
  client.destroy();
  await s3.stop();
});

async function get(Key: string, Range?: string) {
  const { Body, ...answer } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return { ...answer, text: await Body!.transformToString() };
}

const put = (Key: string, Body: string | Buffer | Readable, more = {}) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const error = async (sent: Promise<unknown>) => sent.then(
  () => undefined,
  ({ name, message, $metadata }) => ({ name, message, status: $metadata?.httpStatusCode }),
);

describe('objects', () => {
  test('are as they were put, with their headers', async () => {
    const { ETag } = await put('a/ü b+c%20.txt', 'héllo', { ContentType: 'text/plain', Metadata: { who: 'me' } });
    const answer = await get('a/ü b+c%20.txt');
    const { $metadata: _, ...head } = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/ü b+c%20.txt' }));
    expect(answer).toMatchObject({ text: 'héllo', ETag, ContentLength: 6, ContentType: 'text/plain', Metadata: { who: 'me' }, AcceptRanges: 'bytes' });
    expect(head).toMatchObject({ ETag: `"${createHash('md5').update('héllo').digest('hex')}"`, ContentLength: 6, LastModified: expect.any(Date) });
    expect(s3.text(Bucket, 'a/ü b+c%20.txt')).toBe('héllo');
  });

  test('that are streamed come without the SDK\'s chunks and checksums', async () => {
    await put('a', Readable.from([Buffer.from('one\r\n'), Buffer.alloc(100_000, 'x')]), { ContentLength: 100_005 });
    expect(s3.text(Bucket, 'a')).toBe(`one\r\n${'x'.repeat(100_000)}`);
    await put('zip', 'x', { ContentEncoding: 'gzip' });
    expect((await get('zip')).ContentEncoding).toBe('gzip');
  });

  test('give ranges', async () => {
    s3.put(Bucket, 'a', '0123456789');
    expect(await get('a', 'bytes=2-4')).toMatchObject({ text: '234', ContentRange: 'bytes 2-4/10', $metadata: { httpStatusCode: 206 } });
    expect([(await get('a', 'bytes=8-99')).text, (await get('a', 'bytes=7-')).text, (await get('a', 'bytes=-2')).text]).toEqual(['89', '789', '89']);
    expect(await error(get('a', 'bytes=10-'))).toMatchObject({ name: 'InvalidRange', status: 416 });
  });

  test('that are not there, or that may not be seen', async () => {
    await expect(get('nothing')).rejects.toThrow(NoSuchKey);
    expect(await error(client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' })))).toMatchObject({ name: 'NotFound', status: 404 });
    s3.denies = (operation, _, key) => operation === 'GetObject' && key === 'secret';
    expect(await error(get('secret'))).toEqual({ name: 'AccessDenied', message: 'Access Denied', status: 403 });
  });

  test('are written only where there is none, or only over the one that was read', async () => {
    await put('once', '1', { IfNoneMatch: '*' });
    expect(await error(put('once', '2', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    const { ETag } = await get('once');
    await put('once', '3', { IfMatch: ETag });
    expect(await error(put('once', '4', { IfMatch: ETag }))).toMatchObject({ name: 'PreconditionFailed' });
    expect(await error(put('never', '5', { IfMatch: ETag }))).toMatchObject({ name: 'NoSuchKey' });
    expect(await error(client.send(new GetObjectCommand({ Bucket, Key: 'once', IfMatch: ETag })))).toMatchObject({ name: 'PreconditionFailed' });
    expect(s3.text(Bucket, 'once')).toBe('3');
  });

  test('are copied and deleted', async () => {
    await put('from/ü b+c', 'x', { Metadata: { who: 'me' } });
    const CopySource = `${Bucket}/${encodeURIComponent('from/ü b+c')}`;
    const { CopyObjectResult } = await client.send(new CopyObjectCommand({ Bucket: 'other', Key: 'to', CopySource }));
    expect(s3.text('other', 'to')).toBe('x');
    expect(CopyObjectResult?.ETag).toBe((await get('from/ü b+c')).ETag);
    expect(await error(client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: 'b/none' })))).toMatchObject({ name: 'NoSuchKey' });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'never' }));
    s3.put(Bucket, '<&>', 'x');
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: '<&>' }, { Key: 'from/ü b+c' }] } }));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(['<&>', 'from/ü b+c']);
    expect(s3.keys(Bucket)).toEqual([]);
  });
});

describe('lists', () => {
  test('have pages of 1,000 in the order of bytes', async () => {
    for (let n = 0; n < 1205; n++) s3.put(Bucket, `p/${n}`, '');
    s3.put(Bucket, 'p', '');
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/' }));
    const second = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', ContinuationToken: first.NextContinuationToken }));
    const shape = ({ KeyCount, IsTruncated }: typeof first) => [KeyCount, IsTruncated];
    expect([...shape(first), ...shape(second), second.NextContinuationToken]).toEqual([1000, true, 205, false, undefined]);
    expect(new Set([...first.Contents!, ...second.Contents!].map(({ Key }) => Key)).size).toBe(1205);
    expect(first.Contents!.slice(0, 3).map(({ Key }) => Key)).toEqual(['p/0', 'p/1', 'p/10']);
  });

  test('begin after a key, have so many, and may be of folders', async () => {
    for (const key of ['a', 'f/1', 'f/2', 'g/1', 'z']) s3.put(Bucket, key, 'xy');
    const keys = async (more: object) => (await client.send(new ListObjectsV2Command({ Bucket, ...more }))).Contents?.map(({ Key }) => Key);
    expect(await keys({ StartAfter: 'f/1', MaxKeys: 2 })).toEqual(['f/2', 'g/1']);
    expect(await keys({ Prefix: 'none' })).toBeUndefined();
    const { CommonPrefixes, Contents } = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
    expect(CommonPrefixes).toEqual([{ Prefix: 'f/' }, { Prefix: 'g/' }]);
    expect(Contents).toMatchObject([{ Key: 'a', Size: 2, ETag: expect.stringMatching(/^"\w{32}"$/) }, { Key: 'z' }]);
  });

  test('have keys with any characters', async () => {
    const keys = ['a&b<c>"d', 'x y+z%20', 'ü', '\u{1F600}', '\uFF5E'];
    for (const key of keys) s3.put(Bucket, key, '');
    const plain = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(plain.Contents?.map(({ Key }) => Key)).toEqual(['a&b<c>"d', 'x y+z%20', 'ü', '\uFF5E', '\u{1F600}']);
    const encoded = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(encoded.Contents?.map(({ Key }) => decodeURIComponent(Key!))).toEqual(plain.Contents?.map(({ Key }) => Key));
  });
});

describe('uploads in parts', () => {
  test('by lib-storage, of a stream', async () => {
    const bytes = Buffer.alloc(12 * MB, 'abc\n');
    const Body = Readable.from((function* () { for (let at = 0; at < bytes.length; at += MB) yield bytes.subarray(at, at + MB); })());
    await new Upload({ client, params: { Bucket, Key: 'big', Body } }).done();
    expect(s3.requestsOf('UploadPart').map(({ bytes: size }) => size / MB).sort()).toEqual([2, 5, 5]);
    expect(s3.bytes(Bucket, 'big').equals(bytes)).toBe(true);
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'big' }))).ETag).toMatch(/^"\w{32}-3"$/);
    expect(s3.openUploads).toEqual([]);
  });

  async function upload(parts: readonly (Buffer | [string, string])[], Key = 'joined', more = {}) {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts: CompletedPart[] = [];
    for (const [index, part] of parts.entries()) {
      const to = { Bucket, Key, UploadId, PartNumber: index + 1 };
      const ETag = Buffer.isBuffer(part)
        ? (await client.send(new UploadPartCommand({ ...to, Body: part }))).ETag
        : (await client.send(new UploadPartCopyCommand({ ...to, CopySource: part[0], CopySourceRange: part[1] }))).CopyPartResult?.ETag;
      Parts.push({ ETag, PartNumber: index + 1 });
    }
    const complete = (chosen = Parts) => (
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: chosen }, ...more }))
    );
    return { UploadId, Parts, complete };
  }

  test('of other objects, or of ranges of them', async () => {
    s3.put(Bucket, 'from', Buffer.concat([Buffer.alloc(6 * MB, 'a'), Buffer.alloc(6 * MB, 'b')]));
    const { complete } = await upload([[`${Bucket}/from`, `bytes=${MB}-${7 * MB - 1}`], Buffer.from('end')]);
    await complete();
    expect(s3.bytes(Bucket, 'joined').equals(Buffer.concat([Buffer.alloc(5 * MB, 'a'), Buffer.alloc(MB, 'b'), Buffer.from('end')]))).toBe(true);
    expect((await get('joined', `bytes=${6 * MB - 1}-${6 * MB + 1}`)).text).toBe('ben');
  });

  test('that are too small, of another number, or gone', async () => {
    const { complete, Parts, UploadId } = await upload([Buffer.from('small'), Buffer.from('last')]);
    expect(await error(complete())).toMatchObject({ name: 'EntityTooSmall', status: 400 });
    expect(await error(complete([...Parts].reverse()))).toMatchObject({ name: 'InvalidPartOrder' });
    expect(await error(complete([{ PartNumber: 3, ETag: 'x' }]))).toMatchObject({ name: 'InvalidPart' });
    expect(s3.openUploads).toEqual(['joined']);
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'joined', UploadId }));
    expect(await error(complete())).toMatchObject({ name: 'NoSuchUpload', status: 404 });
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test('only where there is nothing', async () => {
    s3.put(Bucket, 'joined', 'x');
    const { complete } = await upload([Buffer.from('y')], 'joined', { IfNoneMatch: '*' });
    expect(await error(complete())).toMatchObject({ name: 'PreconditionFailed', status: 412 });
  });
});

describe('a virtual object', () => {
  test('of 2 GB is read in part, as a stream, and in copies', async () => {
    const size = 2 * 1024 * MB;
    s3.putVirtual(Bucket, 'huge', size, (from, to) => Buffer.alloc(to - from, 'v'));
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'huge' }))).ContentLength).toBe(size);
    expect((await get('huge', `bytes=${size - 3}-${size + 5}`)).text).toBe('vvv');
    const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key: 'huge' }));
    const [first] = await (Body as Readable).take(1).toArray();
    expect([ContentLength, first.toString().slice(0, 2)]).toEqual([size, 'vv']);
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/huge` }));
    expect((await get('copy', 'bytes=0-1')).text).toBe('vv');
  });
});

describe('faults', () => {
  test('are tried again by the SDK, as often as they were set', async () => {
    s3.put(Bucket, 'a', 'x');
    s3.faults = [{ operation: 'GetObject', kind: 500, times: 2 }, { operation: 'PutObject', kind: 'reset', key: 'b' }];
    expect((await get('a')).text).toBe('x');
    await put('a', 'y');
    await put('b', 'z');
    expect(s3.requests.map(({ operation, key, status }) => `${operation} ${key} ${status}`)).toEqual([
      'GetObject a 500', 'GetObject a 500', 'GetObject a 200', 'PutObject a 200', 'PutObject b 0', 'PutObject b 200',
    ]);
    expect(s3.faults).toEqual([]);
  });

  test('are errors of S3', async () => {
    const once = s3.client({ maxAttempts: 1 });
    s3.faults = [{ operation: 'PutObject', kind: 503 }, { operation: 'PutObject', kind: 500 }];
    expect(await error(once.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })))).toMatchObject({ name: 'SlowDown', status: 503 });
    expect(await error(once.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })))).toMatchObject({ name: 'InternalError', status: 500 });
    once.destroy();
  });

  test('may lose a reply: an object that was written exists at the second try', async () => {
    s3.faults = [{ operation: 'PutObject', kind: 'reset', afterwards: true }];
    expect(await error(put('a', 'x', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
    expect(s3.text(Bucket, 'a')).toBe('x');
  });

  test('may cut an answer', async () => {
    s3.put(Bucket, 'a', Buffer.alloc(MB));
    s3.faults = [{ operation: 'GetObject', kind: 'cut' }];
    await expect(get('a')).rejects.toThrow();
  });
});

test('requests are recorded', async () => {
  await put('a', 'xyz');
  await get('a', 'bytes=1-1');
  expect(s3.requests).toEqual([
    { operation: 'PutObject', bucket: Bucket, key: 'a', bytes: 3, status: 200 },
    { operation: 'GetObject', bucket: Bucket, key: 'a', bytes: 1, status: 206 },
  ]);
});
