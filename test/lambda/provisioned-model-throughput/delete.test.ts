import { TermProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { NOVA_24K, ONE_MONTH, RECORD, Scene, TOPIC } from '../../harness/throughput/scene';

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
beforeEach(() => scene.reset());
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const TERM: TermProperties = { noticeDays: '14', roleArn: 'arn:aws:iam::111111111111:role/Term', functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:TermEnd' };
const silent = () => jest.spyOn(console, 'error').mockImplementation();

test('throughput without a commitment is deleted', async () => {
  const arn = await scene.inService();
  expect(await scene.remove(arn)).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
});

test('the request is complete if the throughput no longer exists', async () => {
  expect(await scene.remove('arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl')).toEqual({ IsComplete: true });
});

test('the request waits until AWS allows the deletion', async () => {
  const arn = await scene.inService();
  scene.aws.only.status = 'Updating';
  const event = scene.event('Delete', {}, { PhysicalResourceId: arn });
  expect(await scene.poll(event)).toEqual({ IsComplete: false });
  scene.settle(arn);
  expect(await scene.poll(event)).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
});

test('a commitment that cannot be deleted is kept, the stack is deleted, and the log and the topic have a notification', async () => {
  const logged = silent();
  const arn = await scene.inService(ONE_MONTH);
  expect(await scene.remove(arn, { ...ONE_MONTH, topicArn: TOPIC })).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(1);
  const text = expect.stringMatching(/^KEPT AND STILL BILLED: .*OneMonth.* until 2026-12-24.*Delete it manually at the end of its term.*The commitment term has not ended/);
  expect(logged).toHaveBeenCalledWith(text);
  expect(scene.aws.published).toEqual([expect.objectContaining({ TopicArn: TOPIC, Subject: 'Provisioned throughput is billed on', Message: text })]);
});

test('the request fails when the permission is missing', async () => {
  const arn = await scene.inService();
  scene.aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status: 403, error: 'AccessDeniedException', message: 'no' }];
  const logged = silent();
  await expect(scene.remove(arn, { topicArn: TOPIC })).rejects.toThrow('AccessDeniedException: no');
  const text = expect.stringMatching(new RegExp(`^NOT DELETED: ${arn} could not be deleted, and is billed if it exists: AccessDeniedException: no`));
  expect(logged).toHaveBeenCalledWith(text);
  expect(scene.aws.published).toEqual([expect.objectContaining({ TopicArn: TOPIC, Subject: 'Provisioned throughput could not be deleted', Message: text })]);
});

describe('a deletion that leaves something billed is notified', () => {
  const published = () => scene.aws.published.map(({ Message }) => Message);
  beforeEach(silent);

  test('when AWS does not delete it for 28 minutes', async () => {
    const arn = await scene.inService();
    scene.aws.only.status = 'Updating';
    const event = scene.event('Delete', { topicArn: TOPIC }, { PhysicalResourceId: arn });
    await scene.poll(event);
    scene.wait(29);
    await expect(scene.poll(event)).rejects.toThrow('not completed the request after 28 minutes');
    expect(published()).toEqual([expect.stringMatching(/^NOT DELETED: .*not completed the request after 28 minutes/)]);
  });

  test.each(['not-bought-yet/0123456789abcdef', 'business-hours/Stack-Capacity-1', 'Stack-Capacity-1ABC2DEF3GHI'])('when the record cannot be read, of %s', async (id) => {
    scene.aws.faults = [{ operation: 'GetParameter', status: 400, error: 'AccessDeniedException', message: 'no parameters', times: 9 }];
    await expect(scene.remove(id, { topicArn: TOPIC })).rejects.toThrow('no parameters');
    expect(published()).toEqual([expect.stringMatching(/^NOT DELETED: the throughput of Capacity with the names Stack-Capacity-[0-9a-f]{16} could not be deleted.*no parameters/)]);
  });

  test('but not if CloudFormation has sent a newer request', async () => {
    const arn = await scene.inService();
    scene.aws.only.status = 'Updating';
    const [first, second] = [1, 2].map(() => scene.event('Delete', { topicArn: TOPIC }, { PhysicalResourceId: arn }));
    await scene.poll(first);
    await scene.poll(second);
    await expect(scene.poll(first)).rejects.toThrow('CloudFormation has sent a newer request since');
    expect(published()).toEqual([]);
  });
});

test('the purchase of an unfinished update is deleted with the resource', async () => {
  const arn = await scene.inService();
  await scene.poll(scene.updateEvent(arn, {}, { modelUnits: '3' }));
  expect(scene.aws.throughputs.size).toBe(2);
  for (const id of scene.aws.throughputs.keys()) scene.settle(id);
  const deletion = scene.event('Delete', {}, { PhysicalResourceId: arn });
  // A run of the update may still be in progress.
  expect(await scene.poll(deletion)).toEqual({ IsComplete: false });
  scene.wait(3);
  expect(await scene.poll(deletion)).toEqual({ IsComplete: true });
  expect([...scene.aws.throughputs.keys()]).toEqual([]);
});

