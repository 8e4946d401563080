import { count, expectLinesToAddUp, expectNotBelow, expectSame, fraction, monthly, once } from './quantities';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const US = { region: 'us-east-1' };
const LLAMA = { ...US, model: 'meta.llama3-1-70b-instruct-v1:0' };
const epochs = fc.integer({ min: 1, max: 100 });
const models = fc.integer({ min: 0, max: 1000 });

describe('the cost of customization', () => {
  test('is linear in tokens and epochs once, in models a month, and the two do not mix', () => fc.assert(fc.property(count, epochs, models, (n, e, m) => {
    const estimate = calculator.customization({ ...LLAMA, trainingTokens: n, epochs: e, storedModels: m });
    // 7.99 a million tokens, 1.95 a model
    expectSame(once(estimate), decimal('0.00000799').times(decimal(n)).times(decimal(e)));
    expectSame(monthly(estimate), decimal('1.95').times(decimal(m)));
    expectLinesToAddUp(estimate);
  })));

  test('of epochs is that of as many tokens', () => fc.assert(fc.property(count, epochs, (n, e) => {
    const inEpochs = calculator.customization({ ...LLAMA, trainingTokens: n, epochs: e });
    expectSame(once(inEpochs), once(calculator.customization({ ...LLAMA, trainingTokens: n * e })));
  })));

  test('is linear in images and hours', () => fc.assert(fc.property(count, fraction, (n, h) => {
    expectSame(once(calculator.customization({ ...US, model: 'amazon.nova-canvas-v1:0', trainingImages: n })), decimal('0.005').times(decimal(n)));
    expectSame(once(calculator.customization({ ...US, model: 'qwen.qwen3-32b-v1:0', trainingHours: h })), decimal(80).times(decimal(h)));
  })));

  test('never falls with more training', () => fc.assert(fc.property(count, epochs, (n, e) => {
    const cost = (tokens: number, times: number) => once(calculator.customization({ ...LLAMA, trainingTokens: tokens, epochs: times }));
    expectNotBelow(cost(n + 1, e), cost(n, e));
    expectNotBelow(cost(n, e + 1), cost(n, e));
  })));
});
