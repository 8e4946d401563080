import { decimal, toText } from '../../src/pricing/decimal';
import { otherServiceUsd } from '../../src/pricing/other-services';

test.each([
  // $0.025 per 1,000
  ['step-functions-transition', 25_980, '0.6495'],
  // $1.00 per 1,000,000
  ['scheduler-invocation', 30, '0.00003'],
  // $2.00 per 100,000
  ['sns-email', 1, '0.00002'],
  // $0.10 each
  ['cloudwatch-alarm-metric', 3, '0.3'],
  // $0.0000166667 each
  ['lambda-gb-second', 7, '0.0001166669'],
  ['step-functions-transition', 0, '0'],
] as const)('%s x %d costs exactly $%s', (key, quantity, usd) => {
  expect(toText(otherServiceUsd(key, decimal(quantity)))).toBe(usd);
});
