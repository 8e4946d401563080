import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { parseReport } from '../../src/cost-report/parse-report';
import { registryOf } from '../../src/estimates/registry';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ServiceTier } from '../../src/pricing/billing-modes/on-demand';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { PriceTier, Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings, PriceSettingsOptions } from '../../src/registration/price-settings';
import { renderReportMarkdown } from '../../src/render/render-report';
import { buildReport } from '../../src/synth-output/build-report';
import { burnRateAlarms, only, stackRequests } from '../budgets/synth';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
const NOVA = 'amazon.nova-pro-v1:0';

const DETAILS = { 'cdk-bedrock-cost:details': true };

function stackWith(options: PriceSettingsOptions = {}, context: { [key: string]: unknown } = {}): Stack {
  const app = new App({ context: { ...DETAILS, ...context } });
  PriceSettings.of(app).configure(options);
  return new Stack(app, 'Stack', { env });
}
// 100,000 requests of 2,000 tokens = 200 million tokens in: $660.00 at Sonnet's $3.30, $160.00 at Nova Pro's $0.80
const add = (stack: Stack, usage: object = {}, id = 'Traffic') =>
  CostEstimates.of(stack).addOnDemand(id, { model: SONNET, requestsPerMonth: 100_000, inputTokensPerRequest: 2_000, ...usage });
const infos = (stack: Stack) => Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => String(entry.data));
const refusal = (stack: Stack) => {
  const { root } = stack.node;
  return root.node.findAll().flatMap(({ node }) => node.validate()).join('\n');
};

describe("discounts and the user's own rates", () => {
  const own: Rate = { model: NOVA, kind: RateKind.INPUT, usd: '0.50', unit: RateUnit.MILLION_TOKENS };
  const stack = stackWith({ rates: [own], discounts: [{ percent: 5 }, { percent: 20, provider: 'Anthropic' }] });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460, enforcement: BudgetEnforcement.WARN });
  const sonnet = add(stack);
  const nova = add(stack, { model: NOVA }, 'Other');

  test('reach the estimate', () => {
    // 200 x 3.30 x 0.80 and 200 x 0.50, no discount on that
    expect([sonnet.monthlyUsd, nova.monthlyUsd]).toEqual([528, 100]);
  });

  test('are in the printed output', () => {
    const said = infos(stack);
    expect(said).toContainEqual(expect.stringMatching(/^\$528\.00 a month: us\.anthropic\.claude-sonnet-4-6[^]*200 x \$2\.64 per 1M tokens = \$528\.00[^]*assumed: a discount of 20 % on Anthropic is taken off/));
    expect(said).toContainEqual(expect.stringMatching(/^\$100\.00 a month: amazon\.nova-pro-v1:0[^]*200 x \$0\.50 per 1M tokens/));
  });

  test('are in the report, which names the basis of its prices', () => {
    const report = buildReport(stack.node.root);
    // 528 + 100
    expect(report.totals.monthlyUsd).toBe('628');
    expect(report.priceBook.changes).toEqual(['1 rate of your own', 'discount of 5 %', 'discount of 20 % on Anthropic']);
    expect(parseReport(JSON.stringify(report))).toEqual({ report: expect.objectContaining({ priceBook: report.priceBook }) });
  });

  test('are in the count of the function, and the description of its alarm names them', () => {
    const [{ onDemand }] = stackRequests(stack);
    // Sonnet with 20 % off: 3.30, 16.50, 0.33 and 6.60 make 2.64, 13.2, 0.264 and 5.28. Nova Pro: in 0.50, the user's own;
    // out 3.20 and cache read 0.20 with 5 % off: 3.04 and 0.19.
    expect(onDemand.map(({ prices }) => prices.map(({ usdPerMillion }) => usdPerMillion))).toEqual([['2.64', '13.2', '0.264', '5.28'], ['0.5', '3.04', '0.19']]);
    expect(only(stack, /BurnRatio/).AlarmDescription).toContain(' Priced with a discount of 20 % on Anthropic, your own rates, a discount of 5 %. ');
  });

  test.each([
    [SONNET, '(FILL(r0m0, 0) * 2.64 + FILL(r0m1, 0) * 13.2 + MAX([FILL(r0m2, 0), FILL(r0m2n1, 0)]) * 0.264 + MAX([FILL(r0m3, 0), FILL(r0m3n1, 0)]) * 5.28) / 1000000',
      ' Priced with a discount of 20 % on Anthropic. '],
    [NOVA, '(FILL(r0m0, 0) * 0.5 + FILL(r0m1, 0) * 3.04 + MAX([FILL(r0m2, 0), FILL(r0m2n1, 0)]) * 0.19) / 1000000', ' Priced with your own rates, a discount of 5 %. '],
  ])('are in the expression of the alarm on %s, and its description names them', (model, expression, basis) => {
    const one = stackWith({ rates: [own], discounts: [{ percent: 5 }, { percent: 20, provider: 'Anthropic' }] });
    new CostBudget(one, 'Budget', { monthlyLimitUsd: 1_460 });
    add(one, { model });
    const [{ Metrics: [{ Expression }], AlarmDescription }] = burnRateAlarms(one, 1);
    expect(Expression).toBe(expression);
    expect(AlarmDescription).toContain(basis);
  });

  test('are not mentioned if there are none', () => {
    const plain = stackWith();
    new CostBudget(plain, 'Budget', { monthlyLimitUsd: 1_460 });
    add(plain);
    const [alarm] = burnRateAlarms(plain, 1);
    expect(alarm.AlarmDescription).not.toContain('Priced with');
    expect(Object.keys(buildReport(plain.node.root).priceBook)).toEqual(['asOf', 'sources']);
  });

  test('of a price-book file apply unless the code sets others', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'prices-')), 'book.json');
    writeFileSync(file, JSON.stringify({ schemaVersion: '1', base: 'embedded', rates: [], discounts: [{ percent: 50 }] }));
    expect(add(stackWith({ priceBookFile: file })).monthlyUsd).toBe(330);
    expect(add(stackWith({ priceBookFile: file, discountPercent: 10 })).monthlyUsd).toBe(594);
    expect(add(stackWith({ priceBookFile: file, discounts: [{ percent: 20, provider: 'Anthropic' }] })).monthlyUsd).toBe(528);
  });

  test('fail with the allowed values', () => {
    const wrong = stackWith({ discounts: [{ percent: 20, provider: 'Antropic' }] });
    expect(add(wrong).monthlyUsd).toBeUndefined();
    expect(refusal(wrong)).toMatch(/bedrock-cost-invalid-input: discounts\[0\]\.provider must be one of AI21 Labs, Amazon, Anthropic, Cohere, DeepSeek, Google, Luma AI, Meta, MiniMax, Mistral AI, Moonshot AI, NVIDIA, OpenAI, Qwen, Stability AI, TwelveLabs, Writer, Z\.AI, xAI, got "Antropic"\./);
  });
});

