import { calculator, exact } from './calculators';

describe('an evaluation by people', () => {
  test.each([[0, '0'], [1, '0.21'], [50, '10.5']])('of %d tasks costs $%s', (humanTasks, monthlyUsd) => {
    // page 2026-07-24: 0.21 a task
    expect(exact(calculator.evaluation({ region: 'us-east-1', humanTasks })).monthlyUsd).toBe(monthlyUsd);
  });

  test('has the assumption that the tokens of the models are counted elsewhere', () => {
    expect(calculator.evaluation({ region: 'us-east-1', humanTasks: 1 }).assumptions[0]).toContain('workloads of their own');
  });

  test.each([-1, NaN, undefined])('fails for %p tasks', (humanTasks) => {
    expect(() => calculator.evaluation({ region: 'us-east-1', humanTasks: humanTasks as number })).toThrow('humanTasks');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.evaluation({ humanTasks: 1, tasks: 1 } as never)).toThrow('tasks is not a known field. Did you mean humanTasks?');
  });
});
