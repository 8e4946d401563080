import { calculator, exact, withRates } from './calculators';
import { Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const CANVAS = { model: 'amazon.nova-canvas-v1:0', region: 'us-east-1', imagesPerMonth: 1000 };
const own = (usd: string, more: Partial<Rate> = {}): Rate => ({ model: 'own.model', kind: RateKind.IMAGE, usd, unit: RateUnit.IMAGE, ...more });
const OWN = { model: 'own.model', imagesPerMonth: 1 };

describe('images', () => {
  test.each([
    // Nova Canvas (page 2026-07-24): up to 1024x1024 0.04 and 0.06, up to 2048x2048 0.06 and 0.08
    ['1024x1024', 'standard', '40'],
    ['1024x1024', 'premium', '60'],
    ['2048x2048', 'standard', '60'],
    ['2048x2048', 'premium', '80'],
    // The price is that of the smallest size that the image fits into, in width and height.
    ['512x512', 'standard', '40'],
    ['1x1024', 'standard', '40'],
    ['1024X1024', 'Standard', '40'],
    ['1025x1024', 'standard', '60'],
    ['1024x1025', 'premium', '80'],
    ['320x1280', 'standard', '60'],
  ])('of %s in %s quality cost $%s a thousand', (resolution, quality, monthlyUsd) => {
    expect(exact(calculator.image({ ...CANVAS, resolution, quality })).monthlyUsd).toBe(monthlyUsd);
  });

  test('name the size that they are priced as', () => {
    const estimate = calculator.image({ ...CANVAS, resolution: '512x512', quality: 'premium' });
    expect(estimate.lineItems[0].description).toBe('images up to 1024x1024 in premium quality');
    expect(estimate.unitCosts).toEqual([{ unit: 'image', usd: 0.06 }]);
    expect(estimate.assumptions.join()).not.toContain('quality');
  });

  test('have standard quality by default, with an assumption', () => {
    const estimate = calculator.image({ ...CANVAS, resolution: '1024x1024' });
    expect(exact(estimate).monthlyUsd).toBe('40');
    expect(estimate.assumptions).toContain('the quality is left out: standard is taken');
  });

  test.each([
    ['a resolution that is left out', { quality: 'standard' }],
    ['a resolution and a quality that are left out', {}],
    ['a resolution larger than any that is offered', { resolution: '4096x4096' }],
    ['a resolution higher than any that is offered', { resolution: '1024x2049' }],
  ])('are a missing price for %s, with the choices', (_, usage) => {
    const estimate = calculator.image({ ...CANVAS, ...usage });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(estimate.missingPrices[0].hint).toContain('resolution: one of 1024x1024, 2048x2048');
  });

  test('are a missing price in a quality that is not offered, with the choices', () => {
    const estimate = calculator.image({ ...CANVAS, resolution: '1024x1024', quality: 'ultra' });
    expect(estimate.missingPrices[0].hint).toContain('quality: one of premium, standard');
  });

  test.each([{}, { resolution: '1536x1536' }, { quality: 'premium' }, { resolution: '9999x1', quality: 'standard' }])('with a price of their own size and quality or not: %p', (usage) => {
    // Stable Diffusion 3.5 Large: 0.08 for any image
    const estimate = calculator.image({ model: 'stability.sd3-5-large-v1:0', region: 'us-east-1', imagesPerMonth: 10, ...usage });
    expect(exact(estimate).monthlyUsd).toBe('0.8');
    expect(estimate.assumptions.join()).not.toContain('quality');
  });

  test('need no resolution where all cost the same', () => {
    expect(exact(withRates(own('2', { resolution: '512x512' }), own('2', { resolution: '1024x1024' })).image(OWN)).monthlyUsd).toBe('2');
  });

  test('are of the smallest size that is offered in the quality that is asked for', () => {
    const calculate = withRates(own('1', { resolution: '512x512', quality: 'standard' }), own('3', { resolution: '1024x512', quality: 'premium' }), own('5', { resolution: '2048x2048', quality: 'premium' }));
    expect(exact(calculate.image({ ...OWN, resolution: '512x512', quality: 'premium' })).monthlyUsd).toBe('3');
    expect(exact(calculate.image({ ...OWN, resolution: '512x1024', quality: 'premium' })).monthlyUsd).toBe('5');
  });

  test('of any size are priced by a rate of your own that names none', () => {
    expect(exact(withRates({ ...own('0.01'), model: CANVAS.model }).image({ ...CANVAS, resolution: '4096x4096' })).monthlyUsd).toBe('10');
  });

  test('are a missing price through a profile, in another region and of an unknown model', () => {
    const missing = (change: object) => calculator.image({ ...CANVAS, resolution: '1024x1024', ...change }).missingPrices[0];
    expect(missing({ model: 'us.amazon.nova-canvas-v1:0' })).toBeDefined();
    expect(missing({ region: 'eu-west-1' }).hint).toContain('us-east-1');
    expect(missing({ model: 'amazon.nova-canvass-v1:0' }).nearestModels[0]).toBe('amazon.nova-canvas-v1:0');
    expect(missing({ region: undefined }).hint).toContain('set the region');
  });

  test.each(['large', '1024', '1024x', 'x1024', '0x1024', '1024x-1', '1024 x 1024', '1024x1024x3', 1024, ''])('fail for the resolution %p', (resolution) => {
    expect(() => calculator.image({ ...CANVAS, resolution: resolution as string })).toThrow('resolution must be a width and a height in pixels, such as "1024x1024", got ');
  });

  test.each([-1, NaN, Infinity, undefined])('fail for %p images', (imagesPerMonth) => {
    expect(() => calculator.image({ ...CANVAS, imagesPerMonth: imagesPerMonth as number })).toThrow('imagesPerMonth');
  });

  test('fail for a quality that is no text and for a field that does not exist', () => {
    expect(() => calculator.image({ ...CANVAS, quality: 1 as unknown as string })).toThrow('quality must be a quality such as "standard", got 1.');
    expect(() => calculator.image({ ...CANVAS, size: '1024x1024' } as never)).toThrow('size is not a known field. The fields are model, region, imagesPerMonth, resolution, quality.');
  });
});
