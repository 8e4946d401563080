import { ChildProcess, execFileSync, spawn } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'fs';
import { hostname } from 'os';
import { join } from 'path';
import { Progress } from '../../../src/cli/download/progress';
import { refresh } from '../../../src/cli/download/refresh';
import { Network } from '../../../src/cli/download/retry';
import { Certificate, cutAfter, Fault, indexPath, listPath, PriceListServer, stallAfter, status, trickle } from '../../fakes/price-list-server';
import { CliFolder, CliResult } from '../../harness/cli/run-cli';

const BIN = join(__dirname, '../../../bin/cdk-bedrock-cost');
const OLD = '{ "schemaVersion": "1", "rates": [\n{ "model": "amazon.nova-lite-v1:0", "kind": "input", "usd": "0.07", "unit": "1M tokens" }\n] }\n';
const NOVA_LIST = listPath('AmazonBedrock', 'us-east-1');
const AGENT_CORE_LIST = listPath('AmazonBedrockAgentCore', 'us-west-2');

const certificate = new Certificate();
let folder: CliFolder;
let server: PriceListServer;
/** A server without TLS for runs in this process. All runs of a test share it, since downloads are kept by endpoint. */
let plain: PriceListServer;
let book: string;
beforeEach(async () => {
  folder = new CliFolder();
  server = await PriceListServer.start(certificate);
  plain = await PriceListServer.start();
  book = join(folder.path, 'prices.json');
});
afterEach(async () => {
  await server.close();
  await plain.close();
  folder.remove();
});
afterAll(() => certificate.remove());

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): { readonly child: ChildProcess; readonly ended: Promise<CliResult> } {
  const child = spawn(process.execPath, [BIN, 'prices', 'refresh', ...args], {
    cwd: folder.path, env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate.certPath, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { err += data; });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err }))) };
}

/** Runs the real command line, which trusts the server's certificate. */
function cli(...args: readonly string[]): Promise<CliResult> {
  return start(['--endpoint', server.url, '-o', 'prices.json', ...args]).ended;
}

interface InProcess {
  readonly regions?: readonly string[];
  readonly force?: boolean;
  readonly endpoint?: string;
  readonly totalMs?: number;
}

/** Runs the command in this process against a server with the same files and faults. Waits take no time. */
async function inProcess(options: InProcess = {}) {
  plain.failLike(server);
  const before = plain.seen.length;
  const seen = (path: string) => plain.of(path).filter((one) => plain.seen.indexOf(one) >= before);
  const waits: number[] = [];
  const network: Network = {
    timeoutMs: 150, totalMs: options.totalMs ?? 60_000, attempts: 4, firstWaitMs: 1000, random: () => 1, wait: async (ms) => { waits.push(ms); },
  };
  const told: string[] = [];
  const progress = new Progress({ write: (text) => { told.push(text); } });
  try {
    const result = await refresh({ endpoint: plain.url, regions: [], force: false, output: book, ...options }, { network, progress });
    return { rates: result.rates.length, error: '', waits, told: told.join(''), seen, all: plain.seen.slice(before) };
  } catch (e) {
    return { rates: 0, error: (e as Error).message, waits, told: told.join(''), seen, all: plain.seen.slice(before) };
  }
}

/** Answers a range request with blanks, like a disk or a proxy that has lost the content. */
const blankRest: Fault = (res, body, etag) => {
  res.writeHead(206, { 'content-range': `bytes 1000-${body.length - 1}/${body.length}`, etag }).end(Buffer.alloc(body.length - 1000, ' '));
};

/** The file name of the list with Nova in the download folder. */
function nameAt({ url }: PriceListServer): string {
  return `AmazonBedrock.20260911124408.us-east-1.${createHash('sha256').update(url).digest('hex').slice(0, 12)}.json`;
}

function rates(): number {
  return JSON.parse(readFileSync(book, 'utf8')).rates.length;
}

function kept(): string[] {
  return existsSync(`${book}.download`) ? readdirSync(`${book}.download`).sort() : [];
}

function alter(path: string, change: (list: any) => void): void {
  const list = server.json(path);
  change(list);
  server.set(path, list);
}

