// One app in a process of its own: `node bench/app.js '{"others":800,"ours":100}'` prints how long it took to construct
// and synthesize, and how much of that was spent in this library's own work, in all and by hook: estimates, findings, tables,
// validations, report, judgements. What its constructs make of aws-cdk-lib (roles, functions, ...) is not that: a user would
// write it too. With `only: 'floor'`, it prints how long the least takes that any such library does: `floor` below.
const { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const core = require('aws-cdk-lib');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { Node } = require('constructs');

const { others, ours, estimates = true, only, reports } = JSON.parse(process.argv[2]);
const PER_STACK = 100;
const REPORTS = ['bedrock-cost-report.json', 'bedrock-cost-report.md'];

const LIBRARY = join(__dirname, '..', 'lib');

/** Milliseconds by hook. */
const hooks = {};
/** The hook that is running. */
let running;

function spend(hook, milliseconds) {
  hooks[hook] = (hooks[hook] ?? 0) + milliseconds;
}

/** Adds up the time that is spent in a function; what it calls of ours is counted once, as its own. */
function timed(hook, action) {
  return function (...args) {
    if (running !== undefined) return action.apply(this, args);
    running = hook;
    const started = performance.now();
    try { return action.apply(this, args); } finally {
      spend(hook, performance.now() - started);
      running = undefined;
    }
  };
}

/** A function that was renamed must not go unmeasured. */
function known(action, path, name) {
  if (typeof action !== 'function') throw new Error(`bench/app.js: ${path} has no function ${name}`);
  return action;
}

/** Wraps functions of a module of ours before anything that calls them is loaded: its callers go through its exports. */
function watch(path, ...names) {
  const module = require(join(LIBRARY, path));
  for (const name of names) module[name] = timed(name, known(module[name], path, name));
}

/** The same for methods of a class of ours that CDK calls back later, through lazy values, or that make no constructs. */
function watchMethods(path, name, ...methods) {
  const { prototype } = require(join(LIBRARY, path))[name];
  for (const method of methods) prototype[method] = timed(`${name}.${method}`, known(prototype[method], path, method));
}

/** The file of ours that calls a function, without its ending; undefined where the caller is not of ours. */
function callerOf(called) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const trace = {};
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, [caller]) => caller?.getFileName();
  Error.captureStackTrace(trace, called);
  const file = trace.stack;
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return file?.startsWith(LIBRARY) ? file.slice(LIBRARY.length + 1).replace(/\.js$/, '') : undefined;
}

// CDK calls the plugin, the validations and the custom syntheses of the library.
const { attachCustomSynthesis } = core;
Object.defineProperty(core, 'attachCustomSynthesis', {
  value: (construct, synthesis) => attachCustomSynthesis(construct, {
    onSynthesize: timed(`synthesis of ${construct.constructor.name}`, synthesis.onSynthesize.bind(synthesis)),
  }),
});
const { addPlugins } = core.Validations.prototype;
core.Validations.prototype.addPlugins = function (...plugins) {
  for (const plugin of plugins) plugin.validate = timed('plugin', plugin.validate);
  return addPlugins.apply(this, plugins);
};
const { addValidation } = Node.prototype;
Node.prototype.addValidation = function add(validation) {
  const started = performance.now();
  const caller = callerOf(add);
  // The look at the stack is not our own work.
  if (running !== undefined) spend(running, started - performance.now());
  return addValidation.call(this, caller === undefined ? validation : { validate: timed(`validation of ${caller}`, validation.validate.bind(validation)) });
};
watch('registration/record', 'recordUsage', 'recordBudget');
watch('estimates/findings', 'addFinding');
watch('estimates/availability', 'reportAvailability');
watch('inference/provisioned/commitment', 'commitmentRefusals');
watchMethods('budgets/scope/budget-scope', 'BudgetScope', 'tokenAllowance');
watchMethods('budgets/scope/stack-request', 'StackCounts', 'request');
watchMethods('budgets/alarms/budget-monitor', 'BudgetMonitor', 'monitors');
watch('budgets/alarms/burn-rate-text', 'describeWindow', 'describeRate', 'describeRates');
watchMethods('budgets/alarms/burn-rate-alarms', 'BurnRateAlarms', 'monitors');
watchMethods('budgets/alarms/month-to-date-function', 'MonthToDateFunction', 'request', 'monitorsOf');
const library = require(LIBRARY);

