import { closeSync, openSync, writeSync } from 'fs';
import { excerpt } from './excerpts';

/**
 * Writes an index.json with so many SKUs: those of the AmazonBedrock excerpt over and over, in regions that do not exist.
 *
 * It is written piece by piece, so that the test itself needs no memory for it.
 */
export function writeSyntheticList(path: string, skus: number): void {
  const { products, terms, ...header } = excerpt('AmazonBedrock');
  const real = Object.keys(products);
  const file = openSync(path, 'w');
  const write = (text: string) => writeSync(file, text);
  const each = (body: (sku: string, realSku: string, round: number) => string) => {
    for (let i = 0; i < skus; i++) {
      const sku = `S${String(i).padStart(15, '0')}`;
      write(`${i === 0 ? '' : ',\n'}"${sku}":${body(sku, real[i % real.length], Math.floor(i / real.length))}`);
    }
  };
  write(`${JSON.stringify(header).slice(0, -1)},"products":{`);
  each((sku, realSku, round) => {
    const { attributes, ...product } = products[realSku];
    const usagetype = `ZZ${round}-${attributes.usagetype.replace(/^[A-Z0-9]+-/, '')}`;
    return JSON.stringify({ ...product, sku, attributes: { ...attributes, regionCode: `zz-test-${round}`, usagetype } });
  });
  write('},"terms":{"OnDemand":{');
  each((sku, realSku) => JSON.stringify(terms.OnDemand[realSku]).replaceAll(realSku, sku));
  write('}},"attributesList":{}}');
  closeSync(file);
}
