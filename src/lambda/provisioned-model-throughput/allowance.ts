import { AllowedPurchase, parameterName, ThroughputProperties } from './contract';
import { Resource } from './identity';
import { Services } from './services';
import { Refusal } from '../shared/errors';
import { readParameter } from '../shared/versioned-parameter';

/** Facts from the functions' own configuration, not from an event. */
export interface FunctionConfiguration {
  readonly stackId: string;
  readonly parameterPath: string;
}

/** Every property but the tags. */
const COMPARED: { readonly [property in keyof Required<AllowedPurchase>]: true } = {
  modelId: true,
  modelUnits: true,
  commitmentDuration: true,
  provisionedModelName: true,
  namePrefix: true,
  baseModelId: true,
  record: true,
  confirmedUsd: true,
  price: true,
  endOfLife: true,
  allowRepurchase: true,
  dryRun: true,
  term: true,
  businessHours: true,
  modelIdParameter: true,
  fallbackModelId: true,
  topicArn: true,
  budgetTopicArns: true,
};

/** The number of versions to search for the previous value: CloudFormation writes the same value again when the parameter's tags change. */
const EARLIER_VERSIONS = 5;

/** Hours after a deployment has changed the allowed purchase in which a rollback may make the purchase that was allowed before. */
const ROLLBACK_HOURS = 24;

type Selection = Pick<Resource, 'StackId' | 'LogicalResourceId'>;

/**
 * The purchases that the resources of the stack may make.
 *
 * Events can be forged with permission to invoke the function, so an event only selects a resource. Its properties must equal the
 * properties of the deployed template, which CloudFormation writes into a parameter for each resource and no function can change.
 * The number of parameters is not limited, and tokens in them are resolved.
 */
export class Allowances {
  constructor(private readonly services: Services, private readonly configuration: FunctionConfiguration) {}

  /** Refuses events of another stack. */
  public checkStack({ StackId, LogicalResourceId }: Selection): void {
    const { stackId } = this.configuration;
    if (StackId !== stackId) throw refusal(LogicalResourceId, `StackId must be ${JSON.stringify(stackId)}, the stack that this function buys for`, StackId);
    // The id is part of the name of a parameter: a colon would select another version, a slash another parameter.
    if (!/^[A-Za-z0-9]{1,255}$/.test(LogicalResourceId)) throw refusal('LogicalResourceId', 'must be letters and digits', LogicalResourceId);
  }

  /**
   * Refuses properties of neither this deployment nor the previous one. A rollback requests the previous properties, while the
   * parameter may have either.
   */
  public async check(resource: Resource): Promise<void> {
    await this.changedAt(resource);
  }

  /** Refuses a purchase with properties of an earlier deployment, except in a rollback. */
  public async checkPurchase(resource: Resource): Promise<void> {
    const changedAt = await this.changedAt(resource);
    if (changedAt === undefined || this.services.now() - changedAt <= ROLLBACK_HOURS * 3_600_000) return;
    throw new Refusal(`${resource.LogicalResourceId}: the properties are those of an earlier deployment, which can be bought for ${ROLLBACK_HOURS} hours after a change, in a rollback. `
      + 'Deploy the app again. Nothing was bought.');
  }

  /** The properties of the deployed template; undefined for a resource that was removed from the stack. */
  public async deployed(selection: Selection): Promise<AllowedPurchase | undefined> {
    const value = (await readParameter(this.services, this.nameOf(selection)))?.Value;
    return value === undefined ? undefined : JSON.parse(value);
  }

  /** The time at which the deployed properties replaced the requested ones; undefined if the requested ones are deployed. */
  private async changedAt(resource: Resource): Promise<number | undefined> {
    const name = this.nameOf(resource);
    const found = await readParameter(this.services, name);
    if (!found) {
      throw new Refusal(`${resource.LogicalResourceId}: the stack allows no purchase of this name, since the parameter ${name} does not exist. Deploy the app with this construct. Nothing was bought.`);
    }
    const allowed: AllowedPurchase = JSON.parse(found.Value!);
    const requested = resource.ResourceProperties;
    const different = differences(allowed, requested);
    if (different.length === 0) return undefined;
    const before = await this.valueBefore(name, found.Value!, found.Version!);
    if (before !== undefined && differences(JSON.parse(before), requested).length === 0) return found.LastModifiedDate?.getTime() ?? 0;
    const [property] = different;
    const value = allowed[property] === undefined ? 'left out' : JSON.stringify(allowed[property]);
    throw refusal(resource.LogicalResourceId, `${property} must be ${value}, as in the deployed template`, requested[property]);
  }

  private async valueBefore(name: string, value: string, version: number): Promise<string | undefined> {
    for (let earlier = version - 1; earlier >= Math.max(1, version - EARLIER_VERSIONS); earlier--) {
      const found = await readParameter(this.services, `${name}:${earlier}`);
      if (found && found.Value !== value) return found.Value;
    }
    return undefined;
  }

  private nameOf({ LogicalResourceId }: Selection): string {
    return parameterName(this.configuration.parameterPath, 'allowed', LogicalResourceId);
  }
}

function refusal(what: string, problem: string, value: unknown): Refusal {
  return new Refusal(`${what}: ${problem}, got ${JSON.stringify(value) ?? 'none'}. Change the app, and deploy it. Nothing was bought.`);
}

function differences(allowed: AllowedPurchase, requested: ThroughputProperties): (keyof AllowedPurchase)[] {
  const properties = Object.keys(COMPARED) as (keyof AllowedPurchase)[];
  return properties.filter((property) => asText(allowed[property]) !== asText(requested[property]));
}

/** A value as text, for comparison: CloudFormation turns numbers and booleans into strings, and omits undefined values. */
function asText(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `[${value.map(asText).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(String(value));
  const fields = Object.entries(value).filter(([, field]) => field !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${asText(field)}`).join()}}`;
}
