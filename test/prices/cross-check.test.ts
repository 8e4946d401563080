import { readFileSync } from 'fs';
import { resolve } from 'path';
import { readPrices } from '../../tools/prices/read';
import { crossCheckMarkdown, isBorrowed } from '../../tools/prices/refresh/cross-check';
import { Comparison } from '../../tools/prices/refresh/proposal';
import { familyOf } from '../../tools/prices/refresh/stated-rate';

const ROOT = resolve(__dirname, '..', '..');
const page = readFileSync(resolve(ROOT, 'docs/cross-check.md'), 'utf8');

/** The cells of the rows of one section's table. */
function rowsOf(section: string): string[][] {
  const [, text] = page.split(`## ${section}\n`);
  const rows = text.split('\n## ')[0].split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) => line.slice(2, -2).split(' | '));
}

describe('docs/cross-check.md', () => {
  test('compares thousands of prices with three packages, most of them read independently', () => {
    const rows = page.split('## Differences')[0].split('\n').filter((line) => /^\| .* of 20\d\d-/.test(line)).map((line) => line.slice(2, -2).split(' | '));
    expect(rows.map(([name]) => name.split(' ')[0]).sort()).toEqual(["LiteLLM's", 'genai-prices', "pi-ai's"]);
    for (const [, compared, agree, borrowed] of rows) {
      expect(Number(compared) - Number(borrowed)).toBeGreaterThan(1000);
      expect(Number(agree)).toBeGreaterThan(Number(compared) * 0.99);
    }
  });

  test('explains each difference, and has our price as prices/ has it', () => {
    const { models } = readPrices(resolve(ROOT, 'prices'));
    for (const [model, price, ours, , source, , why] of rowsOf('Differences')) {
      const rates = models.find(({ id }) => `\`${id}\`` === model)!.rates;
      const [kind] = price.split(' ');
      expect(rates.filter((rate) => rate.kind === kind && rate.usd === ours && rate.source === source)).not.toEqual([]);
      expect(why).not.toMatch(/not explained|state different prices/);
    }
  });
});

describe('a comparison', () => {
  const line = (source: string) => ({
    model: 'acme.one-v1:0',
    region: 'us-east-1',
    rate: { kind: 'input', scope: 'geo', usd: '3', unit: '1M tokens', asOf: '2026-08-20', source, regions: ['us-east-1'] },
  }) as Comparison['line'];
  const peer = { key: 'litellm-2.0.0', what: 'a table', date: '2026-12-01' };

  test('with another version of the same package proves nothing', () => {
    expect([familyOf('litellm-1.110.2'), familyOf('genai-prices-2026-08-19'), familyOf('price-list-2026-08-20')]).toEqual(['litellm', 'genai-prices', 'price-list']);
    expect(isBorrowed({ line: line('litellm-1.110.2'), source: peer, theirs: '3', agrees: true })).toBe(true);
    expect(isBorrowed({ line: line('price-list-2026-08-20'), source: peer, theirs: '3', agrees: true })).toBe(false);
  });

  test('lists the packages by name, in any order of reading', () => {
    const by = (key: string) => ({ line: line('price-list-2026-08-20'), source: { ...peer, key }, theirs: '3', agrees: true });
    const made = (...keys: string[]) => crossCheckMarkdown(keys.map(by), { disputed: [] });
    expect(made('pi-ai-1.0.0', 'genai-prices-2.0.0', 'litellm-3.0.0')).toContain('| model | genai-prices | litellm | pi-ai |');
    expect(made('litellm-3.0.0', 'pi-ai-1.0.0', 'genai-prices-2.0.0')).toBe(made('pi-ai-1.0.0', 'genai-prices-2.0.0', 'litellm-3.0.0'));
  });

  test('that differs has its reason from disputed.yaml, or is reported without one', () => {
    const differing = { line: line('price-list-2026-08-20'), source: peer, theirs: '4', agrees: false };
    const dispute = {
      model: 'acme.one-v1:0',
      why: 'It has the price of last year.',
      inBook: 'b' as const,
      a: peer.key,
      b: 'price-list-2026-08-20',
      rates: [{ kind: 'input', scope: 'geo', a: '4', b: '3', regions: ['us-east-1'] }],
    };
    expect(crossCheckMarkdown([differing], { disputed: [dispute] })).toContain('| 3 | 4 | price-list-2026-08-20 | litellm-2.0.0 | It has the price of last year. |');
    expect(crossCheckMarkdown([differing], { disputed: [] })).toContain('not explained');
  });
});
