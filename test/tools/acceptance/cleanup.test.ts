import { destroyAll } from '../../../tools/acceptance/cleanup';
import { Clock, Interrupted } from '../../../tools/acceptance/clock';

const clock = () => new Clock(new AbortController().signal, 0.01);

/** AWS as it is when nothing can be deleted: the emulator deletes everything. */
const refusing = { send: async () => { throw new Error('AccessDenied: no'); }, config: {} };
const aws: any = { bedrock: refusing, cloudWatch: refusing, iam: refusing, s3: refusing, stepFunctions: refusing };
const deployment = (more: object): any => ({
  resources: async () => [
    { ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'records', ResourceStatus: 'DELETE_FAILED', ResourceStatusReason: 'The bucket is not empty' },
    { ResourceType: 'AWS::SNS::Topic', PhysicalResourceId: 'topic', ResourceStatus: 'DELETE_COMPLETE' },
  ],
  statusOf: async () => 'CREATE_COMPLETE',
  deleteDryRun: async () => undefined,
  destroy: async () => ({ code: 1, text: '' }),
  untilGone: async () => 'DELETE_FAILED',
  ...more,
});

test('what could not be destroyed is listed, each with its reason, and nothing is thrown', async () => {
  const left = await destroyAll(aws, deployment({}), clock(), new Date(0));
  expect(left).toContain('the objects of the bucket records: AccessDenied: no');
  expect(left).toContain('the stack CdkBedrockCostAcceptance: its status is DELETE_FAILED');
  expect(left).toContain('the stack CdkBedrockCostAcceptanceDryRun: its status is DELETE_FAILED');
  expect(left).toContain('AWS::S3::Bucket records: The bucket is not empty');
  expect(left.join()).not.toContain('topic');
});

test('a stack that was never made is not destroyed', async () => {
  const left = await destroyAll(aws, deployment({
    resources: async () => { throw new Error('Stack does not exist'); },
    statusOf: async () => undefined,
    destroy: async () => { throw new Error('must not be called'); },
  }), clock(), new Date(0));
  expect(left.filter((line) => line.includes('stack'))).toEqual([]);
});

test('waiting ends with an answer, with the time, or with an interruption', async () => {
  const answers = [undefined, undefined, 'listed'];
  expect(await clock().until(5, async () => answers.shift())).toEqual({ answer: 'listed', after: 0 });
  expect(await clock().until(0.02, async () => undefined)).toBeUndefined();
  const controller = new AbortController();
  const waiting = new Clock(controller.signal, 60).until(600, async () => undefined);
  setTimeout(() => controller.abort(), 20);
  await expect(waiting).rejects.toThrow(Interrupted);
  expect(() => new Clock(controller.signal, 1).goOn()).toThrow(Interrupted);
});
