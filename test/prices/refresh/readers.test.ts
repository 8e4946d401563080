import { readGenaiPrices } from '../../../tools/prices/refresh/genai-prices';
import { readLitellm } from '../../../tools/prices/refresh/litellm';
import { readPiAi } from '../../../tools/prices/refresh/pi-ai';
import { readPriceListExtract } from '../../../tools/prices/refresh/price-list-extract';
import { StatedRate, Statement } from '../../../tools/prices/refresh/stated-rate';

const SOURCE = { key: 'litellm-1.0.0', what: 'a table', date: '2026-11-20' };

/** Each rate on one line: what it is of, and its price. */
function lines({ rates }: Statement): string[] {
  return rates.map((rate: StatedRate) => [
    rate.model, rate.prefix, rate.region, rate.isMantle ? 'mantle' : undefined, rate.scope, rate.kind, rate.tier, rate.context, rate.commitmentDuration, rate.policy,
    `${rate.usd}/${rate.unit}`,
  ].filter((part) => part !== undefined).join(' '));
}

describe("LiteLLM's table", () => {
  const read = (table: object) => readLitellm(table as Parameters<typeof readLitellm>[0], SOURCE);
  const row = (fields: object) => ({ litellm_provider: 'bedrock_converse', ...fields });

  test('states prices of a token, for a million, in the scope and region that the id names', () => {
    expect(lines(read({
      'us.acme.one-v1:0': row({ input_cost_per_token: 1.1e-6, output_cost_per_token: 5.5e-6, cache_read_input_token_cost: 1.1e-7 }),
      'global.acme.one-v1:0': row({ input_cost_per_token: 1e-6 }),
      'bedrock/eu-west-2/acme.one-v1:0': row({ input_cost_per_token: 1.55e-6 }),
    }))).toEqual([
      'acme.one-v1:0 us geo input 1.1/1M tokens',
      'acme.one-v1:0 us geo output 5.5/1M tokens',
      'acme.one-v1:0 us geo cache-read 0.11/1M tokens',
      'acme.one-v1:0 global input 1/1M tokens',
      'acme.one-v1:0 eu-west-2 in-region input 1.55/1M tokens',
    ]);
  });

  test('states tiers and long requests, whose border is the first token above', () => {
    const statement = read({
      'us.acme.one-v1:0': row({
        input_cost_per_token_flex: 5e-7,
        output_cost_per_token_priority: 9.625e-6,
        input_cost_per_token_batches: 5.5e-7,
        input_cost_per_token_above_272k_tokens: 2.2e-6,
        input_cost_per_token_above_272k_tokens_ultrafast: 1.32e-5,
        cache_creation_input_token_cost: 1.375e-6,
        cache_creation_input_token_cost_above_1hr: 2.2e-6,
        cache_creation_input_token_cost_above_1hr_above_200k_tokens: 4.4e-6,
      }),
    });
    expect(lines(statement)).toEqual([
      'acme.one-v1:0 us geo input flex 0.5/1M tokens',
      'acme.one-v1:0 us geo output priority 9.625/1M tokens',
      'acme.one-v1:0 us geo input batch 0.55/1M tokens',
      'acme.one-v1:0 us geo input long 2.2/1M tokens',
      'acme.one-v1:0 us geo input ultrafast long 13.2/1M tokens',
      'acme.one-v1:0 us geo cache-write-5m 1.375/1M tokens',
      'acme.one-v1:0 us geo cache-write-1h 2.2/1M tokens',
      'acme.one-v1:0 us geo cache-write-1h long 4.4/1M tokens',
    ]);
    expect(statement.borders.map(({ longContextFromInputTokens }) => longContextFromInputTokens)).toEqual([272_001, 272_001, 200_001]);
  });

  test.each([
    ['Claude', { 'anthropic.claude-haiku-5-5': row({ input_cost_per_token: 1e-7 }) }],
    ['Nova 2', { 'amazon.nova-2-lite-v1:0': row({ input_cost_per_token: 3e-7 }) }],
    ['a model whose global profile costs the same and whose US profile does not', {
      'openai.gpt-6-sol': row({ input_cost_per_token: 2e-6 }),
      'global.openai.gpt-6-sol': row({ input_cost_per_token: 2e-6 }),
      'us.openai.gpt-6-sol': row({ input_cost_per_token: 2.2e-6 }),
    }],
    ['a model that has a global profile and no US one', {
      'openai.gpt-9-sol': row({ input_cost_per_token: 1e-6 }),
      'global.openai.gpt-9-sol': row({ input_cost_per_token: 1e-6 }),
    }],
    ['a model whose US profile costs more, before its global one is known', {
      'openai.gpt-9-luna': row({ input_cost_per_token: 1e-6 }),
      'us.openai.gpt-9-luna': row({ input_cost_per_token: 1.1e-6 }),
    }],
  ])('states no in-region price of %s under a bare id: it is that of the global profile', (_, table) => {
    const statement = read(table);
    expect(lines(statement).filter((line) => line.includes('in-region'))).toEqual([]);
    expect(statement.leftOut).toEqual([expect.objectContaining({ why: expect.stringContaining('the rate of the global profile') })]);
  });

  test('states the in-region price of a bare id that costs what its US profile costs', () => {
    const table = { 'meta.llama9-v1:0': row({ input_cost_per_token: 7.2e-7 }), 'us.meta.llama9-v1:0': row({ input_cost_per_token: 7.2e-7 }) };
    expect(lines(read(table))).toEqual(['meta.llama9-v1:0 in-region input 0.72/1M tokens', 'meta.llama9-v1:0 us geo input 0.72/1M tokens']);
  });

  test.each([
    ['bedrock/us-gov-west-1/acme.one-v1:0', 'GovCloud or China'],
    ['us-gov.acme.one-v1:0', 'GovCloud or China'],
    ['bedrock/claude_platform/claude-haiku-5-5', 'not Bedrock'],
    ['1024-x-1024/50-steps/acme.paint-v1', 'no unit of ours: an image by steps'],
  ])('leaves %s out: %s', (id, why) => {
    const { rates, leftOut } = read({ [id]: row({ input_cost_per_token: 1e-6 }) });
    expect([rates, leftOut.map((one) => one.why)]).toEqual([[], [why]]);
  });

  test('states model units by the hour, guardrails by a thousand text units, and ids of bedrock-mantle as such', () => {
    expect(lines(read({
      // 0.011 a second: 3,600 x 0.011 = 39.60 an hour.
      'bedrock/us-east-1/1-month-commitment/acme.one-v1:0': row({ input_cost_per_second: 0.011, cost_per_second: 0.011 }),
      'bedrock_mantle/acme.one-v1:0': row({ input_cost_per_token: 1e-6 }),
      'bedrock/guardrails': row({ guardrail_cost_per_unit: { contentPolicyUnits: 0.00015, wordPolicyUnits: 0 } }),
    }))).toEqual([
      'acme.one-v1:0 us-east-1 in-region model-unit-hour one-month 39.6/hour',
      'acme.one-v1:0 mantle in-region input 1/1M tokens',
      '* in-region text-unit content-text 0.15/1K text units',
    ]);
  });
});

