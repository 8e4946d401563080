import { ResourceJson } from '../../src/cost-report/report-json';
import { checkReport } from '../../src/gate/check';
import { lifecycleFindings } from '../../src/gate/lifecycle';
import { addedUp, BUDGET, CAPACITY, sampleReport } from '../cost-report/sample-report';

const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
const [LINE] = CAPACITY.lineItems;
const LEGACY: ResourceJson = { ...CAPACITY, model: LLAMA };
const PROMOTION: ResourceJson = {
  ...CAPACITY, type: 'on-demand', model: 'openai.gpt-5.6-sol', lineItems: [{ ...LINE, description: 'input tokens', reviewAfter: '2026-11-21' }],
};
const use = ({ region, model, ...resource }: ResourceJson) => ({ ...resource, model: model ?? '*', region: region ?? undefined });
const found = (resource: ResourceJson, day?: string) =>
  lifecycleFindings(use(resource), day).map(({ message: { id, severity }, text, fix }) => ({ id, severity, text, fix }));
const check = (resource: ResourceJson, today: string) => checkReport(addedUp(sampleReport([resource], [{ ...BUDGET, limitUsd: '100000' }])), { today });

describe('a legacy model', () => {
  const text = `${LLAMA}: AWS marks it as legacy; its end of life is 2027-03-30 (aws-model-cards-2026-10-08).`;

  test.each([undefined, '2026-09-30'])('is for information on the day %s', (day) => {
    // 180 days before 2027-03-30 is 2026-10-01.
    expect(found({ ...LEGACY, type: 'on-demand' }, day)).toEqual([{ id: 'bedrock-cost-legacy-model', severity: 'info', text, fix: 'Use a model that AWS marks as active before the end of life.' }]);
  });

  test('is a warning from 180 days before its end', () => {
    expect(found({ ...LEGACY, type: 'on-demand' }, '2026-10-01')).toEqual([expect.objectContaining({
      id: 'bedrock-cost-model-ends-soon', severity: 'warning', text: `${text} That is 180 days after 2026-10-01.`,
    })]);
  });

  test('states that it ends on the next day', () => {
    expect(found({ ...LEGACY, type: 'on-demand' }, '2027-03-29')[0].text).toBe(`${text} That is 1 day after 2027-03-29.`);
  });

  test('states that AWS sells no new capacity of it', () => {
    expect(found(LEGACY)[0].text).toBe(`${text} AWS accepts no new provisioned throughput for it.`);
  });

  test('names its successor', () => {
    expect(found({ ...LEGACY, type: 'on-demand', model: 'us.anthropic.claude-opus-4-1-20250805-v1:0', region: 'us-east-1' }, '2026-11-30')[0])
      .toMatchObject({ id: 'bedrock-cost-model-ends-soon', fix: 'Use us.anthropic.claude-opus-5-5 before the end of life.' });
  });

  test('whose end is not known is for information on every day', () => {
    expect(found({ ...LEGACY, model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' }, '2026-11-30')).toEqual([expect.objectContaining({ severity: 'info' })]);
  });

  test('that is gone has the finding of its missing price, and no other', () => {
    const missing = { model: LLAMA, kind: 'input', description: 'no price', hint: 'none', nearestModels: [] };
    expect(found({ ...LEGACY, missingPrices: [missing] }, '2027-03-30')).toEqual([]);
  });

  test.each(['2027-03-30', '2027-12-31'])('that is gone and priced at a rate of the user\'s own is a warning on %s', (day) => {
    expect(found({ ...LEGACY, type: 'on-demand' }, day)).toEqual([{
      id: 'bedrock-cost-model-ended',
      severity: 'warning',
      text: `${LLAMA} reached its end of life on 2027-03-30 (aws-model-cards-2026-10-08); its price is a rate of your own.`,
      fix: 'Use a model that AWS marks as active, unless a private arrangement with the provider keeps it in service.',
    }]);
  });

  test.each(['amazon.nova-pro-v1:0', 'unknown', null])('is none: %s', (model) => {
    expect(found({ ...LEGACY, model }, '2099-01-01')).toEqual([]);
  });
});

describe('a term that outlives its model', () => {
  const fixes = (commitmentMonths: number, day: string, type = 'provisioned-throughput') =>
    lifecycleFindings({ ...use(LEGACY), type, commitmentMonths }, day).filter(({ message: { id } }) => id === 'bedrock-cost-commitment-outlives-model').map(({ fix }) => fix);

  test('is an error with the day of its end', () => {
    // The end of life is 2027-03-30.
    expect(lifecycleFindings({ ...use(LEGACY), commitmentMonths: 6 }, '2026-11-30')[1]).toMatchObject({
      message: { id: 'bedrock-cost-commitment-outlives-model', severity: 'error' },
      text: `A commitment of 6 months for ${LLAMA} that begins on 2026-11-30 ends on 2027-05-30, and AWS no longer serves the model from 2027-03-30 on.`,
    });
  });

  test.each([
    [6, '2027-03-01', 'provisioned-throughput', ['Choose a shorter term or no commitment, or use a model that AWS marks as active.']],
    [3, '2027-03-01', 'reserved', ['Choose a shorter term, or use a model that AWS marks as active.']],
    // No term is shorter than a month.
    [1, '2027-03-01', 'provisioned-throughput', ['Choose no commitment, or use a model that AWS marks as active.']],
    [1, '2027-03-01', 'reserved', ['Use a model that AWS marks as active.']],
    [6, '2026-09-29', 'provisioned-throughput', []],
    [0, '2027-03-01', 'provisioned-throughput', []],
    // The model has the finding of its end already.
    [6, '2027-03-30', 'provisioned-throughput', []],
  ])('of %i months on %s, %s', (months, day, type, expected) => {
    expect(fixes(months, day, type)).toEqual(expected);
  });
});

describe('a price with a last day', () => {
  test('is reported once that is past', () => {
    expect(found(PROMOTION)).toEqual([]);
    expect(found(PROMOTION, '2026-11-21')).toEqual([]);
    expect(found(PROMOTION, '2026-11-22')).toEqual([expect.objectContaining({
      id: 'bedrock-cost-price-review-due', severity: 'warning', text: 'The price of input tokens of openai.gpt-5.6-sol was guaranteed until 2026-11-21 only, and it is 2026-11-22.',
    })]);
  });

  test('is one finding for all lines with the same day', () => {
    const lines = ['input tokens', 'output tokens', 'input tokens'].map((description) => ({ ...PROMOTION.lineItems[0], description }));
    expect(found({ ...PROMOTION, lineItems: lines }, '2026-11-22').map(({ text }) => text)).toEqual([expect.stringContaining('The price of input tokens and output tokens of openai.gpt-5.6-sol was guaranteed until 2026-11-21 only, and it is 2026-11-22.')]);
  });

  test('that has ended is reported from its first day without price on', () => {
    const ended = { ...PROMOTION, lineItems: [{ ...LINE, endDate: '2026-12-01' }] };
    expect(found(ended, '2026-11-30')).toEqual([]);
    expect(found(ended, '2026-12-01')[0].text).toContain('held before 2026-12-01 only, and it is 2026-12-01');
  });
});

describe('check', () => {
  test('warns of what ends, by the day it is given, and passes', () => {
    expect(check(LEGACY, '2026-11-30')).toMatchObject({ passed: true, failures: [], warnings: [{ id: 'bedrock-cost-model-ends-soon', path: 'App/Chat/Capacity', source: CAPACITY.source }] });
    expect(check(PROMOTION, '2026-11-30')).toMatchObject({ passed: true, warnings: [{ id: 'bedrock-cost-price-review-due' }] });
    expect(check(LEGACY, '2026-09-30').warnings).toEqual([]);
    expect(checkReport(sampleReport([LEGACY]), {}).warnings).toEqual([]);
  });

  test('takes the price of a model that is gone as missing: the budget over it is unknown, and the total is', () => {
    const { passed, failures, warnings, totals } = check(LEGACY, '2027-03-30');
    expect(passed).toBe(false);
    expect(failures.map(({ id }) => id)).toEqual(['bedrock-cost-budget-incomplete', 'bedrock-cost-missing-price']);
    expect(failures[1].message).toContain(`no price for ${LLAMA} in us-west-2 on 2027-03-30`);
    expect(failures[1].fix).toContain('Use a model that AWS marks as active, since Llama 3.1 70B Instruct reached its end of life on 2027-03-30; or give a rate of your own for a private arrangement with the provider.');
    expect([totals.monthlyUsd, totals.knownMonthlyUsd, warnings]).toEqual([null, '30922.8', []]);
    expect(checkReport(sampleReport([LEGACY]), { today: '2027-03-30', onMissingPrice: 'warn' }).passed).toBe(true);
  });

  test('keeps a budget that is over, over', () => {
    const report = sampleReport([LEGACY], [{ ...BUDGET, limitUsd: '30000', status: 'over' }]);
    expect(checkReport(report, { today: '2027-03-30' }).failures.map(({ id }) => id)).toContain('bedrock-cost-budget-exceeded');
  });

  test('trusts a rate of the user\'s own past the end', () => {
    // The source does not matter: an own rate may have the same source as the book.
    const own = { ...LINE, own: true } as const;
    expect(check({ ...LEGACY, lineItems: [own] }, '2027-03-30').passed).toBe(true);
    // One line of two is of the book.
    expect(check({ ...LEGACY, lineItems: [LINE, own] }, '2027-03-30').passed).toBe(false);
    expect(check({ ...LEGACY, lineItems: [{ ...LINE, source: 'an agreement' }] }, '2027-03-30').passed).toBe(false);
    // Nothing is billed, so no price is missing.
    expect(check({ ...LEGACY, lineItems: [] }, '2027-03-30').passed).toBe(true);
  });
});
