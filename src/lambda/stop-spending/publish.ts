import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from './clients';
import { StopEnv } from './contract';
import { env, log } from './environment';
import { Outcome, textOf } from './outcome';
import { StopState } from './record';
import { tell } from './told';
import { Wish } from './wish';

/** Notifies the topic. A message that cannot be sent is logged, and fails nothing. */
export async function publish(wish: Wish, outcomes: readonly Outcome[], before: StopState | undefined): Promise<void> {
  const { subject, message } = tell({
    wish,
    outcomes,
    budget: env(StopEnv.BUDGET),
    functionName: env('AWS_LAMBDA_FUNCTION_NAME'),
    stoppedJobs: wish.do === 'undo' ? before?.stoppedJobs : undefined,
  });
  try {
    await sns.send(new PublishCommand({ TopicArn: env(StopEnv.TOPIC_ARN), Subject: subject, Message: message }));
  } catch (e) {
    log('error', { told: 'nobody', why: textOf(e), message });
  }
}
