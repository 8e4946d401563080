import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { StateError } from './errors';

/** The result of a child of a Distributed Map. */
export interface Child {
  readonly id: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: Error;
}

/** The items of an ItemReader whose parameters have been evaluated. */
export async function readItems(s3: S3Client, parameters: any, { InputType, MaxItems }: any): Promise<unknown[]> {
  try {
    const { Body } = await s3.send(new GetObjectCommand(parameters));
    const text = await Body!.transformToString();
    const items = InputType === 'JSONL' ? text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line)) : JSON.parse(text);
    if (!Array.isArray(items)) throw new Error('the file is not a list');
    return MaxItems > 0 ? items.slice(0, MaxItems) : items;
  } catch (thrown) {
    throw new StateError('States.ItemReaderFailed', `${parameters.Bucket}/${parameters.Key}: ${thrown}`);
  }
}

/** Writes the files of a ResultWriter, with the fields that matter here, and returns the output of the Map. */
export async function writeResults(s3: S3Client, mapRunArn: string, { Bucket, Prefix }: any, children: readonly Child[]): Promise<object> {
  const folder = `${Prefix ? `${Prefix}/` : ''}${mapRunArn.split(':').pop()}`;
  const write = async (name: string, content: unknown) => {
    const Key = `${folder}/${name}`;
    const Body = JSON.stringify(content);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    return { Key, Size: Buffer.byteLength(Body) };
  };
  try {
    const succeeded = children.filter(({ error }) => !error).map(entry);
    const failed = children.filter(({ error }) => error).map(entry);
    const ResultFiles = {
      FAILED: failed.length > 0 ? [await write('FAILED_0.json', failed)] : [],
      PENDING: [],
      SUCCEEDED: succeeded.length > 0 ? [await write('SUCCEEDED_0.json', succeeded)] : [],
    };
    await write('manifest.json', { DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles });
  } catch (thrown) {
    throw new StateError('States.ResultWriterFailed', `${Bucket}/${folder}: ${thrown}`);
  }
  return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key: `${folder}/manifest.json` } };
}

function entry({ id, input, output, error }: Child): object {
  const end = error ? { Error: error.name, Cause: error.message, Status: 'FAILED' } : { Output: JSON.stringify(output), Status: 'SUCCEEDED' };
  return { ExecutionArn: id, Input: JSON.stringify(input), Name: id.split(':').pop(), ...end };
}
