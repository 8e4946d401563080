import { DeleteParameterCommand, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { ssm } from './clients';
import { Deletion, mergedDeletion, parseDeletion } from './deletion';
import { RecordStore } from './stop-record-store';
import { isNamed } from '../shared/errors';
import { hash } from '../shared/hash';

/** Deletions and purchases of each throughput, by the ARN that its stack has. */
export class Deletions {
  private readonly stores = new Map<string, RecordStore<Deletion>>();

  constructor(private readonly path: string) {}

  public of(arn: string): RecordStore<Deletion> {
    let store = this.stores.get(arn);
    if (!store) {
      store = new RecordStore(this.nameOf(arn), { parse: (text) => parseDeletion(arn, text), merge: mergedDeletion });
      this.stores.set(arn, store);
    }
    return store;
  }

  /** All deletions, in the order of their ARNs. */
  public async all(): Promise<Deletion[]> {
    const deletions: Deletion[] = [];
    for (const arn of await this.arns()) deletions.push(await this.of(arn).read());
    return deletions;
  }

  /** The ARNs of all throughput with a recorded deletion. */
  public async arns(): Promise<string[]> {
    const arns: string[] = [];
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: this.path })) {
      arns.push(...Parameters.flatMap(({ Value }) => arnIn(Value) ?? []));
    }
    return arns.sort();
  }

  /** Deletes the record of throughput that its stack has removed. */
  public async forget(arn: string): Promise<void> {
    try {
      await ssm.send(new DeleteParameterCommand({ Name: this.nameOf(arn) }));
    } catch (e) {
      if (!isNamed(e, 'ParameterNotFound')) throw e;
    }
  }

  private nameOf(arn: string): string {
    return `${this.path}/${hash(arn).slice(0, 16)}`;
  }
}

function arnIn(value: string | undefined): string | undefined {
  try {
    const arn = JSON.parse(value ?? 'null')?.arn;
    return typeof arn === 'string' ? arn : undefined;
  } catch {
    return undefined;
  }
}
