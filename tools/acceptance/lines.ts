import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { judgeListing, judgeManifest, judgeMedia } from './judges/batch';
import { judgeChangeSet, judgeFeaturePrices, judgeMathAlarm, judgeServicePrices, judgeSubject } from './judges/limits';
import {
  judgeActiveMetrics, judgeBatchInRuntimeMetrics, judgeCacheNames, judgeDirectModelId,
  judgeInputWithoutCached, judgeOtherTokenMetrics, judgeProfileModelId,
} from './judges/metrics';
import {
  judgeDefaultProject, judgeJobAuthorization, judgeProfileCondition, judgeRoomForPolicy, judgeThroughputAuthorization,
} from './judges/permissions';
import { judgeAlarms, judgeDenyOfBatchJobs, judgeStopAndUndo } from './judges/stop';
import { Judgement, NoAnswer, Observations, Observed } from './observations';

/** A line of the table. */
export interface Line extends Judgement {
  readonly assumption: string;
}

interface Assumption {
  readonly id: string;
  readonly assumption: string;
  readonly notTried?: string;
}

interface Judge {
  readonly step: keyof Observations;
  readonly judge: (observed: Observed) => Judgement;
}

/** A judge of the answers of one step. It is called only if there are answers. */
function of<Step extends keyof Observations>(step: Step, judge: (observed: Pick<Observations, Step>) => Judgement): Judge {
  return { step, judge: (observed) => judge(observed as Pick<Observations, Step>) };
}

/** By the id of the assumption. */
export const JUDGES: { readonly [id: string]: Judge } = {
  'cache-metric-names': of('metrics', judgeCacheNames),
  'input-without-cached-tokens': of('metrics', judgeInputWithoutCached),
  'no-other-token-metric': of('metrics', judgeOtherTokenMetrics),
  'model-id-of-a-profile': of('metrics', judgeProfileModelId),
  'model-id-of-a-direct-call': of('metrics', judgeDirectModelId),
  'active-metrics-are-listed': of('metrics', judgeActiveMetrics),
  'default-project': of('permissions', judgeDefaultProject),
  'profile-condition': of('permissions', judgeProfileCondition),
  'who-authorizes-a-batch-job': of('permissions', judgeJobAuthorization),
  'deny-of-batch-jobs': of('stop', judgeDenyOfBatchJobs),
  'room-for-the-deny-policy': of('permissions', judgeRoomForPolicy),
  'alarms-notify': of('alarms', judgeAlarms),
  'stop-and-undo': of('stop', judgeStopAndUndo),
  'metrics-of-a-math-alarm': of('limits', judgeMathAlarm),
  'subject-length': of('limits', judgeSubject),
  'job-is-listed': of('directJob', judgeListing),
  'manifest-input-tokens': of('batch', judgeManifest),
  'batch-in-runtime-metrics': of('batch', judgeBatchInRuntimeMetrics),
  'media-outside-the-folder': of('mediaJob', judgeMedia),
  'throughput-change-set': of('changeSet', judgeChangeSet),
  'throughput-is-authorized-on': of('permissions', judgeThroughputAuthorization),
  'feature-prices': of('featurePrices', judgeFeaturePrices),
  'service-prices': of('servicePrices', judgeServicePrices),
};

export const ASSUMPTIONS: readonly Assumption[] = parse(readFileSync(join(__dirname, 'assumptions.yaml'), 'utf8'));

/**
 * The table's lines: every assumption, judged by the observations.
 *
 * @param unable by id, the reason why the run could not settle an assumption in its environment
 */
export function linesOf(observed: Observed, unable: { readonly [id: string]: string } = {}): Line[] {
  return ASSUMPTIONS.map(({ id, assumption, notTried = unable[id] }) => ({ assumption, ...judgementOf(observed, id, notTried) }));
}

function judgementOf(observed: Observed, id: string, notTried: string | undefined): Judgement {
  if (notTried !== undefined) return reason(notTried);
  const { step, judge } = JUDGES[id];
  const answers = observed[step];
  if (answers === undefined) return reason('the run ended before it');
  return isNoAnswer(answers) ? reason(answers.notTried) : judge(observed);
}

function reason(why: string): Judgement {
  return { verdict: 'not tried', did: `not tried: ${why}` };
}

function isNoAnswer(answers: object): answers is NoAnswer {
  return 'notTried' in answers;
}

/** Markdown, ready for docs/verified.md. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(({ assumption, did, verdict }) => [assumption, did, verdict]);
  return [['What we assume', 'What AWS did', 'Verdict'], ['---', '---', '---'], ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** Escapes a text for a table: AWS's texts may have line ends, and bars end a cell. Also removes the account number. */
function cell(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\|/g, '\\|').replace(/(?<=:)\d{12}(?=:)/g, 'ACCOUNT').replace(/</g, '&lt;');
}
