import type { GetParameterCommand } from '@aws-sdk/client-ssm';
import { Ledger, LedgerMonth } from '../../../src/lambda/month-to-date/ledger';
import { LedgerStore } from '../../../src/lambda/month-to-date/ledger-store';
import { fc } from '../../fast-check';
import { runs } from '../../runs';

/** The parts of Parameter Store that a ledger needs, fast enough for hundreds of cases a second. */
class Parameters {
  public readonly values = new Map<string, string[]>([['/x/1', ['{}']]]);
  public writesLeft = Infinity;

  public async send({ input: { Name } }: GetParameterCommand) {
    const [name, version] = Name!.split(':');
    const values = this.values.get(name) ?? [];
    const Version = Number(version ?? values.length);
    if (values[Version - 1] === undefined) throw Object.assign(new Error(), { name: version ? 'ParameterVersionNotFound' : 'ParameterNotFound' });
    return { Parameter: { Value: values[Version - 1], Version } };
  }

  public async putParameter({ Name, Value }: { Name: string; Value: string }) {
    if (this.writesLeft-- <= 0) throw new Error('killed');
    expect(Buffer.byteLength(Value)).toBeLessThanOrEqual(4096);
    const values = [...this.values.get(Name) ?? [], Value];
    this.values.set(Name, values);
    return { Version: values.length };
  }

  public store(): LedgerStore {
    return new LedgerStore(this as any, '/x/1');
  }
}

/** Up to 150 of 250 keys, so that two ledgers have some of them in common. */
const amounts = fc.record({ first: fc.nat(100), count: fc.nat(150), usd: fc.nat(1_000_000) }).map(({ first, count, usd }) => (
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key-of-${first + i}`.padEnd(12, '-'), `${usd + i}.25`]))));
const month = fc.record<LedgerMonth>({ own: amounts, shared: amounts, parts: amounts, partsShared: amounts }, { requiredKeys: [] });
const ledger: fc.Arbitrary<Ledger> = fc.record({
  asOf: fc.integer({ min: 1, max: 1_000 }),
  stack: fc.constant('stack'),
  base: fc.constant({ id: 'base', active: 'v0' }),
  budgets: fc.nat(60).map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`budget-${i}`, { restOfMonthUsd: `${i}.5` }]))),
  sets: fc.nat(60).map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`set-${i}`, [`budget-${i}`, `budget-${i + 1}`]]))),
  months: fc.dictionary(fc.constantFrom('2026-09', '2026-10'), month),
});

/** Every amount by month, kind and key. */
function flat({ months = {} }: Ledger): Map<string, string> {
  return new Map(Object.entries(months).flatMap(([name, kinds]) => Object.entries(kinds)
    .flatMap(([kind, own]) => Object.entries(own as object).map(([key, usd]): [string, string] => [`${name} ${kind} ${key}`, usd]))));
}

describe('a ledger in parameters of 4 KB', () => {
  const numRuns = runs({ quick: 50, full: 1_000 });

  test('is read as it was written, with any size', async () => {
    await fc.assert(fc.asyncProperty(fc.array(ledger, { minLength: 1, maxLength: 3 }), async (ledgers) => {
      const parameters = new Parameters();
      for (const [i, one] of ledgers.entries()) {
        const store = parameters.store();
        await store.read('stack');
        await store.write({ ...one, asOf: i + 1 });
      }
      const read = (await parameters.store().read('stack'))!;
      const last = ledgers[ledgers.length - 1];
      expect(flat(read)).toEqual(flat(last));
      expect(read).toMatchObject({ asOf: ledgers.length, stack: 'stack', base: { id: 'base', active: 'v0' } });
      expect([read.budgets ?? {}, read.sets ?? {}]).toEqual([last.budgets, last.sets]);
    }), { numRuns, endOnFailure: true });
  });

  test('loses nothing when a run is interrupted after any of its writes, or when CloudFormation writes the first parameter again', async () => {
    // Without shrinking, which takes minutes.
    await fc.assert(fc.asyncProperty(ledger, ledger, fc.nat(12), fc.nat(3), async (before, added, writes, rewrites) => {
      const parameters = new Parameters();
      const first = parameters.store();
      await first.read('stack');
      await first.write({ ...before, asOf: 1 });
      // The new ledger has all entries of the old one, some with new amounts, and more entries.
      const both = (name: string, kind: string) => ({ ...(before.months as any)?.[name]?.[kind], ...(added.months as any)?.[name]?.[kind] });
      const kinds = (name: string) => Object.fromEntries(['own', 'shared', 'parts', 'partsShared'].map((kind) => [kind, both(name, kind)]));
      const months = { '2026-09': kinds('2026-09'), '2026-10': kinds('2026-10') };
      const after = { ...added, asOf: 2, months };
      const second = parameters.store();
      await second.read('stack');
      parameters.writesLeft = writes;
      await second.write(after).catch(({ message }) => expect(message).toBe('killed'));
      for (let i = 0; i < rewrites; i++) parameters.values.get('/x/1')!.push('{}');

      const [known, wanted, read] = [flat(before), flat(after), flat((await parameters.store().read('stack'))!)];
      for (const [key, usd] of known) expect([usd, wanted.get(key)]).toContain(read.get(key));
      for (const key of read.keys()) expect(wanted.has(key)).toBe(true);
    }), { numRuns, endOnFailure: true });
  });
});
