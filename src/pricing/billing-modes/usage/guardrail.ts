/**
 * Texts and images that a guardrail checks, paid for each policy that checks them.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails.html
 */
export interface GuardrailUsage {
  /**
   * The policies that check every text or image, each named once: `content-text`, `content-image`, `denied-topics`,
   * `sensitive-information`, `sensitive-information-regex`, `contextual-grounding`, `automated-reasoning`,
   * `checks-content-filter`, `checks-prompt-attack`, `checks-sensitive-information`. Word filters are free.
   */
  readonly policies: string[];
  /**
   * Texts a month that are checked, inputs and outputs alike. Every policy but `content-image` needs it.
   * @default - no text is checked
   */
  readonly textsPerMonth?: number;
  /**
   * Characters of one text. Each 1,000, begun or full, are one text unit. Needed beside `textsPerMonth`.
   * @default - no text is checked
   */
  readonly charactersPerText?: number;
  /**
   * Images a month that are checked. The policy `content-image` needs it.
   * @default - no image is checked
   */
  readonly imagesPerMonth?: number;
}

/** Texts and images that a guardrail checks in a region. */
export interface GuardrailWorkload extends GuardrailUsage {
  /**
   * The region of the guardrail.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
