import { foundationModelArn } from '../estimates/model-arns';

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

/**
 * The regions of each geography as an IAM pattern.
 *
 * AWS adds destinations to a profile without notice, so a list of them would break one day. The grants are tied to the
 * profile by a condition, which keeps the pattern from opening anything else.
 */
const REGION_PATTERNS: { readonly [geography in ProfileGeography]: string } = {
  [ProfileGeography.US]: 'us-*',
  [ProfileGeography.EU]: 'eu-*',
  [ProfileGeography.APAC]: 'ap-*',
  [ProfileGeography.JP]: 'ap-northeast-*',
  [ProfileGeography.AU]: 'ap-southeast-*',
  [ProfileGeography.CA]: 'ca-*',
  [ProfileGeography.IN]: 'ap-south-*',
  [ProfileGeography.US_GOV]: 'us-gov-*',
  // Also the ARN without a region, which global profiles are checked against.
  [ProfileGeography.GLOBAL]: '*',
};

/** The foundation model in the region of the call and in every region that a profile may route to. */
export function destinationModelArns(prefix: string, bareId: string): string[] {
  const pattern = REGION_PATTERNS[prefix as ProfileGeography];
  return [...(pattern === '*' ? [] : [foundationModelArn(bareId)]), foundationModelArn(bareId, pattern)];
}
