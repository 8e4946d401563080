import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CostBudget } from '../../src/budgets/cost-budget';
import { MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { parseReport } from '../../src/cost-report/parse-report';
import { budgetEvaluation } from '../../src/estimates/budget-evaluation';
import { registryOf } from '../../src/estimates/registry';
import { checkReport } from '../../src/gate/check';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';
import { findingsOf, refusals, stackIn, warnings } from '../inference/synth';

const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';
const SOL = 'openai.gpt-5.6-sol';
const on = (today?: string, region = 'us-east-1') => stackIn(region, today === undefined ? {} : { 'cdk-bedrock-cost:today': today });

function chat(model: string, today?: string): Stack {
  const stack = on(today);
  CostEstimates.of(stack).addOnDemand('Chat', { model, requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 });
  return stack;
}

const ids = (stack: Stack) => findingsOf(stack).map(({ id, severity }) => `${severity} ${id}`);

test('without a day, what ends is for information: no warning', () => {
  expect(ids(chat(LLAMA))).toEqual(['info bedrock-cost-legacy-model']);
  expect(warnings(chat(LLAMA))).toEqual([]);
  expect(Annotations.fromStack(chat(LLAMA)).findInfo('*', Match.stringLikeRegexp('its end of life is 2027-03-30')).length).toBeGreaterThan(0);
  expect(ids(chat(SOL))).toEqual([]);
  expect(ids(chat('amazon.nova-pro-v1:0', '2026-11-30'))).toEqual([]);
});

test('with a day, a model that ends within 180 days and a price past its guarantee are warnings', () => {
  expect(ids(chat(LLAMA, '2026-11-30'))).toEqual(['warning bedrock-cost-model-ends-soon']);
  expect(warnings(chat(LLAMA, '2026-11-30'))[0]).toContain('us.meta.llama3-3-70b-instruct-v1:0: AWS marks it as legacy; its end of life is 2027-03-30 (aws-model-cards-2026-10-08). That is 120 days after 2026-11-30. Use a model that AWS marks as active before the end of life.');
  expect(ids(chat(SOL, '2026-11-21'))).toEqual([]);
  expect(ids(chat(SOL, '2026-11-22'))).toEqual(['warning bedrock-cost-price-review-due']);
});

test('with a day, a model that is gone has no price, and a budget over it cannot be checked', () => {
  const stack = chat('amazon.nova-sonic-v1:0', '2026-11-30');
  CostEstimates.of(stack).addOnDemand('Old', { model: 'us.amazon.nova-premier-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1 });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000, onMissingPrice: MissingPricePolicy.WARN });
  expect(ids(stack)).toContain('warning bedrock-cost-missing-price');
  expect(budgetEvaluation(registryOf(stack).budgets[0]).judgement.status).toBe('unknown');
  expect(warnings(stack).join()).toContain('Nova Premier reached its end of life on 2026-09-14');
});

test('the severity of a message is the app\'s', () => {
  const stack = stackIn('us-east-1', { 'cdk-bedrock-cost:severity': { 'bedrock-cost-legacy-model': 'off' } });
  CostEstimates.of(stack).addOnDemand('Chat', { model: LLAMA, requestsPerMonth: 1, inputTokensPerRequest: 1 });
  expect(ids(stack)).toEqual([]);
});

test('check agrees with synth on a model past its end, which a book of the user\'s above the embedded one prices', () => {
  const premier = 'amazon.nova-premier-v1:0';
  const folder = mkdtempSync(join(tmpdir(), 'own-book-'));
  // The source is one of the embedded book.
  const [source] = PriceBook.embedded()._sources;
  const rates = ['input', 'output'].map((kind) => ({ model: premier, kind, scope: 'geo', usd: '1', unit: '1M tokens', region: 'us-east-1', asOf: '2026-11-29', source }));
  const reportWith = (base: object) => {
    const file = join(folder, 'book.json');
    writeFileSync(file, JSON.stringify({ schemaVersion: '1', ...base, rates }));
    const stack = stackIn('us-east-1', { 'cdk-bedrock-cost:today': '2026-11-30', 'cdk-bedrock-cost:priceBook': file });
    CostEstimates.of(stack).addOnDemand('Chat', { model: `us.${premier}`, requestsPerMonth: 1_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 1_000 });
    return buildReport(stack.node.root);
  };
  const own = reportWith({ base: 'embedded' });
  // 1 M tokens in and 1 M out at $1
  expect([own.totals.monthlyUsd, own.resources[0].lineItems.map((line) => line.own)]).toEqual(['2', [true, true]]);
  expect(checkReport(own, { today: '2026-11-30' })).toMatchObject({ passed: true, failures: [], warnings: [{ id: 'bedrock-cost-model-ended' }] });
  expect(parseReport(JSON.stringify(own))).toEqual({ report: own });
  // Rates that replace the embedded book are rates of the book: unknown at synth and for check.
  const book = reportWith({});
  expect(book.totals.monthlyUsd).toBeNull();
  expect(checkReport(book, { today: '2026-11-30' }).passed).toBe(false);
  rmSync(folder, { recursive: true });
});

describe('a commitment', () => {
  // Llama 3.1 70B: 1 unit x $21.18 x 730 h = $15,461.40 for a month; x $13.08 x 730 x 6 = $57,290.40 for six.
  const committed = (commitmentDuration: CommitmentDuration, today?: string, model = 'meta.llama3-1-70b-instruct-v1:0:128k', more = {}) => {
    const stack = on(today, 'us-west-2');
    const capacity = new ProvisionedModelThroughput(stack, 'Capacity', {
      model: BedrockModel.of(model), modelUnits: 1, commitmentDuration, acknowledgeCommitmentUsd: 60_000, renewalNotice: Duration.days(3), ...more,
    });
    // The template of a refused resource: the stack is not synthesized. CDK hides the method from its types.
    const resource = capacity.node.findChild('Resource').node.defaultChild as CfnResource & { _toCloudFormation(): object };
    const template = JSON.parse(JSON.stringify(stack.resolve(resource._toCloudFormation())));
    return { stack, properties: template.Resources[stack.getLogicalId(resource)].Properties };
  };
  const { ONE_MONTH, SIX_MONTHS, NONE } = CommitmentDuration;

  test('whose term outlives its model is refused with a day', () => {
    expect(refusals(committed(SIX_MONTHS, '2026-11-30').stack)).toEqual([
      '[Stack/Capacity] bedrock-cost-commitment-outlives-model: A six-months commitment of meta.llama3-1-70b-instruct-v1:0:128k bought on 2026-11-30 ends on 2027-05-30, '
        + 'and AWS no longer serves the model from 2027-03-30 on. Choose a shorter term or no commitment, or use a model that AWS marks as active.',
    ]);
  });

  test.each([
    ['a month of it', ONE_MONTH, '2026-11-30'],
    ['six months that end the day before', SIX_MONTHS, '2026-09-29'],
    ['six months without a day: the function that buys has a clock', SIX_MONTHS, undefined],
    ['no commitment', NONE, '2026-11-30'],
  ])('is not refused: %s', (_, commitment, today) => {
    expect(refusals(committed(commitment, today).stack)).toEqual([]);
  });

  test('is refused although the user has a price of their own', () => {
    expect(refusals(committed(ONE_MONTH, '2027-03-01', undefined, { hourlyPricePerModelUnitUsd: 10 }).stack).join()).toContain('bedrock-cost-commitment-outlives-model');
  });

  test('hands the end of life to the function that buys, where it is known and there is a term', () => {
    expect(committed(ONE_MONTH).properties.endOfLife).toBe('2027-03-30');
    expect(committed(NONE).properties).not.toHaveProperty('endOfLife');
    expect(committed(ONE_MONTH, undefined, 'cohere.embed-english-v3').properties).not.toHaveProperty('endOfLife');
  });
});
