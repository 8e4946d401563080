import { label, required, requireArguments } from '../estimates/shape';
import { markAs } from '../input/brand';
import { PricingError } from '../input/error';
import { declareGeography, Geography, geographyOf } from '../pricing/model-id';
import { isProviderId } from '../pricing/price-book/model-catalog';

/** The form of a pattern of region names: a prefix and an asterisk. */
const PATTERN = /^[a-z0-9-]*\*$/;
const PREFIX = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * A geography of system-defined inference profiles: the regions to which AWS may route a request through one of its profiles.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export class ProfileGeography {
  /** United States. */
  public static readonly US = ProfileGeography._known('us');
  /** European Union and other European regions. */
  public static readonly EU = ProfileGeography._known('eu');
  /** Asia Pacific. */
  public static readonly APAC = ProfileGeography._known('apac');
  /** Japan. */
  public static readonly JP = ProfileGeography._known('jp');
  /** Australia. */
  public static readonly AU = ProfileGeography._known('au');
  /** Canada. */
  public static readonly CA = ProfileGeography._known('ca');
  /** India. */
  public static readonly IN = ProfileGeography._known('in');
  /** AWS GovCloud (US). */
  public static readonly US_GOV = ProfileGeography._known('us-gov');
  /** All commercial regions, at separate global rates. */
  public static readonly GLOBAL = ProfileGeography._known('global');

  /**
   * Declares a geography that this library does not know. Its profiles are priced at the geographic rates of the region of the stack.
   *
   * @param prefix the prefix of the ids of its profiles, such as `sa`
   * @param regionPattern the regions to which AWS may route, such as `sa-*`, in which `grantInvoke` allows the foundation model
   * @throws if the geography is already known with other regions
   */
  public static of(prefix: string, regionPattern: string): ProfileGeography {
    requireArguments('ProfileGeography.of: ', { prefix, regionPattern }, {
      prefix: required(label('the prefix of the ids of its profiles, such as "sa"')),
      regionPattern: required(label('a pattern of region names such as "sa-*"')),
    });
    if (!PREFIX.test(prefix)) throw new PricingError('prefix', prefix, 'lowercase letters, digits and hyphens, such as "sa"').in('ProfileGeography.of: ');
    if (isProviderId(prefix)) throw new PricingError('prefix', prefix, 'the prefix of a geography, not of a provider').in('ProfileGeography.of: ');
    if (!PATTERN.test(regionPattern)) throw new PricingError('regionPattern', regionPattern, 'the beginning of region names with an asterisk, such as "sa-*"').in('ProfileGeography.of: ');
    return new ProfileGeography(declared(prefix, regionPattern));
  }

  /** @internal */
  public static _known(prefix: string): ProfileGeography {
    return new ProfileGeography(geographyOf(prefix)!);
  }

  /** The prefix of the ids of its profiles, such as `us`. */
  public readonly prefix: string;

  /** The regions to which AWS may route, such as `us-*`. */
  public readonly regionPattern: string;

  private constructor({ prefix, regions }: Geography) {
    markAs('ProfileGeography', this);
    this.prefix = prefix;
    this.regionPattern = `${regions}*`;
  }
}

function declared(prefix: string, regionPattern: string): Geography {
  const geography = declareGeography(prefix, regionPattern.slice(0, -1));
  if (`${geography.regions}*` !== regionPattern) {
    throw new PricingError('regionPattern', regionPattern, `${JSON.stringify(`${geography.regions}*`)}, by which the geography ${JSON.stringify(prefix)} is known`).in('ProfileGeography.of: ');
  }
  return geography;
}
