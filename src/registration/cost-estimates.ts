import { resolve } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { RecordRequest, recordUsage } from './record';
import { commitmentOf } from '../estimates/entry-details';
import { entriesBelow } from '../estimates/registry';
import { construct, IN_SCOPE, required, requireArguments, reviewShapes, struct, text } from '../estimates/shape';
import { callerLocation } from '../estimates/source-location';
import { BatchWorkload } from '../pricing/billing-modes/batch';
import { ImageWorkload } from '../pricing/billing-modes/image';
import { OnDemandWorkload } from '../pricing/billing-modes/on-demand';
import { ProvisionedWorkload } from '../pricing/billing-modes/provisioned';
import { CostEstimate } from '../pricing/estimate';
import { WorkloadType } from '../pricing/workload';

/**
 * The costs of everything in a scope, and the way to add costs of resources that are not of this library.
 *
 * An added cost counts like a construct of the library: it is shown on synth, is in the report, and is covered by
 * budgets. Their alarms and counts see tokens and images (`addOnDemand`, `addImage`) by the model's own metrics, and the
 * hours of provisioned throughput (`addProvisioned`) from the beginning of the month; batch jobs (`addBatch`) are only on the
 * bill.
 *
 * `Lazy` values are resolved at synthesis; until then the estimate is unknown. A value that only the deployment knows leaves it
 * unknown.
 *
 * @example
 * const estimates = CostEstimates.of(stack);
 * estimates.addOnDemand('ChatTraffic', {
 *   model: 'us.anthropic.claude-sonnet-4-6',
 *   requestsPerMonth: 100_000,
 *   inputTokensPerRequest: 2_000,
 *   outputTokensPerRequest: 500,
 * });
 * estimates.total().monthlyUsd;
 */
export class CostEstimates {
  /** The costs at and below a construct. */
  public static of(scope: IConstruct): CostEstimates {
    requireArguments('CostEstimates.of: ', { scope }, { scope: required(construct('a construct, a stack, a stage or the app')) });
    return new CostEstimates(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Adds on-demand use that no construct of this library stands for, such as a function that calls a model directly.
   *
   * @param id a name that is unique in the scope
   * @param usage the model and its use; the region is the stack's unless given
   * @returns what it costs
   * @throws outside of every stack, and when the id is taken
   */
  public addOnDemand(id: string, usage: OnDemandWorkload): CostEstimate {
    return this.record(id, 'on-demand', usage, { cloudWatchModel: meteredAs(usage) });
  }

  /**
   * Adds batch inference that no construct of this library stands for.
   *
   * @param id a name that is unique in the scope
   * @param usage the model and its jobs; the region is the stack's unless given
   * @returns what it costs
   * @throws outside of every stack, and when the id is taken
   */
  public addBatch(id: string, usage: BatchWorkload): CostEstimate {
    return this.record(id, 'batch', usage);
  }

  /**
   * Adds provisioned throughput that was bought outside this app.
   *
   * @param id a name that is unique in the scope
   * @param usage the model and its units; the region is the stack's unless given
   * @returns what it costs
   * @throws outside of every stack, and when the id is taken
   */
  public addProvisioned(id: string, usage: ProvisionedWorkload): CostEstimate {
    return this.record(id, 'provisioned-throughput', usage, { commitment: commitmentOf(usage?.commitmentDuration) });
  }

  /**
   * Adds images that no construct of this library stands for, such as those of a function that calls a model directly.
   *
   * @param id a name that is unique in the scope
   * @param usage the model and its images; the region is the stack's unless given
   * @returns what it costs
   * @throws outside of every stack, and when the id is taken
   */
  public addImage(id: string, usage: ImageWorkload): CostEstimate {
    return this.record(id, 'image', usage, { cloudWatchModel: meteredAs(usage) });
  }

  /** The sum of everything at and below the scope, as far as it has been added by now. */
  public total(): CostEstimate {
    return CostEstimate._sum(entriesBelow(this.scope).map(({ estimate }) => CostEstimate._fromJson(estimate)));
  }

  private record(id: string, type: WorkloadType, given: SomeUsage, more: Partial<RecordRequest> = {}): CostEstimate {
    requireArguments(`${this.scope.node.path || 'App'}: CostEstimates.`, { id }, IN_SCOPE);
    if (!this.scope.node.scopes.some((node) => Stack.isStack(node))) {
      throw new Error(`${this.scope.node.path || 'App'}: the estimate ${JSON.stringify(id)} must be added within a Stack, since its prices depend on the region. Use CostEstimates.of(stack).`);
    }
    const child = new Construct(this.scope as Construct, id);
    const source = callerLocation();
    // CDK shows the source line of a violation only for constructs that carry this; its own L1s do.
    if (source) child.node.addMetadata('aws:cdk:creationStack', [`${id} (${resolve(source.file)}:${source.line}:1)`]);
    const [problem] = reviewShapes({ usage: given }, { usage: required(USAGE) }).problems;
    // Usage without a model is refused when it is priced.
    if (problem) return recordUsage(child, { type, model: '', usage: {}, source, explain: () => problem.error });
    const { model, region, ...usage } = given;
    return recordUsage(child, { type, model, region, usage, source, ...more });
  }
}

type SomeUsage = OnDemandWorkload | BatchWorkload | ProvisionedWorkload | ImageWorkload;

const USAGE = struct('an object with the model and its use, such as { model, requestsPerMonth, inputTokensPerRequest }', {
  region: text('a region such as "us-east-1"'),
});

/** The name by which CloudWatch counts a model that is called directly, as others may call it, too. */
function meteredAs(usage: SomeUsage): RecordRequest['cloudWatchModel'] {
  return { modelId: usage?.model, shared: true };
}
