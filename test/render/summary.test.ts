import { BudgetJson, FindingJson, ReportJson, ResourceJson } from '../../src/cost-report/report-json';
import { evaluateReportedBudgets } from '../../src/gate/reported-budgets';
import { renderSummary } from '../../src/render/summary';
import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from '../cost-report/sample-report';

const text = (report: ReportJson, options: { width?: number; stages?: string[]; reportFile?: string; isEnforced?: boolean } = {}) =>
  renderSummary(report, evaluateReportedBudgets(report), { width: 80, stages: [], isEnforced: true, reportFile: 'cdk.out/bedrock-cost-report.md', ...options }).map((line) => line.text);

/** With the finding of each budget, as a synthesis makes it. */
function withFindings(report: ReportJson): ReportJson {
  const findings = report.budgets.filter(({ status }) => status === 'over' || status === 'unknown').map(({ path, status, enforcement, onMissingPrice }): FindingJson => ({
    id: status === 'over' ? 'bedrock-cost-budget-exceeded' : 'bedrock-cost-budget-incomplete',
    severity: (status === 'over' ? enforcement : onMissingPrice) === 'WARN' ? 'warning' : 'error',
    path,
    message: '',
    fix: null,
    source: null,
  }));
  return { ...report, findings };
}

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
    '  Total      $32,440.80  committed $30,922.80 over 1 month',
    '                         plus other AWS services about $12',
    'Budgets',
    '  near  App/Chat/Budget  $32,440.80 of $33,000.00 (98.3 %)',
    'Prices of 2026-07-24. Details: cdk.out/bedrock-cost-report.md',
  ]);
});

test('in 60 columns: nothing is wider, and no amount is cut', () => {
  const lines = text(withFindings(twoResources([{ ...BUDGET, limitUsd: '500', estimatedUsd: '32440.8', status: 'over' }])), { width: 60 });
  expect(lines).toEqual([
    'Amazon Bedrock, estimated cost a month',
    'App/Chat (us-west-2)',
    '  Capacity   $30,922.80  2 model units, one-month commitment',
    '  Assistant   $1,518.00  output 54 %, $15.18 per 1K requests',
    '  Total      $32,440.80  committed $30,922.80 over 1 month',
    '                         plus other AWS services about $12',
    'Budgets',
    '  over  …Chat/Budget  $32,440.80 of $500.00, $31,940.80 over',
    'Prices of 2026-07-24.',
    'Details (1 error): cdk.out/bedrock-cost-report.md',
  ]);
});

test('unknown costs come first, with the reason, and the known part of the total', () => {
  expect(text(withFindings(sampleReport([capacity, UNKNOWN], [{ ...BUDGET, estimatedUsd: '30922.8', status: 'unknown' }])))).toEqual([
    'Amazon Bedrock, estimated cost a month',
    'App/Chat (us-west-2)',
    '  Draft        unknown  no price for amazon.nova-prow-v1:0',
    '  Capacity  $30,922.80  2 model units, one-month commitment, embed-english-v3',
    '  Total        unknown  at least $30,922.80; committed $30,922.80 over 1 month',
    'Budgets',
    '  unknown  …Chat/Budget  at least $30,922.80 of $40,000.00, 1 of 2 costs unknown',
    'Prices of 2026-07-24. Details (1 error): cdk.out/bedrock-cost-report.md',
  ]);
});

test('an accepted overrun with its reason, owner, ceiling and last day', () => {
  const acknowledgement = { reason: 'launch week', owner: 'ana', maxMonthlyUsd: '35000', expires: '2026-12-31' };
  const lines = text(twoResources([{ ...BUDGET, limitUsd: '500', estimatedUsd: '32440.8', status: 'over', acknowledged: true, acknowledgement }]));
  expect(lines.slice(6, 9)).toEqual([
    'Budgets',
    '  accepted  App/Chat/Budget  $32,440.80 of $500.00, $31,940.80 over',
    '    up to $35,000.00, until 2026-12-31, ana, "launch week"',
  ]);
});

