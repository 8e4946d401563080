import { BUDGET, CAPACITY, sampleReport, UNKNOWN } from './sample-report';
import { ReportJson } from '../../src/cost-report/report-json';

/** A report in which every optional part is present, so that every field of it reaches a renderer. */
export function fullReport(): ReportJson {
  const [line] = CAPACITY.lineItems;
  const report = sampleReport([
    {
      ...CAPACITY,
      lineItems: [{ ...line, derived: 'a rule', effectiveDate: '2026-01-01', confirmed: '2026-08-01' }],
      assumptions: ['an assumption', 'in a slow month: a price derived from another'],
      usage: { modelUnits: 2, commitmentDuration: 'one-month' },
      templateDiffers: 'modelUnits',
      oldestPriceDate: '2026-07-24',
      newestPriceDate: '2026-08-01',
    },
    UNKNOWN,
  ], [{
    ...BUDGET,
    status: 'over',
    limitUsd: '30000',
    monitors: [{ part: 'alarms', stack: 'App/Chat', delay: '40 minutes', otherServicesMonthlyUsd: '1', lineItems: [] }],
  }]);
  return {
    ...report,
    priceBook: { ...report.priceBook, changes: ['a change'] },
    findings: [
      { id: 'bedrock-cost-missing-price', severity: 'warning', path: 'App/Chat/Draft', message: 'a message', fix: 'a fix', source: { file: 'bin/app.ts', line: 7 } },
      { id: 'bedrock-cost-budget-exceeded', severity: 'error', path: 'App/Chat/Budget', message: 'over', fix: null, source: null },
    ],
  };
}
