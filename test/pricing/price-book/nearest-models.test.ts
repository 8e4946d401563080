import { PROFILE_PREFIXES } from '../../../src/pricing/model-id';
import { modelFacts, modelOffers } from '../../../src/pricing/price-book/model-catalog';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { bookOf, rate } from '../../price-book-review/book-of';

const book = PriceBook.embedded();

// Each written by hand: what people type, and the model that they mean.
test.each<[string, string]>([
  // a version suffix or a date that the model does not have
  ['us.anthropic.claude-sonnet-4-6-v1:0', 'us.anthropic.claude-sonnet-4-6'],
  ['us.anthropic.claude-sonnet-4-6-v1', 'us.anthropic.claude-sonnet-4-6'],
  ['anthropic.claude-sonnet-4-6-20260101-v1:0', 'anthropic.claude-sonnet-4-6'],
  ['eu.anthropic.claude-sonnet-4-6-20260101-v1:0', 'eu.anthropic.claude-sonnet-4-6'],
  ['global.anthropic.claude-opus-4-6-20260205-v1:0', 'global.anthropic.claude-opus-4-6-v1'],
  ['amazon.nova-pro-v2:0', 'amazon.nova-pro-v1:0'],
  // one that is left out
  ['us.anthropic.claude-sonnet-4-5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['jp.anthropic.claude-haiku-4-5-v1:0', 'jp.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['us.amazon.nova-pro', 'us.amazon.nova-pro-v1:0'],
  ['meta.llama3-1-70b-instruct', 'meta.llama3-1-70b-instruct-v1:0'],
  ['us.meta.llama3-3-70b', 'us.meta.llama3-3-70b-instruct-v1:0'],
  ['cohere.command-r', 'cohere.command-r-v1:0'],
  ['cohere.command-r-plus', 'cohere.command-r-plus-v1:0'],
  ['anthropic.claude-opus-4-5', 'anthropic.claude-opus-4-5-20251101-v1:0'],
  ['openai.gpt-oss-120b-v1:0', 'openai.gpt-oss-120b-1:0'],
  // the provider
  ['claude-sonnet-4-6', 'anthropic.claude-sonnet-4-6'],
  ['us.claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6'],
  ['anthropic.anthropic.claude-sonnet-4-6', 'anthropic.claude-sonnet-4-6'],
  ['antropic.claude-sonnet-4-6', 'anthropic.claude-sonnet-4-6'],
  ['anthropic/claude-sonnet-4.6', 'anthropic.claude-sonnet-4-6'],
  ['bedrock/us.anthropic.claude-haiku-4-5', 'us.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['anthropic-claude-opus-4-7', 'anthropic.claude-opus-4-7'],
  // dots for dashes, and other orders
  ['claude-sonnet-4.6', 'anthropic.claude-sonnet-4-6'],
  ['us.anthropic.claude-sonnet-4.5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['anthropic.claude-4-6-sonnet-v1:0', 'anthropic.claude-sonnet-4-6'],
  ['meta.llama3.1-8b-instruct', 'meta.llama3-1-8b-instruct-v1:0'],
  // letters
  ['us.anthropic.claude-sonet-4-6', 'us.anthropic.claude-sonnet-4-6'],
  ['amazon.nova-prow-v1:0', 'amazon.nova-pro-v1:0'],
  ['amazon.novapro-v1:0', 'amazon.nova-pro-v1:0'],
  ['amazon.nova-mirco-v1:0', 'amazon.nova-micro-v1:0'],
  ['stability.stable-imgae-core-v1:1', 'stability.stable-image-core-v1:1'],
  ['US.ANTHROPIC.CLAUDE-SONNET-4-6', 'us.anthropic.claude-sonnet-4-6'],
  ['AMAZON.NOVA-PRO-V1:0', 'amazon.nova-pro-v1:0'],
  // ARNs
  ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6-v1:0', 'anthropic.claude-sonnet-4-6'],
  ['arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6-v1:0', 'us.anthropic.claude-sonnet-4-6'],
  // names as people write them
  ['Claude Sonnet 4.6', 'anthropic.claude-sonnet-4-6'],
  ['Claude Opus 4.1', 'anthropic.claude-opus-4-1-20250805-v1:0'],
  ['Anthropic Claude Haiku 4.5', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['opus 4.6', 'anthropic.claude-opus-4-6-v1'],
  ['nova pro', 'amazon.nova-pro-v1:0'],
  ['Amazon Nova 2 Lite', 'amazon.nova-2-lite-v1:0'],
  ['Llama 3.3 70B', 'meta.llama3-3-70b-instruct-v1:0'],
  ['Meta Llama 3 8B Instruct', 'meta.llama3-8b-instruct-v1:0'],
  ['Mistral Large 24.07', 'mistral.mistral-large-2407-v1:0'],
  ['gpt-oss-20b', 'openai.gpt-oss-20b-1:0'],
  ['GPT 5.4', 'openai.gpt-5.4'],
  ['qwen3 32b', 'qwen.qwen3-32b-v1:0'],
  ['DeepSeek R1', 'deepseek.r1-v1:0'],
  ['deepseek v3.1', 'deepseek.v3-v1:0'],
  ['titan embeddings v2', 'amazon.titan-embed-text-v2:0'],
  ['Command R+', 'cohere.command-r-plus-v1:0'],
  ['Claude 3.5 Sonnet v2', 'anthropic.claude-3-5-sonnet-20241022-v2:0'],
  ['Jamba 1.5 Mini', 'ai21.jamba-1-5-mini-v1:0'],
  // a version that does not exist: the nearest of the family
  ['anthropic.claude-sonnet-4-7', 'anthropic.claude-sonnet-4-6'],
  // geographies
  ['usa.amazon.nova-pro-v1:0', 'us.amazon.nova-pro-v1:0'],
  ['uk.anthropic.claude-sonnet-4-6', 'anthropic.claude-sonnet-4-6'],
])('%s: did you mean %s?', (written, meant) => {
  expect(book._nearestModels(written)[0]).toBe(meant);
});

test.each(['anthropic.claude-sonnet-4-6-20260101-v1:0', 'us.anthropic.claude-sonnet-4-6-v1:0', 'Claude Sonnet 4.6'])('%s suggests no other version and no other family', (written) => {
  expect(book._nearestModels(written)).toEqual([expect.stringMatching(/^(us\.)?anthropic\.claude-sonnet-4-6$/)]);
});

test.each(['', 'xyz.foo', '/', '.', '12.34', 'arn:aws:bedrock', 'zzzzzzzzzzzzzz', '💸'.repeat(500)])('%p suggests nothing', (written) => {
  expect(book._nearestModels(written)).toEqual([]);
});

describe('a model without the profile that was asked for', () => {
  // Claude Opus 4.1 has a us profile alone.
  test('is suggested with one that it has, beside one of the geography', () => {
    expect(book._nearestModels('eu.anthropic.claude-opus-4-1')).toEqual(['us.anthropic.claude-opus-4-1-20250805-v1:0', expect.stringMatching(/^eu\.anthropic\.claude-opus-4-/)]);
  });

  test('is suggested with the global one before any other', () => {
    expect(book._nearestModels('apac.amazon.nova-2-lite')[0]).toBe('global.amazon.nova-2-lite-v1:0');
  });

  test('is suggested bare where it has none', () => {
    expect(book._nearestModels('us.mistral.mistral-large-3')[0]).toBe('mistral.mistral-large-3-675b-instruct');
  });

  test('is one of a book of your own', () => {
    const own = bookOf([rate('input', '3', { model: 'own.model-v1' }), rate('input', '3', { model: 'global.own.other-v1' })]);
    expect(own._nearestModels('us.own.modle-v1')).toEqual(['own.model-v1']);
    expect(own._nearestModels('us.own.othr-v1')).toEqual(['global.own.other-v1']);
  });
});

describe('every id of the book', () => {
  /** The family and version: the name that AWS gives it, which two releases of a model can share. */
  const nameOf = (id: string) => modelFacts(id)!.name.replace(/ v\d+$/, '');
  const without = {
    'its version suffix': (id: string) => id.replace(/-v\d+(:\d+)?$|:\d+$/, ''),
    'its date': (id: string) => id.replace(/-\d{8}/, ''),
    'its provider': (id: string) => id.slice(id.indexOf('.') + 1),
    'its date and version suffix': (id: string) => id.replace(/-\d{8}/, '').replace(/-v\d+(:\d+)?$|:\d+$/, ''),
  };
  const cases = Object.entries(without).flatMap(([what, change]) => book._modelIds.flatMap((id) => {
    const prefixes = [undefined, ...PROFILE_PREFIXES.filter((prefix) => modelFacts(id)?.profiles.includes(prefix))];
    const changed = change(id);
    // Of two models that differ in nothing else, either may be meant; what the book knows needs no suggestion.
    const isAmbiguous = book._modelIds.some((other) => other !== id && change(other) === changed);
    return changed === id || isAmbiguous || book._knows(changed) ? [] : prefixes.map((prefix) => ({ what, id, prefix, changed }));
  }));

  test.each(Object.keys(without))('without %s is suggested first, in the same geography', (what) => {
    const wrong = cases.filter((one) => one.what === what).flatMap(({ id, prefix, changed }) => {
      const start = prefix === undefined ? '' : `${prefix}.`;
      const [nearest = ''] = book._nearestModels(`${start}${changed}`);
      const isSame = nearest.startsWith(start) && book._knows(nearest) && nameOf(nearest) === nameOf(id);
      return isSame ? [] : [`${start}${changed}: ${nearest}`];
    });
    expect(wrong).toEqual([]);
  });

  test('is tried in hundreds of ways', () => {
    expect(cases.length).toBeGreaterThan(300);
    expect(Object.values(modelOffers('anthropic.claude-sonnet-4-6')!).length).toBeGreaterThan(0);
  });
});