describe('rates that no source states', () => {
  // Nova Pro in ap-northeast-1: 0.96 standard, flex by rule x 0.5 = 0.48; 200 million tokens
  const flex = (options: PriceSettingsOptions, context: { [key: string]: unknown } = {}) =>
    add(stackWith(options, context), { model: NOVA, region: 'ap-northeast-1', serviceTier: ServiceTier.FLEX }).monthlyUsd;
  const KEY = 'cdk-bedrock-cost:allowDerivedRates';

  test.each<[string, PriceSettingsOptions, object, number | undefined]>([
    ['unless it is said otherwise', {}, {}, 96],
    ['fails when the code refuses them', { allowDerivedRates: false }, {}, undefined],
    ['fails when the context refuses them', {}, { [KEY]: false }, undefined],
    ['fails when the command line refuses them', {}, { [KEY]: 'false' }, undefined],
    ['when the context allows what the code refuses', { allowDerivedRates: false }, { [KEY]: true }, 96],
  ])('are derived %s', (_, options, context, usd) => expect(flex(options, context as { [key: string]: unknown })).toBe(usd));

  test('fail to be found when the usage file refuses them', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'prices-')), 'usage.yaml');
    writeFileSync(file, 'version: 1\nallowDerivedRates: false\nworkloads: []\n');
    expect(flex({ allowDerivedRates: true }, { 'cdk-bedrock-cost:usage': file })).toBeUndefined();
  });

  test('fails with the key for another value', () => {
    const stack = stackWith({}, { [KEY]: 'maybe' });
    add(stack);
    expect(refusal(stack)).toContain(`context '${KEY}' must be true or false, got "maybe".`);
  });
});

