import { Stack } from 'aws-cdk-lib';
import { deployedName } from './names';
import type { StackMonitorPlan } from './stack-monitor-plan';

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

  public readonly plans: StackMonitorPlan[] = [];
  private decision: Pick<StackPlans, 'hasTokenAlarms' | 'functionId'> | undefined;

  private constructor(private readonly stack: Stack) {}

  /** True where alarms read the token metrics of the stack. */
  public get hasTokenAlarms(): boolean {
    return this.decision?.hasTokenAlarms ?? (this.plans.length <= 1 && this.plans.every(({ fitsOneAlarm }) => fitsOneAlarm));
  }

  /** The id of the function that the budgets share. Another copy of the library in the app may have taken the first one. */
  public get functionId(): string {
    if (this.decision) return this.decision.functionId;
    let id = SHARED_FUNCTION;
    for (let copy = 2; this.stack.node.tryFindChild(id); copy++) id = `${SHARED_FUNCTION}${copy}`;
    return id;
  }

  /** Makes the decision final. */
  public decide(): void {
    this.decision ??= { hasTokenAlarms: this.hasTokenAlarms, functionId: this.functionId };
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
