import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { registryOf } from '../../../src/estimates/registry';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { reportSaving } from '../../../src/inference/provisioned/saving';
import { isUtilisationAllowed, reviewUtilisation, UtilisedPurchase } from '../../../src/inference/provisioned/utilisation';
import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { refusals, stackIn, warnings } from '../synth';

// Llama 3.1 70B in us-west-2: a model unit without commitment $24.00 an hour, so $17,520 in 730 hours; on demand $0.72 for
// a million tokens, input or output. A request of 1,500 + 500 tokens costs 2,000 x $0.72 / 1,000,000 = $0.00144.
const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
const BOOK = PriceBook.embedded();
const REQUEST = { inputTokensPerRequest: 1500, outputTokensPerRequest: 500 };
/** 1,000,000 x 2,000 tokens in 43,800 minutes: 45,662.1 a minute. On demand $1,440. */
const MILLION = { ...REQUEST, requestsPerMonth: 1_000_000 };

interface Given extends Partial<Omit<UtilisedPurchase, 'estimate' | 'book'>> {
  readonly commitmentDuration?: CommitmentDuration;
}

function review({ commitmentDuration, ...given }: Given, stack = stackIn('us-west-2')): Stack {
  const purchase = { model: LLAMA, customModel: false, modelUnits: 2, ...given };
  const { model, customModel, modelUnits, hoursPerMonth } = purchase;
  const estimate = new CostCalculator(BOOK).provisioned({
    model, region: 'us-west-2', modelUnits: typeof modelUnits === 'number' && modelUnits > 0 ? modelUnits : 1, customModel, commitmentDuration, hoursPerMonth,
  });
  const capacity = new Construct(stack, 'Capacity');
  const utilised = { ...purchase, estimate, book: BOOK };
  if (isUtilisationAllowed(capacity, utilised)) reviewUtilisation(capacity, utilised, undefined);
  return stack;
}

const findings = (stack: Stack) => registryOf(stack).findings.map(({ id, severity, message }) => `${severity} ${id}: ${message}`);
/** The lines of the INFO, which must be the only finding. */
function linesOf(stack: Stack): string[] {
  const [only, ...others] = registryOf(stack).findings;
  expect(others).toEqual([]);
  expect(only).toMatchObject({ id: 'bedrock-cost-throughput-break-even', severity: 'info' });
  return only.message.split('\n  ');
}
const warningsOf = (given: Given) => warnings(review(given)).map((text) => text.replace(/; (buy as).*/, ''));

