import { CacheTtl, InferenceLatency, ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { ContextLength, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const calculator = new CostCalculator();

describe('on demand', () => {
  test('adds up input, output and cache reads of every request', () => {
    // Claude Sonnet 4.6 through a US profile, us-west-2 (price list 2026-08-20, page 2026-07-24), per million tokens:
    // in 3.30, out 16.50, cache read 0.33. 100,000 requests: 200 x 3.30 + 50 x 16.50 + 100 x 0.33 = 660 + 825 + 33.
    const estimate = calculator.onDemand({
      model: 'us.anthropic.claude-sonnet-4-6',
      region: 'us-west-2',
      requestsPerMonth: 100_000,
      inputTokensPerRequest: 2_000,
      outputTokensPerRequest: 500,
      cacheReadTokensPerRequest: 1_000,
    });
    expect(estimate.monthlyUsd).toBe(1518);
    expect(estimate.lineItems.map(({ usd }) => usd)).toEqual([660, 825, 33]);
    expect(estimate.unitCosts).toEqual([{ unit: '1,000 requests', usd: 15.18 }]);
  });

  test.each([
    // Nova Pro, us-east-1: in 0.80 standard, 0.40 flex, 1.40 priority per million tokens (page 2026-07-24)
    [undefined, '0.8'], [ServiceTier.STANDARD, '0.8'], [ServiceTier.FLEX, '0.4'], [ServiceTier.PRIORITY, '1.4'],
  ])('prices the service tier %s by its own row', (serviceTier, usd) => {
    const estimate = calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1000, inputTokensPerRequest: 1000, serviceTier });
    expect(estimate._toJson().monthlyUsd).toBe(usd);
  });

  test.each([
    // Claude Sonnet 4.6 input, us-west-2: in-region and geographic 3.30, global 3.00 per million tokens
    ['anthropic.claude-sonnet-4-6', '3.3'], ['us.anthropic.claude-sonnet-4-6', '3.3'], ['global.anthropic.claude-sonnet-4-6', '3'],
  ])('prices %s by its own scope', (model, usd) => {
    expect(calculator.onDemand({ model, region: 'us-west-2', requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 })._toJson().monthlyUsd).toBe(usd);
  });

  test.each([
    // The same, cache writes: 5 minutes 4.125, 1 hour 6.60; a write without a stated lifetime is the 5-minute one
    [undefined, '4.125'], [CacheTtl.FIVE_MINUTES, '4.125'], [CacheTtl.ONE_HOUR, '6.6'],
  ])('prices a cache write with the lifetime %s', (cacheTtl, usd) => {
    const estimate = calculator.onDemand({ model: 'us.anthropic.claude-sonnet-4-6', region: 'us-west-2', requestsPerMonth: 1, cacheWriteTokensPerRequest: 1_000_000, cacheTtl });
    expect(estimate._toJson().monthlyUsd).toBe(usd);
  });

  test('prices a write without a stated lifetime by the only one that the model is sold with', () => {
    // GPT-5.6 Sol is sold with 30-minute writes alone; its 5-minute write does not exist.
    const usage = { model: 'openai.gpt-5.6-sol', region: 'us-east-1', requestsPerMonth: 1, cacheWriteTokensPerRequest: 1000 };
    expect(calculator.onDemand(usage).monthlyUsd).toBe(calculator.onDemand({ ...usage, cacheTtl: CacheTtl.THIRTY_MINUTES }).monthlyUsd);
    expect(calculator.onDemand({ ...usage, cacheTtl: CacheTtl.FIVE_MINUTES }).monthlyUsd).toBeUndefined();
  });

  describe('long context', () => {
    // GPT-5.6 Terra, us-east-1, in-region: above 272,000 input tokens the whole request costs twice in, 1.5 times out.
    const terra = (inputTokensPerRequest: number, cacheReadTokensPerRequest = 0) => calculator.onDemand({
      model: 'openai.gpt-5.6-terra', region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest, outputTokensPerRequest: 1_000_000, cacheReadTokensPerRequest,
    }).lineItems;

    test.each([[271_999, 1, 1], [272_000, 1, 1], [272_001, 2, 1.5]])('of %d tokens in costs %d times in and %d times out', (tokens, timesIn, timesOut) => {
      const [input, output] = terra(tokens);
      const [baseIn, baseOut] = terra(1000);
      expect(input.unitPriceUsd).toBeCloseTo(baseIn.unitPriceUsd * timesIn, 10);
      expect(output.unitPriceUsd).toBeCloseTo(baseOut.unitPriceUsd * timesOut, 10);
    });

    test('counts cache reads', () => {
      expect(terra(2_000, 270_001)[0].unitPriceUsd).toBe(terra(272_001)[0].unitPriceUsd);
    });

    const at = (model: string, inputTokensPerRequest: number) => calculator.onDemand({
      model, region: 'us-east-1', requestsPerMonth: 1_000_000, inputTokensPerRequest, outputTokensPerRequest: 1,
    });

    // Dollars for a million tokens, as the model cards and the price tables state them: input and output at the border, and beyond it.
    test.each([
      ['us.anthropic.claude-haiku-5-5', 100_000, ['0.11', '0.55'], ['0.55', '2.75']], // all tokens x 5
      ['global.anthropic.claude-haiku-5-5', 100_000, ['0.1', '0.5'], ['0.5', '2.5']],
      ['us.openai.gpt-6-sol', 272_000, ['2.2', '11'], ['4.4', '16.5']], // input x 2, output x 1.5
      ['global.openai.gpt-6.1-terra', 272_000, ['1', '5'], ['2', '7.5']],
      ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 200_000, ['3.3', '16.5'], ['6.6', '24.75']],
    ])('of %s begins above %d tokens', (model, border, standard, long) => {
      const prices = (tokens: number) => at(model, tokens).lineItems.map(({ unitPriceUsd }) => unitPriceUsd.toString());
      expect([prices(border), prices(border + 1)]).toEqual([standard, long]);
    });

    test.each([
      ['openai.gpt-5.5', 272_000, /Sources disagree whether a request of more than 272,000 input tokens costs more/],
      ['anthropic.claude-sonnet-4-5-20250929-v1:0', 200_000, /Above 200,000 input tokens most rates are known through profiles only/],
    ])('of %s is a missing price that names the gap, not the standard price', (model, border, gap) => {
      expect(at(model, border).monthlyUsd).toBeDefined();
      const { monthlyUsd, missingPrices } = at(model, border + 1);
      expect(monthlyUsd).toBeUndefined();
      expect(missingPrices[0].hint).toMatch(gap);
      expect(missingPrices[0].description).toContain('(long context)');
    });

    test.each(['inputImageTokensPerRequest', 'inputAudioTokensPerRequest', 'inputVideoTokensPerRequest'])('counts %s, too', (field) => {
      // GPT-5.6 Terra is long above 272,000 input tokens: its text costs other prices when media fill the request.
      const input = (tokens: number) => calculator.onDemand({ model: 'openai.gpt-5.6-terra', region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 1000, [field]: tokens }).lineItems[0];
      expect(input(271_000).description).toBe('input tokens');
      expect(input(271_001).description).toBe('input tokens (long context)');
      expect(input(271_001).unitPriceUsd).toBe(2 * input(271_000).unitPriceUsd);
    });

    test('changes nothing for a model with one price', () => {
      // Claude Sonnet 4.6 is flat: 1 million tokens in at 3.30.
      expect(calculator.onDemand({ model: 'us.anthropic.claude-sonnet-4-6', region: 'us-west-2', requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 }).monthlyUsd).toBe(3.3);
    });
  });

  test('prices images, pages and seconds of a multimodal embedding each by their own rate', () => {
    // Nova multimodal embeddings, us-east-1 (page 2026-07-24): text 0.135 per million tokens; image 0.00006,
    // document image 0.0006, second of audio 0.00014, of video 0.0007.
    // 1,000 requests of 1,000 tokens, 2 images, 3 pages, 10 s audio, 5 s video:
    // 0.135 + 2,000 x 0.00006 + 3,000 x 0.0006 + 10,000 x 0.00014 + 5,000 x 0.0007 = 0.135 + 0.12 + 1.8 + 1.4 + 3.5
    const estimate = calculator.onDemand({
      model: 'amazon.nova-2-multimodal-embeddings-v1:0',
      region: 'us-east-1',
      requestsPerMonth: 1000,
      inputTokensPerRequest: 1000,
      imagesPerRequest: 2,
      documentImagesPerRequest: 3,
      audioSecondsPerRequest: 10,
      videoSecondsPerRequest: 5,
    });
    expect(estimate._toJson().monthlyUsd).toBe('6.955');
  });

  test('prices images, audio and video by the token where a model counts them so', () => {
    // Nova 2 Omni, us-east-1, in-region, per million tokens: text 0.30 in, 2.80 out (price list 2026-08-20); images and
    // video 0.30 in, audio 1.10 in, images 44.00 out (page 2026-07-24). 1,000 requests of a thousand tokens each:
    // 0.30 + 2.80 + 0.30 + 1.10 + 0.30 + 44.00
    const estimate = calculator.onDemand({
      model: 'amazon.nova-2-omni-preview-20251202-v1:0',
      region: 'us-east-1',
      requestsPerMonth: 1000,
      inputTokensPerRequest: 1000,
      outputTokensPerRequest: 1000,
      inputImageTokensPerRequest: 1000,
      inputAudioTokensPerRequest: 1000,
      inputVideoTokensPerRequest: 1000,
      outputImageTokensPerRequest: 1000,
    });
    expect(estimate.lineItems.map(({ usd }) => usd)).toEqual([0.3, 2.8, 0.3, 1.1, 0.3, 44]);
    expect(estimate._toJson().monthlyUsd).toBe('48.8');
  });

  test('does not price the number of images of a model that counts them as tokens, with an assumption', () => {
    const [missing] = calculator.onDemand({ model: 'amazon.nova-2-omni-preview-20251202-v1:0', region: 'us-east-1', requestsPerMonth: 1, imagesPerRequest: 1 }).missingPrices;
    expect(missing).toMatchObject({ kind: 'input-image', description: expect.stringContaining('images, counted by the image'), hint: expect.stringContaining('priced by the token') });
  });

  test.each(['inputImageTokensPerRequest', 'inputAudioTokensPerRequest', 'inputVideoTokensPerRequest', 'outputImageTokensPerRequest'])('fails for a negative %s', (field) => {
    expect(() => calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1, [field]: -1 })).toThrow(`${field} must be a number of 0 or more, got -1.`);
  });

  describe('a price that is not known', () => {
    test('is a value with the nearest names', () => {
      const estimate = calculator.onDemand({ model: 'anthropic.claude-sonet-4-6', region: 'us-west-2', requestsPerMonth: 1, inputTokensPerRequest: 1 });
      expect(estimate.monthlyUsd).toBeUndefined();
      expect(estimate.missingPrices[0].nearestModels[0]).toBe('anthropic.claude-sonnet-4-6');
    });

    test('is not $0 when nothing is used of an unknown model', () => {
      expect(calculator.onDemand({ model: 'example.unknown', region: 'us-west-2', requestsPerMonth: 0 }).monthlyUsd).toBeUndefined();
    });

    test('is refused when a known model is used without any quantity: that would be $0 without a word', () => {
      expect(() => calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1e6 })).toThrow('one of inputTokensPerRequest, outputTokensPerRequest, cacheReadTokensPerRequest, cacheWriteTokensPerRequest, imagesPerRequest, documentImagesPerRequest, audioSecondsPerRequest, videoSecondsPerRequest, inputImageTokensPerRequest, inputAudioTokensPerRequest, inputVideoTokensPerRequest, outputImageTokensPerRequest is required.');
    });

    test('is refused for a field that does not exist', () => {
      const usage = { model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokenPerRequest: 5 };
      expect(() => calculator.onDemand(usage)).toThrow('outputTokenPerRequest is not a known field. Did you mean outputTokensPerRequest?');
    });

    test('is refused without a model', () => {
      expect(() => calculator.onDemand({ requestsPerMonth: 1 } as never)).toThrow('model is required. Set a model id such as "amazon.nova-pro-v1:0".');
    });

    test('keeps the known part', () => {
      // Nova Lite in ap-east-2 has an input row and no output row (a gap of the price list).
      const estimate = calculator.onDemand({ model: 'amazon.nova-lite-v1:0', region: 'ap-east-2', requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1 });
      expect(estimate.monthlyUsd).toBeUndefined();
      expect(estimate.missingPrices.map(({ kind }) => kind)).toEqual(['output']);
    });

    test('is not the price of the base model for a custom one', () => {
      expect(calculator.onDemand({ model: 'amazon.titan-embed-text-v2:0', region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 1, customModel: true }).monthlyUsd).toBeUndefined();
    });
  });

  test.each([-1, NaN, Infinity, '5' as unknown as number, null as unknown as number])('fails for %p requests', (requestsPerMonth) => {
    expect(() => calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth })).toThrow(/requestsPerMonth must be a number of 0 or more, got /);
  });

  test('fails for a tier that does not exist', () => {
    expect(() => calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1, serviceTier: 'fast' as ServiceTier }))
      .toThrow('serviceTier must be one of standard, flex, priority, ultrafast, got "fast".');
  });

  test('fails for a tier together with optimized latency', () => {
    expect(() => calculator.onDemand({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1, serviceTier: ServiceTier.FLEX, latency: InferenceLatency.OPTIMIZED })).toThrow(/latency/);
  });
});

