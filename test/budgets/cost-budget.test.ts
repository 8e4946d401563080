import { App, Duration, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { refusalOf } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
// 100,000 requests of 2,000 tokens in = 200 million tokens at $3.30 = $660.00 a month
const traffic = (scope: Stack, id = 'Traffic', model = SONNET) =>
  CostEstimates.of(scope).addOnDemand(id, { model, requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });

const stackWith = (props: Partial<ConstructorParameters<typeof CostBudget>[2]> = {}) => {
  const stack = new Stack(new App(), 'Stack', { env });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1460, enforcement: BudgetEnforcement.WARN, ...props });
  return { stack, budget };
};
test.each([
  // $660.00 - $659.996 = $0.004
  [659.996, '$660.000 a month is $0.004 over the limit of $659.996 of Stack/Budget'],
  // $660.004 - $660.00: 99.99 % of it, rounded down
  [660.004, '$660.000 a month is 99 % of the limit of $660.004 of Stack/Budget.'],
])('a limit of %d is never printed as if it were the estimate of $660.00', (monthlyLimitUsd, text) => {
  const { stack } = stackWith({ monthlyLimitUsd });
  traffic(stack);
  expect(buildReport(stack.node.root).findings.map(({ message }) => message.split('\n')[0])).toContain(text);
});

describe('the severity of the finding of a budget', () => {
  const exceeded = (severity: string, enforcement: BudgetEnforcement) => {
    const stack = new Stack(new App({ context: { 'cdk-bedrock-cost:severity': { 'bedrock-cost-budget-exceeded': severity } } }), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, enforcement });
    traffic(stack);
    return stack;
  };

  test.each(['off', 'info', 'warning'])('can be set to %s for an app, and then stops no synthesis', (severity) => {
    expect(() => Template.fromStack(exceeded(severity, BudgetEnforcement.BLOCK))).not.toThrow();
  });

  test('fails for an unknown severity, with a message instead of an internal error', () => {
    expect(() => Template.fromStack(exceeded('loud', BudgetEnforcement.BLOCK))).toThrow(/bedrock-cost-invalid-input: context 'cdk-bedrock-cost:severity' bedrock-cost-budget-exceeded must be one of off, info, warning, error, got "loud"\./);
  });

  test('can be set to error', () => {
    expect(() => Template.fromStack(exceeded('error', BudgetEnforcement.BLOCK))).toThrow('$659.00 over the limit');
  });
});

describe('metrics', () => {
  test.each([
    ['metricMonthToDateUsd', 'MonthToDateUsd'],
    ['metricForecastUsd', 'ForecastUsd'],
  ] as const)('%s is the metric that the function publishes for the budget', (method, metricName) => {
    const { stack, budget } = stackWith();
    traffic(stack);
    new Alarm(stack, 'Alarm', { metric: budget[method](), threshold: 500, evaluationPeriods: 1 });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'CdkBedrockCost', MetricName: metricName, Dimensions: [{ Name: 'Budget', Value: budget.metricsName }], Statistic: 'Maximum', Period: 3_600, Threshold: 500,
    });
  });

  test('accept options', () => {
    const { budget } = stackWith();
    expect(budget.metricMonthToDateUsd({ period: Duration.minutes(15), label: 'spent' })).toMatchObject({ period: Duration.minutes(15), label: 'spent', statistic: 'Maximum' });
  });
});

describe('a budget with refused props', () => {
  const whole = (budget: CostBudget) => {
    const dashboard = budget.addDashboard();
    dashboard.addWidgets(new TextWidget({ markdown: 'mine' }));
    budget.addStopAction(StopAction.denyInvocations());
    budget.acknowledge({ reason: 'launch', owner: 'team', maxMonthlyUsd: 2_000, expires: '2026-12-31' });
    new Alarm(budget, 'Alarm', { metric: budget.metricForecastUsd(), threshold: 1, evaluationPeriods: 1 }).addAlarmAction(new SnsAction(budget.topic));
    return budget.node.findAll().map(({ node }) => node.path).sort();
  };

  test.each<[string, object]>([
    ['monthlyLimitUsd', { monthlyLimitUsd: -1 }],
    ['monthlyLimitUsd', { monthlyLimitUsd: undefined }],
    ['monthlyLimitUsd', { monthlyLimitUsd: '5' }],
    ['emailAddresses', { emailAddresses: ['nobody'] }],
    ['emailAddresses', { emailAddresses: 5 }],
    ['enforcement', { enforcement: 'LOUD' }],
    ['covers', { covers: 'app' }],
    ['countInterval', { countInterval: Duration.minutes(61) }],
    ['burnRates', { burnRates: [{ window: Duration.days(9), factor: 2 }] }],
  ])('has all its parts, and only %s is reported: %j', (prop, props) => {
    const { stack, budget } = stackWith(props);
    traffic(stack);
    const other = new CostBudget(new Stack(new App(), 'Stack', { env }), 'Budget', { monthlyLimitUsd: 1_460 });
    traffic(Stack.of(other));
    expect(whole(budget)).toEqual(whole(other));
    const refused = refusalOf(stack).split('\n').filter((line) => line.includes('bedrock-cost-'));
    expect(refused).toEqual([expect.stringContaining(`bedrock-cost-invalid-input: ${prop}`)]);
  });

  test('has all its parts, and replaces a FIFO topic', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_460, notificationTopic: new Topic(stack, 'Fifo', { fifo: true }) });
    expect(whole(budget)).toContain('Stack/Budget/Topic/Resource');
    expect(refusalOf(stack)).toMatch(/notificationTopic must be a standard topic, got a FIFO topic/);
  });
});

