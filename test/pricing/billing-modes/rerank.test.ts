import { calculator, exact } from './calculators';

const COHERE = { model: 'cohere.rerank-v3-5:0', region: 'us-east-1' };

describe('reranking', () => {
  test.each([
    // Cohere Rerank 3.5 (page 2026-07-24): 2.00 a thousand queries of up to 100 documents each
    [undefined, '2'], [0, '2'], [1, '2'], [99, '2'], [100, '2'], [100.5, '4'], [101, '4'], [200, '4'], [201, '6'], [350, '8'],
  ])('of %p documents costs $%s for a thousand queries', (documentsPerQuery, monthlyUsd) => {
    expect(exact(calculator.rerank({ ...COHERE, queriesPerMonth: 1000, documentsPerQuery })).monthlyUsd).toBe(monthlyUsd);
  });

  test('rounds every query up, not the month', () => {
    // 10 queries of 101 documents are 20, not ceil(1,010 / 100) = 11: 20 x 0.002
    expect(exact(calculator.rerank({ ...COHERE, queriesPerMonth: 10, documentsPerQuery: 101 })).monthlyUsd).toBe('0.04');
  });

  test('has the cost of the model, and that of a thousand queries', () => {
    // Amazon Rerank 1.0: 1.00 a thousand; 350 documents are 4 queries
    const estimate = calculator.rerank({ model: 'amazon.rerank-v1:0', region: 'us-west-2', queriesPerMonth: 500, documentsPerQuery: 350 });
    expect(exact(estimate)).toMatchObject({ monthlyUsd: '2', unitCosts: [{ unit: '1,000 queries', usd: '4' }] });
    expect(estimate.lineItems[0].description).toBe('queries, each billed as 4');
  });

  test('of a model that does not rank is a missing price', () => {
    expect(calculator.rerank({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', queriesPerMonth: 1 }).missingPrices[0].kind).toBe('rerank-query');
  });

  test.each([['queriesPerMonth', -1], ['queriesPerMonth', undefined], ['documentsPerQuery', -1], ['documentsPerQuery', NaN]])('fails for %s of %p', (field, value) => {
    expect(() => calculator.rerank({ ...COHERE, queriesPerMonth: 1, [field]: value })).toThrow(field);
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.rerank({ ...COHERE, queriesPerMonth: 1, documents: 5 } as never)).toThrow('documents is not a known field. Did you mean documentsPerQuery?');
  });
});
