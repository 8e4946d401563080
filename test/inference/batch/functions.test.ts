import { Stack } from 'aws-cdk-lib';
import { batch, statementsOfRole } from './batch';
import { BatchInput } from '../../../src/inference/batch/input';
import { SmallRuns } from '../../../src/inference/batch/props';
import { flat } from '../synth';

describe('the functions', () => {
  const actionsOf = (stack: Stack, role: RegExp) => statementsOfRole(stack, role)().flatMap(({ Action }) => Action).filter((action: string) => !action.startsWith('logs:')).sort();

  test('may read the input only if they need it', () => {
    const { stack } = batch({ input: BatchInput.prefix('in'), outputPrefix: 'out' });
    const objectsRead = (role: RegExp) => statementsOfRole(stack, role)('s3:GetObject').map(({ Resource }) => flat(Resource).replace('arn:<AWS::Partition>:s3:::', ''));
    expect(objectsRead(/^NightlyFunctionsReader/)).toEqual(['records/in/*', 'results/out/*']);
    expect(objectsRead(/^NightlyFunctionsWorker/)).toEqual(['results/out/*']);
  });

  test('may only read, write and publish metrics', () => {
    const files = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListBucket', 's3:PutObject'];
    const { stack } = batch({ smallRuns: SmallRuns.ON_DEMAND });
    expect([...new Set(actionsOf(stack, /^NightlyFunctionsReader/))]).toEqual(files);
    expect(actionsOf(stack, /^NightlyFunctionsWorker/)).toEqual(['cloudwatch:PutMetricData', ...files]);
    expect(actionsOf(stack, /^NightlyFunctionsInvoker/)).toEqual(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', ...files]);
  });

  test('may read every file of the bucket with a manifest', () => {
    const { stack } = batch({ input: BatchInput.manifest('in/manifest.json') });
    expect(flat(statementsOfRole(stack, /^NightlyFunctionsReader/)('s3:GetObject')[0].Resource)).toBe('arn:<AWS::Partition>:s3:::records/*');
  });
});
