import { customInference, TechniqueRequest } from './custom-inference';
import { contextOf } from '../billing-modes/context';
import { decimal, Decimal, sumIfAllKnown, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { formatQuantity, formatUnitPrice, formatUsd } from '../format';
import { ModelId } from '../model-id';
import { Technique, TechniqueLine } from './technique';
import { customization } from '../billing-modes/customization';
import { knowledgeBase } from '../billing-modes/knowledge-base';
import { OnDemandWorkload, tokensIn } from '../billing-modes/on-demand';
import { legacyOf } from '../price-book/lifecycle';
import { modelFacts } from '../price-book/model-catalog';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';
import { UNITS } from '../price-book/unit';

const STEP = 100;

/** Other words cost nothing; more or fewer of them do. */
export function promptEngineering({ usage, price, current }: TechniqueRequest): Technique {
  const { model, inputTokensPerRequest: now = 0 } = usage;
  const tokens = tokensIn(usage);
  // A step that leaves the request as long or as short as it is priced now.
  const step = [-STEP, STEP].find((by) => now + by >= 0 && contextOf(model, tokens + by) === contextOf(model, tokens));
  const difference = step === undefined ? undefined : minus(price({ ...usage, inputTokensPerRequest: now + step })._monthly, current._monthly);
  const worth = difference && (difference.cmp(ZERO) < 0 ? ZERO.minus(difference) : difference);
  return {
    name: 'prompt-engineering',
    oneTimeUsd: ZERO,
    monthlyChangeUsd: ZERO,
    ...(worth ? { usdPer100InputTokens: worth } : {}),
    lines: [],
    notes: [
      'no fee of its own',
      worth === undefined
        ? `what ${STEP} tokens of prompt are worth is unknown: a price is missing`
        : `every ${STEP} input tokens less in a request save ${formatUsd(worth)} a month; as many more cost as much`,
    ],
    missingPrices: current.missingPrices,
    assumptions: assumptionsOf(current),
    prices: current.lineItems,
  };
}

/** Retrieval: the model stays the same, and the retrieved texts are input tokens of each request. */
export function retrieval({ book, usage, inputs, price, current }: TechniqueRequest): Technique {
  const { retrievedTokens, indexGigabytes } = inputs;
  const { inputTokensPerRequest = 0, requestsPerMonth, region } = usage;
  const longer = price({ ...usage, inputTokensPerRequest: inputTokensPerRequest + retrievedTokens });
  const base = knowledgeBase(book, { region, indexedGigabytes: indexGigabytes, retrievalsPerMonth: requestsPerMonth });
  const tokens = minus(longer._monthly, current._monthly);
  return {
    name: 'retrieval',
    oneTimeUsd: ZERO,
    monthlyChangeUsd: sumIfAllKnown([tokens, base._monthly]),
    lines: [
      ...(tokens ? [{ description: `${formatQuantity(retrievedTokens)} more input tokens in each request`, usd: tokens, oneTime: false }] : []),
      ...linesOf(base),
    ],
    notes: ['no change of the model'],
    missingPrices: [...longer.missingPrices, ...base.missingPrices],
    assumptions: assumptionsOf(current, longer, base),
    prices: [current, longer, base].flatMap(({ lineItems }) => lineItems),
  };
}

export function instructionFineTuning(request: TechniqueRequest): Technique {
  const { trainingTokens, epochs } = request.inputs;
  return customized(request, 'instruction-fine-tuning', trainingTokens, epochs);
}

export function domainAdaptation(request: TechniqueRequest): Technique {
  const { adaptationTokens, adaptationEpochs } = request.inputs;
  return customized(request, 'domain-adaptation', adaptationTokens, adaptationEpochs);
}

/** Training once, storage each month, and inference with the custom model instead of the current one. */
function customized(request: TechniqueRequest, name: Technique['name'], trainingTokens: number, epochs: number): Technique {
  const { book, usage, current } = request;
  const { bareId } = ModelId.parse(usage.model);
  const training = customization(book, { model: bareId, region: usage.region, trainingTokens, epochs, storedModels: 1 });
  const inference = customInference(request, bareId);
  const difference = minus(inference.estimate._monthly, current._monthly);
  // Whether one unit is enough is unknown, so it must not look like a saving.
  const isGuess = inference.isGuess && difference !== undefined && difference.cmp(ZERO) < 0;
  const change = isGuess ? ZERO : difference;
  return {
    name,
    oneTimeUsd: training._oneTime,
    monthlyChangeUsd: sumIfAllKnown([training._monthly, change]),
    lines: [
      ...linesOf(training),
      ...(change ? [{ description: `${inference.what} instead of the current ${formatUsd(current._monthly!)}`, usd: change, oneTime: false }] : []),
    ],
    notes: [
      ...inference.notes,
      ...(legacyOf(usage.model, usage.region) ? ['AWS accepts no new training of a model that it marks as legacy'] : []),
      ...(isGuess ? ['no saving is counted: whether one model unit carries this load is not published'] : []),
    ],
    missingPrices: [...training.missingPrices, ...inference.estimate.missingPrices, ...current.missingPrices],
    assumptions: assumptionsOf(current, training, inference.estimate),
    prices: [current, training, inference.estimate].flatMap(({ lineItems }) => lineItems),
  };
}

/** The active models of the same provider that the book has a price for training by the token of in the region, but not this one. */
export function customizableModels(book: PriceBook, { model, region }: OnDemandWorkload): string[] {
  const own = modelFacts(model);
  return book._modelIds.filter((id) => {
    const facts = modelFacts(id);
    if (own === undefined || id === own.id || facts?.provider !== own.provider || facts.status !== 'active') return false;
    const training = book._find({ model: id, kind: RateKind.TRAINING, region });
    return training !== undefined && UNITS[training.rate.unit].base === 'token';
  });
}

/** Removes duplicates: the current usage and a technique mostly have the same assumptions. */
function assumptionsOf(...estimates: readonly CostEstimate[]): string[] {
  return [...new Set(estimates.flatMap(({ assumptions }) => assumptions))];
}

function linesOf(estimate: CostEstimate): TechniqueLine[] {
  return estimate._toJson().lineItems.map(({ description, quantity, unit, unitPriceUsd, usd, oneTime = false }) => ({
    description: `${description}: ${formatQuantity(quantity)} x ${formatUnitPrice(unitPriceUsd)} per ${unit}`, usd: decimal(usd), oneTime,
  }));
}

function minus(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  return a && b && a.minus(b);
}
