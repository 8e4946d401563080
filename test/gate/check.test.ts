import { ReportJson, ResourceJson } from '../../src/cost-report/report-json';
import { checkReport } from '../../src/gate/check';
import { MESSAGES } from '../../src/messages';
import { addedUp, BUDGET, CAPACITY, sampleReport, UNKNOWN } from '../cost-report/sample-report';

const OVER = { ...BUDGET, limitUsd: '30000', status: 'over' } as const;

test('a report whose budgets are ok and whose prices are known passes without a word', () => {
  const report = sampleReport();
  expect(checkReport(report, { onMissingPrice: 'fail' })).toEqual({ schemaVersion: '1', passed: true, failures: [], warnings: [], totals: report.totals });
});

test('fails for a budget that is over, with cost, limit and excess', () => {
  const { passed, failures } = checkReport(sampleReport([CAPACITY], [OVER]), { onMissingPrice: 'fail' });
  expect(passed).toBe(false);
  // $30,922.80 - $30,000.00 = $922.80
  expect(failures).toEqual([expect.objectContaining({
    id: 'bedrock-cost-budget-exceeded', path: 'App/Chat/Budget', message: '$30,922.80 a month is $922.80 over the limit of $30,000.00 of App/Chat/Budget.',
  })]);
});

test('a budget that is over only warns when its enforcement is WARN', () => {
  const { passed, failures, warnings } = checkReport(sampleReport([CAPACITY], [{ ...OVER, enforcement: 'WARN' }]), { onMissingPrice: 'fail' });
  expect({ passed, failures }).toEqual({ passed: true, failures: [] });
  expect(warnings).toEqual([expect.objectContaining({ id: MESSAGES.budgetExceeded.id, message: '$30,922.80 a month is $922.80 over the limit of $30,000.00 of App/Chat/Budget.' })]);
});

/** By CDK, without a ceiling. */
const OF_CDK = { reason: 'agreed', owner: null, maxMonthlyUsd: null, expires: null };

