import { calculator, exact, lines } from './calculators';

const US = { region: 'us-east-1' };

describe('a knowledge base', () => {
  test('costs its index by the gigabyte and its retrievals by the thousand', () => {
    // page 2026-07-24: 50 x 5.00 + 100 x 1.00
    const estimate = calculator.knowledgeBase({ ...US, indexedGigabytes: 50, retrievalsPerMonth: 100_000 });
    expect(lines(estimate)).toEqual(['250', '100']);
    expect(exact(estimate).monthlyUsd).toBe('350');
    expect(estimate.assumptions).toContain('managed models for embedding, parsing and reranking are included in the price');
  });

  test('is a managed one in every line, with the assumption that an own vector store is billed elsewhere', () => {
    const agentic = { agenticRetrievalsPerMonth: 1, underlyingRetrievalsPerAgenticRetrieval: 1 };
    const estimate = calculator.knowledgeBase({ ...US, indexedGigabytes: 50, retrievalsPerMonth: 1, ...agentic });
    expect(estimate.lineItems.map(({ description }) => description)).toEqual([
      'managed knowledge base: index storage', 'managed knowledge base: retrievals', 'managed knowledge base: agentic retrievals',
      'managed knowledge base: retrievals made by agentic retrievals',
    ]);
    expect(estimate.assumptions.join()).toMatch(/bills nothing for a vector store of your own \(such as OpenSearch Serverless, Aurora or Pinecone\), .* not in this estimate/);
  });

  test('costs agentic retrievals and each retrieval that they make', () => {
    // 1,000 x 4.00 / 1,000 + 1,000 x 3 x 1.00 / 1,000
    const estimate = calculator.knowledgeBase({ ...US, agenticRetrievalsPerMonth: 1000, underlyingRetrievalsPerAgenticRetrieval: 3 });
    expect(lines(estimate)).toEqual(['4', '3']);
    expect(estimate.assumptions.join()).not.toContain('is left out');
  });

  test('has the assumption that underlying retrievals are charged, too, if their number is left out', () => {
    const estimate = calculator.knowledgeBase({ ...US, agenticRetrievalsPerMonth: 1000 });
    expect(lines(estimate)).toEqual(['4']);
    expect(estimate.assumptions.join()).toContain('each retrieval that an agentic retrieval makes is charged, too');
    expect(calculator.knowledgeBase({ ...US, agenticRetrievalsPerMonth: 0, indexedGigabytes: 1 }).assumptions.join()).not.toContain('is charged, too');
  });

  test('is a missing price in a region without one', () => {
    const estimate = calculator.knowledgeBase({ region: 'eu-west-1', indexedGigabytes: 1 });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(estimate.missingPrices[0]).toMatchObject({ kind: 'index-storage', description: 'no price for managed knowledge base: index storage in eu-west-1', hint: expect.stringContaining('us-east-1') });
  });

  test.each(['indexedGigabytes', 'retrievalsPerMonth', 'agenticRetrievalsPerMonth', 'underlyingRetrievalsPerAgenticRetrieval'])('fails for a negative %s', (field) => {
    expect(() => calculator.knowledgeBase({ ...US, agenticRetrievalsPerMonth: 1, [field]: -1 })).toThrow(`${field} must be a number of 0 or more, got -1.`);
  });

  test('fails for retrievals of agentic ones that there are none of', () => {
    expect(() => calculator.knowledgeBase({ ...US, retrievalsPerMonth: 1, underlyingRetrievalsPerAgenticRetrieval: 3 })).toThrow('underlyingRetrievalsPerAgenticRetrieval requires agenticRetrievalsPerMonth. Set agenticRetrievalsPerMonth, or remove the field.');
  });

  test('fails when nothing is given, and for a field that does not exist', () => {
    expect(() => calculator.knowledgeBase(US)).toThrow('one of indexedGigabytes, retrievalsPerMonth, agenticRetrievalsPerMonth is required.');
    expect(() => calculator.knowledgeBase({ ...US, gigabytes: 5 } as never)).toThrow('gigabytes is not a known field. Did you mean indexedGigabytes?');
  });
});
