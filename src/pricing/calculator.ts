import { CostEstimate } from './estimate';
import { requireArgument } from '../input/argument';
import { isMarkedAs } from '../input/brand';
import { BatchWorkload } from './billing-modes/batch';
import { CustomModelImportWorkload } from './billing-modes/custom-model-import';
import { CustomizationWorkload } from './billing-modes/customization';
import { EvaluationWorkload } from './billing-modes/evaluation';
import { FlowWorkload } from './billing-modes/flow';
import { GuardrailWorkload } from './billing-modes/guardrail';
import { ImageWorkload } from './billing-modes/image';
import { KnowledgeBaseWorkload } from './billing-modes/knowledge-base';
import { OnDemandWorkload } from './billing-modes/on-demand';
import { ProvisionedWorkload } from './billing-modes/provisioned';
import { RerankWorkload } from './billing-modes/rerank';
import { ReservedWorkload } from './billing-modes/reserved';
import { SpeechWorkload } from './billing-modes/speech';
import { VideoWorkload } from './billing-modes/video';
import { WebGroundingWorkload } from './billing-modes/web-grounding';
import { compare } from './comparison/compare';
import { ComparisonUsage, CostComparison } from './comparison/comparison';
import { PriceBook } from './price-book/price-book';
import { price } from './workload';

/**
 * Calculates the cost of usage from a price book, with one method for each billing mode.
 *
 * Pure and exact: no network, no clock, no account, no floating point. A price that the book does not hold comes back
 * as a value (`missingPrices`), never as an exception and never as $0.
 */
export class CostCalculator {
  /**
   * @param priceBook the prices to use; the embedded book when left out
   * @throws if it is not a price book
   */
  constructor(private readonly priceBook: PriceBook = PriceBook.embedded()) {
    requireArgument('CostCalculator', 'priceBook', priceBook, isMarkedAs('PriceBook', priceBook), 'a PriceBook, such as PriceBook.embedded()');
  }

  /**
   * On-demand inference, by the tokens (or images, seconds) of each request.
   *
   * @throws if a quantity is negative or not a finite number, or a choice is not one of its values
   */
  public onDemand(usage: OnDemandWorkload): CostEstimate {
    return price(this.priceBook, { type: 'on-demand', usage });
  }

  /**
   * Batch inference, at the model's own batch rates.
   *
   * @throws if a quantity is negative or not a finite number
   */
  public batch(usage: BatchWorkload): CostEstimate {
    return price(this.priceBook, { type: 'batch', usage });
  }

  /**
   * Provisioned throughput, by the model unit and hour.
   *
   * @throws if a quantity is negative or not a finite number, or the commitment is not one of its values
   */
  public provisioned(usage: ProvisionedWorkload): CostEstimate {
    return price(this.priceBook, { type: 'provisioned-throughput', usage });
  }

  /**
   * The reserved tier, by the thousand tokens a minute and hour, input and output apart.
   *
   * @throws if a quantity is negative or not a finite number, both are left out, or the term is not a whole number of months
   */
  public reserved(usage: ReservedWorkload): CostEstimate {
    return price(this.priceBook, { type: 'reserved', usage });
  }

  /**
   * Training of a custom model, which is paid once, and keeping it, which is paid every month.
   *
   * @throws if a quantity is negative or not a finite number, or none is given
   */
  public customization(usage: CustomizationWorkload): CostEstimate {
    return price(this.priceBook, { type: 'customization', usage });
  }

  /**
   * A model of your own that is imported: keeping it, and the five-minute windows in which it is active.
   *
   * @throws if a quantity is negative or not a finite number, or the version of the units is not a text
   */
  public customModelImport(usage: CustomModelImportWorkload): CostEstimate {
    return price(this.priceBook, { type: 'custom-model-import', usage });
  }

  /**
   * Images, by the image, resolution and quality.
   *
   * @throws if the number of images is negative or not a finite number, or the resolution is not width x height
   */
  public image(usage: ImageWorkload): CostEstimate {
    return price(this.priceBook, { type: 'image', usage });
  }

  /**
   * Video, by the second and resolution.
   *
   * @throws if the number of seconds is negative or not a finite number, or the resolution is not one
   */
  public video(usage: VideoWorkload): CostEstimate {
    return price(this.priceBook, { type: 'video', usage });
  }

  /**
   * Conversation with a speech model, by the tokens of speech and of text.
   *
   * @throws if a quantity is negative or not a finite number, or none is given
   */
  public speech(usage: SpeechWorkload): CostEstimate {
    return price(this.priceBook, { type: 'speech', usage });
  }

  /**
   * Ranking of documents, by the query of up to 100 documents.
   *
   * @throws if a quantity is negative or not a finite number
   */
  public rerank(usage: RerankWorkload): CostEstimate {
    return price(this.priceBook, { type: 'rerank', usage });
  }

  /**
   * The checks of a guardrail: texts in units of 1,000 characters, and images, for each policy.
   *
   * @throws if a quantity is negative or not a finite number, or if texts, images and policies do not match
   */
  public guardrail(usage: GuardrailWorkload): CostEstimate {
    return price(this.priceBook, { type: 'guardrail', usage });
  }

  /**
   * A managed knowledge base: its index by the gigabyte, retrievals by the request.
   *
   * @throws if a quantity is negative or not a finite number, or none is given
   */
  public knowledgeBase(usage: KnowledgeBaseWorkload): CostEstimate {
    return price(this.priceBook, { type: 'knowledge-base', usage });
  }

  /**
   * Runs of a flow, by the transition from node to node.
   *
   * @throws if the number of transitions is negative or not a finite number
   */
  public flow(usage: FlowWorkload): CostEstimate {
    return price(this.priceBook, { type: 'flow', usage });
  }

  /**
   * Requests that a model grounds on the web, besides their tokens.
   *
   * @throws if the number of requests is negative or not a finite number
   */
  public webGrounding(usage: WebGroundingWorkload): CostEstimate {
    return price(this.priceBook, { type: 'web-grounding', usage });
  }

  /**
   * Evaluation of models by people, by the task.
   *
   * @throws if the number of tasks is negative or not a finite number
   */
  public evaluation(usage: EvaluationWorkload): CostEstimate {
    return price(this.priceBook, { type: 'evaluation', usage });
  }

  /**
   * The options to buy the same usage, cheapest first, each with its trade-offs and its break-even point, and the cost of other
   * models of the provider.
   *
   * @throws if a quantity is negative or not a finite number, or a choice is not one of its values
   */
  public compare(usage: ComparisonUsage): CostComparison {
    return compare(this.priceBook, usage);
  }
}
