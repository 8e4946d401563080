import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from './sample-report';
import { BudgetJson, ReportJson, ResourceJson } from '../../src/gate/report-json';
import { renderSummary } from '../../src/report/summary';

const text = (report: ReportJson, options: { width?: number; stages?: string[]; reportFile?: string } = {}) =>
  renderSummary(report, { width: 80, stages: [], reportFile: 'cdk.out/bedrock-cost-report.md', ...options }).map((line) => line.text);

/** 2 model units, on one month; by its usage. */
const capacity: ResourceJson = { ...CAPACITY, usage: { modelUnits: 2, commitmentDuration: 'one-month' } };

/** 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00; output is 825 of 1,518, 54.3 %. */
const ASSISTANT: ResourceJson = {
  ...CAPACITY,
  path: 'App/Chat/Assistant',
  type: 'on-demand',
  model: 'us.anthropic.claude-sonnet-4-6',
  monthlyUsd: '1518',
  knownMonthlyUsd: '1518',
  commitmentUsd: '0',
  unitCosts: [{ unit: '1,000 requests', usd: '15.18' }],
  largestLine: { description: 'output tokens', usd: '825', sharePercent: '54.3' },
  commitment: null,
};

/** 30,922.80 + 1,518.00 = 32,440.80; a limit of 33,000 is 98.3 % used. */
function twoResources(budgets: readonly BudgetJson[] = [{ ...BUDGET, limitUsd: '33000', estimatedUsd: '32440.8', status: 'near' }]): ReportJson {
  const totals = {
    monthlyUsd: '32440.8', knownMonthlyUsd: '32440.8', oneTimeUsd: '0', commitmentUsd: '30922.8', otherServicesMonthlyUsd: '12.4', lowMonthlyUsd: '32440.8', highMonthlyUsd: '32440.8',
  };
  return { ...sampleReport([ASSISTANT, capacity], budgets), totals, stacks: [{ path: 'App/Chat', region: 'us-west-2', ...totals }] };
}

test('of one stack: what drives each cost, the total, the budgets, the prices and the report', () => {
  expect(text(twoResources())).toEqual([
    'Amazon Bedrock, estimated cost a month',
    'App/Chat (us-west-2)',
    '  Capacity   $30,922.80  2 model units, one-month commitment, embed-english-v3',
    '  Assistant   $1,518.00  claude-sonnet-4-6, output 54 %, $15.18 per 1K requests',
    '  Total      $32,440.80  committed $30,922.80; other AWS services about $12',
    'Budgets',
    '  near  App/Chat/Budget  $32,440.80 of $33,000.00 (98.3 %)',
    'Prices of 2026-07-24. Details: cdk.out/bedrock-cost-report.md',
  ]);
});

test('in 60 columns: nothing is wider, and no amount is cut', () => {
  const lines = text(twoResources([{ ...BUDGET, limitUsd: '500', estimatedUsd: '32440.8', status: 'over' }]), { width: 60 });
  expect(lines).toEqual([
    'Amazon Bedrock, estimated cost a month',
    'App/Chat (us-west-2)',
    '  Capacity   $30,922.80  2 model units, one-month commitment',
    '  Assistant   $1,518.00  output 54 %, $15.18 per 1K requests',
    '  Total      $32,440.80  committed $30,922.80',
    '                         other AWS services about $12',
    'Budgets',
    '  over  …Chat/Budget  $32,440.80 of $500.00, $31,940.80 over',
    'Prices of 2026-07-24.',
    'Details: cdk.out/bedrock-cost-report.md',
  ]);
});

test('unknown costs come first, with the reason, and the known part of the total', () => {
  expect(text(sampleReport([capacity, UNKNOWN], [{ ...BUDGET, estimatedUsd: '30922.8', status: 'unknown' }]))).toEqual([
    'Amazon Bedrock, estimated cost a month',
    'App/Chat (us-west-2)',
    '  Draft        unknown  no price for amazon.nova-prow-v1:0',
    '  Capacity  $30,922.80  2 model units, one-month commitment, embed-english-v3',
    '  Total        unknown  at least $30,922.80; committed $30,922.80',
    'Budgets',
    '  unknown  App/Chat/Budget  at least $30,922.80 of $40,000.00',
    'Prices of 2026-07-24. Details: cdk.out/bedrock-cost-report.md',
  ]);
});

test('an accepted overrun with its reason, owner, ceiling and last day', () => {
  const acknowledgement = { reason: 'launch week', owner: 'ana', maxMonthlyUsd: '35000', expires: '2026-12-31' };
  const lines = text(twoResources([{ ...BUDGET, limitUsd: '500', estimatedUsd: '32440.8', status: 'over', acknowledged: true, acknowledgement }]));
  expect(lines.slice(5, 8)).toEqual([
    'Budgets',
    '  accepted  App/Chat/Budget  $32,440.80 of $500.00, $31,940.80 over',
    '    up to $35,000.00, until 2026-12-31, ana, "launch week"',
  ]);
});

