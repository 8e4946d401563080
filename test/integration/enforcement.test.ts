import { AppFolder, CDK_VERSIONS, Ended } from './harness';
import { describeInFull } from '../in-full';
import { isQuick } from '../runs';

/**
 * The enforcement matrix, run by the real CDK CLI. Each row has a command and its exit code by enforcement.
 *
 * A violated budget fails the synthesis of any selected stack that it covers, and plain `cdk synth` of an app with
 * nested stages. Without a stack at the top, plain `cdk synth` selects none: the app itself fails then.
 */
type Row = [shape: string, covers: string, args: string, warn: number, acknowledgeable: number, block: number];
const MATRIX: Row[] = [
  ['flat', 'construct', '', 0, 1, 1],
  ['flat', 'construct', 'A', 0, 1, 1],
  ['flat', 'construct', 'B', 0, 0, 1],
  ['flat', 'stack', '', 0, 1, 1],
  ['flat', 'stack', '--strict', 1, 1, 1],
  ['flat', 'stack', '--ignore-errors', 0, 0, 1],
  ['flat', 'stack', 'A', 0, 1, 1],
  ['flat', 'stack', 'B', 0, 0, 1],
  ['flat', 'stack', '**', 0, 1, 1],
  ['flat', 'app', '', 0, 1, 1],
  ['flat', 'app', 'A', 0, 1, 1],
  ['flat', 'app', 'B', 0, 1, 1],
  ['flat', 'app', 'C', 0, 1, 1],
  ['flat', 'app', '**', 0, 1, 1],
  ['nested', 'stage', '', 0, 1, 1],
  ['nested', 'stage', '**', 0, 1, 1],
  ['nested', 'stage', 'Prod/Inner', 0, 1, 1],
  ['nested', 'app', '', 0, 1, 1],
  ['nested', 'app', 'Top', 0, 1, 1],
  ['nested', 'app', 'Prod/Inner', 0, 1, 1],
  ['nested', 'app', '**', 0, 1, 1],
  ['nested', 'app', '--ignore-errors', 0, 0, 1],
  ['stages-only', 'stage', '', 0, 1, 1],
  ['stages-only', 'stage', '**', 0, 1, 1],
  ['stages-only', 'stage', 'Prod/Inner', 0, 1, 1],
  ['stages-only', 'app', '', 0, 1, 1],
  ['stages-only', 'app', '**', 0, 1, 1],
  ['stages-only', 'stage', 'Prod/*', 0, 1, 1],
  ['nested', 'stage', 'Prod/*', 0, 1, 1],
];
const COLUMNS = ['WARN', 'ACKNOWLEDGEABLE', 'BLOCK'];

/**
 * The same for a budget that cannot be checked, by the cause and the policy of the budget. The CLI sets CDK_DEFAULT_REGION, so that
 * a stack without a region has an estimate, which is not sufficient for a budget.
 */
type UnknownRow = [unknown: string, onMissingPrice: string, ...row: Row];
const UNKNOWN_MATRIX: UnknownRow[] = [
  ...['typo', 'region', 'token'].flatMap((unknown): UnknownRow[] => [
    [unknown, '', 'flat', 'app', '', 0, 1, 1],
    [unknown, 'FAIL', 'flat', 'app', '', 1, 1, 1],
    [unknown, 'WARN', 'flat', 'app', '', 0, 0, 0],
    [unknown, 'IGNORE', 'flat', 'app', '', 0, 0, 0],
  ]),
  ['typo', '', 'flat', 'app', '--strict', 1, 1, 1],
  ['typo', '', 'flat', 'app', '--ignore-errors', 0, 0, 1],
  ['typo', '', 'flat', 'app', 'C', 0, 1, 1],
  ['typo', '', 'flat', 'stack', 'B', 0, 0, 1],
  ['typo', 'WARN', 'flat', 'app', '--strict', 1, 1, 1],
  ['typo', '', 'nested', 'app', '', 0, 1, 1],
  ['typo', '', 'nested', 'stage', 'Prod/Inner', 0, 1, 1],
  ['typo', '', 'stages-only', 'stage', '', 0, 1, 1],
  ['typo', '', 'stages-only', 'stage', '**', 0, 1, 1],
  ['typo', 'FAIL', 'stages-only', 'stage', '', 1, 1, 1],
  ['typo', 'WARN', 'stages-only', 'stage', '', 0, 0, 0],
  ['nothing', '', 'flat', 'app', '', 0, 0, 0],
  ['nothing', '', 'flat', 'app', '--strict', 1, 1, 1],
  ['nothing', 'IGNORE', 'flat', 'app', '--strict', 0, 0, 0],
];

jest.setTimeout(120_000);