describe('an acknowledged budget', () => {
  // Known: $30,922.80, limit: $30,000.00.
  const ACCEPTED = { reason: 'launch month', owner: 'platform', maxMonthlyUsd: '31000', expires: '2026-12-31' };
  const check = (acknowledgement: object, today?: string, more: object = {}, resources: readonly ResourceJson[] = [CAPACITY]) =>
    checkReport(sampleReport(resources, [{ ...OVER, acknowledged: true, acknowledgement: { ...ACCEPTED, ...acknowledgement }, ...more }]), { today });
  const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => id);

  test('passes, with reason, owner, ceiling and last day', () => {
    const { passed, warnings } = check({});
    expect({ passed, said: warnings.map(({ id, message }) => [id, message]) }).toEqual({
      passed: true,
      said: [['bedrock-cost-budget-accepted', '$30,922.80 a month is $922.80 over the limit of $30,000.00 of App/Chat/Budget; '
        + 'accepted by platform up to $31,000.00 a month until 2026-12-31: launch month.']],
    });
  });

  test('of CDK passes with its reason', () => {
    const { passed, warnings } = check(OF_CDK, '2026-11-30');
    expect({ passed, said: warnings.map(({ message }) => message) }).toEqual({ passed: true, said: [expect.stringMatching(/; accepted without a ceiling or a last day: agreed\.$/)] });
  });

  test.each([['2026-12-30', true], ['2026-12-31', true], ['2027-01-01', false], [undefined, true]])('whose last day is 2026-12-31 passes on %p: %p', (today, passed) => {
    expect(check({}, today).passed).toBe(passed);
  });

  // $30,922.80 exactly is accepted; a hundredth of a cent less is not.
  test.each([['30922.8', true], ['30922.80', true], ['30922.7999', false], ['30923', true]])('with a ceiling of %s passes: %p', (maxMonthlyUsd, passed) => {
    expect(check({ maxMonthlyUsd }).passed).toBe(passed);
  });

  test('fails past the last day, and states the excess', () => {
    // 2027-01-03 is 3 days after 2026-12-31.
    expect(check({}, '2027-01-03').failures).toEqual([expect.objectContaining({
      id: 'bedrock-cost-budget-exceeded',
      path: 'App/Chat/Budget',
      message: expect.stringMatching(/ \$922\.80 over the limit of \$30,000\.00 of App\/Chat\/Budget; the acceptance by platform ended on 2026-12-31, 3 days before 2027-01-03\.$/),
      fix: expect.stringContaining('set a later expires in acknowledge()'),
    })]);
  });

  test('fails past the ceiling, and states the excess', () => {
    // $30,922.80 - $30,500.00 = $422.80
    expect(check({ maxMonthlyUsd: '30500' }, '2026-12-01').failures).toEqual([expect.objectContaining({
      id: 'bedrock-cost-budget-exceeded',
      message: expect.stringMatching(/; the acceptance by platform has a ceiling of \$30,500\.00 a month, which the cost exceeds by \$422\.80\.$/),
      fix: expect.stringContaining('set a higher maxMonthlyUsd in acknowledge()'),
    })]);
  });

  test('past both names both', () => {
    expect(check({ maxMonthlyUsd: '30922.7999' }, '2027-01-01').failures[0].message)
      .toMatch(/ended on 2026-12-31, 1 day before 2027-01-01 and has a ceiling of \$30,922\.7999 a month, which the cost exceeds by \$0\.0001\.$/);
  });

  test('fails with enforcement BLOCK', () => {
    expect([check({}, undefined, { enforcement: 'BLOCK' }).passed, check(OF_CDK, undefined, { enforcement: 'BLOCK' }).passed]).toEqual([false, false]);
  });

  test('fails where it did not hold at synth', () => {
    expect(check({}, undefined, { acknowledged: false }).passed).toBe(false);
  });

  test('fails where the report states another status', () => {
    expect(check({}, undefined, { status: 'ok' }).passed).toBe(false);
  });

  test.each([['FAIL', undefined, false], ['WARN', undefined, true], ['IGNORE', undefined, true], ['IGNORE', 'fail', false], ['FAIL', 'ignore', true]] as const)(
    'with an unknown cost, onMissingPrice %s and the option %s passes: %p', (onMissingPrice, option, passed) => {
      const report = sampleReport([CAPACITY, UNKNOWN], [{ ...OVER, acknowledged: true, acknowledgement: ACCEPTED, onMissingPrice }]);
      const result = checkReport(report, { onMissingPrice: option });
      expect(result.passed).toBe(passed);
      if (!passed) {
        expect(ids(result.failures)).toEqual([MESSAGES.budgetIncomplete.id, MESSAGES.missingPrice.id]);
        expect(result.failures[0].message).toContain('only $30,922.80 a month is known, the limit is $30,000.00, up to $31,000.00 is accepted, and the cost of 1 of 2 resources is unknown, not $0');
      }
    });

  test('that cannot be checked is not accepted up to a ceiling, which it may exceed', () => {
    const unknown = { status: 'unknown', limitUsd: '40000' };
    expect(check({ maxMonthlyUsd: '50000' }, undefined, unknown, [CAPACITY, UNKNOWN]).passed).toBe(false);
    expect(check(OF_CDK, undefined, unknown, [CAPACITY, UNKNOWN]).passed).toBe(true);
  });

  test.each([undefined, null])('whose acknowledgement is %p contradicts itself', (acknowledgement) => {
    expect(() => checkReport(sampleReport([CAPACITY], [{ ...OVER, acknowledged: true, acknowledgement }]), {})).toThrow('budgets[0].acknowledged must be false where there is no acknowledgement, got true.');
  });

  // 366 days after 2026-12-31 is 2028-01-01: 365 days of 2027, and one more.
  test.each([['2028-01-01', true], ['2028-01-02', false]])('until %s is not too far ahead on 2026-12-31: %p', (expires, allowed) => {
    const judged = expect(() => check({ expires }, '2026-12-31'));
    if (allowed) judged.not.toThrow(); else judged.toThrow('budgets[0].acknowledgement.expires must be a day that is at most 366 days after 2026-12-31, got "2028-01-02".');
  });
});

test('fails for a budget whose amounts exceed the limit although its status is not over', () => {
  expect(checkReport(sampleReport([CAPACITY], [{ ...OVER, status: 'ok' }]), { onMissingPrice: 'fail' }).passed).toBe(false);
});

test('a budget that is near its limit only warns', () => {
  const { passed, warnings } = checkReport(sampleReport([CAPACITY], [{ ...BUDGET, status: 'near' }]), { onMissingPrice: 'fail' });
  expect({ passed, ids: warnings.map(({ id }) => id) }).toEqual({ passed: true, ids: ['bedrock-cost-budget-near'] });
});

test.each([
  ['30922.79', false],
  ['30922.7999999999999999999', false],
  ['30922.8', true],
  ['30922.80', true],
  ['30922.81', true],
  ['0', false],
])('a limit of %s dollars for known costs of 30922.8 passes: %s', (maxMonthlyUsd, passed) => {
  expect(checkReport(sampleReport(), { maxMonthlyUsd, onMissingPrice: 'fail' }).passed).toBe(passed);
});

