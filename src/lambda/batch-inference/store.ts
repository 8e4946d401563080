import { Readable } from 'node:stream';
import { S3 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { mapInPool } from '../shared/pool';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
}

/** The number of concurrent requests for small objects. */
export const AT_A_TIME = 20;

const RESUMES = 10;
const JOINED_CHUNK_BYTES = 8 * 1024 * 1024;

/** A bucket with the operations of the steps. */
export class Store {
  constructor(private readonly s3: S3, public readonly bucket: string) {}

  /** The content of an object; undefined if it does not exist. */
  public async read(key: string): Promise<Buffer | undefined> {
    try {
      const { Body } = await this.s3.getObject({ Bucket: this.bucket, Key: key });
      const bytes = await Body!.transformToByteArray();
      // Without a copy.
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  }

  public async readJson<T>(key: string): Promise<T | undefined> {
    const content = await this.read(key);
    return content === undefined ? undefined : JSON.parse(content.toString()) as T;
  }

  /** @throws if the object does not exist */
  public async readExisting<T>(key: string): Promise<T> {
    const content = await this.readJson<T>(key);
    if (content === undefined) throw new Error(`s3://${this.bucket}/${key} no longer exists. Start the run again.`);
    return content;
  }

  /** The contents of several objects. */
  public readAll<T>(keys: readonly string[]): Promise<T[]> {
    return mapInPool(keys, AT_A_TIME, (key) => this.readExisting<T>(key));
  }

  public async write(key: string, content: Uint8Array | string): Promise<void> {
    await this.s3.putObject({ Bucket: this.bucket, Key: key, Body: content });
  }

  public async writeJson(key: string, value: unknown): Promise<void> {
    await this.write(key, JSON.stringify(value));
  }

  /** Writes an object if it does not exist; false otherwise. */
  public async writeNew(key: string, content: string): Promise<boolean> {
    try {
      await this.s3.putObject({ Bucket: this.bucket, Key: key, Body: content, IfNoneMatch: '*' });
      return true;
    } catch (e) {
      if (statusOf(e) === 412) return false;
      throw e;
    }
  }

  /** Copies an object within the bucket. */
  public async copy(from: string, to: string): Promise<void> {
    const source = [this.bucket, ...from.split('/')].map(encodeURIComponent).join('/');
    await this.s3.copyObject({ Bucket: this.bucket, CopySource: source, Key: to });
  }

  /** The key, size and ETag of an object; undefined if it does not exist. */
  public async find(key: string): Promise<StoredObject | undefined> {
    try {
      const { ContentLength = 0, ETag = '' } = await this.s3.headObject({ Bucket: this.bucket, Key: key });
      return { key, size: ContentLength, eTag: ETag };
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  }

  /** The objects in the order of their keys, which S3 compares byte by byte. */
  public async* list(prefix: string, after?: string): AsyncGenerator<StoredObject> {
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.listObjectsV2({ Bucket: this.bucket, Prefix: prefix, StartAfter: after, ContinuationToken });
      for (const { Key, Size = 0, ETag = '' } of page.Contents ?? []) yield { key: Key!, size: Size, eTag: ETag };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  /**
   * The bytes of an object from a position. An interrupted connection is resumed.
   *
   * @throws `PreconditionFailed` if the object no longer has the ETag
   */
  public async* bytes(key: string, from: number, eTag: string): AsyncGenerator<Uint8Array> {
    let at = from;
    for (let resumes = 0; ; resumes++) {
      const { Body, ContentRange } = await this.s3.getObject({ Bucket: this.bucket, Key: key, Range: `bytes=${at}-`, IfMatch: eTag });
      const size = Number(ContentRange?.split('/')[1]);
      try {
        for await (const chunk of Body as AsyncIterable<Uint8Array>) {
          yield chunk;
          at += chunk.length;
        }
        // A connection may also end early without an error.
        if (!(at < size)) return;
      } catch (e) {
        if (resumes >= RESUMES) throw e;
      }
      if (resumes >= RESUMES) throw new Error(`s3://${this.bucket}/${key} cannot be read beyond byte ${at}`);
    }
  }

  /** Writes an object of any size from a stream. */
  public async stream(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const Body = Readable.from(content, { objectMode: false });
    await new Upload({
      client: this.s3, params: { Bucket: this.bucket, Key: key, Body }, queueSize: 2, partSize: JOINED_CHUNK_BYTES,
    }).done();
  }
}

function isNotFound(e: unknown): boolean {
  return statusOf(e) === 404;
}

export function statusOf(e: unknown): number | undefined {
  return (e as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
