import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SSM } from '@aws-sdk/client-ssm';
import { ASSISTANT_NEW, ASSISTANT_OLD, Count, HOUR, Model, REPLACED, SEARCH } from './usage';
import type { BedrockMetric } from '../../../src/aws/metrics';
import { Dimension, MetricName, NAMESPACE, StackRequest } from '../../../src/lambda/month-to-date/contract';
import type * as Handler from '../../../src/lambda/month-to-date/index.lambda';
import { chance } from '../../../tools/chance';

export const BUDGET = 'Year/Budget';
/** The windows in minutes of the published cost. */
export const WINDOWS = [60, 1440];
/** Throughput from outside of the app, in the part of the assistant: US dollars an hour, for the whole year. */
export const CAPACITY_USD = 24;

/** The metrics of a resource as the handler prices them: in dollars. */
const pricesOf = ({ centsPerMillion }: Model) => Object.entries(centsPerMillion).map(([metricName, cents]) => ({
  metric: metricName.replace(/InputTokens$/, 'InputTokenCount') as BedrockMetric, usdPerMillion: `${cents / 100}`,
}));

function requestOf(stack: string, time: number): StackRequest {
  const assistant = time < REPLACED ? ASSISTANT_OLD : ASSISTANT_NEW;
  const [model, resource] = stack === 'Search' ? [SEARCH, 'Search/Model'] : [assistant, 'Chat/Assistant'];
  return {
    time: '<aws.scheduler.scheduled-time>',
    stack,
    onDemand: [{ resource, model: model.modelId, modelId: model.modelId, prices: pricesOf(model) }],
    provisioned: stack === 'Search' ? [] : [{ resource: 'Chat/Capacity', model: 'llama', modelUnits: 1, usdPerModelUnitHour: `${CAPACITY_USD}` }],
    batch: [],
    budgets: [{
      budget: BUDGET,
      onDemand: [0],
      provisioned: stack === 'Search' ? [] : [0],
      batch: [],
      windowsMinutes: WINDOWS,
      publishWindows: true,
      publishPart: true,
      resourceMetrics: true,
      ...(stack === 'Search' ? {} : { total: { parts: [{ stack: 'Search', region: SEARCH.region, ledger: ledgerOf('Search') }], publishTo: ['eu-west-1'], limitUsd: '50000' } }),
    }],
  };
}

/** The name of the parameter in which the function of a stack keeps the month's amounts. */
function ledgerOf(stack: string): string {
  return `/cdk-bedrock-cost/year-in-${stack}/spent/1`;
}

/** The two functions of a budget, in two regions, and AWS's clock. */
export class Simulation {
  public runs = 0;
  public failures = 0;
  public missed = 0;
  public repeated = 0;
  public lost = 0;
  private readonly random = chance(2027);
  private readonly direct: { [region: string]: CloudWatch } = {};
  private readonly handlers: { [stack: string]: typeof Handler } = {};
  private readonly deployed: { [stack: string]: string } = {};
  private seen = 0;

  /** @param emulatorUrl the URL for calls of the test: the counts of AWS, and reading published metrics */
  public constructor(private readonly emulatorUrl: string, private readonly counts: readonly Count[]) {}

  /** Runs the functions at a time, which may be missed unless `certain`: the part before the total. */
  public async step(time: number, certain: boolean): Promise<void> {
    await this.countUpTo(time);
    if (certain || time % (24 * HOUR) === 0) await this.run('Search', 'us-east-1', time, certain);
    await this.run('Chat', 'us-west-2', time, certain);
  }

  private async run(stack: string, region: string, time: number, certain: boolean): Promise<void> {
    if (!certain && this.random() < 0.05) {
      this.missed++;
      return;
    }
    await this.deliver(stack, region, time);
    if (this.random() >= 0.03) return;
    this.repeated++;
    await this.deliver(stack, region, time);
  }

