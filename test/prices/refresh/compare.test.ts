import { withPrices } from './prices';
import { readPrices } from '../../../tools/prices/read';
import { ListedModel } from '../../../tools/prices/refresh/bedrock-models';
import { compare } from '../../../tools/prices/refresh/compare';
import { readLitellm } from '../../../tools/prices/refresh/litellm';
import { readPiAi } from '../../../tools/prices/refresh/pi-ai';
import { readPriceListExtract } from '../../../tools/prices/refresh/price-list-extract';
import { Proposal } from '../../../tools/prices/refresh/proposal';

const SETTINGS = { thirtyMinuteCacheWrites: [], names: {}, ignored: [] };
const LITELLM = { key: 'litellm-2.0.0', what: 'a table', date: '2026-11-20' };
const PI = { key: 'pi-ai-2.0.0', what: 'another table', date: '2026-11-22' };
const LIST = { key: 'price-list-2026-10-08', what: "AWS's list", date: '2026-10-08', isAws: true };
const LISTED: ListedModel[] = ['acme.two-v1:0', 'acme.one-v1:0'].map((id) => ({
  id,
  modality: 'text',
  isLegacy: false,
  availability: { inRegion: ['us-east-1'], geo: { us: ['us-east-1', 'us-west-2'], eu: ['eu-west-1'] }, global: ['eu-west-1', 'us-east-1'], none: [] },
}));

const litellm = (ids: { readonly [id: string]: object }) =>
  readLitellm(Object.fromEntries(Object.entries(ids).map(([id, fields]) => [id, { litellm_provider: 'bedrock', ...fields }])), LITELLM);
const pi = (id: string, cost: object, contextWindow = 100_000) => readPiAi({ chat: { [id]: { id, name: 'Two', contextWindow, cost } } }, PI);
const list = (...rows: string[]) => readPriceListExtract(`model,scope,region,kind,tier,usd_per_1M,date\n${rows.join('\n')}\n`, LIST);

/** The proposed changes, one line each. */
function texts({ added, changed, confirmed, disputed, gone }: Proposal): { readonly [what: string]: string[] } {
  const rateText = ({ kind, scope, tier, context }: { kind: string; scope?: string; tier?: string; context?: string }) => [kind, scope, tier, context].filter(Boolean).join(' ');
  const all = {
    added: added.map(({ model, rate }) => `${model} ${rateText(rate)} ${rate.usd} ${rate.source} ${rate.confirmed ?? '-'} ${[rate.regions].flat().join()}`),
    changed: changed.map(({ model, line, region, to }) => `${model} ${rateText(line)} ${region} ${line.usd} -> ${to.usd} ${to.source}`),
    confirmed: confirmed.map(({ model, line, region, to }) => `${model} ${rateText(line)} ${region} ${to.confirmed}`),
    disputed: disputed.flatMap(({ model, inBook, a, b, rates }) => rates.map((rate) => `${model} ${rateText(rate)} ${inBook}: ${rate.a} (${a}) ${rate.b} (${b})`)),
    gone: gone.map(({ model, rate }) => `${model} ${rateText(rate)} ${rate.usd}`),
  };
  return Object.fromEntries(Object.entries(all).filter(([, lines]) => lines.length > 0));
}

/** prices/ with the rates of one model, compared with statements. */
function compared(rates: readonly string[], statements: Parameters<typeof compare>[1], disputed = '') {
  return withPrices({ rates, disputed }, (dir) => compare(readPrices(dir), statements, LISTED, SETTINGS));
}

const FROM_LIST = (kind: string, usd: string, regions = '[us-east-1, us-west-2]') =>
  `{ kind: ${kind}, scope: geo, usd: "${usd}", unit: 1M tokens, asOf: 2026-08-20, source: price-list-2026-08-20, regions: ${regions} }`;
const SECOND_HAND = (kind: string, usd: string) =>
  `{ kind: ${kind}, scope: geo, usd: "${usd}", unit: 1M tokens, asOf: 2026-09-01, source: litellm-1.0.0, regions: [us-east-1, us-west-2] }`;

