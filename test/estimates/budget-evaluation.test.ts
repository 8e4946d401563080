import { App, Aspects, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, CostBudgetProps } from '../../src/budgets/cost-budget-props';
import { budgetEvaluation, budgetEvaluations } from '../../src/estimates/budget-evaluation';
import { registryOf } from '../../src/estimates/registry';
import * as gate from '../../src/gate/budget-status';
import { toText } from '../../src/pricing/decimal';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';
import { env, SONNET, traffic } from '../budgets/synth';

jest.mock('../../src/gate/budget-status', () => {
  const actual = jest.requireActual<typeof gate>('../../src/gate/budget-status');
  return { ...actual, judgeBudget: jest.fn(actual.judgeBudget) };
});

// CDK prints what it finds where a unit test synthesizes.
beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterAll(() => { jest.restoreAllMocks(); });

function appOf(props: Partial<CostBudgetProps> = {}, scope = new App()) {
  const stack = new Stack(scope, 'Chat', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1460, enforcement: BudgetEnforcement.WARN, ...props });
  return { app: stack.node.root as App, stack, budget };
}

const statusOf = (stack: Stack) => budgetEvaluation(registryOf(stack).budgets[0]).judgement.status;

describe('the status', () => {
  // $660.00 a month known
  test.each([[660, 'near'], [659.99, 'over'], [825, 'near'], [825.01, 'ok']])('with a limit of %s is %s', (monthlyLimitUsd, status) => {
    const { stack } = appOf({ monthlyLimitUsd });
    traffic(stack);
    expect(statusOf(stack)).toBe(status);
  });

  test.each([[10_000, 'unknown'], [100, 'over']])('with a missing price and a limit of %s is %s', (monthlyLimitUsd, status) => {
    const { stack } = appOf({ monthlyLimitUsd });
    traffic(stack);
    traffic(stack, 'Other', 'example.unknown');
    expect(statusOf(stack)).toBe(status);
  });

  test('does not count constructs that were removed from the tree', () => {
    const { stack } = appOf();
    traffic(new Construct(stack, 'Chat'));
    stack.node.tryRemoveChild('Chat');
    const { judgement: { known, covered } } = budgetEvaluation(registryOf(stack).budgets[0]);
    expect({ known: toText(known), covered }).toEqual({ known: '0', covered: 0 });
  });
});

describe('a budget is judged', () => {
  const ACCEPTED = { reason: 'launch', owner: 'platform', maxMonthlyUsd: 2_000, expires: '2026-12-31' };
  const judge = jest.mocked(gate.judgeBudget);
  beforeEach(() => { judge.mockClear(); });

  test.each<[string, Partial<CostBudgetProps>, boolean]>([
    ['within its limit', {}, false],
    ['over it', { monthlyLimitUsd: 500 }, false],
    ['accepted', { monthlyLimitUsd: 500 }, true],
  ])('once in a synthesis: %s', (_, props, isAccepted) => {
    const { app, stack, budget } = appOf(props);
    traffic(stack);
    if (isAccepted) budget.acknowledge(ACCEPTED);
    app.synth();
    expect(judge).toHaveBeenCalledTimes(1);
    expect(buildReport(app).budgets).toHaveLength(1);
    expect(judge).toHaveBeenCalledTimes(1);
  });

  test('again for the app where it is in a stage, which is synthesized before the app is complete', () => {
    const app = new App();
    const { stack } = appOf({ covers: app }, new Stage(app, 'Prod', { env }) as unknown as App);
    const top = new Stack(app, 'Top', { env });
    traffic(stack);
    Aspects.of(top).add({ visit: (node) => { if (node === top) traffic(top); } });
    app.synth();
    expect(judge).toHaveBeenCalledTimes(2);
    // Twice $660.00.
    expect(buildReport(app).budgets).toMatchObject([{ estimatedUsd: '1320' }]);
  });

  test('again if its costs change after a first synthesis', () => {
    const { app, stack, budget } = appOf({ monthlyLimitUsd: 500 });
    traffic(stack);
    app.synth();
    traffic(stack, 'More');
    expect(buildReport(app).budgets).toMatchObject([{ estimatedUsd: '1320', acknowledged: false }]);
    budget.acknowledge(ACCEPTED);
    expect(buildReport(app).budgets).toMatchObject([{ acknowledged: true }]);
  });

  test('by usage that is known only at synthesis', () => {
    const { app, stack } = appOf();
    traffic(stack);
    const [first] = budgetEvaluations(app);
    expect(toText(first.judgement.known)).toBe('660');
    // The same again: 100,000 requests of 2,000 tokens at $3.30 a million.
    CostEstimates.of(stack).addOnDemand('Lazy', { model: SONNET, requestsPerMonth: Lazy.number({ produce: () => 100_000 }), inputTokensPerRequest: 2_000 });
    app.synth();
    expect(buildReport(app).budgets).toMatchObject([{ estimatedUsd: '1320', status: 'near' }]);
  });
});
