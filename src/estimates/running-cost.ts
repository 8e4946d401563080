import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RegisteredMonitor } from './registry';
import { OtherServiceLineJson } from '../cost-report/report-json';
import { Decimal, decimal, sum, toText } from '../pricing/decimal';
import { inUnits, OtherServiceKey, otherServicePrice, otherServiceUsd } from '../pricing/other-services';

/** The monthly costs of other AWS services, line by line, without free tiers. */
export class RunningCost {
  private readonly parts: { readonly line: OtherServiceLineJson; readonly usd: Decimal }[] = [];

  /** Nothing is added for a quantity of 0. */
  public add(key: OtherServiceKey, quantity: number | Decimal, description: string): this {
    const exact = typeof quantity === 'number' ? decimal(quantity) : quantity;
    if (exact.cmp(decimal(0)) === 0) return this;
    const { unit, usd: price } = otherServicePrice(key);
    const usd = otherServiceUsd(key, exact);
    const line = { description, quantity: toText(inUnits(key, exact)), unit, unitPriceUsd: toText(decimal(price)), usd: toText(usd) };
    this.parts.push({ usd, line });
    return this;
  }

  public get lines(): OtherServiceLineJson[] {
    return this.parts.map(({ line }) => line);
  }

  public get monthly(): Decimal {
    return sum(this.parts.map(({ usd }) => usd));
  }
}

/** A monitor of a budget, with its detection delay and its own cost. */
export function registeredMonitor(scope: IConstruct, part: string, delay: string, cost: RunningCost): RegisteredMonitor {
  return { scope, part, stack: Stack.of(scope).node.path, delay, otherServicesMonthlyUsd: toText(cost.monthly), lineItems: cost.lines };
}
