import { Stack } from 'aws-cdk-lib';
import { annotate, severityOf } from './findings';
import { CostEntry, entriesOfStack, once, registryOf } from './registry';
import { priceAgeLimit, settingsProblem } from './settings';
import { PricedResource, tooOldPrices, usedPrices } from '../gate/price-age';
import { MESSAGES, Severity } from '../messages';
import { priceDateFields, priceDatesOf } from '../pricing/price-book/price-dates';

/** The oldest price that the resources of a stack were estimated at, where it is older than the context allows. */
export interface PriceAgeFinding {
  readonly entry: CostEntry;
  readonly severity: Severity;
  readonly text: string;
}

/** The finding of a stack, for information: `check` judges. Reads all entries, those of other copies of the library included. */
export function priceAgeFinding(stack: Stack): PriceAgeFinding | undefined {
  if (settingsProblem(stack) !== undefined) return undefined;
  const limit = priceAgeLimit(stack);
  if (limit === undefined) return undefined;
  const entries = entriesOfStack(stack);
  const found = tooOldPrices(usedPrices(entries.map(pricedResource)), limit);
  const entry = entries.find(({ construct }) => construct.node.path === found?.oldest.path);
  if (found === undefined || entry === undefined) return undefined;
  const severity = severityOf(entry.construct, MESSAGES.pricesTooOld);
  return severity === 'off' ? undefined : { entry, severity, text: `${entry.construct.node.path}: ${found.text}` };
}

/** Prints the finding in a validation: all resources of the stack are known then, and it still reaches the screen. */
export function announcePriceAge(stack: Stack): void {
  stack.node.addValidation({
    validate: () => {
      const found = priceAgeFinding(stack);
      if (found !== undefined) {
        once(registryOf(stack), `price-age:${stack.node.addr}`, () => annotate(found.entry.construct, MESSAGES.pricesTooOld, found.text));
      }
      return [];
    },
  });
}

function pricedResource({ construct, model, estimate, low, high }: CostEntry): PricedResource {
  const otherMonths = [low, high].flatMap((month) => month?.lineItems ?? []);
  return { path: construct.node.path, model, lineItems: estimate.lineItems, ...priceDateFields(priceDatesOf(otherMonths)) };
}
