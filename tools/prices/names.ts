import { PricedModel } from './facts';

/** Every name that AWS is known to have for a model. */
export function namesOf({ priceListName, name, otherNames }: PricedModel): string[] {
  return [...new Set([...(priceListName === undefined ? [] : [priceListName]), name, ...otherNames])];
}

/** The ids of the models by AWS's names for them, for readers of the AWS Price List, which has no ids. */
export function priceListNames(models: readonly PricedModel[]): { readonly [name: string]: string } {
  const names = models.flatMap((model) => namesOf(model).map((name) => [name, model.id] as const));
  return Object.fromEntries(names.sort(([a], [b]) => (a < b ? -1 : 1)));
}
