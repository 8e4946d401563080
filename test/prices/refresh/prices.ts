import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** A prices/ folder with one provider, Acme, and one model, acme.one-v1:0. */
export interface AcmePrices {
  /** The entries of the model's `rates:`, as they are written. */
  readonly rates: readonly string[];
  /** The entries of disputed.yaml. */
  readonly disputed?: string;
  /** Lines of the model above its rates. */
  readonly fields?: string;
}

export function acmeFile({ rates, fields = '' }: AcmePrices): string {
  return `# What the models of Acme cost.
provider: Acme
models:
  # The first and only one.
  - id: acme.one-v1:0
    name: One
    modality: text
    status: active
    batch: unknown
    provisionedThroughput: unknown
${fields}    rates:${rates.length === 0 ? ' []' : ''}
${rates.map((rate) => `      - ${rate}\n`).join('')}`;
}

const FILES = {
  'aws-services.yaml': 'services: []\n',
  'features.yaml': 'rates: []\n',
  'gaps.yaml': 'gaps: []\n',
  'refresh.yaml': 'thirtyMinuteCacheWrites: []\nignored: []\n',
  'sources.yaml': `sources:
  - key: price-list-2026-08-20
    what: AWS's list
    date: 2026-08-20
  - key: litellm-1.0.0
    what: a table
    date: 2026-09-01
    secondHand: true
`,
};

/** Calls a function with the path of such a folder, and removes it. */
export function withPrices<T>(prices: AcmePrices, use: (dir: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'prices-'));
  const dir = join(root, 'prices');
  mkdirSync(dir);
  const disputed = prices.disputed ? `disputed:${prices.disputed}` : 'disputed: []\n';
  for (const [file, text] of Object.entries({ ...FILES, 'acme.yaml': acmeFile(prices), 'disputed.yaml': disputed })) writeFileSync(join(dir, file), text);
  try {
    return use(dir);
  } finally {
    rmSync(root, { recursive: true });
  }
}
