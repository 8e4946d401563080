import { BudgetJson, ReportJson, ResourceJson } from '../../src/cost-report/report-json';
import { decimal, sum, toText } from '../../src/pricing/decimal';

/** 2 model units for one month: 2 x 730 x $21.18 = $30,922.80. A model that is not legacy, since the command line judges by the clock. */
export const CAPACITY: ResourceJson = {
  path: 'App/Chat/Capacity',
  stack: 'App/Chat',
  type: 'provisioned-throughput',
  model: 'cohere.embed-english-v3',
  region: 'us-west-2',
  monthlyUsd: '30922.8',
  knownMonthlyUsd: '30922.8',
  oneTimeUsd: '0',
  commitmentUsd: '30922.8',
  otherServicesMonthlyUsd: '0',
  unitCosts: [{ unit: 'model unit', usd: '15461.4' }],
  lineItems: [{
    description: 'model unit hours, one-month commitment', quantity: '1460', unit: 'hour', unitPriceUsd: '21.18', usd: '30922.8', source: 'aws', asOf: '2026-07-24', effectiveDate: null,
  }],
  assumptions: [],
  missingPrices: [],
  lowMonthlyUsd: '30922.8',
  highMonthlyUsd: '30922.8',
  largestLine: { description: 'model unit hours, one-month commitment', usd: '30922.8', sharePercent: '100' },
  commitment: { duration: 'one-month', months: 1, usd: '30922.8' },
  source: { file: 'bin/app.ts', line: 12 },
};

/** A misspelt model: its price is missing. */
export const UNKNOWN: ResourceJson = {
  ...CAPACITY,
  path: 'App/Chat/Draft',
  type: 'on-demand',
  model: 'amazon.nova-prow-v1:0',
  monthlyUsd: null,
  knownMonthlyUsd: '0',
  commitmentUsd: '0',
  unitCosts: [],
  lineItems: [],
  missingPrices: [{
    model: 'amazon.nova-prow-v1:0', kind: 'input', description: 'no price for input tokens of amazon.nova-prow-v1:0 (in-region) in us-west-2', hint: 'check the model id', nearestModels: ['amazon.nova-pro-v1:0'],
  }],
  lowMonthlyUsd: null,
  highMonthlyUsd: null,
  largestLine: null,
  commitment: null,
  source: null,
};

export const BUDGET: BudgetJson = {
  path: 'App/Chat/Budget', covers: 'App/Chat', limitUsd: '40000', estimatedUsd: '30922.8', status: 'ok', enforcement: 'ACKNOWLEDGEABLE', acknowledged: false,
};

/** A resource whose costs are those of its lines. */
export function ofLines(resource: ResourceJson): ResourceJson {
  const known = toText(sum(resource.lineItems.map(({ usd }) => decimal(usd))));
  return { ...resource, knownMonthlyUsd: known, monthlyUsd: resource.monthlyUsd === null ? null : known };
}

/** A report whose totals are those of its resources. */
export function addedUp(report: ReportJson): ReportJson {
  const resources = report.resources.map(ofLines);
  const known = toText(sum(resources.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd))));
  const isKnown = resources.every(({ monthlyUsd }) => monthlyUsd !== null);
  return { ...report, resources, totals: { ...report.totals, knownMonthlyUsd: known, monthlyUsd: isKnown ? known : null } };
}

/** A report of one stack with these resources and budgets. */
export function sampleReport(resources: readonly ResourceJson[] = [CAPACITY], budgets: readonly BudgetJson[] = [BUDGET]): ReportJson {
  const missing = resources.includes(UNKNOWN);
  const totals = {
    monthlyUsd: missing ? null : '30922.8',
    knownMonthlyUsd: '30922.8',
    oneTimeUsd: '0',
    commitmentUsd: '30922.8',
    otherServicesMonthlyUsd: '0',
    lowMonthlyUsd: missing ? null : '30922.8',
    highMonthlyUsd: missing ? null : '30922.8',
  };
  return {
    schemaVersion: '1',
    generatedBy: 'cdk-bedrock-cost 0.0.0',
    priceBook: { asOf: '2026-07-24', sources: ['aws'] },
    currency: 'USD',
    hoursPerMonth: 730,
    totals,
    stacks: [{ path: 'App/Chat', region: 'us-west-2', ...totals }],
    resources,
    budgets,
    findings: [],
  };
}
