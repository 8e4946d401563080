import { Stack } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BatchLocation, grantRead, grantWrite } from './location';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { BedrockModel } from '../bedrock-model';
import { defaultProjectArn } from '../bedrock-model-base';

/** The network of the account through which jobs access their data. */
export interface JobNetwork {
  readonly vpc: IVpc;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
}

export function jobArns(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' });
}

/**
 * Creates the role that Amazon Bedrock assumes in jobs: it reads and writes in the folders of runs, and invokes the model.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-iam-sr.html
 */
export function jobRole(scope: Construct, id: string, model: BedrockModel, output: BatchLocation, network: JobNetwork | undefined): Role {
  const role = new Role(scope, id, {
    description: 'Amazon Bedrock assumes it in batch jobs',
    assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account }, ArnLike: { 'aws:SourceArn': jobArns(scope) } },
    }),
  });
  const steps = { bucket: output.bucket, path: `${output.path}*/steps/` };
  grantRead(role, steps, output.path);
  grantWrite(role, steps);
  // Without the condition on the profile that other grants have, as in the role for batch jobs in the AWS documentation.
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [...model._authorizedArns, defaultProjectArn()] }));
  if (network) allowNetworkInterfaces(role, network);
  acknowledgeWildcards(role, 'records and results are whole folders of a bucket, and AWS chooses the regions behind an inference profile and the ids of network interfaces');
  return role;
}

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html */
function allowNetworkInterfaces(role: Role, { vpc, subnetIds, securityGroupIds }: JobNetwork): void {
  const stack = Stack.of(role);
  const arns = (resource: string, resourceName = '*') => stack.formatArn({ service: 'ec2', resource, resourceName });
  // Actions that describe have no resources in IAM.
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeVpcs', 'ec2:DescribeDhcpOptions', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'],
    resources: ['*'],
  }));
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['ec2:CreateNetworkInterface'],
    resources: [arns('network-interface'), ...subnetIds.map((id) => arns('subnet', id)), ...securityGroupIds.map((id) => arns('security-group', id))],
  }));
  const inVpc = { ArnEquals: { 'ec2:Vpc': vpc.vpcArn } };
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission'],
    resources: [arns('network-interface')],
    conditions: inVpc,
  }));
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['ec2:CreateTags'], resources: [arns('network-interface')], conditions: { StringEquals: { 'ec2:CreateAction': 'CreateNetworkInterface' } },
  }));
}
