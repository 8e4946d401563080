import { IncomingMessage, ServerResponse } from 'http';
import { gunzipSync } from 'zlib';
import { LoopbackServer } from './loopback-server';

/** A point of a metric; what is published by a handler and what AWS has counted alike. Times are ISO 8601 to the minute or second. */
export interface Point {
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly time: string;
  readonly value: number;
}

export interface AwsCall {
  readonly operation: string;
  readonly region: string;
  readonly body: any;
}

/** Refuses calls of an operation, or changes the answer to one. */
export interface AwsFault {
  readonly operation: string;
  readonly times?: number;
  readonly status?: number;
  readonly error?: string;
  readonly change?: (answer: any, body: any) => any;
}

/**
 * The parts of CloudWatch, Amazon Bedrock, S3, Systems Manager and EventBridge Scheduler that the month's cost is made of, over
 * HTTP: bodies and errors as the SDK's own models have them. It keeps whatever is published, and gives it back as AWS does: by
 * period and statistic. ListMetrics knows the last three hours only: nothing may rely on it for longer.
 */
export class FakeAws extends LoopbackServer {
  public static async start(): Promise<FakeAws> {
    return new FakeAws().listen();
  }

  public points: Point[] = [];
  /** By ARN, as in the SDK's GetProvisionedModelThroughputResponse. */
  public readonly throughputs = new Map<string, any>();
  /** As in the SDK's ModelInvocationJobSummary, with all that GetModelInvocationJob adds in `more`. */
  public jobs: any[] = [];
  /** By bucket and key; a number is the HTTP status of a refusal. */
  public readonly objects = new Map<string, string | number>();
  /** By region and name, as `us-west-2 /a/b`: the values of all versions, the first one of version 1. */
  public readonly parameters = new Map<string, string[]>();
  /** The input of each schedule's target, by its name. */
  public readonly schedules = new Map<string, string>();
  public calls: AwsCall[] = [];
  public faults: AwsFault[] = [];
  public pageSize = Infinity;
  /** How long a datapoint takes to appear in ListMetrics. */
  public listDelaySeconds = 0;
  private resets = 0;

  /** Changes with every reset: what a run that failed still had on its way then is of another key, and of no account here. */
  public get accessKey(): string {
    return `key${this.resets}`;
  }

  public reset(): void {
    Object.assign(this, { points: [], jobs: [], faults: [], pageSize: Infinity, listDelaySeconds: 0 });
    for (const kept of [this.throughputs, this.objects, this.parameters, this.schedules]) kept.clear();
    this.calls.length = 0;
    this.resets++;
  }

  public callsOf(operation: string): AwsCall[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  protected handle(request: IncomingMessage, content: Buffer, response: ServerResponse): void {
    // The SDK would correct its clock by it, which is that of the test.
    response.sendDate = false;
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(content) : content).toString();
    const [, key, region] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')!;
    if (key !== this.accessKey) return reply(response, 403, { message: 'too late' }, 'InvalidClientTokenId');
    const url = new URL(request.url!, this.endpoint);
    const [operation, body] = operationOf(request, url, text);
    this.calls.push({ operation, region, body });

    const fault = this.faults.find((one) => one.operation === operation);
    if (fault) this.faults = this.faults.flatMap((one) => (one !== fault ? [one] : (one.times ?? 1) > 1 ? [{ ...one, times: one.times! - 1 }] : []));
    if (fault?.status) return reply(response, fault.status, { message: 'AWS says no', __type: fault.error }, fault.error);
    const [status, answer, error] = this.perform(operation, region, body);
    return reply(response, status, fault?.change && status === 200 ? fault.change(answer, body) : answer, error);
  }

  private perform(operation: string, region: string, body: any): [number, any, string?] {
    switch (operation) {
      case 'PutMetricData':
        this.points.push(...body.MetricData.map((datum: any): Point => ({
          region,
          namespace: body.Namespace,
          metricName: datum.MetricName,
          dimensions: Object.fromEntries(datum.Dimensions.map(({ Name, Value }: any) => [Name, Value])),
          time: iso(datum.Timestamp),
          value: datum.Value,
        })));
        return [200, {}];
      case 'GetMetricData': return [200, this.metricData(region, body)];
      case 'ListMetrics': return [200, this.activeMetrics(region, body)];
      case 'GetParameter': {
        const [name, version] = body.Name.split(':');
        const values = this.parameters.get(`${region} ${name}`);
        if (!values) return [400, { message: 'not found' }, 'ParameterNotFound'];
        const Version = Number(version ?? values.length);
        // A parameter keeps its last 100 versions.
        if (!values[Version - 1] || Version <= values.length - 100) return [400, { message: 'not found' }, 'ParameterVersionNotFound'];
        return [200, { Parameter: { Name: name, Type: 'String', Value: values[Version - 1], Version } }];
      }
      case 'PutParameter': {
        const { Name, Value, Overwrite } = body;
        const values = this.parameters.get(`${region} ${Name}`) ?? [];
        if (values.length > 0 && !Overwrite) return [400, { message: 'it exists' }, 'ParameterAlreadyExists'];
        if (Buffer.byteLength(Value) > 4096 || Value.includes('{{')) return [400, { message: 'too long, or two opening braces' }, 'ValidationException'];
        this.parameters.set(`${region} ${Name}`, [...values, Value]);
        return [200, { Version: values.length + 1 }];
      }
      case 'DeleteParameter': return this.parameters.delete(`${region} ${body.Name}`) ? [200, {}] : [400, { message: 'not found' }, 'ParameterNotFound'];
      case 'GetSchedule': {
        const Input = this.schedules.get(body.id);
        return Input === undefined ? [404, { message: 'not found' }, 'ResourceNotFoundException'] : [200, { Name: body.id, Target: { Input } }];
      }
      case 'GetProvisionedModelThroughput': {
        const found = this.throughputs.get(body.id);
        return found ? [200, found] : [404, { message: 'not found' }, 'ResourceNotFoundException'];
      }
      case 'ListModelInvocationJobs': {
        const wanted = this.jobs.filter(({ jobName, submitTime }) => jobName.includes(body.nameContains) && submitTime >= body.submitTimeAfter);
        const page = pageOf(wanted, Number(body.nextToken ?? 0), this.pageSize);
        return [200, { invocationJobSummaries: page.items.map(({ more, ...summary }) => summary), nextToken: page.next }];
      }
      case 'GetModelInvocationJob': {
        const { more, ...summary } = this.jobs.find(({ jobArn }) => jobArn === body.id);
        return [200, { ...summary, ...more }];
      }
      case 'GetObject': {
        const object = this.objects.get(body.key) ?? 404;
        return typeof object === 'string' ? [200, object] : [object, object === 403 ? 'AccessDenied' : object === 404 ? 'NoSuchKey' : 'InternalError'];
      }
      default: throw new Error(`no such operation: ${operation}`);
    }
  }

