import { StopActionKind } from './contract';
import { Outcome } from './outcome';
import { BY_HAND, Wish } from './wish';
import { Limit } from '../../aws/limits';

/** Far below what AWS sends (256 KB), and more than anybody reads: the log has every line. */
const LINES_MAX = 100;

export interface Told {
  readonly subject: string;
  readonly message: string;
}

export interface Telling {
  readonly wish: Wish;
  readonly budget: string;
  readonly outcomes: readonly Outcome[];
  readonly functionName: string;
  /** The jobs that had been stopped, when it is undone. */
  readonly stoppedJobs?: number;
}

/** What those on the topic are told of a stop or of its undoing. */
export function tell(telling: Telling): Told {
  const { wish, budget, outcomes, functionName } = telling;
  const failed = outcomes.filter(({ result }) => result === 'failed');
  const retried = failed.some(({ retryable }) => retryable);
  return {
    subject: subjectOf(telling, failed.length),
    message: [
      wish.do === 'verify'
        ? `Budget ${budget} is stopped, and ${missing(outcomes, wish.time)} To allow invocations, undo the stop.`
        : `${wish.do === 'stop' ? 'Stop' : 'Undo'} of budget ${budget}, ${wish.by === BY_HAND ? 'started by hand' : `started by the alarm ${wish.by}`} at ${wish.time}.`,
      ...(wish.reason ? [wish.reason] : []),
      ...section('Done', outcomes, 'done'),
      ...section('A dry run, so not done', outcomes, 'would'),
      ...section('Left as it is', outcomes, 'kept'),
      ...section('Nothing to do', outcomes, 'already'),
      ...section('FAILED', outcomes, 'failed'),
      ...(retried ? ['', wish.by === BY_HAND && wish.do !== 'verify' ? 'Some of it may succeed on another try: start it again.' : 'What may succeed on another try is tried again by itself within minutes.'] : []),
      ...(telling.stoppedJobs ? ['', `Batch jobs that had been stopped: ${telling.stoppedJobs}. That cannot be undone: records that they had not processed have to be submitted again.`] : []),
      '',
      ...(wish.do !== 'undo' ? ['To undo it by hand:', command(functionName, 'undo')] : ['To stop it by hand:', command(functionName, 'stop')]),
    ].join('\n'),
  };
}

/** Describes what a check mended. */
function missing(outcomes: readonly Outcome[], time: string): string {
  return isAboutDenial(outcomes)
    ? `the policy that denies invocations was missing at ${time}: AWS or somebody may have detached it, or the role is new.`
    : `throughput that AWS had not let be deleted then is deleted at ${time}.`;
}

function isAboutDenial(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ action }) => action !== StopActionKind.DELETE_THROUGHPUT);
}

function command(functionName: string, what: 'stop' | 'undo'): string {
  return `  aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '{"do":"${what}"}' out.json`;
}

function subjectOf({ wish, budget, outcomes }: Telling, failed: number): string {
  const has = (...results: Outcome['result'][]) => outcomes.some(({ result }) => results.includes(result));
  const happened = wish.do === 'verify' ? `Bedrock spending stopped, ${isAboutDenial(outcomes) ? `deny policy ${has('done') ? 'attached again' : 'missing'}` : 'throughput deleted at last'}` : wish.do === 'undo' ? `Bedrock spending ${has('done', 'already') ? '' : 'not '}allowed again`
    : has('done') || (has('already') && !has('would')) ? 'Bedrock spending stopped'
      : has('would') ? 'Bedrock spending would be stopped (dry run)' : 'Bedrock spending not stopped';
  // AWS refuses a subject with any other character.
  return `${happened}${failed > 0 ? `, ${failed} FAILED` : ''}: ${budget}`.replace(/[^\x20-\x7e]/g, '?').slice(0, Limit.NOTIFICATION_SUBJECT);
}

function section(title: string, outcomes: readonly Outcome[], wanted: Outcome['result']): string[] {
  const lines = outcomes.filter(({ result }) => result === wanted);
  if (lines.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...lines.slice(0, LINES_MAX).flatMap(({ action, target, text, byHand }) => [`- ${action}: ${target}: ${text}`, ...(byHand ? [`    by hand: ${byHand}`] : [])]),
    ...(lines.length > LINES_MAX ? [`- and ${lines.length - LINES_MAX} more: see the log of the function`] : []),
  ];
}

/**
 * Whether somebody has to be told: of anything that was done or failed, and of what a dry run found, but not of an event
 * that comes again and of an alarm that is OK as it was before.
 */
export function isNews(wish: Wish, outcomes: readonly Outcome[], changed: boolean): boolean {
  if (outcomes.some(({ result }) => result === 'failed')) return true;
  // A policy can be attached again and again: that it was says nothing new.
  const isNew = ({ action, result }: Outcome) => result === 'would' || (result === 'done' && (changed || wish.do === 'undo' || action !== StopActionKind.DENY_INVOCATIONS));
  return outcomes.some(isNew) || (changed && outcomes.length > 0);
}
