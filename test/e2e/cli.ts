import { join } from 'node:path';
import { ACCOUNT, REGION } from './services';
import { replaceUnknownTypes } from './unknown-types';
import { cdk, withoutAws } from '../../tools/staging';

/** The CDK CLI with the emulator as AWS. */
export class Cli {
  public last = '';
  /** The resource types that were left out of deployed templates. */
  public readonly replaced = new Set<string>();
  private readonly env: NodeJS.ProcessEnv;

  constructor(url: string) {
    this.env = {
      ...withoutAws(),
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_REGION: REGION,
    };
  }

  public async run(cwd: string, ...args: string[]) {
    const result = await cdk(args, { cwd, env: this.env, timeoutSeconds: 240 });
    this.last = result.text;
    return result;
  }

  /** Synthesizes, removes resource types that the emulator does not support, and deploys. */
  public async deploy(app: string, ...context: string[]): Promise<boolean> {
    if ((await this.run(app, 'synth', '--quiet', ...context)).code !== 0) return false;
    return this.deploySynthesized(app);
  }

  /** @param stacks the stacks to destroy, by default all; several are destroyed together */
  public async deploySynthesized(app: string, ...stacks: string[]): Promise<boolean> {
    replaceUnknownTypes(join(app, 'cdk.out')).forEach((type) => this.replaced.add(type));
    const which = stacks.length > 0 ? stacks : ['--all'];
    const { code } = await this.run(app, 'deploy', '--app', 'cdk.out', ...which, '--require-approval', 'never', '--progress', 'events', '--concurrency', '4');
    return code === 0;
  }

  public async destroy(app: string, ...stacks: string[]): Promise<boolean> {
    const which = stacks.length > 0 ? stacks : ['--all'];
    return (await this.run(app, 'destroy', '--app', 'cdk.out', ...which, '--force')).code === 0;
  }
}
