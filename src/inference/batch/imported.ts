import { IStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BatchInferenceBase } from './base';
import { BatchInferenceAttributes } from './props';

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