test('fails with all digits where rounding would hide the excess', () => {
  const { failures } = checkReport(sampleReport(), { maxMonthlyUsd: '30922.7999', onMissingPrice: 'fail' });
  expect(failures[0].message).toBe('The known costs of the app, $30,922.8000 a month, exceed the limit of $30,922.7999 by $0.0001.');
});

describe('an unknown cost', () => {
  const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => id);
  // The budget that covers it cannot be checked, and the resource has no known cost.
  const both = [MESSAGES.budgetIncomplete.id, MESSAGES.missingPrice.id];

  test.each([
    ['fail', 'IGNORE', both, []],
    ['warn', 'FAIL', [], both],
    ['ignore', 'FAIL', [], []],
    [undefined, 'FAIL', both, []],
    [undefined, 'WARN', [], both],
    [undefined, 'IGNORE', [], []],
  ] as const)('with --on-missing-price %s and a budget of %s', (option, onMissingPrice, failed, warned) => {
    const { passed, failures, warnings } = checkReport(sampleReport([CAPACITY, UNKNOWN], [{ ...BUDGET, status: 'unknown', onMissingPrice }]), { onMissingPrice: option });
    expect({ passed, failures: ids(failures), warnings: ids(warnings) }).toEqual({ passed: failed.length === 0, failures: failed, warnings: warned });
  });

  test.each([
    ['a report that does not state it', 'ACKNOWLEDGEABLE', false],
    ['a report that does not state it, with enforcement WARN', 'WARN', true],
  ])('is judged by the default in %s', (_, enforcement, passed) => {
    expect(checkReport(sampleReport([CAPACITY, UNKNOWN], [{ ...BUDGET, status: 'unknown', enforcement }]), {}).passed).toBe(passed);
  });

  test('fails where no budget covers it', () => {
    const elsewhere = { ...UNKNOWN, path: 'App/Other/Draft' };
    expect(ids(checkReport(sampleReport([CAPACITY, UNKNOWN], []), {}).failures)).toEqual([MESSAGES.missingPrice.id]);
    const report = { ...sampleReport([CAPACITY, UNKNOWN]), resources: [CAPACITY, elsewhere] };
    expect(ids(checkReport(report, {}).failures)).toEqual([MESSAGES.missingPrice.id]);
  });

  test('takes the strictest of the budgets that cover it', () => {
    const budgets = ['IGNORE', 'FAIL', 'WARN'].map((onMissingPrice) => ({ ...BUDGET, path: `App/Chat/${onMissingPrice}`, onMissingPrice }));
    expect(checkReport(sampleReport([CAPACITY, UNKNOWN], budgets), {}).failures.map(({ id, path }) => [id, path])).toEqual([
      [MESSAGES.budgetIncomplete.id, 'App/Chat/FAIL'], [MESSAGES.missingPrice.id, 'App/Chat/Draft'],
    ]);
  });

  test.each([['FAIL', false], ['WARN', true], ['IGNORE', true]])('is judged by a budget of %s that does not state what it covers', (onMissingPrice, passed) => {
    const { covers: _, ...budget } = { ...BUDGET, status: 'unknown' as const, onMissingPrice };
    expect(checkReport(sampleReport([CAPACITY, UNKNOWN], [budget]), {}).passed).toBe(passed);
  });

  test('fails although the status of the budget is ok', () => {
    expect(checkReport(sampleReport([CAPACITY, UNKNOWN], [{ ...BUDGET, status: 'ok', onMissingPrice: 'FAIL' }]), {}).passed).toBe(false);
  });

  test('fails for a status unknown that no resource explains', () => {
    const { passed, failures } = checkReport(sampleReport([CAPACITY], [{ ...BUDGET, status: 'unknown', onMissingPrice: 'FAIL' }]), {});
    expect({ passed, fixes: failures.map(({ fix }) => fix) }).toEqual({ passed: false, fixes: [expect.stringContaining('synthesize the app again')] });
  });

  test('only warns when the budget acknowledges it', () => {
    const { passed, warnings } = checkReport(sampleReport([CAPACITY, UNKNOWN], [{ ...BUDGET, status: 'unknown', onMissingPrice: 'FAIL', acknowledged: true, acknowledgement: OF_CDK }]), {});
    expect({ passed, warnings: ids(warnings) }).toEqual({ passed: true, warnings: [MESSAGES.budgetAccepted.id, MESSAGES.missingPrice.id] });
  });

  test('fails with the estimate, the limit, the unknown cost and its fix, never with $0', () => {
    const [budget, resource] = checkReport(sampleReport([CAPACITY, UNKNOWN]), {}).failures;
    expect(budget).toMatchObject({
      path: 'App/Chat/Budget',
      message: 'App/Chat/Budget cannot be checked: only $30,922.80 a month is known, the limit is $40,000.00, and the cost of 1 of 2 resources is unknown, not $0.',
      fix: 'App/Chat/Draft: no price for input tokens of amazon.nova-prow-v1:0 (in-region) in us-west-2. To make it known: change the model id to amazon.nova-pro-v1:0, or give a rate of your own.',
    });
    expect(resource).toMatchObject({
      path: 'App/Chat/Draft',
      message: 'The cost is unknown, not $0: no price for input tokens of amazon.nova-prow-v1:0 (in-region) in us-west-2.',
      fix: 'Change the model id to amazon.nova-pro-v1:0, or give a rate of your own.',
    });
  });

  test('of a region that was only assumed fails under a budget and with a limit, and warns in an estimate', () => {
    const assumed = { ...CAPACITY, regionAssumed: true };
    const fix = "Set env.region on the stack App/Chat, or the context key 'cdk-bedrock-cost:region'.";
    expect(checkReport(sampleReport([assumed]), {}).failures).toContainEqual(expect.objectContaining({ id: MESSAGES.missingPrice.id, fix }));
    expect(checkReport(sampleReport([assumed], []), { maxMonthlyUsd: '99999' }).failures).toContainEqual(expect.objectContaining({ id: MESSAGES.missingPrice.id, fix }));
    const { passed, warnings } = checkReport(sampleReport([assumed], []), {});
    expect({ passed, warnings: ids(warnings) }).toEqual({ passed: true, warnings: [MESSAGES.missingPrice.id] });
  });

  test('of a template that was changed fails under a budget', () => {
    const { failures } = checkReport(sampleReport([{ ...CAPACITY, templateDiffers: 'modelUnits is 20 in the template, and 2 were priced' }]), {});
    expect(ids(failures)).toEqual(both);
  });
});

