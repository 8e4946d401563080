/**
 * Compares random rates of the book with sources other than their own, until 40 of them are in one: for maintainers who check a refresh.
 *
 *   npx ts-node -T --project projenrc/tsconfig.json tools/prices/random-check.ts [SEED] [--price-list FILE.csv]...
 *
 * Reads the packages that `npm run prices:refresh` has fetched.
 */
import { join } from 'path';
import { chance } from '../chance';
import { Line } from './refresh/book-lines';
import { isBorrowed } from './refresh/cross-check';
import { Comparison } from './refresh/proposal';
import { refresh } from './refresh/refresh-files';

const ROOT = join(__dirname, '../..');
const WANTED = 40;

const keyOf = ({ model, rate, region }: Line) => JSON.stringify([model, rate, region]);

function main(seed: number, priceLists: readonly string[]): void {
  const { facts, proposal: { comparisons } } = refresh(join(ROOT, 'prices'), join(ROOT, '.tmp/prices-refresh/packages'), priceLists, new Date().toISOString().slice(0, 10));
  const elsewhere = new Map<string, Comparison[]>();
  for (const comparison of comparisons.filter((one) => !isBorrowed(one))) {
    const key = keyOf(comparison.line);
    elsewhere.set(key, [...elsewhere.get(key) ?? [], comparison]);
  }
  const lines = facts.models.flatMap(({ id, rates }) => rates.flatMap((rate) =>
    (rate.regions === 'open' ? ['open'] : rate.regions).map((region): Line => ({ model: id, rate, region }))));
  if (elsewhere.size === 0) throw new Error('no rate of the book is in another source');
  const next = chance(seed);
  const found: Comparison[][] = [];
  let looked = 0;
  while (found.length < WANTED) {
    looked += 1;
    const others = elsewhere.get(keyOf(lines[Math.floor(next() * lines.length)]));
    if (others) found.push(others);
  }
  for (const others of found) {
    const [{ line: { model, rate, region } }] = others;
    const what = [rate.kind, rate.scope, rate.tier, rate.context, 'in', region].filter((part) => part !== undefined).join(' ');
    const texts = others.map(({ source, theirs, agrees }) => `${source.key} ${agrees ? 'agrees' : `differs: ${theirs}`}`);
    console.log(`${model} ${what}: ${rate.usd} (${rate.source}); ${texts.join(', ')}`);
  }
  const differing = found.filter((others) => others.some(({ agrees }) => !agrees)).length;
  console.log(`seed ${seed}: ${looked} rates drawn, ${WANTED} found in another source: ${WANTED - differing} agree, ${differing} differ`);
}

const args = process.argv.slice(2);
main(Number(args[0]) || Date.now() % 100_000, args.filter((_, i) => args[i - 1] === '--price-list'));
