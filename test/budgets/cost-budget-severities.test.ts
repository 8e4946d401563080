import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { env, refusalOf, traffic } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, CostBudgetProps, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { ReportJson } from '../../src/cost-report/report-json';
import { checkReport, CheckResult } from '../../src/gate/check';
import { MESSAGES } from '../../src/messages';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';

// CDK prints its findings when a unit test synthesizes.
beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

const SEVERITIES = [undefined, 'off', 'info', 'warning', 'error'] as const;
const TYPO = 'us.anthropic.claude-sonet-4-6';

interface Case {
  readonly props?: Partial<CostBudgetProps>;
  readonly acceptedUsd?: number;
  readonly build?: (stack: Stack) => void;
}

/** Budgets of $500.00 a month over $660.00, and others: each verdict that a budget can have. */
const CASES: { readonly [name: string]: Case } = {
  'over': {},
  'over, WARN': { props: { enforcement: BudgetEnforcement.WARN } },
  'over, BLOCK': { props: { enforcement: BudgetEnforcement.BLOCK } },
  'over, accepted': { acceptedUsd: 700 },
  'over, accepted up to less than it costs': { acceptedUsd: 600 },
  'over, accepted, with an unknown cost': { acceptedUsd: 700, build: (stack) => traffic(stack, 'Typo', TYPO) },
  // 80 % of $825.00 is $660.00.
  'near': { props: { monthlyLimitUsd: 825 } },
  'within': { props: { monthlyLimitUsd: 10_000 } },
  ...Object.fromEntries(Object.values(MissingPricePolicy).map((onMissingPrice): [string, Case] =>
    [`unknown, ${onMissingPrice}`, { props: { monthlyLimitUsd: 10_000, onMissingPrice }, build: (stack) => traffic(stack, 'Typo', TYPO) }])),
  'unknown usage': {
    props: { monthlyLimitUsd: 10_000, onMissingPrice: MissingPricePolicy.WARN },
    build: (stack) => CostEstimates.of(stack).addOnDemand('Token', {
      model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber, inputTokensPerRequest: 1,
    }),
  },
  'covers nothing': { props: { covers: undefined } },
};

function appOf({ props = {}, acceptedUsd, build }: Case, severities: object, where: 'app' | 'stack' = 'app') {
  const context = { 'cdk-bedrock-cost:severity': severities };
  const app = new App({ context: where === 'app' ? context : {} });
  const stack = new Stack(app, 'Chat', { env });
  if (where === 'stack') stack.node.setContext('cdk-bedrock-cost:severity', severities);
  const isEmpty = 'covers' in props;
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 500, ...props, ...(isEmpty ? { covers: new Stack(app, 'Empty', { env }) } : {}) });
  traffic(stack);
  build?.(stack);
  if (acceptedUsd !== undefined) budget.acknowledge({ reason: 'launch', owner: 'platform', maxMonthlyUsd: acceptedUsd, expires: '2026-12-31' });
  return { app, stack };
}

/** The verdict of synth: refused by a validation or the plugin, or an error that an annotation prints, with which the CLI fails. */
function passesSynth(stack: Stack): boolean {
  return refusalOf(stack) === '' && Annotations.fromStack(stack).findError('*', Match.anyValue()).length === 0;
}

const checked = (app: App): CheckResult => checkReport(JSON.parse(JSON.stringify(buildReport(app))) as ReportJson, {});

const [budgetExceeded, budgetAccepted, budgetNear, budgetIncomplete, budgetCoversNothing, missingPrice] = ([
  'budgetExceeded', 'budgetAccepted', 'budgetNear', 'budgetIncomplete', 'budgetCoversNothing', 'missingPrice',
] as const).map((name) => MESSAGES[name].id);
const ERROR_ONLY = [true, true, true, true, false];
const UNLESS_LOWERED = [false, true, true, true, false];

test.each([
  ['over', budgetExceeded, UNLESS_LOWERED],
  ['over', budgetAccepted, [false, false, false, false, false]],
  ['over, WARN', budgetExceeded, ERROR_ONLY],
  ['over, BLOCK', budgetExceeded, UNLESS_LOWERED],
  ['over, accepted', budgetExceeded, [true, true, true, true, true]],
  ['over, accepted', budgetAccepted, ERROR_ONLY],
  ['over, accepted up to less than it costs', budgetExceeded, UNLESS_LOWERED],
  ['over, accepted, with an unknown cost', budgetIncomplete, UNLESS_LOWERED],
  ['over, accepted, with an unknown cost', budgetExceeded, [false, false, false, false, false]],
  ['near', budgetNear, ERROR_ONLY],
  ['unknown, FAIL', budgetIncomplete, UNLESS_LOWERED],
  ['unknown, FAIL', missingPrice, [false, false, false, false, false]],
  ['unknown, WARN', budgetIncomplete, ERROR_ONLY],
  ['unknown, WARN', missingPrice, ERROR_ONLY],
  ['unknown, IGNORE', missingPrice, ERROR_ONLY],
  ['unknown usage', 'bedrock-cost-unknown-usage', ERROR_ONLY],
  ['covers nothing', budgetCoversNothing, ERROR_ONLY],
  ['within', 'bedrock-cost-nobody-notified', ERROR_ONLY],
])('a budget that is %s has the same result at synth and in check with %s at its default severity, off, info, warning, error: %j', (name, id, passes) => {
  const found = SEVERITIES.map((severity) => {
    const { app, stack } = appOf(CASES[name], severity === undefined ? {} : { [id]: severity });
    return { synth: passesSynth(stack), check: checked(app).passed };
  });
  expect(found).toEqual(passes.map((passed) => ({ synth: passed, check: passed })));
});

test('a stage or a stack can set other severities', () => {
  const { app, stack } = appOf(CASES.over, { [MESSAGES.budgetExceeded.id]: 'warning' }, 'stack');
  expect(passesSynth(stack)).toBe(true);
  const report = buildReport(app);
  expect(report.severities).toBeUndefined();
  expect(report.budgets[0].severities).toEqual({ [MESSAGES.budgetExceeded.id]: 'warning' });
  expect(checked(app)).toMatchObject({ passed: true, failures: [], warnings: [{ id: MESSAGES.budgetExceeded.id }] });
});

test('an option of the command line takes precedence over the context', () => {
  const { app } = appOf(CASES['unknown, WARN'], { [MESSAGES.missingPrice.id]: 'off', [MESSAGES.limitExceeded.id]: 'off' });
  const report = buildReport(app);
  expect(checkReport(report, {}).passed).toBe(true);
  expect(checkReport(report, { onMissingPrice: 'fail' }).passed).toBe(false);
  expect(checkReport(report, { maxMonthlyUsd: '659.99' }).passed).toBe(false);
});

describe('prices that are too old', () => {
  const judge = (severity: string | undefined, isDefault: boolean) => {
    const { app } = appOf(CASES.within, severity === undefined ? {} : { [MESSAGES.pricesTooOld.id]: severity });
    return checkReport(buildReport(app), { priceAge: { today: '2036-01-01', maxDays: 120, isDefault } });
  };

  test.each([
    [undefined, false, 1], ['off', true, 0], ['info', true, 1], ['warning', true, 1], ['error', false, 1],
  ])('without an option, severity %s passes: %p', (severity, passed, findings) => {
    const result = judge(severity, true);
    const tooOld = [...result.failures, ...result.warnings].filter(({ id }) => id === MESSAGES.pricesTooOld.id);
    expect([result.passed, tooOld.length]).toEqual([passed, findings]);
  });

  test('always fail with --max-price-age-days', () => {
    expect(judge('off', false).passed).toBe(false);
  });
});