describe('units that match their usage', () => {
  test('cause no warning, and are compared with the same usage on demand', () => {
    // 2 x 40,000 = 80,000 a minute; 45,663 / 80,000 = 57.1 %. All of 80,000 x 43,800 = 3,504 million tokens cost $35,040.
    // They carry 80,000 x 43,800 / 2,000 = 1,752,000 requests, x $0.00144 = $2,522.88.
    const stack = review({ usage: MILLION, tokensPerMinutePerModelUnit: 40_000 });
    expect(warnings(stack)).toEqual([]);
    expect(linesOf(stack)).toEqual([
      '80,000 tokens a minute are paid for, 2 model units of 40,000 each; 45,663 are needed in the busiest minute: utilisation 57.1 %',
      'a million tokens on the units: $10.00 at full utilisation',
      'a month of this usage: $1,440.00 on demand, $35,040.00 on 2 model units',
      'break-even: never, since the 1,752,000 requests a month that the units can carry cost only $2,522.88 on demand',
    ]);
  });

  test('have a break-even point, if they can carry its requests', () => {
    // $17,520 / $0.00144 = 12,166,666.7 requests; the unit carries 1,000,000 x 43,800 / 2,000 = 21,900,000.
    // 15,000,000 x $0.00144 = $21,600; 15,000,000 x 2,000 / 43,800 = 684,931.5. $17,520 / 43,800 million tokens = $0.40.
    const usage = { ...REQUEST, requestsPerMonth: 15_000_000 };
    expect(linesOf(review({ usage, modelUnits: 1, tokensPerMinutePerModelUnit: 1_000_000 }))).toEqual([
      '1,000,000 tokens a minute are paid for, 1 model unit of 1,000,000; 684,932 are needed in the busiest minute: utilisation 68.5 %',
      'a million tokens on the units: $0.40 at full utilisation',
      'a month of this usage: $21,600.00 on demand, $17,520.00 on 1 model unit',
      'break-even: from 12,166,667 requests a month on, the units cost no more than on demand, and they can carry 21,900,000',
    ]);
  });

  test('with a commitment have the cost of the commitment', () => {
    // 2 x $21.18 x 730 = $30,922.80; / 3,504 million tokens = $8.825
    const stack = review({ usage: MILLION, tokensPerMinutePerModelUnit: 40_000, commitmentDuration: CommitmentDuration.ONE_MONTH });
    expect(linesOf(stack)).toEqual(expect.arrayContaining([
      'a million tokens on the units: $8.83 at full utilisation',
      'a month of this usage: $1,440.00 on demand, $30,922.80 on 2 model units',
    ]));
  });

  test('must be enough for the busiest minute, by its ratio to the average', () => {
    // 1.5 x 45,662.1 = 68,493.2; / 80,000 = 85.6 %. They carry 80,000 x 43,800 / (1.5 x 2,000) = 1,168,000, x $0.00144 = $1,681.92
    const lines = linesOf(review({ usage: MILLION, tokensPerMinutePerModelUnit: 40_000, peakToAverageRatio: 1.5 }));
    expect(lines[0]).toContain('68,494 are needed in the busiest minute: utilisation 85.6 %');
    expect(lines[3]).toContain('the 1,168,000 requests a month that the units can carry cost only $1,681.92 on demand');
  });

  test('with business hours must carry the usage in their hours', () => {
    // 218 hours are 13,080 minutes: 2,000,000,000 / 13,080 = 152,905.2. 2 x $24 x 218 = $10,464, for 200,000 x 13,080 = 2,616 million tokens
    expect(linesOf(review({ usage: MILLION, tokensPerMinutePerModelUnit: 100_000, hoursPerMonth: 218 }))).toEqual([
      '200,000 tokens a minute are paid for, 2 model units of 100,000 each; 152,906 are needed in the busiest minute: utilisation 76.5 %',
      'a million tokens on the units: $4.00 at full utilisation',
      'a month of this usage: $1,440.00 on demand, $10,464.00 on 2 model units',
      // 200,000 x 13,080 / 2,000 = 1,308,000 requests, x $0.00144 = $1,883.52
      'break-even: never, since the 1,308,000 requests a month that the units can carry cost only $1,883.52 on demand',
    ]);
  });

  test('exist for the configured hours of a month', () => {
    // 2,000,000,000 / (744 x 60) = 44,802.9
    const stack = review({ usage: MILLION }, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': 744 }));
    expect(linesOf(stack)[0]).toContain('44,803 are needed');
  });

  test('also count tokens from the prompt cache', () => {
    // 1,000,000 x (1,500 + 500 + 8,000) / 43,800 = 228,310.5
    const usage = { ...MILLION, cacheReadTokensPerRequest: 8000 };
    expect(linesOf(review({ usage, tokensPerMinutePerModelUnit: 200_000 }))[0]).toContain('228,311 are needed');
  });
});

describe('units that are too few', () => {
  test('cause a warning with the needed number', () => {
    // 45,663 of 40,000: 114.2 %
    expect(warningsOf({ usage: MILLION, modelUnits: 1, tokensPerMinutePerModelUnit: 40_000 })).toEqual([
      '45,663 tokens a minute are needed in the busiest minute, 114.2 % of the 40,000 that are paid for, 1 model unit of 40,000; 2 model units would be needed. Buy as many model units as the message names, spread the load, or send the excess requests on demand. [ack: bedrock-cost-throughput-too-small]',
    ]);
  });

  // One unit carries 40,000 x 43,800 / 2,000 = 876,000 requests.
  test.each([[875_999, 0], [876_000, 0], [876_001, 1]])('for %d requests cause %d warnings', (requestsPerMonth, count) => {
    expect(warningsOf({ usage: { ...REQUEST, requestsPerMonth }, modelUnits: 1, tokensPerMinutePerModelUnit: 40_000 })).toHaveLength(count);
  });

  test('cause the warning in addition to the INFO', () => {
    expect(findings(review({ usage: MILLION, modelUnits: 1, tokensPerMinutePerModelUnit: 40_000 }))).toEqual([
      expect.stringContaining('warning bedrock-cost-throughput-too-small: '), expect.stringContaining('info bedrock-cost-throughput-break-even: '),
    ]);
  });
});

describe('units that are too many', () => {
  test('cause a warning with the sufficient number, and the cost of the others', () => {
    // 45,663 of 200,000: 22.8 %; one of two units would do, the other costs $17,520
    expect(warningsOf({ usage: MILLION, tokensPerMinutePerModelUnit: 100_000 })).toEqual([
      '45,663 tokens a minute are needed in the busiest minute, 22.8 % of the 200,000 that are paid for, 2 model units of 100,000 each; 1 model unit would be enough, and the surplus of 1 costs $17,520.00 a month. Buy as few model units as the message names, or acknowledge the warning if the others are for future usage. [ack: bedrock-cost-throughput-too-large]',
    ]);
  });

  // Two units carry 2 x 876,000 = 1,752,000 requests: as long as two are enough, four are too many.
  test.each([[1_752_000, 1], [1_752_001, 0]])('for %d requests cause %d warnings', (requestsPerMonth, count) => {
    expect(warningsOf({ usage: { ...REQUEST, requestsPerMonth }, modelUnits: 4, tokensPerMinutePerModelUnit: 40_000 })).toHaveLength(count);
  });

  test('never apply to one unit: fewer cannot be bought', () => {
    expect(warningsOf({ usage: { ...REQUEST, requestsPerMonth: 0 }, modelUnits: 1, tokensPerMinutePerModelUnit: 40_000 })).toEqual([]);
  });

  test('have an unknown cost if their price is unknown', () => {
    expect(warningsOf({ model: 'amazon.nova-pro-v1:0', usage: MILLION, tokensPerMinutePerModelUnit: 100_000 }))
      .toEqual([expect.stringContaining('the surplus of 1 costs an unknown amount a month')]);
  });

  // 45,663 a minute take 3 units of 20,000: 2 are too few, from 6 on they are too many.
  test.each([[1, '3 model units would be needed'], [2, '3 model units would be needed'], [6, '3 model units would be enough'], [7, '3 model units would be enough']])(
    'are never too few at the same time: %d', (modelUnits, text) => {
      expect(warningsOf({ usage: MILLION, modelUnits, tokensPerMinutePerModelUnit: 20_000 })).toEqual([expect.stringContaining(text)]);
    });

  test.each([[3], [4], [5]])('are not %d, if 3 are needed', (modelUnits) => {
    expect(warningsOf({ usage: MILLION, modelUnits, tokensPerMinutePerModelUnit: 20_000 })).toEqual([]);
  });
});

describe('with partial data', () => {
  test('the capacity of a unit results in the paid capacity, and the cost of a million tokens at full utilisation', () => {
    // 200,000 x 43,800 = 8,760 million tokens for $35,040
    expect(linesOf(review({ tokensPerMinutePerModelUnit: 100_000 }))).toEqual([
      '200,000 tokens a minute are paid for, 2 model units of 100,000 each',
      'a million tokens on the units: $4.00 at full utilisation',
    ]);
  });

  test('the usage results in both costs, and the break-even point', () => {
    // $35,040 / $0.00144 = 24,333,333.3
    expect(linesOf(review({ usage: MILLION }))).toEqual([
      'Tokens a minute: 45,663 are needed in the busiest minute; the capacity of 2 model units is unknown without tokensPerMinutePerModelUnit',
      'a month of this usage: $1,440.00 on demand, $35,040.00 on 2 model units',
      'break-even: from 24,333,334 requests a month on, the units cost no more than on demand, if the units can carry them',
    ]);
  });

  test.each([[{}], [{ peakToAverageRatio: 2 }]])('no finding is reported for %j', (given) => {
    expect(findings(review(given))).toEqual([]);
  });

  test('a missing on-demand price is unknown, never $0', () => {
    // A custom model of Llama is not sold on demand.
    expect(linesOf(review({ usage: MILLION, customModel: true, tokensPerMinutePerModelUnit: 40_000 })).slice(2)).toEqual([
      'a month of this usage: unknown on demand, $35,040.00 on 2 model units',
      'break-even: unknown, since the price on demand is',
    ]);
  });

  test('a missing price of the units is unknown, never $0', () => {
    // Nova Pro in us-west-2: 1,500 x $0.80 + 500 x $3.20 for a million tokens are $0.0028 a request
    expect(linesOf(review({ model: 'amazon.nova-pro-v1:0:24k', usage: MILLION, tokensPerMinutePerModelUnit: 40_000 })).slice(1)).toEqual([
      'a million tokens on the units: unknown at full utilisation',
      'a month of this usage: $2,800.00 on demand as us.amazon.nova-pro-v1:0, unknown on 2 model units',
      'break-even: unknown, since the price of the units is',
    ]);
  });

  test('both costs are unknown without any price of the model', () => {
    expect(linesOf(review({ model: 'example.model-v1:0', usage: MILLION })).slice(1)).toEqual([
      'a month of this usage: unknown on demand, unknown on 2 model units',
      'break-even: unknown, since the price of the units is',
    ]);
  });

  test('usage that is not counted in tokens has an unknown utilisation', () => {
    const titan = { model: 'amazon.titan-embed-image-v1', usage: { requestsPerMonth: 1000, imagesPerRequest: 1 } };
    const unknown = 'the usage is not counted in tokens, so the utilisation is unknown';
    expect(linesOf(review(titan))[0]).toBe(`T${unknown.slice(1)}`);
    expect(linesOf(review({ ...titan, tokensPerMinutePerModelUnit: 40_000 }))[0])
      .toBe(`80,000 tokens a minute are paid for, 2 model units of 40,000 each; ${unknown}`);
  });

  test('requests that are free on demand have no break-even point', () => {
    expect(linesOf(review({ usage: { requestsPerMonth: 1000, inputTokensPerRequest: 0 } })).slice(1)).toEqual([
      'a month of this usage: $0.00 on demand, $35,040.00 on 2 model units',
      'break-even: never, since a request costs nothing on demand',
    ]);
  });

  test('without requests, the cost is $0 and the break-even point is the same', () => {
    const lines = linesOf(review({ usage: { ...REQUEST, requestsPerMonth: 0 } }));
    expect(lines[1]).toContain('$0.00 on demand, $35,040.00 on 2 model units');
    expect(lines[2]).toContain('from 24,333,334 requests a month on');
  });
});

describe('a value that is known only at deployment', () => {
  const token = () => Lazy.number({ produce: () => 1 });

  test.each<[string, () => Given]>([
    ['modelUnits', () => ({ modelUnits: token() })],
    ['tokensPerMinutePerModelUnit', () => ({ tokensPerMinutePerModelUnit: token() })],
    ['usage.requestsPerMonth', () => ({ usage: { ...MILLION, requestsPerMonth: token() } })],
    ['usage', () => ({ usage: Lazy.any({ produce: () => MILLION }) as never })],
    ['peakToAverageRatio', () => ({ peakToAverageRatio: token() })],
    ['model', () => ({ model: Lazy.string({ produce: () => LLAMA }) })],
  ])('for %s makes the comparison unknown, without a warning', (name, given) => {
    const stack = review({ usage: MILLION, tokensPerMinutePerModelUnit: 40_000, ...given() });
    expect(linesOf(stack)).toEqual([`Utilisation and break-even are unknown: ${name} is a token, known only at deployment.`]);
    expect(refusals(stack)).toEqual([]);
  });

  test('as the region makes the on-demand price unknown', () => {
    expect(linesOf(review({ usage: MILLION }, stackIn(null)))[1]).toBe('a month of this usage: unknown on demand, $35,040.00 on 2 model units');
  });

  test('as the region has no effect if the usage file has the region', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'bedrock-cost-')), 'usage.yml');
    writeFileSync(path, 'version: 1\nregion: us-west-2\nworkloads: [{ name: a, type: flow, nodeTransitionsPerMonth: 1 }]\n');
    expect(linesOf(review({ usage: MILLION }, stackIn(null, { 'cdk-bedrock-cost:usage': path })))[1]).toContain('$1,440.00 on demand');
  });
});

