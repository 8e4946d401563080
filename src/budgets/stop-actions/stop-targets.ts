import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { MAX_PARAMETER_BYTES, StopTarget } from '../../lambda/stop-spending/contract';

/** How much longer a name of a role or an ARN may be at deployment than the token that stands for it now. */
const LONGER_THAN_TOKEN = 200;

/**
 * What can be stopped, in SSM parameters below one path: an environment variable would be too small for it. A new parameter
 * begins where the last one might get too long.
 */
export class StopTargets extends Construct {
  private readonly parts: { readonly targets: StopTarget[]; length: number }[] = [];

  /** @param path what the names of the parameters begin with, without a slash at the end */
  constructor(scope: Construct, id: string, public readonly path: string) {
    super(scope, id);
  }

  public add(target: StopTarget): void {
    const last = this.parts[this.parts.length - 1];
    const length = longest(target);
    if (last && last.length + length <= MAX_PARAMETER_BYTES) {
      last.targets.push(target);
      last.length += length;
      return;
    }
    const targets = [target];
    this.parts.push({ targets, length });
    new CfnParameter(this, `Part${this.parts.length}`, {
      name: `${this.path}/${this.parts.length}`,
      type: 'String',
      description: 'What the budget may stop when it is exceeded',
      value: Lazy.uncachedString({ produce: () => Stack.of(this).toJsonString(targets) }),
    });
  }
}

/** How many characters it may take, with a comma. */
function longest(target: StopTarget): number {
  const tokens = Object.values(target).filter((value) => Token.isUnresolved(value));
  return JSON.stringify(target).length + 1 + tokens.length * LONGER_THAN_TOKEN;
}