describe('a price that the book has', () => {
  test('is confirmed by a source that states the same', () => {
    expect(texts(compared([FROM_LIST('input', '3')], [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 3e-6 } })])))
      .toEqual({ confirmed: ['acme.one-v1:0 input geo us-east-1 2026-11-20', 'acme.one-v1:0 input geo us-west-2 2026-11-20'] });
  });

  test("stays where it is AWS's own, and the difference is disputed", () => {
    expect(texts(compared([FROM_LIST('input', '3')], [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 4e-6 } })])))
      .toEqual({ disputed: ['acme.one-v1:0 input geo b: 4 (litellm-2.0.0) 3 (price-list-2026-08-20)'] });
  });

  test('is changed where it is second-hand and newer sources agree on another one', () => {
    expect(texts(compared([SECOND_HAND('input', '3')], [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 4e-6 } })])))
      .toEqual({ changed: ['us-east-1', 'us-west-2'].map((region) => `acme.one-v1:0 input geo ${region} 3 -> 4 litellm-2.0.0`) });
  });

  test('is disputed where newer sources differ among themselves', () => {
    const stated = [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 4e-6 } }), pi('us.acme.one-v1:0', { input: 5 })];
    expect(texts(compared([SECOND_HAND('input', '3')], stated))).toEqual({ disputed: ['acme.one-v1:0 input geo b: 4 (litellm-2.0.0) 3 (litellm-1.0.0)'] });
  });

  test("is changed where AWS's newer list has another one", () => {
    const rows = ['us-east-1', 'us-west-2'].map((region) => `acme.one-v1:0,geo,${region},input,standard,4,2026-10-08`);
    expect(texts(compared([FROM_LIST('input', '3')], [list(...rows)])).changed).toHaveLength(2);
  });

  test("is changed by AWS's list although a newer table still states the old one, which is on record", () => {
    const rows = ['us-east-1', 'us-west-2'].map((region) => `acme.one-v1:0,geo,${region},input,standard,4,2026-10-08`);
    const { changed, disputed } = texts(compared([SECOND_HAND('input', '3')], [list(...rows), litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 3e-6 } })]));
    expect(changed).toHaveLength(2);
    expect(disputed).toEqual(['acme.one-v1:0 input geo b: 3 (litellm-2.0.0) 4 (price-list-2026-10-08)']);
  });

  test('is removed if neither its own source nor another one has it', () => {
    expect(texts(compared([SECOND_HAND('input', '3'), SECOND_HAND('output', '9')], [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 3e-6 } })])).gone)
      .toEqual(['acme.one-v1:0 output geo 9']);
  });
});

