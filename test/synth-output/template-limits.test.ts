import { App, AppProps, CfnResource, Stack, StackProps, Stage, Validations } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { env, traffic } from '../budgets/synth';

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(console, 'error').mockImplementation((text: string) => { printed += text; });
});
afterEach(() => { jest.restoreAllMocks(); });

const LIMIT_KEY = '@aws-cdk/core:stackResourceLimit';

/** Resources of the user, each with so many bytes. */
function fill(scope: Construct, number: number, bytes = 0): void {
  for (let i = 0; i < number; i++) new CfnResource(scope, `Own${i}`, { type: 'AWS::SNS::Topic', properties: { DisplayName: 'x'.repeat(bytes) } });
}

/** A budget of $1,000 over a direct use of a model at $660.00 a month, so that it has monitors. */
function budget(scope: Stack, id = 'Budget'): CostBudget {
  traffic(scope, `Traffic${id}`);
  return new CostBudget(scope, id, { monthlyLimitUsd: 100_000, emailAddresses: ['a@example.com'] });
}

function stackIn(scope: Construct, id = 'Chat', props: StackProps = {}): Stack {
  return new Stack(scope, id, { env, ...props });
}

/** The error of the synthesis, and what CDK has printed before; empty if there is none. */
function problemOf(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return `${(error as Error).message}\n${printed}`;
  }
}

/** The number of resources in the template of a stack. */
function resourcesOf(app: App, stack: Stack): number {
  return Object.keys(app.synth().getStackArtifact(stack.artifactId).template.Resources).length;
}

/** The number of resources that one budget adds to its stack. */
function monitorsOfOne(): number {
  const app = new App();
  const stack = stackIn(app);
  budget(stack);
  return resourcesOf(app, stack);
}

describe('the number of resources', () => {
  const monitors = monitorsOfOne();
  const synthesize = (own: number, props: AppProps = {}, budgets = 1): string => {
    const app = new App(props);
    const stack = stackIn(app);
    fill(stack, own);
    for (let i = 0; i < budgets; i++) budget(stack, `Budget${i}`);
    return problemOf(app);
  };

  test('of 500 is accepted, as by CDK', () => {
    expect(synthesize(500 - monitors)).toBe('');
  });

  test('of 501 is refused with the remedy, before CDK refuses it', () => {
    expect(synthesize(501 - monitors)).toBe('Validation failed with the following errors:\n'
      + `  [Chat] bedrock-cost-too-many-resources: The stack has 501 resources, ${monitors} of them to monitor 1 CostBudget, and CloudFormation accepts 500. `
      + 'Let one CostBudget cover several resources, create CostBudgets in a separate stack and set covers, or split the stack.\n');
  });

  test('counts the budgets', () => {
    expect(synthesize(480, {}, 2)).toMatch(/ \d+ of them to monitor 2 CostBudgets, /);
  });

  test.each([
    // Without the monitors of the budget there are 500.
    ['the stack would fit without the monitors', 500, true],
    ['it would not, and the monitors are less than a tenth: CDK has its own message', 501, false],
  ])('%s', (_, own, isOurs) => {
    const text = synthesize(own);
    expect(text).toContain(isOurs ? 'bedrock-cost-too-many-resources' : `Number of resources in stack 'Chat': ${own + monitors} is greater than allowed maximum of 500`);
    expect(text.includes('bedrock-cost')).toBe(isOurs);
  });

  test('is refused where it would not fit without the monitors, and they are a tenth or more', () => {
    // 9 times as many resources of the user: the monitors are exactly a tenth.
    const tenth = { context: { [LIMIT_KEY]: 5 * monitors } };
    expect(synthesize(9 * monitors, tenth)).toContain('bedrock-cost-too-many-resources');
    expect(synthesize(9 * monitors + 1, tenth)).toContain('is greater than allowed maximum');
  });

  test.each([['a number', monitors + 5], ['a text, as on the command line', String(monitors + 5)]])('keeps to the limit of the context: %s', (_, limit) => {
    const props = { context: { [LIMIT_KEY]: limit } };
    expect(synthesize(5, props)).toBe('');
    expect(synthesize(6, props)).toContain(`and the context key ${LIMIT_KEY} allows ${monitors + 5}.`);
  });

  test('is not checked where the context switches the check of CDK off', () => {
    expect(synthesize(501, { context: { [LIMIT_KEY]: 0 } })).toBe('');
  });

  test('is CDK\'s matter in a stack without monitors, beside one that has them', () => {
    const app = new App();
    budget(stackIn(app));
    fill(stackIn(app, 'Other'), 501);
    expect(problemOf(app)).toMatch(/^Number of resources in stack 'Other': 501 is greater/);
  });

  test('leaves out resources that CDK does not synthesize', () => {
    const app = new App();
    const stack = stackIn(app);
    fill(stack, 500 - monitors);
    new Policy(stack, 'WithoutStatement');
    budget(stack);
    expect(problemOf(app)).toBe('');
  });

  test('counts the monitors in the stack of the resources, where the budget is in another', () => {
    const app = new App();
    const [home, other] = [stackIn(app, 'Home'), stackIn(app, 'Other')];
    traffic(other);
    fill(other, 499);
    new CostBudget(home, 'Budget', { monthlyLimitUsd: 1_000, covers: app, emailAddresses: ['a@example.com'] });
    expect(problemOf(app)).toMatch(/^Validation failed with the following errors:\n {2}\[Other\] .* The stack has \d+ resources, \d+ of them to monitor 1 CostBudget, /);
  });

  test('is refused in a nested stage', () => {
    const app = new App();
    const stack = stackIn(new Stage(app, 'Prod', { env }));
    fill(stack, 500);
    budget(stack);
    expect(problemOf(app)).toContain('[Prod/Chat] bedrock-cost-too-many-resources: ');
  });
});