test('a budget that covers no priced construct warns, and is not ok', () => {
  const { passed, warnings } = checkReport(sampleReport([CAPACITY], [{ ...BUDGET, covers: 'App/Chat/Cap', estimatedUsd: '0' }]), {});
  expect({ passed, ids: warnings.map(({ id }) => id) }).toEqual({ passed: true, ids: ['bedrock-cost-budget-covers-nothing'] });
});

test.each([
  ['less than', '0'],
  ['a little less than', '30922.79'],
  ['more than', '30922.81'],
])('fails as an invalid report when the total is %s the sum of the resources', (_, knownMonthlyUsd) => {
  const report = sampleReport();
  // 2 x 730 x $21.18 = $30,922.80
  expect(() => checkReport({ ...report, totals: { ...report.totals, knownMonthlyUsd } }, { onMissingPrice: 'ignore' }))
    .toThrow(`totals.knownMonthlyUsd must be "30922.8", the sum over the resources, got "${knownMonthlyUsd}". Synthesize the app again.`);
});

test('a total must be the exact sum of the resources in any decimal notation', () => {
  const report = addedUp(sampleReport(['0.1', '0.2'].map((usd, i) => ({ ...CAPACITY, path: `App/Chat/${i}`, lineItems: [{ ...CAPACITY.lineItems[0], usd }] }))));
  expect(checkReport({ ...report, totals: { ...report.totals, knownMonthlyUsd: '0.30', monthlyUsd: '0.300' } }, { onMissingPrice: 'fail' }).passed).toBe(true);
});

test('fails for an unknown total that no resource explains', () => {
  const report = sampleReport();
  expect(checkReport({ ...report, totals: { ...report.totals, monthlyUsd: null } }, { onMissingPrice: 'fail' }).passed).toBe(false);
});

