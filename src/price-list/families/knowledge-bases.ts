import { ANY_MODEL, RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { times } from '../units';
import { wordsOf } from '../words';

/** Usagetype such as `USE1-Knowledge-Base:Consumption-based:AgenticRetrieval`, of the offer AmazonBedrockAgentCore. */
const USAGETYPE = /(?:^|-)(Knowledge-Base:(Consumption-based):(Storage|Retrieval|AgenticRetrieval))$/;
const REQUESTS = /^(?:queries|query|requests?|retrievals?)$/i;
const GIGABYTE_MONTHS = /^GB-(?:months?|mo)$/i;
/** Words of a resource that repeat the usagetype in other terms. */
const REPEATING: readonly string[] = ['managed', 'index', 'query', 'queries', 'request', 'requests'];
/** A thousand in a description, which contradicts a unit of one. */
const THOUSANDS = /\b(?:1K|1,?000|thousand)\b/i;

/** Reads the prices of managed knowledge bases: index storage by GB-month, retrievals by the thousand. */
export function knowledgeBases({ attributes, unit, usd, description }: PriceRow, _names: NameMap): Reading | undefined {
  const { usagetype, type, resource = '' } = attributes;
  if (!/(?:^|-)Knowledge-?Base:/i.test(usagetype)) return undefined;
  const [, usage, billing, of] = USAGETYPE.exec(usagetype) ?? [];
  if (usage === undefined) return notUnderstood('knowledge base: unknown usagetype');
  if (type !== undefined && type !== billing) return notUnderstood('usagetype and type contradict each other');
  const stated = [...wordsOf(usage), ...REPEATING];
  if (!wordsOf(resource).every((word) => stated.includes(word))) return notUnderstood('usagetype and resource contradict each other');
  if (of === 'Storage') {
    if (!GIGABYTE_MONTHS.test(unit)) return notUnderstood(`unit ${unit}: unknown for the storage of knowledge bases`);
    return { understood: [{ model: ANY_MODEL, kind: RateKind.INDEX_STORAGE, usd, unit: RateUnit.GIGABYTE_MONTH }] };
  }
  if (!REQUESTS.test(unit)) return notUnderstood(`unit ${unit}: unknown for retrievals`);
  if (THOUSANDS.test(description)) return notUnderstood('unit and description contradict each other in the scale');
  const kind = of === 'Retrieval' ? RateKind.RETRIEVAL : RateKind.AGENTIC_RETRIEVAL;
  return { understood: [{ model: ANY_MODEL, kind, usd: times(usd, 1000), unit: RateUnit.THOUSAND_REQUESTS }] };
}