describe('fails', () => {
  test.each<[string, Given, string]>([
    ['a capacity of less than a token', { tokensPerMinutePerModelUnit: 0.9 }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got 0.9.'],
    ['a capacity that is not a number', { tokensPerMinutePerModelUnit: NaN }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got NaN.'],
    ['a peak below the average', { usage: MILLION, peakToAverageRatio: 0.9 }, 'peakToAverageRatio must be a number of 1 or more, got 0.9.'],
    ['an infinite peak', { peakToAverageRatio: Infinity }, 'peakToAverageRatio must be a number of 1 or more, got Infinity.'],
    ['negative requests', { usage: { ...MILLION, requestsPerMonth: -1 } }, 'usage.requestsPerMonth must be a number of 0 or more, got -1.'],
    ['usage without tokens', { usage: { requestsPerMonth: 1 } }, 'one of usage.inputTokensPerRequest, usage.outputTokensPerRequest, usage.cacheReadTokensPerRequest, usage.cacheWriteTokensPerRequest, usage.imagesPerRequest, usage.documentImagesPerRequest, usage.audioSecondsPerRequest, usage.videoSecondsPerRequest, usage.inputImageTokensPerRequest, usage.inputAudioTokensPerRequest, usage.inputVideoTokensPerRequest, usage.outputImageTokensPerRequest is required.'],
    ['an unknown field', { usage: { ...MILLION, tokens: 1 } as never }, 'usage.tokens is not a known field. Did you mean inputTokensPerRequest?'],
  ])('for %s, without another finding', (_, given, text) => {
    const stack = stackIn('us-west-2');
    new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of(LLAMA), modelUnits: 2, ...given as Partial<ProvisionedModelThroughputProps> });
    expect(refusals(stack)).toEqual([expect.stringContaining(`[Stack/Capacity] bedrock-cost-invalid-input: ${text}`)]);
    expect(findings(stack).filter((finding) => finding.includes('bedrock-cost-throughput'))).toEqual([]);
  });
});

