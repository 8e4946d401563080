import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { MESSAGES } from '../src/messages';

const messages = Object.values(MESSAGES);

describe('the registry of messages', () => {
  test('holds these ids: a published id never changes and never goes', () => {
    expect(messages.map(({ id }) => id).sort()).toEqual([
      'bedrock-cost-acknowledgement-without-effect',
      'bedrock-cost-batch-below-minimum', 'bedrock-cost-batch-jobs-differ',
      'bedrock-cost-book-contradiction',
      'bedrock-cost-book-dear-batch',
      'bedrock-cost-book-dear-cache',
      'bedrock-cost-book-dear-global',
      'bedrock-cost-book-from-the-future',
      'bedrock-cost-book-no-day',
      'bedrock-cost-book-not-in-force',
      'bedrock-cost-book-old-source',
      'bedrock-cost-book-one-sided',
      'bedrock-cost-book-outlier',
      'bedrock-cost-book-review-due',
      'bedrock-cost-book-too-old',
      'bedrock-cost-book-undated',
      'bedrock-cost-book-zero-price',
      'bedrock-cost-budget-accepted',
      'bedrock-cost-budget-covers-nothing',
      'bedrock-cost-budget-exceeded',
      'bedrock-cost-budget-incomplete',
      'bedrock-cost-budget-near',
      'bedrock-cost-budget-tag-missing',
      'bedrock-cost-business-hours-saving',
      'bedrock-cost-commitment-not-acknowledged',
      'bedrock-cost-commitment-outlives-model',
      'bedrock-cost-commitment-price-unknown',
      'bedrock-cost-dearest-price-counts',
      'bedrock-cost-estimate',
      'bedrock-cost-invalid-input',
      'bedrock-cost-legacy-model',
      'bedrock-cost-limit-exceeded',
      'bedrock-cost-missing-price',
      'bedrock-cost-model-ended',
      'bedrock-cost-model-ends-soon',
      'bedrock-cost-model-not-offered',
      'bedrock-cost-nobody-notified',
      'bedrock-cost-not-billed-here',
      'bedrock-cost-not-in-region',
      'bedrock-cost-not-stoppable', 'bedrock-cost-not-watched',
      'bedrock-cost-price-review-due',
      'bedrock-cost-prices-in-the-future',
      'bedrock-cost-prices-too-old',
      'bedrock-cost-prices-undated',
      'bedrock-cost-renewal-not-announced',
      'bedrock-cost-role-without-room',
      'bedrock-cost-run-above-maximum',
      'bedrock-cost-schedule-failures-not-notified',
      'bedrock-cost-small-discount',
      'bedrock-cost-stack-table',
      'bedrock-cost-stop-does-not-reach',
      'bedrock-cost-stop-watches-nothing',
      'bedrock-cost-substitute-topic',
      'bedrock-cost-tag-refused',
      'bedrock-cost-template-differs',
      'bedrock-cost-throughput-break-even',
      'bedrock-cost-throughput-dry-run',
      'bedrock-cost-throughput-failures-not-notified',
      'bedrock-cost-throughput-too-large',
      'bedrock-cost-throughput-too-small',
      'bedrock-cost-type-not-in-region',
      'bedrock-cost-unknown-acknowledgement',
      'bedrock-cost-unknown-context-key',
      'bedrock-cost-unknown-prop',
      'bedrock-cost-unknown-region',
      'bedrock-cost-unknown-usage',
      'bedrock-cost-unpriced-profile',
      'bedrock-cost-unused-rates',
      'bedrock-cost-unused-region',
      'bedrock-cost-unused-workload',
    ]);
  });

  test.each(messages.map((message) => [message.id, message]))('%s can be acknowledged and read', (id, { when, fix }) => {
    expect(id).not.toContain('::');
    expect(when).not.toMatch(/\.$/);
    expect(when.length).toBeGreaterThan(10);
    // Whole sentences: a capital or a code word first, a full stop last.
    expect(fix).toMatch(/^([A-Z]|[a-z]+[A-Z])/);
    expect(fix).toMatch(/[^.]\.$/);
    expect(fix).not.toMatch(/; |\. [a-z]+ /);
  });
});

describe('errors have one style', () => {
  const SRC = join(__dirname, '..', 'src');
  const files = readdirSync(SRC, { recursive: true }).map(String).filter((file) => file.endsWith('.ts'));

  test('no text of an older style is left', () => {
    const old = files.flatMap((file) => readFileSync(join(SRC, file), 'utf8').split('\n')
      .map((line, i) => ({ place: `${file}:${i + 1}`, line }))
      .filter(({ line }) => /is not allowed; expected|; expected |; fix|return 'nothing'/.test(line)));
    expect(files.length).toBeGreaterThan(200);
    expect(old).toEqual([]);
  });
});
