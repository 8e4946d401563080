import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedrockClient, ListProvisionedModelThroughputsCommand } from '@aws-sdk/client-bedrock';
import { GetScheduleCommand, GetScheduleCommandOutput, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { Checks } from '../../../tools/staging';
import { Environment } from '../environment';
import { Simulation } from '../iam/simulation';
import { ACCOUNT, Purchase, purchases, REGION, rest } from '../services';
import { statusOf } from '../stacks';

/** An expected purchase. Properties that are left out are not checked. */
export type Expected = Partial<Purchase>;

/** Stacks of provisioned throughput in a separate account, and queries of their state. */
export class Scene {
  public readonly bedrock: BedrockClient;
  public readonly check: InstanceType<typeof Checks>['check'];
  public readonly roles: Simulation;
  private readonly scheduler: SchedulerClient;

  constructor(public readonly environment: Environment, checks: InstanceType<typeof Checks>, public readonly app: string) {
    const settings = { region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' } };
    this.bedrock = new BedrockClient({ ...settings, endpoint: environment.bedrock.url });
    this.scheduler = new SchedulerClient({ ...settings, endpoint: environment.url });
    this.roles = new Simulation(environment.url);
    this.check = checks.check.bind(checks);
  }

  /** Deploys the app with the context value `step`. Business hours are on a day that is not today, nor next to it in any time zone. */
  public async synth(step: number, ...context: string[]): Promise<void> {
    const { code } = await this.environment.cli.run(this.app, 'synth', '--quiet', '-c', `step=${step}`, '-c', `day=${weekday(openDay())}`, ...context);
    if (code !== 0) throw new Error(`cdk synth failed\n${this.environment.cli.last}`);
  }

  public async deploys(what: string, ...stacks: string[]): Promise<void> {
    this.check(`cdk deploy: ${what}`, await this.environment.cli.deploySynthesized(this.app, ...stacks), this.environment.cli.last);
  }

  public async fails(what: string, ...stacks: string[]): Promise<void> {
    this.check(`cdk deploy fails: ${what}`, !await this.environment.cli.deploySynthesized(this.app, ...stacks), this.environment.cli.last);
  }

  public async hasStatus(stack: string, wanted: string): Promise<void> {
    const status = await statusOf(this.environment.url, stack);
    this.check(`${stack} is ${wanted}`, status === wanted, status);
  }

  /** Every purchase, without the owner tag of the handler. */
  public async purchases(): Promise<Purchase[]> {
    const all = await purchases(this.environment.bedrock.url);
    return all.map(({ tags: { 'cdk-bedrock-cost:owner': _, 'cdk-bedrock-cost:request': __, ...tags }, ...purchase }) => ({ ...purchase, tags }));
  }

  /** The ARNs of all purchases of a model, with any suffix. */
  public async arnsOf(model: string): Promise<string[]> {
    const { provisionedModelSummaries = [] } = await this.bedrock.send(new ListProvisionedModelThroughputsCommand({}));
    return provisionedModelSummaries.filter(({ modelArn = '' }) => modelArn.includes(`/${model}`) || modelArn.includes(model)).map(({ provisionedModelArn }) => provisionedModelArn!).sort();
  }

  /** Checks that exactly these purchases exist. */
  public async stands(what: string, expected: readonly Expected[]): Promise<void> {
    const actual = await this.purchases();
    const isMet = (wanted: Expected) => actual.filter((purchase) => isLike(purchase, wanted)).length === 1;
    this.check(what, actual.length === expected.length && expected.every(isMet), JSON.stringify(actual, undefined, 1));
  }

  /** The units of the existing commitments. */
  public async committedAre(what: string, units: readonly number[]): Promise<void> {
    const actual = (await this.purchases()).filter(({ commitment }) => commitment !== 'none');
    this.same(what, actual.map((purchase) => purchase.units).sort(), units);
  }

  public same(what: string, actual: unknown, expected: unknown): void {
    this.check(what, JSON.stringify(actual) === JSON.stringify(expected), `is       ${JSON.stringify(actual)}\nnot      ${JSON.stringify(expected)}`);
  }

  /** The names of the schedules that the handler has created. */
  public async schedules(): Promise<string[]> {
    const { Schedules: all = [] } = await this.scheduler.send(new ListSchedulesCommand({}));
    return all.map(({ Name }) => Name!).filter((name) => name.startsWith('bedrock-throughput-'));
  }

  public schedule(Name: string): Promise<GetScheduleCommandOutput & { readonly Target?: any }> {
    return this.scheduler.send(new GetScheduleCommand({ Name }));
  }

  /** The messages that functions have published to topics. */
  public published(): string[] {
    return this.environment.recorder.calls.filter(({ action }) => action === 'sns:Publish').map(({ body }) => new URLSearchParams(body).get('Message') ?? '');
  }

  public invoke(functionName: string, event: object): Promise<any> {
    return rest(this.environment.url, 'lambda', `/2015-03-31/functions/${functionName}/invocations`, event);
  }

  public template(stack: string): any {
    return JSON.parse(readFileSync(join(this.app, 'cdk.out', `${stack}.template.json`), 'utf8'));
  }
}

function isLike(purchase: Purchase, wanted: Expected): boolean {
  return Object.entries(wanted).every(([field, value]) => JSON.stringify(purchase[field as keyof Purchase]) === JSON.stringify(value));
}

/** Noon in UTC of the next business day of the test. */
export function openDay(): Date {
  const noon = new Date();
  noon.setUTCHours(12, 0, 0, 0);
  return new Date(noon.getTime() + 3 * 86_400_000);
}

function weekday(date: Date): string {
  return date.toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' }).toUpperCase();
}
