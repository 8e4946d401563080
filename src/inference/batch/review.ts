import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BatchInferenceProps } from './batch-inference-props';
import { DEFAULTS } from './input';
import { addFinding } from '../../estimates/findings';
import { MESSAGES } from '../../messages';
import { BatchUsage } from '../../pricing/usage';
import { isAbout } from '../runs-per-month';

/** Looks whether the usage of a batch goes with what it does. */
export class BatchReview {
  constructor(private readonly scope: Construct, private readonly props: BatchInferenceProps) {}

  public of(counted: BatchUsage, scheduled: number | undefined): void {
    this.reviewSize([counted, this.props.lowUsage, this.props.highUsage]);
    this.reviewCount(counted.jobsPerMonth, scheduled);
  }

  private reviewCount(given: number | undefined, scheduled: number | undefined): void {
    if (given === undefined || scheduled === undefined || Token.isUnresolved(given) || isAbout(given, scheduled)) return;
    addFinding(this.scope, MESSAGES.batchJobsDiffer, `jobsPerMonth is ${given}, and the schedule starts ${scheduled} jobs in an average month`);
  }

  private reviewSize(usages: readonly (BatchUsage | undefined)[]): void {
    const { minimumRecordsPerJob: minimum = DEFAULTS.minimumRecordsPerJob } = this.props;
    const records = usages.flatMap((usage) => usage?.recordsPerJob ?? []).filter((count) => !Token.isUnresolved(count));
    const smallest = Math.min(...records);
    if (!Token.isUnresolved(minimum) && smallest < minimum) {
      addFinding(this.scope, MESSAGES.smallBatch, `recordsPerJob is ${smallest}, and Amazon Bedrock does not accept a job of fewer than ${minimum} records`);
    }
  }
}
