import { BatchSettings, COST_LIMIT_EXCEEDED, Job, Slice, TOO_FEW_RECORDS } from './contract';
import { EstimatedTokens, RunEstimate, SliceOutcome } from './outcomes';
import { recordsOf } from './pack-jobs';
import { costOf, usdText } from './run-cost';
import { decimal } from '../../pricing/decimal';
import { formatQuantity, formatUsd } from '../../pricing/format';

export const NO_TOKENS: EstimatedTokens = { input: 0, output: 0, outputAtMost: 0, media: 0 };

export function addEstimates(a: EstimatedTokens, b: EstimatedTokens): EstimatedTokens {
  return { input: a.input + b.input, output: a.output + b.output, outputAtMost: a.outputAtMost + b.outputAtMost, media: a.media + b.media };
}

/** The estimate of a run before its first submission. */
export function estimateOf(settings: BatchSettings, slices: readonly Slice[], outcomes: readonly SliceOutcome[]): RunEstimate {
  const parts = outcomes.flatMap((outcome) => outcome.parts);
  const tokens = parts.map(({ estimate }) => estimate).reduce(addEstimates, NO_TOKENS);
  const records = recordsOf(parts);
  const prices = howToRun(settings, records) === 'on-demand' ? settings.onDemandPrices : settings.prices;
  return {
    records,
    badLines: outcomes.reduce((sum, { badLines }) => sum + badLines, 0),
    tokens,
    usd: usdText(costOf(tokens, prices)),
    atMostUsd: usdText(costOf({ input: tokens.input, output: tokens.outputAtMost }, prices)),
    linesBefore: linesBefore(slices, outcomes),
  };
}

/** The way to run records: too few for a job are run on demand if `smallRuns` allows it. */
export function howToRun({ quotas, smallRuns }: BatchSettings, records: number): Job['how'] {
  return records < quotas.minimumRecordsPerJob && smallRuns === 'on-demand' ? 'on-demand' : 'batch';
}

/** The error and the cause of a refused run; undefined if it may be submitted. */
export function refusalOf(settings: BatchSettings, { records, tokens, usd, atMostUsd }: RunEstimate): { error: string; cause: string } | undefined {
  const { quotas: { minimumRecordsPerJob }, maxCostPerRunUsd } = settings;
  if (records === 0) return undefined;
  if (records < minimumRecordsPerJob && settings.smallRuns === 'refuse') {
    return {
      error: TOO_FEW_RECORDS,
      cause: `A run must have at least ${minimumRecordsPerJob} records, the minimum of a batch job, got ${records}. Nothing was submitted. Run more at a time, or set smallRuns to `
        + `SmallRuns.ON_DEMAND${onDemandText(settings, tokens)}.`,
    };
  }
  if (maxCostPerRunUsd === undefined) return undefined;
  if (usd === undefined) return { error: COST_LIMIT_EXCEEDED, cause: `The cost of the run is unknown, and maxCostPerRunUsd is ${formatUsd(`${maxCostPerRunUsd}`)}. Nothing was submitted.` };
  if (decimal(usd).cmp(decimal(maxCostPerRunUsd)) <= 0) return undefined;
  return {
    error: COST_LIMIT_EXCEEDED,
    cause: `The run is estimated to cost ${formatUsd(usd)} (${formatQuantity(`${records}`)} records, ${formatQuantity(`${tokens.input}`)} input and `
      + `${formatQuantity(`${tokens.output}`)} output tokens; ${formatUsd(atMostUsd!)} if each has as many as it allows), more than maxCostPerRunUsd, `
      + `${formatUsd(`${maxCostPerRunUsd}`)}. Nothing was submitted.`,
  };
}

function onDemandText({ onDemandPrices }: BatchSettings, tokens: EstimatedTokens): string {
  const usd = usdText(costOf(tokens, onDemandPrices));
  return usd === undefined ? '' : `: about ${formatUsd(usd)} for these`;
}

/** The assumptions by which the tokens of an estimate were counted. */
export function assumptionsOf({ estimate: { bytesPerToken, outputTokensPerRecord }, prices }: BatchSettings, { tokens }: RunEstimate): string[] {
  return [
    `an input token counts as ${bytesPerToken} bytes of text`,
    outputTokensPerRecord === undefined
      ? 'a record counts with as many output tokens as it allows, since none are declared'
      : `a record counts with ${outputTokensPerRecord} output tokens, as declared, or with as many as it allows where these are fewer`,
    ...(tokens.media > 0 ? [`each of the ${formatQuantity(`${tokens.media}`)} images and documents counts as 1,600 tokens`] : []),
    ...(prices === undefined ? ['the price of the model is not known'] : []),
  ];
}

/** The number of lines before each piece, which depends on the lines of the earlier pieces of its file. */
function linesBefore(slices: readonly Slice[], outcomes: readonly SliceOutcome[]): number[][] {
  const ofKey = new Map<string, number>();
  return slices.map(({ pieces }, slice) => pieces.map(({ key }, piece) => {
    const before = ofKey.get(key) ?? 0;
    ofKey.set(key, before + outcomes[slice].lines[piece]);
    return before;
  }));
}