describe('the day of the context', () => {
  const context = (today: unknown, maxPriceAgeDays?: unknown) =>
    ({ 'cdk-bedrock-cost:today': today, 'cdk-bedrock-cost:maxPriceAgeDays': maxPriceAgeDays });
  const dated = (usd: string, rest: Partial<Rate>): Rate =>
    ({ model: SONNET, kind: RateKind.INPUT, usd, unit: RateUnit.MILLION_TOKENS, tier: PriceTier.STANDARD, ...rest });
  const LAUNCH = [dated('2', { endDate: '2026-09-01' }), dated('3', { effectiveDate: '2026-09-01' })];

  // 200 million tokens at $2.00 until the end of August, at $3.00 after it; the embedded book was read on 2026-09-23.
  test.each([['2026-08-31', 400], ['2026-09-01', 600], [undefined, 600]])('%s prices by the rates in force on it', (today, usd) => {
    expect(add(stackWith({ rates: LAUNCH }, context(today))).monthlyUsd).toBe(usd);
  });

  test('is in the report', () => {
    const stack = stackWith({}, context('2026-10-01'));
    add(stack);
    expect(buildReport(stack.node.root).priceBook.changes).toEqual(['rates as of 2026-10-01']);
  });

  const aged = (...args: Parameters<typeof context>) => {
    // The newest price of the book makes no difference.
    const rate = { ...dated('3', { asOf: '2026-01-01', confirmed: '2026-09-23', source: 'a letter' }) };
    const stack = stackWith({ rates: [rate, { ...rate, kind: RateKind.OUTPUT, asOf: '2026-10-31', confirmed: undefined }] }, context(...args));
    add(stack, { outputTokensPerRequest: 1 });
    add(stack, {}, 'Again');
    return stack;
  };
  const ID = 'bedrock-cost-prices-too-old';

  const ageOf = (stack: Stack) => buildReport(stack.node.root).findings.filter(({ id }) => id === ID);

  // Its price was last confirmed on 2026-09-23; 120 days: 7 of September, 31, 30, 31, and the 21st of January.
  test.each([['2027-01-21', undefined, 0], ['2027-01-22', undefined, 1], ['2027-01-22', 121, 0], ['2026-09-24', '0', 1], [undefined, 0, 0]])(
    '%s with a limit of %p days reports the age of the prices %i times', (today, days, times) => {
      const stack = aged(today, days);
      expect(ageOf(stack)).toHaveLength(times);
    });

  test('reports it once, as information, with the remedy in the report', () => {
    const stack = aged('2027-01-22');
    const text = 'Stack/Traffic: the price of input tokens of us.anthropic.claude-sonnet-4-6 ($3.00 per 1M tokens, a letter) was last confirmed on 2026-09-23, '
      + '121 days before 2027-01-22; 120 days are allowed; 2 of 3 prices that were used are older than that.';
    expect(infos(stack).filter((info) => info.includes('was last confirmed'))).toEqual([expect.stringContaining(text)]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(buildReport(stack.node.root).findings).toContainEqual(expect.objectContaining({ id: ID, severity: 'info', path: 'Stack/Traffic', message: text, fix: expect.stringContaining('prices refresh') }));
  });

  test('is judged for each stack, in a stage, too, and names the oldest price of all its resources', () => {
    const app = new App({ context: context('2027-01-22') });
    const rate = dated('3', { asOf: '2025-02-01' });
    PriceSettings.of(app).configure({ rates: [rate, { ...rate, model: NOVA, asOf: '2024-02-01' }, { ...rate, model: 'own.fresh-v1', asOf: '2027-01-01' }] });
    const [first, second, fresh] = ['First', 'Second', 'Fresh'].map((id) => new Stack(id === 'Second' ? new Stage(app, 'Stage') : app, id, { env }));
    add(first);
    add(first, { model: NOVA }, 'Older');
    add(second);
    add(fresh, { model: 'own.fresh-v1' });
    app.synth();
    const ages = (stack: Stack) => infos(stack).filter((info) => info.includes('was last confirmed')).map((info) => info.split(':')[0]);
    expect([first, second, fresh].map(ages)).toEqual([['First/Older'], ['Stage/Second/Traffic'], []]);
    expect(ageOf(first).map(({ path }) => path)).toEqual(['First/Older', 'Stage/Second/Traffic']);
  });

  test('is that of a slow or busy month, too', () => {
    const rates = [dated('3', { asOf: '2027-01-01' }), dated('3', { kind: RateKind.OUTPUT, asOf: '2025-02-01' })];
    const stack = stackWith({ rates }, context('2027-01-22'));
    const usage = { requestsPerMonth: 1, inputTokensPerRequest: 1 };
    const highUsage = { requestsPerMonth: 1, outputTokensPerRequest: 1 };
    new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of(SONNET), usage, highUsage });
    expect(ageOf(stack)).toMatchObject([{ path: 'Stack/Profile', message: expect.stringContaining('a price of us.anthropic.claude-sonnet-4-6 in a slow or busy month was last confirmed on 2025-02-01') }]);
  });

  test('has the severity of the context, and can be switched off', () => {
    const of = (severity: string) => {
      const stack = stackWith({ rates: [dated('3', { asOf: '2025-02-01' })] }, { ...context('2027-01-22'), 'cdk-bedrock-cost:severity': { [ID]: severity } });
      add(stack);
      return ageOf(stack).map((finding) => finding.severity);
    };
    expect([of('error'), of('off')]).toEqual([['error'], []]);
    // Also for a part of the app.
    const stack = stackWith({ rates: [dated('3', { asOf: '2025-02-01' })] }, context('2027-01-22'));
    const quiet = new Construct(stack, 'Quiet');
    quiet.node.setContext('cdk-bedrock-cost:severity', { [ID]: 'off' });
    CostEstimates.of(quiet).addOnDemand('Traffic', { model: SONNET, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    expect(ageOf(stack)).toEqual([]);
  });

  test.each([
    ['today', '2026-02-30', 'a day as YYYY-MM-DD'],
    ['today', 20261001, 'a day as YYYY-MM-DD'],
    ['maxPriceAgeDays', 'long', 'a whole number of days, 0 or more'],
    ['maxPriceAgeDays', -1, 'a whole number of days, 0 or more'],
    ['maxPriceAgeDays', 1.5, 'a whole number of days, 0 or more'],
  ])('fails when %s is %p', (key, value, allowed) => {
    const stack = stackWith({}, { [`cdk-bedrock-cost:${key}`]: value });
    add(stack);
    expect(refusal(stack)).toContain(`bedrock-cost-invalid-input: context 'cdk-bedrock-cost:${key}' must be ${allowed}, got ${JSON.stringify(value)}.`);
  });
});

describe('derived rates', () => {
  const stackOf = (options: PriceSettingsOptions = {}) => {
    const app = new App({ context: DETAILS });
    PriceSettings.of(app).configure(options);
    const stack = new Stack(app, 'Stack', { env: { region: 'ap-northeast-1', account: '111122223333' } });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460, enforcement: BudgetEnforcement.WARN });
    CostEstimates.of(stack).addOnDemand('Traffic', {
      model: 'apac.amazon.nova-pro-v1:0', requestsPerMonth: 1_000, inputTokensPerRequest: 1_000, cacheReadTokensPerRequest: 1_000,
    });
    return stack;
  };
  const alarmOf = (stack: Stack) => burnRateAlarms(stack, 1)[0];

  test('are in the description of the alarm that multiplies by them', () => {
    // Nova Pro in ap-northeast-1: in 0.96, out 3.84; cache read 0.96 x 0.25 = 0.24
    const alarm = alarmOf(stackOf());
    expect(alarm.Metrics[0].Expression).toContain('MAX([FILL(r0m2, 0), FILL(r0m2n1, 0)]) * 0.24)');
    expect(alarm.AlarmDescription).toContain(' Priced with derived rates. ');
    expect(alarmOf(stackOf({ discountPercent: 10 })).AlarmDescription).toContain(' Priced with a discount of 10 %, derived rates. ');
  });

  test('are in the table of the stack and in the report', () => {
    const stack = stackOf();
    Template.fromStack(stack);
    expect(infos(stack)).toContainEqual(expect.stringMatching(/\nderived, not published: Nova cache-read = input x 0\.25 \(Traffic\)\n/));
    expect(renderReportMarkdown(buildReport(stack.node.root))).toContain('\n- derived, not published: Nova cache-read = input x 0.25 (Traffic)\n');
  });

  test('of a busy month alone are in the report', () => {
    const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:region': 'ap-northeast-1' } }), 'Stack');
    new ApplicationInferenceProfile(stack, 'Profile', {
      model: BedrockModel.of('apac.amazon.nova-pro-v1:0'), usage: { requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 }, highUsage: { requestsPerMonth: 1_000, cacheReadTokensPerRequest: 1_000 },
    });
    expect(buildReport(stack.node.root).resources[0].assumptions).toEqual(['in a busy month: the cache-read rate is derived, not published: Nova cache-read = input x 0.25']);
  });
});

