import type { Bedrock } from '@aws-sdk/client-bedrock';
import { ThroughputMeter } from './contract';
import { meterOf } from './spend';
import { Purchase } from './throughput-spend';
import { isNamed } from '../shared/errors';
import { mapInPool } from '../shared/pool';

/** The requested throughput as it is now, and each purchase by its meter; undefined for deleted ones. */
export interface Purchases {
  readonly meters: readonly ThroughputMeter[];
  readonly found: ReadonlyMap<string, Purchase | undefined>;
}

/**
 * Looks purchases up by their ARNs. What was deleted and bought again, as by the function that stops spending, has another
 * one, and is found by its name: it is billed, whatever the template says. Throughput bought elsewhere is only passed on.
 */
export async function readPurchases(bedrock: Bedrock, asked: readonly ThroughputMeter[]): Promise<Purchases> {
  const read = await mapInPool(asked, 5, async (meter) => {
    if (meter.arn === undefined) return { meter };
    const purchase = await readPurchase(bedrock, meter.arn) ?? (meter.name === undefined ? undefined : await readPurchase(bedrock, meter.name));
    return { meter: { ...meter, arn: purchase?.arn ?? meter.arn }, purchase };
  });
  return {
    meters: read.map(({ meter }) => meter),
    found: new Map(read.filter(({ meter }) => meter.arn !== undefined).map(({ meter, purchase }) => [meterOf.throughput(meter), purchase])),
  };
}

async function readPurchase(bedrock: Bedrock, arnOrName: string): Promise<Purchase & { readonly arn: string } | undefined> {
  try {
    const found = await bedrock.getProvisionedModelThroughput({ provisionedModelId: arnOrName });
    return {
      arn: found.provisionedModelArn!,
      status: found.status,
      creationTime: found.creationTime!.getTime() / 1000,
      // While it is Creating, AWS may show 0 units beside those that were ordered.
      modelUnits: found.modelUnits || found.desiredModelUnits,
      commitmentEnd: found.commitmentExpirationTime && found.commitmentExpirationTime.getTime() / 1000,
    };
  } catch (e) {
    if (isNamed(e, 'ResourceNotFoundException')) return undefined;
    throw e;
  }
}
