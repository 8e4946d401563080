import { IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BatchInferenceBase } from './base';

/** The attributes of batch inference of another stack or app. */
export interface BatchInferenceAttributes {
  /** The ARN of the state machine. */
  readonly stateMachineArn: string;
  /**
   * The `batchInferenceName` of the construct: its path, such as `Stack/Nightly`, or a shorter name if CloudWatch does not accept
   * the path as a dimension.
   */
  readonly batchInferenceName: string;
}

/** Batch inference of another stack or app. */
export class ImportedBatchInference extends BatchInferenceBase {
  public readonly stateMachine: IStateMachine;
  public readonly batchInferenceName: string;

  constructor(scope: Construct, id: string, { stateMachineArn, batchInferenceName }: BatchInferenceAttributes) {
    super(scope, id);
    this.stateMachine = StateMachine.fromStateMachineArn(this, 'StateMachine', stateMachineArn);
    this.batchInferenceName = batchInferenceName;
  }
}