describe('the days of the prices of an app', () => {
  const dated = (model: string, asOf: string, rest: Partial<Rate> = {}): Rate =>
    ({ model, kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS, tier: PriceTier.STANDARD, asOf, ...rest });
  const RATES = [dated(SONNET, '2025-02-01'), dated(NOVA, '2024-01-01', { confirmed: '2026-08-20' }), dated(NOVA, '2023-05-05', { kind: RateKind.OUTPUT })];
  const stackOf = () => {
    const stack = stackWith({ rates: RATES });
    add(stack);
    add(stack, { model: NOVA }, 'Other');
    return stack;
  };
  const daysOf = (value: object) => {
    const { oldestPriceDate, newestPriceDate } = value as { readonly oldestPriceDate?: string | null; readonly newestPriceDate?: string | null };
    return [oldestPriceDate, newestPriceDate];
  };

  test('are those of the prices that were used: of each resource, and of the report', () => {
    const report = buildReport(stackOf().node.root);
    expect(report.resources.map(daysOf)).toEqual([['2025-02-01', '2025-02-01'], ['2026-08-20', '2026-08-20']]);
    expect(daysOf(report)).toEqual(['2025-02-01', '2026-08-20']);
    // The day of the book is another matter.
    expect(report.priceBook.asOf).toBe(PriceBook.embedded().asOf);
    expect(report.resources[1].lineItems[0]).toMatchObject({ asOf: '2024-01-01', confirmed: '2026-08-20' });
    expect(parseReport(JSON.stringify(report))).toEqual({ report: JSON.parse(JSON.stringify(report)) });
  });

  test('are in the table of the stack and in the Markdown report', () => {
    const stack = stackOf();
    Template.fromStack(stack);
    expect(infos(stack)).toContainEqual(expect.stringContaining('\nPrices of 2025-02-01 to 2026-08-20. US dollars'));
    expect(infos(stack)).toContainEqual(expect.stringMatching(/in us-west-2\n[^]*\n {2}prices of 2026-08-20/));
    expect(renderReportMarkdown(buildReport(stack.node.root))).toContain('\nPrices of 2025-02-01 to 2026-08-20. US dollars');
  });

  test('are those of other copies of the library, whose prices may be of another book', () => {
    const stack = stackOf();
    // An older copy knows neither confirmations nor days of the whole.
    const [entry] = registryOf(stack).entries;
    const lineItems = entry.estimate.lineItems.map((line) => ({ ...line, asOf: '2022-02-02' }));
    registryOf(stack).entries.push(Object.create(entry, { estimate: { value: { ...entry.estimate, lineItems } } }));
    expect(daysOf(buildReport(stack.node.root))).toEqual(['2022-02-02', '2026-08-20']);
  });
});

