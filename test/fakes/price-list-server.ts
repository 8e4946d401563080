import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { createServer as createHttpServer, IncomingMessage, Server, ServerResponse } from 'http';
import { createServer as createHttpsServer } from 'https';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { agentCoreList } from '../price-list/agent-core';
import { excerpt, IndexJson, OFFERS } from '../price-list/excerpts';

/** The version of each offer's lists: the time of their publication, as AWS writes it into the address. */
export const VERSIONS: { readonly [offer: string]: string } = {
  AmazonBedrock: '20260911124408',
  AmazonBedrockService: '20251229231220',
  AmazonBedrockFoundationModels: '20260119134201',
  AmazonBedrockAgentCore: '20260811093000',
};

export function indexPath(offer: string): string {
  return `/offers/v1.0/aws/${offer}/current/region_index.json`;
}

export function listPath(offer: string, region: string, version = VERSIONS[offer]): string {
  return `/offers/v1.0/aws/${offer}/${version}/${region}/index.json`;
}

/** A self-signed certificate for this machine, which no client trusts by default. Made for one test file. */
export class Certificate {
  public readonly certPath: string;
  public readonly cert: string;
  public readonly key: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'bedrock-cost-tls-'));

  constructor() {
    this.certPath = join(this.folder, 'cert.pem');
    const keyPath = join(this.folder, 'key.pem');
    try {
      execFileSync('openssl', [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
        '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', keyPath, '-out', this.certPath,
      ], { stdio: 'pipe' });
    } catch (e) {
      throw new Error(`these tests make a certificate with the openssl command, which failed: ${(e as Error).message}`);
    }
    this.cert = readFileSync(this.certPath, 'utf8');
    this.key = readFileSync(keyPath, 'utf8');
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** One request, as the server saw and answered it. */
export interface Seen {
  readonly path: string;
  readonly range?: string;
  readonly ifRange?: string;
  status: number;
  bytes: number;
}

export type Fault = (res: ServerResponse, body: Buffer, etag: string) => void;

/** An answer of that status. */
export function status(code: number, headers: { readonly [name: string]: string } = {}): Fault {
  return (res) => { res.writeHead(code, headers).end(); };
}

/** The connection breaks after so many of the promised bytes. */
export function cutAfter(bytes: number): Fault {
  return (res, body, etag) => {
    res.writeHead(200, { 'content-length': body.length, etag });
    res.write(body.subarray(0, bytes), () => res.destroy());
  };
}

/** The server sends so many bytes, then stalls. */
export function stallAfter(bytes: number): Fault {
  return (res, body, etag) => {
    res.writeHead(200, { 'content-length': body.length, etag });
    res.write(body.subarray(0, bytes));
  };
}

/** Sends one byte at a time, with pauses. */
export function trickle(ms: number): Fault {
  return (res, body, etag) => {
    res.writeHead(200, { 'content-length': body.length, etag });
    let sent = 0;
    const timer = setInterval(() => res.write(body.subarray(sent, ++sent)), ms);
    res.on('close', () => clearInterval(timer));
  };
}

/** Serves AWS's paths, with the lists of the excerpts split by region, and fails when configured to. */
export class PriceListServer {
  public static async start(tls?: { readonly key: string; readonly cert: string }): Promise<PriceListServer> {
    const server = new PriceListServer(tls);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  public readonly seen: Seen[] = [];
  /** The served files, by path. */
  public files = new Map<string, Buffer>();
  /** The faults by path, each of which occurs once. `always` has faults that occur at every request. */
  public faults = new Map<string, Fault[]>();
  public always = new Map<string, Fault>();
  public ignoresRanges = false;
  /** The ETag of a path, where it is not the MD5 of the file. */
  public etags = new Map<string, string>();
  private readonly server: Server;

  private constructor(private readonly tls?: { readonly key: string; readonly cert: string }) {
    const answer = (req: IncomingMessage, res: ServerResponse) => this.answer(req, res);
    this.server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
    for (const offer of OFFERS) this.addOffer(excerpt(offer));
    this.addOffer(agentCoreList());
  }

  public get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public set(path: string, content: object | string): void {
    this.files.set(path, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));
  }

  public json(path: string): any {
    return JSON.parse(this.files.get(path)!.toString());
  }

  /** Copies the files and the faults of another server. */
  public failLike({ files, faults, always, etags, ignoresRanges }: PriceListServer): void {
    Object.assign(this, { files, faults, always, etags, ignoresRanges });
  }

  /** The requests of one path. */
  public of(path: string): Seen[] {
    return this.seen.filter((request) => request.path === path);
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private addOffer({ products, terms, ...header }: IndexJson): void {
    const { offerCode: offer } = header;
    const regions = [...new Set(Object.values(products).map(({ attributes }) => attributes.regionCode))];
    for (const region of regions) {
      const skus = Object.keys(products).filter((sku) => products[sku].attributes.regionCode === region);
      const those = <T>(of: { readonly [sku: string]: T }) => Object.fromEntries(skus.map((sku) => [sku, of[sku]]));
      const list = { ...header, version: VERSIONS[offer], products: those(products), terms: { OnDemand: those(terms.OnDemand) } };
      this.set(listPath(offer, region), list);
    }
    const entries = regions.map((region) => [region, { regionCode: region, currentVersionUrl: listPath(offer, region) }]);
    this.set(indexPath(offer), { formatVersion: 'v1.0', publicationDate: header.publicationDate, regions: Object.fromEntries(entries) });
  }

  private answer({ url, headers }: IncomingMessage, res: ServerResponse): void {
    const path = String(url);
    const seen: Seen = { path, range: headers.range, ifRange: headers['if-range'] as string | undefined, status: 0, bytes: 0 };
    this.seen.push(seen);
    res.on('close', () => { seen.status = res.statusCode; });
    const body = this.files.get(path);
    const fault = this.faults.get(path)?.shift() ?? this.always.get(path);
    const etag = this.etags.get(path) ?? `"${createHash('md5').update(body ?? '').digest('hex')}"`;
    if (fault) return fault(res, body ?? Buffer.alloc(0), etag);
    if (body === undefined) return status(404)(res, Buffer.alloc(0), '');
    const isRange = seen.range !== undefined && !this.ignoresRanges && (seen.ifRange ?? etag) === etag;
    const from = isRange ? Number(/^bytes=(\d+)-$/.exec(seen.range!)![1]) : 0;
    const rest = body.subarray(from);
    seen.bytes = rest.length;
    res.writeHead(from === 0 ? 200 : 206, {
      'content-length': rest.length,
      etag,
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }),
    }).end(rest);
  }
}
