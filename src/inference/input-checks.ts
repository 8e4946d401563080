import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuseInput } from '../estimates/findings';
import { PricingError } from '../input/error';

/**
 * Collects the problems of the props of a construct. Values that are known only at deployment pass.
 *
 * It throws no errors: `cdk synth` shows every problem with the path of its construct, and no stack trace of this library.
 */
export class InputChecks {
  private readonly problems: PricingError[] = [];

  /** Checks a value, which is allowed if it is undefined, a token, or fulfils the condition. */
  public check<T>(prop: string, value: T | undefined, isAllowed: (value: T) => boolean, allowed: string, fix?: string): this {
    if (value !== undefined && !Token.isUnresolved(value) && !isAllowed(value)) this.problems.push(new PricingError(prop, value, allowed, fix));
    return this;
  }

  /** Refuses a prop for a reason other than its value alone: `${prop} ${problem}. ${fix}` */
  public refuseIf(isRefused: boolean, prop: string, problem: string, fix?: string): this {
    if (isRefused) this.problems.push(PricingError.about(prop, problem, fix));
    return this;
  }

  /** Refuses the construct if there are problems. Returns true if there are none. */
  public passed(construct: IConstruct): boolean {
    this.problems.forEach((problem) => refuseInput(construct, problem));
    return this.problems.length === 0;
  }
}
