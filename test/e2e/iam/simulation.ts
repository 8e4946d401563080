import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, REGION } from '../services';

/**
 * The evaluation of a role by the emulator, with the policies that were deployed.
 *
 * It does not support condition keys of a request, such as `iam:PassedToService` of `iam:PassRole`. (If the emulator enforces policies on
 * every request, with AUTH=true, it also requires correct signatures, which the requests of the proxies do not have.)
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
