import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { PricingRequest, UsageDefault } from './usage-pricing';
import { resolveLazy } from '../estimates/lazy-usage';
import { isInputProblem } from '../estimates/settings';
import { number, required, ShapesOf, struct, text } from '../estimates/shape';
import { usagesInStack } from '../estimates/stack-template';
import { PricingError } from '../input/error';
import { unknownField } from '../input/unknown-field';
import { billingModeName, UsageFields } from '../pricing/workload';
import { workloadAt } from '../unpriced/workload-at';
import { KNOWN_FROM } from '../unpriced/workloads';

/**
 * The use of a construct in an average month: the volumes that its billing mode needs. The construct itself states the model, the region,
 * the policies of a guardrail and the limits of its requests.
 *
 * A field that the billing mode of the construct does not have is refused.
 */
export interface ConstructUsage {
  /**
   * The id of the model, with the prefix of the inference profile that it is called through, if any.
   * @default - the model of the construct; required if it names none or several
   */
  readonly model?: string;
  /**
   * Requests a month: of an agent, a function, a state machine, or a knowledge base with vectors (chunks and queries that are embedded).
   * @default - required for tokens of a model
   */
  readonly requestsPerMonth?: number;
  /**
   * Input tokens of one request, without those read from or written to the prompt cache.
   * @default - the tokens of a chunk for the embedding model of a knowledge base, otherwise 0
   */
  readonly inputTokensPerRequest?: number;
  /**
   * Output tokens of one request.
   * @default - the highest limit that the requests set (`max_tokens`), otherwise 0
   */
  readonly outputTokensPerRequest?: number;
  /**
   * Tokens of one request that are read from the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheReadTokensPerRequest?: number;
  /**
   * Tokens of one request that are written to the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheWriteTokensPerRequest?: number;
  /**
   * Batch inference jobs a month.
   * @default - required for batch inference
   */
  readonly jobsPerMonth?: number;
  /**
   * Records of one batch inference job.
   * @default - required for batch inference
   */
  readonly recordsPerJob?: number;
  /**
   * Input tokens of one record.
   * @default 0
   */
  readonly inputTokensPerRecord?: number;
  /**
   * Output tokens of one record.
   * @default 0
   */
  readonly outputTokensPerRecord?: number;
  /**
   * Texts a month that a guardrail checks, including inputs and outputs.
   * @default - required for policies that check texts
   */
  readonly textsPerMonth?: number;
  /**
   * Characters of one text that a guardrail checks.
   * @default - required for policies that check texts
   */
  readonly charactersPerText?: number;
  /**
   * Images a month that a guardrail checks or a model generates.
   * @default - required for filters of images, and for a model that generates images
   */
  readonly imagesPerMonth?: number;
  /**
   * The resolution of generated images or videos, such as `1024x1024` or `720p`.
   * @default - a missing price, unless the price does not depend on it
   */
  readonly resolution?: string;
  /**
   * The quality of generated images, such as `standard` or `premium`.
   * @default - `standard` where the price depends on it
   */
  readonly quality?: string;
  /**
   * Seconds of generated video a month.
   * @default - required for a model that generates video
   */
  readonly secondsPerMonth?: number;
  /**
   * Speech tokens a month that a speech model receives.
   * @default 0
   */
  readonly inputSpeechTokensPerMonth?: number;
  /**
   * Speech tokens a month that a speech model generates.
   * @default 0
   */
  readonly outputSpeechTokensPerMonth?: number;
  /**
   * Text tokens a month that a speech model receives.
   * @default 0
   */
  readonly inputTokensPerMonth?: number;
  /**
   * Text tokens a month that a speech model generates.
   * @default 0
   */
  readonly outputTokensPerMonth?: number;
  /**
   * Queries a month that rank documents.
   * @default - required for reranking
   */
  readonly queriesPerMonth?: number;
  /**
   * Documents that one query ranks.
   * @default 100
   */
  readonly documentsPerQuery?: number;
  /**
   * Gigabytes of the index of a managed knowledge base.
   * @default 0
   */
  readonly indexedGigabytes?: number;
  /**
   * Retrievals a month of a managed knowledge base.
   * @default 0
   */
  readonly retrievalsPerMonth?: number;
  /**
   * Agentic retrievals a month of a managed knowledge base.
   * @default 0
   */
  readonly agenticRetrievalsPerMonth?: number;
  /**
   * Retrievals that one agentic retrieval makes. Given only with `agenticRetrievalsPerMonth`.
   * @default 0
   */
  readonly underlyingRetrievalsPerAgenticRetrieval?: number;
  /**
   * Node transitions a month of a flow: runs x nodes that one run executes. The tokens of its models are an estimate below the flow.
   * @default - the transitions are not priced
   */
  readonly nodeTransitionsPerMonth?: number;
  /**
   * Tasks a month of model evaluations that people complete.
   * @default - required for evaluations
   */
  readonly humanTasks?: number;
}

