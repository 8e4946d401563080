import { statusOf } from './sdk-model';

/** An error of AWS. Without a status it has the one that Bedrock's model gives it. */
export class Refusal extends Error {
  constructor(public readonly code: string, message: string, private readonly httpStatus?: number) {
    super(message);
  }

  public get status(): number {
    return this.httpStatus ?? statusOf(this.code);
  }
}

export function refuse(code: string, message: string, status?: number): never {
  throw new Refusal(code, message, status);
}
