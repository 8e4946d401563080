import { App, Lazy, Stack, Stage, Token, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IConstruct } from 'constructs';
import { env, SONNET, traffic, refusalOf } from './synth';
import { BudgetAcknowledgement } from '../../src/budgets/budget-acknowledgement';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, CostBudgetProps, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { parseReport } from '../../src/cost-report/parse-report';
import { checkReport } from '../../src/gate/check';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';

const ACCEPTED = { reason: 'launch month', owner: 'platform', maxMonthlyUsd: 700, expires: '2026-12-31' };

// CDK prints its findings when a unit test synthesizes.
beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

/** A stack that costs $660.00 a month under a limit of $500.00. */
function appOf({ today, ...props }: Partial<CostBudgetProps> & { readonly today?: string } = {}) {
  const app = new App({ context: today === undefined ? {} : { 'cdk-bedrock-cost:today': today } });
  const stack = new Stack(app, 'Chat', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 500, emailAddresses: ['team@example.com'], ...props });
  traffic(stack);
  return { app, stack, budget };
}

describe('acknowledge()', () => {
  test('accepts an overrun, and shows reason, owner, ceiling and last day on screen and in the report', () => {
    const { app, stack, budget } = appOf();
    expect(refusalOf(appOf().stack)).toContain('$660.00 a month is $160.00 over the limit of $500.00');
    budget.acknowledge(ACCEPTED);
    expect(refusalOf(stack)).toBe('');
    // $660.00 - $500.00 = $160.00
    const text = '$660.00 a month is $160.00 over the limit of $500.00 of Chat/Budget; accepted by platform up to $700.00 a month until 2026-12-31: launch month.';
    Annotations.fromStack(stack).hasInfo('/Chat/Budget', `${text} [ack: bedrock-cost-budget-accepted]`);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    const report = buildReport(app);
    expect(report.budgets).toMatchObject([{ status: 'over', acknowledged: true, acknowledgement: { ...ACCEPTED, maxMonthlyUsd: '700' } }]);
    expect(report.findings).toContainEqual(expect.objectContaining({ id: 'bedrock-cost-budget-accepted', severity: 'info', message: text }));
    expect(checkReport(report, {}).passed).toBe(true);
  });

  // $660.00 a month, and 2026-12-31 is the last day.
  test.each<[string, Partial<BudgetAcknowledgement>, string | undefined, string]>([
    ['at the ceiling', { maxMonthlyUsd: 660 }, undefined, ''],
    ['on the last day', {}, '2026-12-31', ''],
    ['without a day, long after', { expires: '2001-01-01' }, undefined, ''],
    ['past the ceiling', { maxMonthlyUsd: 659.99 }, undefined, 'the acceptance by platform has a ceiling of $659.99 a month, which the cost exceeds by $0.01'],
    ['past the ceiling by less than a cent', { maxMonthlyUsd: 659.996 }, undefined, 'has a ceiling of $659.996 a month, which the cost exceeds by $0.004'],
    ['past the last day', {}, '2027-01-01', 'the acceptance by platform ended on 2026-12-31, 1 day before 2027-01-01'],
    ['past both', { maxMonthlyUsd: 600 }, '2027-01-31', 'ended on 2026-12-31, 31 days before 2027-01-31 and has a ceiling of $600.00 a month, which the cost exceeds by $60.00'],
  ])('%s', (_, differs, today, text) => {
    const { app, stack, budget } = appOf({ today });
    budget.acknowledge({ ...ACCEPTED, ...differs });
    const refusal = refusalOf(stack);
    if (text === '') expect(refusal).toBe(''); else expect(refusal).toContain(text);
    const report = buildReport(app);
    expect(report.budgets).toMatchObject([{ acknowledged: text === '', acknowledgement: { reason: 'launch month' } }]);
    expect(checkReport(report, { today }).passed).toBe(text === '');
  });

  test.each([
    [undefined, false], [MissingPricePolicy.WARN, true], [MissingPricePolicy.IGNORE, true],
  ])('leaves an unknown cost to onMissingPrice %s', (onMissingPrice, passes) => {
    const { app, stack, budget } = appOf({ onMissingPrice });
    traffic(stack, 'Typo', 'us.anthropic.claude-sonet-4-6');
    budget.acknowledge(ACCEPTED);
    const refusal = refusalOf(stack);
    expect(refusal === '').toBe(passes);
    if (!passes) expect(refusal).toContain('Chat/Budget cannot be checked: only $660.00 a month is known, the limit is $500.00, up to $700.00 is accepted, and the cost of 1 of 2 resources is unknown, not $0');
    expect(checkReport(buildReport(app), {}).passed).toBe(passes);
  });

  test('does not accept a budget that cannot be checked', () => {
    const { app, stack, budget } = appOf({ monthlyLimitUsd: 690 });
    traffic(stack, 'Typo', 'us.anthropic.claude-sonet-4-6');
    budget.acknowledge(ACCEPTED);
    expect(refusalOf(stack)).toContain('Chat/Budget cannot be checked');
    expect(checkReport(buildReport(app), {}).passed).toBe(false);
  });

  test('is not extended by an acknowledgement of CDK', () => {
    const { app, stack, budget } = appOf();
    budget.acknowledge({ ...ACCEPTED, maxMonthlyUsd: 600 });
    Validations.of(stack).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: 'agreed' });
    expect(refusalOf(stack)).toMatch(/which the cost exceeds by \$60\.00[^]*the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on Chat has no effect/);
    expect(checkReport(buildReport(app), {}).passed).toBe(false);
  });

  test.each(['app', 'stack', 'budget', 'part', 'resource'] as const)('is not extended by an acknowledgement of CDK on the %s, nor on every stack', (level) => {
    const { app, stack, budget } = appOf();
    const other = new Stack(app, 'Other', { env });
    const all = new CostBudget(other, 'All', { monthlyLimitUsd: 500, covers: app, emailAddresses: ['team@example.com'] });
    budget.acknowledge(ACCEPTED);
    all.acknowledge({ ...ACCEPTED, maxMonthlyUsd: 600 });
    const acknowledge = (...scopes: IConstruct[]) => scopes.forEach((scope) => Validations.of(scope).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: 'agreed' }));
    const part = stack.node.findAll().find(({ node }) => node.path === `${stack.node.path}/Traffic`)!;
    acknowledge(...{ app: [app], stack: [stack, other], budget: [all], part: [part, other], resource: [stack, all.node.defaultChild!] }[level]);
    expect(refusalOf(stack)).toMatch(/Other\/All; the acceptance by platform has a ceiling of \$600\.00 a month[^]* has no effect: acknowledge\(\) of the budget sets the ceiling/);
    expect(checkReport(buildReport(app), {}).passed).toBe(false);
  });

  test('is not replaced by an acknowledgement of CDK where a cost is unknown', () => {
    for (const monthlyLimitUsd of [500, 690]) {
      const { app, stack, budget } = appOf({ monthlyLimitUsd });
      traffic(stack, 'Typo', 'us.anthropic.claude-sonet-4-6');
      budget.acknowledge(ACCEPTED);
      Validations.of(app).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-incomplete', reason: 'agreed' });
      expect(refusalOf(stack)).toContain('Chat/Budget cannot be checked');
    }
  });

  test('can follow a call that was refused', () => {
    const { stack, budget } = appOf();
    budget.acknowledge({ ...ACCEPTED, owner: '' });
    budget.acknowledge(ACCEPTED);
    expect(refusalOf(stack)).toContain('acknowledge.owner must not be blank');
    expect(refusalOf(stack)).not.toContain('must be called once');
  });

  test('is also in the report of a budget that is not exceeded', () => {
    const { app, budget } = appOf({ monthlyLimitUsd: 690 });
    budget.acknowledge(ACCEPTED);
    expect(buildReport(app).budgets).toMatchObject([{ status: 'near', acknowledged: false, acknowledgement: { owner: 'platform' } }]);
  });

  test('is refused with enforcement BLOCK', () => {
    const { stack, budget } = appOf({ enforcement: BudgetEnforcement.BLOCK, monthlyLimitUsd: 1_000 });
    budget.acknowledge(ACCEPTED);
    expect(refusalOf(stack)).toContain('bedrock-cost-invalid-input: acknowledge has no effect with enforcement BLOCK, which always fails. '
      + 'Set enforcement to BudgetEnforcement.ACKNOWLEDGEABLE, or raise monthlyLimitUsd.');
  });

  const { reason: _, ...withoutReason } = ACCEPTED;
  test.each<[unknown, string]>([
    [undefined, 'acknowledge must be called with reason, owner, maxMonthlyUsd and expires, got undefined. Pass all four.'],
    [withoutReason, 'acknowledge.reason is required. State why the overrun is accepted.'],
    [{ ...ACCEPTED, reason: '' }, 'acknowledge.reason must not be blank, got "". State why the overrun is accepted.'],
    [{ ...ACCEPTED, reason: ' \n' }, 'acknowledge.reason must not be blank, got " \\n".'],
    [{ ...ACCEPTED, reason: '\u200b\u2060' }, 'acknowledge.reason must not be blank'],
    [{ ...ACCEPTED, reason: 5 }, 'acknowledge.reason must be a string, got 5.'],
    [{ ...ACCEPTED, owner: '' }, 'acknowledge.owner must not be blank, got "". Name the person or team that accepts the overrun.'],
    [{ ...ACCEPTED, owner: Lazy.string({ produce: () => 'x' }) }, 'acknowledge.owner must be known at synth, got a token.'],
    [{ ...ACCEPTED, maxMonthlyUsd: undefined }, 'acknowledge.maxMonthlyUsd is required.'],
    [{ ...ACCEPTED, maxMonthlyUsd: 0 }, 'acknowledge.maxMonthlyUsd must be a number above 0, got 0.'],
    [{ ...ACCEPTED, maxMonthlyUsd: NaN }, 'acknowledge.maxMonthlyUsd must be a number above 0, got NaN.'],
    [{ ...ACCEPTED, maxMonthlyUsd: Infinity }, 'acknowledge.maxMonthlyUsd must be a number above 0, got Infinity.'],
    [{ ...ACCEPTED, maxMonthlyUsd: '700' }, 'acknowledge.maxMonthlyUsd must be a number above 0, got "700".'],
    [{ ...ACCEPTED, maxMonthlyUsd: Token.asNumber({ Ref: 'Max' }) }, 'acknowledge.maxMonthlyUsd must be known at synth, got a token.'],
    [{ ...ACCEPTED, maxMonthlyUsd: 499.99 }, 'acknowledge.maxMonthlyUsd must not be below the limit of $500.00, got 499.99.'],
    [{ ...ACCEPTED, expires: undefined }, 'acknowledge.expires is required.'],
    [{ ...ACCEPTED, expires: '2026-02-30' }, 'acknowledge.expires must be a day of the calendar as YYYY-MM-DD, got "2026-02-30".'],
    [{ ...ACCEPTED, expires: '2026-12-31T00:00:00Z' }, 'acknowledge.expires must be a day of the calendar as YYYY-MM-DD'],
    [{ ...ACCEPTED, expires: 20261231 }, 'acknowledge.expires must be a day of the calendar as YYYY-MM-DD, got 20261231.'],
    // 366 days after 2026-11-30 is 2027-12-01.
    [{ ...ACCEPTED, expires: '2027-12-02' }, 'acknowledge.expires must be at most 366 days after 2026-11-30, got "2027-12-02". Set an earlier day.'],
  ])('refuses %p', (given, text) => {
    const { stack, budget } = appOf({ today: '2026-11-30' });
    budget.acknowledge(given as BudgetAcknowledgement);
    expect(refusalOf(stack)).toContain(`[Chat/Budget] bedrock-cost-invalid-input: ${text}`);
  });

  test('accepts a last day 366 days ahead, and any day if the current day is unknown', () => {
    for (const [today, expires] of [['2026-11-30', '2027-12-01'], [undefined, '2099-12-31']]) {
      const { stack, budget } = appOf({ today });
      budget.acknowledge({ ...ACCEPTED, expires: expires! });
      expect(refusalOf(stack)).toBe('');
    }
  });

  test('is refused when it is called twice', () => {
    const { stack, budget } = appOf();
    budget.acknowledge(ACCEPTED);
    budget.acknowledge({ ...ACCEPTED, maxMonthlyUsd: 5_000 });
    expect(refusalOf(stack)).toContain('acknowledge must be called once');
  });
});