test('the request continues without its record: its stack is being deleted', async () => {
  const arn = await scene.inService();
  scene.aws.parameters.delete(RECORD);
  expect(await scene.remove(arn)).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
  expect(scene.aws.parameters.has(RECORD)).toBe(false);
});

test('the request continues with the ARN when access to the record is denied', async () => {
  const arn = await scene.inService();
  scene.aws.faults = [{ operation: 'GetParameter', status: 400, error: 'AccessDeniedException', message: 'no', times: 9 }];
  expect(await scene.remove(arn)).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
});

describe('the rollback of a creation', () => {
  test.each([
    ['under the id from the handler', undefined],
    ['under an id that CloudFormation has made up, since it did not wait for the end', 'Stack-Capacity-1ABC2DEF3GHI'],
  ])('that was not complete leaves nothing, %s', async (_, made) => {
    const creation = scene.event('Create', {});
    const { PhysicalResourceId } = await scene.handler.onEvent(creation);
    await scene.poll(creation);
    const arn = scene.aws.only.provisionedModelArn;
    const deletion = scene.event('Delete', {}, { PhysicalResourceId: made ?? PhysicalResourceId });
    // A run of the creation may still be in progress.
    expect(await scene.poll(deletion)).toEqual({ IsComplete: false });
    await expect(scene.poll(creation)).rejects.toThrow('CloudFormation has sent a newer request since');
    scene.wait(3);
    expect(await scene.poll(deletion)).toEqual({ IsComplete: false });
    scene.settle(arn);
    expect(await scene.poll(deletion)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
    // Delivered once more, late.
    await expect(scene.poll(creation)).rejects.toThrow('CloudFormation has sent a newer request since');
    expect(scene.aws.throughputs.size).toBe(0);
  });

  test('whose event arrives after the event of its deletion buys nothing', async () => {
    const [creation, deletion] = [scene.event('Create', {}), scene.event('Delete', {}, { PhysicalResourceId: 'Stack-Capacity-1ABC2DEF3GHI' })];
    expect(await scene.poll(deletion)).toEqual({ IsComplete: false });
    await expect(scene.poll(creation)).rejects.toThrow('CloudFormation has sent a newer request since');
    scene.wait(3);
    expect(await scene.poll(deletion)).toEqual({ IsComplete: true });
    await expect(scene.poll(creation)).rejects.toThrow('CloudFormation has sent a newer request since');
    scene.aws.parameters.delete(RECORD);
    await expect(scene.poll(creation)).rejects.toThrow('does not exist');
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
  });

  test('deletes throughput that AWS could not provide, also with a commitment', async () => {
    const creation = scene.event('Create', ONE_MONTH);
    await scene.poll(creation);
    scene.aws.only.status = 'Failed';
    await expect(scene.poll(creation)).rejects.toThrow('could not provide');
    const { PhysicalResourceId } = await scene.handler.onEvent(creation);
    expect(await scene.remove(PhysicalResourceId, ONE_MONTH)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
  });

  test('does not delete another owner\'s throughput of the same name', async () => {
    await scene.inService({ provisionedModelName: 'chat' });
    scene.aws.only.tags = [];
    scene.aws.parameters.set(RECORD, '{}');
    const creation = scene.event('Create', { provisionedModelName: 'chat' });
    await expect(scene.poll(creation)).rejects.toThrow('The name "chat" is in use by');
    const { PhysicalResourceId } = await scene.handler.onEvent(creation);
    expect(await scene.remove(PhysicalResourceId, { provisionedModelName: 'chat' })).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(1);
  });

  test('that failed and was resolved by the next deployment keeps the purchase of that deployment', async () => {
    const first = scene.event('Create', {});
    scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ServiceQuotaExceededException', message: 'no' }];
    await expect(scene.poll(first)).rejects.toThrow('Open a support case');
    const arn = await scene.inService();
    const { PhysicalResourceId } = await scene.handler.onEvent(first);
    expect(await scene.remove(PhysicalResourceId)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(arn);
  });
});

describe('the end of a term', () => {
  const withTopic = { ...ONE_MONTH, topicArn: TOPIC, term: TERM };
  const termEnd = (arn: string) => {
    const { StackId, LogicalResourceId, ResourceProperties: properties } = scene.event('Create', withTopic);
    return { StackId, LogicalResourceId, arn, properties };
  };
  const schedule = (arn: string, kind: string) => scene.aws.schedules.get(`bedrock-throughput-${arn.split('/')[1]}-${kind}`);

  test('is announced 14 days before, with the cost of the next term, and checked again a day later', async () => {
    const arn = await scene.inService(withTopic);
    // 2026-12-24 less 14 days
    expect(schedule(arn, 'notice')).toMatchObject({
      ScheduleExpression: 'at(2026-12-10T00:00:00)',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: TOPIC, RoleArn: TERM.roleArn, Input: expect.stringContaining('ends at 2026-12-24T00:00:00.000Z and renews itself for 1 month: the next term costs $14,600.00 (2 x $10.00 x 730 hours x 1 month)') },
    });
    expect(schedule(arn, 'renewed')).toMatchObject({ ScheduleExpression: 'at(2026-12-25T00:00:00)', Target: { Arn: TERM.functionArn, RoleArn: TERM.roleArn } });
  });

  test('is announced with the end of life of the model if that is before the end of the next term', async () => {
    // The term ends on 2026-12-24, the next one on 2027-01-24.
    const arn = await scene.inService({ ...withTopic, endOfLife: '2027-01-24' });
    const text = 'THE MODEL ENDS FIRST: that term lasts until 2027-01-24, and AWS no longer serves amazon.nova-pro-v1:0:24k from 2027-01-24 on. It still renews itself, and is not deleted automatically.';
    expect(schedule(arn, 'notice')!.Target.Input).toContain(text);
    await scene.update(arn, { ...withTopic, endOfLife: '2027-01-24' }, { ...withTopic, endOfLife: '2027-01-25' });
    expect(schedule(arn, 'notice')!.Target.Input).not.toContain('THE MODEL ENDS FIRST');
    expect(scene.aws.callsOf('DeleteProvisionedModelThroughput')).toEqual([]);
  });

  test('is announced again for the next term', async () => {
    const arn = await scene.inService(withTopic);
    const event = JSON.parse(schedule(arn, 'renewed').Target.Input);
    scene.now = Date.parse('2026-12-25T00:00:00Z');
    scene.aws.only.commitmentExpirationTime = '2027-01-23T00:00:00Z';
    await scene.handler.onTermEnd(event);
    expect(schedule(arn, 'notice').ScheduleExpression).toBe('at(2027-01-09T00:00:00)');
    expect(schedule(arn, 'renewed').ScheduleExpression).toBe('at(2027-01-24T00:00:00)');
  });

  test('is checked again a day later while AWS does not show the next term', async () => {
    scene.aws.bedrock.throughputs.behaviour.renewsAfterMs = Infinity;
    const arn = await scene.inService(withTopic);
    scene.now = Date.parse('2026-12-25T00:00:00Z');
    await scene.handler.onTermEnd(termEnd(arn));
    expect(schedule(arn, 'renewed').ScheduleExpression).toBe('at(2026-12-26T00:00:00)');
    expect(scene.aws.published).toEqual([]);
  });

  test('of deleted throughput is no longer checked', async () => {
    await scene.handler.onTermEnd(termEnd('arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl'));
    expect(scene.aws.schedules.size).toBe(0);
  });

  test('that is nearer than the notice period is announced immediately', async () => {
    silent();
    await scene.inService({ ...withTopic, term: { ...TERM, noticeDays: '60' } });
    expect(scene.aws.published).toEqual([expect.objectContaining({ Subject: 'Provisioned throughput renews itself', Message: expect.stringContaining('the next term costs $14,600.00') })]);
  });

  test('is announced at another time after an update', async () => {
    const arn = await scene.inService(withTopic);
    await scene.update(arn, withTopic, { ...withTopic, term: { ...TERM, noticeDays: '7' } });
    expect(schedule(arn, 'notice').ScheduleExpression).toBe('at(2026-12-17T00:00:00)');
  });

  test('that cannot be announced is notified, and the purchase succeeds', async () => {
    const logged = silent();
    scene.aws.faults = [{ operation: 'CreateSchedule', status: 403, error: 'AccessDeniedException', message: 'no schedules' }];
    expect(await scene.inService(withTopic)).toBe(scene.aws.only.provisionedModelArn);
    expect(logged).toHaveBeenCalledWith(expect.stringMatching(/^NOT PLANNED: .*no schedules/));
  });

  test('needs no schedules without a topic or without a commitment', async () => {
    await scene.inService({ ...ONE_MONTH, term: TERM });
    scene.reset();
    await scene.inService({ topicArn: TOPIC, term: TERM });
    expect(scene.aws.schedules.size).toBe(0);
  });

  test('deletes throughput that was removed before, with a try every minute for an hour', async () => {
    const logged = silent();
    const released = { ...withTopic, term: { ...TERM, releaseAtExpiry: 'true' } };
    const arn = await scene.inService(released);
    expect(await scene.remove(arn, released)).toEqual({ IsComplete: true });
    expect(schedule(arn, 'release')).toEqual({
      ScheduleExpression: 'rate(1 minute)',
      StartDate: Date.parse('2026-12-23T23:59:00Z') / 1000,
      EndDate: Date.parse('2026-12-24T00:59:00Z') / 1000,
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Description: `Deletes ${arn} at the end of its commitment`,
      ClientToken: expect.any(String),
      Target: { Arn: 'arn:aws:scheduler:::aws-sdk:bedrock:deleteProvisionedModelThroughput', RoleArn: TERM.roleArn, Input: JSON.stringify({ ProvisionedModelId: arn }) },
    });
    expect(schedule(arn, 'notice')).toBeUndefined();
    expect(schedule(arn, 'renewed')).toBeUndefined();
    // No function outlives the stack, and a failed release renews the commitment: a notification requests a check, a minute after the last try.
    expect(schedule(arn, 'released')).toMatchObject({
      ScheduleExpression: 'at(2026-12-24T01:00:00)',
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: TOPIC, RoleArn: TERM.roleArn, Input: expect.stringMatching(new RegExp(`^The commitment of ${arn} ended .*If it exists, it has renewed itself`)) },
    });
    expect(logged).toHaveBeenCalledWith(expect.stringContaining(`The schedule bedrock-throughput-${arn.split('/')[1]}-release deletes it then`));
  });

  test('does not delete throughput that a stack of the same name uses again', async () => {
    silent();
    const released = { ...withTopic, term: { ...TERM, releaseAtExpiry: 'true' } };
    const arn = await scene.inService(released);
    await scene.remove(arn, released);
    scene.aws.parameters.set(RECORD, '{}');
    expect(await scene.inService(released)).toBe(arn);
    expect([schedule(arn, 'release'), schedule(arn, 'released')]).toEqual([undefined, undefined]);
    expect(schedule(arn, 'notice')).toBeDefined();
  });

  test('in AWS GovCloud has schedules in its own partition', async () => {
    silent();
    const released = { ...withTopic, term: { ...TERM, releaseAtExpiry: 'true' } };
    const arn = await scene.inService(released);
    const gov = arn.replace('arn:aws:', 'arn:aws-us-gov:');
    scene.aws.throughputs.set(gov, { ...scene.aws.only, provisionedModelArn: gov });
    scene.aws.throughputs.delete(arn);
    await scene.remove(gov, released);
    expect(schedule(gov, 'release').Target.Arn).toBe('arn:aws-us-gov:scheduler:::aws-sdk:bedrock:deleteProvisionedModelThroughput');
  });

  test('is no longer announced without a topic', async () => {
    await scene.inService(withTopic);
    expect(await scene.update(scene.aws.only.provisionedModelArn, withTopic, ONE_MONTH)).toBe(scene.aws.only.provisionedModelArn);
    expect(scene.aws.schedules.size).toBe(0);
  });

  test('at which the deletion could not be scheduled is notified with a remedy', async () => {
    const logged = silent();
    const released = { ...withTopic, term: { ...TERM, releaseAtExpiry: 'true' } };
    const arn = await scene.inService(released);
    scene.aws.faults = [{ operation: 'CreateSchedule', status: 403, error: 'AccessDeniedException', message: 'no schedules' }];
    expect(await scene.remove(arn, released)).toEqual({ IsComplete: true });
    expect(logged).toHaveBeenCalledWith(expect.stringMatching(/could not be scheduled: AccessDeniedException: no schedules.*Delete it manually at the end of its term/));
  });

  test('has no schedules after the throughput is deleted', async () => {
    const arn = await scene.inService(withTopic);
    scene.aws.only.commitmentDuration = undefined;
    expect(await scene.remove(arn, withTopic)).toEqual({ IsComplete: true });
    expect(scene.aws.schedules.size).toBe(0);
  });
});

test('the record fits into a parameter after any number of failed deployments', async () => {
  const name = 'a'.repeat(63);
  const arn = await scene.inService({ provisionedModelName: name });
  for (let i = 0; i < 12; i++) {
    const event = scene.updateEvent(arn, { provisionedModelName: name }, { provisionedModelName: name, modelUnits: '3' });
    scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ValidationException', message: `{{${'no '.repeat(500)}` }];
    await expect(scene.poll({ ...event, RequestId: `${i}`.padStart(36, '0') })).rejects.toThrow('ValidationException');
  }
  expect(scene.aws.parameters.get(RECORD)).not.toContain('{{');
  expect(Buffer.byteLength(scene.aws.parameters.get(RECORD)!)).toBeLessThan(4096);
  // The id that CloudFormation has is still in it.
  expect(await scene.remove(arn, { provisionedModelName: name, modelId: NOVA_24K })).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
});
