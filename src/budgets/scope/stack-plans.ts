import { Stack } from 'aws-cdk-lib';
import { deployedName } from './names';
import type { StackMonitorPlan } from './stack-monitor-plan';
import { isInTree, once, registryOf } from '../../estimates/registry';

/** The id of the function that all budgets of a stack share. Part of logical ids. */
const SHARED_FUNCTION = 'BedrockCostMonthToDate';

const PLANS = new WeakMap<Stack, StackPlans>();

/**
 * The plans of all budgets for one stack. They determine how it is monitored:
 * - one budget, with at most 10 token metrics, which fit into one alarm: alarms read these metrics;
 * - otherwise, one function counts for all budgets, and alarms read the few metrics that it publishes of each budget. A further resource
 *   adds no alarm and no metric.
 *
 * Constructs may be added until synthesis, when the alarms are created and the decision becomes final.
 */
export class StackPlans {
  public static of(stack: Stack): StackPlans {
    const known = PLANS.get(stack) ?? new StackPlans(stack);
    PLANS.set(stack, known);
    return known;
  }

  /** The plans; they may grow. Plans of budgets that were removed from the tree are dropped when the decision is made. */
  public readonly plans: StackMonitorPlan[] = [];
  /** The id of the function that the budgets share. It differs between copies of the library in one app. */
  public readonly functionId: string;
  private decision: boolean | undefined;

  private constructor(private readonly stack: Stack) {
    this.functionId = claimedId(stack);
  }

  /** True if alarms read the token metrics of the stack. */
  public get hasTokenAlarms(): boolean {
    return this.decision ?? (this.plans.length <= 1 && this.plans.every(({ fitsOneAlarm }) => fitsOneAlarm));
  }

  /**
   * Makes the decision final, for this stack and for all other stacks of its budgets. Their functions read each other's ledgers, whose names
   * depend on the decision, and the stage of one may be synthesized, by a pipeline for example, before the others are complete.
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
   * The name for a function that counts one budget, or all budgets of the stack. Its schedule and its parameters are named after it: every
   * stack can use the name without a reference, and two deployments of an app have different names.
   */
  public nameFor(budget: string): string {
    const copy = this.functionId.slice(SHARED_FUNCTION.length);
    const counted = this.hasTokenAlarms ? budget : [deployedName(this.stack), ...(copy ? [copy] : [])].join(' ');
    return `${counted} in ${this.stack.node.path}`;
  }
}

/** The first id that no other copy of the library has claimed in the stack. It does not depend on the order in which stages are synthesized. */
function claimedId(stack: Stack): string {
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? SHARED_FUNCTION : `${SHARED_FUNCTION}${copy}`;
    let isClaimed = false;
    once(registryOf(stack), `function:${stack.node.addr}:${id}`, () => { isClaimed = true; });
    if (isClaimed) return id;
  }
}