describe('the hint of a missing price', () => {
  const hint = (model: string, region: string) => new CostCalculator(PriceBook.embedded())
    .onDemand({ model, region, requestsPerMonth: 1, inputTokensPerRequest: 1 }).missingPrices[0].hint;

  test('names regions from which the profile can be called', () => {
    // The model card of Claude Haiku 5.5: au. from Sydney and Melbourne, eu. from regions of Europe.
    expect(hint('au.anthropic.claude-haiku-5-5', 'ap-southeast-6'))
      .toBe('use one of the regions ap-southeast-2, ap-southeast-4, in which the price book holds it, or give a rate of your own');
    expect(hint('eu.anthropic.claude-haiku-5-5', 'ap-southeast-6')).toMatch(/^use one of the regions (eu-[a-z]+-\d, )+(\.\.\., )?in which the price book holds it/);
  });

  test('names the ids that can be called, where the profile can be called from no region that has the price', () => {
    // Claude Haiku 5.5 has no profile apac; from Auckland, it is called through global.
    expect(hint('apac.anthropic.claude-haiku-5-5', 'ap-southeast-6'))
      .toBe('use global.anthropic.claude-haiku-5-5, since no availability list names apac.anthropic.claude-haiku-5-5 in ap-southeast-6');
  });
});

