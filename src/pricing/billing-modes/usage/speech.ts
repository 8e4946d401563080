/**
 * Conversation with a speech model, paid by the token: speech and text have prices of their own.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/speech.html
 */
export interface SpeechUsage {
  /**
   * Speech tokens a month that go in.
   * @default 0
   */
  readonly inputSpeechTokensPerMonth?: number;
  /**
   * Speech tokens a month that come out.
   * @default 0
   */
  readonly outputSpeechTokensPerMonth?: number;
  /**
   * Text tokens a month that go in: prompts, what is known of the conversation, results of tools.
   * @default 0
   */
  readonly inputTokensPerMonth?: number;
  /**
   * Text tokens a month that come out: transcripts, calls of tools.
   * @default 0
   */
  readonly outputTokensPerMonth?: number;
}

/** Conversation with a speech model in a region. */
export interface SpeechWorkload extends SpeechUsage {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the conversations are held in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