describe('fails as an invalid report', () => {
  const refusal = (report: ReportJson) => expect(() => checkReport(report, { onMissingPrice: 'ignore' }));

  test('when a resource costs less than its lines', () => {
    const cut = { ...CAPACITY, monthlyUsd: '1', knownMonthlyUsd: '1' };
    const report = sampleReport([cut]);
    refusal({ ...report, totals: { ...report.totals, monthlyUsd: '1', knownMonthlyUsd: '1' } })
      .toThrow('resources[0].knownMonthlyUsd must be "30922.8", the sum of its monthly lines, got "1". Synthesize the app again.');
    refusal(sampleReport([{ ...CAPACITY, monthlyUsd: '1' }])).toThrow('resources[0].monthlyUsd must be "30922.8", the sum of its monthly lines, got "1".');
  });

  test('but not for a line that is paid once', () => {
    const [line] = CAPACITY.lineItems;
    expect(checkReport(sampleReport([{ ...CAPACITY, lineItems: [line, { ...line, oneTime: true }] }]), {}).passed).toBe(true);
  });

  test('when a cost is known in spite of a missing price', () => {
    refusal(sampleReport([{ ...CAPACITY, missingPrices: UNKNOWN.missingPrices }])).toThrow('resources[0].monthlyUsd must be null, since prices are missing, got "30922.8".');
  });

  test('when the monthly total is not that of the resources', () => {
    const report = sampleReport();
    refusal({ ...report, totals: { ...report.totals, monthlyUsd: '1' } }).toThrow('totals.monthlyUsd must be "30922.8", the sum over the resources, got "1".');
    const unknown = sampleReport([CAPACITY, UNKNOWN]);
    refusal({ ...unknown, totals: { ...unknown.totals, monthlyUsd: '30922.8' } }).toThrow('totals.monthlyUsd must be null, as resources[1].monthlyUsd, got "30922.8".');
  });

  test('when a budget is over with an estimate within its limit', () => {
    refusal(sampleReport([CAPACITY], [{ ...BUDGET, status: 'over' }]))
      .toThrow('budgets[0].estimatedUsd must be more than limitUsd, "40000", where the status is "over", got "30922.8". Synthesize the app again.');
  });
});

