import { refuse } from './refusal';

export interface Notification {
  readonly TopicArn?: string;
  readonly Subject?: string;
  readonly Message: string;
}

/** The topics of Amazon SNS. Keeps all published notifications. */
export class Topics {
  public readonly published: Notification[] = [];

  public perform(operation: string, input: any): object | undefined {
    if (operation !== 'Publish') return undefined;
    // AWS refuses a subject of 100 characters or more, with other characters than ASCII, or with a new line.
    if (input.Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(input.Subject)) refuse('InvalidParameter', `Invalid parameter: Subject: ${input.Subject}`, 400);
    this.published.push(input);
    return { MessageId: 'id' };
  }
}
