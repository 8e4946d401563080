import { Interrupted } from '../../../tools/acceptance/clock';
import { CeilingReached } from '../../../tools/acceptance/spending';
import { attempt } from '../../../tools/acceptance/steps/attempts';

const refused = (name: string) => async () => { throw Object.assign(new Error('no'), { name }); };

test('a refusal for a missing permission is distinguished from every other error', async () => {
  expect(await attempt('Tester', async () => 'an answer')).toEqual({ role: 'Tester', outcome: 'allowed', message: '' });
  expect(await attempt('Tester', refused('AccessDeniedException'))).toEqual({ role: 'Tester', outcome: 'denied', message: 'AccessDeniedException: no' });
  expect(await attempt('Tester', refused('AccessDenied'))).toMatchObject({ outcome: 'denied' });
  expect(await attempt('Tester', refused('ValidationException'))).toEqual({ role: 'Tester', outcome: 'failed', message: 'ValidationException: no' });
});

test('an interruption and the ceiling end the step', async () => {
  await expect(attempt('Tester', async () => { throw new Interrupted(); })).rejects.toThrow(Interrupted);
  await expect(attempt('Tester', async () => { throw new CeilingReached('a request'); })).rejects.toThrow(CeilingReached);
});