describe('the age of the prices', () => {
  const [LINE] = CAPACITY.lineItems;
  type Day = string | null | { readonly asOf: string; readonly confirmed: string };
  /** A resource for each price, which was read on the given day. */
  const reportOf = (...days: readonly Day[]) => sampleReport(days.map((day, i) => ({
    ...CAPACITY,
    path: `App/Chat/Capacity${i}`,
    // The total of the sample is that of one resource.
    knownMonthlyUsd: i === 0 ? CAPACITY.knownMonthlyUsd : '0',
    monthlyUsd: i === 0 ? CAPACITY.monthlyUsd : '0',
    lineItems: [{ ...LINE, usd: i === 0 ? LINE.usd : '0', ...(typeof day === 'object' && day !== null ? day : { asOf: day }) }],
  })));
  const judge = (report: ReportJson, today: string, maxDays = 120, rest: object = {}) => checkReport(report, { onMissingPrice: 'fail', priceAge: { today, maxDays, ...rest } });

  // 2026-07-24 and 120 days: 7 of July, 31, 30, 31, and the 21st of November.
  test.each([['2026-07-24', 120, true], ['2026-11-21', 120, true], ['2026-11-22', 120, false], ['2026-07-25', 0, false], ['2026-07-24', 0, true], ['2026-07-23', 0, false]])(
    'of prices of 2026-07-24 on %s with a limit of %i days passes: %s', (today, maxDays, passed) => {
      expect(judge(reportOf('2026-07-24'), today, maxDays).passed).toBe(passed);
    });

  test('is that of the oldest price that was used, which is named with its resource', () => {
    // 365 days to 2026-02-01, 273 to 2026-11-01, and 21.
    const [failure] = judge(reportOf('2026-11-20', '2025-02-01', '2026-11-20'), '2026-11-22').failures;
    expect(failure).toMatchObject({
      id: 'bedrock-cost-prices-too-old',
      path: 'App/Chat/Capacity1',
      source: CAPACITY.source,
      message: 'The price of model unit hours, one-month commitment of cohere.embed-english-v3 ($21.18 per hour, aws) was last confirmed on 2025-02-01, '
        + '659 days before 2026-11-22; 120 days are allowed; 1 of 3 prices that were used is older than that.',
    });
    for (const way of ['Update cdk-bedrock-cost', 'prices refresh', '--max-price-age-days']) expect(failure.fix).toContain(way);
  });

  test('is counted from the day on which a source last confirmed the price', () => {
    const confirmed = reportOf({ asOf: '2025-02-01', confirmed: '2026-11-20' }, '2026-11-01');
    expect(judge(confirmed, '2026-11-22', 21).passed).toBe(true);
    // By the price of 2026-11-01, not by that of 2025.
    expect(judge(confirmed, '2026-11-22', 20).failures).toMatchObject([{ path: 'App/Chat/Capacity1' }]);
  });

  test('of a book whose other prices are newer makes no difference', () => {
    const report = { ...reportOf('2025-02-01'), priceBook: { asOf: '2026-11-22', sources: [] } };
    expect(judge(report, '2026-11-22').passed).toBe(false);
  });

  test('is that of a slow or busy month, too', () => {
    const report = sampleReport([{ ...CAPACITY, lineItems: [{ ...LINE, asOf: '2026-11-20' }], oldestPriceDate: '2025-02-01', newestPriceDate: '2026-11-20' }]);
    expect(judge(report, '2026-11-22').failures).toMatchObject([{ path: CAPACITY.path, message: expect.stringContaining('A price of cohere.embed-english-v3 in a slow or busy month was last confirmed on 2025-02-01, 659 days before 2026-11-22; 120 days are allowed; 1 of 2 prices that were used is older than that.') }]);
  });

  test('of the price book is judged where no price was used', () => {
    const report = { ...addedUp(sampleReport([{ ...CAPACITY, lineItems: [] }])), priceBook: { asOf: '2025-02-01', sources: [] } };
    expect(judge(report, '2026-11-22').failures).toMatchObject([{ path: '', message: expect.stringMatching(/^The newest price of the price book was last confirmed on 2025-02-01, 659 days before 2026-11-22; 120 days are allowed\./) }]);
  });

  describe('by the default limit', () => {
    const byDefault = (report: ReportJson, today = '2026-11-22') => judge(report, today, 120, { isDefault: true });

    test('warns of an old price', () => {
      const { passed, warnings } = byDefault({ ...reportOf('2025-02-01', '2026-11-20'), priceBook: { asOf: '2026-11-20', sources: [] } });
      expect({ passed, warnings }).toMatchObject({ passed: true, warnings: [{ id: 'bedrock-cost-prices-too-old', path: 'App/Chat/Capacity0' }] });
    });

    test('fails where every price is old', () => {
      const { passed, failures } = byDefault(reportOf('2025-02-01', '2026-07-24'));
      expect({ passed, failures }).toMatchObject({ passed: false, failures: [{ message: expect.stringMatching(/The price of model unit hours, one-month commitment of cohere\.embed-english-v3 \(\$21\.18 per hour, aws\) was last confirmed on 2026-07-24, 121 days before 2026-11-22; 120 days are allowed\. No price that was used is newer\.$/) }] });
    });
  });

  test.each([[null, 'no day'], ['last summer', '"last summer", which is no day of the calendar'], ['2026-02-30', '"2026-02-30", which is no day of the calendar']])(
    'of prices of %p is not known, which only warns', (asOf, states) => {
      const { passed, warnings } = judge(reportOf(asOf, '2026-11-20'), '2026-11-22');
      expect({ passed, said: warnings.map(({ id, path, message }) => [id, path, message]) }).toEqual({
        passed: true,
        said: [['bedrock-cost-prices-undated', 'App/Chat/Capacity0', 'The price of model unit hours, one-month commitment of cohere.embed-english-v3 ($21.18 per hour, aws) '
          + `states ${states}: its age is not known. 1 of 2 prices that were used state none.`]],
      });
    });

  test('of a rate that the user gave is not asked for', () => {
    const report = sampleReport([{ ...CAPACITY, lineItems: [LINE, { ...LINE, usd: '0', asOf: null, source: 'your own rate' }] }]);
    expect(judge(report, '2026-11-20').warnings).toEqual([]);
  });

  test.each<[string, Day]>([['read', '2027-01-01'], ['confirmed', { asOf: '2026-01-01', confirmed: '2027-01-01' }]])('of prices that were %s in the future fails, however old they may be', (_, day) => {
    const { passed, failures } = judge(reportOf(day), '2026-11-22', 100_000);
    expect(passed).toBe(false);
    expect(failures).toEqual([expect.objectContaining({
      id: 'bedrock-cost-prices-in-the-future', path: 'App/Chat/Capacity0', message: expect.stringMatching(/^The prices are dated in the future: the price of model unit hours, one-month commitment of cohere\.embed-english-v3 \(\$21\.18 per hour, aws\) was confirmed on 2027-01-01, which is after 2026-11-22\.$/),
    })]);
  });

  test('is not judged where no day is given', () => {
    expect(checkReport(reportOf('2001-01-01'), { onMissingPrice: 'fail' }).passed).toBe(true);
  });
});