const amount = () => number('a number of 0 or more');

const FIELDS: ShapesOf<ConstructUsage> = {
  model: text('a model id such as "us.amazon.nova-pro-v1:0"'),
  requestsPerMonth: amount(),
  inputTokensPerRequest: amount(),
  outputTokensPerRequest: amount(),
  cacheReadTokensPerRequest: amount(),
  cacheWriteTokensPerRequest: amount(),
  jobsPerMonth: amount(),
  recordsPerJob: amount(),
  inputTokensPerRecord: amount(),
  outputTokensPerRecord: amount(),
  textsPerMonth: amount(),
  charactersPerText: amount(),
  imagesPerMonth: amount(),
  resolution: text('a resolution such as "1024x1024"'),
  quality: text('a quality such as "standard"'),
  secondsPerMonth: amount(),
  inputSpeechTokensPerMonth: amount(),
  outputSpeechTokensPerMonth: amount(),
  inputTokensPerMonth: amount(),
  outputTokensPerMonth: amount(),
  queriesPerMonth: amount(),
  documentsPerQuery: amount(),
  indexedGigabytes: amount(),
  retrievalsPerMonth: amount(),
  agenticRetrievalsPerMonth: amount(),
  underlyingRetrievalsPerAgenticRetrieval: amount(),
  nodeTransitionsPerMonth: amount(),
  humanTasks: amount(),
};

export const CONSTRUCT_USAGE_SHAPE = required(struct('an object with volumes, such as { requestsPerMonth }', FIELDS));

/**
 * The parts of usage that are entries of their own: the transitions of a flow, which are the cost of the flow itself, and the tokens of its
 * models, which are below it.
 */
export function splitUsage({ nodeTransitionsPerMonth, ...others }: ConstructUsage): { readonly own: UsageFields; readonly below?: UsageFields } {
  const rest = given(others);
  if (nodeTransitionsPerMonth === undefined) return { own: rest };
  return Object.keys(rest).length === 0 ? { own: { nodeTransitionsPerMonth } } : { own: { nodeTransitionsPerMonth }, below: rest };
}

function given(fields: UsageFields): UsageFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * Reads the billing mode, the model and the known fields of a construct from the template of its stack. For use at synthesis only.
 *
 * Input that is not allowed comes back as the explanation of the problem that the empty usage is.
 */
export function usageOfConstruct(construct: IConstruct, fields: UsageFields): Partial<PricingRequest> & Pick<PricingRequest, 'usage'> {
  try {
    const usage = resolveLazy(construct, fields);
    const unknown = Object.keys(usage).find((field) => !Object.hasOwn(FIELDS, field));
    if (unknown !== undefined) throw unknownField('', unknown, Object.keys(FIELDS));
    const { path } = construct.node;
    const { workload: { type, model, known, asked }, region } = workloadAt(usagesInStack(construct), path, describeConstruct(construct), usage);
    const other = asked.find((field) => !Object.hasOwn(FIELDS, field));
    if (other !== undefined) {
      throw PricingError.about('construct', `must have a price by volumes, got a use that needs ${other} (${billingModeName(type)})`,
        'Add it with the method of CostEstimates for its billing mode.');
    }
    const { model: _model, ...volumes } = usage;
    const isOwnRegion = region === null || region === Stack.of(construct).region;
    const leftOut = Object.entries(known).filter(([field]) => !Object.hasOwn(volumes, field));
    return {
      type,
      model,
      usage: { ...known, ...volumes },
      ...(isOwnRegion ? {} : { region }),
      defaults: leftOut.flatMap(([field, value]) => defaultOf(field, value)),
    };
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return { usage: {}, explain: () => problem };
  }
}

function defaultOf(field: string, value: unknown): UsageDefault[] {
  const source = new Map<string, string>(Object.entries(KNOWN_FROM)).get(field);
  return source === undefined ? [] : [{ field, value, assumption: `${field} is left out: ${String(value)} is taken, ${source}` }];
}

/** The resource types of a construct, for a message. */
function describeConstruct(construct: IConstruct): string {
  const resources = construct.node.findAll().filter((node): node is CfnResource => CfnResource.isCfnResource(node));
  const [first, ...others] = new Set(resources.map(({ cfnResourceType }) => cfnResourceType));
  if (first === undefined) return 'a construct without resources';
  return `a construct of the type ${[first, ...others.slice(0, 4)].join(', ')}${others.length > 4 ? ' and others' : ''}`;
}
