import { PublishCommand } from '@aws-sdk/client-sns';
import { ActionResult, errorText } from './action-result';
import { sns } from './clients';
import { StopEnv } from './contract';
import { log } from './environment';
import { renderNotification } from './notification';
import { StopState } from './record';
import { StopCommand } from './stop-command';
import { env } from '../shared/environment';

/** Notifies the topic. A message that cannot be sent is logged, and does not fail the run. */
export async function publish(command: StopCommand, results: readonly ActionResult[], before: StopState | undefined): Promise<void> {
  const { subject, message } = renderNotification({
    command,
    results,
    budget: env(StopEnv.BUDGET),
    functionName: env('AWS_LAMBDA_FUNCTION_NAME'),
    stoppedJobs: command.do === 'undo' ? before?.stoppedJobs : undefined,
  });
  try {
    await sns.send(new PublishCommand({ TopicArn: env(StopEnv.TOPIC_ARN), Subject: subject, Message: message }));
  } catch (e) {
    log('error', { notSent: message, why: errorText(e) });
  }
}
