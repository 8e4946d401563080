import { refuse } from './refusal';

export interface StoredParameter {
  readonly value: string;
  readonly version: number;
  /** The time of the write, in milliseconds since 1970. */
  readonly at: number;
  readonly before?: StoredParameter;
}

/** The most bytes of a standard parameter, and the versions that a parameter keeps. */
const LONGEST_VALUE = 4096;
const KEPT_VERSIONS = 100;
const MOST_ON_A_PAGE = 10;

/** The parameters of AWS Systems Manager, with their versions. */
export class Parameters implements Iterable<[string, StoredParameter]> {
  /** Readers of the newest version get the one before it. */
  public staleReads = false;
  private readonly stored = new Map<string, StoredParameter>();

  constructor(private readonly now: () => number) {}

  public reset(): void {
    this.stored.clear();
    this.staleReads = false;
  }

  public get(name: string): string | undefined {
    return this.stored.get(name)?.value;
  }

  public has(name: string): boolean {
    return this.stored.has(name);
  }

  /** A parameter without earlier versions, as a test begins with it. */
  public set(name: string, value: string, version = 1): void {
    this.stored.set(name, { value, version, at: this.now() });
  }

  /** The next version, as CloudFormation writes it. */
  public write(name: string, value: string): void {
    this.put({ Name: name, Value: value, Overwrite: true });
  }

  public delete(name: string): boolean {
    return this.stored.delete(name);
  }

  /** The values of all versions, the first one of version 1. */
  public valuesOf(name: string): string[] {
    const values: string[] = [];
    for (let found = this.stored.get(name); found; found = found.before) values.unshift(found.value);
    return values;
  }

  public get size(): number {
    return this.stored.size;
  }

  public keys(): IterableIterator<string> {
    return this.stored.keys();
  }

  public [Symbol.iterator](): IterableIterator<[string, StoredParameter]> {
    return this.stored[Symbol.iterator]();
  }

  /** Brings back what an earlier iteration gave. */
  public restore(parameters: Iterable<[string, StoredParameter]>): void {
    for (const [name, parameter] of parameters) this.stored.set(name, parameter);
  }

  public perform(operation: string, input: any): object | undefined {
    switch (operation) {
      case 'GetParameter': return { Parameter: this.read(input.Name) };
      case 'PutParameter': return this.put(input);
      case 'DeleteParameter': return this.stored.delete(input.Name) ? {} : refuse('ParameterNotFound', `There is no parameter ${input.Name}`, 400);
      case 'GetParametersByPath': return this.below(input);
      default: return undefined;
    }
  }

  /** With or without a version: `name:3`. */
  private read(asked: string): object {
    const [name, wanted] = asked.split(':');
    const newest = this.stored.get(name) ?? refuse('ParameterNotFound', `There is no parameter ${name}`, 400);
    let found: StoredParameter | undefined = (this.staleReads && newest.before) || newest;
    if (wanted !== undefined) for (found = newest; found && found.version !== Number(wanted);) found = found.before;
    if (!found || found.version <= newest.version - KEPT_VERSIONS) refuse('ParameterVersionNotFound', `${name} has no version ${wanted}`, 400);
    const { value, version, at } = found!;
    return { Name: name, Type: 'String', Value: value, Version: version, LastModifiedDate: at / 1000 };
  }

  private put({ Name, Value, Overwrite }: { Name: string; Value: string; Overwrite?: boolean }): object {
    if (Buffer.byteLength(Value) > LONGEST_VALUE || Value.includes('{{')) {
      refuse('ValidationException', `Standard tier parameters support a maximum parameter value of ${LONGEST_VALUE} characters.`, 400);
    }
    const before = this.stored.get(Name);
    if (before && !Overwrite) refuse('ParameterAlreadyExists', `${Name} exists`, 400);
    const version = (before?.version ?? 0) + 1;
    this.stored.set(Name, { value: Value, version, at: this.now(), before });
    return { Version: version, Tier: 'Standard' };
  }

  private below({ Path, NextToken }: { Path: string; NextToken?: string }): object {
    const names = [...this.stored.keys()].filter((name) => name.startsWith(`${Path}/`)).sort();
    const [page, next] = paged(names, NextToken, MOST_ON_A_PAGE);
    return { Parameters: page.map((name) => this.read(name)), NextToken: next };
  }
}

/** One page, and the token of the next one. */
export function paged<T>(all: readonly T[], token: string | undefined, size: number): [T[], string | undefined] {
  const start = Number(token ?? 0);
  return [all.slice(start, start + size), start + size < all.length ? String(start + size) : undefined];
}
