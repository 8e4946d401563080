import { evaluateReportedBudgets } from '../../src/gate/reported-budgets';
import { toText } from '../../src/pricing/decimal';
import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from '../cost-report/sample-report';

const ACCEPTED = { reason: 'launch month', owner: 'platform', maxMonthlyUsd: '31000', expires: '2026-12-31' };
const OVER = { ...BUDGET, limitUsd: '30000', status: 'over', acknowledged: true, acknowledgement: ACCEPTED } as const;

test.each([['2026-12-31', 'accepted', 'bedrock-cost-budget-accepted'], ['2027-01-01', 'expired', 'bedrock-cost-budget-exceeded'], [undefined, 'accepted', 'bedrock-cost-budget-accepted']])(
  'an acceptance through 2026-12-31 is judged by the day of check: on %s it is %s', (today, effect, id) => {
    expect(evaluateReportedBudgets(sampleReport([CAPACITY], [OVER]), { today })).toMatchObject([{ effect, finding: { message: { id } } }]);
  });

test('a policy that is given replaces those of the budgets', () => {
  const report = sampleReport([CAPACITY, UNKNOWN], [{ ...BUDGET, onMissingPrice: 'IGNORE' }]);
  expect(evaluateReportedBudgets(report)[0].finding).toBeUndefined();
  expect(evaluateReportedBudgets(report, { onMissingPrice: 'fail' })).toMatchObject([{ finding: { severity: 'error' } }]);
});

test.each([['0', '30922.8'], ['31000', '31000']])('the higher of the stated estimate of %s and the sum of the resources counts: %s', (estimatedUsd, known) => {
  const [{ judgement }] = evaluateReportedBudgets(sampleReport([CAPACITY], [{ ...BUDGET, estimatedUsd }]));
  expect(toText(judgement.known)).toBe(known);
});
