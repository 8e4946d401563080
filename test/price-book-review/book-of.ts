import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';

/** A price book that holds these rates and nothing else. */
export function bookOf(rates: readonly object[], rest: object = {}): PriceBook {
  const file = join(mkdtempSync(join(tmpdir(), 'price-book-')), 'book.json');
  writeFileSync(file, JSON.stringify({ schemaVersion: '1', rates, ...rest }));
  return PriceBook.fromFile(file);
}

/** A rate of a model that no other book knows, read on 2026-11-01. */
export function rate(kind: string, usd: string, rest: Partial<Record<keyof Rate, unknown>> = {}): Rate {
  return { model: 'example.model-v1', kind: kind as RateKind, usd, unit: RateUnit.MILLION_TOKENS, region: 'us-east-1', asOf: '2026-11-01', source: 'a letter', ...rest } as Rate;
}
