import { calculator, exact, lines, withRates } from './calculators';
import { ANY_MODEL, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const US = { region: 'us-east-1' };
const THOUSAND_TEXTS = { ...US, textsPerMonth: 1000, charactersPerText: 1000 };

describe('a guardrail', () => {
  test.each([
    // us-east-1 (price list as quoted in August 2026), a thousand text units of each policy
    ['automated-reasoning', '0.17'],
    ['checks-content-filter', '0.07'],
    ['checks-prompt-attack', '0.08'],
    ['checks-sensitive-information', '0.1'],
    ['content-text', '0.15'],
    ['contextual-grounding', '0.1'],
    ['denied-topics', '0.15'],
    ['sensitive-information', '0.1'],
    // Regular expressions are free, which is a price, not a gap.
    ['sensitive-information-regex', '0'],
  ])('costs for %s $%s a thousand text units', (policy, monthlyUsd) => {
    expect(exact(calculator.guardrail({ ...THOUSAND_TEXTS, policies: [policy] }))).toMatchObject({ monthlyUsd, missingPrices: [], lineItems: [{ unit: '1K text units' }] });
  });

  test.each([
    // 0.15 a thousand text units of 1,000 characters
    [0, '0'], [1, '0.15'], [999, '0.15'], [1000, '0.15'], [1000.5, '0.3'], [1001, '0.3'], [2000, '0.3'], [5600, '0.9'],
  ])('counts begun text units: 1,000 texts of %d characters cost $%s', (charactersPerText, monthlyUsd) => {
    expect(exact(calculator.guardrail({ ...THOUSAND_TEXTS, charactersPerText, policies: ['content-text'] })).monthlyUsd).toBe(monthlyUsd);
  });

  test('rounds every text up, not the month', () => {
    // 3 texts of 400 characters are 3 text units, not ceil(1.2) = 2: 3 x 0.00015
    expect(exact(calculator.guardrail({ ...US, policies: ['content-text'], textsPerMonth: 3, charactersPerText: 400 })).monthlyUsd).toBe('0.00045');
  });

  test('costs every policy apart', () => {
    // 6,000 text units: 6 x 0.15 + 6 x 0.15 + 6 x 0.10
    const estimate = calculator.guardrail({ ...THOUSAND_TEXTS, charactersPerText: 5600, policies: ['content-text', 'denied-topics', 'sensitive-information'] });
    expect(lines(estimate)).toEqual(['0.9', '0.9', '0.6']);
    expect(exact(estimate)).toMatchObject({ monthlyUsd: '2.4', unitCosts: [{ unit: '1,000 texts', usd: '2.4' }] });
  });

  test('costs images by the image, beside texts', () => {
    // 1,000 x 0.00015 + 200 x 0.00075
    const estimate = calculator.guardrail({ ...THOUSAND_TEXTS, policies: ['content-image', 'content-text'], imagesPerMonth: 200 });
    expect(lines(estimate)).toEqual(['0.15', '0.15']);
    expect(estimate.unitCosts).toEqual([{ unit: '1,000 texts', usd: 0.15 }, { unit: '1,000 images', usd: 0.75 }]);
  });

  test('of images alone needs no texts', () => {
    expect(exact(calculator.guardrail({ ...US, policies: ['content-image'], imagesPerMonth: 1000 })).monthlyUsd).toBe('0.75');
  });

  test('is a missing price where a policy has none, with the region that has', () => {
    // eu-south-2 has the content filter alone
    const estimate = calculator.guardrail({ ...THOUSAND_TEXTS, region: 'eu-south-2', policies: ['content-text', 'denied-topics'] });
    expect(exact(estimate)).toMatchObject({ monthlyUsd: null, knownMonthlyUsd: '0.15', unitCosts: [] });
    expect(estimate.missingPrices).toEqual([expect.objectContaining({ description: expect.stringContaining('denied-topics'), hint: expect.stringContaining('us-east-1') })]);
  });

  test.each([1000, 0])('is a missing price for an unknown policy, with the known ones, for %d characters', (charactersPerText) => {
    const estimate = calculator.guardrail({ ...THOUSAND_TEXTS, charactersPerText, policies: ['denied-topic'] });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(estimate.missingPrices[0].hint).toMatch(/knows automated-reasoning, .*denied-topics/);
  });

  test.each([
    ['content', 'content-text'], ['Content', 'content-text'], ['contentPolicyConfig', 'content-text'], ['content-filters', 'content-text'], ['content-imge', 'content-image'],
    ['denied-topic', 'denied-topics'], ['topic', 'denied-topics'], ['topicPolicyConfig', 'denied-topics'], ['pii', 'sensitive-information'],
    ['sensitive-info', 'sensitive-information'], ['sensitiveInformationPolicyConfig', 'sensitive-information'], ['regex', 'sensitive-information-regex'],
    ['grounding', 'contextual-grounding'], ['contextual grounding', 'contextual-grounding'], ['automated', 'automated-reasoning'], ['prompt attack', 'checks-prompt-attack'],
  ])('suggests the policy that %s was meant for: %s', (written, meant) => {
    const [missing] = calculator.guardrail({ ...THOUSAND_TEXTS, policies: [written] }).missingPrices;
    expect(missing.hint).toMatch(new RegExp(`^the price book knows [^?]*; or give a rate of your own\\. Did you mean ${meant}\\?$`));
  });

  test('suggests nothing for a policy that is like none', () => {
    expect(calculator.guardrail({ ...THOUSAND_TEXTS, policies: ['zzz'] }).missingPrices[0].hint).toMatch(/^the price book knows /);
  });

  test('takes rates of your own, also for policies of your own', () => {
    const own = withRates({ model: ANY_MODEL, kind: RateKind.TEXT_UNIT, policy: 'own-policy', usd: '1', unit: RateUnit.THOUSAND_TEXT_UNITS });
    expect(exact(own.guardrail({ ...THOUSAND_TEXTS, policies: ['own-policy'] })).monthlyUsd).toBe('1');
  });

  test.each([
    ['texts without their number', { policies: ['content-text'], charactersPerText: 5 }, 'textsPerMonth is required. Set the number of texts that content-text checks in a month.'],
    ['texts without their length', { policies: ['content-text'], textsPerMonth: 5 }, 'charactersPerText is required. Set the number of characters of a text that content-text checks.'],
    ['images for a text policy alone', { policies: ['content-text'], textsPerMonth: 5, charactersPerText: 5, imagesPerMonth: 5 }, 'imagesPerMonth requires the policy content-image, got 5. Add the policy content-image, or remove imagesPerMonth.'],
    ['texts for the image policy alone', { policies: ['content-image'], imagesPerMonth: 5, textsPerMonth: 5 }, 'textsPerMonth requires a policy that checks texts, such as content-text, got 5. Add a policy that checks texts, such as content-text, or remove textsPerMonth.'],
    ['an image policy without images', { policies: ['content-image', 'content-text'], textsPerMonth: 5, charactersPerText: 5 }, 'imagesPerMonth is required. Set the number of images that content-image checks in a month.'],
    ['a text policy without texts', { policies: ['content-image', 'content-text'], imagesPerMonth: 5 }, 'textsPerMonth is required. Set the number of texts that content-text checks in a month.'],
    ['no policy', { policies: [], textsPerMonth: 5, charactersPerText: 5 }, 'policies must be a list of at least one policy, such as ["content-text"], got [].'],
    ['policies that are no list', { policies: 'content-text', textsPerMonth: 5, charactersPerText: 5 }, 'policies must be a list of at least one policy, such as ["content-text"], got "content-text".'],
    ['a policy twice', { policies: ['content-text', 'content-text'], textsPerMonth: 5, charactersPerText: 5 }, 'policies must be a list of different names of policies, got ["content-text","content-text"].'],
    ['a policy that is no text', { policies: [5], textsPerMonth: 5, charactersPerText: 5 }, 'policies must be a list of different names of policies, got [5].'],
    ['a negative number of texts', { policies: ['content-text'], textsPerMonth: -1, charactersPerText: 5 }, 'textsPerMonth must be a number of 0 or more, got -1.'],
    ['a negative length', { policies: ['content-text'], textsPerMonth: 1, charactersPerText: -5 }, 'charactersPerText must be a number of 0 or more, got -5.'],
    ['a negative number of images', { policies: ['content-image'], imagesPerMonth: -5 }, 'imagesPerMonth must be a number of 0 or more, got -5.'],
    ['a field that does not exist', { policies: ['content-text'], textsPerMonth: 1, charactersPerText: 5, wordsPerText: 1 }, 'wordsPerText is not a known field. Did you mean charactersPerText?'],
  ])('fails for %s', (_, usage, message) => {
    expect(() => calculator.guardrail({ ...US, ...usage } as never)).toThrow(message);
  });
});
