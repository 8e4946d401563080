import { IncomingMessage, ServerResponse } from 'node:http';
import { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { Content, contentOf, joined, md5, slice } from './content';
import { listing, Stored } from './listing';
import { element, fail, leaf, rangeOf, requestOf, S3Error, S3Request, textsOf } from './protocol';
import { LoopbackServer } from '../loopback-server';

/** Disturbs the next requests of an operation. */
export interface S3Fault {
  /** The name of the operation in the SDK. */
  readonly operation: string;
  /** @default 1 */
  readonly times?: number;
  /**
   * 503 is SlowDown, 500 is InternalError; the connection is reset, or is reset after half of the answer's body: to a client
   * that has begun to read it.
   */
  readonly kind: 503 | 500 | 'reset' | 'cut';
  /** True if the operation takes effect before it fails, as when an answer is lost. */
  readonly afterwards?: boolean;
  /** Applies only to keys that contain this text. */
  readonly key?: string;
}

/** A request that was made. */
export interface S3Log {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  /** The bytes of the object in the request, or in the complete answer. */
  readonly bytes: number;
  readonly status: number;
}

interface Upload {
  readonly key: string;
  readonly parts: Map<number, { readonly content: Content; readonly eTag: string }>;
  readonly headers: Stored['headers'];
}

interface Reply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly xml?: string;
  readonly content?: Content;
}

const MB = 1024 * 1024;
/** The maximum size of an object that one request puts or copies, and of a part. */
const LARGEST = 5 * 1024 * MB;
const KEPT_HEADERS = /^(?:content-type|content-encoding|content-disposition|cache-control|x-amz-meta-.+)$/;

/**
 * The parts of Amazon S3 that the handlers need, over HTTP, for the real SDK. Any bucket exists. Not simulated: versions,
 * encryption, checksums (sent ones are not compared), signatures, ACLs; writes are seen at once, as in S3.
 */
export class FakeS3 extends LoopbackServer {
  public static async start(): Promise<FakeS3> {
    return new FakeS3().listen();
  }

  public readonly requests: S3Log[] = [];
  public faults: S3Fault[] = [];
  /** Returns true for a request without permission, which fails with AccessDenied. */
  public denies?: (operation: string, bucket: string, key: string) => boolean;
  private readonly buckets = new Map<string, Map<string, Stored>>();
  private readonly uploads = new Map<string, Upload>();
  private uploadsBegun = 0;

  /** A client of this server. */
  public client(config: S3ClientConfig = {}): S3Client {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return new S3Client({ endpoint: this.endpoint, region: 'us-east-1', forcePathStyle: true, credentials, ...config });
  }

  public reset(): void {
    this.buckets.clear();
    this.uploads.clear();
    this.requests.length = 0;
    this.faults = [];
    this.denies = undefined;
  }

  public put(bucket: string, key: string, body: string | Buffer): void {
    const bytes = Buffer.from(body);
    this.store(bucket, key, contentOf(bytes), md5(bytes), {});
  }

  /** An object whose bytes are made when they are read. */
  public putVirtual(bucket: string, key: string, size: number, read: (from: number, to: number) => Buffer): void {
    this.store(bucket, key, { size, read }, md5(`${key} ${size}`), {});
  }

  public bytes(bucket: string, key: string): Buffer {
    const { content } = this.objects(bucket).get(key) ?? fail('NoSuchKey', 404, `There is no ${key}; there are: ${this.keys(bucket)}`);
    return content.read(0, content.size);
  }

  public text(bucket: string, key: string): string {
    return this.bytes(bucket, key).toString();
  }

  public json(bucket: string, key: string): any {
    return JSON.parse(this.text(bucket, key));
  }

