import { LeftOut, StatedRate, Statement } from './stated-rate';
import { isBareModelId } from '../../../src/pricing/model-id';
import { ANY_MODEL } from '../../../src/pricing/price-book/rate';
import { isRegion } from '../../../src/pricing/region';

/** No price of the book reaches $10,000: more than ten times that for one unit is a slip. */
const HIGHEST_USD = 100_000;

/** A statement without rows that are no price, no model or no region of AWS: what a package contains is not in our hands. */
export function checkedStatement(statement: Statement): Statement {
  const faults = new Map(statement.rates.map((rate) => [rate, faultOf(rate)]));
  const leftOut = [...faults].flatMap(([{ source, rawId, kind }, why]): LeftOut[] => (why === undefined ? [] : [{ source, rawId, what: kind, why }]));
  return { ...statement, rates: statement.rates.filter((rate) => faults.get(rate) === undefined), leftOut: [...statement.leftOut, ...leftOut] };
}

function faultOf({ model, region, usd }: StatedRate): string | undefined {
  if (model !== ANY_MODEL && !isBareModelId(model)) return `no model id: ${JSON.stringify(model)}`;
  if (region !== undefined && !isRegion(region)) return `no region: ${JSON.stringify(region)}`;
  if (!/^\d+(\.\d+)?$/.test(usd) || !(Number(usd) > 0) || Number(usd) > HIGHEST_USD) return `no price: ${usd}`;
  return undefined;
}
