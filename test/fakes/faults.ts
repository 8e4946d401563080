import { Refusal } from './refusal';

/** A disturbance of the next calls of an operation. */
export interface Fault {
  readonly operation: string;
  /** The HTTP status; 0 breaks the connection. By default the one that Bedrock's model gives the error. */
  readonly status?: number;
  /** The name of the error, such as `ThrottlingException`. Without an error and a status, only `change` applies. */
  readonly error?: string;
  readonly message?: string;
  /** Performs the operation before the reply is lost. */
  readonly afterwards?: boolean;
  /** @default 1 */
  readonly times?: number;
  readonly when?: (input: any) => boolean;
  /** Changes the reply instead of refusing the call. */
  readonly change?: (output: any, input: any) => any;
}

/** The faults that wait for calls, in the order in which they apply. */
export class Faults {
  public waiting: readonly Fault[] = [];

  public next(operation: string, ...faults: readonly Omit<Fault, 'operation'>[]): void {
    this.waiting = [...this.waiting, ...faults.map((fault) => ({ operation, ...fault }))];
  }

  /** The number of faults that have not applied yet. A test that sets a fault without effect must fail. */
  public get left(): number {
    return this.waiting.reduce((sum, { times = 1 }) => sum + times, 0);
  }

  /** The fault of a call, which then waits for one call less. */
  public take(operation: string, input: unknown): Fault | undefined {
    const fault = this.waiting.find((one) => one.operation === operation && (!one.when || one.when(input)));
    if (!fault) return undefined;
    const left = (fault.times ?? 1) - 1;
    this.waiting = this.waiting.flatMap((one) => (one !== fault ? [one] : left > 0 ? [{ ...one, times: left }] : []));
    return fault;
  }
}

/** Whether a fault refuses the call, or breaks its connection. */
export function isRefused({ status, error }: Fault): boolean {
  return status !== undefined || error !== undefined;
}

export function refusalOf({ operation, status, error = 'InternalServerException', message }: Fault): Refusal {
  return new Refusal(error, message ?? `AWS says no to ${operation}`, status);
}