/** Reads the prices, annotates each construct, and writes the reports of another run of the same app. */
const floor = {
  read: timed('floor: prices', () => ['price-book', 'model-catalog'].forEach((name) => require(join(LIBRARY, 'pricing/data', name)))),
  annotate: timed('floor: annotations', (construct) => core.Annotations.of(construct).addInfoV2('bench:cost', '$15.18 per 1,000 requests')),
  write: timed('floor: reports', (outdir, report, markdown) => {
    writeFileSync(join(outdir, REPORTS[0]), `${JSON.stringify(report, undefined, 2)}\n`);
    writeFileSync(join(outdir, REPORTS[1]), markdown);
  }),
};

function main() {
  const isFloor = only === 'floor';
  const [json, markdown] = isFloor ? REPORTS.map((name) => readFileSync(join(reports, name), 'utf8')) : [];
  const report = isFloor ? JSON.parse(json) : undefined;
  const started = performance.now();
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  if (isFloor) floor.read();
  const app = new core.App({ outdir, context: { 'cdk-bedrock-cost:enabled': estimates && !isFloor } });
  const stacks = Array.from({ length: Math.ceil((others + ours) / PER_STACK) }, (_, i) => new core.Stack(app, `Stack${i}`, { env: { region: 'us-west-2' } }));
  for (let i = 0; i < others; i++) new Queue(stacks[i % stacks.length], `Queue${i}`);
  const buckets = stacks.map((stack) => (only ? undefined : new Bucket(stack, 'Records')));
  for (let i = 0; i < ours; i++) add(stacks[i % stacks.length], buckets[i % stacks.length], i);
  if (isFloor) for (const { node } of stacks) node.children.filter(({ node: { id } }) => id.startsWith('Profile')).forEach(floor.annotate);
  else if (estimates) new library.CostBudget(stacks[0], 'Budget', { monthlyLimitUsd: 1e9, covers: app, emailAddresses: ['finops@example.com'] });
  // Any plugin at all costs CDK some 30 ms: the app without estimates has an empty one.
  else core.Validations.of(app).addPlugins({ name: 'empty', validate: () => ({ success: true, violations: [] }) });
  app.synth();
  if (isFloor) floor.write(outdir, report, markdown);
  const wall = performance.now() - started;
  if (reports && !isFloor) for (const name of REPORTS) copyFileSync(join(outdir, name), join(reports, name));
  rmSync(outdir, { recursive: true });
  const counted = Object.entries(hooks).filter(([hook]) => hook.startsWith('floor') === isFloor);
  const own = counted.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  console.log(JSON.stringify({ wall, own, hooks }));
}

const ON_DEMAND = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 };

/** Mostly profiles; every tenth a purchase, every tenth a batch, unless only one kind is asked for. */
function add(stack, bucket, i) {
  const { ApplicationInferenceProfile, BatchInference, BatchInput, BedrockModel, CostEstimates, ProvisionedModelThroughput } = library;
  if (only === 'estimates') {
    CostEstimates.of(stack).addOnDemand(`Estimate${i}`, { ...ON_DEMAND, model: 'us.amazon.nova-pro-v1:0' });
  } else if (!only && i % 10 === 8) {
    new ProvisionedModelThroughput(stack, `Capacity${i}`, { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1, hourlyPricePerModelUnitUsd: 10 });
  } else if (!only && i % 10 === 9) {
    const usage = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 };
    new BatchInference(stack, `Batch${i}`, { model: BedrockModel.of('us.amazon.nova-pro-v1:0'), inputBucket: bucket, outputBucket: bucket, outputPrefix: 'out/', input: BatchInput.prefix('in/'), usage });
  } else {
    new ApplicationInferenceProfile(stack, `Profile${i}`, { model: BedrockModel.of('us.anthropic.claude-sonnet-4-6'), usage: ON_DEMAND });
  }
}

main();
