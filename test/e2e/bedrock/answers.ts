import { Answer } from '../http';
import { statusOf } from '../sdk-model';

/** An answer that refuses, as AWS words it: the error's name in a header, its message in the body. */
export class Refusal extends Error {
  constructor(public readonly code: string, message: string, private readonly status?: number) {
    super(message);
  }

  public answer(): Answer {
    return json(this.status ?? statusOf(this.code), { message: this.message }, { 'x-amzn-errortype': this.code });
  }
}

export function json(status: number, body: object, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

export function refuse(code: string, message: string): never {
  throw new Refusal(code, message);
}
