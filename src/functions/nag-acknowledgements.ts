import { Stack, Validations } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';

/**
 * Acknowledges rules of the AwsSolutions pack of cdk-nag that this library cannot satisfy, with the reason.
 *
 * Without cdk-nag in the app, this metadata has no effect: nothing is printed, and no template changes.
 */
export function acknowledgeRules(scope: IConstruct, reason: string, ...ids: string[]): void {
  Validations.of(scope).acknowledge(...ids.map((id) => ({ id: `AwsSolutions-${id}`, reason })));
}

/** Acknowledges the wildcards in some resources of a policy. */
export function acknowledgeResources(scope: IConstruct, reason: string, resourceArns: readonly string[]): void {
  const findings = resourceArns.map((arn) => flatten(Stack.of(scope).resolve(arn))).filter((arn) => arn.includes('*'));
  if (findings.length > 0) acknowledgeRules(scope, reason, ...findings.map((arn) => `IAM5[Resource::${arn}]`));
}

/** Acknowledges the wildcards that the policies of a scope contain now. Wildcards that are added later are not covered. */
export function acknowledgeWildcards(scope: Construct, reason: string): void {
  const findings = scope.node.findAll().filter((node) => CfnPolicy.isCfnPolicy(node)).flatMap((policy) => {
    const { Statement: statements = [] } = Stack.of(policy).resolve(policy.policyDocument) as { Statement?: PolicyStatementJson[] };
    return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource }) => [
      ...listOf(Action).map((action) => `Action::${action as string}`),
      ...listOf(Resource).map((resource) => `Resource::${flatten(resource)}`),
    ]);
  });
  const wildcards = [...new Set(findings)].filter((finding) => finding.includes('*'));
  acknowledgeRules(scope, reason, ...wildcards.map((finding) => `IAM5[${finding}]`));
}

interface PolicyStatementJson {
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource: unknown;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A CloudFormation expression in the form of cdk-nag's finding ids: `<Bucket.Arn>/*`. */
function flatten(value: any): string {
  if (typeof value === 'string') return value.replace(/\${/g, '<').replace(/}/g, '>');
  if (value['Fn::Join']) return value['Fn::Join'][1].map(flatten).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt']) return `<${value['Fn::GetAtt'].map(flatten).join('.')}>`;
  if (value['Fn::Sub']) return flatten(value['Fn::Sub']);
  if (value['Fn::ImportValue']) return flatten(value['Fn::ImportValue']);
  if (value.Ref) return `<${value.Ref}>`;
  return JSON.stringify(value);
}
