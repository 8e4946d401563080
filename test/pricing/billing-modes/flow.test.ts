import { calculator, exact } from './calculators';

describe('a flow', () => {
  test.each([[0, '0'], [1, '0.000035'], [1000, '0.035'], [1_000_000, '35']])('of %d node transitions costs $%s', (nodeTransitionsPerMonth, monthlyUsd) => {
    // 0.035 a thousand (quoted 2025-02-01)
    expect(exact(calculator.flow({ region: 'us-east-1', nodeTransitionsPerMonth })).monthlyUsd).toBe(monthlyUsd);
  });

  test('is a missing price in a region without one', () => {
    expect(calculator.flow({ region: 'eu-west-1', nodeTransitionsPerMonth: 1 }).missingPrices[0].hint).toContain('us-east-1');
  });

  test.each([-1, NaN, undefined])('fails for %p transitions', (nodeTransitionsPerMonth) => {
    expect(() => calculator.flow({ region: 'us-east-1', nodeTransitionsPerMonth: nodeTransitionsPerMonth as number })).toThrow('nodeTransitionsPerMonth');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.flow({ nodeTransitionsPerMonth: 1, transitions: 1 } as never)).toThrow('transitions is not a known field. Did you mean nodeTransitionsPerMonth?');
  });
});