test("pi-ai's table states no price by 0, and tiers by their border; a model without tiers is flat", () => {
  const model = (id: string, cost: object) => ({ id, name: `${id} (US)`, contextWindow: 1_000_000, cost });
  const statement = readPiAi({
    chat: {
      a: model('us.acme.one-v1:0', { input: 1.1, output: 5.5, cacheRead: 0, cacheWrite: 0, tiers: [{ inputTokensAbove: 100_000, input: 5.5, output: 27.5 }] }),
      b: model('us.acme.two-v1:0', { input: 1, output: 2 }),
    },
  }, SOURCE);
  expect(lines(statement)).toEqual([
    'acme.one-v1:0 us geo input 1.1/1M tokens', 'acme.one-v1:0 us geo output 5.5/1M tokens',
    'acme.one-v1:0 us geo input long 5.5/1M tokens', 'acme.one-v1:0 us geo output long 27.5/1M tokens',
    'acme.two-v1:0 us geo input 1/1M tokens', 'acme.two-v1:0 us geo output 2/1M tokens',
  ]);
  expect(statement.borders[0].longContextFromInputTokens).toBe(100_001);
  expect(statement.flat.map(({ target }) => target.model)).toEqual(['acme.two-v1:0']);
  expect(statement.names).toEqual({ 'acme.one-v1:0': 'us.acme.one-v1:0', 'acme.two-v1:0': 'us.acme.two-v1:0' });
});

test('genai-prices states one price for in-region and geographic use under its own prefix', () => {
  const statement = readGenaiPrices([
    { id: 'regional.acme.one-v1:0', name: 'One', prices: { input_mtok: '1.1', cache_write_1h_mtok: '2.2' } },
    { id: 'global.acme.one-v1:0', prices: { output_mtok: { base: '5', tiers: [{ start: 272_000, price: '7.5' }] } } },
  ], SOURCE);
  expect(lines(statement)).toEqual([
    'acme.one-v1:0 in-region input 1.1/1M tokens', 'acme.one-v1:0 geo input 1.1/1M tokens',
    'acme.one-v1:0 in-region cache-write-1h 2.2/1M tokens', 'acme.one-v1:0 geo cache-write-1h 2.2/1M tokens',
    'acme.one-v1:0 global output 5/1M tokens', 'acme.one-v1:0 global output long 7.5/1M tokens',
  ]);
  expect(statement.borders.map(({ longContextFromInputTokens }) => longContextFromInputTokens)).toEqual([272_001]);
});

test("an extract of AWS's list states regions, and refuses words that it does not know", () => {
  const csv = (row: string) => `model,scope,region,kind,tier,usd_per_1M,date\n${row}\n`;
  expect(lines(readPriceListExtract(csv('acme.one-v1:0,geo,eu-west-2,input,batch,0.775,2026-10-08'), SOURCE)))
    .toEqual(['acme.one-v1:0 eu-west-2 geo input batch 0.775/1M tokens']);
  expect(() => readPriceListExtract(csv('acme.one-v1:0,everywhere,eu-west-2,input,batch,1,2026-10-08'), SOURCE)).toThrow('"everywhere" is none of');
  expect(() => readPriceListExtract(csv('acme.one-v1:0,geo,eu-west-2,input,batch,-1,2026-10-08'), SOURCE)).toThrow('usd_per_1M must be dollars such as 0.74, got "-1"');
  const twice = ['3', '4'].map((usd) => `acme.one-v1:0,geo,eu-west-2,input,standard,${usd},2026-10-08`).join('\n');
  expect(() => readPriceListExtract(csv(twice), SOURCE)).toThrow('two prices of acme.one-v1:0 geo eu-west-2 input: 3 and 4');
});
