import { ForcedAlarm, Judgement, Simulated, Stop } from '../observations';
import { describe } from './permissions';

/** Of the roles that were allowed before the stop, each is denied while it is in force. */
export function judgeDenyOfBatchJobs({ stop: { attachedAfter, before, during, createJobDuring } }: { readonly stop: Stop }): Judgement {
  const text = (simulated: readonly Simulated[]) => simulated.map(({ role, resource, decision }) => `${role} on the ${resource}: ${decision}`).join(', ') || 'nobody';
  const allowed = before.filter(({ decision }) => decision === 'allowed');
  const now = allowed.map(({ role, resource }) => during.find((one) => one.role === role && one.resource === resource));
  const open = allowed.filter((_, i) => now[i]?.decision !== 'explicitDeny');
  const did = `Before: ${text(allowed)}. During the stop: ${text(now.flatMap((one) => one ?? []))}. ${describe(createJobDuring)}`;
  if (allowed.length === 0 || attachedAfter === undefined) return { verdict: 'unclear', did };
  return { verdict: open.length === 0 && createJobDuring.outcome === 'denied' ? 'confirmed' : 'refuted', did };
}

export function judgeStopAndUndo({ stop }: { readonly stop: Stop }): Judgement {
  const { attachedAfter, invokeDuring, detachedAfter, invokeAfter } = stop;
  if (attachedAfter === undefined) return { verdict: 'refuted', did: 'The forced alarm attached no deny policy in time.' };
  const did = [
    `Attached after ${attachedAfter} s.`,
    describe(invokeDuring),
    detachedAfter === undefined ? 'Not detached in time.' : `Detached after ${detachedAfter} s.`,
    ...(invokeAfter ? [describe(invokeAfter)] : []),
  ].join(' ');
  const worked = invokeDuring.outcome === 'denied' && detachedAfter !== undefined && invokeAfter?.outcome === 'allowed';
  return { verdict: worked ? 'confirmed' : 'refuted', did };
}

export function judgeAlarms({ alarms }: { readonly alarms: readonly ForcedAlarm[] }): Judgement {
  if (alarms.length === 0) return { verdict: 'unclear', did: 'The stack has no alarm that notifies a topic.' };
  const silent = alarms.filter(({ notifiedAfter }) => notifiedAfter === undefined);
  const slowest = Math.max(...alarms.map(({ notifiedAfter = 0 }) => notifiedAfter));
  const did = `${alarms.length - silent.length} of ${alarms.length} alarms notified the topic, the slowest after ${slowest} s.`;
  if (silent.length === 0) return { verdict: 'confirmed', did };
  return { verdict: 'refuted', did: `${did} Not: ${silent.map(({ name, error }) => (error === undefined ? name : `${name} (${error})`)).join(', ')}.` };
}