describe('bad input', () => {
  test.each([0, -5, NaN, Infinity])('fails for a limit of %p', (monthlyLimitUsd) => {
    const { stack } = stackWith({ monthlyLimitUsd });
    expect(() => Template.fromStack(stack)).toThrow(/\[Stack\/Budget\] bedrock-cost-invalid-input: monthlyLimitUsd must be a number of US dollars of 0\.01 or more, got /);
  });

  test.each(['', 'nobody'])('fails for the e-mail address %p', (address) => {
    const { stack } = stackWith({ emailAddresses: [address] });
    expect(() => Template.fromStack(stack)).toThrow('emailAddresses must be a list of e-mail addresses, got ');
  });

  const elevenPeople = Array.from({ length: 11 }, (_, i) => `p${i}@example.com`);
  test.each<[Partial<ConstructorParameters<typeof CostBudget>[2]>, string]>([
    [{ emailAddresses: elevenPeople }, 'emailAddresses must be a list of at most 10 addresses, the limit of AWS Budgets, got 11. Subscribe further addresses to the topic.'],
    [{ thresholdPercents: [50, 0] }, 'thresholdPercents must be a list of numbers from 0.1 to 1000, got 0.'],
    [{ thresholdPercents: [50, 50] }, 'thresholdPercents must be a list of different numbers, got [50,50].'],
    [{ thresholdPercents: [10, 20, 30, 40, 50] }, 'thresholdPercents and forecastThresholdPercents must be 1 to 5 percentages together, the limit of AWS Budgets, got 6.'],
    [{ thresholdPercents: [], forecastThresholdPercents: [] }, 'thresholdPercents and forecastThresholdPercents must be 1 to 5 percentages together, the limit of AWS Budgets, got 0.'],
    [{ burnRates: [] }, 'burnRates must be a list of 1 to 5 burn rates, got 0.'],
    [{ burnRates: [{ window: Duration.seconds(90), factor: 2 }] }, 'burnRates[0].window must be a Duration in whole minutes from 15 minutes to 7 days, got "90 seconds".'],
    [{ burnRates: [{ window: Duration.minutes(4), factor: 2 }] }, 'burnRates[0].window must be a Duration in whole minutes from 15 minutes to 7 days, got "240 seconds".'],
    [{ burnRates: [{ window: Duration.days(8), factor: 2 }] }, 'burnRates[0].window must be a Duration in whole minutes from 15 minutes to 7 days, got "691200 seconds".'],
    [{ burnRates: [{ window: Duration.hours(1), shortWindow: Duration.hours(1), factor: 2 }] }, 'burnRates[0].shortWindow must be a Duration in whole minutes that is shorter than window (3600 seconds), got "3600 seconds".'],
    [{ burnRates: [{ window: Duration.hours(1), factor: 0.5 }] }, 'burnRates[0].factor must be a number of 1 or more, got 0.5.'],
    [{ burnRates: [{ window: Duration.minutes(30), factor: 2 }], countInterval: Duration.minutes(45) }, 'burnRates[0].window must be a Duration in whole minutes from 45 minutes to 7 days, got "1800 seconds".'],
    [{ burnRates: [{ window: Duration.days(7), factor: 4 }] }, 'burnRates[0].factor must be less than 4 with this window, since the budget of the month would be spent before the alarm fires, got 4.'],
    [{ monthlyLimitUsd: 0.001 }, 'monthlyLimitUsd must be a number of US dollars of 0.01 or more, got 0.001.'],
    [{ countInterval: Duration.minutes(4) }, 'countInterval must be a Duration in whole minutes from 5 to 60 minutes, got "4 minutes".'],
    [{ batchCostFactor: 1 }, 'batchCostFactor must be a number above 1, got 1.'],
    [{ quarterlyLimitUsd: 0 }, 'quarterlyLimitUsd must be a number of US dollars of 0.01 or more, got 0.'],
    [{ yearlyLimitUsd: NaN }, 'yearlyLimitUsd'],
    [{ anomalyThresholdUsd: -1 }, 'anomalyThresholdUsd must be a number of US dollars of 0.01 or more, got -1.'],
    [{ plannedLimitsUsd: { '2027-1': 5 } }, 'plannedLimitsUsd must be a mapping whose keys are months as YYYY-MM, got "2027-1".'],
    [{ plannedLimitsUsd: { '2027-01': 5 } }, 'plannedLimitsUsd must be a mapping with 12 consecutive months, as AWS Budgets requires, got "2027-01".'],
  ])('fails for %p', (props, message) => {
    const { stack } = stackWith(props);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test.each([
    ['2027-02-01', 'plannedLimitsUsd must be a mapping for the month of the deployment, 2027-02, and the next 11, since AWS Budgets refuses other months, got "2027-01 to 2027-12".'],
    ['2026-12-31', 'plannedLimitsUsd must be a mapping for the month of the deployment, 2026-12, and the next 11, since AWS Budgets refuses other months, got "2027-01 to 2027-12".'],
    ['2027-01-31', undefined],
    [undefined, undefined],
  ])('fails on %p for limits from January 2027 on: %p', (today, message) => {
    const stack = new Stack(new App({ context: today === undefined ? {} : { 'cdk-bedrock-cost:today': today } }), 'Stack', { env });
    const plannedLimitsUsd = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`2027-${String(i + 1).padStart(2, '0')}`, 5]));
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, plannedLimitsUsd });
    const synth = expect(() => Template.fromStack(stack));
    if (message === undefined) synth.not.toThrow(); else synth.toThrow(message);
  });

  test('fails for a FIFO topic', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, notificationTopic: new Topic(stack, 'Costs', { fifo: true }) });
    expect(() => Template.fromStack(stack)).toThrow('notificationTopic must be a standard topic, got a FIFO topic. AWS Budgets and Lambda do not publish to FIFO topics');
  });

  test('fails outside of a stack', () => {
    expect(() => new CostBudget(new App(), 'Budget', { monthlyLimitUsd: 1 })).toThrow('Budget: a CostBudget must be created in a Stack, for its alarms. To cover an app or a stage, set covers.');
  });

  test.each([['cdk-bedrock-cost:hoursPerMonth', 'abc'], ['cdk-bedrock-cost:hoursPerMonth', true], ['cdk-bedrock-cost:priceBook', 5]])(
    'fails for the context %s=%p without a priced construct, too', (key, value) => {
      const stack = new Stack(new App({ context: { [key]: value } }), 'Stack', { env });
      new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1 });
      expect(() => Template.fromStack(stack)).toThrow(/bedrock-cost-invalid-input: context 'cdk-bedrock-cost:/);
    });

  test('fails for an unknown enforcement', () => {
    const { stack } = stackWith({ enforcement: 'LOUD' as BudgetEnforcement });
    expect(() => Template.fromStack(stack)).toThrow('enforcement must be one of WARN, ACKNOWLEDGEABLE, BLOCK, got "LOUD".');
  });

  describe('in an app whose stacks are all in stages', () => {
    const inStage = (enforcement: BudgetEnforcement, acknowledge = false, top = false) => {
      const app = new App();
      if (top) new Stack(app, 'Top', { env });
      const stack = new Stack(new Stage(app, 'Prod', { env }), 'Stack');
      new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, enforcement });
      traffic(stack);
      if (acknowledge) Validations.of(stack).acknowledge({ id: 'cdk-bedrock-cost::bedrock-cost-budget-exceeded', reason: 'agreed' });
      return () => app.synth();
    };

    test.each([
      [BudgetEnforcement.ACKNOWLEDGEABLE, false], [BudgetEnforcement.BLOCK, false], [BudgetEnforcement.BLOCK, true],
    ])('fails with enforcement %s (acknowledged: %s)', (enforcement, acknowledge) => {
      expect(inStage(enforcement, acknowledge)).toThrow('[Prod/Stack/Budget] bedrock-cost-budget-exceeded: $660.00 a month is $659.00 over the limit of $1.00');
    });

    test('states the acknowledgement if it has an effect', () => {
      expect(inStage(BudgetEnforcement.ACKNOWLEDGEABLE)).toThrow('or accept it with acknowledge()');
      expect(inStage(BudgetEnforcement.BLOCK)).not.toThrow(/acknowledge/);
    });

    test('passes with enforcement WARN, and acknowledged with ACKNOWLEDGEABLE', () => {
      expect(inStage(BudgetEnforcement.WARN)).not.toThrow();
      expect(inStage(BudgetEnforcement.ACKNOWLEDGEABLE, true)).not.toThrow();
    });

    test('with a top-level stack, ACKNOWLEDGEABLE fails in the CLI', () => {
      expect(inStage(BudgetEnforcement.ACKNOWLEDGEABLE, false, true)).not.toThrow(/Prod\/Stack\/Budget\] bedrock-cost-budget-exceeded/);
    });
  });

  test('a BLOCK budget that is exceeded throws in a unit test', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 1, enforcement: BudgetEnforcement.BLOCK });
    traffic(stack);
    expect(() => Template.fromStack(stack)).toThrow('$660.00 a month is $659.00 over the limit of $1.00 of Stack/Budget');
  });
});
