import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuseInput } from '../estimates/findings';
import { PricingError } from '../input/error';

/**
 * Collects what is wrong with the props of a construct. What is known only at deployment passes.
 *
 * Nothing is thrown: `cdk synth` shows every problem with the path of its construct, and no stack trace of this library.
 */
export class InputChecks {
  private readonly problems: PricingError[] = [];

  /** `value` is allowed if it is left out, a token, or fulfils the condition. */
  public check<T>(prop: string, value: T | undefined, isAllowed: (value: T) => boolean, allowed: string, fix?: string): this {
    if (value !== undefined && !Token.isUnresolved(value) && !isAllowed(value)) this.problems.push(new PricingError(prop, value, allowed, fix));
    return this;
  }

  /** Refuses a prop for a reason that is not its value alone: `${prop} ${problem}. ${fix}` */
  public refuseIf(isRefused: boolean, prop: string, problem: string, fix?: string): this {
    if (isRefused) this.problems.push(PricingError.about(prop, problem, fix));
    return this;
  }

  /** Refuses the construct if there are problems, and says whether there were none. */
  public passed(construct: IConstruct): boolean {
    this.problems.forEach((problem) => refuseInput(construct, problem));
    return this.problems.length === 0;
  }
}
