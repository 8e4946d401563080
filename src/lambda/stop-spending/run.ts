import { ActionResult, failure, ReportResult } from './action-result';
import { StopActionKind, StopEnv, StopStep } from './contract';
import { Deleted, isDeleted } from './deletion';
import { Deletions } from './deletions';
import { allow, deny, rolesWith, wouldDeny } from './deny-invocations';
import { log } from './environment';
import { isNews } from './notification';
import { publish } from './publish';
import { begun, StopState, stopped, undone } from './record';
import { stopJobs } from './stop-batch-jobs';
import { isLate, StopCommand } from './stop-command';
import { StopRecordStore } from './stop-record-store';
import { readTargets, Targets } from './targets';
import { deleteThroughput, restoreThroughput } from './throughput';
import { env } from '../shared/environment';
import { Refusal } from '../shared/errors';
import { hash } from '../shared/hash';

/** Carries out one command. */
export class Run {
  public readonly results: ActionResult[] = [];
  private readonly report: ReportResult;
  /** The state that this run has written, or found when it verified the stop. */
  private noted: StopState['state'] | undefined;
  private readonly steps: readonly StopStep[] = JSON.parse(env(StopEnv.STEPS));

  constructor(private readonly command: StopCommand, private readonly store: StopRecordStore, private readonly deletions: Deletions) {
    this.report = (result) => {
      this.results.push(result);
      log(result.result === 'failed' ? 'error' : 'info', result);
    };
  }

  public async carryOut(): Promise<void> {
    const { store, command } = this;
    const before = store.last;
    if (store.broken !== undefined) await this.mend(store.broken);
    if (command.do === 'verify') {
      await this.verify();
      if (await this.isNewToCheck()) await publish(command, this.results, before);
      return;
    }
    await (command.do === 'stop' ? this.stop() : this.undo());
    const changed = before.state !== store.last.state || before.denied !== store.last.denied;
    if (isNews(command, this.results, changed)) await publish(command, this.results, before);
  }

  /** The command of an event that another run has handled since this run wrote its own, for this run to follow. */
  public async newest(): Promise<StopCommand | undefined> {
    const { command, noted } = this;
    if (noted === undefined) return undefined;
    try {
      const state = await this.store.read();
      return state.state === noted ? undefined : newestCommand(state, command);
    } catch (e) {
      this.report(failure('record', env(StopEnv.RECORD_PARAMETER), e, `start it again: {"do":"${command.do}"}`));
      return undefined;
    }
  }

  private async stop(): Promise<void> {
    if (this.isReal && !await this.begin('stopped')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.report);
    for (const step of this.steps) await this.stopBy(step, targets);
    if (!this.isReal) return;
    await this.note((state) => stopped(state, {
      denied: this.count('done', StopActionKind.DENY_INVOCATIONS),
      jobs: this.count('done', StopActionKind.STOP_BATCH_JOBS),
      failed: this.count('failed'),
      undenied: this.undenied,
    }));
  }

  private async stopBy({ action, dryRun }: StopStep, { roles, batches, throughputs }: Targets): Promise<void> {
    const { report } = this;
    switch (action) {
      case StopActionKind.DENY_INVOCATIONS:
        for (const role of roles) report(await (dryRun ? wouldDeny : deny)(role, env(StopEnv.DENY_POLICY_ARN)));
        return;
      case StopActionKind.STOP_BATCH_JOBS:
        for (const batch of batches) await stopJobs(batch, dryRun, report);
        return;
      case StopActionKind.DELETE_THROUGHPUT:
        for (const throughput of throughputs) report(await deleteThroughput(throughput, dryRun, this.deletions.of(throughput.arn)));
    }
  }

