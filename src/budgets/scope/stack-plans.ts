import { Stack } from 'aws-cdk-lib';
import { deployedName } from './names';
import type { StackMonitorPlan } from './stack-monitor-plan';
import { isInTree, once, registryOf } from '../../estimates/registry';

/** The id of the function that all budgets of a stack share. Part of logical ids. */
const SHARED_FUNCTION = 'BedrockCostMonthToDate';

const PLANS = new WeakMap<Stack, StackPlans>();

/**
 * The plans of all budgets for one stack. They decide how it is monitored:
 * - one budget with token metrics for one alarm (10 at most): alarms read these metrics;
 * - otherwise: one function counts for all budgets, and alarms read the few metrics that it publishes of each budget. However many
 *   resources a budget covers, they add no alarm and no metric.
 *
 * Constructs may be added until synthesis, when the alarms are created and the decision becomes final.
 */
export class StackPlans {
  public static of(stack: Stack): StackPlans {
    const known = PLANS.get(stack) ?? new StackPlans(stack);
    PLANS.set(stack, known);
    return known;
  }

  /** May grow. Those of budgets that were removed from the tree are left out once the decision is final. */
  public readonly plans: StackMonitorPlan[] = [];
  /** The id of the function that the budgets share. Another copy of the library in the app has another one. */
  public readonly functionId: string;
  private decision: boolean | undefined;

  private constructor(private readonly stack: Stack) {
    this.functionId = claimedId(stack);
  }

  /** True where alarms read the token metrics of the stack. */
  public get hasTokenAlarms(): boolean {
    return this.decision ?? (this.plans.length <= 1 && this.plans.every(({ fitsOneAlarm }) => fitsOneAlarm));
  }

  /**
   * Makes the decision final, for this stack and for all that its budgets are in: their functions read each other's ledgers, which are
   * named by it, and the stage of one may be synthesized, by a pipeline for example, before the others are complete.
   */
  public decide(): void {
    const related = new Set(this.plans.flatMap(({ scope }) => [scope.home, ...scope.stacks]));
    for (const plans of [this, ...[...related].map(StackPlans.of)]) plans.decideAlone();
  }

  private decideAlone(): void {
    if (this.decision !== undefined) return;
    const kept = this.plans.filter(({ scope }) => isInTree(scope.budget));
    this.plans.splice(0, this.plans.length, ...kept);
    kept.forEach((plan) => plan.dropRemoved());
    this.decision = this.hasTokenAlarms;
  }

  /**
   * The name of the part of a budget, or of the stack, that one function counts. Its schedule and its parameters are named after it:
   * every stack knows it without a reference, and two deployments of an app have different ones.
   */
  public nameFor(budget: string): string {
    const copy = this.functionId.slice(SHARED_FUNCTION.length);
    const counted = this.hasTokenAlarms ? budget : [deployedName(this.stack), ...(copy ? [copy] : [])].join(' ');
    return `${counted} in ${this.stack.node.path}`;
  }
}

/** The first id that no other copy of the library has claimed in the stack, in whatever order its stages are synthesized. */
function claimedId(stack: Stack): string {
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? SHARED_FUNCTION : `${SHARED_FUNCTION}${copy}`;
    let isClaimed = false;
    once(registryOf(stack), `function:${stack.node.addr}:${id}`, () => { isClaimed = true; });
    if (isClaimed) return id;
  }
}
