import { execFileSync } from 'child_process';
import { join } from 'path';
import { measurePricing } from '../bench/pricing';

test('the app that is measured runs, and every function that is measured exists', () => {
  const request = JSON.stringify({ others: 1, ours: 3 });
  const output = execFileSync(process.execPath, [join(__dirname, '../bench/app.js'), request], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CDK_VALIDATION: 'false' } });
  const { wall, own } = JSON.parse(output);
  expect(own).toBeGreaterThan(0);
  expect(wall).toBeGreaterThan(own);
});

test.each(['none', 'profile', 'budget'])('the small app runs: %s', (kind) => {
  execFileSync(process.execPath, [join(__dirname, '../bench/small-app.js'), kind], { stdio: 'ignore', env: { ...process.env, CDK_VALIDATION: 'false' } });
});

test('every row of pricing is measured with the methods that the library has', () => {
  for (const { what, measured } of measurePricing(10)) expect([what, measured > 0 && Number.isFinite(measured)]).toEqual([what, true]);
});
