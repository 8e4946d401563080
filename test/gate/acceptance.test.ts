import { acceptanceEffect, acceptanceStatus } from '../../src/gate/acceptance';
import { decimal } from '../../src/pricing/decimal';

describe('the status of an acceptance up to $700.00 through 2026-12-31', () => {
  const acceptance = { maxMonthlyUsd: '700', expires: '2026-12-31' };
  test.each([
    ['660', '2026-12-31', 'holds'],
    ['700', '2026-12-31', 'holds'],
    ['700.0001', '2026-12-31', 'outgrown'],
    ['660', '2027-01-01', 'expired'],
    ['701', '2027-01-01', 'expired'],
    ['660', undefined, 'holds'],
    ['701', undefined, 'outgrown'],
  ])('at %s dollars on %s: %s', (cost, today, status) => {
    expect(acceptanceStatus(acceptance, decimal(cost), today)).toBe(status);
  });

  test('without a ceiling and a last day always holds', () => {
    expect(acceptanceStatus({ maxMonthlyUsd: null, expires: null }, decimal('5940000'), '2099-01-01')).toBe('holds');
  });
});

describe('the effect of an acknowledgement', () => {
  const own = { reason: 'launch', owner: 'platform', maxMonthlyUsd: '700', expires: '2026-12-31' };
  const ofCdk = { reason: 'launch', owner: null, maxMonthlyUsd: null, expires: null };
  const unknownCost = { path: 'Chat/Typo', reason: 'no price', fix: 'change the model id' };
  test.each([
    ['own', own, 'over', 0, 'ACKNOWLEDGEABLE', 'FAIL', 'accepted'],
    ['own', own, 'over', 0, 'WARN', 'WARN', 'accepted'],
    ['own', own, 'over', 0, 'BLOCK', 'FAIL', 'none'],
    ['own', own, 'over', 1, 'ACKNOWLEDGEABLE', 'FAIL', 'incomplete'],
    ['own', own, 'over', 1, 'ACKNOWLEDGEABLE', 'WARN', 'incomplete'],
    ['own', own, 'over', 1, 'ACKNOWLEDGEABLE', 'IGNORE', 'accepted'],
    ['own', own, 'unknown', 1, 'ACKNOWLEDGEABLE', 'FAIL', 'none'],
    ['own', own, 'near', 0, 'ACKNOWLEDGEABLE', 'FAIL', 'none'],
    ['own', own, 'ok', 0, 'ACKNOWLEDGEABLE', 'FAIL', 'none'],
    ['of CDK', ofCdk, 'over', 1, 'ACKNOWLEDGEABLE', 'FAIL', 'accepted'],
    ['of CDK', ofCdk, 'unknown', 1, 'ACKNOWLEDGEABLE', 'FAIL', 'accepted'],
    ['of CDK', ofCdk, 'over', 0, 'BLOCK', 'FAIL', 'none'],
    ['none', null, 'over', 0, 'ACKNOWLEDGEABLE', 'FAIL', 'none'],
  ] as const)('%s: %p on %s with %i unknown costs, %s and %s is %s', (_, acknowledgement, status, unknown, enforcement, onMissingPrice, effect) => {
    const judgement = { status, known: decimal('660'), unknown: Array.from({ length: unknown }, () => unknownCost) };
    expect(acceptanceEffect(acknowledgement, judgement, { enforcement, onMissingPrice }, '2026-12-01')).toBe(effect);
  });
});
