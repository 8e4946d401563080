import { Filter, FilterType, paginateGetProducts } from '@aws-sdk/client-pricing';
import { decimal, toText } from '../../../src/pricing/decimal';
import { OtherServiceKey, otherServicePrice, otherServiceUsd } from '../../../src/pricing/other-services';
import { ListedPrice } from '../observations';
import { Scene } from '../scene';

/** The region of both our prices and these rows. */
const REGION = 'us-east-1';
const THOUSAND = decimal(1000);

interface PricedRow {
  /** Usage type and description. */
  readonly text: string;
  readonly usd: string;
}

/** Prices of one unit that no second source confirms, with patterns of their names in the price list. */
const FEATURES: readonly { readonly what: string; readonly ours: string; readonly named: RegExp }[] = [
  { what: 'GB-month of a knowledge base', ours: '5', named: /index|knowledge ?base.*storage/i },
  { what: 'retrieval', ours: '0.001', named: /^(?!.*agentic).*retriev/i },
  { what: 'agentic retrieval', ours: '0.004', named: /agentic/i },
  { what: 'human task of an evaluation', ours: '0.21', named: /human/i },
  { what: 'request with web grounding', ours: '0.03', named: /nova-grounding|web ?grounding/i },
];

const SERVICES: readonly { readonly key: OtherServiceKey; readonly serviceCode: string; readonly usagetype: string }[] = [
  { key: 's3-put', serviceCode: 'AmazonS3', usagetype: 'Requests-Tier1' },
  { key: 's3-get', serviceCode: 'AmazonS3', usagetype: 'Requests-Tier2' },
  { key: 'cloudwatch-custom-metric', serviceCode: 'AmazonCloudWatch', usagetype: 'CW:MetricMonitorUsage' },
  { key: 'lambda-gb-second', serviceCode: 'AWSLambda', usagetype: 'Lambda-GB-Second' },
];

export async function readFeaturePrices(scene: Scene): Promise<ListedPrice[]> {
  const rows = [...await read(scene, 'AmazonBedrock', []), ...await read(scene, 'AmazonBedrockService', [])];
  return FEATURES.map(({ what, ours, named }) => ({ what, ours, listed: pricesOf(rows.filter(({ text }) => named.test(text))) }));
}

export async function readServicePrices(scene: Scene): Promise<ListedPrice[]> {
  const prices: ListedPrice[] = [];
  for (const { key, serviceCode, usagetype } of SERVICES) {
    const rows = await read(scene, serviceCode, [{ Type: FilterType.TERM_MATCH, Field: 'usagetype', Value: usagetype }]);
    const { service, item } = otherServicePrice(key);
    prices.push({ what: `${service}: ${item}`, ours: toText(otherServiceUsd(key, decimal(1))), listed: pricesOf(rows) });
  }
  return prices;
}

async function read({ aws: { pricing } }: Scene, ServiceCode: string, filters: readonly Filter[]): Promise<PricedRow[]> {
  const rows: PricedRow[] = [];
  const query = { ServiceCode, Filters: [{ Type: FilterType.TERM_MATCH, Field: 'regionCode', Value: REGION }, ...filters] };
  for await (const { PriceList = [] } of paginateGetProducts({ client: pricing }, query)) {
    rows.push(...PriceList.flatMap((product: unknown) => rowsOf(JSON.parse(`${product}`))));
  }
  return rows;
}

/** The on-demand price of one unit in each tier of a product. */
export function rowsOf({ product, terms }: any): PricedRow[] {
  const dimensions = Object.values<any>(terms?.OnDemand ?? {}).flatMap(({ priceDimensions }) => Object.values<any>(priceDimensions));
  return dimensions.flatMap(({ description = '', unit = '', pricePerUnit }) => {
    const usd = pricePerUnit?.USD;
    if (usd === undefined) return [];
    const ofThousand = /^1k\b|1,?000|thousand/i.test(unit);
    return [{ text: `${product?.attributes?.usagetype} ${description}`, usd: toText(ofThousand ? decimal(usd).div(THOUSAND) : decimal(usd)) }];
  });
}

/** The distinct prices, without free tiers. */
function pricesOf(rows: readonly PricedRow[]): string[] {
  return [...new Set(rows.map(({ usd }) => usd))].filter((usd) => usd !== '0');
}
