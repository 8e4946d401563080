import { TemplateSource } from '../../src/unpriced/plain-template';
import { Usage, usagesOf } from '../../src/unpriced/usages';

/** Resources of a template by logical id. */
export interface Resources {
  readonly [logicalId: string]: { readonly Type: string; readonly Properties?: unknown; readonly Metadata?: unknown };
}

export const NOVA = 'amazon.nova-pro-v1:0';
export const CLAUDE = 'anthropic.claude-sonnet-4-6';
export const TITAN = 'amazon.titan-embed-text-v2:0';

/** A resource of a template with properties. */
export const resource = (Type: string, Properties?: unknown) => ({ Type, Properties });
export const ref = (Ref: string) => ({ Ref });
export const attribute = (...path: readonly string[]) => ({ 'Fn::GetAtt': path });
export const join = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });

/** The ARN of a model as CDK writes it. */
export const modelArn = (id: string, type = 'foundation-model') => join('arn:', ref('AWS::Partition'), ':bedrock:', ref('AWS::Region'), `::${type}/${id}`);

export const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });

/** A role for a service with statements of an inline policy. */
export const role = (service: string, ...Statement: readonly unknown[]) => resource('AWS::IAM::Role', {
  AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] },
  Policies: Statement.length === 0 ? [] : [{ PolicyName: 'p', PolicyDocument: { Statement } }],
});

/** A function with the role `Role`. */
export const fn = (variables: object = {}, roleId = 'Role') => resource('AWS::Lambda::Function', { Role: attribute(roleId, 'Arn'), Environment: { Variables: variables } });

/** A policy that is attached to the role `Role`. */
export const policy = (...Statement: readonly unknown[]) => resource('AWS::IAM::Policy', { PolicyDocument: { Statement }, Roles: [ref('Role')] });

/** A function whose role has a policy with statements. */
export const caller = (...statements: readonly unknown[]): Resources => ({ Role: role('lambda.amazonaws.com'), Policy: policy(...statements), Fn: fn() });

/** The template of a stack in us-east-1. */
export function stack(resources: Resources, more: object = {}, place: Partial<TemplateSource> = {}): TemplateSource {
  return { stack: 'Stack', region: 'us-east-1', template: { Resources: resources, ...more }, ...place };
}

/** A use on one line: `agent Agent+Role: amazon.nova-pro-v1:0`. */
export function line({ kind, billing, logicalIds, modelIds }: Usage): string {
  return `${billing === 'spends' ? '' : `${billing} `}${kind} ${logicalIds.join('+')}: ${modelIds.join(', ') || '-'}`;
}

export function linesOf(resources: Resources, more: object = {}): string[] {
  return usagesOf([stack(resources, more)]).map(line);
}
