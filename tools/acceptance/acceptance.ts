import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CannotRun } from './account';
import { Aws } from './aws';
import { destroyAll } from './cleanup';
import { Clock, Interrupted, Patience } from './clock';
import { Deployment } from './deployment';
import { Line, linesOf, table } from './lines';
import { Observed } from './observations';
import { Collected, observe } from './observe';
import { Options } from './options';
import { Outputs, SentRequests } from './scene';
import { CEILING_USD, planOf, planText, Prices, Spending, totalPlanned } from './spending';
import { formatUsd } from '../../src/pricing/format';
import { ROOT } from '../staging';

/** The environment of a run: a person's terminal and AWS, or a test and an emulator. */
export interface Host {
  /** The folder of the app and the table, below .tmp/. */
  readonly folder: string;
  readonly aws: Aws;
  readonly account: string;
  /** The environment of the CDK CLI. */
  readonly env: NodeJS.ProcessEnv;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Whether to deploy, after the plan was printed. */
  readonly confirm: () => Promise<boolean>;
  /** Changes the assembly before it is deployed. */
  readonly prepare?: (assembly: string) => void;
  /** Reasons why this environment cannot settle a line, by id. */
  readonly unable?: { readonly [id: string]: string };
}

export interface Result {
  readonly lines: readonly Line[];
  readonly observed: Observed;
  /** The resources that could not be destroyed. */
  readonly left: readonly string[];
  readonly spentUsd: string;
}

/**
 * One run from the plan to the table.
 *
 * @returns undefined when the person declines
 * @throws CannotRun before anything is deployed, or when the deployment failed and was destroyed again
 */
export async function acceptance(options: Options, host: Host): Promise<Result | undefined> {
  const { aws, account, say, signal, patience } = host;
  const clock = new Clock(signal, patience.look);
  const since = new Date(clock.now() - 60_000);
  const deployment = new Deployment(join(host.folder, 'app'), aws.cloudFormation, options, account, { ...host.env, AWS_REGION: options.region });
  const { code, text } = await deployment.synth();
  if (code !== 0) throw new CannotRun(`cdk synth failed:\n${text}`);
  host.prepare?.(deployment.assembly);

  const prices = new Prices(options.model, options.region);
  const plan = planOf(prices, deployment.monitors());
  say(`Account ${account}, region ${options.region}, model ${options.model}\n\n${planText(plan)}\n\nThe ceiling is ${formatUsd(CEILING_USD)}: before a paid step could pass it, the run stops paying.\n`);
  if (totalPlanned(plan).cmp(CEILING_USD) > 0) throw new CannotRun('The plan passes the ceiling. Choose a cheaper model.');
  if (!await host.confirm() || signal.aborted) return undefined;

  const spending = new Spending();
  plan.filter(({ byTokens }) => !byTokens).forEach(({ what, usd }) => spending.reserve(what, usd));
  const observed: Collected = {};
  let left: readonly string[] = [];
  try {
    say('Deploying');
    const deployed = await deployment.deploy();
    if (deployed.code !== 0) throw new CannotRun(`cdk deploy failed:\n${deployed.text}`);
    const outputs = await deployment.outputs() as unknown as Outputs;
    await observe({ aws, account, options, outputs, deployment, prices, spending, sent: new SentRequests(), clock, patience, say }, observed);
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    say('Interrupted');
  } finally {
    say('Destroying everything');
    // Not to be interrupted: a second Ctrl-C ends the process.
    left = await destroyAll(aws, deployment, new Clock(new AbortController().signal, patience.look), since);
    say(left.length === 0 ? 'Everything is destroyed. The code of its functions stays in the bootstrap bucket.' : `Could not be destroyed:\n  ${left.join('\n  ')}`);
  }
  const lines = linesOf(observed, host.unable);
  const markdown = table(lines);
  say(`\n${markdown}\n\nSpent, by tokens and the price book: ${formatUsd(spending.total)}`);
  say(`Written to ${relative(process.cwd(), written(markdown, host, options, clock))}; paste it into docs/verified.md.`);
  return { lines, observed, left, spentUsd: spending.total.toFixed() };
}

/** The table as a section of docs/verified.md, in a file of its own for each run. */
function written(markdown: string, { folder }: Host, { region, model }: Options, clock: Clock): string {
  const time = new Date(clock.now()).toISOString();
  const path = join(ROOT, '.tmp', folder, `verified-${time.slice(0, 19).replace(/:/g, '')}.md`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `## ${time.slice(0, 10)}, ${region}, ${model}\n\n${markdown}\n`);
  return path;
}