test('a batch job states, too, that no list names its model', () => {
  const book = PriceBook.embedded().withRates([{ model: 'moonshotai.kimi-k3.1', kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS, tier: PriceTier.BATCH }]);
  const estimate = new CostCalculator(book).batch({ model: 'moonshotai.kimi-k3.1', region: 'us-west-2', jobsPerMonth: 1, recordsPerJob: 1_000, inputTokensPerRecord: 1_000 });
  expect(estimate.assumptions).toContain('no list of model ids or of availability names moonshotai.kimi-k3.1: see whether it can be called from us-west-2');
});

describe('a way of calling that no availability list names', () => {
  const million = { requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 };
  const book = PriceBook.embedded();

  test.each([
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us-east-1', 'the availability lists do not name eu.anthropic.claude-sonnet-4-5-20250929-v1:0 in us-east-1: see whether it can be called there'],
    ['arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0', 'us-east-1', 'the ARN names eu-west-1, but it is priced as called from us-east-1'],
  ])('is reported for %s in %s', (model, region, note) => {
    expect(new CostCalculator(book).onDemand({ model, region, ...million }).assumptions).toContain(note);
  });

  test.each([
    // Announced with prices, and in no list of model ids or of availability by November 2026.
    'anthropic.claude-fable-5-2', 'global.anthropic.claude-mythos-5-1', 'openai.gpt-6.2-sol', 'moonshotai.kimi-k3.1',
  ])('is reported for %s, which no list has', (model) => {
    const rates = [{ model, kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS }];
    expect(new CostCalculator(book.withRates(rates)).onDemand({ model, region: 'us-west-2', ...million }).assumptions)
      .toContain(`no list of model ids or of availability names ${model.replace('global.', '')}: see whether it can be called from us-west-2`);
  });

  test('is not reported for a model of own rates only', () => {
    const rates = [{ model: 'example.model-v1', kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS }];
    expect(new CostCalculator(book.withRates(rates)).onDemand({ model: 'example.model-v1', region: 'us-west-2', ...million }).assumptions).toEqual([]);
  });

  test('is not reported for a listed model', () => {
    expect(new CostCalculator(book).onDemand({ model: 'us.anthropic.claude-sonnet-4-6', region: 'us-west-2', ...million }).assumptions).toEqual([]);
  });
});

