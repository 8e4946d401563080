import { describe, PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, Field, fieldTable, oneOf, quantity, REGION, required } from './field-table';
import { quantityOf } from './input';
import { nearestPolicy } from './nearest-policy';
import { Demand, PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { wholeUnits } from './whole-units';
import { didYouMeanOneOf } from '../../input/nearest';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

/**
 * Texts and images that a guardrail checks, paid for each policy that checks them.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails.html
 */
export interface GuardrailWorkload {
  /**
   * The region of the guardrail.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * The policies that check each text or image.
   *
   * Each is named once: `content-text`, `content-image`, `denied-topics`, `sensitive-information`, `sensitive-information-regex`,
   * `contextual-grounding`, `automated-reasoning`, `checks-content-filter`, `checks-prompt-attack`, `checks-sensitive-information`. Word
   * filters are free.
   */
  readonly policies: string[];
  /**
   * Texts a month that are checked, including inputs and outputs. Required by every policy except `content-image`.
   * @default - no text is checked
   */
  readonly textsPerMonth?: number;
  /**
   * Characters of one text. Each 1,000, begun or full, are one text unit. Needed beside `textsPerMonth`.
   * @default - no text is checked
   */
  readonly charactersPerText?: number;
  /**
   * Images a month that are checked. The policy `content-image` needs it.
   * @default - no image is checked
   */
  readonly imagesPerMonth?: number;
}

/** The policies that have a price of AWS. */
const POLICY_NAMES = [
  'automated-reasoning', 'checks-content-filter', 'checks-prompt-attack', 'checks-sensitive-information', 'content-image', 'content-text',
  'contextual-grounding', 'denied-topics', 'sensitive-information', 'sensitive-information-regex',
];

/** Different names. A usage file accepts the policies that have a price of AWS; in code, rates of your own may price others. */
const POLICIES: Field = {
  accepts: (value) => Array.isArray(value) && value.length > 0 && namesIn(value).every((name, i, names) => typeof name === 'string' && name !== '' && names.indexOf(name) === i),
  problem: (field, value) => new PricingError(field, value, Array.isArray(value) && value.length > 0 ? 'a list of different names of policies' : 'a list of at least one policy, such as ["content-text"]'),
  schema: {
    description: 'The policies that every text or image is checked by.', type: 'array', minItems: 1, uniqueItems: true, items: { enum: POLICY_NAMES },
  },
};

export const GUARDRAIL_FIELDS = fieldTable<GuardrailWorkload>({
  region: REGION,
  policies: required(POLICIES),
  textsPerMonth: oneOf(quantity('Texts a month that are checked, including inputs and outputs.')),
  charactersPerText: quantity('Characters of one text.'),
  imagesPerMonth: oneOf(quantity('Images a month that are checked.')),
});

/** The policy that checks images; all others check texts. */
const IMAGE_POLICY = 'content-image';

const CHARACTERS_OF_TEXT_UNIT = 1000;

/**
 * Guardrail: texts x ceil(characters / 1,000) x P of each text policy, and images x P of the image policy.
 *
 * One text of 5,600 characters in us-east-1, content filter alone: 6 / 1,000 x $0.15 = $0.0009. 25 texts of up to 1,000
 * characters, content and sensitive information: 25 / 1,000 x ($0.15 + $0.10) = $0.00625.
 */
export function guardrail(book: PriceBook, workload: GuardrailWorkload): CostEstimate {
  checkWorkload(workload, GUARDRAIL_FIELDS);
  const { policies } = workload;
  const texts = policies.filter((policy) => policy !== IMAGE_POLICY).map((policy) => textRun(book, workload, policy));
  const images = policies.filter((policy) => policy === IMAGE_POLICY).map((policy) => imageRun(book, workload, policy));
  refuseUnchecked(workload, texts.length > 0 ? [] : ['textsPerMonth', 'charactersPerText'], 'a policy that checks texts, such as content-text');
  refuseUnchecked(workload, images.length > 0 ? [] : ['imagesPerMonth'], `the policy ${IMAGE_POLICY}`);
  return CostEstimate._of({
    ...together([...texts, ...images]),
    unitCosts: [
      ...(texts.length > 0 ? unitCosts(texts, '1,000 texts', 1000) : []),
      ...(images.length > 0 ? unitCosts(images, '1,000 images', 1000) : []),
    ],
  });
}

function textRun(book: PriceBook, { region, textsPerMonth, charactersPerText }: GuardrailWorkload, policy: string): PricingRun {
  if (textsPerMonth === undefined) throw new PricingError('textsPerMonth', textsPerMonth, `the number of texts that ${policy} checks in a month`);
  if (charactersPerText === undefined) throw new PricingError('charactersPerText', charactersPerText, `the number of characters of a text that ${policy} checks`);
  const run = new PricingRun(book, { model: ANY_MODEL, region, policy }, quantityOf('textsPerMonth', textsPerMonth));
  const units = wholeUnits(quantityOf('charactersPerText', charactersPerText), CHARACTERS_OF_TEXT_UNIT);
  return priced(book, run, policy, { what: `text units, ${policy}`, quantity: units, unit: 'text unit', kind: RateKind.TEXT_UNIT });
}

function imageRun(book: PriceBook, { region, imagesPerMonth }: GuardrailWorkload, policy: string): PricingRun {
  if (imagesPerMonth === undefined) throw new PricingError('imagesPerMonth', imagesPerMonth, `the number of images that ${policy} checks in a month`);
  const run = new PricingRun(book, { model: ANY_MODEL, region, policy }, quantityOf('imagesPerMonth', imagesPerMonth));
  return priced(book, run, policy, { what: `images, ${policy}`, quantity: decimal(1), unit: 'image', kind: RateKind.IMAGE });
}

/** A policy that no rate knows is a missing price even when nothing is checked: a misspelt name must not come out as $0. */
function priced(book: PriceBook, run: PricingRun, policy: string, demand: Demand): PricingRun {
  const known = [...new Set(book._ratesOf(ANY_MODEL).flatMap((rate) => rate.policy ?? []))].sort();
  if (known.includes(policy)) {
    run.addAll([demand]);
    return run;
  }
  const nearest = nearestPolicy(policy, known);
  const question = nearest === undefined ? [] : [didYouMeanOneOf([nearest])];
  run.miss(demand.kind, demand.what, known.length === 0 ? undefined : [`the price book knows ${known.join(', ')}; or give a rate of your own`, ...question].join('. '));
  return run;
}

/** The items of a list, a hole as undefined. */
function namesIn(list: readonly unknown[]): readonly unknown[] {
  return Array.from(list);
}

/** Texts or images without a policy that checks them would silently cost $0. */
function refuseUnchecked(workload: GuardrailWorkload, fields: readonly (keyof GuardrailWorkload)[], missing: string): void {
  for (const field of fields) {
    const value = workload[field] as number | undefined;
    if (quantityOf(field, value, 0).toNumber() > 0) throw PricingError.about(field, `requires ${missing}, got ${describe(value)}`, `Add ${missing}, or remove ${field}.`);
  }
}
