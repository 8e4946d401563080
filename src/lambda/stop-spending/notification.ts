import { ActionResult } from './action-result';
import { StopActionKind } from './contract';
import { BY_HAND, StopCommand } from './stop-command';
import { Limit } from '../../aws/limits';

/** The maximum number of lines of a section, far below the limit of a message (256 KB). The log has every line. */
const LINES_MAX = 100;

export interface Notification {
  readonly subject: string;
  readonly message: string;
}

export interface StopSummary {
  readonly command: StopCommand;
  readonly budget: string;
  readonly results: readonly ActionResult[];
  readonly functionName: string;
  /** The number of jobs that had been stopped, when the stop is undone. */
  readonly stoppedJobs?: number;
}

/** Renders the notification of a stop or an undo. */
export function renderNotification(summary: StopSummary): Notification {
  const { command, budget, results, functionName } = summary;
  const failed = results.filter(({ result }) => result === 'failed');
  const retried = failed.some(({ retryable }) => retryable);
  return {
    subject: subjectOf(summary, failed.length),
    message: [
      command.do === 'verify'
        ? `Budget ${budget} is stopped, and ${missing(results, command.time)} To allow invocations, undo the stop.`
        : `${command.do === 'stop' ? 'Stop' : 'Undo'} of budget ${budget}, ${command.by === BY_HAND ? 'started by hand' : `started by the alarm ${command.by}`} at ${command.time}.`,
      ...(command.reason ? [command.reason] : []),
      ...section('Done', results, 'done'),
      ...section('A dry run, so not done', results, 'would'),
      ...section('Left as it is', results, 'kept'),
      ...section('Nothing to do', results, 'already'),
      ...section('FAILED', results, 'failed'),
      ...(retried ? ['', command.by === BY_HAND && command.do !== 'verify' ? 'A retry may resolve some of the failures: start it again.' : 'Failures that a retry may resolve are retried automatically within minutes.'] : []),
      ...(summary.stoppedJobs ? ['', `Batch jobs that had been stopped: ${summary.stoppedJobs}. That cannot be undone: records that they had not processed have to be submitted again.`] : []),
      '',
      ...(command.do !== 'undo' ? ['To undo it by hand:', invocation(functionName, 'undo')] : ['To stop it by hand:', invocation(functionName, 'stop')]),
    ].join('\n'),
  };
}

/** Describes the gap that a check closed. */
function missing(results: readonly ActionResult[], time: string): string {
  return isAboutDenial(results)
    ? `the policy that denies invocations was missing at ${time}: it may have been detached outside CloudFormation, or the role is new.`
    : `throughput that AWS did not delete at that time was deleted at ${time}.`;
}

function isAboutDenial(results: readonly ActionResult[]): boolean {
  return results.some(({ action }) => action !== StopActionKind.DELETE_THROUGHPUT);
}

function invocation(functionName: string, what: 'stop' | 'undo'): string {
  return `  aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '{"do":"${what}"}' out.json`;
}

function subjectOf({ command, budget, results }: StopSummary, failed: number): string {
  const has = (...wanted: ActionResult['result'][]) => results.some(({ result }) => wanted.includes(result));
  const happened = command.do === 'verify' ? `Bedrock spending stopped, ${isAboutDenial(results) ? `deny policy ${has('done') ? 'attached again' : 'missing'}` : 'remaining throughput deleted'}` : command.do === 'undo' ? `Bedrock spending ${has('done', 'already') ? '' : 'not '}allowed again`
    : has('done') || (has('already') && !has('would')) ? 'Bedrock spending stopped'
      : has('would') ? 'Bedrock spending would be stopped (dry run)' : 'Bedrock spending not stopped';
  // Amazon SNS accepts no other characters in a subject.
  return `${happened}${failed > 0 ? `, ${failed} FAILED` : ''}: ${budget}`.replace(/[^\x20-\x7e]/g, '?').slice(0, Limit.NOTIFICATION_SUBJECT);
}

function section(title: string, results: readonly ActionResult[], wanted: ActionResult['result']): string[] {
  const lines = results.filter(({ result }) => result === wanted);
  if (lines.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...lines.slice(0, LINES_MAX).flatMap(({ action, target, text, byHand }) => [`- ${action}: ${target}: ${text}`, ...(byHand ? [`    by hand: ${byHand}`] : [])]),
    ...(lines.length > LINES_MAX ? [`- and ${lines.length - LINES_MAX} more: see the log of the function`] : []),
  ];
}

/**
 * Whether results need a notification: actions that were taken or failed, and the findings of a dry run, but neither a repeated
 * event nor an alarm that stays OK.
 */
export function isNews(command: StopCommand, results: readonly ActionResult[], changed: boolean): boolean {
  if (results.some(({ result }) => result === 'failed')) return true;
  // Attaching a policy again is not news.
  const isNew = ({ action, result }: ActionResult) => result === 'would' || (result === 'done' && (changed || command.do === 'undo' || action !== StopActionKind.DENY_INVOCATIONS));
  return results.some(isNew) || (changed && results.length > 0);
}
