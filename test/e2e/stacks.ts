import { ACCOUNT, REGION } from './services';

/** A resource that a stack has, or has had. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** Every resource of a stack, also after a rollback, from the events of the stack. */
export async function resourcesOf(url: string, stack: string): Promise<DeployedResource[]> {
  const all = new Map<string, DeployedResource>();
  for (let token: string | undefined = ''; token !== undefined;) {
    const text = await query(url, { Action: 'DescribeStackEvents', Version: '2010-05-15', StackName: stack, ...(token ? { NextToken: token } : {}) });
    for (const [, event] of text.matchAll(/<member>(.*?)<\/member>/gs)) {
      const [logicalId, physicalId, type] = ['LogicalResourceId', 'PhysicalResourceId', 'ResourceType'].map((field) => valueOf(event, field) ?? '');
      if (physicalId) all.set(physicalId, { logicalId, physicalId, type });
    }
    token = valueOf(text, 'NextToken');
  }
  return [...all.values()];
}

/** The status of a stack, such as `UPDATE_ROLLBACK_COMPLETE`. */
export async function statusOf(url: string, stack: string): Promise<string | undefined> {
  return valueOf(await query(url, { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack }), 'StackStatus');
}

/** The ARN of a stack. */
export async function stackIdOf(url: string, stack: string): Promise<string> {
  return valueOf(await query(url, { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack }), 'StackId')!;
}

/** The protocol of CloudFormation: a form in, XML out. */
async function query(url: string, form: { readonly [field: string]: string }): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${REGION}/cloudformation/aws4_request, SignedHeaders=host, Signature=none`;
  const response = await fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form), signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${form.Action} ${form.StackName}: ${response.status} ${text}`);
  return text;
}

function valueOf(xml: string, field: string): string | undefined {
  return new RegExp(`<${field}>(.*?)</${field}>`, 's').exec(xml)?.[1];
}
