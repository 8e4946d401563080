import { calculator, exact, withRates } from './calculators';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const REEL = { model: 'amazon.nova-reel-v1:0', region: 'us-east-1', secondsPerMonth: 600 };
const RAY = { model: 'luma.ray-v2:0', region: 'us-west-2', secondsPerMonth: 10 };

describe('video', () => {
  test.each([undefined, '720p', '720P', '1280x720', '720x1280'])('of Nova Reel in %p costs its price a second', (resolution) => {
    // page 2026-07-24: 600 x 0.08
    const estimate = calculator.video({ ...REEL, resolution });
    expect(exact(estimate).monthlyUsd).toBe('48');
    expect(estimate.lineItems[0].description).toBe('seconds of video, 720p');
  });

  test.each([
    // Luma Ray 2: 540p 0.75, 720p 1.50
    ['540p', '7.5'], ['960x540', '7.5'], ['720p', '15'],
  ])('of Luma Ray in %s costs $%s for 10 seconds', (resolution, monthlyUsd) => {
    expect(exact(calculator.video({ ...RAY, resolution })).monthlyUsd).toBe(monthlyUsd);
  });

  test.each([undefined, '1080p'])('whose resolution is %p is a missing price with the choices, where the price depends on it', (resolution) => {
    const estimate = calculator.video({ ...RAY, resolution });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(estimate.missingPrices[0].hint).toContain('resolution: one of 540p, 720p');
  });

  test('is priced by rates of your own, however they write the resolution', () => {
    const own = withRates({ model: 'own.model', kind: RateKind.VIDEO, resolution: '1920x1080', usd: '2', unit: RateUnit.SECOND });
    expect(exact(own.video({ model: 'own.model', secondsPerMonth: 1.5, resolution: '1080p' })).monthlyUsd).toBe('3');
  });

  test.each(['HD', '720', '720i', '1280x', '0p', 720, ''])('fails for the resolution %p', (resolution) => {
    expect(() => calculator.video({ ...REEL, resolution: resolution as string })).toThrow('resolution must be a resolution such as "720p" or "1280x720", got ');
  });

  test.each([-1, NaN, undefined])('fails for %p seconds', (secondsPerMonth) => {
    expect(() => calculator.video({ ...REEL, secondsPerMonth: secondsPerMonth as number })).toThrow('secondsPerMonth');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.video({ ...REEL, quality: 'high' } as never)).toThrow('quality is not a known field. The fields are model, region, secondsPerMonth, resolution.');
  });
});
