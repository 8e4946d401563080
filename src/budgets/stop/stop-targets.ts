import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { StopTarget } from '../../handlers/stop-spending.contract';

/** What a standard parameter holds. */
const MAX_VALUE = 4096;
/** Names of roles and ARNs are known only at deployment; none of those that we write is longer. */
const LONGEST_TARGET = 400;

/**
 * What can be stopped, in SSM parameters below one path: an environment variable would be too small for it. A new parameter
 * begins where the last one might get too long.
 */
export class StopTargets extends Construct {
  private readonly parts: StopTarget[][] = [];

  /** @param path what the names of the parameters begin with, without a slash at the end */
  constructor(scope: Construct, id: string, public readonly path: string) {
    super(scope, id);
  }

  public add(target: StopTarget): void {
    const last = this.parts[this.parts.length - 1];
    if (last && (last.length + 1) * LONGEST_TARGET <= MAX_VALUE) {
      last.push(target);
      return;
    }
    const part = [target];
    this.parts.push(part);
    new CfnParameter(this, `Part${this.parts.length}`, {
      name: `${this.path}/${this.parts.length}`,
      type: 'String',
      description: 'What the budget may stop when it is exceeded',
      value: Lazy.string({ produce: () => Stack.of(this).toJsonString(part) }),
    });
  }
}
