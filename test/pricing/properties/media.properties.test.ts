import { count, expectLinesToAddUp, expectNotBelow, expectSame, fraction, monthly } from './quantities';
import { decimal } from '../../../src/pricing/decimal';
import { fc } from '../../fast-check';
import { calculator } from '../billing-modes/calculators';

const US = { region: 'us-east-1' };
const side = fc.integer({ min: 1, max: 2048 });
const quality = fc.constantFrom('standard', 'premium');

describe('the cost of images', () => {
  const images = (imagesPerMonth: number, width: number, height: number, q: string) =>
    calculator.image({ ...US, model: 'amazon.nova-canvas-v1:0', imagesPerMonth, resolution: `${width}x${height}`, quality: q });

  test('is linear in their number', () => fc.assert(fc.property(count, side, side, quality, (n, w, h, q) => {
    expectSame(monthly(images(n, w, h, q)), monthly(images(1, w, h, q)).times(decimal(n)));
    expectLinesToAddUp(images(n, w, h, q));
  })));

  test('depends on the longer side alone, and changes at 1,024 pixels', () => fc.assert(fc.property(side, side, (w, h) => {
    expectSame(monthly(images(1, w, h, 'standard')), decimal(Math.max(w, h) <= 1024 ? '0.04' : '0.06'));
    expectSame(monthly(images(1, w, h, 'premium')), decimal(Math.max(w, h) <= 1024 ? '0.06' : '0.08'));
  })));

  test('never falls with size or quality', () => fc.assert(fc.property(count, side, side, (n, w, h) => {
    expectNotBelow(monthly(images(n, 2048, h, 'standard')), monthly(images(n, w, h, 'standard')));
    expectNotBelow(monthly(images(n, w, h, 'premium')), monthly(images(n, w, h, 'standard')));
  })));
});

describe('the cost of video', () => {
  const video = (secondsPerMonth: number, resolution: string) => calculator.video({ region: 'us-west-2', model: 'luma.ray-v2:0', secondsPerMonth, resolution });

  test('is linear in the seconds', () => fc.assert(fc.property(fraction, fraction, (one, other) => {
    // 0.75 a second in 540p, 1.50 in 720p
    expectSame(monthly(video(one, '540p')), decimal('0.75').times(decimal(one)));
    expectSame(monthly(video(other, '720p')), decimal('1.5').times(decimal(other)));
    expectLinesToAddUp(video(one, '720p'));
  })));

  test('never falls with more lines', () => fc.assert(fc.property(fraction, (s) => {
    expectNotBelow(monthly(video(s, '720p')), monthly(video(s, '540p')));
  })));
});

describe('the cost of speech', () => {
  const speech = (a: number, b: number, c: number, d: number) => calculator.speech({
    ...US, model: 'amazon.nova-sonic-v1:0', inputSpeechTokensPerMonth: a, outputSpeechTokensPerMonth: b, inputTokensPerMonth: c, outputTokensPerMonth: d,
  });

  test('is the sum of its modalities, each linear', () => fc.assert(fc.property(count, count, count, count, (a, b, c, d) => {
    // 3.40, 13.60, 0.06 and 0.24 a million
    const parts = [['3.4', a], ['13.6', b], ['0.06', c], ['0.24', d]] as const;
    const expected = parts.reduce((sum, [usd, tokens]) => sum.plus(decimal(usd).times(decimal(tokens))), decimal(0)).times(decimal('0.000001'));
    expectSame(monthly(speech(a, b, c, d)), expected);
    expectLinesToAddUp(speech(a, b, c, d));
  })));

  test('never falls with more tokens', () => fc.assert(fc.property(count, count, count, count, (a, b, c, d) => {
    expectNotBelow(monthly(speech(a + 1, b + 1, c + 1, d + 1)), monthly(speech(a, b, c, d)));
  })));
});

describe('the cost of media by the token', () => {
  const tokens = fc.integer({ min: 0, max: 100_000 });
  const omni = (n: number, image: number, audio: number, video: number, output: number) => calculator.onDemand({
    ...US,
    model: 'amazon.nova-2-omni-preview-20251202-v1:0',
    requestsPerMonth: n,
    inputImageTokensPerRequest: image,
    inputAudioTokensPerRequest: audio,
    inputVideoTokensPerRequest: video,
    outputImageTokensPerRequest: output,
  });

  test('is linear in the requests and in each kind of token', () => fc.assert(fc.property(count, tokens, tokens, tokens, tokens, (n, i, a, v, o) => {
    // 0.30, 1.10, 0.30 and 44.00 a million
    const parts = [['0.3', i], ['1.1', a], ['0.3', v], ['44', o]] as const;
    const ofOne = parts.reduce((sum, [usd, t]) => sum.plus(decimal(usd).times(decimal(t))), decimal(0)).times(decimal('0.000001'));
    expectSame(monthly(omni(n, i, a, v, o)), ofOne.times(decimal(n)));
    expectLinesToAddUp(omni(n, i, a, v, o));
  })));
});
