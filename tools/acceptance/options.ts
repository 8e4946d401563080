import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ModelId } from '../../src/pricing/model-id';
import { listedOffers } from '../../src/pricing/price-book/offered';

const DEFAULT_REGION = 'us-east-1';
/** A cheap model that has prompt caching and batch inference, with prices of both in the price book. */
const DEFAULT_MODEL = 'amazon.nova-lite-v1:0';

export interface Options {
  readonly region: string;
  /** The system profile that the app's own profile is made of, such as `us.amazon.nova-lite-v1:0`. */
  readonly model: string;
  /** The context variant of the model, which a purchase of provisioned throughput must name. */
  readonly contextVariant: string;
  readonly yes: boolean;
  readonly metricMinutes: number;
  readonly batchMinutes: number;
}

export type Parsed = { readonly options: Options } | { readonly exitCode: number; readonly text: string };

/** Reads the command line. Returns the options of a run, or a text to print instead. */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): Parsed {
  let printed = '';
  const write = (text: string) => { printed += text; };
  const command = new Command('npm run acceptance --')
    .description('Tries on a live AWS account what the library assumes about AWS, and prints a table of what AWS did.\n\n'
      + 'It deploys a small stack, sends a few requests and two batch jobs, forces every alarm, runs a stop and its undo, and destroys everything.\n'
      + 'It costs less than $5: what it will cost at most is printed before anything is deployed, and it stops before it passes $5.\n'
      + 'It takes about half an hour, and as long as AWS takes for two batch jobs of 100 records.\n\n'
      + 'The account needs credentials that may administer it, a bootstrapped region (npx cdk bootstrap) and access to the model.')
    .option('--region <region>', 'the region to deploy to', env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? DEFAULT_REGION)
    .option('--model <id>', `a model that has prompt caching and batch inference, with or without its geography (default: "${DEFAULT_MODEL}")`)
    .option('--context-variant <variant>', 'the context variant by which throughput of the model is bought', '24k')
    .option('--metric-minutes <minutes>', 'how long to wait for metrics', minutes, 20)
    .option('--batch-minutes <minutes>', 'how long to wait for the batch jobs, which are stopped then', minutes, 180)
    .option('--yes', 'do not ask', false)
    .helpOption('--help', 'print this')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
  try {
    command.parse(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) return { exitCode: thrown.exitCode === 0 ? 0 : 2, text: printed };
    throw thrown;
  }
  const { region, model: named = DEFAULT_MODEL, ...rest } = command.opts();
  const model = systemProfileOf(named, region);
  if (model === undefined) return { exitCode: 2, text: `acceptance: No system profile of ${named} is known in ${region}. Name one with --model.\n` };
  return { options: { region, model, ...rest } as Options };
}

/** The refusal to run in CI, which must never spend money, even if it has credentials. */
export function refusal(env: NodeJS.ProcessEnv): string | undefined {
  if (!env.CI || env.CI === 'false') return undefined;
  return 'acceptance: CI is set. This command spends money in an AWS account and is run by a person only.';
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of minutes above 0.');
  return value;
}

/** The id itself if it is that of a profile, else the id of the geographic profile for the model in the region. */
function systemProfileOf(model: string, region: string): string | undefined {
  const called = ModelId.parse(model);
  if (called.prefix !== undefined) return model;
  const geography = listedOffers(model, region)?.[region]?.geo[0];
  return geography && called.through(geography).id;
}
