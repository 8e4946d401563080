/**
 * The system-defined inference profiles, by where AWS may route a request that is made through one.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export enum ProfileGeography {
  /** United States. */
  US = 'us',
  /** European Union and other European regions. */
  EU = 'eu',
  /** Asia Pacific. */
  APAC = 'apac',
  /** Japan. */
  JP = 'jp',
  /** Australia. */
  AU = 'au',
  /** Canada. */
  CA = 'ca',
  /** India. */
  IN = 'in',
  /** AWS GovCloud (US). */
  US_GOV = 'us-gov',
  /** All commercial regions. Has rates of its own. */
  GLOBAL = 'global',
}