test.each([[200_000, '3'], [200_000.5, '6'], [200_001, '6']])('an average of %p input tokens is long from the border on', (inputTokensPerRequest, price) => {
  // Claude Sonnet 4.5 in eu-west-1, global: 3.00 per 1M up to 200,000 input tokens, 6.00 above.
  const estimate = new CostCalculator(PriceBook.embedded()).onDemand({
    model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', region: 'eu-west-1', requestsPerMonth: 1, inputTokensPerRequest,
  });
  expect(estimate.lineItems[0]?.unitPriceUsd.toString() ?? null).toBe(price);
});

test('a second-hand price is marked in its line, and once for each source', () => {
  // Claude Haiku 5.5 through the global profile: 0.10 in, 0.50 out, both from genai-prices.
  const estimate = new CostCalculator(PriceBook.embedded()).onDemand({
    model: 'global.anthropic.claude-haiku-5-5', region: 'us-east-1', requestsPerMonth: 1_000_000, inputTokensPerRequest: 1, outputTokensPerRequest: 1,
  });
  expect(estimate._toJson()).toMatchObject({
    monthlyUsd: '0.6',
    lineItems: [{ source: 'genai-prices-0.2.3 (second-hand)' }, { source: 'genai-prices-0.2.3 (second-hand)' }],
    assumptions: ["prices from genai-prices-0.2.3 are second-hand: AWS's own price list, as far as it was read, does not have them"],
  });
});

