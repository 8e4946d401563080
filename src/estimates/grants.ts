import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { addGrant } from './registry';

/**
 * Records a permission to invoke a resource or model, which the stop actions of a budget can take back.
 *
 * @param construct the resource that was granted, which has the cost of the invocations; left out for a model, which is no construct:
 *   then the grantee has the cost
 * @param committed true for a commitment, which is billed whether it is invoked or not
 */
export function recordGrant(grantee: IGrantable, invokableArn: string, construct?: IConstruct, committed?: boolean): void {
  const owner = construct ?? [grantee, grantee.grantPrincipal].find((it): it is IConstruct & IGrantable => Construct.isConstruct(it));
  if (owner) addGrant({ construct: owner, grantee, invokableArn, committed });
}