  /** Metrics with datapoints within three hours before the present; `listDelaySeconds` later for new ones. */
  private activeMetrics(region: string, { Namespace, RecentlyActive, Dimensions, NextToken }: any): any {
    if (RecentlyActive !== 'PT3H') throw new Error('ListMetrics of metrics that are not active');
    const present = Date.now() / 1000;
    const found = new Map<string, any>();
    for (const { region: own, namespace, metricName, dimensions, time } of this.points) {
      const age = present - Date.parse(time) / 1000;
      if (own !== region || namespace !== Namespace || age < this.listDelaySeconds || age > 3 * 3_600) continue;
      if (!Dimensions.every(({ Name, Value }: any) => Name in dimensions && (Value === undefined || dimensions[Name] === Value))) continue;
      found.set(`${metricName} ${JSON.stringify(dimensions)}`, {
        Namespace, MetricName: metricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      });
    }
    const page = pageOf([...found.values()], Number(NextToken ?? 0), Math.min(500, this.pageSize));
    return { Metrics: page.items, NextToken: page.next };
  }

  private metricData(region: string, { MetricDataQueries, StartTime, EndTime, NextToken }: any): any {
    const asked = new Set(MetricDataQueries.map(({ MetricStat: { Metric } }: any) => `${Metric.Namespace} ${Metric.MetricName}`));
    const series = new Map<string, Point[]>();
    for (const point of this.points) {
      if (point.region !== region || !asked.has(`${point.namespace} ${point.metricName}`)) continue;
      const key = `${point.namespace} ${point.metricName} ${JSON.stringify(point.dimensions)}`;
      series.get(key)?.push(point) ?? series.set(key, [point]);
    }
    const results = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }: any) => {
      const wanted = JSON.stringify(Object.fromEntries(Metric.Dimensions.map(({ Name, Value }: any) => [Name, Value])));
      const periods = new Map<number, number>();
      for (const point of series.get(`${Metric.Namespace} ${Metric.MetricName} ${wanted}`) ?? []) {
        const seconds = Date.parse(point.time) / 1000;
        if (seconds < StartTime || seconds >= EndTime) continue;
        const period = seconds - (seconds % Period);
        const before = periods.get(period);
        periods.set(period, before === undefined ? point.value : Stat === 'Sum' ? before + point.value : Math.max(before, point.value));
      }
      return { Id, entries: [...periods].sort(([a], [b]) => a - b) };
    });
    // A page has so many points of each series.
    const from = Number(NextToken ?? 0);
    const isLast = results.every(({ entries }: any) => entries.length <= from + this.pageSize);
    return {
      MetricDataResults: results.map(({ Id, entries }: any) => {
        const page = pageOf<[number, number]>(entries, from, this.pageSize);
        const [Timestamps, Values] = [page.items.map(([time]) => time), page.items.map(([, value]) => value)];
        return { Id, Timestamps, Values, StatusCode: page.next ? 'PartialData' : 'Complete' };
      }),
      ...(isLast ? {} : { NextToken: `${from + this.pageSize}` }),
    };
  }
}

function operationOf({ method, headers }: IncomingMessage, { pathname, searchParams }: URL, text: string): [string, any] {
  const target = headers['x-amz-target'] as string | undefined;
  if (target) return [target.split('.')[1], JSON.parse(text)];
  const [, resource, id = ''] = /^\/([^/]+)(?:\/(.+))?$/.exec(decodeURIComponent(pathname))!;
  const names: { [path: string]: string } = {
    'GET provisioned-model-throughput': 'GetProvisionedModelThroughput',
    'GET model-invocation-jobs': 'ListModelInvocationJobs',
    'GET model-invocation-job': 'GetModelInvocationJob',
    'GET schedules': 'GetSchedule',
  };
  const operation = names[`${method} ${resource}`];
  return operation ? [operation, { id, ...Object.fromEntries(searchParams) }] : ['GetObject', { key: `${resource}/${id}` }];
}

function pageOf<T>(items: readonly T[], from: number, size: number): { items: T[]; next?: string } {
  return { items: items.slice(from, from + size), ...(items.length > from + size ? { next: `${from + size}` } : {}) };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function reply(response: ServerResponse, status: number, answer: any, error?: string): void {
  if (typeof answer !== 'string') {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...(error ? { 'x-amzn-errortype': error } : {}) });
    response.end(JSON.stringify(answer));
  } else if (status === 200) {
    response.writeHead(200).end(answer);
  } else {
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${answer}</Code><Message>AWS says no</Message></Error>`);
  }
}