test('makes a book of all regions, with progress on standard error and nothing on standard output', async () => {
  const { code, out, err } = await cli();
  expect({ code, out }).toEqual({ code: 0, out: '' });
  // The excerpts have 14 pairs of offer and region, and AgentCore one; the rates were counted in the import of the same files.
  expect(err).toMatch(/^1\/15 AmazonBedrock ap-southeast-5: 0\.0 MB$/m);
  expect(err).toMatch(/^14\/15 AmazonBedrockFoundationModels us-west-1: 0\.0 MB$/m);
  expect(err).toMatch(/^15\/15 AmazonBedrockAgentCore us-west-2: 0\.0 MB$/m);
  // 51 of the excerpts, and the three of managed knowledge bases; four other rows of AgentCore have no kind of rate.
  expect(err).toMatch(/^54 rates in the book$/m);
  expect(err).toMatch(/^skipped +4$/m);
  expect(err).toMatch(/^not understood +0$/m);
  expect(err).toMatch(/^read +43$/m);
  expect(err).toMatch(/wrote prices\.json\n$/);
  expect(rates()).toBe(54);
  expect(readdirSync(folder.path)).toEqual(['prices.json']);
});

test('the book has the listed prices for bare, geographic and global ids', async () => {
  await cli();
  // 1,000,000 requests of 1,000 input tokens are 1,000 million tokens.
  //   Nova Lite:            x $0.06 = $60, and 500 output tokens each, 500 million x $0.24 = $120: $180
  //   Claude 3.5 Sonnet v2: x $3.00 = $3,000
  //   Claude Opus 4.5:      x $5.00 = $5,000
  const usage = folder.write('usage.yml', `
version: 1
workloads:
  - { name: us, region: us-east-1, type: on-demand, model: us.amazon.nova-lite-v1:0, requestsPerMonth: 1000000, inputTokensPerRequest: 1000, outputTokensPerRequest: 500 }
  - { name: bare, region: us-east-2, type: on-demand, model: anthropic.claude-3-5-sonnet-20241022-v2:0, requestsPerMonth: 1000000, inputTokensPerRequest: 1000 }
  - { name: global, region: us-west-1, type: on-demand, model: global.anthropic.claude-opus-4-5-20251101-v1:0, requestsPerMonth: 1000000, inputTokensPerRequest: 1000 }
`);
  const { code, out } = folder.run('estimate', usage, '--price-book', 'prices.json', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out).estimates.map(({ name, monthlyUsd }: any) => [name, monthlyUsd])).toEqual([['us', '180'], ['bare', '3000'], ['global', '5000']]);
});

test('--region fetches only these regions and reports the offers that they lack', async () => {
  const { code, err } = await cli('--region', 'us-east-1', 'us-west-1', '--region', 'us-west-2', '--format', 'json');
  expect(code).toBe(0);
  expect(server.seen.map(({ path }) => path).filter((path) => !path.includes('current'))).toEqual([
    NOVA_LIST, listPath('AmazonBedrockService', 'us-west-2'), listPath('AmazonBedrockFoundationModels', 'us-west-1'), AGENT_CORE_LIST,
  ]);
  expect(err).toContain('AWS has no list of AmazonBedrockService in us-east-1, us-west-1.\n');
  const { rates: all } = JSON.parse(readFileSync(book, 'utf8'));
  expect(new Set(all.map(({ region }: any) => region))).toEqual(new Set(['us-east-1', 'us-west-1', 'us-west-2']));
});

test('the book prices managed knowledge bases as AgentCore lists them', async () => {
  await cli();
  // 50 GB x $5 + 100,000 retrievals x $0.001 + 1,000 agentic ones x $0.004 + 3,000 retrievals that these make x $0.001
  // = 250 + 100 + 4 + 3
  const usage = folder.write('usage.yml', `
version: 1
region: us-west-2
workloads:
  - { name: kb, type: knowledge-base, indexedGigabytes: 50, retrievalsPerMonth: 100000, agenticRetrievalsPerMonth: 1000, underlyingRetrievalsPerAgenticRetrieval: 3 }
`);
  const { code, out } = folder.run('estimate', usage, '--price-book', 'prices.json', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out).totals.monthlyUsd).toBe('357');
});

test.each([403, 404])('a mirror without the offer of AgentCore (status %d) gives a book without knowledge bases, and that is reported', async (code) => {
  server.always.set(indexPath('AmazonBedrockAgentCore'), status(code));
  const { error, told, rates: found } = await inProcess();
  expect({ error, found }).toEqual({ error: '', found: 51 });
  expect(told).toContain('has no list of AmazonBedrockAgentCore. The book will have no price of managed knowledge bases.\n');
});

