import { spawnSync } from 'child_process';
import { writeFileSync } from 'fs';
import { join } from 'path';
import { AppFolder } from './harness';

jest.setTimeout(120_000);

let app: AppFolder;
beforeAll(() => { app = new AppFolder('own-book.js'); });
afterAll(() => app.remove());

function importBook(...args: readonly string[]): { readonly code: number | null; readonly err: string } {
  const command = [join(app.path, 'node_modules/cdk-bedrock-cost/bin/cdk-bedrock-cost'), 'prices', 'import', 'index.json', '-o', 'book.json', ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: app.path, encoding: 'utf8' });
  return { code: status, err: stderr };
}

/** Prices of 2,000 and 8,000 millionths of a dollar for 1,000 tokens, half of it in a batch; a model unit of $20 for a month. */
const PRICES: readonly (readonly [dimension: string, usd: string, unit: string])[] = [
  ['input-tokens', '0.002', '1K tokens'], ['output-tokens', '0.008', '1K tokens'], ['input-tokens-batch', '0.001', '1K tokens'],
  ['output-tokens-batch', '0.004', '1K tokens'], ['ProvisionedThroughput-1month-ModelUnits', '20', 'hour'],
];

function writeIndex(): void {
  const attributes = (dimension: string) => ({ regionCode: 'us-east-1', usagetype: `USE1-NewModel1-${dimension}`, model: 'New Model 1', provider: 'Newprovider' });
  writeFileSync(join(app.path, 'index.json'), JSON.stringify({
    offerCode: 'AmazonBedrock',
    publicationDate: '2026-11-20T00:00:00Z',
    products: Object.fromEntries(PRICES.map(([dimension], i) => [`SKU${i}`, { sku: `SKU${i}`, attributes: attributes(dimension) }])),
    terms: {
      OnDemand: Object.fromEntries(PRICES.map(([, usd, unit], i) => [`SKU${i}`, {
        T: { effectiveDate: '2026-11-01T00:00:00Z', priceDimensions: { D: { unit, description: '', beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } } } },
      }])),
    },
  }));
}

test('a new model needs no release: from the price list through the listed line and --model-names to cdk synth without a warning', async () => {
  writeIndex();
  const first = importBook();
  expect(first.code).toBe(2);
  const [line] = /^"New Model 1": .*$/m.exec(first.err)!;
  expect(line).toBe('"New Model 1": newprovider.new-model-1  # 5 SKUs');
  writeFileSync(join(app.path, 'names.yaml'), line.replace('new-model-1', 'new-model-v1:0'));
  expect(importBook('--model-names', 'names.yaml').code).toBe(0);

  const { code, output } = await app.cdk(['synth', '--quiet', '--strict', '--context', 'cdk-bedrock-cost:priceBook=book.json'], { AWS_REGION: 'us-east-1' });
  expect(output).not.toMatch(/WARNING|ERROR|availability/);
  expect(code).toBe(0);
  // Chat and Direct: 1M x $2 + 0.5M x $8 = 6 each. Nightly: 30M x $1 + 3M x $4 = 42. Capacity: 730 h x $20 = 14,600.
  const { totals, resources, budgets } = JSON.parse(app.read('cdk.out/bedrock-cost-report.json'));
  expect(totals).toMatchObject({ monthlyUsd: '14654', commitmentUsd: '14600' });
  expect(resources.map(({ path, monthlyUsd }: any) => [path, monthlyUsd])).toEqual([
    ['New/Chat', '6'], ['New/Nightly', '42'], ['New/Capacity', '14600'], ['New/Direct', '6'],
  ]);
  expect(budgets[0].status).toBe('ok');
});
