// Deploys the example and a test app with the real CDK CLI to a local emulator of AWS, and reads the purchases with the SDK of AWS. Started
// by test/e2e/run.sh.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { acceptanceOnTheEmulator } from './acceptance';
import { splitsALargeFile } from './batch/large-file';
import { batchInference } from './batch-inference';
import { BedrockProxy } from './bedrock-proxy';
import { budgetAsDeployed } from './budget-as-deployed';
import { Cli } from './cli';
import { Environment, withEnvironment } from './environment';
import { yearOfMonthToDate } from './month-to-date';
import { call, purchases, statesInTemplate } from './services';
import { stopsAndUndoes } from './stop-spending';
import { throughputLifecycle } from './throughput-lifecycle';
import { UNKNOWN_TYPES } from './unknown-types';
import { Checks, emptyFolder, installPacked, ROOT, stageExample } from '../../tools/staging';

const checks = new Checks();
const [python, only] = process.argv.slice(2);

/** The scenarios by name, each with a separate emulator. The name of a scenario as an argument runs only that scenario. */
const SCENARIOS: { readonly [name: string]: () => Promise<void> } = {
  'deploy-and-stop': () => withEnvironment(python, 'e2e', {}, deployAndStop),
  'month-to-date': () => withEnvironment(python, 'e2e-month-to-date', {}, ({ url }) => yearOfMonthToDate(url, checks)),
  'throughput-lifecycle': () => withEnvironment(python, 'e2e-throughput', { fastFunctions: true }, (environment) => throughputLifecycle(environment, checks)),
  'batch-inference': () => withEnvironment(python, 'e2e-batch', {}, (environment) => batchInference(environment, checks)),
  'acceptance': () => withEnvironment(python, 'e2e-acceptance', {}, (environment) => acceptanceOnTheEmulator(environment, checks)),
  'large-file': () => splitsALargeFile(checks),
};

async function main(): Promise<void> {
  if (only !== undefined && !(only in SCENARIOS)) throw new Error(`${only} is none of ${Object.keys(SCENARIOS).join(', ')}`);
  for (const name of only === undefined ? Object.keys(SCENARIOS) : [only]) await SCENARIOS[name]();
  checks.close();
}

async function deployAndStop({ url, bedrock, cli }: Environment): Promise<void> {
  bedrock.behaviour.creatingMs = () => 2_000;
  await exampleIsDeployed(cli, url, bedrock);
  await purchaseChangesAndGoes(cli, url, bedrock);
  checks.check('only types that the emulator does not support were left out, and all of them are in use',
    JSON.stringify([...cli.replaced].sort()) === JSON.stringify(Object.keys(UNKNOWN_TYPES).sort()), JSON.stringify([...cli.replaced]));
  // These do not wait between a purchase and its deletion.
  bedrock.behaviour.creatingMs = () => 0;
  await stopsAndUndoes(url, bedrock.url, checks);
}

/** Deploys the unchanged example: a commitment, a nightly batch, a profile, a budget. */
async function exampleIsDeployed(cli: Cli, url: string, proxy: BedrockProxy): Promise<void> {
  console.log('\nexamples/typescript/getting-started');
  const app = stageExample('typescript/getting-started', 'e2e/getting-started');
  checks.check('cdk deploy', await cli.deploy(app), cli.last);

  const [bought, ...more] = await purchases(proxy.url);
  checks.check('one purchase exists', bought !== undefined && more.length === 0, JSON.stringify([bought, ...more]));
  checks.check('of 2 model units for one month', bought?.units === 2 && bought?.commitment === 'OneMonth', JSON.stringify(bought));
  checks.check('of the model of the example', bought?.model === 'cohere.embed-english-v3:0:512', JSON.stringify(bought));
  checks.check('with the tag of the budget', Object.values(bought?.tags ?? {}).includes('covered'), JSON.stringify(bought));
  const requests = proxy.requests.filter(({ method, path }) => method === 'POST' && path === '/provisioned-model-throughput');
  checks.check('it was requested once, with a client token that prevents a second purchase', requests.length === 1 && requests[0].body.clientRequestToken?.length > 0, JSON.stringify(requests));

  await batchRunsNothing(url, app, proxy);

  checks.check('cdk deploy again, unchanged', await cli.deploy(app), cli.last);
  checks.check('buys nothing more', (await purchases(proxy.url)).length === 1);
  checks.check('cdk destroy', await cli.destroy(app), cli.last);
  checks.check('retains the commitment, which AWS bills until the end of its term', (await purchases(proxy.url)).length === 1);
}