test('a budget that fails comes before those that warn, the largest excess first; and one that covers nothing', () => {
  const over = { ...BUDGET, limitUsd: '500', estimatedUsd: '32440.8', status: 'over' as const };
  const budgets: BudgetJson[] = [
    { ...BUDGET, path: 'App/Fine', covers: 'App/Chat/Capacity' },
    { ...BUDGET, path: 'App/Empty', covers: 'App/Empty', limitUsd: '10', estimatedUsd: '0', status: 'unknown', onMissingPrice: 'WARN' },
    { ...over, path: 'App/Soft', enforcement: 'WARN' },
    { ...over, path: 'App/Small', limitUsd: '32440' },
    { ...over, path: 'App/Hard' },
  ];
  expect(text(withFindings(twoResources(budgets))).slice(6)).toEqual([
    'Budgets',
    '  over     App/Hard   $32,440.80 of $500.00, $31,940.80 over',
    '  over     App/Small  $32,440.80 of $32,440.00, $0.80 over',
    '  over     App/Soft   $32,440.80 of $500.00, $31,940.80 over, warns only',
    '  unknown  App/Empty  limit $10.00, covers no priced construct, warns only',
    '  ok       App/Fine   $30,922.80 of $40,000.00 (77.3 %)',
    'Prices of 2026-07-24.',
    'Details (2 errors, 2 warnings): cdk.out/bedrock-cost-report.md',
  ]);
});

test('of budgets that are left out, those that fail are counted', () => {
  const budgets = Array.from({ length: 40 }, (_, i): BudgetJson => ({ ...BUDGET, path: `App/B${i}`, limitUsd: '1', estimatedUsd: '2', status: 'over', enforcement: i < 30 ? 'WARN' : 'BLOCK' }));
  const lines = text(withFindings(twoResources(budgets)));
  const shown = lines.filter((line) => /^ {2}over/.test(line));
  // 10 of the 40 fail, and come first.
  expect(shown.slice(0, 10).filter((line) => line.includes('warns only'))).toEqual([]);
  expect(lines).toContain(`  and ${40 - shown.length} more: ${40 - shown.length} over (0 fail)`);
});

test.each([
  ['usage that is a token', { missingPrices: [{ ...UNKNOWN.missingPrices[0], kind: 'usage', nearestModels: [], description: 'no price for amazon.nova-pro-v1:0: requestsPerMonth is known only at deployment' }] }, 'usage known at deployment'],
  ['a stack without a region', { region: null, missingPrices: [{ ...UNKNOWN.missingPrices[0], nearestModels: [] }] }, 'the stack has no region'],
  ['a price that the book lacks', { missingPrices: [{ ...UNKNOWN.missingPrices[0], nearestModels: [], description: 'no price for latency-optimized output tokens of amazon.nova-pro-v1:0' }] }, 'a price is missing'],
])('the short form of an unknown cost stays true: %s', (_, differs, short) => {
  const line = text(sampleReport([{ ...UNKNOWN, ...differs }, capacity], []), { width: 60 }).find((one) => one.includes('Draft'));
  expect(line).toMatch(new RegExp(`unknown +${short}$`));
});

test('a slow month is shown only where it was given', () => {
  const report = twoResources();
  expect(text({ ...report, totals: { ...report.totals, highMonthlyUsd: '40000' } }).join('\n')).toMatch(/busy month \$40,000\.00/);
  expect(text({ ...report, totals: { ...report.totals, highMonthlyUsd: '40000' } }).join('\n')).not.toContain('slow month');
});

test('unknown costs leave room for the largest known one', () => {
  const unknown = Array.from({ length: 20 }, (_, i): ResourceJson => ({ ...UNKNOWN, path: `App/Chat/Draft${i}` }));
  expect(text(sampleReport([...unknown, capacity], [])).slice(2, 6)).toEqual([0, 1, 2].map((i) => expect.stringContaining(`Draft${i} `)).concat(expect.stringContaining('Capacity')));
});

test('wide characters take two columns', () => {
  const lines = text({ ...twoResources(), resources: [{ ...ASSISTANT, path: 'App/Chat/推論推論推論推論推論推論推論推論推論推論推論' }, capacity] });
  expect(lines.find((line) => line.includes('推論'))).toMatch(/^ {2}…(推論)+ {2,3}\$1,518\.00 /);
});

