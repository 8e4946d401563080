import { Lazy, Names, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { folder } from './location';
import { BatchInferenceProps, ModelInvocationType, SmallRuns } from './props';
import { resolveLazy } from '../../estimates/lazy-usage';
import { tokenPrices } from '../../estimates/metered';
import { BatchSettings, InputLocation, JobQuotas, TokenPrices } from '../../lambda/batch-inference/contract';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { PriceTier } from '../../pricing/price-book/rate';
import { BedrockModel } from '../bedrock-model';

/**
 * The settings of the functions, including default values.
 *
 * @param counted the usage that is priced
 */
export function batchSettings(scope: Construct, props: BatchInferenceProps, jobNamePrefix: string, counted: BatchUsage): BatchSettings {
  const { model, usage, prompts, maxCostPerRunUsd, smallRuns = SmallRuns.REFUSE } = props;
  // Left out of the state machine if the price is unknown.
  const prices = (tier: PriceTier) => Lazy.any({ produce: () => runPrices(scope, model, counted, tier) }) as unknown as TokenPrices;
  return {
    resource: metricResource(scope),
    input: inputOf(props),
    output: { bucket: props.outputBucket.bucketName, prefix: folder(props.outputPrefix) },
    modelId: model.modelId,
    invocationType: props.modelInvocationType ?? ModelInvocationType.INVOKE_MODEL,
    formatModelId: model.pricingModelId,
    prompts: prompts?._settings,
    quotas: quotasOf(props),
    jobNamePrefix,
    maxAttempts: props.maxAttempts ?? DEFAULTS.maxAttempts,
    smallRuns,
    prices: prices(PriceTier.BATCH),
    onDemandPrices: prices(PriceTier.STANDARD),
    estimate: {
      bytesPerToken: props.bytesPerToken ?? DEFAULTS.bytesPerToken,
      outputTokensPerRecord: usage.outputTokensPerRecord && counted.outputTokensPerRecord,
    },
    maxCostPerRunUsd,
    toleratedFailurePercentage: props.toleratedFailurePercentage ?? 0,
  };
}

/**
 * The token prices of a run; undefined if a price that the usage needs is unknown. For use at synthesis: `Lazy` values are resolved, since
 * the tokens of a record decide whether it has the price of a long context, and the price settings become final.
 */
export function runPrices(scope: Construct, { pricingModelId: model, customModel }: BedrockModel, usage: BatchUsage, tier: PriceTier): BatchSettings['prices'] {
  const { inputTokensPerRecord, outputTokensPerRecord } = resolveLazy(scope, usage);
  const [inputTokens, outputTokens] = [numberOf(inputTokensPerRecord), numberOf(outputTokensPerRecord)];
  return tokenPrices(scope, { model, customModel, inputTokens, outputTokens, tier });
}

export function quotasOf({ quotas = {} }: BatchInferenceProps): JobQuotas {
  const { minimumRecordsPerJob, recordsPerJob, recordsPerFile, jobBytes, fileBytes } = DEFAULTS.quotas;
  const bytes = (size: Size | undefined, standard: number) => (size === undefined || size.isUnresolved() ? standard : bytesOf(size));
  return {
    recordsPerJob: quotas.recordsPerJob ?? recordsPerJob,
    recordsPerFile: quotas.recordsPerFile ?? recordsPerFile,
    bytesPerJob: bytes(quotas.jobSize, jobBytes),
    bytesPerFile: bytes(quotas.fileSize, fileBytes),
    minimumRecordsPerJob: quotas.minimumRecordsPerJob ?? minimumRecordsPerJob,
  };
}

/** The bytes of a size, rounded down to whole bytes. */
export function bytesOf(size: Size): number {
  return Math.floor(size.toBytes({ rounding: SizeRoundingBehavior.NONE }));
}

export function inputOf({ inputBucket, input }: BatchInferenceProps): InputLocation {
  const bucket = inputBucket.bucketName;
  return input === undefined ? { bucket, kind: 'folder', path: '' } : { bucket, kind: input._kind, path: input._path };
}

function numberOf(value = 0): number {
  return Token.isUnresolved(value) ? 0 : value;
}

/** The path of the construct, or a unique name if CloudWatch does not accept the path: it must be ASCII of at most 255 characters. */
export function metricResource(scope: Construct): string {
  const { path } = scope.node;
  return /^[ -~]{1,255}$/.test(path) ? path : Names.uniqueResourceName(scope, { maxLength: 255 });
}
