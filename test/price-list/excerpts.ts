import { readFileSync } from 'fs';
import { join } from 'path';

/** An index.json in AWS's bulk shape. */
export interface IndexJson {
  readonly offerCode: string;
  readonly publicationDate: string;
  readonly products: { readonly [sku: string]: { readonly sku: string; readonly attributes: { readonly [name: string]: string } } };
  readonly terms: { readonly OnDemand: { readonly [sku: string]: { readonly [term: string]: object } } };
}

export const OFFERS = ['AmazonBedrock', 'AmazonBedrockService', 'AmazonBedrockFoundationModels'] as const;

export function excerptPath(offer: string): string {
  return join(__dirname, `${offer}.index.json`);
}

/** Real SKUs of one offer, as AWS published them (the effective dates are those of the month). */
export function excerpt(offer: string): IndexJson {
  return JSON.parse(readFileSync(excerptPath(offer), 'utf8'));
}
