import { RecordedCall } from './recorder';
import { ACCOUNT, REGION } from '../services';

/** The ARN of a purchase. Requests may also use its name, but IAM checks the ARN with the id that AWS has chosen. */
const SOME_PURCHASE = `arn:aws:bedrock:${REGION}:${ACCOUNT}:provisioned-model/abcdefghijkl`;

/** The resources of a recorded call, for each of its IAM actions: the ARNs that a policy must allow. */
export function resourcesOf({ action, takes, path, body }: RecordedCall): { readonly [action: string]: readonly string[] } {
  const taken = Object.fromEntries(takes.filter((other) => other !== 'iam:PassRole').map((other) => [other, [SOME_PURCHASE]]));
  return { ...taken, [action]: aboutWhat(action, decodeURIComponent(path.split('?')[0]), body) };
}

function aboutWhat(action: string, path: string, body: string): string[] {
  const [service, operation] = action.split(':');
  switch (service) {
    case 'bedrock': return aboutThroughput(operation, path, body ? JSON.parse(body) : {});
    // Names that CloudFormation generates begin with a slash in the emulator, and with a letter on AWS, as CDK assumes for the ARN.
    case 'ssm': return [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${parameterOf(JSON.parse(body).Name)}`];
    case 'scheduler': return [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${path.split('/').pop()}`];
    case 'sns': return [new URLSearchParams(body).get('TopicArn')!];
    default: throw new Error(`the resources of ${action} are unknown`);
  }
}

/** The resources of a purchase or a change of the model, which include the model. */
function aboutThroughput(operation: string, path: string, { modelId, desiredModelId, resourceARN }: any): string[] {
  if (/tag/i.test(operation)) return [resourceARN];
  const [, id = ''] = /^\/provisioned-model-throughput\/(.*)$/.exec(path) ?? [];
  const model = modelId ?? desiredModelId;
  return [id.startsWith('arn:') ? id : SOME_PURCHASE, ...(model === undefined ? [] : [model.startsWith('arn:') ? model : `arn:aws:bedrock:${REGION}::foundation-model/${model}`])];
}

/** A name as in IAM: without the slash at the beginning of a path, and without a version. */
function parameterOf(name: string): string {
  return name.replace(/^\//, '').replace(/:\d+$/, '');
}