test('an invalid price of the usage file is reported with its place in the file and the problem', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'usage-')), 'usage.json');
  const prices = ['1', '2'].map((usd) => ({ model: NOVA, kind: 'input', usd, unit: '1M tokens' }));
  writeFileSync(path, JSON.stringify({ version: 1, workloads: [{ name: 'Stack/Traffic', requestsPerMonth: 1 }], prices }));
  const stack = stackWith({}, { 'cdk-bedrock-cost:usage': path });
  add(stack);
  expect(refusal(stack)).toContain('usage file: prices[1].usd must be "1", as in prices[0], which prices the same, got "2". Keep one of the two rates,');
});

describe('equal usage', () => {
  test('has the prices of its own app', () => {
    // 200 x 3.30, and 5 % off it
    expect([add(stackWith()), add(stackWith({ discountPercent: 5 })), add(stackWith())].map(({ monthlyUsd }) => monthlyUsd)).toEqual([660, 627, 660]);
  });

  test('has the prices of its own region', () => {
    const app = new App();
    // 200 x 0.80 and 200 x 0.84
    const ofRegions = ['us-west-2', 'ap-southeast-2'].map((region) => add(new Stack(app, region, { env: { region } }), { model: NOVA }).monthlyUsd);
    expect(ofRegions).toEqual([160, 168]);
  });

  test('is a cost of each construct', () => {
    const stack = stackWith();
    add(stack, {}, 'One');
    add(stack, {}, 'Other');
    const { resources, totals } = buildReport(stack.node.root);
    expect(resources.map(({ path, monthlyUsd }) => [path, monthlyUsd])).toEqual([['Stack/One', '660'], ['Stack/Other', '660']]);
    expect(totals.monthlyUsd).toBe('1320');
    const lines = renderReportMarkdown(buildReport(stack.node.root)).split('\n').filter((line) => line.includes('| input tokens |'));
    expect(lines.map((line) => line.split(' | ')[0])).toEqual(['| One', '| Other']);
  });
});