describe('a price that the book lacks', () => {
  const standard = [FROM_LIST('input', '3'), FROM_LIST('output', '9')];
  const priced = { input_cost_per_token: 3e-6, output_cost_per_token: 9e-6 };

  test('is added in the regions whose standard prices the source has', () => {
    const eu = [FROM_LIST('input', '4', '[eu-west-1]'), FROM_LIST('output', '12', '[eu-west-1]')];
    const { added } = texts(compared([...standard, ...eu], [litellm({
      'us.acme.one-v1:0': { ...priced, cache_read_input_token_cost: 3e-7 },
      'eu.acme.one-v1:0': { input_cost_per_token: 4e-6, output_cost_per_token: 12e-6, cache_read_input_token_cost: 4e-7 },
    })]));
    expect(added.sort()).toEqual([
      'acme.one-v1:0 cache-read geo 0.3 litellm-2.0.0 - us-east-1,us-west-2',
      'acme.one-v1:0 cache-read geo 0.4 litellm-2.0.0 - eu-west-1',
    ]);
  });

  test('is added once where several sources agree, confirmed by the newest', () => {
    const stated = [litellm({ 'us.acme.one-v1:0': { ...priced, cache_read_input_token_cost: 3e-7 } }), pi('us.acme.one-v1:0', { input: 3, output: 9, cacheRead: 0.3 })];
    expect(texts(compared(standard, stated)).added).toEqual(['acme.one-v1:0 cache-read geo 0.3 litellm-2.0.0 2026-11-22 us-east-1,us-west-2']);
  });

  test('is disputed where they disagree, and not added', () => {
    const stated = [litellm({ 'us.acme.one-v1:0': { ...priced, cache_read_input_token_cost: 3e-7 } }), pi('us.acme.one-v1:0', { input: 3, output: 9, cacheRead: 0.4 })];
    const { added, disputed } = texts(compared(standard, stated));
    expect([added, disputed]).toEqual([undefined, ['acme.one-v1:0 cache-read geo nothing: 0.3 (litellm-2.0.0) 0.4 (pi-ai-2.0.0)']]);
  });

  test('is not proposed again where the dispute is on record', () => {
    const dispute = `
  - model: acme.one-v1:0
    why: They disagree.
    inBook: nothing
    a: litellm-1.0.0
    rates:
      - { kind: cache-read, scope: geo, a: "0.3", regions: [us-east-1, us-west-2] }
`;
    const stated = [litellm({ 'us.acme.one-v1:0': { ...priced, cache_read_input_token_cost: 3e-7 } }), pi('us.acme.one-v1:0', { input: 3, output: 9, cacheRead: 0.4 })];
    const proposal = compared(standard, stated, dispute);
    expect([proposal.added, proposal.disputed, proposal.knownDisputes]).toEqual([[], [], 2]);
  });

  test('is that of AWS if its list has one, regardless of other sources', () => {
    const rows = ['us-east-1', 'us-west-2'].map((region) => `acme.one-v1:0,geo,${region},cache-read,standard,0.35,2026-10-08`);
    const { added, disputed } = texts(compared(standard, [list(...rows), litellm({ 'us.acme.one-v1:0': { ...priced, cache_read_input_token_cost: 3e-7 } })]));
    expect(added).toEqual(['acme.one-v1:0 cache-read geo 0.35 price-list-2026-10-08 - us-east-1,us-west-2']);
    expect(disputed).toEqual(['acme.one-v1:0 cache-read geo b: 0.3 (litellm-2.0.0) 0.35 (price-list-2026-10-08)']);
  });

  test('of a long request is disputed by a source that prices the model flat beyond the border', () => {
    const stated = [
      litellm({ 'us.acme.one-v1:0': { ...priced, input_cost_per_token_above_200k_tokens: 6e-6 } }),
      pi('us.acme.one-v1:0', { input: 3, output: 9 }, 1_000_000),
    ];
    const proposal = compared(standard, stated);
    expect(texts(proposal).disputed).toEqual(['acme.one-v1:0 input geo long nothing: 6 (litellm-2.0.0) 3 (pi-ai-2.0.0)']);
    expect(proposal.borders).toEqual([{ model: 'acme.one-v1:0', longContextFromInputTokens: 200_001 }]);
    // A context window that ends before the border gives no price of longer requests.
    expect(texts(compared(standard, [stated[0], pi('us.acme.one-v1:0', { input: 3, output: 9 }, 200_000)])).added)
      .toEqual(['acme.one-v1:0 input geo long 6 litellm-2.0.0 - us-east-1,us-west-2']);
  });

  test('of bedrock-mantle is the model\'s own where the standard prices are equal, and else in doubt', () => {
    const inRegion = standard.map((rate) => rate.replace('scope: geo', 'scope: in-region'));
    const mantle = (input: number) => litellm({ 'bedrock_mantle/acme.one-v1:0': { input_cost_per_token: input, input_cost_per_token_flex: 1.5e-6 } });
    expect(texts(compared(inRegion, [mantle(3e-6)])).added).toContain('acme.one-v1:0 input in-region flex 1.5 litellm-2.0.0 - eu-west-1,us-east-1,us-west-2');
    const other = compared(inRegion, [mantle(2e-6)]);
    expect([other.added, other.doubts.length]).toEqual([[], 1]);
  });
});

