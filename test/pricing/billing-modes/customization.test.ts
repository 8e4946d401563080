import { calculator, exact, lines, withRates } from './calculators';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const LLAMA = { model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2' };

describe('customization', () => {
  test('costs the training once and the storage every month', () => {
    // Llama 3.1 70B (page 2026-07-24): 7.99 a million training tokens, 1.95 a model and month. 10 million x 3 epochs = 30 x 7.99
    const estimate = calculator.customization({ ...LLAMA, trainingTokens: 10_000_000, epochs: 3, storedModels: 1 });
    expect(exact(estimate)).toMatchObject({ monthlyUsd: '1.95', oneTimeUsd: '239.7', commitmentUsd: '0' });
    expect(estimate.lineItems.map(({ description, oneTime }) => [description, oneTime ?? false])).toEqual([['training tokens, 3 epochs', true], ['storage of custom models', false]]);
  });

  test('has one epoch by default', () => {
    expect(exact(calculator.customization({ ...LLAMA, trainingTokens: 1_000_000 }))).toMatchObject({ monthlyUsd: '0', oneTimeUsd: '7.99' });
  });

  test.each([
    // Nova Canvas: 0.005 an image seen; gpt-oss-20b: 80 an hour of reinforcement fine-tuning
    ['amazon.nova-canvas-v1:0', { trainingImages: 32_000 }, '160'],
    ['openai.gpt-oss-20b-1:0', { trainingHours: 1.5 }, '120'],
  ])('of %s with %p costs $%s', (model, usage, oneTimeUsd) => {
    expect(exact(calculator.customization({ model, region: 'us-east-1', ...usage })).oneTimeUsd).toBe(oneTimeUsd);
  });

  test('of several models kept costs each', () => {
    expect(exact(calculator.customization({ ...LLAMA, storedModels: 3 }))).toMatchObject({ monthlyUsd: '5.85', oneTimeUsd: '0' });
  });

  describe('whose training has no price', () => {
    test('is unknown, one-time and monthly, with the known storage', () => {
      const own = withRates({ model: 'own.model', kind: RateKind.MODEL_STORAGE, usd: '1.95', unit: RateUnit.MONTH });
      const estimate = own.customization({ model: 'own.model', trainingTokens: 1, storedModels: 1 });
      expect(exact(estimate)).toMatchObject({ monthlyUsd: null, knownMonthlyUsd: '1.95', oneTimeUsd: null });
      expect(estimate.missingPrices.map(({ kind }) => kind)).toEqual(['training']);
    });

    test('names the other unit by which the model is trained', () => {
      const estimate = calculator.customization({ model: 'amazon.nova-canvas-v1:0', region: 'us-east-1', trainingTokens: 1_000 });
      expect(estimate.oneTimeUsd).toBeUndefined();
      expect(estimate.missingPrices[0]).toMatchObject({ description: expect.stringContaining('counted by the token'), hint: expect.stringContaining('priced by the image') });
    });

    test('of an unknown model has the nearest names', () => {
      const estimate = calculator.customization({ model: 'meta.llama3-1-70b-instuct-v1:0', region: 'us-east-1', trainingTokens: 1_000 });
      expect([estimate.monthlyUsd, estimate.oneTimeUsd]).toEqual([undefined, undefined]);
      expect(estimate.missingPrices[0].nearestModels[0]).toBe('meta.llama3-1-70b-instruct-v1:0');
    });
  });

  test('without training has no unknown one-time cost when its storage has no price', () => {
    expect(exact(calculator.customization({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', storedModels: 1 }))).toMatchObject({ monthlyUsd: null, oneTimeUsd: '0' });
  });

  test('of 0 tokens costs $0 once', () => {
    expect(lines(calculator.customization({ ...LLAMA, trainingTokens: 0 }))).toEqual([]);
  });

  test.each(['trainingTokens', 'epochs', 'trainingImages', 'trainingHours', 'storedModels'])('fails for a negative %s', (field) => {
    expect(() => calculator.customization({ ...LLAMA, trainingTokens: 1, [field]: -1 })).toThrow(`${field} must be a ${field === 'epochs' ? 'whole number of 1' : 'number of 0'} or more, got -1.`);
  });

  test('fails for epochs of images or hours, which are counted over the whole training', () => {
    expect(() => calculator.customization({ ...LLAMA, trainingImages: 1, epochs: 3 })).toThrow('epochs requires trainingTokens. trainingImages and trainingHours are counted over the whole training: remove epochs.');
  });

  test('fails when nothing is given', () => {
    expect(() => calculator.customization(LLAMA)).toThrow('one of trainingTokens, trainingImages, trainingHours, storedModels is required.');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.customization({ ...LLAMA, trainingToken: 1, storedModels: 1 } as never)).toThrow('trainingToken is not a known field. Did you mean trainingTokens?');
  });
});

test.each([0, 0.5, -1])('fails for %p epochs: training would come out free, or nearly so', (epochs) => {
  expect(() => calculator.customization({ model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', trainingTokens: 1, epochs })).toThrow('epochs must be a whole number of 1 or more, got ');
});