  /** The maximum published cost between two times, as an alarm reads it. */
  public async maximum(
    region: string, dimensions: { [name: string]: string }, start: number, end: number, metricName: string = MetricName.MONTH_TO_DATE,
  ): Promise<number | undefined> {
    const { MetricDataResults: [result] = [] } = await this.client(region).getMetricData({
      StartTime: new Date(start * 1000),
      EndTime: new Date(end * 1000),
      MetricDataQueries: [{
        Id: 'a',
        MetricStat: {
          Metric: {
            Namespace: NAMESPACE, MetricName: metricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 24 * HOUR,
          Stat: 'Maximum',
        },
      }],
    });
    return result.Values!.length > 0 ? Math.max(...result.Values!) : undefined;
  }

  public partDimensions(stack: string): { [name: string]: string } {
    return { [Dimension.BUDGET]: BUDGET, [Dimension.STACK]: stack };
  }

  /** Retries a failed run twice, like Lambda. */
  private async deliver(stack: string, region: string, time: number): Promise<void> {
    this.runs++;
    for (let tries = 0; tries < 3; tries++) {
      try {
        return await this.invoke(stack, region, time);
      } catch {
        this.failures++;
      }
    }
    this.lost++;
  }

  private async invoke(stack: string, region: string, time: number): Promise<void> {
    await this.deploy(stack, region, time);
    Object.assign(process.env, { AWS_REGION: region, SCHEDULE: stack, LEDGER_PARAMETER: ledgerOf(stack), STACK_ID: `${region}/${stack}` });
    this.handlers[stack] ??= freshHandler();
    const [{ log, warn }, { now }] = [console, Date];
    Object.assign(console, { log: () => undefined, warn: () => undefined });
    Date.now = () => time * 1000;
    try {
      await this.handlers[stack].handler({ time: new Date(time * 1000).toISOString() });
    } finally {
      Object.assign(console, { log, warn });
      Date.now = now;
    }
  }

  /** Deploys like CloudFormation: the parameter, and a schedule whose input changes when the profile is replaced. */
  private async deploy(stack: string, region: string, time: number): Promise<void> {
    const Input = JSON.stringify(requestOf(stack, time));
    if (this.deployed[stack] === Input) return;
    const settings = { region, endpoint: this.emulatorUrl };
    const [scheduler, ssm] = [new Scheduler(settings), new SSM(settings)];
    const target = { Arn: `arn:aws:lambda:${region}:000000000000:function:${stack}`, RoleArn: 'arn:aws:iam::000000000000:role/schedule', Input };
    const schedule = { Name: stack, ScheduleExpression: 'rate(8 hours)', FlexibleTimeWindow: { Mode: 'OFF' as const }, Target: target };
    if (this.deployed[stack] === undefined) {
      await scheduler.createSchedule(schedule);
      await ssm.putParameter({ Name: ledgerOf(stack), Type: 'String', Value: '{}' });
    } else {
      await scheduler.updateSchedule(schedule);
      // If the description of the parameter changes, CloudFormation writes the value of the template again.
      await ssm.putParameter({ Name: ledgerOf(stack), Type: 'String', Value: '{}', Overwrite: true });
    }
    this.deployed[stack] = Input;
  }

  private async countUpTo(time: number): Promise<void> {
    const from = this.seen;
    while (this.seen < this.counts.length && this.counts[this.seen].seenAt <= time) this.seen++;
    const fresh = this.counts.slice(from, this.seen);
    for (const region of new Set(fresh.map(({ model }) => model.region))) {
      await this.client(region).putMetricData({
        Namespace: 'AWS/Bedrock',
        MetricData: fresh.filter(({ model }) => model.region === region).map(({ model, metricName, time: Timestamp, value }) => ({
          MetricName: metricName, Dimensions: [{ Name: 'ModelId', Value: model.modelId }], Timestamp: new Date(Timestamp * 1000), Value: value,
        })),
      });
    }
  }

  private client(region: string): CloudWatch {
    return this.direct[region] ??= new CloudWatch({ region, endpoint: this.emulatorUrl, disableRequestCompression: true });
  }
}

/** Loads a separate copy for each function, whose clients use the region of their first call. */
function freshHandler(): typeof Handler {
  const path = require.resolve('../../../src/lambda/month-to-date/index.lambda');
  delete require.cache[path];
  return require(path);
}