test('budgets of nested stages are named, since plain cdk synth does not select their stacks', () => {
  const budgets: BudgetJson[] = [
    { ...BUDGET, path: 'Prod/Chat/Budget', covers: 'Prod', limitUsd: '500', status: 'over' },
    { ...BUDGET, path: 'Beta/Chat/Budget', covers: 'Beta' },
  ];
  const resources = [ASSISTANT, { ...capacity, path: 'Beta/Chat/Capacity' }];
  expect(text(withFindings({ ...twoResources(budgets), resources }), { stages: ['Prod', 'Beta', 'Empty'] })).toContain('  budgets in stages Prod, Beta were checked: 1 over, 1 ok');
});

test('a refused app has no report to point to', () => {
  expect(renderSummary(twoResources(), evaluateReportedBudgets(twoResources()), { width: 80, stages: [], isEnforced: true }).at(-1)!.text).toBe('Prices of 2026-07-24. No report was written: the app is refused.');
  expect(renderSummary(twoResources(), evaluateReportedBudgets(twoResources()), { width: 80, stages: [], isEnforced: true, refusedStage: 'Prod' }).at(-1)!.text)
    .toBe('No report was written: stage Prod is refused; resources that are created later are not included.');
});

test('the path of the report is never cut', () => {
  const reportFile = `${'a-long-folder/'.repeat(8)}bedrock-cost-report.md`;
  expect(text(twoResources(), { reportFile }).at(-1)).toBe(`Details: ${reportFile}`);
});

test('prices that the user changed are named', () => {
  const report = { ...twoResources(), priceBook: { asOf: '2026-07-24', sources: ['aws'], changes: ['a discount of 10 %'] } };
  expect(text(report)).toContain('Changed by you: a discount of 10 %.');
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

test('has at most 25 lines of the requested width for all apps, and never has characters that move the cursor', () => {
  const numbers = [0, 1, 5, 12, 60];
  let seen = 0;
  for (const stackCount of numbers) {
    for (const perStack of stackCount < 60 ? [1, 3, 50] : [1, 3]) {
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
            // Rows are hidden only where the screen is full; a row of a budget with its acceptance needs two.
            const hidden = lines.filter((line) => /^ {2}and \d+ more/.test(line)).length - (resources.length > 10 ? 1 : 0);
            if (hidden > 0) expect(lines.length).toBeGreaterThanOrEqual(24);
            expect(lines.filter((line) => [...line].length > width || /[\p{Cc}]/u.test(line))).toEqual([]);
            seen += 1;
          }
        }
      }
    }
  }
  // 14 x 5 x 2 x 3
  expect(seen).toBe(420);
});

test('names take the room that the texts beside them leave', () => {
  const path = 'App/Chat/CustomerSupportAssistantForEuropeanMarkets';
  const resource: ResourceJson = { ...ASSISTANT, path, largestLine: null, unitCosts: [], model: 'm' };
  const totals = { ...twoResources().totals, commitmentUsd: '0', otherServicesMonthlyUsd: '0' };
  const row = text({ ...twoResources(), totals, resources: [resource] })[2];
  expect(row).toBe('  CustomerSupportAssistantForEuropeanMarkets   $1,518.00  m');
});

test('a service tier is named, the standard one is not', () => {
  const row = (usage: ResourceJson['usage']) => text({ ...twoResources(), resources: [{ ...ASSISTANT, usage, largestLine: null }] })[2];
  expect(row({ serviceTier: 'flex' })).toContain('claude-sonnet-4-6, flex tier, $15.18 per 1K requests');
  expect(row({ latency: 'optimized', serviceTier: 'standard' })).toContain('  latency-optimized tier, $15.18 per 1K requests');
  expect(row({ latency: 'standard', serviceTier: 'standard' })).not.toContain('tier');
});

test('a budget that the context does not enforce fails nothing', () => {
  const report = withFindings(twoResources([{ ...BUDGET, limitUsd: '1000', estimatedUsd: '32440.8', status: 'over' }]));
  expect(text(report, { isEnforced: false })).toContain('  over  App/Chat/Budget  $32,440.80 of $1,000.00, $31,440.80 over, not enforced');
  expect(renderSummary(report, evaluateReportedBudgets(report), { width: 80, stages: [], isEnforced: false }).find(({ text: line }) => line.includes('$1,000.00'))?.mood).toBe('warning');
});
