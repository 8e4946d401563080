import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, REGION } from '../services';

/**
 * IAM's judgement of a role: the emulator's own evaluation of the policies that it was deployed with.
 *
 * It knows no condition keys of a request, so it cannot be asked about `iam:PassRole` with `iam:PassedToService`. (Enforced
 * on every request, as with AUTH=true, it wants each signature to be right, which the proxies' own requests are not.)
 */
export class Simulation {
  private readonly iam: IAMClient;

  constructor(url: string) {
    this.iam = new IAMClient({ endpoint: url, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' } });
  }

  public async allows(roleArn: string, action: string, resource: string): Promise<boolean> {
    const { EvaluationResults: [result] = [] } = await this.iam.send(new SimulatePrincipalPolicyCommand({
      PolicySourceArn: roleArn, ActionNames: [action], ResourceArns: [resource],
    }));
    return result?.EvalDecision === 'allowed';
  }
}
