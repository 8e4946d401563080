import { Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct, IDependable } from 'constructs';
import { Limit } from '../../aws/limits';
import { RunningCost } from '../../estimates/running-cost';
import { HANDLER_MEMORY } from '../../functions/handler-function';
import { BusinessHoursTick, ThroughputProperties, TICK_MINUTES } from '../../lambda/provisioned-model-throughput/contract';
import { decimal } from '../../pricing/decimal';

export interface ThroughputClockProps {
  readonly ticker: IFunction;
  readonly logicalId: string;
  readonly properties: ThroughputProperties;
  /** The custom resource. The clock ticks only after its creation and before its deletion. */
  readonly resource: IDependable;
}

/** Duration of a check, rounded up. */
const SECONDS = decimal('0.5');

/** The cost of the clock itself in a month of this number of hours. Free tiers are not subtracted. */
export function clockCost(hoursInMonth: number): RunningCost {
  const ticks = decimal(hoursInMonth).times(decimal(60 / TICK_MINUTES));
  const gigabytes = decimal(HANDLER_MEMORY).div(decimal(1024));
  return new RunningCost()
    .add('scheduler-invocation', ticks, 'scheduled checks')
    .add('lambda-request', ticks, 'function calls of the checks')
    .add('lambda-gb-second-arm', ticks.times(SECONDS).times(gigabytes), 'function time of the checks');
}

/** A schedule that calls the function that buys and deletes throughput, every few minutes. */
export class ThroughputClock extends Construct {
  constructor(scope: Construct, id: string, { ticker, logicalId, properties, resource }: ThroughputClockProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [ticker.functionArn] }));
    const tick: BusinessHoursTick = {
      StackId: stack.stackId,
      LogicalResourceId: logicalId,
      ResourceProperties: properties,
      // EventBridge Scheduler replaces this text with the scheduled time.
      time: '<aws.scheduler.scheduled-time>',
    };
    const schedule = new CfnSchedule(this, 'Resource', {
      description: `Amazon Bedrock: business hours of ${scope.node.path}`.slice(0, Limit.SCHEDULE_DESCRIPTION),
      scheduleExpression: `cron(0/${TICK_MINUTES} * * * ? *)`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: ticker.functionArn,
        roleArn: role.roleArn,
        input: Lazy.string({ produce: () => stack.toJsonString(tick) }),
        // A missed tick needs no retry: the next one does the same.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(role, resource);
  }
}
