import { chance } from '../../../tools/chance';

export const HOUR = 3600;
export const YEAR_START = Date.UTC(2027, 0) / 1000;
export const YEAR_END = Date.UTC(2028, 0) / 1000;

/** A used model: the metrics of its tokens, with their prices in cents per million. */
export interface Model {
  readonly region: string;
  readonly modelId: string;
  readonly centsPerMillion: { readonly [metricName: string]: number };
  readonly from: number;
  readonly to: number;
}

/** When the profile of the assistant is replaced by another one: after the last run before it nothing more is counted of the old one. */
export const REPLACED = Date.UTC(2027, 4, 12, 8) / 1000;

// Claude Sonnet 4.6 through the profile `us.`: $3.30, $16.50 and $0.33; Nova Pro: $0.80 and $3.20.
// AWS counts cached tokens under either of two names: the old profile's under one, the new one's under the other.
const SONNET_OLD = { InputTokenCount: 330, OutputTokenCount: 1650, CacheReadInputTokens: 33 };
const SONNET_NEW = { InputTokenCount: 330, OutputTokenCount: 1650, CacheReadInputTokenCount: 33 };
const NOVA = { InputTokenCount: 80, OutputTokenCount: 320 };

export const ASSISTANT_OLD: Model = { region: 'us-west-2', modelId: 'profile-old', centsPerMillion: SONNET_OLD, from: YEAR_START, to: REPLACED - 13 * HOUR };
export const ASSISTANT_NEW: Model = { region: 'us-west-2', modelId: 'profile-new', centsPerMillion: SONNET_NEW, from: REPLACED, to: YEAR_END };
export const SEARCH: Model = { region: 'us-east-1', modelId: 'search', centsPerMillion: NOVA, from: YEAR_START, to: YEAR_END };

/** One datapoint of the metrics of AWS, and the time from which it can be read. */
export interface Count {
  readonly model: Model;
  readonly metricName: string;
  readonly time: number;
  readonly seenAt: number;
  readonly value: number;
}

/** A year of use: about every fifth hour, one datapoint in ten up to four hours late. */
export function yearOfUse(): Count[] {
  const random = chance(42);
  const counts: Count[] = [];
  for (const model of [ASSISTANT_OLD, ASSISTANT_NEW, SEARCH]) {
    for (let hour = model.from; hour < model.to; hour += HOUR) {
      // The first and the last hour of each month always: that is where a sum is cut.
      if (random() < 0.8 && !isAtTurn(hour)) continue;
      for (const metricName of Object.keys(model.centsPerMillion)) {
        const time = hour + 60 * Math.floor(random() * 60);
        const delay = random() < 0.1 ? 4 * HOUR * random() : 120;
        counts.push({ model, metricName, time, seenAt: time + delay, value: Math.floor(random() * 3_000_000) });
      }
    }
  }
  return counts.sort((a, b) => a.seenAt - b.seenAt);
}

function isAtTurn(hour: number): boolean {
  return monthOf(hour) !== monthOf(hour - HOUR) || monthOf(hour) !== monthOf(hour + HOUR);
}

export function monthOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 7);
}

/** The cost of tokens and of a fixed amount, as a sum of whole hundred-millionths of a dollar. */
export function costOf(counts: readonly Count[], fixedUsd = 0): number {
  let units = BigInt(fixedUsd) * 100_000_000n;
  for (const { model, metricName, value } of counts) units += BigInt(value) * BigInt(model.centsPerMillion[metricName]);
  const digits = units.toString().padStart(9, '0');
  return Number(`${digits.slice(0, -8)}.${digits.slice(-8)}`);
}
