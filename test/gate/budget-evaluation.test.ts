import { evaluateBudget, EvaluatedBudget } from '../../src/gate/budget-evaluation';
import { CoveredCost, judgeBudget } from '../../src/gate/budget-status';
import { decimal } from '../../src/pricing/decimal';

const COST: CoveredCost = {
  path: 'Chat/Assistant', stack: 'Chat', type: 'on-demand', model: 'example.model', region: 'us-west-2', monthlyUsd: '660', knownMonthlyUsd: '660', missingPrices: [],
};
const UNKNOWN: CoveredCost = {
  ...COST,
  path: 'Chat/Typo',
  monthlyUsd: null,
  knownMonthlyUsd: '0',
  missingPrices: [{ model: 'example.modle', kind: 'input', description: 'no price for input tokens of example.modle', hint: 'check the model id', nearestModels: ['example.model'] }],
};
const BUDGET: EvaluatedBudget = {
  path: 'Chat/Budget', covers: 'Chat', limitUsd: '500', enforcement: 'ACKNOWLEDGEABLE', onMissingPrice: 'FAIL', acknowledgement: null, severities: {},
};
const ACCEPTED = { reason: 'launch', owner: 'ana', maxMonthlyUsd: '700', expires: '2026-12-31' };
const OVER = '$660.00 a month is $160.00 over the limit of $500.00 of Chat/Budget';

const evaluate = (budget: Partial<EvaluatedBudget>, costs: readonly CoveredCost[] = [COST], today?: string) => {
  const evaluated = { ...BUDGET, ...budget };
  return evaluateBudget(evaluated, judgeBudget(decimal(evaluated.limitUsd), costs), today);
};

test.each<[string, Partial<EvaluatedBudget>, readonly CoveredCost[], string, string, string]>([
  ['over its limit', {}, [COST], 'error', `${OVER}.`, `${OVER}, which covers this stack.`],
  ['over its limit with enforcement WARN', { enforcement: 'WARN' }, [COST], 'warning', `${OVER}.`, `${OVER}, which covers this stack.`],
  ['accepted', { acknowledgement: ACCEPTED }, [COST], 'info', `${OVER}; accepted by ana up to $700.00 a month until 2026-12-31: launch.`,
    `${OVER}; accepted by ana up to $700.00 a month until 2026-12-31: launch; it covers this stack.`],
  ['above its ceiling', { acknowledgement: { ...ACCEPTED, maxMonthlyUsd: '600' } }, [COST], 'error',
    `${OVER}; the acceptance by ana has a ceiling of $600.00 a month, which the cost exceeds by $60.00.`,
    `${OVER}, which covers this stack; the acceptance by ana has a ceiling of $600.00 a month, which the cost exceeds by $60.00.`],
  // 660 of 800 is 82.5 %.
  ['near its limit', { limitUsd: '800' }, [COST], 'info', '$660.00 a month is 82 % of the limit of $800.00 of Chat/Budget.',
    '$660.00 a month is 82 % of the limit of $800.00 of Chat/Budget, which covers this stack.'],
  ['incomplete', { limitUsd: '10000' }, [COST, UNKNOWN], 'error',
    'Chat/Budget cannot be checked: only $660.00 a month is known, the limit is $10,000.00, and the cost of 1 of 2 resources is unknown, not $0.',
    'Chat/Budget, which covers this stack, cannot be checked; see Chat/Budget in bedrock-cost-report.md.'],
  ['without a priced construct', { covers: '' }, [], 'warning', 'Chat/Budget cannot be checked: the app has no priced construct.',
    'Chat/Budget cannot be checked: the app has no priced construct, which covers this stack.'],
])('the finding of a budget that is %s', (_, budget, costs, severity, headline, brief) => {
  const { finding } = evaluate(budget, costs);
  expect([finding?.severity, finding?.headline, finding?.brief('this stack')]).toEqual([severity, headline, brief]);
});

test('a finding names the largest costs and the unknown ones', () => {
  expect(evaluate({}, [UNKNOWN, COST]).finding?.text).toBe([
    OVER,
    '  $660.00 Chat/Assistant (on-demand of example.model)',
    '  unknown Chat/Typo (on-demand of example.model)',
    '  and these costs are unknown, not $0:',
    '  Chat/Typo: no price for input tokens of example.modle. To make it known: change the model id to example.model, or give a rate of your own',
  ].join('\n'));
});

test.each([['bedrock-cost-budget-exceeded', 'off', undefined], ['bedrock-cost-budget-exceeded', 'info', 'bedrock-cost-budget-exceeded'], ['bedrock-cost-budget-accepted', 'off', undefined]] as const)(
  'with %s %s, an accepted overrun is reported as %p', (id, severity, reported) => {
    expect(evaluate({ acknowledgement: ACCEPTED, severities: { [id]: severity } }).finding?.message.id).toBe(reported);
  });

test('a budget within its limit has no finding', () => {
  expect(evaluate({ limitUsd: '10000' }).finding).toBeUndefined();
});
