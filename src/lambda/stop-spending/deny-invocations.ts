import { AttachRolePolicyCommand, DetachRolePolicyCommand, paginateListAttachedRolePolicies, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import { ActionResult, failure } from './action-result';
import { iam } from './clients';
import { StopActionKind } from './contract';
import { isNamed } from '../shared/errors';

const ACTION = StopActionKind.DENY_INVOCATIONS;

/** Denies a role new invocations. Attaching the policy twice has no further effect. */
export async function deny(role: string, policyArn: string): Promise<ActionResult> {
  try {
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    return { action: ACTION, target: role, result: 'done', text: 'can no longer invoke models' };
  } catch (e) {
    return failure(ACTION, role, e, isNamed(e, 'LimitExceededException') ? withoutRoom(role, policyArn) : `aws iam attach-role-policy --role-name ${role} --policy-arn ${policyArn}`);
  }
}

/**
 * Remedies for a role that has as many managed policies as IAM allows. This function does not write inline policies: IAM has no
 * condition that limits their content, so a change of the function's code could grant any permission to any role.
 */
function withoutRoom(role: string, policyArn: string): string {
  const version = `$(aws iam get-policy --policy-arn ${policyArn} --query Policy.DefaultVersionId --output text)`;
  return `detach a managed policy from ${role}, or raise the quota of managed policies per role in Service Quotas, and stop again. Or deny it inline, which this function does not undo: `
    + `aws iam put-role-policy --role-name ${role} --policy-name BedrockCostStop --policy-document "$(aws iam get-policy-version --policy-arn ${policyArn} --version-id "${version}" --query PolicyVersion.Document --output json)"; `
    + `when the budget is no longer exceeded: aws iam delete-role-policy --role-name ${role} --policy-name BedrockCostStop`;
}

export async function wouldDeny(role: string, policyArn: string): Promise<ActionResult> {
  try {
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client: iam }, { RoleName: role })) {
      if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return { action: ACTION, target: role, result: 'already', text: 'is denied already' };
    }
    return { action: ACTION, target: role, result: 'would', text: 'would no longer invoke models' };
  } catch (e) {
    return failure(ACTION, role, e, 'nothing: this was a dry run');
  }
}

/** The roles that have a policy, among them roles that were removed from the app and are no longer targets. */
export async function rolesWith(policyArn: string): Promise<string[]> {
  const roles: string[] = [];
  for await (const { PolicyRoles = [] } of paginateListEntitiesForPolicy({ client: iam }, { PolicyArn: policyArn, EntityFilter: 'Role' })) {
    roles.push(...PolicyRoles.map(({ RoleName }) => RoleName!));
  }
  return roles;
}

export async function allow(role: string, policyArn: string): Promise<ActionResult> {
  try {
    await iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    return { action: ACTION, target: role, result: 'done', text: 'can invoke models again' };
  } catch (e) {
    if (isNamed(e, 'NoSuchEntityException')) return { action: ACTION, target: role, result: 'already', text: 'is not denied' };
    return failure(ACTION, role, e, `aws iam detach-role-policy --role-name ${role} --policy-arn ${policyArn}`);
  }
}
