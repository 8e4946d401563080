import { AspectPriority, Aspects, IAspect, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { printableLines } from '../../input/one-line';
import { StackPlans } from '../scope/stack-plans';

/**
 * Creates the monitors of the stacks of one stage when the stage is synthesized. The number of budgets and token metrics of a stack, which
 * determines how it is monitored, is known only then.
 *
 * It is an Aspect on the stage, since Aspects are the first step of a synthesis: the resources that it creates are still visited by other
 * Aspects (tags, permissions boundaries).
 */
class MonitorsAspect implements IAspect {
  private waiting: { readonly stack: Stack; readonly build: () => void }[] = [];
  private hasRun = false;

  constructor(private readonly stage: IConstruct) {}

  /** Builds immediately if the stage was visited before: another Aspect may add constructs with costs. */
  public add(stack: Stack, build: () => void): void {
    this.waiting.push({ stack, build });
    if (this.hasRun) this.run();
  }

  public visit(node: IConstruct): void {
    if (node === this.stage) this.run();
  }

  private run(): void {
    this.hasRun = true;
    const added = this.waiting;
    this.waiting = [];
    for (const { stack } of added) StackPlans.of(stack).decide();
    for (const { build } of added) build();
  }

  /** Reports stacks that were not built: without the flag `@aws-cdk/core:aspectStabilization`, CDK ignores an Aspect that another Aspect adds. */
  public validate(): string[] {
    const stacks = [...new Set(this.waiting.map(({ stack }) => stack.node.path))];
    return stacks.length === 0 ? [] : [
      printableLines(`${stacks.join(', ')} would not be monitored: an Aspect has added its first construct with a cost. `
        + 'Add one outside of Aspects, or set the feature flag @aws-cdk/core:aspectStabilization.'),
    ];
  }
}

const ASPECTS = new WeakMap<IConstruct, MonitorsAspect>();

/** Calls `build` once, when the stage of a stack is synthesized and it is known how the stack is monitored. */
export function buildAtSynthesis(stack: Stack, build: () => void): void {
  const stage = Stage.of(stack) ?? stack.node.root;
  aspectOf(stage).add(stack, build);
}

function aspectOf(stage: IConstruct): MonitorsAspect {
  const known = ASPECTS.get(stage);
  if (known) return known;
  const aspect = new MonitorsAspect(stage);
  ASPECTS.set(stage, aspect);
  // The highest priority number: CDK refuses one that is lower than that of an Aspect that has run.
  Aspects.of(stage).add(aspect, { priority: AspectPriority.READONLY });
  stage.node.addValidation({ validate: () => aspect.validate() });
  return aspect;
}
