import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps } from './props';
import { SourceJson } from '../../cost-report/report-json';
import { addFinding } from '../../estimates/findings';
import { BatchSettings } from '../../lambda/batch-inference/contract';
import { MESSAGES } from '../../messages';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { decimal, Decimal, MILLION, toText } from '../../pricing/decimal';
import { formatQuantity, formatUsd } from '../../pricing/format';
import { isAbout } from '../runs-per-month';

/** Warns of usage that does not match the quotas, the schedule or the limits of a batch. */
export class BatchReview {
  /** @param source the source line of findings */
  constructor(private readonly scope: Construct, private readonly props: BatchInferenceProps, private readonly source: SourceJson | undefined) {}

  public of(counted: BatchUsage, scheduled: number | undefined): void {
    this.reviewSize([counted, this.props.lowUsage, this.props.highUsage]);
    this.reviewCount(counted.jobsPerMonth, scheduled);
  }

  /** Warns if an average or a busy run exceeds `maxCostPerRunUsd`: such runs would be refused after the deployment. */
  public ofRunCost(counted: BatchUsage, prices: BatchSettings['prices']): void {
    const { maxCostPerRunUsd: maximum, highUsage } = this.props;
    if (maximum === undefined || Token.isUnresolved(maximum)) return;
    const runs = [counted, { ...counted, ...highUsage }].map((usage) => ({ usage, usd: runCost(usage, prices) }));
    const above = runs.find(({ usd }) => usd !== undefined && usd.cmp(decimal(maximum)) > 0);
    if (above === undefined) return;
    const records = formatQuantity(String(above.usage.recordsPerJob));
    addFinding(this.scope, MESSAGES.runAboveMaximum,
      `a run of ${records} records is estimated to cost ${formatUsd(toText(above.usd!))}, more than maxCostPerRunUsd, ${formatUsd(String(maximum))}`, this.source);
  }

  private reviewCount(given: number | undefined, scheduled: number | undefined): void {
    if (given === undefined || scheduled === undefined || Token.isUnresolved(given) || isAbout(given, scheduled)) return;
    addFinding(this.scope, MESSAGES.batchJobsDiffer, `jobsPerMonth is ${given}, and the schedule starts ${scheduled} jobs in an average month`, this.source);
  }

  private reviewSize(usages: readonly (BatchUsage | undefined)[]): void {
    const minimum = this.props.quotas?.minimumRecordsPerJob ?? DEFAULTS.quotas.minimumRecordsPerJob;
    const records = usages.flatMap((usage) => usage?.recordsPerJob ?? []).filter((count) => !Token.isUnresolved(count));
    const smallest = Math.min(...records);
    if (!Token.isUnresolved(minimum) && smallest < minimum) {
      addFinding(this.scope, MESSAGES.smallBatch, `recordsPerJob is ${smallest}, and Amazon Bedrock does not accept a job of fewer than ${minimum} records`, this.source);
    }
  }
}

/** The cost of one run by its declared tokens; undefined if a price or a number is unknown at synth. */
function runCost({ recordsPerJob, inputTokensPerRecord = 0, outputTokensPerRecord = 0 }: BatchUsage, prices: BatchSettings['prices']): Decimal | undefined {
  const numbers = [recordsPerJob, inputTokensPerRecord, outputTokensPerRecord];
  if (prices === undefined || numbers.some((number) => Token.isUnresolved(number))) return undefined;
  const dollars = (tokens: number, usdPerMillion: string) => decimal(recordsPerJob).times(decimal(tokens)).times(decimal(usdPerMillion));
  return dollars(inputTokensPerRecord, prices.usdPerMillionInput).plus(dollars(outputTokensPerRecord, prices.usdPerMillionOutput)).div(MILLION);
}
