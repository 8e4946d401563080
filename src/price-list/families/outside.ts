import { ListedSku } from '../listed-sku';
import { AGENT_CORE_OFFER } from '../price-list-file';

/** Usagetype of managed knowledge bases, the only part of AgentCore that a price book has kinds of rates for. */
const KNOWLEDGE_BASE = /(?:^|-)Knowledge-?Base:/i;

/** Prices of the price list for which a price book has no kind of rate. They are listed by name, since unknown rows must not be skipped. */
const OUTSIDE: readonly (readonly [isOutside: (sku: Outsider) => boolean, name: string])[] = [
  [({ attributes: { usagetype } }) => /(?:^|-)DataAutomation-/.test(usagetype), 'Bedrock Data Automation'],
  [
    ({ offerCode, attributes: { usagetype } }) => offerCode === AGENT_CORE_OFFER && !KNOWLEDGE_BASE.test(usagetype),
    'Amazon Bedrock AgentCore apart from managed knowledge bases (runtime, gateway, memory, tools)',
  ],
];

type Outsider = Pick<ListedSku, 'offerCode' | 'attributes'>;

/** Reason for which an SKU is skipped regardless of its price; undefined for one that may give a rate. */
export function outside(sku: Outsider): string | undefined {
  const found = OUTSIDE.find(([isOutside]) => isOutside(sku));
  return found && `${found[1]}, which a price book has no kind of rate for`;
}
