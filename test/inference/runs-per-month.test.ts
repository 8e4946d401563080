import { runsPerMonth } from '../../src/inference/runs-per-month';

test.each([
  // 730 / 24 = 30.4167 days, rounded up
  ['cron(0 2 * * ? *)', 30.42],
  ['rate(1 day)', 30.42],
  ['rate(12 hours)', 60.84],
  ['rate(1 hour)', 730],
  ['rate(30 minutes)', 1_460],
  // 4 times an hour in 11 hours
  ['cron(0/15 8-18 * * ? *)', 1_338.34],
  // 261 of the 365 days of 2027 are weekdays: 261 / 365 x 30.4167 = 21.75
  ['cron(0 2 ? * MON-FRI *)', 21.75],
  ['cron(0 2 ? * 2-6 *)', 21.75],
  // 52 Sundays: 4.3333, rounded up
  ['cron(0 2 ? * 1 *)', 4.34],
  // 12 of 365
  ['cron(0 2 L * ? *)', 1],
  ['cron(0 2 1 * ? *)', 1],
  ['cron(0 2 ? * 6#3 *)', 1],
  ['cron(0 2 15W * ? *)', 1],
  // 2 x 12 of 365
  ['cron(0,30 2 1 * ? *)', 2],
])('%s starts %d times in a month of 730 hours', (expression, runs) => {
  expect(runsPerMonth(expression, 730)).toBe(runs);
});

test.each([['at(2026-01-01T00:00:00)'], ['cron(0 2 * * ? 2026)'], ['cron(0 2 * * ?)'], ['cron(x 2 * * ? *)'], ['every day']])('%s has no number of starts in an average month', (expression) => {
  expect(runsPerMonth(expression, 730)).toBeUndefined();
});
