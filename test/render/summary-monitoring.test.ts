import { BudgetJson, MonitorJson, ReportJson, ResourceJson } from '../../src/cost-report/report-json';
import { evaluateReportedBudgets } from '../../src/gate/reported-budgets';
import { renderSummary } from '../../src/render/summary';
import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from '../cost-report/sample-report';

const monitor = (part: string, otherServicesMonthlyUsd: string): MonitorJson =>
  ({ part, stack: 'App/Chat', delay: 'minutes', otherServicesMonthlyUsd, lineItems: [] });

/**
 * 18 metrics that alarms read at $0.10 and a composite alarm at $0.50: $2.30. 2 custom metrics at $0.30 and an alarm on one metric at
 * $0.10: $0.70. Together $3.00 a month.
 */
const MONITORS: MonitorJson[] = [monitor('burn-rate alarms', '2.3'), monitor('month to date', '0.7'), monitor('AWS Budgets', '0')];

const resource = (usd: string, path = 'App/Chat/Assistant'): ResourceJson =>
  ({ ...CAPACITY, path, type: 'on-demand', monthlyUsd: usd, knownMonthlyUsd: usd, commitmentUsd: '0', commitment: null });
const budget = (usd: string, differs: Partial<BudgetJson> = {}): BudgetJson =>
  ({ ...BUDGET, path: 'App/Chat/Budget', covers: 'App/Chat', limitUsd: '1000', estimatedUsd: usd, monitors: MONITORS, ...differs });

const linesOf = (report: ReportJson, width = 80) =>
  renderSummary(report, evaluateReportedBudgets(report), { width, stages: [], isEnforced: true, reportFile: 'cdk.out/bedrock-cost-report.md' })
    .map(({ text }) => text);
const monitoringIn = (lines: readonly string[]) => lines.filter((line) => line.includes('monitoring '));

/** The lines about monitoring in the summary of one budget over one resource. */
const ofOne = (usd: string, differs: Partial<BudgetJson> = {}, width = 80) =>
  monitoringIn(linesOf(sampleReport([resource(usd)], [budget(usd, differs)]), width));

test('the line is below the row of its budget', () => {
  // $3.00 of $25.00 is 12 %.
  expect(linesOf(sampleReport([resource('25')], [budget('25')])).slice(-4)).toEqual([
    'Budgets',
    '  ok  App/Chat/Budget  $25.00 of $1,000.00 (2.5 %)',
    '    monitoring costs $3.00 a month, 12 % of the estimate',
    'Prices of 2026-07-24. Details: cdk.out/bedrock-cost-report.md',
  ]);
});

test.each([
  ['5 % exactly', '60', []],
  ['a little less than 5 %', '60.01', []],
  // 3 / 59.99 is 5.0008 %.
  ['a little more than 5 %', '59.99', ['5.1 % of the estimate']],
  // 3 / 36 is 8.33 %.
  ['a third of a percent, rounded up', '36', ['8.4 % of the estimate']],
  ['more than the estimate', '0.003', ['100,000 % of the estimate']],
])('%s', (_, usd, shares) => {
  expect(ofOne(usd)).toEqual(shares.map((share) => `    monitoring costs $3.00 a month, ${share}`));
});

test.each([
  ['an estimate of $0.00 is exceeded by any cost', MONITORS, ['    monitoring costs $3.00 a month, the estimate is $0.00']],
  ['not by monitors that are free of charge', [monitor('AWS Budgets', '0')], []],
  ['a budget of an older report has no monitors', undefined, []],
])('%s', (_, monitors, lines) => {
  expect(ofOne('0', { monitors })).toEqual(lines);
});

describe('beside an unknown cost', () => {
  const lines = (usd: string) => monitoringIn(linesOf(sampleReport([resource(usd), UNKNOWN], [budget(usd, { status: 'unknown' })])));

  test('the known part counts', () => {
    expect(lines('25')).toEqual(['    monitoring costs $3.00 a month, 12 % of the known estimate']);
    expect(lines('60')).toEqual([]);
  });

  test('no cost is known to compare it with, and the verdict is that the cost is unknown', () => {
    expect(lines('0')).toEqual([]);
  });
});

test('an acceptance is before it', () => {
  const acknowledgement = { reason: 'launch', owner: 'ana', maxMonthlyUsd: '30', expires: '2026-12-31' };
  const report = sampleReport([resource('25')], [budget('25', { limitUsd: '20', status: 'over', acknowledged: true, acknowledgement })]);
  expect(linesOf(report).slice(-4, -1)).toEqual([
    '  accepted  App/Chat/Budget  $25.00 of $20.00, $5.00 over',
    '    up to $30.00, until 2026-12-31, ana, "launch"',
    '    monitoring costs $3.00 a month, 12 % of the estimate',
  ]);
});

