import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CostEntry, priceEntries, RegisteredFinding, registryOf } from '../../src/estimates/registry';

/** A stack of a new app, in us-east-1 by default. */
export function stackIn(region: string | null = 'us-east-1', context: { [key: string]: unknown } = {}): Stack {
  const env: StackProps['env'] = region === null ? undefined : { account: '111111111111', region };
  return new Stack(new App({ context }), 'Stack', { env });
}

/** The messages of all validations of an app, as in its synthesis. */
export function refusals(stack: Stack): string[] {
  return stack.node.root.node.findAll().flatMap((node) => node.node.validate().map((text) => `[${node.node.path}] ${text}`));
}

export function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
}

export function entries(stack: Stack): CostEntry[] {
  return registryOf(stack).entries;
}

/** The findings of an app, including those that follow from prices. */
export function findingsOf(stack: Stack): RegisteredFinding[] {
  priceEntries(stack);
  return registryOf(stack).findings;
}

export function roleIn(stack: Stack): Role {
  return new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
}

/** The account's default project as a template names it: InvokeModel and Converse are authorized on it, too (botocore 1.44.8). */
export const DEFAULT_PROJECT = 'arn:<AWS::Partition>:bedrock:<AWS::Region>:<AWS::AccountId>:project/default';

/** The statements of every policy that allow an action. */
export function statementsOf(stack: Stack, action: string): ReturnType<PolicyStatement['toStatementJson']>[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().includes(action));
}

/** A CloudFormation expression as one readable text. */
export function flat(value: any): string {
  if (Array.isArray(value)) return value.map(flat).join('\n');
  if (typeof value !== 'object') return String(value);
  if (value['Fn::Join']) return value['Fn::Join'][1].map(flat).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt']) return `<${value['Fn::GetAtt'].join('.')}>`;
  return `<${value.Ref}>`;
}
