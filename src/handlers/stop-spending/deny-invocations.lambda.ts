import { AttachRolePolicyCommand, DetachRolePolicyCommand, paginateListAttachedRolePolicies, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam';
import { iam } from './clients.lambda';
import { failure, isNamed, Outcome } from './outcome';
import { StopActionKind } from '../stop-spending.contract';

const ACTION = StopActionKind.DENY_INVOCATIONS;

/** Denies a role new invocations. AWS takes a second attachment for the first. */
export async function deny(role: string, policyArn: string): Promise<Outcome> {
  try {
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    return { action: ACTION, target: role, result: 'done', text: 'can no longer invoke models' };
  } catch (e) {
    return failure(ACTION, role, e, `aws iam attach-role-policy --role-name ${role} --policy-arn ${policyArn}`);
  }
}

export async function wouldDeny(role: string, policyArn: string): Promise<Outcome> {
  try {
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client: iam }, { RoleName: role })) {
      if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return { action: ACTION, target: role, result: 'already', text: 'is denied already' };
    }
    return { action: ACTION, target: role, result: 'would', text: 'would no longer invoke models' };
  } catch (e) {
    return failure(ACTION, role, e, 'nothing: this was a dry run');
  }
}

/** Who has the policy now: roles that have left the app since are in no list of targets. None when AWS does not tell. */
export async function rolesDenied(policyArn: string): Promise<string[]> {
  const roles: string[] = [];
  try {
    for await (const { PolicyRoles = [] } of paginateListEntitiesForPolicy({ client: iam }, { PolicyArn: policyArn, EntityFilter: 'Role' })) {
      roles.push(...PolicyRoles.map(({ RoleName }) => RoleName!));
    }
  } catch (e) {
    console.error(`who else has ${policyArn} is not known: ${(e as Error).message}`);
  }
  return roles;
}

export async function allow(role: string, policyArn: string): Promise<Outcome> {
  try {
    await iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
    return { action: ACTION, target: role, result: 'done', text: 'can invoke models again' };
  } catch (e) {
    if (isNamed(e, 'NoSuchEntityException')) return { action: ACTION, target: role, result: 'already', text: 'is not denied' };
    return failure(ACTION, role, e, `aws iam detach-role-policy --role-name ${role} --policy-arn ${policyArn}`);
  }
}
