import type { Bedrock } from '@aws-sdk/client-bedrock';
import { mapInPool } from './pool';
import { meterOf } from './spend';
import { Purchase } from './throughput-spend';
import { ThroughputMeter } from '../month-to-date.contract';

/** What AWS says of each purchase, by its meter; undefined for what is gone. Throughput bought elsewhere is not in it. */
export async function readPurchases(bedrock: Bedrock, meters: readonly ThroughputMeter[]): Promise<Map<string, Purchase | undefined>> {
  const bought = meters.filter(({ arn }) => arn !== undefined);
  return new Map(await mapInPool(bought, 5, async (meter) => [meterOf.throughput(meter), await readPurchase(bedrock, meter.arn!)] as const));
}

async function readPurchase(bedrock: Bedrock, arn: string): Promise<Purchase | undefined> {
  try {
    const found = await bedrock.getProvisionedModelThroughput({ provisionedModelId: arn });
    return {
      status: found.status,
      creationTime: found.creationTime!.getTime() / 1000,
      modelUnits: found.modelUnits,
      commitmentEnd: found.commitmentExpirationTime && found.commitmentExpirationTime.getTime() / 1000,
    };
  } catch (e) {
    if ((e as Error).name === 'ResourceNotFoundException') return undefined;
    throw e;
  }
}
