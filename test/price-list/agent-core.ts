import { IndexJson } from './excerpts';

/** Rows of us-west-2 with the usagetypes, units and prices that AWS had in August 2026. The SKUs are made up. */
const ROWS: readonly (readonly [usagetype: string, usd: string, unit: string, resource: string])[] = [
  ['Knowledge-Base:Consumption-based:Storage', '5.0000000000', 'GB-Month', ''],
  ['Knowledge-Base:Consumption-based:Retrieval', '0.0010000000', 'Queries', ''],
  ['Knowledge-Base:Consumption-based:AgenticRetrieval', '0.0040000000', 'Queries', ''],
  ['Runtime:Consumption-based:vCPU', '0.0895000000', 'vCPU-Hours', 'CPU'],
  ['Runtime:Consumption-based:Memory', '0.0094500000', 'GB-Hours', 'Memory'],
  ['Gateway:Consumption-based:API-Invocations', '0.0000050000', 'Invocations', 'API-Invocations'],
  ['Memory:Consumption-based:Short-Term-Memory', '0.0002500000', 'Events', ''],
];

/** A price list of the offer AmazonBedrockAgentCore: three rows of managed knowledge bases and four of other parts of it. */
export function agentCoreList(): IndexJson {
  const skuOf = (i: number) => `AGENTCORE${String(i).padStart(7, '0')}`;
  return {
    offerCode: 'AmazonBedrockAgentCore',
    publicationDate: '2026-08-11T09:30:00Z',
    products: Object.fromEntries(ROWS.map(([usagetype, , , resource], i) => [skuOf(i), {
      sku: skuOf(i),
      attributes: { servicecode: 'AmazonBedrockAgentCore', regionCode: 'us-west-2', usagetype: `USW2-${usagetype}`, type: 'Consumption-based', resource, operation: '' },
    }])),
    terms: {
      OnDemand: Object.fromEntries(ROWS.map(([usagetype, usd, unit], i) => [skuOf(i), {
        [`${skuOf(i)}.T`]: {
          effectiveDate: '2026-08-01T00:00:00Z',
          priceDimensions: {
            [`${skuOf(i)}.T.D`]: { unit, description: `$${Number(usd)} per ${unit} for USW2-${usagetype}`, beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } },
          },
        },
      }])),
    },
  };
}
