import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { MAX_PARAMETER_BYTES, StopTarget } from '../../lambda/stop-spending/contract';

/** The maximum number of characters by which the name of a role or an ARN may be longer at deployment than its token at synth. */
const LONGER_THAN_TOKEN = 200;

/**
 * The targets of stop actions, in SSM parameters below one path, since an environment variable would be too small. A new parameter
 * is created if the last one could become too long.
 */
export class StopTargets extends Construct {
  private readonly parts: { readonly targets: StopTarget[]; length: number }[] = [];

  /** @param path the prefix of the names of the parameters, without a slash at the end */
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
      description: 'Targets of the stop actions of the budget',
      value: Lazy.uncachedString({ produce: () => Stack.of(this).toJsonString(targets) }),
    });
  }
}

/** The maximum number of characters of a target, with a comma. */
function longest(target: StopTarget): number {
  const tokens = Object.values(target).filter((value) => Token.isUnresolved(value));
  return JSON.stringify(target).length + 1 + tokens.length * LONGER_THAN_TOKEN;
}
