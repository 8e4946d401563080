import { attempt, converse } from './attempts';
import { Form } from '../observations';
import { Scene } from '../scene';
import { PLANNED } from '../spending';

/** The number of calls in each form. Different numbers distinguish the series. */
const DIRECT: readonly (readonly [Form, number])[] = [['system profile id', 2], ['model id', 3], ['model ARN', 4]];

/** A prompt of about 2,500 tokens. Models do not cache prompts of less than about 1,000 tokens. */
const CACHED_LINES = 120;

/** Ten requests with a cached prompt through the app's profile, and a few by each other form of the model's name. */
export async function sendRequests(scene: Scene): Promise<object> {
  const { aws, clock, say } = scene;
  const send = async (form: Form, requests: number, system?: Parameters<typeof converse>[3]): Promise<void> => {
    for (let sent = 0; sent < requests; sent++) {
      clock.goOn();
      await converse(scene, aws.runtime, form, system);
    }
  };
  await send('profile ARN', PLANNED.cachedRequests, [{ text: longPrompt(clock.now()) }, { cachePoint: { type: 'default' } }]);
  for (const [form, requests] of DIRECT) {
    // Not every model can be called in every form: other forms are left out.
    const { message } = await attempt('of the caller', () => send(form, requests));
    if (message) say(`  not called by ${form}: ${message}`);
  }
  return {};
}

/** A prompt that no other run has cached. */
function longPrompt(run: number): string {
  const lines = Array.from({ length: CACHED_LINES }, (_, i) => `Rule ${i + 1} of run ${run}: answer question ${i + 1} briefly, politely and in English.`);
  return ['You answer questions by these rules.', ...lines].join('\n');
}
