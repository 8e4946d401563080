import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';

function reportWith(...workloads: object[]) {
  const file = join(mkdtempSync(join(tmpdir(), 'usage-')), 'u.json');
  writeFileSync(file, JSON.stringify({ version: 1, workloads }));
  const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:usage': file } }), 'Chat', { env: { region: 'us-west-2' } });
  CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  return { file, report: buildReport(stack.node.root) };
}

test('a usage file that changes the usage of a construct is named beside the changes of prices', () => {
  // No request: $0, which passes every budget.
  const { file, report } = reportWith({ name: 'Chat/Traffic', type: 'on-demand', requestsPerMonth: 0 });
  expect(report.totals.monthlyUsd).toBe('0');
  expect(report.priceBook.changes).toEqual([`usage of 1 workload from ${file}`]);
});

test.each<[string, object[]]>([
  ['another construct', [{ name: 'Chat/Other', type: 'on-demand', requestsPerMonth: 0 }]],
  ['nothing of the usage', [{ name: 'Chat/Traffic', type: 'on-demand' }]],
])('a usage file that states %s is not', (_, workloads) => {
  // 100,000 x 2,000 tokens at $3.30 a million
  const { report } = reportWith(...workloads);
  expect(report.totals.monthlyUsd).toBe('660');
  expect(report.priceBook).not.toHaveProperty('changes');
});