test('an invalid setting of the app is not reported again', () => {
  expect(refusals(review({ usage: MILLION }, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': 0 })))).toEqual([]);
});

test('no finding is reported if estimates or the message are disabled', () => {
  for (const context of [{ 'cdk-bedrock-cost:enabled': false }, { 'cdk-bedrock-cost:severity': { 'bedrock-cost-throughput-break-even': 'off' } }]) {
    expect(findings(review({ usage: MILLION, tokensPerMinutePerModelUnit: 40_000 }, stackIn('us-west-2', context)))).toEqual([]);
  }
});

test('a model that the region offers only through a profile is compared with the profile', () => {
  // Claude Sonnet 4.6 through `us.`: 1,500 x $3.30 + 500 x $16.50 for a million tokens are $0.0132 a request
  const [, costs] = linesOf(review({ model: 'anthropic.claude-sonnet-4-6', usage: MILLION }));
  expect(costs).toBe('a month of this usage: $13,200.00 on demand as us.anthropic.claude-sonnet-4-6, unknown on 2 model units');
});

describe('business hours', () => {
  function saving(model: string): string[] {
    const stack = stackIn('us-west-2');
    const estimate = new CostCalculator(BOOK).provisioned({ model, region: 'us-west-2', modelUnits: 2, hoursPerMonth: 218 });
    reportSaving(new Construct(stack, 'Capacity'), { estimate, hours: 218, hoursInMonth: 730 }, undefined);
    expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toHaveLength(1);
    return findings(stack);
  }

  test('have their saving reported', () => {
    // 2 x $24 x 218 = $10,464; 2 x $24 x 730 = $35,040
    expect(saving(LLAMA)).toEqual([
      'info bedrock-cost-business-hours-saving: The estimate covers 218 of 730 hours a month: $10,464.00 instead of $35,040.00 for all of them, $24,576.00 less. On-demand usage outside of these hours is not included.',
    ]);
  });

  test('save an unknown amount if the price is unknown', () => {
    expect(saving('amazon.nova-pro-v1:0')).toEqual([expect.stringContaining('info bedrock-cost-business-hours-saving: The estimate covers 218 of 730 hours a month. The saving is unknown, since the price is unknown. On-demand usage outside of these hours is not included.')]);
  });
});
