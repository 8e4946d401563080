import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient, DeleteStackCommand, DescribeStacksCommand, paginateListStackResources, StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { Clock } from './clock';
import { Options } from './options';
import { ModelId } from '../../src/pricing/model-id';
import { CDK, emptyFolder, installPacked } from '../staging';

export const STACK = 'CdkBedrockCostAcceptance';
export const DRY_RUN_STACK = 'CdkBedrockCostAcceptanceDryRun';

/** The timeout of a CDK command. A deployment takes minutes, so that a command hangs if it takes an hour. */
const LONGEST_COMMAND_MS = 60 * 60_000;

export interface CommandResult {
  readonly code: number | string;
  readonly text: string;
}

/** The app in a folder of its own, and its two stacks. */
export class Deployment {
  private readonly folder: string;

  /** @param name of its folder below .tmp/ */
  constructor(
    name: string, private readonly cloudFormation: CloudFormationClient, private readonly options: Options, private readonly account: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.folder = emptyFolder(name);
    cpSync(join(__dirname, 'app'), this.folder, { recursive: true });
    installPacked(this.folder);
  }

  /** The assembly that is deployed. */
  public get assembly(): string {
    return join(this.folder, 'cdk.out');
  }

  public synth(): Promise<CommandResult> {
    const { region, model, contextVariant } = this.options;
    const values = { account: this.account, region, model, modelWithoutGeography: ModelId.parse(model).bareId, contextVariant };
    const context = Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return this.cdk('synth', '--quiet', ...context);
  }

  /** The monthly cost of the app's budget itself, from the report of the synthesis. */
  public monitors(): { readonly part: string; readonly otherServicesMonthlyUsd: string }[] {
    const { budgets } = JSON.parse(readFileSync(join(this.assembly, 'bedrock-cost-report.json'), 'utf8'));
    return budgets.flatMap(({ monitors = [] }: any) => monitors);
  }

  public deploy(): Promise<CommandResult> {
    return this.cdk('deploy', '--app', 'cdk.out', STACK, '--require-approval', 'never', '--progress', 'events');
  }

  /** Creates the change set of the dry run, which is never executed. */
  public prepareDryRun(): Promise<CommandResult> {
    return this.cdk('deploy', '--app', 'cdk.out', DRY_RUN_STACK, '--method', 'prepare-change-set', '--require-approval', 'never', '--progress', 'events');
  }

  public destroy(): Promise<CommandResult> {
    return this.cdk('destroy', '--app', 'cdk.out', STACK, '--force');
  }

  /** Deletes the stack of a change set, which has no resources. */
  public async deleteDryRun(): Promise<void> {
    await this.cloudFormation.send(new DeleteStackCommand({ StackName: DRY_RUN_STACK }));
  }

  public async outputs(): Promise<{ readonly [name: string]: string }> {
    const { Stacks: [stack] = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
    return Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!.replace(/^Out/, ''), OutputValue!]));
  }

  public async resources(type?: string): Promise<StackResourceSummary[]> {
    const all: StackResourceSummary[] = [];
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: this.cloudFormation }, { StackName: STACK })) {
      all.push(...StackResourceSummaries);
    }
    return all.filter(({ ResourceType }) => type === undefined || ResourceType === type);
  }

  /** The status of a stack. Undefined if the stack does not exist, as after its deletion. */
  public async statusOf(StackName: string): Promise<string | undefined> {
    try {
      const { Stacks: [stack] = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return stack?.StackStatus === 'DELETE_COMPLETE' ? undefined : stack?.StackStatus;
    } catch (thrown) {
      if (/does not exist/.test(`${thrown}`)) return undefined;
      throw thrown;
    }
  }

  /** Runs in its own process group: Ctrl-C must not end a deployment halfway, since its resources are destroyed afterwards. */
  private cdk(...args: string[]): Promise<CommandResult> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [CDK, ...args, '--no-notices'], { cwd: this.folder, env: this.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { text += data; });
      const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_COMMAND_MS);
      child.on('error', fail);
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        done({ code: code ?? `${signal}`, text });
      });
    });
  }

  /** Waits until a stack is deleted. Returns its last status if the deletion fails or takes too long. */
  public async untilGone(stack: string, clock: Clock, seconds: number): Promise<string | undefined> {
    const ended = await clock.until(seconds, async () => {
      const status = await this.statusOf(stack);
      return status === undefined || status.endsWith('_FAILED') ? { status } : undefined;
    });
    return ended ? ended.answer.status : this.statusOf(stack);
  }
}