/** Runs the batch of the example with an empty bucket: the execution ends without a job. batch-inference.ts has runs with records. */
async function batchRunsNothing(url: string, app: string, proxy: BedrockProxy): Promise<void> {
  const states = (operation: string, body: object) => call(url, 'states', `AWSStepFunctions.${operation}`, body);
  const { stateMachines } = await states('ListStateMachines', {});
  const machine = stateMachines.find(({ name }: { name: string }) => name.startsWith('GettingStarted-NightlySummaries'));
  if (!checks.check('the state machine of the batch exists', machine !== undefined, JSON.stringify(stateMachines))) return;
  const { definition, roleArn } = await states('DescribeStateMachine', { stateMachineArn: machine.stateMachineArn });
  checks.check('with the states of the template', JSON.stringify(Object.keys(JSON.parse(definition).States).sort()) === JSON.stringify(statesInTemplate(join(app, 'cdk.out'), 'GettingStarted', 'NightlySummaries')), definition);
  checks.check('and the role of its stack', /:role\/GettingStarted-NightlySummaries/.test(roleArn), roleArn);
  const { executionArn } = await states('StartExecution', { stateMachineArn: machine.stateMachineArn, input: '{}' });
  const execution = await untilEnded(() => states('DescribeExecution', { executionArn }));
  const jobs = proxy.requests.filter(({ method, path }) => method === 'POST' && path === '/model-invocation-job');
  checks.check('an execution without records ends without a job', execution.status === 'SUCCEEDED' && jobs.length === 0, JSON.stringify({ execution, jobs }));
}

async function untilEnded(describe: () => Promise<any>): Promise<any> {
  for (let tries = 0; tries < 60; tries++) {
    const execution = await describe();
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((done) => setTimeout(done, 500));
  }
  return { status: 'still RUNNING after 30 s' };
}

/** Units by the hour are bought, renamed and retagged without a second purchase, and deleted with the stack. */
async function purchaseChangesAndGoes(cli: Cli, url: string, proxy: BedrockProxy): Promise<void> {
  console.log('\ntest/e2e');
  const app = emptyFolder('e2e/by-the-hour');
  cpSync(join(ROOT, 'test', 'e2e', 'apps'), app, { recursive: true });
  installPacked(app);
  // The owner tag of the handler, which it must keep, is separate from the tags of the app.
  const mine = async () => (await purchases(proxy.url)).filter(({ commitment }) => commitment === 'none').map(({ tags, ...purchase }) => {
    const { 'cdk-bedrock-cost:owner': owner = '', 'cdk-bedrock-cost:request': request = '', 'bedrock-cost-budget:EndToEnd-Budget-E317964C-us-west-2': _, ...own } = tags;
    return { ...purchase, tags: own, marked: /^[0-9a-f]{64}$/.test(owner) && request.length === 16 };
  });

  checks.check('cdk deploy', await cli.deploy(app), cli.last);
  checks.check('one unit by the hour, with its name and tags', JSON.stringify(await mine()) === JSON.stringify([
    { name: 'first-name', units: 1, commitment: 'none', model: 'amazon.nova-pro-v1:0:24k', tags: { team: 'chat', temporary: 'yes' }, marked: true },
  ]), JSON.stringify(await mine()));

  checks.check('cdk deploy with another name and other tags', await cli.deploy(app, '-c', 'changed=true'), cli.last);
  checks.check('the same purchase, renamed and retagged', JSON.stringify(await mine()) === JSON.stringify([
    { name: 'renamed', units: 1, commitment: 'none', model: 'amazon.nova-pro-v1:0:24k', tags: { team: 'search' }, marked: true },
  ]), JSON.stringify(await mine()));

  await budgetAsDeployed(url, checks, async () => (await mine()).length);

  checks.check('cdk destroy', await cli.destroy(app), cli.last);
  checks.check('the purchase is deleted', (await mine()).length === 0, JSON.stringify(await mine()));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
