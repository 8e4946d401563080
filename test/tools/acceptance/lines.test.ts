import { ASSUMPTIONS, JUDGES, linesOf, table } from '../../../tools/acceptance/lines';
import { rowsOf } from '../../../tools/acceptance/steps/prices';

/** Questions that the documents leave open. A line must settle each of them or give the reason why it cannot. */
const OPEN_QUESTIONS = [
  'subject-length', 'renewal-locks-a-second-term', 'model-id-of-throughput', 'model-id-of-a-direct-call', 'no-other-token-metric',
  'throughput-is-authorized-on', 'desired-model-arn', 'media-outside-the-folder', 'room-for-the-deny-policy', 'profile-condition',
  'long-context-boundary', 'throughput-token-lifetime', 'metrics-of-a-math-alarm', 'job-is-listed', 'deletable-at-the-end', 'manifest-input-tokens',
  'batch-in-runtime-metrics', 'billed-from', 'action-after-manual-detach', 'feature-prices', 'service-prices', 'canvas-size',
];

test('each assumption has a check, or the reason why it is not tried', () => {
  const ids = ASSUMPTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ASSUMPTIONS.filter(({ id, notTried }) => (notTried === undefined) !== (id in JUDGES)).map(({ id }) => id)).toEqual([]);
  expect(Object.keys(JUDGES).filter((id) => !ids.includes(id))).toEqual([]);
});

test('no open question is left out', () => {
  const ids = ASSUMPTIONS.map(({ id }) => id);
  expect(OPEN_QUESTIONS.filter((id) => !ids.includes(id))).toEqual([]);
});

test('without answers every line is not tried, with a reason', () => {
  const lines = linesOf({});
  expect(lines).toHaveLength(ASSUMPTIONS.length);
  expect(lines.filter(({ did, verdict }) => verdict !== 'not tried' || !/^not tried: \S/.test(did))).toEqual([]);
});

test('a step that failed gives its reason to each of its lines, and no other', () => {
  const lines = linesOf({ limits: { notTried: 'Throttling: slow down' }, directJob: { listedAfter: 3, waited: 900 } });
  expect(lines.filter(({ did }) => did === 'not tried: Throttling: slow down')).toHaveLength(2);
  expect(lines.filter(({ verdict }) => verdict === 'confirmed').map(({ did }) => did)).toEqual(['Listed after 3 s.']);
});

test('a table is Markdown for any response of AWS, and names no account', () => {
  const did = 'Denied on arn:aws:iam::123456789012:role/A | B\nand <x>';
  expect(table([{ assumption: 'It works.', did, verdict: 'refuted' }])).toBe([
    '| What we assume | What AWS did | Verdict |',
    '| --- | --- | --- |',
    '| It works. | Denied on arn:aws:iam::ACCOUNT:role/A \\| B and &lt;x> | refuted |',
  ].join('\n'));
});

test('a row of the price list is the price of one piece', () => {
  const product = (unit: string, USD: string) => ({
    product: { attributes: { usagetype: 'Requests' } }, terms: { OnDemand: { a: { priceDimensions: { b: { unit, description: 'per piece', pricePerUnit: { USD } } } } } },
  });
  expect(rowsOf(product('Requests', '0.0000050000'))).toEqual([{ text: 'Requests per piece', usd: '0.000005' }]);
  expect(rowsOf(product('1K requests', '30.0000000000'))).toEqual([{ text: 'Requests per piece', usd: '0.03' }]);
  expect(rowsOf({ product: {}, terms: {} })).toEqual([]);
});