test('a scope without a price names the scopes with one', () => {
  const estimate = new CostCalculator(PriceBook.embedded())
    .onDemand({ model: 'global.meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', requestsPerMonth: 1, inputTokensPerRequest: 1 });
  expect(estimate.missingPrices[0].hint)
    .toBe('change the scope, tier, commitment, term or length of request, since the price book holds it only with another one, or give a rate of your own');
});

describe('a model with long-context prices whose threshold is not known', () => {
  const rate = (kind: RateKind, usd: string, context?: ContextLength) => ({ model: 'newprovider.new-model-v1:0', kind, usd, unit: RateUnit.MILLION_TOKENS, context });
  const input = rate(RateKind.INPUT, '2');
  const own = new CostCalculator(PriceBook.embedded().withRates([input, rate(RateKind.INPUT, '4', ContextLength.LONG)]));
  const usage = { model: input.model, region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 100_000 };
  const NOTE = 'newprovider.new-model-v1:0 has long-context prices, but from how many input tokens on is not known: its requests are priced as standard ones';

  test('adds an assumption for requests that may be long, and prices them as standard ones', () => {
    // 0.1M x $2, on demand; there is no price of a batch
    expect(own.onDemand(usage)).toMatchObject({ monthlyUsd: 0.2, assumptions: [NOTE] });
  });

  test('adds it for the records of a batch', () => {
    const batch = [{ ...input, tier: PriceTier.BATCH }, { ...rate(RateKind.INPUT, '4', ContextLength.LONG), tier: PriceTier.BATCH }];
    const { assumptions } = new CostCalculator(PriceBook.embedded().withRates(batch))
      .batch({ model: input.model, region: 'us-east-1', jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord: 100_000 });
    expect(assumptions).toContain(NOTE);
  });

  test.each([
    ['of shorter requests', { ...usage, inputTokensPerRequest: 99_999 }, own],
    ['without long-context prices', usage, new CostCalculator(PriceBook.embedded().withRates([input]))],
    ['of a model whose threshold is known', { ...usage, model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', region: 'us-west-2' }, calculator],
  ])('adds nothing %s', (_, asked, of) => {
    expect(of.onDemand(asked).assumptions.join()).not.toContain('long-context');
  });
});
