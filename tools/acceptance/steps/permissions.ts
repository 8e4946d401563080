import { BedrockClient, CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand } from '@aws-sdk/client-bedrock';
import { GetAccountSummaryCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { attempt, converse, createEmptyJob } from './attempts';
import { Attempt, Permissions } from '../observations';
import { modelIdOf, RoleName, Scene } from '../scene';

/** Finds the calls that AWS authorizes: each role of the app has one permission, or lacks one. */
export async function tryPermissions(scene: Scene): Promise<Permissions> {
  const { aws, outputs } = scene;
  const invokeAs = (role: RoleName): Promise<Attempt> => attempt(role, async () => {
    const { runtime } = await aws.as(outputs[`${role}RoleArn`]);
    await converse(scene, runtime, 'profile ARN');
  });
  const powerless = await aws.as(outputs.PowerlessRoleArn);
  const { SummaryMap } = await aws.iam.send(new GetAccountSummaryCommand({}));
  return {
    withoutProject: await invokeAs('NoProject'),
    onlyApplicationProfile: await invokeAs('OnlyApplicationProfile'),
    onlySystemProfile: await invokeAs('OnlySystemProfile'),
    createJob: await attempt('Powerless', () => createEmptyJob(scene, powerless.bedrock)),
    createThroughput: await attempt('Powerless', () => buyWithoutPermission(scene, powerless.bedrock)),
    policiesPerRole: SummaryMap?.AttachedPoliciesPerRoleQuota,
  };
}

/**
 * Requests a purchase that AWS must deny, since the refusal names the resource for which the permission is missing.
 *
 * Makes no request unless the IAM simulation denies the purchase first. If AWS accepts it anyway, deletes it immediately.
 */
async function buyWithoutPermission(scene: Scene, bedrock: BedrockClient): Promise<void> {
  const { aws, outputs, options } = scene;
  const { EvaluationResults: [result] = [] } = await aws.iam.send(new SimulatePrincipalPolicyCommand({
    PolicySourceArn: outputs.PowerlessRoleArn, ActionNames: ['bedrock:CreateProvisionedModelThroughput'], ResourceArns: ['*'],
  }));
  if (result?.EvalDecision !== 'implicitDeny') throw new Error(`IAM simulates ${result?.EvalDecision} for the role without permissions: nothing was asked`);
  const { provisionedModelArn: provisionedModelId } = await bedrock.send(new CreateProvisionedModelThroughputCommand({
    provisionedModelName: `acceptance-${scene.clock.now()}`, modelId: `${modelIdOf(scene)}:${options.contextVariant}`, modelUnits: 1,
  }));
  await aws.bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }));
}
