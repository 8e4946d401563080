import { paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { failure, ReportResult } from './action-result';
import { ssm } from './clients';
import { StopTarget } from './contract';
import { Refusal } from '../shared/errors';

export interface Targets {
  readonly roles: readonly string[];
  readonly batches: readonly Extract<StopTarget, { batch: string }>[];
  readonly throughputs: readonly Extract<StopTarget, { throughput: string }>[];
}

const MEND = 'deploy the stack again, which writes these parameters';

/** Reads the targets of the actions. A parameter that cannot be parsed does not affect the targets of other parameters. */
export async function readTargets(path: string, report: ReportResult): Promise<Targets> {
  const targets: StopTarget[] = [];
  try {
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: path, Recursive: true })) {
      for (const { Name = '', Value = '' } of Parameters) {
        try {
          targets.push(...parseTargets(Value));
        } catch (e) {
          report(failure('targets', Name, new Refusal((e as Error).message), MEND));
        }
      }
    }
  } catch (e) {
    report(failure('targets', path, e, 'invoke this function manually when that works'));
  }
  // One role may have been granted several times.
  return {
    roles: [...new Set(targets.flatMap((target) => ('role' in target ? [target.role] : [])))],
    batches: targets.filter((target) => 'batch' in target),
    throughputs: targets.filter((target) => 'throughput' in target),
  };
}

function parseTargets(value: string): StopTarget[] {
  const targets: unknown = JSON.parse(value);
  const wrong = Array.isArray(targets) ? targets.find((target) => !isTarget(target)) : targets;
  if (wrong !== undefined) throw new Error(`Each target must have role, batch or throughput, got ${JSON.stringify(wrong)}. Deploy the stack again.`);
  return targets as StopTarget[];
}

function isTarget(target: any): boolean {
  const has = (...keys: string[]) => keys.every((key) => typeof target?.[key] === 'string');
  return has('role') || has('batch', 'jobNamePrefix', 'roleArn') || has('throughput', 'arn');
}
