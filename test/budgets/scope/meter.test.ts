import { App, Stack } from 'aws-cdk-lib';
import { BedrockMetric } from '../../../src/aws/metrics';
import { Meter, MeteredEntry } from '../../../src/budgets/scope/meter';
import { env, SONNET } from '../synth';

const stack = new Stack(new App(), 'Stack', { env });
let reads = 0;
const entry = (usdPerMillion?: string) => ({
  construct: stack,
  model: SONNET,
  tokenMetrics: {
    modelId: SONNET,
    shared: true,
    region: env.region,
    metrics: [BedrockMetric.INPUT_TOKENS],
    get prices() {
      reads++;
      return usdPerMillion === undefined ? [] : [{ metric: BedrockMetric.INPUT_TOKENS, usdPerMillion }];
    },
  },
}) as unknown as MeteredEntry;

const stateOf = ({ isPriced, pricesDiffer, terms: [{ usdPerMillion }] }: Meter) => ({ isPriced, pricesDiffer, usdPerMillion });

test('a meter has the highest price of its entries so far, and $0 while none is known', () => {
  const meter = new Meter(entry());
  expect(stateOf(meter)).toEqual({ isPriced: false, pricesDiffer: false, usdPerMillion: '0' });
  const states = ['3.3', '3.3', '16.5', '9'].map((usd) => {
    meter.add(entry(usd));
    return stateOf(meter);
  });
  expect(states).toEqual([
    { isPriced: true, pricesDiffer: false, usdPerMillion: '3.3' },
    { isPriced: true, pricesDiffer: false, usdPerMillion: '3.3' },
    { isPriced: true, pricesDiffer: true, usdPerMillion: '16.5' },
    { isPriced: true, pricesDiffer: true, usdPerMillion: '16.5' },
  ]);
});

test('the prices of each entry are read once, although the meter is read after each of thousands', () => {
  reads = 0;
  const meter = new Meter(entry('3.3'));
  for (let i = 1; i < 1_000; i++) {
    meter.add(entry('3.3'));
    stateOf(meter);
  }
  expect(reads).toBe(1_000);
});