  public keys(bucket: string, prefix = ''): string[] {
    return [...this.objects(bucket).keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  public delete(bucket: string, key: string): void {
    this.objects(bucket).delete(key);
  }

  /** Keys of uploads that were neither completed nor aborted: S3 charges for their parts. */
  public get openUploads(): string[] {
    return [...this.uploads.values()].map(({ key }) => key);
  }

  public requestsOf(operation: string): S3Log[] {
    return this.requests.filter((request) => request.operation === operation);
  }

  protected handle(incoming: IncomingMessage, content: Buffer, response: ServerResponse): void {
    const request = requestOf(incoming.method!, incoming.url!, incoming.headers, content);
    const fault = this.faultOf(request);
    if (fault && !fault.afterwards && fault.kind !== 'cut') return this.disturb(request, fault, response);
    const reply = this.replyTo(request);
    if (fault && fault.kind !== 'cut') return this.disturb(request, fault, response);
    this.log(request, reply.status ?? 200, reply.content?.size ?? request.body.length);
    void send(response, reply, incoming.method === 'HEAD', fault?.kind === 'cut');
  }

  private replyTo(request: S3Request): Reply {
    try {
      if (this.denies?.(request.operation, request.bucket, request.key)) fail('AccessDenied', 403, 'Access Denied');
      if (Buffer.byteLength(request.key) > 1024) fail('KeyTooLongError', 400, 'Your key is too long');
      return this.perform(request);
    } catch (error) {
      if (error instanceof S3Error) return { status: error.status, xml: error.xml };
      throw error;
    }
  }

  private perform(request: S3Request): Reply {
    switch (request.operation) {
      case 'GetObject': return this.get(request);
      case 'HeadObject': return this.get(request);
      case 'HeadBucket': return {};
      case 'ListObjectsV2': return { xml: listing(request.bucket, this.objects(request.bucket), request.query) };
      case 'PutObject': return this.putObject(request);
      case 'CopyObject': return this.copy(request);
      case 'DeleteObject': return this.deleted(request);
      case 'DeleteObjects': return this.deleteAll(request);
      case 'CreateMultipartUpload': return this.createUpload(request);
      case 'UploadPart': return this.uploadPart(request, contentOf(request.body), md5(request.body));
      case 'UploadPartCopy': return this.copyPart(request);
      case 'CompleteMultipartUpload': return this.complete(request);
      case 'AbortMultipartUpload': return this.abort(request);
      default: return fail('NotImplemented', 501, `${request.operation} is not simulated`);
    }
  }

  private get({ bucket, key, headers }: S3Request): Reply {
    const stored = this.find(bucket, key);
    if (headers['if-match'] && headers['if-match'] !== stored.eTag) precondition();
    if (headers['if-none-match'] === stored.eTag) return { status: 304, headers: { etag: stored.eTag } };
    const range = rangeOf(headers.range, stored.content.size);
    const content = range ? slice(stored.content, ...range) : stored.content;
    const more: { readonly [name: string]: string } = range ? { 'content-range': `bytes ${range[0]}-${range[1] - 1}/${stored.content.size}` } : {};
    const fixed = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes', 'etag': stored.eTag, 'last-modified': stored.modified.toUTCString() };
    return { status: range ? 206 : 200, headers: { ...fixed, ...stored.headers, ...more }, content };
  }

  private putObject({ bucket, key, headers, body }: S3Request): Reply {
    this.requireConditions(bucket, key, headers);
    const { eTag } = this.store(bucket, key, contentOf(body), md5(body), kept(headers));
    return { headers: { etag: eTag } };
  }

  private copy({ bucket, key, headers }: S3Request): Reply {
    const source = this.source(headers);
    if (source.content.size > LARGEST) fail('InvalidRequest', 400, 'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120');
    this.requireConditions(bucket, key, headers);
    const { eTag, modified } = this.store(bucket, key, source.content, unquoted(source.eTag), headers['x-amz-metadata-directive'] === 'REPLACE' ? kept(headers) : source.headers);
    return { xml: element('CopyObjectResult', leaf('LastModified', modified.toISOString()) + leaf('ETag', eTag)) };
  }

  private deleted({ bucket, key }: S3Request): Reply {
    this.delete(bucket, key);
    return { status: 204 };
  }

  private deleteAll({ bucket, body }: S3Request): Reply {
    const keys = textsOf(body.toString(), 'Key');
    if (keys.length > 1000) fail('MalformedXML', 400, 'There are more than 1000 keys');
    for (const key of keys) this.delete(bucket, key);
    return { xml: element('DeleteResult', keys.map((key) => element('Deleted', leaf('Key', key))).join('')) };
  }

  private createUpload({ bucket, key, headers }: S3Request): Reply {
    const id = `upload-${++this.uploadsBegun}`;
    this.uploads.set(id, { key, parts: new Map(), headers: kept(headers) });
    return { xml: element('InitiateMultipartUploadResult', leaf('Bucket', bucket) + leaf('Key', key) + leaf('UploadId', id)) };
  }

  private uploadPart(request: S3Request, content: Content, hash: string): Reply {
    const { parts } = this.upload(request);
    const number = Number(request.query.get('partNumber'));
    if (!(number >= 1 && number <= 10_000)) fail('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000, inclusive');
    if (content.size > LARGEST) fail('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size');
    const eTag = `"${hash}"`;
    parts.set(number, { content, eTag });
    return { headers: { etag: eTag } };
  }

  private copyPart(request: S3Request): Reply {
    const { content, eTag } = this.source(request.headers);
    const header = request.headers['x-amz-copy-source-range'];
    const [from, to] = rangeOf(header?.toString(), content.size) ?? [0, content.size];
    const part = slice(content, from, to);
    const { headers } = this.uploadPart(request, part, md5(`${eTag} ${from} ${to}`));
    return { xml: element('CopyPartResult', leaf('LastModified', new Date().toISOString()) + leaf('ETag', headers!.etag)) };
  }

  private complete(request: S3Request): Reply {
    const { parts, headers } = this.upload(request);
    const xml = request.body.toString();
    const [numbers, eTags] = [textsOf(xml, 'PartNumber').map(Number), textsOf(xml, 'ETag')];
    if (numbers.some((number, index) => index > 0 && number <= numbers[index - 1])) fail('InvalidPartOrder', 400, 'The list of parts was not in ascending order');
    if (numbers.length === 0) fail('MalformedXML', 400, 'You must specify at least one part');
    const chosen = numbers.map((number, index) => {
      const part = parts.get(number);
      return part && unquoted(part.eTag) === unquoted(eTags[index]) ? part : fail('InvalidPart', 400, `Part ${number} could not be found`);
    });
    if (chosen.slice(0, -1).some(({ content }) => content.size < 5 * MB)) fail('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
    this.requireConditions(request.bucket, request.key, request.headers);
    const hash = `${md5(Buffer.concat(chosen.map(({ eTag }) => Buffer.from(unquoted(eTag), 'hex'))))}-${chosen.length}`;
    const { eTag } = this.store(request.bucket, request.key, joined(chosen.map(({ content }) => content)), hash, headers);
    this.uploads.delete(request.query.get('uploadId')!);
    return { xml: element('CompleteMultipartUploadResult', leaf('Bucket', request.bucket) + leaf('Key', request.key) + leaf('ETag', eTag)) };
  }

  private abort(request: S3Request): Reply {
    this.upload(request);
    this.uploads.delete(request.query.get('uploadId')!);
    return { status: 204 };
  }

  private upload({ query, key }: S3Request): Upload {
    const upload = this.uploads.get(query.get('uploadId')!);
    return upload?.key === key ? upload : fail('NoSuchUpload', 404, 'The specified upload does not exist');
  }

  private source(headers: S3Request['headers']): Stored {
    const [path] = `${headers['x-amz-copy-source']}`.split('?');
    const [, bucket, key] = /^\/?([^/]+)\/([\s\S]+)$/.exec(decodeURIComponent(path)) ?? fail('InvalidArgument', 400, `Copy source ${path}`);
    const stored = this.find(bucket, key);
    const wanted = headers['x-amz-copy-source-if-match'];
    return wanted && unquoted(`${wanted}`) !== unquoted(stored.eTag) ? precondition() : stored;
  }

  private find(bucket: string, key: string): Stored {
    return this.objects(bucket).get(key) ?? fail('NoSuchKey', 404, 'The specified key does not exist.');
  }

  private store(bucket: string, key: string, content: Content, hash: string, headers: Stored['headers']): Stored {
    const stored = { content, eTag: `"${hash}"`, modified: new Date(), headers };
    this.objects(bucket).set(key, stored);
    return stored;
  }

  private objects(bucket: string): Map<string, Stored> {
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, new Map());
    return this.buckets.get(bucket)!;
  }

  private requireConditions(bucket: string, key: string, headers: S3Request['headers']): void {
    const stored = this.objects(bucket).get(key);
    if (headers['if-none-match'] === '*' && stored) precondition();
    const wanted = headers['if-match'];
    if (wanted && !stored) fail('NoSuchKey', 404, 'The specified key does not exist.');
    if (wanted && unquoted(wanted) !== unquoted(stored!.eTag)) precondition();
  }

  private faultOf({ operation, key }: S3Request): S3Fault | undefined {
    const fault = this.faults.find((candidate) => candidate.operation === operation && key.includes(candidate.key ?? ''));
    const left = (fault?.times ?? 1) - 1;
    this.faults = this.faults.flatMap((other) => (other !== fault ? [other] : left > 0 ? [{ ...other, times: left }] : []));
    return fault;
  }

  private disturb(request: S3Request, { kind }: S3Fault, response: ServerResponse): void {
    this.log(request, typeof kind === 'number' ? kind : 0, request.body.length);
    if (typeof kind !== 'number') return void response.socket?.resetAndDestroy();
    const error = kind === 503 ? new S3Error('SlowDown', kind, 'Please reduce your request rate.') : new S3Error('InternalError', kind, 'We encountered an internal error. Please try again.');
    void send(response, { status: kind, xml: error.xml }, false, false);
  }

  private log({ operation, bucket, key }: S3Request, status: number, bytes: number): void {
    this.requests.push({ operation, bucket, key, bytes, status });
  }
}

function precondition(): never {
  return fail('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
}

function unquoted(eTag: string): string {
  return eTag.replace(/"/g, '');
}

function kept(headers: S3Request['headers']): Stored['headers'] {
  const plain = Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name)).map(([name, value]) => [name, `${value}`.replace(/^aws-chunked,?/, '')]);
  return Object.fromEntries(plain.filter(([, value]) => value !== ''));
}

/** Sends content in pieces, no faster than the client reads it. */
async function send(response: ServerResponse, { status = 200, headers = {}, xml = '', content }: Reply, isHead: boolean, isCut: boolean): Promise<void> {
  const size = content ? content.size : Buffer.byteLength(xml);
  response.writeHead(status, { ...(content ? {} : { 'content-type': 'application/xml' }), ...headers, 'content-length': size, 'x-amz-request-id': 'TEST' });
  if (!content || isHead) return void response.end(isHead ? undefined : xml);
  const end = isCut ? Math.floor(size / 2) : size;
  for (let at = 0; at < end && !response.destroyed; at += 4 * MB) {
    const isFull = !response.write(content.read(at, Math.min(end, at + 4 * MB)));
    if (isFull) await drained(response);
  }
  if (isCut) return void response.socket?.resetAndDestroy();
  response.end();
}

/** Resolves when more can be written, or when the client has closed the connection. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      done();
    };
    response.on('drain', end).on('close', end);
  });
}
