import { calculator, exact, lines } from './calculators';

const SONIC = { model: 'amazon.nova-sonic-v1:0', region: 'us-east-1' };
const MILLION = 1_000_000;

describe('speech', () => {
  test('costs the tokens of each modality at its own price', () => {
    // Nova Sonic, us-east-1, per million tokens: speech 3.40 in, 13.60 out (page 2026-07-24); text 0.06 in, 0.24 out (price list 2026-08-20)
    const estimate = calculator.speech({
      ...SONIC,
      inputSpeechTokensPerMonth: MILLION,
      outputSpeechTokensPerMonth: 2 * MILLION,
      inputTokensPerMonth: 3 * MILLION,
      outputTokensPerMonth: 4 * MILLION,
    });
    expect(lines(estimate)).toEqual(['3.4', '27.2', '0.18', '0.96']);
    expect(exact(estimate).monthlyUsd).toBe('31.74');
  });

  test('costs what its region does', () => {
    // ap-northeast-1 (price list 2026-07-07): 3.70 in, 14.70 out
    expect(lines(calculator.speech({ ...SONIC, region: 'ap-northeast-1', inputSpeechTokensPerMonth: MILLION, outputSpeechTokensPerMonth: MILLION }))).toEqual(['3.7', '14.7']);
  });

  test('keeps the known part', () => {
    // eu-north-1 has text prices alone: 0.065 in
    const estimate = calculator.speech({ ...SONIC, region: 'eu-north-1', inputSpeechTokensPerMonth: MILLION, inputTokensPerMonth: MILLION });
    expect(exact(estimate)).toMatchObject({ monthlyUsd: null, knownMonthlyUsd: '0.065', missingPrices: [{ kind: 'input-speech' }] });
  });

  test('of a text model is a missing price', () => {
    expect(calculator.speech({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', inputSpeechTokensPerMonth: 1 }).monthlyUsd).toBeUndefined();
  });

  test.each(['inputSpeechTokensPerMonth', 'outputSpeechTokensPerMonth', 'inputTokensPerMonth', 'outputTokensPerMonth'])('fails for a negative %s', (field) => {
    expect(() => calculator.speech({ ...SONIC, [field]: -1 })).toThrow(`${field} must be a number of 0 or more, got -1.`);
  });

  test('fails when nothing is given, and for a field that does not exist', () => {
    expect(() => calculator.speech(SONIC)).toThrow('one of inputSpeechTokensPerMonth, outputSpeechTokensPerMonth, inputTokensPerMonth, outputTokensPerMonth is required.');
    expect(() => calculator.speech({ ...SONIC, inputTokensPerMonth: 1, inputTokensPerRequest: 1 } as never)).toThrow('inputTokensPerRequest is not a known field. Did you mean inputTokensPerMonth?');
  });
});