describe('a dispute among third parties', () => {
  const dispute = (a: string, b = '') => `
  - model: acme.one-v1:0
    why: One line of unknown standing.
    inBook: nothing
    a: ${a}${b}
    rates:
      - { kind: cache-read, scope: geo, a: "0.3", regions: [us-east-1, us-west-2] }
`;
  const priced = { input_cost_per_token: 3e-6, output_cost_per_token: 9e-6, cache_read_input_token_cost: 3e-7 };
  const standard = [FROM_LIST('input', '3'), FROM_LIST('output', '9')];
  const agreeing = [litellm({ 'us.acme.one-v1:0': priced }), pi('us.acme.one-v1:0', { input: 3, output: 9, cacheRead: 0.3 })];

  test('ends where two of them agree', () => {
    expect(texts(compared(standard, agreeing, dispute('litellm-1.0.0'))).added).toEqual(['acme.one-v1:0 cache-read geo 0.3 litellm-2.0.0 2026-11-22 us-east-1,us-west-2']);
    expect(compared(standard, [agreeing[0]], dispute('litellm-1.0.0')).added).toEqual([]);
  });

  test("does not end without people where AWS's own list takes part", () => {
    expect(compared(standard, agreeing, dispute('price-list-2026-08-20')).added).toEqual([]);
  });
});

describe('a package', () => {
  test.each([
    ['a price below zero', { 'us.acme.one-v1:0': { input_cost_per_token: -1 } }, 'no price: -1000000'],
    ['a price beyond all sense', { 'us.acme.one-v1:0': { input_cost_per_token: 1e300 } }, /^no price: 10+$/],
    ['a region that is none', { 'bedrock/mars-north-1/acme.one-v1:0': { input_cost_per_token: 1e-6 } }, /^no model id|^no region/],
    ['an id that would break a file', { 'us.acme.one-v1:0" }\n  - {': { input_cost_per_token: 1e-6 } }, /^no model id/],
    ['a provider that prices/ does not have', { 'us.foo.bar-v1:0': { input_cost_per_token: 1e-6 } }, 'no file of prices/ has models of foo: create one'],
  ])('with %s loses that row alone', (_, ids, why) => {
    const { added, leftOut } = compared([FROM_LIST('input', '3')], [litellm({ ...ids, 'us.acme.two-v1:0': { input_cost_per_token: 2e-6 } })]);
    expect(added.map(({ model }) => model)).toEqual(['acme.two-v1:0']);
    expect(leftOut.map((one) => one.why)).toEqual([typeof why === 'string' ? why : expect.stringMatching(why)]);
  });
});

describe('a geographic profile', () => {
  test('has no price in a region that AWS prices otherwise than its id does', () => {
    const inRegion = (usd: string, region: string) => FROM_LIST('input', usd, `[${region}]`).replace('scope: geo', 'scope: in-region');
    const { added } = texts(compared([inRegion('0.74', 'us-east-1'), inRegion('0.961', 'us-west-2')], [litellm({ 'us.acme.one-v1:0': { input_cost_per_token: 7.4e-7 } })]));
    expect(added).toEqual(['acme.one-v1:0 input geo 0.74 litellm-2.0.0 - us-east-1']);
  });
});

describe('a model that the book lacks', () => {
  test('is proposed with its name, modality and regions', () => {
    const proposal = compared([], [litellm({ 'us.acme.two-v1:0': { input_cost_per_token: 2e-6 } }), pi('us.acme.two-v1:0', { input: 2 })]);
    expect(proposal.models).toEqual([{ id: 'acme.two-v1:0', name: 'Two', listed: LISTED[0] }]);
    expect(texts(proposal).added).toEqual(['acme.two-v1:0 input geo 2 litellm-2.0.0 2026-11-22 us-east-1,us-west-2']);
  });

  test('is left out where only bedrock-mantle has it', () => {
    const proposal = compared([], [litellm({ 'bedrock_mantle/acme.three-v1:0': { input_cost_per_token: 2e-6 } })]);
    expect([proposal.added, proposal.leftOut.map(({ why }) => why)]).toEqual([[], ['mantle-only id']]);
  });

  test('that no list names is proposed in the regions where other models of its provider have the same profile', () => {
    const proposal = compared([], [litellm({ 'eu.acme.three-v1:0': { input_cost_per_token: 2e-6 } })]);
    expect([texts(proposal).added, proposal.doubts]).toEqual([['acme.three-v1:0 input geo 2 litellm-2.0.0 - eu-west-1'], []]);
  });
});
