import { calculator, exact, lines, withRates } from './calculators';
import { ANY_MODEL, Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const US = { region: 'us-east-1', customModelUnitVersion: '1.0' };
const minute = (usd: string, more: Partial<Rate> = {}): Rate =>
  ({ model: ANY_MODEL, kind: RateKind.CUSTOM_MODEL_UNIT, usd, unit: RateUnit.MINUTE, customModelUnitVersion: '1.0', ...more });
const month = (usd: string, more: Partial<Rate> = {}): Rate =>
  ({ model: ANY_MODEL, kind: RateKind.CUSTOM_MODEL_UNIT_STORAGE, usd, unit: RateUnit.MONTH, customModelUnitVersion: '1.0', ...more });

describe('custom model import', () => {
  test('costs five minutes of every unit of every copy for each active window, and storage for each unit', () => {
    // AWS's own example, at 0.0785 a unit and minute: 2 units x 0.0785 x 5 minutes = 0.785; 2 units kept at 1.95 = 3.90
    const estimate = withRates(minute('0.0785')).customModelImport({ ...US, customModelUnits: 2, activeWindowsPerMonth: 1 });
    expect(lines(estimate)).toEqual(['0.785', '3.9']);
    expect(estimate.unitCosts).toEqual([{ unit: 'active window of 5 minutes', usd: 0.785 }]);
  });

  test('costs the storage once, however many copies run', () => {
    // Llama, us-east-1 (price list 2026-09-11): 3 copies x 2 units x 0.05718 x 5 x 12 windows = 20.5848; 2 x 1.95
    const estimate = calculator.customModelImport({ ...US, architecture: 'Llama', customModelUnits: 2, copies: 3, activeWindowsPerMonth: 12 });
    expect(lines(estimate)).toEqual(['20.5848', '3.9']);
  });

  test('is storage alone without a window, with an assumption', () => {
    const estimate = calculator.customModelImport({ ...US, customModelUnits: 2 });
    expect(exact(estimate).monthlyUsd).toBe('3.9');
    expect(estimate.assumptions[0]).toContain('activeWindowsPerMonth is left out');
  });

  test.each(['1.0', 'v1.0', 'V1.0'])('takes the version %s', (customModelUnitVersion) => {
    expect(exact(calculator.customModelImport({ ...US, customModelUnitVersion, customModelUnits: 1 })).monthlyUsd).toBe('1.95');
  });

  test('of version 2.0 has a price of its own', () => {
    // OpenAI (page 2026-07-24): 0.1433 x 5 + 1.95
    expect(exact(calculator.customModelImport({ ...US, customModelUnitVersion: '2.0', architecture: 'OpenAI', customModelUnits: 1, activeWindowsPerMonth: 1 })).monthlyUsd).toBe('2.6665');
  });

  describe('and the architecture', () => {
    test('may be left out while all of a version cost the same', () => {
      // 0.05718 x 5 + 1.95
      expect(exact(calculator.customModelImport({ ...US, customModelUnits: 1, activeWindowsPerMonth: 1 })).monthlyUsd).toBe('2.2359');
    });

    test('is asked for where they do not', () => {
      // A region without prices in the book: 0.2 x 5
      const region = 'eu-central-1';
      const own = withRates(minute('0.1', { region, architecture: 'Llama' }), minute('0.2', { region, architecture: 'Own' }), month('2'));
      const usage = { ...US, region, customModelUnits: 1, activeWindowsPerMonth: 1 };
      const estimate = own.customModelImport(usage);
      expect(estimate.missingPrices.map(({ kind }) => kind)).toEqual(['custom-model-unit']);
      expect(estimate.missingPrices[0].hint).toMatch(/architecture: one of .*Llama.*Own/);
      expect(lines(own.customModelImport({ ...usage, architecture: 'own' }))).toEqual(['1', '2']);
    });

    test('has the shared price if it has no own one, with an assumption', () => {
      // Qwen2 has a row for minutes (0.05718) and none for storage, which is 1.95 for all others: 0.2859 + 1.95
      const estimate = calculator.customModelImport({ ...US, architecture: 'Qwen2', customModelUnits: 1, activeWindowsPerMonth: 1 });
      expect(lines(estimate)).toEqual(['0.2859', '1.95']);
      expect(estimate.assumptions).toEqual([expect.stringContaining('holds no custom-model-unit-storage rate of Qwen2')]);
    });

    test('is a missing price, with the known ones, if it is unknown', () => {
      const estimate = calculator.customModelImport({ ...US, architecture: 'Bert', customModelUnits: 1, activeWindowsPerMonth: 1 });
      expect(estimate.monthlyUsd).toBeUndefined();
      expect(estimate.missingPrices.map(({ kind }) => kind)).toEqual(['custom-model-unit', 'custom-model-unit-storage']);
      expect(estimate.missingPrices[0].hint).toMatch(/knows Flan, Llama, .*Qwen2/);
    });

    test('makes no difference to a rate of your own that names none', () => {
      expect(exact(withRates(minute('1'), month('2')).customModelImport({ ...US, architecture: 'Bert', customModelUnits: 1, activeWindowsPerMonth: 1 })).monthlyUsd).toBe('7');
    });
  });

  test('of an unknown version is a missing price with the known ones', () => {
    const [missing] = calculator.customModelImport({ ...US, customModelUnitVersion: '9.0', customModelUnits: 1 }).missingPrices;
    expect(missing.hint).toContain('knows 1.0, 2.0');
  });

  test('is a missing price in a region without one', () => {
    const [missing] = calculator.customModelImport({ ...US, region: 'eu-central-1', customModelUnits: 1 }).missingPrices;
    expect(missing.hint).toContain('us-east-1');
  });

  test.each(['customModelUnits', 'copies', 'activeWindowsPerMonth'])('fails for a negative %s', (field) => {
    expect(() => calculator.customModelImport({ ...US, customModelUnits: 1, [field]: -1 })).toThrow(`${field} must be a number of 0 or more, got -1.`);
  });

  test.each([1, '', undefined])('fails for the version %p', (customModelUnitVersion) => {
    expect(() => calculator.customModelImport({ ...US, customModelUnits: 1, customModelUnitVersion: customModelUnitVersion as string })).toThrow('customModelUnitVersion');
  });

  test('fails for a model, which is no part of the price', () => {
    expect(() => calculator.customModelImport({ ...US, customModelUnits: 1, model: 'own.model' } as never)).toThrow('model is not a known field. Did you mean customModelUnits?');
  });
});