  /** Undoes the configured actions, and those that the record has from an earlier configuration. */
  private async undo(): Promise<void> {
    const { report } = this;
    const { state, denied = 0 } = this.store.last;
    const isAllDry = this.steps.every(({ dryRun }) => dryRun);
    if (state === 'running' && denied === 0 && isAllDry && !(await this.deletions.all()).some(isDeleted)) return;
    if (!await this.begin('running')) return;
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), report);
    const isComplete = this.count('failed', 'targets') === 0;
    if (this.does(StopActionKind.DENY_INVOCATIONS) || denied > 0) await this.allowAll(targets.roles);
    await this.restoreAll(targets, isComplete);
    await this.note((now) => undone(now, {
      stillDenied: isComplete ? this.count('failed', StopActionKind.DENY_INVOCATIONS) : denied,
      failed: this.count('failed'),
    }));
  }

  private async allowAll(targets: readonly string[]): Promise<void> {
    const policyArn = process.env[StopEnv.DENY_POLICY_ARN];
    const roles = new Set([...targets, ...policyArn === undefined ? [] : await rolesKnownWith(policyArn)]);
    for (const role of roles) this.report(policyArn === undefined ? notAllowed(role) : await allow(role, policyArn));
    const budgetsPolicy = process.env[StopEnv.SECOND_LINE_POLICY_ARN];
    if (budgetsPolicy === undefined) return;
    for (const role of await rolesKnownWith(budgetsPolicy)) this.report(deniedByAwsBudgets(role));
  }

  private async restoreAll({ throughputs }: Targets, isComplete: boolean): Promise<void> {
    const named = throughputs.map(({ arn }) => arn);
    // Targets name throughput only as long as the action is configured.
    const knowsAll = isComplete && this.steps.some(({ action }) => action === StopActionKind.DELETE_THROUGHPUT);
    try {
      // Those that are named are looked for in any case: a list may be older than what was written last.
      for (const arn of new Set([...await this.deletions.arns(), ...named])) await this.restore(arn, knowsAll && !named.includes(arn));
    } catch (e) {
      this.report(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'undo again: {"do":"undo"}'));
    }
  }

  /** @param isGone whether its stack no longer has it: then a purchase would be neither used nor deleted */
  private async restore(arn: string, isGone: boolean): Promise<void> {
    const store = this.deletions.of(arn);
    const deletion = await store.read();
    if (isDeleted(deletion)) this.report(isGone ? notBoughtAgain(deletion) : await restoreThroughput(deletion, store));
    if (isGone) await this.deletions.forget(arn);
  }

  /** While the budget is stopped, takes the actions that are missing. */
  private async verify(): Promise<void> {
    if (this.store.last.state !== 'stopped') return;
    this.noted = 'stopped';
    if (this.does(StopActionKind.DENY_INVOCATIONS)) await this.denyMissing();
    if (this.does(StopActionKind.DELETE_THROUGHPUT)) await this.deleteLeft();
  }

  /** AWS Budgets, an administrator or a deployment may have detached the policy, and roles may have been deployed since. */
  private async denyMissing(): Promise<void> {
    const policyArn = env(StopEnv.DENY_POLICY_ARN);
    const targets = await readTargets(env(StopEnv.TARGETS_PATH), this.report);
    try {
      const denied = new Set(await rolesWith(policyArn));
      for (const role of targets.roles) if (!denied.has(role)) this.report(await deny(role, policyArn));
    } catch (e) {
      this.report(failure(StopActionKind.DENY_INVOCATIONS, policyArn, e, `aws iam list-entities-for-policy --policy-arn ${policyArn}`));
    }
  }

  /**
   * Deletes throughput that is recorded as deleted and still exists: AWS deletes no throughput that it is still creating, which takes longer than
   * the retries of an event. Other throughput is not touched.
   */
  private async deleteLeft(): Promise<void> {
    try {
      for (const { arn, name, resource } of (await this.deletions.all()).filter(isDeleted)) {
        const deleted = await deleteThroughput({ throughput: resource, arn, name }, false, this.deletions.of(arn));
        if (deleted.result !== 'already') this.report(deleted);
      }
    } catch (e) {
      this.report(failure(StopActionKind.DELETE_THROUGHPUT, env(StopEnv.DELETED_PATH), e, 'stop again: {"do":"stop"}'));
    }
  }

  /** Whether a check has attached or deleted something, or fails otherwise than the last one. */
  private async isNewToCheck(): Promise<boolean> {
    const { undenied } = this;
    if (this.store.last.undenied !== undenied) {
      await this.note((state) => (state.state === 'stopped' ? { ...state, undenied } : state));
      if (undenied !== undefined) return true;
    }
    return this.count('done') > 0;
  }

  /** Roles that could not be denied, for a later check to compare. */
  private get undenied(): string | undefined {
    const failed = this.results.filter(({ action, result }) => result === 'failed' && (action === StopActionKind.DENY_INVOCATIONS || action === 'targets'));
    if (failed.length === 0) return undefined;
    return hash(failed.map(({ target }) => target).sort().join()).slice(0, 16);
  }

  /** Writes the event into the record. False if a newer one was written since the record was first read: then no action may be taken. */
  private async begin(wanted: StopState['state']): Promise<boolean> {
    const isNoted = await this.note((state) => (isLate(this.command, state) ? state : begun(state, this.command)));
    // Without its record, the actions that need none are taken.
    if (!isNoted) return true;
    // The newer event is carried out by the run that has noted it, and by this one next.
    this.noted = wanted;
    return this.store.last.state === wanted;
  }

  /** Changes the state. A failure is reported, and actions that do not need the state are taken all the same. */
  private async note(next: (state: StopState) => StopState): Promise<boolean> {
    if (this.store.isRefused) return false;
    try {
      await this.store.change(next);
      return true;
    } catch (e) {
      this.report(failure('record', env(StopEnv.RECORD_PARAMETER), e, 'look in the log for what was done'));
      return false;
    }
  }

  private async mend(why: string): Promise<void> {
    this.report(failure('record', env(StopEnv.RECORD_PARAMETER), new Refusal(`it cannot be read: ${why}`), 'where it is no JSON, its earlier versions count, and it is written again'));
    if (await this.note((state) => ({ ...state }))) this.store.broken = undefined;
  }

  private get isReal(): boolean {
    return this.steps.some(({ dryRun }) => !dryRun);
  }

  private does(action: StopActionKind): boolean {
    return this.steps.some((step) => step.action === action && !step.dryRun);
  }

  private count(result: ActionResult['result'], ...actions: ActionResult['action'][]): number {
    return this.results.filter((one) => one.result === result && (actions.length === 0 || actions.includes(one.action))).length;
  }
}

