import type { Bedrock } from '@aws-sdk/client-bedrock';
import { ThroughputMeter } from './contract';
import { meterOf } from './spend';
import { Purchase } from './throughput-spend';
import { isNamed } from '../shared/errors';
import { mapInPool } from '../shared/pool';

/** The requested throughput in its current state, and each purchase by its meter; undefined for deleted ones. */
export interface Purchases {
  readonly meters: readonly ThroughputMeter[];
  readonly found: ReadonlyMap<string, Purchase | undefined>;
}

/**
 * Reads purchases by their ARNs. Throughput that was deleted and bought again, for example by the stop function, has another ARN. It is
 * found by its name, since it is billed even though the template has the former ARN. Throughput bought elsewhere is only passed on.
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
      // While the status is Creating, AWS may return 0 units in addition to the requested number.
      modelUnits: found.modelUnits || found.desiredModelUnits,
      commitmentEnd: found.commitmentExpirationTime && found.commitmentExpirationTime.getTime() / 1000,
    };
  } catch (e) {
    if (isNamed(e, 'ResourceNotFoundException')) return undefined;
    throw e;
  }
}