test('a budget that only warns, one that covers nothing, and the worst first', () => {
  const budgets: BudgetJson[] = [
    { ...BUDGET, path: 'App/Fine' },
    { ...BUDGET, path: 'App/Empty', limitUsd: '10', estimatedUsd: '0', status: 'unknown' },
    { ...BUDGET, path: 'App/Soft', limitUsd: '500', estimatedUsd: '32440.8', status: 'over', enforcement: 'WARN' },
  ];
  const findings = [{ id: 'bedrock-cost-budget-covers-nothing', severity: 'warning' as const, path: 'App/Empty', message: '', fix: null, source: null }];
  expect(text({ ...twoResources(budgets), findings }).slice(5)).toEqual([
    'Budgets',
    '  over     App/Soft   $32,440.80 of $500.00, $31,940.80 over, warns only',
    '  unknown  App/Empty  covers no priced construct; limit $10.00',
    '  ok       App/Fine   $30,922.80 of $40,000.00 (77.3 %)',
    'Prices of 2026-07-24. Details (1 warning): cdk.out/bedrock-cost-report.md',
  ]);
});

test('budgets of nested stages are named, since plain cdk synth does not select their stacks', () => {
  const budgets: BudgetJson[] = [
    { ...BUDGET, path: 'Prod/Chat/Budget', covers: 'Prod', limitUsd: '500', status: 'over' },
    { ...BUDGET, path: 'Beta/Chat/Budget', covers: 'Beta' },
  ];
  expect(text(twoResources(budgets), { stages: ['Prod', 'Beta', 'Empty'] })).toContain('  budgets in stages Prod, Beta were checked: 1 over, 1 ok');
});

test('a refused app has no report to point to', () => {
  expect(renderSummary(twoResources(), { width: 80, stages: [] }).at(-1)!.text).toBe('Prices of 2026-07-24. No report was written: the app is refused.');
});

test('prices that the user changed are named', () => {
  const report = { ...twoResources(), priceBook: { asOf: '2026-07-24', sources: ['aws'], changes: ['a discount of 10 %'] } };
  expect(text(report)).toContain('Prices changed by you: a discount of 10 %.');
});

test('the largest resources of several stacks, a total for each stack, and the sum of those that are left out', () => {
  const of = (stack: string, number: number): ResourceJson[] => Array.from({ length: number }, (_, i) => ({ ...ASSISTANT, stack, path: `${stack}/Assistant${i}` }));
  const resources = [...of('A', 12), ...of('B', 2)];
  const totals = (monthlyUsd: string) => ({ ...twoResources().totals, monthlyUsd, knownMonthlyUsd: monthlyUsd, commitmentUsd: '0', otherServicesMonthlyUsd: '0', lowMonthlyUsd: monthlyUsd, highMonthlyUsd: monthlyUsd });
  // 12 x 1,518 = 18,216; 2 x 1,518 = 3,036; together 21,252; four are left out: 6,072
  const report = { ...twoResources([]), resources, totals: totals('21252'), stacks: [{ path: 'B', region: 'us-east-1', ...totals('3036') }, { path: 'A', region: 'us-west-2', ...totals('18216') }] };
  const lines = text(report);
  expect(lines.slice(0, 6)).toEqual([
    'Amazon Bedrock, estimated cost a month',
    '2 stacks',
    '  A  $18,216.00  us-west-2',
    '  B   $3,036.00  us-east-1',
    'Largest of 14 resources',
    '  A/Assistant0   $1,518.00  output 54 %, $15.18 per 1K requests',
  ]);
  expect(lines.slice(15)).toEqual(['  and 4 more     $6,072.00', '  Total         $21,252.00', 'Prices of 2026-07-24. Details: cdk.out/bedrock-cost-report.md']);
});

test('is at most 25 lines of the asked width, whatever the app holds, and never shows what moves the cursor', () => {
  const numbers = [0, 1, 5, 12, 60];
  let seen = 0;
  for (const stackCount of numbers) {
    for (const perStack of [1, 3, 50]) {
      for (const budgetCount of numbers) {
        for (const accepted of [false, true]) {
          const totals = accepted ? { monthlyUsd: null, oneTimeUsd: '999999.5', lowMonthlyUsd: '1' } : { commitmentUsd: '0', otherServicesMonthlyUsd: '0' };
          for (const width of [40, 60, 80]) {
            const stacks = Array.from({ length: stackCount }, (_, i) => ({ ...twoResources().totals, ...totals, path: `Stage\u001b[31m/${'Deep/'.repeat(i)}Stack${i}`, region: null }));
            const resources = stacks.flatMap(({ path }) => Array.from({ length: perStack }, (_, i) => ({ ...ASSISTANT, stack: path, path: `${path}/A${i}\n` })));
            const acknowledgement = { reason: 'because '.repeat(40), owner: 'ana', maxMonthlyUsd: '99999999', expires: '2026-12-31' };
            const budgets = Array.from({ length: budgetCount }, (_, i): BudgetJson => ({ ...BUDGET, path: `Stage/${i}`, status: 'over', limitUsd: '0.01', ...(accepted ? { acknowledged: true, acknowledgement } : {}) }));
            const report = { ...twoResources(budgets), resources, stacks, totals: { ...twoResources().totals, ...totals } };
            const lines = text(report, { width, stages: ['Stage'] });
            expect(lines.length).toBeLessThanOrEqual(25);
            expect(lines.filter((line) => [...line].length > width || /[\p{Cc}]/u.test(line))).toEqual([]);
            seen += 1;
          }
        }
      }
    }
  }
  expect(seen).toBe(450);
});
