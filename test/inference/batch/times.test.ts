import { Token } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { batch, usage } from './batch';
import { SmallRuns } from '../../../src/inference/batch/props';
import { refusals } from '../synth';

describe('a schedule whose runs cannot be counted', () => {
  const { jobsPerMonth, ...uncounted } = usage;
  const COUNTABLE = 'a schedule whose runs in an average month can be counted, such as rate(1 day) or cron(0 2 * * ? *)';
  const schedules: [string, string][] = [['once', 'at(2026-12-24T20:00:00)'], ['in one year', 'cron(0 2 * * ? 2027)'], ['no cron', 'cron(0 2 x y ? *)']];

  test.each(schedules)('is named instead of jobsPerMonth: %s', (_, expression) => {
    const { stack } = batch({ usage: uncounted, schedule: ScheduleExpression.expression(expression) });
    expect(new Set(refusals(stack))).toEqual(new Set([
      `[Stack/Nightly] bedrock-cost-invalid-input: schedule must be ${COUNTABLE}, got "${expression}". Set usage.jobsPerMonth, or use such a schedule.`,
    ]));
  });

  test('is also named if records run on demand', () => {
    const small = { usage: { ...uncounted, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };
    const { stack } = batch({ ...small, schedule: ScheduleExpression.expression(schedules[0][1]) });
    expect(refusals(stack)[0]).toContain(`schedule must be ${COUNTABLE}`);
  });

  test('is named if it is a token', () => {
    const { stack } = batch({ usage: uncounted, schedule: ScheduleExpression.expression(Token.asString({ Ref: 'Schedule' })) });
    expect(refusals(stack)[0]).toContain('schedule is a token, whose runs cannot be counted at synth. Set usage.jobsPerMonth.');
  });

  test('is allowed with jobsPerMonth', () => {
    expect(refusals(batch({ usage: { ...uncounted, jobsPerMonth }, schedule: ScheduleExpression.expression(schedules[0][1]) }).stack)).toEqual([]);
  });

  test('is not named if there is none', () => {
    expect(refusals(batch({ usage: uncounted }).stack)[0]).toContain('jobsPerMonth is required. Set a number of 0 or more.');
  });
});
