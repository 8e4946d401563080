import { decimal } from '../../../src/pricing/decimal';
import { ChangeSet, Judgement, Limits, ListedPrice } from '../observations';

export function judgeMathAlarm({ limits: { alarmOf10Metrics: ten, alarmOf11Metrics: eleven } }: { readonly limits: Limits }): Judgement {
  return judgePair(`10 metrics: ${ten}. 11 metrics: ${eleven}.`, ten === 'accepted', eleven === 'accepted');
}

export function judgeSubject({ limits: { subjectOf99: shorter, subjectOf100: longer } }: { readonly limits: Limits }): Judgement {
  return judgePair(`99 characters: ${shorter}. 100 characters: ${longer}.`, shorter === 'accepted', longer === 'accepted');
}

/** Confirms a limit if AWS accepts a request at it and refuses one above it. */
function judgePair(did: string, takenAtLimit: boolean, takenAbove: boolean): Judgement {
  return { verdict: takenAtLimit && !takenAbove ? 'confirmed' : 'refuted', did };
}

export function judgeChangeSet({ changeSet }: { readonly changeSet: ChangeSet }): Judgement {
  const { exitCode, text, purchasesBefore, purchasesAfter } = changeSet;
  const bought = purchasesAfter - purchasesBefore;
  const purchases = `${bought === 0 ? 'No purchase was' : `${bought} purchases were`} made.`;
  if (exitCode !== 0) return { verdict: 'refuted', did: `The change set failed: ${text} ${purchases}` };
  return { verdict: bought === 0 ? 'confirmed' : 'refuted', did: `The change set was made. ${purchases}` };
}

/** Never refutes: the choice of rows for these features is a guess, so that other prices are unclear. */
export function judgeFeaturePrices({ featurePrices }: { readonly featurePrices: readonly ListedPrice[] }): Judgement {
  const { did, verdict } = judgePrices(featurePrices);
  return { did, verdict: verdict === 'refuted' ? 'unclear' : verdict };
}

export function judgeServicePrices({ servicePrices }: { readonly servicePrices: readonly ListedPrice[] }): Judgement {
  return judgePrices(servicePrices);
}

/** Confirms prices that a row of the price list has. The list may also have rows of other tiers. */
function judgePrices(prices: readonly ListedPrice[]): Judgement {
  const isListed = ({ ours, listed }: ListedPrice) => listed.some((usd) => decimal(usd).cmp(decimal(ours)) === 0);
  const did = prices.map(({ what, ours, listed }) => `${what}: ours ${ours}, listed ${listed.join(', ') || 'nowhere'}`).join('; ');
  if (prices.some((price) => price.listed.length > 0 && !isListed(price))) return { verdict: 'refuted', did: `${did}.` };
  return { verdict: prices.length > 0 && prices.every(isListed) ? 'confirmed' : 'unclear', did: `${did || 'No price was read'}.` };
}
