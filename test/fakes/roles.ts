import { paged } from './parameters';
import { refuse } from './refusal';

/** The roles of IAM: the ARNs of the policies that are attached to each. */
export class Roles {
  public readonly attached = new Map<string, Set<string>>();

  public perform(operation: string, input: any): object | undefined {
    switch (operation) {
      case 'AttachRolePolicy':
        this.policiesOf(input.RoleName).add(input.PolicyArn);
        return {};
      case 'DetachRolePolicy':
        if (!this.policiesOf(input.RoleName).delete(input.PolicyArn)) refuse('NoSuchEntity', `Policy ${input.PolicyArn} was not found.`, 404);
        return {};
      case 'ListEntitiesForPolicy': {
        const having = [...this.attached].filter(([, policies]) => policies.has(input.PolicyArn)).map(([role]) => role);
        const [page, marker] = paged(having, input.Marker, 2);
        return { PolicyRoles: page.map((RoleName) => ({ RoleName })), ...pageEnd(marker) };
      }
      case 'ListAttachedRolePolicies': {
        const [page, marker] = paged([...this.policiesOf(input.RoleName)], input.Marker, 1);
        return { AttachedPolicies: page.map((PolicyArn) => ({ PolicyArn, PolicyName: PolicyArn.split('/').pop() })), ...pageEnd(marker) };
      }
      default: return undefined;
    }
  }

  private policiesOf(role: string): Set<string> {
    return this.attached.get(role) ?? refuse('NoSuchEntity', `The role with name ${role} cannot be found.`, 404);
  }
}

function pageEnd(marker: string | undefined): object {
  return { IsTruncated: marker !== undefined, ...(marker === undefined ? {} : { Marker: marker }) };
}