describe('the size of the template', () => {
  /** 400 resources of the user with 2,355 characters each: 989 KB, so that the monitors of a budget exceed the limit. */
  const large = (stack: Stack) => fill(stack, 400, 2_355);
  const ID = 'cdk-bedrock-cost::bedrock-cost-template-too-large';

  interface Shape extends StackProps {
    /** Whether the stack is in a stage, and another one at the top of the app. */
    readonly isInStage?: boolean;
    readonly top?: boolean;
    readonly context?: AppProps['context'];
  }
  const synthesize = (build: (stack: Stack) => void, { isInStage, top, context, ...props }: Shape = {}): string => {
    const app = new App({ context });
    if (top) stackIn(app, 'Top');
    const stack = stackIn(isInStage ? new Stage(app, 'Prod', { env }) : app, 'Chat', props);
    build(stack);
    return problemOf(app);
  };
  const withBudget = (shape?: Shape) => synthesize((stack) => { large(stack); budget(stack); }, shape);

  const TEXT = /The template of (Prod\/)?Chat has 1,0\d{2},\d{3} bytes \(9\d{2},\d{3} without indentation\), about \d{2},000 of them to monitor 1 CostBudget, and CloudFormation accepts 1,000,000\./g;
  const WITHOUT_INDENTATION = 'Set suppressTemplateIndentation on the stack, let one CostBudget cover several resources, create CostBudgets in a separate stack '
    + 'and set covers, or split the stack.';

  test('that fits is accepted', () => {
    expect(synthesize(large)).toBe('');
    expect(withBudget({ suppressTemplateIndentation: true })).toBe('');
  });

  test('above 1,000,000 bytes because of monitors fails, with their part and the remedy', () => {
    const text = withBudget();
    expect(text.match(TEXT)).toHaveLength(1);
    expect(text).toContain(`Suggested fix: ${WITHOUT_INDENTATION}`);
    expect(text).toContain(`Acknowledge with '${ID}'`);
    expect(text).toContain('test/synth-output/template-limits.test.ts:');
  });

  test('names no indentation where the template has none', () => {
    // 18 KB more: without indentation, it exceeds the limit as well.
    const text = synthesize((stack) => { fill(stack, 400, 2_400); budget(stack); }, { suppressTemplateIndentation: true });
    expect(text).toMatch(/The template of Chat has 1,0\d{2},\d{3} bytes, about \d{2},000 of them to monitor 1 CostBudget/);
    expect(text).toContain('Suggested fix: Let one CostBudget cover several resources, ');
  });

  test('is of no concern where the template would not fit without the monitors, and they are less than a tenth', () => {
    expect(synthesize((stack) => { fill(stack, 400, 2_450); budget(stack); })).toBe('');
  });

  test('in a nested stage is reported at the top too, whose stacks plain cdk synth selects', () => {
    const text = withBudget({ isInStage: true, top: true });
    expect(text.match(TEXT)).toHaveLength(2);
    expect(text).toMatch(/\n {3}Prod\/Chat .*[^]*\n {3}Top /);
  });

  test('in an app of stages alone stops the synthesis', () => {
    expect(withBudget({ isInStage: true })).toMatch(/^Validation failed with the following errors:\n {2}\[\] bedrock-cost-template-too-large: The template of Prod\/Chat has /);
  });

  test.each([
    ['warning', /WARNING The template of Chat has /], ['info', /^$/], ['off', /^$/],
  ])('has the severity that the context gives it: %s', (severity, output) => {
    const shape = { context: { 'cdk-bedrock-cost:severity': { 'bedrock-cost-template-too-large': severity } } };
    expect(withBudget(shape)).toBe('');
    expect(printed).toMatch(output);
    expect(withBudget({ ...shape, isInStage: true })).toBe('');
  });

  test.each<[string, Shape]>([
    ['of the app', {}], ['in a stage beside a stack at the top', { isInStage: true, top: true }], ['in an app of stages alone', { isInStage: true }],
  ])('can be acknowledged on the stack, which is %s', (_, shape) => {
    const text = synthesize((stack) => {
      large(stack);
      budget(stack);
      Validations.of(stack).acknowledge({ id: ID, reason: 'the template is minified after synth' });
    }, shape);
    expect(text).toBe('');
  });
});
