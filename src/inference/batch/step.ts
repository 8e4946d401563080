import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Errors, JitterType, JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { BatchFunctions } from './functions';
import { BatchCall, BatchSettings, INVALID_INPUT } from '../../lambda/batch-inference/contract';

/** What every call after the first carries. */
export const RUN = { run: JsonPath.objectAt('$.run') };

/** Children of a Distributed Map answer with as little as can be: all their answers together are the output of a state. */
export const NOTHING = { outputPath: '$.Payload' };

const PATIENT = { interval: Duration.seconds(5), maxAttempts: 6, backoffRate: 3, maxDelay: Duration.minutes(10), jitterStrategy: JitterType.FULL };

type Answer = Pick<LambdaInvokeProps, 'resultSelector' | 'resultPath' | 'outputPath'>;

/** Makes the states that call a function. */
export class BatchStep {
  constructor(private readonly scope: Construct, private readonly functions: BatchFunctions, private readonly settings: BatchSettings) {}

  /**
   * A call is tried again whatever happened to it, except for what no other try mends.
   *
   * @param slow errors that go away by themselves, within a quarter of an hour if at all
   */
  public of(id: string, step: BatchCall['step'], payload: object, props: Answer, ...slow: string[]): LambdaInvoke {
    const task = new LambdaInvoke(this.scope, id, {
      lambdaFunction: this.functionOf(step),
      payload: TaskInput.fromObject({ step, settings: this.settings, ...payload }),
      retryOnServiceExceptions: false,
      ...props,
    });
    task.addRetry({ errors: [INVALID_INPUT], maxAttempts: 0 });
    if (slow.length > 0) task.addRetry({ errors: slow, interval: Duration.minutes(1), maxAttempts: 4, backoffRate: 2 });
    task.addRetry({ ...PATIENT, errors: [Errors.ALL] });
    return task;
  }

  /** Whether records that are too few for a job can be run on demand. */
  public get canInvoke(): boolean {
    return this.functions.invoker !== undefined;
  }

  private functionOf(step: BatchCall['step']): IFunction {
    if (step === 'plan' || step === 'split') return this.functions.reader;
    return step === 'invoke' ? this.functions.invoker! : this.functions.worker;
  }
}
