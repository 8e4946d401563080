import { IncomingMessage, ServerResponse } from 'http';
import { gunzipSync } from 'zlib';
import { LoopbackServer } from './loopback-server';

/** The answer of a model to a request: a body, an error from the SDK's service model, or `lost` for no answer. */
export type ModelAnswer = { readonly body: object } | { readonly status: number; readonly error: string } | 'lost';

/** Amazon Bedrock's runtime and CloudWatch, over HTTP, as far as runs of batch inference need them. */
export class FakeRuntime extends LoopbackServer {
  public static async start(): Promise<FakeRuntime> {
    return new FakeRuntime().listen();
  }

  public readonly asked: { readonly operation: string; readonly modelId: string; readonly request: any }[] = [];
  /** By name, with what it was published for. */
  public readonly metrics: { readonly namespace: string; readonly name: string; readonly resource: string; readonly value: number }[] = [];
  public metricsStatus = 200;
  public answer: (operation: 'invoke' | 'converse', request: any) => ModelAnswer = () => ({ body: ANSWER });

  public reset(): void {
    this.asked.length = 0;
    this.metrics.length = 0;
    this.metricsStatus = 200;
    this.answer = () => ({ body: ANSWER });
  }

  protected handle({ url, headers, socket }: IncomingMessage, content: Buffer, response: ServerResponse): void {
    const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(content) : content).toString();
    const [, modelId, operation] = /^\/model\/([^/]+)\/(invoke|converse)$/.exec(url!) ?? [];
    if (operation === undefined) return this.publish(JSON.parse(text), response);
    const request = JSON.parse(text);
    this.asked.push({ operation, modelId: decodeURIComponent(modelId), request });
    const answer = this.answer(operation as 'invoke', request);
    if (answer === 'lost') socket.destroy();
    else if ('body' in answer) send(response, 200, answer.body);
    else send(response, answer.status, { message: 'the model says no' }, answer.error);
  }

  private publish({ Namespace, MetricData }: any, response: ServerResponse): void {
    if (this.metricsStatus === 200) {
      this.metrics.push(...MetricData.map(({ MetricName, Value, Dimensions }: any) =>
        ({ namespace: Namespace, name: MetricName, resource: Dimensions[0].Value, value: Value })));
    }
    send(response, this.metricsStatus, {}, this.metricsStatus === 200 ? undefined : 'AccessDeniedException');
  }
}

const ANSWER = { output: { message: { role: 'assistant', content: [{ text: 'yes' }] } }, stopReason: 'end_turn', usage: { inputTokens: 20, outputTokens: 5, totalTokens: 25 } };

function send(response: ServerResponse, status: number, body: object, error?: string): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(error ? { 'x-amzn-errortype': error } : {}) }).end(JSON.stringify(body));
}
