import { Refusal } from './answers';
import { Answer } from '../http';

/** What goes wrong with one call. */
export interface Fault {
  /** The name of the error, such as `ThrottlingException`. */
  readonly code: string;
  /** As the model has it, if left out. */
  readonly status?: number;
  readonly message?: string;
  /** Whether AWS does what was asked for before the answer is lost. */
  readonly afterEffect?: boolean;
}

/** Faults that wait for the next call of an operation; each strikes once, in the order in which they were set. */
export class Faults {
  private readonly waiting = new Map<string, Fault[]>();

  public next(operation: string, ...faults: Fault[]): void {
    this.waiting.set(operation, [...this.waiting.get(operation) ?? [], ...faults]);
  }

  /** How many have not struck yet: a test that set one in vain has to fail. */
  public get left(): number {
    return [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  public async strike(operation: string, act: () => Promise<Answer>): Promise<Answer> {
    const fault = this.waiting.get(operation)?.shift();
    if (!fault) return act();
    if (fault.afterEffect) await act();
    return new Refusal(fault.code, fault.message ?? `${operation} was made to fail`, fault.status).answer();
  }
}