describe.each(isQuick ? CDK_VERSIONS.slice(0, 1) : CDK_VERSIONS)('with the %s aws-cdk-lib', (_, cdkLibrary) => {
  let app: AppFolder;
  beforeAll(() => { app = new AppFolder('enforcement.js', cdkLibrary); });
  afterAll(() => app.remove());

  const synth = (args: string, env: { [name: string]: string }, output: string) =>
    app.cdk(['synth', '--quiet', '--output', output, ...args.split(' ').filter((arg) => arg !== '')], env);

  test('a violated budget fails the synthesis of the selected stack', async () => {
    const cells = COLUMNS.map((ENFORCEMENT) => synth('A', { SHAPE: 'flat', COVERS: 'construct', ENFORCEMENT }, `out-${ENFORCEMENT}`));
    expect((await Promise.all(cells)).map(({ code }) => code)).toEqual([0, 1, 1]);
  });

  describeInFull('in every row', () => {
    const assemblies = new Map<string, Promise<Ended>>();

    /** `cdk synth` with other arguments, on the assembly that `cdk synth` without any has made: the app runs once for a cell. */
    async function select(args: string, SHAPE: string, COVERS: string, ENFORCEMENT: string, env: { [name: string]: string } = {}): Promise<Ended> {
      const output = [SHAPE, COVERS, ENFORCEMENT, ...Object.values(env)].join('-');
      const whole = assemblies.get(output) ?? synth('', { SHAPE, COVERS, ENFORCEMENT, ...env }, output);
      assemblies.set(output, whole);
      const ended = await whole;
      // An app that fails creates no assembly: no other command can continue.
      if (args === '' || !app.exists(`${output}/manifest.json`)) return ended;
      return app.cdk(['synth', '--quiet', ...args.split(' ')], {}, output);
    }

    test.each(MATRIX)('%s app, budget over the %s: cdk synth %s', async (shape, covers, args, ...codes) => {
      const cells = COLUMNS.map((enforcement) => select(args, shape, covers, enforcement));
      expect((await Promise.all(cells)).map(({ code }) => code)).toEqual(codes);
    });

    test.each(UNKNOWN_MATRIX)('unknown (%s), onMissingPrice %s: %s app, budget over the %s: cdk synth %s', async (UNKNOWN, ON_MISSING_PRICE, shape, covers, args, ...codes) => {
      const cells = COLUMNS.map((enforcement) => select(args, shape, covers, enforcement, { UNKNOWN, ON_MISSING_PRICE }));
      expect((await Promise.all(cells)).map(({ code }) => code)).toEqual(codes);
    });

    test.each([
      ['typo', 'A/Part/Traffic: no price for input tokens of us.anthropic.claude-sonet-4-6 (geo) in us-west-2. To make it known: change the model id to us.anthropic.claude-sonnet-4-6'],
      ['region', "A/Part/Traffic: the stack has no region, and us-west-2 is only the default of the machine (CDK_DEFAULT_REGION). To make it known: set env.region on the stack A, or the context key 'cdk-bedrock-cost:region'"],
      ['token', 'A/Part/Traffic: no price for us.anthropic.claude-sonnet-4-6: requestsPerMonth is known only at deployment. To make it known: give requestsPerMonth as a plain value'],
    ])('a budget that cannot be checked (%s) reports estimate, limit, missing prices and the remedy', async (UNKNOWN, line) => {
      for (const enforcement of ['ACKNOWLEDGEABLE', 'BLOCK']) {
        const { output } = await select('', 'flat', 'app', enforcement, { UNKNOWN, ON_MISSING_PRICE: '' });
        expect(output).toMatch(/A\/Budget cannot be checked: (no cost is known|only \$1,320\.00 a month is known), the limit is \$10,000\.00, and the cost of 2 of 2 resources is unknown, not \$0/);
        expect(output).toContain(line);
      }
    });

    test.each([['app', 0], ['B', 1]])('a budget over the app that cannot be checked, acknowledged on %s: exit code %d', async (ACKNOWLEDGE, code) => {
      expect((await synth('', { SHAPE: 'flat', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS: 'app', UNKNOWN: 'typo', ACKNOWLEDGE }, 'out')).code).toBe(code);
    });

    test.each(['typo', 'nothing'])('with enforcement switched off by the context, an unknown cost (%s) fails nothing', async (UNKNOWN) => {
      const { code } = await synth('-c cdk-bedrock-cost:enforcement=off', { SHAPE: 'flat', ENFORCEMENT: 'BLOCK', COVERS: 'app', UNKNOWN }, 'out');
      expect(code).toBe(0);
    });

    test.each([
      ['app', 'app', 0], ['stack', 'A', 0], ['app', 'budget', 0], ['stack', 'budget', 0],
      // An acknowledgement of a part accepts nothing, even where it is on each part.
      ['app', 'A', 1], ['stack', 'B', 1], ['app', 'stacks', 1],
    ])('over the %s, acknowledged on %s: exit code %d', async (COVERS, ACKNOWLEDGE, code) => {
      expect((await synth('', { SHAPE: 'flat', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS, ACKNOWLEDGE }, 'out')).code).toBe(code);
    });

    test.each(['', 'Top', '**'])('a budget of a stage, acknowledged on a stack at the top that it does not cover: cdk synth %s fails', async (args) => {
      const { code, output } = await synth(args, { SHAPE: 'nested', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS: 'stage', ACKNOWLEDGE: 'top' }, 'out');
      expect(output).toContain('the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on Top has no effect: it is not on the budget, nor on Prod, which the budget covers');
      expect(code).toBe(1);
    });

    test.each(['app', 'A', 'stacks', 'budget'])('acknowledge() that is outgrown, and an acknowledgement of CDK on %s: exit code 1', async (ACKNOWLEDGE) => {
      const ACCEPT = JSON.stringify({ reason: 'launch month', owner: 'platform', maxMonthlyUsd: 1_300, expires: '2026-12-31' });
      const { code, output } = await synth('', { SHAPE: 'flat', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS: 'app', ACKNOWLEDGE, ACCEPT }, 'out');
      expect(output).toContain('the acceptance by platform has a ceiling of $1,300.00 a month, which the cost exceeds by $20.00');
      expect(code).toBe(1);
    });

    test('an acknowledgement does not get past BLOCK', async () => {
      expect((await synth('', { SHAPE: 'flat', ENFORCEMENT: 'BLOCK', COVERS: 'stack', ACKNOWLEDGE: 'A' }, 'out')).code).toBe(1);
    });

    describe('acknowledge() up to $1,400.00 until 2026-12-31', () => {
      // 2 x $660.00 = $1,320.00 a month, limit $100.00
      const ACCEPT = { reason: 'launch month', owner: 'platform', maxMonthlyUsd: 1_400, expires: '2026-12-31' };
      const accepted = (differs: object, args: string, env: { [name: string]: string } = {}) =>
        synth(args, { SHAPE: 'flat', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS: 'app', ACCEPT: JSON.stringify({ ...ACCEPT, ...differs }), ...env }, 'out-accepted');
      const onDay = (day: string) => `-c cdk-bedrock-cost:today=${day}`;

      test.each([
        ['holds', {}, '--strict', 0, /\$1,320\.00 a month is \$1,220\.00 over the limit of \$100\.00 of A\/Budget; accepted by platform up to \$1,400\.00 a month until 2026-12-31: launch month/],
        ['holds on the last day', {}, onDay('2026-12-31'), 0, /accepted by platform/],
        ['is outgrown', { maxMonthlyUsd: 1_300 }, '', 1, /the acceptance by platform has a ceiling of \$1,300\.00 a month, which the cost exceeds by \$20\.00/],
        ['has expired', {}, onDay('2027-01-02'), 1, /the acceptance by platform ended on 2026-12-31, 2 days before 2027-01-02/],
        ['is refused for a blank reason', { reason: ' ' }, '', 1, /\[A\/Budget\] bedrock-cost-invalid-input: acknowledge\.reason must not be blank, got " "/],
      ])('%s', async (_title, differs, args, code, text) => {
        const ended = await accepted(differs, args);
        expect(ended.output).toMatch(text);
        expect(ended.code).toBe(code);
      });

      test.each([['A', 1], ['B', 1], ['C', 1]])('fails every selected stack when it is outgrown: %s', async (stack, code) => {
        expect((await accepted({ maxMonthlyUsd: 1_300 }, stack)).code).toBe(code);
      });

      test('is refused with BLOCK', async () => {
        const { code, output } = await accepted({}, '', { ENFORCEMENT: 'BLOCK' });
        expect(output).toContain('acknowledge has no effect with enforcement BLOCK');
        expect(code).toBe(1);
      });

      test.each([['stages-only', 660, 0], ['stages-only', 659, 1], ['nested', 660, 0], ['nested', 659, 1]])('in a %s app with a ceiling of %d: exit code %d', async (SHAPE, maxMonthlyUsd, code) => {
        expect((await accepted({ maxMonthlyUsd }, '', { SHAPE, COVERS: 'stage' })).code).toBe(code);
      });
    });

    test('an acknowledgement of CDK prints its reason and the amounts, and --strict passes', async () => {
      const { code, output } = await synth('--strict', { SHAPE: 'flat', ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS: 'app', ACKNOWLEDGE: 'app' }, 'out');
      expect(output).toContain('$1,320.00 a month is $1,220.00 over the limit of $100.00 of A/Budget; accepted without a ceiling or a last day: agreed');
      expect(code).toBe(0);
    });

    test.each([['flat', 'app'], ['stages-only', 'stage']])('an acknowledgement of CDK with an empty reason is refused in a %s app', async (SHAPE, COVERS) => {
      const { code, output } = await synth('', { SHAPE, ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS, ACKNOWLEDGE: 'app', REASON: '' }, 'out');
      expect(output).toContain('reason of the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on the app must not be blank, got ""');
      expect(code).toBe(1);
    });

    test.each([['flat', 'app', 'app'], ['flat', 'app', 'B'], ['nested', 'stage', 'stage']])('a typo in the id of an acknowledgement of a %s app, budget over the %s, acknowledged on %s, draws a warning', async (SHAPE, COVERS, ACKNOWLEDGE) => {
      const { code, output } = await synth(SHAPE === 'nested' ? '**' : '', { SHAPE, ENFORCEMENT: 'ACKNOWLEDGEABLE', COVERS, ACKNOWLEDGE, RULE: 'cdk-bedrock-cost::bedrock-cost-budget-exeeded' }, 'out');
      expect(output).toContain('got "cdk-bedrock-cost::bedrock-cost-budget-exeeded". Did you mean cdk-bedrock-cost::bedrock-cost-budget-exceeded?');
      expect(code).toBe(1);
    });

    test.each(['app', 'A', 'B', 'budget'])('an acknowledgement of a BLOCK budget on %s is reported as without effect', async (ACKNOWLEDGE) => {
      const over = await synth('', { SHAPE: 'flat', ENFORCEMENT: 'BLOCK', COVERS: 'app', ACKNOWLEDGE }, 'out');
      expect([over.code, over.output]).toEqual([1, expect.stringMatching(/the acknowledgement of cdk-bedrock-cost::bedrock-cost-budget-exceeded on .* has no effect: BLOCK accepts none/)]);
      const within = await synth('', { SHAPE: 'flat', ENFORCEMENT: 'BLOCK', COVERS: 'app', ACKNOWLEDGE, LIMIT: '10000' }, 'out');
      expect([within.code, within.output]).toEqual([0, expect.stringMatching(/has no effect on A\/Budget, whose enforcement is BLOCK/)]);
    });

    test.each(['', '**', 'Prod/Inner'])('a budget of WARN whose severity the context raises fails an app of stages: cdk synth %s', async (args) => {
      const severity = 'cdk-bedrock-cost:severity={"bedrock-cost-budget-exceeded":"error"}';
      expect((await synth(`-c ${severity} ${args}`, { SHAPE: 'stages-only', ENFORCEMENT: 'WARN', COVERS: 'stage' }, 'out')).code).toBe(1);
    });

    test('a budget that cannot be checked is explained once, and fails every selected stack', async () => {
      const { code, output } = await select('', 'flat', 'app', 'ACKNOWLEDGEABLE', { UNKNOWN: 'typo', ON_MISSING_PRICE: '' });
      expect(code).toBe(1);
      expect(output.split('no cost is known, the limit is $10,000.00')).toHaveLength(2);
      // For the stacks B and C.
      expect(output.split('A/Budget, which covers this stack, cannot be checked; see A/Budget in bedrock-cost-report.md')).toHaveLength(3);
      for (const stack of ['A', 'B', 'C']) expect((await select(stack, 'flat', 'app', 'ACKNOWLEDGEABLE', { UNKNOWN: 'typo', ON_MISSING_PRICE: '' })).code).toBe(1);
    });

    test('with enforcement switched off by the context, nothing fails', async () => {
      for (const ENFORCEMENT of ['ACKNOWLEDGEABLE', 'BLOCK']) {
        expect((await synth('--strict -c cdk-bedrock-cost:enforcement=off', { SHAPE: 'flat', COVERS: 'app', ENFORCEMENT }, 'out')).code).toBe(0);
      }
    });

    test('a refusal has the estimate, the limit, the excess, the largest resources and the remedy', async () => {
      for (const enforcement of ['ACKNOWLEDGEABLE', 'BLOCK']) {
        const { output } = await select('', 'flat', 'app', enforcement);
        // 2 x $660.00, limit $100.00
        expect(output).toContain('$1,320.00 a month is $1,220.00 over the limit of $100.00 of A/Budget');
        expect(output).toContain('$660.00 A/Part/Traffic');
        expect(output).toContain('raise monthlyLimitUsd');
      }
    });

    test('a budget within its limit prints nothing, and --strict passes', async () => {
      const { code, output } = await synth('--strict', { SHAPE: 'flat', COVERS: 'app', ENFORCEMENT: 'BLOCK', LIMIT: '10000' }, 'out');
      expect(output).not.toMatch(/WARNING|ERROR/);
      expect(code).toBe(0);
    });
  });
});
