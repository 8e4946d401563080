import { expectLinesToAddUp, expectNotBelow, expectSame, monthly } from './quantities';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const some = fc.integer({ min: 0, max: 10_000 });
const imported = (customModelUnits: number, copies: number, activeWindowsPerMonth: number) =>
  calculator.customModelImport({ region: 'us-east-1', customModelUnitVersion: '1.0', customModelUnits, copies, activeWindowsPerMonth });

describe('the cost of an imported model', () => {
  test('is copies x units x windows x 5 minutes, and the units once', () => fc.assert(fc.property(some, some, some, (u, c, w) => {
    // 0.05718 a unit and minute, 1.95 a unit and month
    const active = decimal('0.2859').times(decimal(u)).times(decimal(c)).times(decimal(w));
    expectSame(monthly(imported(u, c, w)), active.plus(decimal('1.95').times(decimal(u))));
    expectLinesToAddUp(imported(u, c, w));
  })));

  test('is the same for twice the copies as for twice the windows, and never falls', () => fc.assert(fc.property(some, some, some, (u, c, w) => {
    expectSame(monthly(imported(u, 2 * c, w)), monthly(imported(u, c, 2 * w)));
    expectNotBelow(monthly(imported(u + 1, c, w)), monthly(imported(u, c, w)));
    expectNotBelow(monthly(imported(u, c + 1, w)), monthly(imported(u, c, w)));
    expectNotBelow(monthly(imported(u, c, w + 1)), monthly(imported(u, c, w)));
  })));
});
