import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { addGrant } from './registry';

/**
 * Remembers that somebody may invoke something, so that a budget that is exceeded can take it back.
 *
 * @param construct what was granted, whose cost the invocations are; for a model, which is no construct, left out: then
 *   they are those of whoever it was granted to
 * @param committed true for a commitment, which is billed whether it is invoked or not
 */
export function recordGrant(grantee: IGrantable, invokableArn: string, construct?: IConstruct, committed?: boolean): void {
  const owner = construct ?? [grantee, grantee.grantPrincipal].find((it): it is IConstruct & IGrantable => Construct.isConstruct(it));
  if (owner) addGrant({ construct: owner, grantee, invokableArn, committed });
}
