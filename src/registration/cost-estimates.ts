import { Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { CONSTRUCT_USAGE_SHAPE, ConstructUsage, splitUsage, usageOfConstruct } from './construct-usage';
import { EstimateConstruct, isIdTaken, isPriced } from './estimate-construct';
import { RecordRequest, recordUsage } from './record';
import { UnpricedUsage } from './unpriced-usage';
import { commitmentOf, reservationOf } from '../estimates/entry-details';
import { invalidInput } from '../estimates/findings';
import { entriesBelow, isBelow } from '../estimates/registry';
import { construct as constructShape, IN_SCOPE, required, requireArguments, reviewShapes, Shape, struct, structSnapshot, text } from '../estimates/shape';
import { callerLocation } from '../estimates/source-location';
import { PricingError } from '../input/error';
import { BatchWorkload } from '../pricing/billing-modes/batch';
import { CustomModelImportWorkload } from '../pricing/billing-modes/custom-model-import';
import { CustomizationWorkload } from '../pricing/billing-modes/customization';
import { EvaluationWorkload } from '../pricing/billing-modes/evaluation';
import { FlowWorkload } from '../pricing/billing-modes/flow';
import { GuardrailWorkload } from '../pricing/billing-modes/guardrail';
import { ImageWorkload } from '../pricing/billing-modes/image';
import { KnowledgeBaseWorkload } from '../pricing/billing-modes/knowledge-base';
import { OnDemandWorkload } from '../pricing/billing-modes/on-demand';
import { ProvisionedWorkload } from '../pricing/billing-modes/provisioned';
import { RerankWorkload } from '../pricing/billing-modes/rerank';
import { ReservedWorkload } from '../pricing/billing-modes/reserved';
import { SpeechWorkload } from '../pricing/billing-modes/speech';
import { VideoWorkload } from '../pricing/billing-modes/video';
import { WebGroundingWorkload } from '../pricing/billing-modes/web-grounding';
import { CostEstimate } from '../pricing/estimate';
import { BILLING_MODES, UsageFields, Workload, WorkloadType } from '../pricing/workload';
import { isAtOrBelow, usesInTemplates } from '../synth-output/unpriced-usage';
import { unpricedOf } from '../unpriced/review';

/**
 * The costs of everything in a scope, and the way to add costs of resources that are not of this library.
 *
 * An added cost is treated like that of a construct of this library: synth prints it, the report has it, and budgets cover it. After the
 * deployment, budgets follow tokens and images (`addOnDemand`, `addImage`) by the metrics of the model, and the hours of provisioned
 * throughput (`addProvisioned`). Other use is on the bill only, which AWS Budgets watches.
 *
 * An estimate with the id of a construct of the scope, such as an agent, is the estimate of that construct. Either may be created first.
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
    requireArguments('CostEstimates.of: ', { scope }, { scope: required(constructShape('a construct, a stack, a stage or the app')) });
    return new CostEstimates(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Adds the use of Amazon Bedrock by a construct of the scope, whose template states the model.
   *
   * The construct is an agent, knowledge base, guardrail, flow, state machine, function or role of any library, or an L1.
   *
   * The template states the billing mode, the model, the region, the policies of a guardrail, the limit of output tokens and the size of
   * chunks. It is read at synthesis, when `Lazy` values are resolved and Aspects have run. The estimate is unknown until then.
   * Budgets judge it like any estimate, but do not count its use after the deployment: `addOnDemand` has the model, by which CloudWatch
   * counts it.
   *
   * @param construct the construct that uses Amazon Bedrock
   * @param usage the volumes of an average month
   * @returns the estimate, with the path of the construct. The tokens of the models of a flow have the path `FLOW/on-demand`.
   * @throws outside of a stack, and if the construct already has an estimate or is priced itself
   */
  public addFor(construct: IConstruct, usage: ConstructUsage): CostEstimate {
    const place = this.scope.node.path || 'App';
    requireArguments(`${place}: CostEstimates.`, { construct }, { construct: required(constructShape('a construct of the scope that uses Amazon Bedrock')) });
    const { scope, id } = construct.node;
    if (scope === undefined || Stack.isStack(construct) || Stage.isStage(construct) || !isBelow(construct, this.scope)) {
      const found = construct.node.path || 'the app';
      throw PricingError.about('construct', `must be a construct of a stack in the scope, got ${found}`).in(`${place}: CostEstimates.addFor.`);
    }
    const [problem] = reviewShapes({ usage }, { usage: CONSTRUCT_USAGE_SHAPE }).problems;
    const { own, below } = splitUsage(problem ? {} : structSnapshot(usage));
    const add = (owner: IConstruct, name: string, fields: UsageFields) => new CostEstimates(owner).record(name, 'on-demand', {}, {
      usage: fields,
      ...(problem ? { explain: () => problem.error } : { atSynthesis: () => usageOfConstruct(construct, fields) }),
    });
    const estimate = add(scope, id, own);
    if (below === undefined) return estimate;
    const tokens = add(construct, 'on-demand', below);
    return CostEstimate._unread(() => CostEstimate._sum([estimate, tokens]));
  }

  /**
   * Adds on-demand use that no construct of this library describes, such as a function that invokes a model directly.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its use. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addOnDemand(id: string, usage: OnDemandWorkload): CostEstimate {
    return this.record(id, 'on-demand', usage, { cloudWatchModel: meteredAs(usage) });
  }

  /**
   * Adds batch inference that no construct of this library runs.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its jobs. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addBatch(id: string, usage: BatchWorkload): CostEstimate {
    return this.record(id, 'batch', usage);
  }

  /**
   * Adds provisioned throughput that was bought outside this app.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its units. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addProvisioned(id: string, usage: ProvisionedWorkload): CostEstimate {
    return this.record(id, 'provisioned-throughput', usage, { commitment: commitmentOf(usage?.commitmentDuration) });
  }

  /**
   * Adds tokens a minute that are reserved (the reserved service tier). CloudFormation has no type for a reservation.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its tokens a minute. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addReserved(id: string, usage: ReservedWorkload): CostEstimate {
    return this.record(id, 'reserved', usage, { commitment: reservationOf(usage?.termMonths) });
  }

  /**
   * Adds the training and the storage of custom models. Training is paid once.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the base model, its training and the stored models. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addCustomization(id: string, usage: CustomizationWorkload): CostEstimate {
    return this.record(id, 'customization', usage);
  }

  /**
   * Adds an imported model, which is billed by custom model units while its copies are active.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the units, copies and active windows. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addCustomModelImport(id: string, usage: CustomModelImportWorkload): CostEstimate {
    return this.record(id, 'custom-model-import', usage);
  }

  /**
   * Adds images that a model generates or edits.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its images. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addImage(id: string, usage: ImageWorkload): CostEstimate {
    return this.record(id, 'image', usage, { cloudWatchModel: meteredAs(usage) });
  }

  /**
   * Adds videos that a model generates.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its seconds of video. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addVideo(id: string, usage: VideoWorkload): CostEstimate {
    return this.record(id, 'video', usage);
  }

  /**
   * Adds speech that a model receives and generates.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its tokens of speech and text. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addSpeech(id: string, usage: SpeechWorkload): CostEstimate {
    return this.record(id, 'speech', usage);
  }

  /**
   * Adds queries that rank documents.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model, its queries and their documents. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addRerank(id: string, usage: RerankWorkload): CostEstimate {
    return this.record(id, 'rerank', usage);
  }

  /**
   * Adds texts and images that a guardrail checks.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the policies, and the texts and images. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addGuardrail(id: string, usage: GuardrailWorkload): CostEstimate {
    return this.record(id, 'guardrail', usage);
  }

  /**
   * Adds a managed knowledge base: its index and its retrievals.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the size of the index and the retrievals. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addKnowledgeBase(id: string, usage: KnowledgeBaseWorkload): CostEstimate {
    return this.record(id, 'knowledge-base', usage);
  }

  /**
   * Adds the node transitions of flows.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the transitions. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addFlow(id: string, usage: FlowWorkload): CostEstimate {
    return this.record(id, 'flow', usage);
  }

  /**
   * Adds requests that a model grounds on the web. Their tokens are added with `addOnDemand`.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the model and its grounded requests. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addWebGrounding(id: string, usage: WebGroundingWorkload): CostEstimate {
    return this.record(id, 'web-grounding', usage);
  }

  /**
   * Adds tasks of a model evaluation that people complete.
   *
   * @param id the id of the construct that spends, or a new id
   * @param usage the tasks. The default region is that of the stack.
   * @returns the estimate
   * @throws outside of a stack, and if the id already has an estimate or is that of a priced construct
   */
  public addEvaluation(id: string, usage: EvaluationWorkload): CostEstimate {
    return this.record(id, 'evaluation', usage);
  }

  /**
   * The uses of Amazon Bedrock at and below the scope that no construct or estimate of this library prices.
   *
   * They are read from the templates: like `Template.fromStack`, the call synthesizes the app unless it is synthesized already. Call it when
   * the app is complete, such as in a unit test.
   *
   * @returns one item for each use, with the line of code that prices it
   * @throws if a custom synthesizer of a stack writes no valid template
   */
  public unpriced(): UnpricedUsage[] {
    const { path, root } = this.scope.node;
    if (Stage.isStage(root)) root.synth();
    const { uses, unread: [unknown] } = usesInTemplates(root);
    if (unknown) throw new Error(`${path || 'App'}: CostEstimates.unpriced requires valid templates, got none of ${unknown.node.path}. Use a synthesizer that writes one.`);
    return unpricedOf(uses).filter((use) => isAtOrBelow(use.path, path)).map((use) => ({
      path: use.path, stackPath: use.stack, resourceType: use.resourceType, modelIds: [...use.modelIds], suggestion: use.suggestion ?? undefined,
    }));
  }

  /** The sum of everything at and below the scope, as far as it has been added by now. */
  public total(): CostEstimate {
    return CostEstimate._sum(entriesBelow(this.scope).map(({ estimate }) => CostEstimate._fromJson(estimate)));
  }

  private record(id: string, type: WorkloadType, given: SomeUsage, more: Partial<RecordRequest> = {}): CostEstimate {
    const place = this.scope.node.path || 'App';
    requireArguments(`${place}: CostEstimates.`, { id }, IN_SCOPE);
    if (!this.scope.node.scopes.some((node) => Stack.isStack(node))) {
      throw new Error(`${place}: the estimate ${JSON.stringify(id)} must be added within a Stack, since its prices depend on the region. Use CostEstimates.of(stack).`);
    }
    const taken = new Error(`${place}: CostEstimates.id must not be that of a priced construct or of another estimate, got ${JSON.stringify(id)}. Use another id.`);
    const scope = this.scope as Construct;
    if (isIdTaken(scope, id)) throw taken;
    const source = callerLocation();
    const construct = new EstimateConstruct(scope, id, source);
    const subject = () => construct.subject;
    construct.node.addValidation({ validate: () => (isPriced(subject()) ? [invalidInput(taken)] : []) });
    const [problem] = reviewShapes({ usage: given }, { usage: usageShape(type) }).problems;
    if (problem) return recordUsage(construct, { type, usage: {}, source, subject, explain: () => problem.error });
    const { model, region, ...usage } = structSnapshot<UsageFields>(given);
    return recordUsage(construct, { type, model, region, usage, source, subject, ...more });
  }
}

type SomeUsage = Workload['usage'];

/** The shape of the usage of a billing mode. Its fields are checked when it is priced. */
function usageShape(type: WorkloadType): Shape {
  const { required: names, oneOf: [first = ''] } = BILLING_MODES[type].fields;
  return required(struct(`an object such as { ${[...names, first].filter(Boolean).join(', ')} }`, { region: text('a region such as "us-east-1"') }));
}

/** The name by which CloudWatch counts a model that is called directly, as others may call it, too. */
function meteredAs(usage: OnDemandWorkload | ImageWorkload | undefined): RecordRequest['cloudWatchModel'] {
  return usage && { modelId: usage.model, shared: true };
}
