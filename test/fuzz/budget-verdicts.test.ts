import { App, Stack, Validations } from 'aws-cdk-lib';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { budgetEvaluations } from '../../src/estimates/budget-evaluation';
import { checkReport } from '../../src/gate/check';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { renderSummary } from '../../src/render/summary';
import { buildReport } from '../../src/synth-output/build-report';
import { everyNth } from '../runs';

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

/** $660.00 a month: 100,000 x 2,000 tokens at $3.30 a million; and a model that no price is known of. */
const COSTS = { ok: [660, false], over: [500, false], unknown: [1_000, true], both: [500, true] } as const;
const ACCEPTANCES = ['none', 'own', 'outgrown', 'cdk', 'cdk of a part', 'outgrown and cdk'] as const;

interface Row {
  readonly cost: keyof typeof COSTS;
  readonly enforcement: BudgetEnforcement;
  readonly onMissingPrice?: MissingPricePolicy;
  readonly acceptance: (typeof ACCEPTANCES)[number];
}

function appOf({ cost, enforcement, onMissingPrice, acceptance }: Row): App {
  const app = new App();
  const stack = new Stack(app, 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });
  const [limit, isUnknown] = COSTS[cost];
  const estimates = CostEstimates.of(stack);
  estimates.addOnDemand('Traffic', { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  if (isUnknown) estimates.addOnDemand('Typo', { model: 'us.anthropic.claude-sonet-4-6', requestsPerMonth: 1, inputTokensPerRequest: 1 });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: limit, enforcement, onMissingPrice });
  const acknowledge = (maxMonthlyUsd: number) => budget.acknowledge({ reason: 'launch', owner: 'ana', maxMonthlyUsd: Math.max(limit, maxMonthlyUsd), expires: '2026-12-31' });
  if (acceptance === 'own') acknowledge(700);
  if (acceptance.startsWith('outgrown')) acknowledge(600);
  const acknowledged = acceptance === 'cdk of a part' ? stack.node.children.find(({ node }) => node.path === `${stack.node.path}/Traffic`)! : acceptance.endsWith('cdk') ? app : undefined;
  for (const rule of ['exceeded', 'incomplete']) {
    if (acknowledged) Validations.of(acknowledged).acknowledge({ id: `cdk-bedrock-cost::bedrock-cost-budget-${rule}`, reason: 'agreed' });
  }
  return app;
}

const ROWS: Row[] = (Object.keys(COSTS) as Row['cost'][]).flatMap((cost) => Object.values(BudgetEnforcement).flatMap((enforcement) =>
  [undefined, ...Object.values(MissingPricePolicy)].flatMap((onMissingPrice) => ACCEPTANCES
    // BLOCK refuses acknowledge().
    .filter((acceptance) => enforcement !== BudgetEnforcement.BLOCK || !/own|outgrown/.test(acceptance))
    .map((acceptance) => ({ cost, enforcement, onMissingPrice, acceptance })))));

test('the summary shows a failure in red exactly where synth and check fail', () => {
  const differing = everyNth(7, ROWS).flatMap((row) => {
    const app = appOf(row);
    let fails = false;
    try { app.synth(); } catch { fails = true; }
    const report = buildReport(app);
    const lines = renderSummary(report, budgetEvaluations(app), { width: 80, stages: [], isEnforced: true });
    const isRed = lines.some(({ mood }) => mood === 'bad');
    const isPassed = checkReport(report, {}).passed;
    return isRed === fails && isPassed === !fails ? [] : [{ ...row, fails, isRed, isPassed, lines: lines.filter(({ text }) => text.includes('Budget')).map(({ text }) => text) }];
  });
  expect(differing).toEqual([]);
  // 4 costs x (2 x 6 + 3) acceptances x 4 policies
  expect(ROWS).toHaveLength(240);
});