test('in a narrow terminal the amount and the share remain', () => {
  expect(ofOne('25', {}, 40)).toEqual(['    monitoring costs $3.00 a month, 12 %']);
});

describe('several budgets', () => {
  const several = (number: number, resources: number, usd = '25') => sampleReport(
    Array.from({ length: resources }, (_, i) => resource(usd, `App/Chat/R${i}`)),
    Array.from({ length: number }, (_, i) => budget(usd, { path: `App/Chat/Budget${i}`, covers: `App/Chat/R${i}` })),
  );

  test('have a line each where there is room', () => {
    const lines = linesOf(several(3, 3));
    expect(lines.slice(-7, -1)).toEqual([0, 1, 2].flatMap((i) => [
      `  ok  App/Chat/Budget${i}  $25.00 of $1,000.00 (2.5 %)`, '    monitoring costs $3.00 a month, 12 % of the estimate',
    ]));
  });

  test('have one line together where a line for each would hide resources', () => {
    // 8 x $3.00 = $24.00 of 8 x $25.00 = $200.00: 12 %.
    const lines = linesOf(several(8, 10));
    expect(monitoringIn(lines)).toEqual(['  monitoring of 8 budgets costs $24.00 a month, 12 % of their estimates']);
    expect(lines.filter((line) => /^ {2}R\d /.test(line))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('  ok '))).toHaveLength(8);
    expect(lines.length).toBeLessThanOrEqual(25);
  });

  test('have one line that stays where budgets are left out', () => {
    // 60 x $3.00 = $180.00 of 60 x $25.00 = $1,500.00.
    const lines = linesOf(several(60, 60));
    expect(lines.slice(-3, -1)).toEqual([
      expect.stringMatching(/^ {2}and \d+ more: \d+ ok$/),
      '  monitoring of 60 budgets costs $180.00 a month, 12 % of their estimates',
    ]);
    expect(lines.length).toBeLessThanOrEqual(25);
  });

  test('of which one exceeds 5 %: it is named, and known parts and $0.00 are stated', () => {
    const full = several(20, 20, '1000');
    const first = (differs: Partial<BudgetJson>, of: ResourceJson) => monitoringIn(linesOf({
      ...full, resources: [of, ...full.resources.slice(1)], budgets: [{ ...full.budgets[0], ...differs }, ...full.budgets.slice(1)],
    }));
    expect(first({ estimatedUsd: '25' }, resource('25', 'App/Chat/R0'))).toEqual(['  monitoring of App/Chat/Budget0 costs $3.00 a month, 12 % of the estimate']);
    expect(first({ estimatedUsd: '0' }, resource('0', 'App/Chat/R0'))).toEqual(['  monitoring of App/Chat/Budget0 costs $3.00 a month, the estimate is $0.00']);
    expect(first({ estimatedUsd: '25', status: 'unknown' }, { ...UNKNOWN, path: 'App/Chat/R0' })).toEqual(['  monitoring of App/Chat/Budget0 costs $3.00 a month, 12 % of the known estimate']);
    const path = `${'Deeper/'.repeat(12)}Budget`;
    expect(first({ path, estimatedUsd: '25' }, resource('25', 'App/Chat/R0'))).toEqual([expect.stringMatching(/^ {2}monitoring of ….*Deeper\/Budget costs \$3\.00 a month, 12 % of the estimate$/)]);
  });
});

test('for all apps, the summary has at most 25 lines of the width, at least one about monitoring, and hides rows only if it is full', () => {
  for (const stacks of [1, 6]) {
    for (const resources of [1, 4, 10, 40]) {
      for (const budgets of [1, 3, 7, 12, 40]) {
        for (const width of [40, 60, 80]) {
          const usage = Array.from({ length: resources }, (_, i) => resource('25', `App/Chat/R${i}`));
          const report = sampleReport(usage, Array.from({ length: budgets }, (_, i) => budget('25', { path: `App/B${i}`, covers: 'App/Chat/R0' })));
          const lines = linesOf({ ...report, stacks: Array.from({ length: stacks }, (_, i) => ({ ...report.stacks[0], path: `App/S${i}` })) }, width);
          expect(lines.length).toBeLessThanOrEqual(25);
          expect(lines.filter((line) => line.length > width)).toEqual([]);
          expect([1, budgets]).toContain(monitoringIn(lines).length);
          const isHidden = lines.some((line) => /^ {2}and \d+ more:/.test(line)) || (monitoringIn(lines).length === 1 && budgets > 1);
          // A line for each budget may not fit at once.
          if (isHidden) expect(lines.length + budgets).toBeGreaterThan(25);
        }
      }
    }
  }
});
