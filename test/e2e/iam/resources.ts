import { RecordedCall } from './recorder';
import { ACCOUNT, REGION } from '../services';

/** Purchases are asked for by their names too; what IAM is asked about then has an id that AWS has chosen. */
const SOME_PURCHASE = `arn:aws:bedrock:${REGION}:${ACCOUNT}:provisioned-model/abcdefghijkl`;

/** What a recorded call is about, for each of its IAM actions: the ARNs that a policy has to name. */
export function resourcesOf({ action, takes, path, body }: RecordedCall): { readonly [action: string]: readonly string[] } {
  const taken = Object.fromEntries(takes.filter((other) => other !== 'iam:PassRole').map((other) => [other, [SOME_PURCHASE]]));
  return { ...taken, [action]: aboutWhat(action, decodeURIComponent(path.split('?')[0]), body) };
}

function aboutWhat(action: string, path: string, body: string): string[] {
  const [service, operation] = action.split(':');
  switch (service) {
    case 'bedrock': return aboutThroughput(operation, path, body ? JSON.parse(body) : {});
    // Names that CloudFormation makes begin with a slash in the emulator and with a letter on AWS, as CDK makes the ARN of them.
    case 'ssm': return [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${parameterOf(JSON.parse(body).Name)}`];
    case 'scheduler': return [`arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${path.split('/').pop()}`];
    case 'sns': return [new URLSearchParams(body).get('TopicArn')!];
    default: throw new Error(`what is ${action} about?`);
  }
}

/** A purchase or a change of the model is about the model, too. */
function aboutThroughput(operation: string, path: string, { modelId, desiredModelId, resourceARN }: any): string[] {
  if (/tag/i.test(operation)) return [resourceARN];
  const [, id = ''] = /^\/provisioned-model-throughput\/(.*)$/.exec(path) ?? [];
  const model = modelId ?? desiredModelId;
  return [id.startsWith('arn:') ? id : SOME_PURCHASE, ...(model === undefined ? [] : [model.startsWith('arn:') ? model : `arn:aws:bedrock:${REGION}::foundation-model/${model}`])];
}

/** As IAM names it: without the slash that a path begins with, and without a version. */
function parameterOf(name: string): string {
  return name.replace(/^\//, '').replace(/:\d+$/, '');
}