describe("CDK's own acknowledgement", () => {
  const acknowledge = (scope: App | Stack | CostBudget, reason = 'agreed', id = 'cdk-bedrock-cost::bedrock-cost-budget-exceeded') =>
    Validations.of(scope).acknowledge({ id, reason });

  test('accepts without a ceiling, with its reason on screen and in the report', () => {
    const { app, stack } = appOf();
    acknowledge(app);
    expect(refusalOf(stack)).toBe('');
    const text = '$660.00 a month is $160.00 over the limit of $500.00 of Chat/Budget; accepted without a ceiling or a last day: agreed.';
    Annotations.fromStack(stack).hasInfo('/Chat/Budget', `${text} [ack: bedrock-cost-budget-accepted]`);
    expect(buildReport(app).budgets).toMatchObject([{ acknowledged: true, acknowledgement: { reason: 'agreed', owner: null, maxMonthlyUsd: null, expires: null } }]);
  });

  test.each(['', ' ', '\u200b'])('is refused with the reason %p, on every level', (reason) => {
    for (const level of ['app', 'stack', 'budget'] as const) {
      const made = appOf();
      acknowledge(made[level], reason);
      expect(refusalOf(made.stack)).toContain(`bedrock-cost-invalid-input: reason of the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on ${made[level].node.path || 'the app'} must not be blank, got "${reason}"`);
      expect(buildReport(made.app).budgets).toMatchObject([{ acknowledged: false, acknowledgement: null }]);
    }
  });

  test('is also refused without a reason in a stage', () => {
    const app = new App();
    new Stack(app, 'Top', { env });
    const stack = new Stack(new Stage(app, 'Prod', { env }), 'Chat');
    traffic(stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 500 });
    Validations.of(app).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: '' });
    expect(() => app.synth()).toThrow('reason of the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on the app must not be blank');
  });

  test.each(['app', 'stack', 'budget'] as const)('has no effect on BLOCK, which is reported, on the %s', (level) => {
    const over = appOf({ enforcement: BudgetEnforcement.BLOCK });
    acknowledge(over[level]);
    const name = over[level].node.path || 'the app';
    expect(refusalOf(over.stack)).toContain(`the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on ${name} has no effect: BLOCK accepts none`);

    const within = appOf({ enforcement: BudgetEnforcement.BLOCK, monthlyLimitUsd: 1_000 });
    acknowledge(within[level]);
    expect(refusalOf(within.stack)).toBe('');
    const warnings = Annotations.fromStack(within.stack).findWarning('*', Match.stringLikeRegexp(`^The acknowledgement of .* on ${name} has no effect on Chat/Budget, whose enforcement is BLOCK`));
    expect(warnings).toHaveLength(1);
  });

  test.each(['stack', 'every stack', 'resource', 'top'] as const)('on a part of the covered constructs (%s) accepts nothing, which is reported', (level) => {
    const app = new App();
    const [home, top] = [new Stack(app, 'Home', { env }), new Stack(app, 'Top', { env })];
    const chat = new Stack(level === 'top' ? new Stage(app, 'Prod', { env }) : app, 'Chat', { env });
    traffic(chat);
    const budget = new CostBudget(level === 'top' ? chat : home, 'Budget', { monthlyLimitUsd: 500, covers: level === 'top' ? undefined : app });
    ({ 'stack': [chat], 'every stack': [home, top, chat], 'resource': [budget.node.defaultChild!], 'top': [home, top] })[level]
      .forEach((scope) => Validations.of(scope).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: 'agreed' }));
    expect(() => app.synth()).toThrow(/has no effect: it is not on the budget, nor on (the app|Prod\/Chat), which the budget covers/);
  });

  test('on a stack of an app-wide BLOCK budget is reported to have no effect', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => new Stack(app, id, { env }));
    new CostBudget(one, 'Budget', { monthlyLimitUsd: 500, covers: app, enforcement: BudgetEnforcement.BLOCK });
    traffic(two);
    acknowledge(two);
    expect(refusalOf(one)).toContain('the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on Two has no effect');
  });

  test('of another budget is not reported to have no effect', () => {
    const { stack } = appOf();
    new CostBudget(stack, 'Hard', { monthlyLimitUsd: 1_000, enforcement: BudgetEnforcement.BLOCK });
    acknowledge(stack);
    expect(refusalOf(stack)).toBe('');
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test.each([
    ['cdk-bedrock-cost::bedrock-cost-budget-exeeded', 'cdk-bedrock-cost::bedrock-cost-budget-exceeded'],
    ['bedrock-cost-budget-exceeded', 'cdk-bedrock-cost::bedrock-cost-budget-exceeded'],
    ['cdk-bedrock-cots::bedrock-cost-budget-incomplete', 'cdk-bedrock-cost::bedrock-cost-budget-incomplete'],
    ['cdk-bedrock-cost::budget-exceeded', 'cdk-bedrock-cost::bedrock-cost-budget-exceeded'],
    ['cdk-bedrock-cost:bedrock-cost-budget-exceeded', 'cdk-bedrock-cost::bedrock-cost-budget-exceeded'],
    ['cdk-bedrock-cost::bedrock-cost-missing-price', 'Annotation::bedrock-cost-missing-price'],
    ['bedrock-cost-missing-prise', 'Annotation::bedrock-cost-missing-price'],
  ])('of %s causes a warning with %s', (id, nearest) => {
    for (const level of ['app', 'stack'] as const) {
      const made = appOf({ monthlyLimitUsd: 1_000 });
      acknowledge(made[level], 'agreed', id);
      expect(refusalOf(made.stack)).toBe('');
      expect(Annotations.fromStack(made.stack).findWarning('*', Match.stringLikeRegexp('its id names no rule')).map(({ entry }) => String(entry.data)))
        .toEqual([expect.stringContaining(`Did you mean ${nearest}?`)]);
    }
  });

  test.each(['bedrock-cost-missing-price', 'Annotation::bedrock-cost-missing-price', 'annotation::bedrock-cost-missing-price', 'cdk-bedrock-cost::bedrock-cost-unpriced-usage', 'AwsSolutions-IAM4'])('of %s causes no warning', (id) => {
    const { stack } = appOf({ monthlyLimitUsd: 1_000 });
    acknowledge(stack, 'agreed', id);
    expect(refusalOf(stack)).toBe('');
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('of an unknown id also causes a warning in an app without a budget', () => {
    const stack = new Stack(new App(), 'Chat', { env });
    CostEstimates.of(stack).addOnDemand('Traffic', { model: SONNET, requestsPerMonth: 1, inputTokensPerRequest: 1 });
    acknowledge(stack, 'agreed', 'bedrock-cost-missing-prise');
    Template.fromStack(stack);
    Annotations.fromStack(stack).hasWarning('/Chat', Match.stringLikeRegexp('Did you mean Annotation::bedrock-cost-missing-price'));
  });
});

describe('an edited report', () => {
  const edited = (differs: object) => {
    const { app, budget } = appOf();
    budget.acknowledge(ACCEPTED);
    const report = buildReport(app);
    const [judged] = report.budgets;
    return parseReport(JSON.stringify({ ...report, budgets: [{ ...judged, acknowledgement: { ...judged.acknowledgement, ...differs } }] }));
  };

  test('is read without an edit', () => {
    expect(edited({})).toHaveProperty('report');
  });

  test.each<[object, string]>([
    [{ expires: '2026-13-01' }, 'budgets[0].acknowledgement.expires must be a day of the calendar as YYYY-MM-DD, got "2026-13-01".'],
    [{ expires: 'never' }, 'budgets[0].acknowledgement.expires must be the last day in UTC on which it holds, as YYYY-MM-DD, or null, got "never".'],
    [{ expires: null }, 'budgets[0].acknowledgement.expires must be a value, or null together with owner, maxMonthlyUsd and expires, got null.'],
    [{ maxMonthlyUsd: null }, 'budgets[0].acknowledgement.maxMonthlyUsd must be a value, or null together with owner, maxMonthlyUsd and expires, got null.'],
    [{ maxMonthlyUsd: 700 }, 'budgets[0].acknowledgement.maxMonthlyUsd must be US dollars of 0 or more, as an exact decimal text; null where a price is missing, got 700.'],
    [{ reason: ' ' }, 'budgets[0].acknowledgement.reason must be text that is not blank, got " ".'],
    [{ owner: '' }, 'budgets[0].acknowledgement.owner must be text that is not blank, or null, got "".'],
    [{ ceiling: 1 }, 'budgets[0].acknowledgement.ceiling is not a known field. The fields are reason, owner, maxMonthlyUsd, expires.'],
  ])('is refused with %p', (differs, problem) => {
    expect(edited(differs)).toEqual({ problems: [expect.stringContaining(problem)] });
  });
});
