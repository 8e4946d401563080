import { Asked } from '../../fakes/http';
import { restOperation } from '../../fakes/sdk-model';

/** The IAM actions that a call needs: its own action first, then the actions for its tags, roles and other parts. */
export function iamActions(asked: Asked): string[] {
  const service = serviceOf(asked);
  const operation = operationOf(service, asked);
  return [`${service}:${operation}`, ...taken(operation, asked)];
}

/** The name of the service in IAM, which equals the one in the signature for all services that are called here. */
function serviceOf({ headers }: Asked): string {
  return /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
}

function operationOf(service: string, { method, path, headers, body }: Asked): string {
  const target = headers['x-amz-target'];
  if (target) return `${target}`.split('.').pop()!;
  const action = /form-urlencoded/.test(headers['content-type'] ?? '') ? new URLSearchParams(body.toString()).get('Action') : null;
  if (action) return action;
  // Only functions of CDK's framework call functions; the client of Lambda is not installed.
  if (service === 'lambda' && /\/invocations$/.test(path)) return 'InvokeFunction';
  return restOperation(service, method, path) ?? `unknown(${method} ${path})`;
}

function taken(operation: string, { body }: Asked): string[] {
  const isSchedule = operation === 'CreateSchedule' || operation === 'UpdateSchedule';
  const isTagged = operation === 'CreateProvisionedModelThroughput';
  if (!isSchedule && !isTagged) return [];
  const { Target: target, tags = [] } = JSON.parse(body.toString());
  return [...(target?.RoleArn ? ['iam:PassRole'] : []), ...(tags.length > 0 ? ['bedrock:TagResource'] : [])];
}