test('fails for a region that no offer has, and names those that exist', async () => {
  const { code, err } = await cli('--region', 'mars-north-1');
  expect(code).toBe(2);
  expect(err).toContain('--region must be one of ap-northeast-1, ap-south-2, ap-southeast-4,');
  expect(err).toMatch(/\n {2}prices\.json was not written\.\n$/);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('--help states that no account is needed, the fetched lists and the uses of the book', async () => {
  const { code, out } = await cli('--help');
  expect(code).toBe(0);
  expect(out).toContain('No AWS account and no credentials are needed');
  expect(out).toContain('AmazonBedrockFoundationModels');
  expect(out).toContain('cdk-bedrock-cost:priceBook');
});

describe('a list that arrives badly', () => {
  test('a connection cut half way is continued from there, over the real command line', async () => {
    server.faults.set(NOVA_LIST, [cutAfter(1000)]);
    const { code, err } = await cli('--region', 'us-east-1');
    expect(code).toBe(0);
    const total = server.files.get(NOVA_LIST)!.length;
    expect(server.of(NOVA_LIST)).toMatchObject([
      { range: undefined }, { range: 'bytes=1000-', ifRange: expect.stringMatching(/^"[0-9a-f]{32}"$/), status: 206, bytes: total - 1000 },
    ]);
    expect(err).toMatch(/index\.json: cannot be downloaded, got a connection that failed \(aborted\); attempt 2 of 4 in [01]\.\d s\n/);
  });

  test.each<[string, Fault, number]>([
    ['500', status(500), 1000],
    ['503 with Retry-After', status(503, { 'retry-after': '7' }), 7000],
    ['429', status(429), 1000],
    ['a connection that is closed at once', (res) => { res.destroy(); }, 1000],
    ['an answer without length that ends too early', (res, body) => { res.writeHead(200).end(body.subarray(0, 1000)); }, 1000],
    ['silence half way', stallAfter(1000), 1000],
    ['silence from the start', () => {}, 1000],
  ])('%s is asked again after a wait', async (_, fault, wait) => {
    server.faults.set(NOVA_LIST, [fault]);
    expect(await inProcess({ regions: ['us-east-1'] })).toMatchObject({ error: '', waits: [wait] });
  });

  test('silence and a failed connection have different messages', async () => {
    server.faults.set(NOVA_LIST, [stallAfter(1000)]);
    expect((await inProcess({ regions: ['us-east-1'] })).told).toContain('got no byte for 0.15 seconds; attempt 2 of 4 in 1.0 s\n');
  });

  test('a server that sends a trickle is not waited for without end', async () => {
    server.faults.set(NOVA_LIST, [trickle(40)]);
    // One byte each 40 ms never lets the time-out of 150 ms pass, and is far below the least rate.
    expect((await inProcess({ regions: ['us-east-1'] })).told).toContain('got fewer than 1024 bytes a second over 0 seconds; attempt 2 of 4 in 1.0 s\n');
  });

  test('an ETag of a file that is encrypted with a key of KMS is no MD5', async () => {
    server.always.set(NOVA_LIST, (res, body) => {
      res.writeHead(200, { 'etag': `"${'0'.repeat(32)}"`, 'x-amz-server-side-encryption': 'aws:kms' }).end(body);
    });
    expect(await inProcess({ regions: ['us-east-1'] })).toMatchObject({ error: '', waits: [] });
  });

  test('a region index is asked again, too', async () => {
    server.faults.set(indexPath('AmazonBedrock'), [status(500), stallAfter(10)]);
    expect(await inProcess({ regions: ['us-east-1'] })).toMatchObject({ error: '', waits: [1000, 2000] });
  });

  test('an address that moved is followed', async () => {
    server.set('/moved.json', server.json(NOVA_LIST));
    server.always.set(NOVA_LIST, status(302, { location: '/moved.json' }));
    expect((await cli('--region', 'us-east-1')).code).toBe(0);
  });

  test('after four broken connections, the old book is unchanged, and the next run fetches only the rest', async () => {
    folder.write('prices.json', OLD);
    server.always.set(NOVA_LIST, (res, body, etag) => (res.req.headers.range === undefined ? cutAfter(1000) : status(503))(res, body, etag));
    const { error, waits } = await inProcess({ regions: ['us-east-1'] });
    expect(error).toMatch(/us-east-1\/index\.json: cannot be downloaded, got status 503, the last of 4 failed attempts\.\nRun the command again later\.\n.*is unchanged\.\n.*prices\.json\.download keeps the downloads, which the next run continues\.$/);
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(readFileSync(book, 'utf8')).toBe(OLD);
    expect(kept()).toEqual([`${nameAt(plain)}.etag`, `${nameAt(plain)}.part`]);

    server.always.clear();
    const { error: none, seen } = await inProcess({ regions: ['us-east-1'] });
    expect(none).toBe('');
    expect(seen(NOVA_LIST)).toMatchObject([{ range: 'bytes=1000-', status: 206, bytes: server.files.get(NOVA_LIST)!.length - 1000 }]);
    expect(rates()).toBeGreaterThan(10);
    expect(kept()).toEqual([]);
  });

  test('the next run does not fetch complete lists again', async () => {
    server.always.set(listPath('AmazonBedrockFoundationModels', 'us-west-1'), status(403));
    expect((await inProcess()).error).toContain('got status 403.\n');
    server.always.clear();
    const second = await inProcess();
    expect(second).toMatchObject({ rates: 54, error: '' });
    expect(second.all.map(({ path }) => path).filter((path) => !path.includes('current'))).toEqual([listPath('AmazonBedrockFoundationModels', 'us-west-1'), AGENT_CORE_LIST]);
    expect(second.told).toContain('1/15 AmazonBedrock ap-southeast-5: 0.0 MB, from an earlier run\n');
  });

  test('nothing that came from another endpoint is used, whole or in part', async () => {
    const last = listPath('AmazonBedrockFoundationModels', 'us-west-1');
    server.always.set(last, cutAfter(500));
    expect((await cli()).code).toBe(2);
    expect(kept().length).toBeGreaterThan(13);
    server.always.clear();
    const { error, all } = await inProcess();
    expect(error).toBe('');
    const lists = all.filter(({ path }) => !path.includes('current'));
    expect(lists).toHaveLength(15);
    expect(lists.filter(({ range }) => range !== undefined)).toEqual([]);
    expect(kept()).toEqual([]);
  }, 30_000);

  test('lists that are there and wrong are all fetched again by one run', async () => {
    server.always.set(listPath('AmazonBedrockFoundationModels', 'us-west-1'), status(403));
    await inProcess();
    const altered = kept().filter((name) => /^AmazonBedrock\..*\.(us-east-1|eu-west-3)\./.test(name));
    expect(altered).toHaveLength(2);
    // One has another version, the other a row of another region.
    const [one, other] = altered.map((name) => join(`${book}.download`, name));
    writeFileSync(one, readFileSync(one, 'utf8').replace('"20260911124408"', '"20200101000000"'));
    writeFileSync(other, readFileSync(other, 'utf8').replace('"regionCode":"us-east-1"', '"regionCode":"eu-west-1"'));
    server.always.clear();
    const { error, rates: read, told, all } = await inProcess();
    expect({ error, read }).toEqual({ error: '', read: 54 });
    expect(all.map(({ path }) => path).filter((path) => !path.includes('current'))).toEqual([
      listPath('AmazonBedrock', 'eu-west-3'), NOVA_LIST, listPath('AmazonBedrockFoundationModels', 'us-west-1'), AGENT_CORE_LIST,
    ]);
    expect(told).toMatch(/AmazonBedrock us-east-1: downloaded again, since the file of an earlier run is not valid: http.*: must be the list of us-east-1, got the SKU \w+ of the region eu-west-1\.\n/);
  });

  test('a part of unknown origin is not announced as continued', async () => {
    server.always.set(NOVA_LIST, (res, body) => {
      res.writeHead(200, { 'content-length': body.length });
      res.write(body.subarray(0, 1000), () => res.destroy());
    });
    const { error } = await inProcess({ regions: ['us-east-1'] });
    expect(error).toMatch(/was not written\.$/);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['ignores ranges', () => { server.ignoresRanges = true; }],
    ['has another file by now', () => alter(NOVA_LIST, (list) => { list.disclaimer = 'changed'; })],
    ['cannot serve the range', () => { server.faults.set(NOVA_LIST, [status(416)]); }],
    ['serves another range', () => { server.faults.set(NOVA_LIST, [(res) => { res.writeHead(206, { 'content-range': 'bytes 5-9/100' }).end('abcde'); }]); }],
    ['serves a rest that does not fit', () => { server.faults.set(NOVA_LIST, [blankRest]); }],
  ])('starts over where the server %s', async (_, change) => {
    server.always.set(NOVA_LIST, (res, body, etag) => (res.req.headers.range === undefined ? cutAfter(1000) : status(400))(res, body, etag));
    expect((await inProcess({ regions: ['us-east-1'] })).error).toContain('got status 400.\n');
    server.always.clear();
    change();
    const { error, seen } = await inProcess({ regions: ['us-east-1'] });
    expect(error).toBe('');
    expect(seen(NOVA_LIST).at(-1)).toMatchObject({ status: 200, bytes: server.files.get(NOVA_LIST)!.length });
  });
});

describe('fails, and leaves the old book as it was, for', () => {
  test.each<[string, () => void, RegExp]>([
    ['another version than in the address', () => alter(NOVA_LIST, (list) => { list.version = '20200101000000'; }),
      /us-east-1\/index\.json: version must be "20260911124408", as in the address of the file, got "20200101000000"\.\n/],
    ['no version', () => alter(NOVA_LIST, (list) => { delete list.version; }), /version must be "20260911124408", as in the address of the file, got none/],
    ['another offerCode', () => alter(NOVA_LIST, (list) => { list.offerCode = 'AmazonBedrockService'; }),
      /offerCode must be "AmazonBedrock", as in the address of the file, got "AmazonBedrockService"/],
    ['an offerCode of another service', () => alter(NOVA_LIST, (list) => { list.offerCode = 'AmazonEC2'; }), /got the offerCode "AmazonEC2"/],
    ['rows of another region', () => alter(NOVA_LIST, ({ products }) => { products.QRGWJ3P8FT28EYX2.attributes.regionCode = 'eu-west-1'; }),
      /must be the list of us-east-1, got the SKU QRGWJ3P8FT28EYX2 of the region eu-west-1\./],
    ['JSON that is broken in the middle', () => server.set(NOVA_LIST, server.files.get(NOVA_LIST)!.toString().replace('"terms"', '"terms')),
      /us-east-1\/index\.json: .*got text that is not JSON/],
    ['JSON that ends too early', () => server.set(NOVA_LIST, server.files.get(NOVA_LIST)!.toString().slice(0, -1)), /got the end of the file at byte \d+, in the middle of its JSON/],
    ['an MD5 that is not the one of the ETag', () => { server.etags.set(NOVA_LIST, `"${'0'.repeat(32)}"`); },
      /got content with the MD5 [0-9a-f]{32}, but the ETag 0{32}/],
    ['status 403', () => { server.always.set(NOVA_LIST, status(403)); }, /us-east-1\/index\.json: cannot be downloaded, got status 403\.\n/],
    ['a content encoding that was not asked for', () => { server.always.set(NOVA_LIST, status(200, { 'content-encoding': 'gzip' })); }, /got an answer with content-encoding gzip/],
    ['an offer without region index', () => { server.files.delete(indexPath('AmazonBedrockService')); }, /AmazonBedrockService\/current\/region_index\.json: cannot be downloaded, got status 404\.\n/],
    ['a region index that is a web page', () => server.set(indexPath('AmazonBedrock'), '<html>please log in'), /region_index\.json: .*got text that is not JSON: "<html>please log in"/],
    ['a region index without regions', () => server.set(indexPath('AmazonBedrock'), { regions: {} }), /region_index\.json: .*, got no region\.\n/],
    ['a region index that leads elsewhere', () => alter(indexPath('AmazonBedrock'), ({ regions }) => { regions['us-east-1'].currentVersionUrl = '/offers/v1.0/aws/AmazonBedrock/../x/us-east-1/index.json'; }),
      /got \{"regionCode":"us-east-1".* for the region "us-east-1"/],
    ['a region index that gives a region the list of another', () => alter(indexPath('AmazonBedrock'), ({ regions }) => {
      regions['us-east-1'].currentVersionUrl = listPath('AmazonBedrock', 'eu-west-3');
    }), /eu-west-3\/index\.json"\} for the region "us-east-1"/],
    ['a region index that gives an offer the list of another', () => alter(indexPath('AmazonBedrock'), ({ regions }) => {
      regions['us-east-1'].currentVersionUrl = listPath('AmazonBedrockService', 'us-east-1');
    }), /for the region "us-east-1"/],
    ['a redirect to another host', () => { server.always.set(NOVA_LIST, status(302, { location: 'https://prices.example.com/x' })); },
      /got a redirect to https:\/\/prices\.example\.com\/x, and only redirects on the host 127\.0\.0\.1:\d+ are followed\.\n/],
    ['a redirect to http', () => { server.always.set(NOVA_LIST, status(302, { location: 'http://127.0.0.1:1/x' })); }, /got a redirect to http:\/\/127\.0\.0\.1:1\/x, and only https: redirects are followed\.\n/],
  ])('%s', async (_, change, message) => {
    folder.write('prices.json', OLD);
    change();
    const { error, waits } = await inProcess({ regions: ['us-east-1', 'us-west-2'] });
    expect(error).toMatch(message);
    expect(error).toMatch(/prices\.json is unchanged\./);
    expect(waits).toEqual([]);
    expect(readFileSync(book, 'utf8')).toBe(OLD);
    // The next run does not use the faulty file either.
    expect(kept().filter((name) => name.startsWith('AmazonBedrock.'))).toEqual([]);
  });

  test('an altered list, over the real command line', async () => {
    folder.write('prices.json', OLD);
    alter(NOVA_LIST, (list) => { list.version = '20200101000000'; });
    const { code, out, err } = await cli();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: https:.*got "20200101000000".*\n +Run the command again\..*\n +prices\.json is unchanged\.\n +prices\.json\.download keeps the downloads, which the next run continues\.\n$/m);
    expect(readFileSync(book, 'utf8')).toBe(OLD);
  });

  test('a redirect that leads round in a circle', async () => {
    server.always.set(NOVA_LIST, status(301, { location: NOVA_LIST }));
    const { code, err } = await cli('--region', 'us-east-1');
    expect(code).toBe(2);
    expect(err).toContain('got more than 3 redirects');
  });

  test('lists without any price that is understood', async () => {
    alter(NOVA_LIST, (list) => { for (const { attributes } of Object.values<any>(list.products)) attributes.model = attributes.usagetype = 'something new'; });
    expect((await inProcess({ regions: ['us-east-1'] })).error).toContain('The price lists have no SKU that can be priced');
    expect(existsSync(book)).toBe(false);
  });
});

/** A server that never ends its answer, in each way that costs no rate: bytes, headers, redirects, connections. */
const FOR_EVER: readonly [string, Fault][] = [
  ['sends slowly for ever', trickle(40)],
  ['sends fast for ever', (res) => {
    res.writeHead(200);
    const timer = setInterval(() => res.write(' '.repeat(4096)), 20);
    res.on('close', () => clearInterval(timer));
  }],
  ['never answers', () => {}],
  ['sends interim answers for ever', (res) => {
    const timer = setInterval(() => res.writeProcessing(), 20);
    res.on('close', () => clearInterval(timer));
  }],
  ['closes early', cutAfter(500)],
  ['is always overloaded', status(503, { 'retry-after': '60' })],
];

describe('a server that', () => {
  test.each(FOR_EVER)('%s: one message and exit code 2 in the time of --timeout, and no file', async (_, fault) => {
    server.always.set(NOVA_LIST, fault);
    const begin = Date.now();
    // 0.03 minutes are 1.8 seconds, a third of which is 0.6 seconds.
    const { code, out, err } = await cli('--region', 'us-east-1', '--timeout', '0.03');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.match(/^error: /gm)).toHaveLength(1);
    expect(err).toMatch(new RegExp(`^error: https://\\S+/us-east-1/index\\.json: cannot be downloaded, got .*no .*answer within 0\\.01 minutes, the time that one download may take \\(a third of --timeout\\)\\.
 {2}Run the command again, or give more minutes with --timeout\\.
 {2}prices\\.json was not written\\.
( {2}prices\\.json\\.download keeps the downloads, which the next run continues\\.
)?$`, 'm'));
    expect(existsSync(book)).toBe(false);
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  test('redirects without end, each time to another address, is followed three times', async () => {
    let redirects = 0;
    const again: Fault = (res) => {
      const path = `/moved-${++redirects}.json`;
      server.always.set(path, again);
      res.writeHead(302, { location: path }).end();
    };
    server.always.set(indexPath('AmazonBedrock'), again);
    const { code, err } = await cli();
    expect(code).toBe(2);
    expect(err).toMatch(/^error: \S+region_index\.json: cannot be downloaded, got more than 3 redirects, the last one from \S+\/moved-3\.json\.\n {2}Check --endpoint\.\n {2}prices\.json was not written\.\n$/);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('stalls at one list after another does not take longer than all downloads may', async () => {
    // Each list needs 200 ms, well within a third of 900 ms; 15 lists together need 3 seconds.
    for (const path of server.files.keys()) {
      server.always.set(path, (res, body, etag) => { setTimeout(() => res.writeHead(200, { 'content-length': body.length, etag }).end(body), 100); });
    }
    const { error, waits } = await inProcess({ totalMs: 900 });
    expect(error).toMatch(/^http\S+\.json: cannot be downloaded, got no complete answer within 0\.015 minutes, the time that all downloads together may take \(--timeout\)\.\n/);
    expect(waits).toEqual([]);
    // The lists that are complete are used by the next run.
    server.always.clear();
    const { error: none, rates: found, told } = await inProcess();
    expect({ none, found }).toEqual({ none: '', found: 54 });
    expect(told).toContain(', from an earlier run\n');
  });

  test('does not leave a wait before another attempt that would end too late', async () => {
    server.always.set(NOVA_LIST, status(500));
    const { error, waits } = await inProcess({ regions: ['us-east-1'], totalMs: 6_000 });
    // A third of 6 seconds: there is time for a wait of 1 second, and not for one of 2 seconds.
    expect(waits).toEqual([1000]);
    expect(error).toMatch(/got status 500, and no other answer within 0\.033 minutes/);
  });

  test.each(['0', '-1', 'soon', '1441', ''])('is not asked with --timeout %j', async (timeout) => {
    const { code, err } = await cli('--timeout', timeout);
    expect([code, err]).toEqual([2, `error: --timeout must be a number above 0 and at most 1440, as digits, got ${JSON.stringify(timeout)}.\n`]);
    expect(server.seen).toEqual([]);
  });
});

describe('whom it talks to', () => {
  test.each([['', {}], [', with the check switched off in the environment', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }]])('fails for a certificate that is not trusted%s', async (_, env) => {
    const { code, err } = await start(['--endpoint', server.url, '-o', 'prices.json'], { NODE_EXTRA_CA_CERTS: undefined, ...env }).ended;
    expect(code).toBe(2);
    expect(err).toContain(`${indexPath('AmazonBedrock')}: cannot be downloaded, got a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate).\n`);
    expect(err).toContain('NODE_EXTRA_CA_CERTS');
    expect(server.seen).toEqual([]);
    expect(existsSync(book)).toBe(false);
  });

  test.each([
    ['http://pricing.example.com', 'http: is only allowed for this machine'],
    ['ftp://127.0.0.1', 'ftp: is not https:'],
    ['https://me:secret@127.0.0.1', 'it has a user name or password'],
    ['https://127.0.0.1/?x=1', 'it has a query or a fragment'],
    ['pricing', 'it is not an address'],
  ])('fails for --endpoint %s', async (endpoint, why) => {
    expect((await inProcess({ endpoint })).error).toContain(why);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('fails for http over the real command line', async () => {
    const { code, err } = await start(['--endpoint', 'http://pricing.example.com', '-o', 'prices.json']).ended;
    expect(code).toBe(2);
    expect(err).toMatch(/^error: --endpoint must be an https: address such as .*, got "http:\/\/pricing\.example\.com": http: is only allowed/);
  });
});

describe('the file that is there', () => {
  /** 54 new rates are less than half of 109. */
  const bookOf = (n: number) => JSON.stringify({ schemaVersion: '1', rates: Array.from({ length: n }, (_, i) => ({ model: 'amazon.nova-lite-v1:0', kind: 'input', usd: `${i}`, unit: '1M tokens' })) });

  test.each([[108, true], [109, false]])('with %i rates, a new one of 54 is taken: %s', async (n, isTaken) => {
    folder.write('prices.json', bookOf(n));
    const { error } = await inProcess();
    expect(error === '').toBe(isTaken);
    expect(rates()).toBe(isTaken ? 54 : n);
    if (!isTaken) expect(error).toContain(`the new book must have at least half as many rates as the old one with its ${n}, got 54.`);
  });

  test('gives way to a smaller book with --force, without another download', async () => {
    folder.write('prices.json', bookOf(1000));
    expect((await cli()).code).toBe(2);
    const before = server.seen.length;
    expect((await cli('--force')).code).toBe(0);
    expect(server.seen.length).toBe(before + 4);
    expect(rates()).toBe(54);
  });

  test.each([
    ['not JSON', 'hello', 'which is not JSON'],
    ['not a book', '{ "name": "package" }', 'which is not a price book'],
    ['more than a plain book', '{ "schemaVersion": "1", "rates": [], "discounts": [] }', 'which also holds discounts'],
  ])('is not overwritten without --force when it is %s', async (_, content, message) => {
    folder.write('prices.json', content);
    const { error, all } = await inProcess({ regions: ['us-east-1'] });
    expect(error).toContain(message);
    expect(all).toEqual([]);
    expect(readFileSync(book, 'utf8')).toBe(content);
    expect(await inProcess({ regions: ['us-east-1'], force: true })).toMatchObject({ error: '' });
  });

  test.each(['prices.json', './prices.json', 'link/prices.json'])('is not given up for --not-understood %s', async (other) => {
    symlinkSync(folder.path, join(folder.path, 'link'));
    const { code, err } = await cli('--not-understood', other);
    expect(code).toBe(2);
    expect(err).toContain(`--not-understood must be a file of its own, got "${other}", which the command reads or writes, too`);
    expect(server.seen).toEqual([]);
    expect(existsSync(book)).toBe(false);
  });

  test('--not-understood has to be in a folder that exists, before anything is fetched', async () => {
    expect((await cli('--not-understood', 'nowhere/odd.json')).err).toContain('--not-understood must be a file in a folder that exists, got "nowhere/odd.json"');
    expect(server.seen).toEqual([]);
  });

  test('stays what it is when it is a pipe', async () => {
    execFileSync('mkfifo', [book]);
    const { code, err } = await cli('--force');
    expect(code).toBe(2);
    expect(err).toContain('--output must be a file, which is written as a whole or not at all, got "prices.json", a device, pipe or socket');
    expect(statSync(book).isFIFO()).toBe(true);
    expect(server.seen).toEqual([]);
  });

  test('has to be in a folder that exists', async () => {
    expect((await start(['--endpoint', server.url, '-o', 'nowhere/prices.json']).ended).err).toContain('must be a file in a folder that exists');
    expect(server.seen).toEqual([]);
  });
});

describe('several runs', () => {
  /** A run that stalls in the middle of a list. */
  async function stalled(): Promise<ReturnType<typeof start>> {
    server.faults.set(NOVA_LIST, [stallAfter(1000)]);
    const run = start(['--endpoint', server.url, '-o', 'prices.json', '--region', 'us-east-1']);
    const part = join(`${book}.download`, `${nameAt(server)}.part`);
    while (!existsSync(part) || readFileSync(part).length < 1000) await new Promise((resolve) => setTimeout(resolve, 10));
    return run;
  }

  test('one that is killed leaves the old book, and the next one goes on where it was', async () => {
    folder.write('prices.json', OLD);
    const { child, ended } = await stalled();
    child.kill('SIGKILL');
    await ended;
    expect(readFileSync(book, 'utf8')).toBe(OLD);
    expect((await cli('--region', 'us-east-1')).code).toBe(0);
    expect(server.of(NOVA_LIST).at(-1)).toMatchObject({ range: 'bytes=1000-', status: 206 });
    expect(readdirSync(folder.path)).toEqual(['prices.json']);
  });

  test('fails beside one that is at work on the same file', async () => {
    const { child, ended } = await stalled();
    const { code, err } = await cli();
    expect(code).toBe(2);
    expect(err).toContain(`prices.json.download/lock: is the lock of another run (process ${child.pid} on ${hostname()})`);
    expect(kept()).toContain('lock');
    child.kill('SIGKILL');
    await ended;
  });

  test.each([['of another machine', { pid: 1, host: 'elsewhere' }], ['of a living process', { pid: process.ppid, host: hostname() }]])(
    'a lock %s holds until it has shown no life for ten minutes', async (_, owner) => {
      mkdirSync(`${book}.download`);
      const lock = folder.write('prices.json.download/lock', owner);
      expect((await inProcess()).error).toContain('is the lock of another run');
      const longAgo = Date.now() / 1000 - 601;
      utimesSync(lock, longAgo, longAgo);
      expect(await inProcess()).toMatchObject({ rates: 54, error: '' });
    });

  test('files of an older version and of others in the folder: the first go, the second stay', async () => {
    mkdirSync(`${book}.download`);
    folder.write('prices.json.download/AmazonBedrock.20200101000000.us-east-1.json', '{}');
    folder.write('prices.json.download/mine.txt', 'mine');
    expect(await inProcess()).toMatchObject({ rates: 54, error: '' });
    expect(kept()).toEqual(['mine.txt']);
  });
});

test('on a terminal, progress stays in one line of its width', () => {
  const written: string[] = [];
  const progress = new Progress({ columns: 30, write: (text) => { written.push(text); } });
  progress.state('1/14 AmazonBedrock us-east-1: 1.0 MB of 2.0 MB');
  progress.line('a note\x1b[2J');
  progress.end();
  expect(written[0]).toBe('\r\x1b[2K1/14 AmazonBedrock us-east-1:');
  expect(written[1]).toMatch(/^\r\x1b\[2Ka note[^\x1b]*\n$/);
});