/** The command of the newest event, on behalf of an event that is older or has been overtaken: it may have failed since. */
export function newestCommand({ state, asOf, by }: StopState, command: StopCommand): StopCommand {
  return { do: state === 'stopped' ? 'stop' : 'undo', time: asOf ?? command.time, receivedAt: command.receivedAt, by: by ?? command.by };
}

/** X*/
async function rolesKnownWith(policyArn: string): Promise<string[]> {
  try {
    return await rolesWith(policyArn);
  } catch (e) {
    console.error(`who else has ${policyArn} is not known: ${(e as Error).message}`);
    return [];
  }
}

/** The failure for a policy whose action was removed from the budget while it was in force. */
function notAllowed(role: string): ActionResult {
  return failure(StopActionKind.DENY_INVOCATIONS, role, new Refusal('is denied by a policy that is no longer configured'), `aws iam list-attached-role-policies --role-name ${role}, and detach it`);
}

/** The result for a role that AWS Budgets denies too: this function does not detach that policy. */
function deniedByAwsBudgets(role: string): ActionResult {
  return {
    action: StopActionKind.DENY_INVOCATIONS,
    target: role,
    result: 'kept',
    text: 'is still denied by the policy that AWS Budgets has attached, until its next period: to allow it now, reverse the action of the budget in the AWS Budgets console',
  };
}

function notBoughtAgain({ arn, resource }: Deleted): ActionResult {
  return { action: StopActionKind.DELETE_THROUGHPUT, target: arn, result: 'kept', text: `${resource}: its stack no longer has it, so that it is not bought again` };
}
