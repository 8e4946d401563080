import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Errors, JitterType, JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { BatchFunctions } from './functions';
import { BatchCall, BatchSettings, INVALID_INPUT } from '../../lambda/batch-inference/contract';

/** The part of the payload that every call after the first has. */
export const RUN = { run: JsonPath.objectAt('$.run') };

/** The smallest output of a child execution: the outputs of all children of a Distributed Map together must fit into the output of a state. */
export const NOTHING = { outputPath: '$.Payload' };

const PATIENT = { interval: Duration.seconds(5), maxAttempts: 6, backoffRate: 3, maxDelay: Duration.minutes(10), jitterStrategy: JitterType.FULL };

type Answer = Pick<LambdaInvokeProps, 'resultSelector' | 'resultPath' | 'outputPath'>;

/** Creates the states that call a function. */
export class BatchStep {
  constructor(private readonly scope: Construct, private readonly functions: BatchFunctions, private readonly settings: BatchSettings) {}

  /**
   * A state that calls a function, with retries after every error except invalid input, which no retry can fix.
   *
   * @param slow errors that end by themselves within 15 minutes, or not at all
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

  /** True if a run with too few records for a job can run on demand. */
  public get canInvoke(): boolean {
    return this.functions.invoker !== undefined;
  }

  private functionOf(step: BatchCall['step']): IFunction {
    if (step === 'plan' || step === 'split') return this.functions.reader;
    return step === 'invoke' ? this.functions.invoker! : this.functions.worker;
  }
}
