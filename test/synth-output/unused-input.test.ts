import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';

const NOVA = 'amazon.nova-pro-v1:0';
const LITE = 'amazon.nova-lite-v1:0';
const env = { region: 'us-west-2', account: '111122223333' };
const rate = (model: string): Rate => ({ model, kind: RateKind.INPUT, unit: RateUnit.MILLION_TOKENS, usd: '0.05' });
const traffic = (stack: Stack, model: string) => CostEstimates.of(stack).addOnDemand('Traffic', { model, requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 });

/** An app with two rates of its own and a usage file of two workloads: right ones, or ones with a mistake each. */
function appWith(mistake: boolean, names: readonly [string, string], more: { readonly [key: string]: unknown } = {}): App {
  const path = join(mkdtempSync(join(tmpdir(), 'unused-')), 'usage.json');
  writeFileSync(path, JSON.stringify({ version: 1, workloads: names.map((name) => ({ name: `${name}${mistake ? 'x' : ''}/Traffic`, requestsPerMonth: 5 })) }));
  const app = new App({ context: { 'cdk-bedrock-cost:usage': path, ...more } });
  PriceSettings.of(app).configure({ rates: [NOVA, LITE].map((model) => rate(mistake ? model.replace('nova', 'nvoa') : model)) });
  return app;
}

/** The findings about unused input: those of the report, and the annotations that the CDK CLI reads, by stack. */
function unusedIn(app: App): { readonly reported: string[]; readonly annotated: string[] } {
  const assembly = app.synth();
  const { findings } = JSON.parse(readFileSync(join(assembly.directory, 'bedrock-cost-report.json'), 'utf8')) as { findings: { id: string }[] };
  const ofUnused = (text: string) => text.includes('bedrock-cost-unused');
  const annotated = assembly.stacksRecursively.flatMap(({ displayName, messages }) => messages
    .flatMap(({ entry }) => /bedrock-cost-(unused-\w+)/.exec(String(entry.data))?.[1] ?? [])
    .map((id) => `${displayName}: ${id}`));
  return { reported: findings.map(({ id }) => id).filter(ofUnused), annotated };
}

/** An app of one shape. */
interface Shape {
  /** The paths of the two stacks that hold an estimate. */
  readonly names: readonly [string, string];
  /** The stack whose annotations the warnings are. */
  readonly carrier?: string;
  readonly fill: (app: App) => void;
}
const SHAPES: { readonly [name: string]: Shape } = {
  'two stacks': {
    names: ['A', 'B'],
    carrier: 'A',
    fill: (app) => {
      traffic(new Stack(app, 'A', { env }), NOVA);
      traffic(new Stack(app, 'B', { env }), LITE);
    },
  },
  'a stack and a nested stack in it': {
    names: ['A/Inner', 'A/Other'],
    carrier: 'A',
    fill: (app) => {
      const stack = new Stack(app, 'A', { env });
      traffic(new NestedStack(stack, 'Inner'), NOVA);
      traffic(new NestedStack(stack, 'Other'), LITE);
    },
  },
  'a stage that is synthesized before the next stack exists': {
    names: ['Prod/A', 'B'],
    carrier: 'B',
    fill: (app) => {
      const stage = new Stage(app, 'Prod', { env });
      traffic(new Stack(stage, 'A'), NOVA);
      stage.synth();
      traffic(new Stack(app, 'B', { env }), LITE);
    },
  },
  'stages in a stage, and a stack without estimates': {
    names: ['All/One/A', 'All/Two/A'],
    carrier: 'Plain',
    fill: (app) => {
      const all = new Stage(app, 'All', { env });
      traffic(new Stack(new Stage(all, 'One'), 'A'), NOVA);
      traffic(new Stack(new Stage(all, 'Two'), 'A'), LITE);
      new Stack(app, 'Plain', { env });
    },
  },
  'a pipeline': {
    names: ['One/A', 'Two/A'],
    carrier: 'Pipeline',
    fill: (app) => {
      const stack = new Stack(app, 'Pipeline', { env });
      const input = CodePipelineSource.s3(Bucket.fromBucketName(stack, 'Source', 'source'), 'source.zip');
      const pipeline = new CodePipeline(stack, 'Pipeline', { synth: new ShellStep('Synth', { input, commands: ['npx cdk synth'] }) });
      for (const [id, model] of [['One', NOVA], ['Two', LITE]]) {
        const stage = new Stage(app, id, { env });
        traffic(new Stack(stage, 'A'), model);
        pipeline.addStage(stage);
      }
    },
  },
  'stages alone, one synthesized early': {
    names: ['One/A', 'Two/A'],
    fill: (app) => {
      const one = new Stage(app, 'One', { env });
      traffic(new Stack(one, 'A'), NOVA);
      one.synth();
      traffic(new Stack(new Stage(app, 'Two', { env }), 'A'), LITE);
    },
  },
};

describe.each(Object.keys(SHAPES))('rates and workloads in an app of %s', (name) => {
  const { names, carrier, fill } = SHAPES[name];

  test('draw nothing where all of them are used', () => {
    const app = appWith(false, names);
    fill(app);
    expect(unusedIn(app)).toEqual({ reported: [], annotated: [] });
  });

  test('draw one warning each where they are misspelt', () => {
    const app = appWith(true, names);
    fill(app);
    expect(unusedIn(app)).toEqual({
      reported: ['bedrock-cost-unused-workload', 'bedrock-cost-unused-rates'],
      annotated: carrier === undefined ? [] : [`${carrier}: unused-workload`, `${carrier}: unused-rates`],
    });
  });
});

describe('in an app of stages alone, whose annotations plain cdk synth does not print', () => {
  const { names, fill } = SHAPES['stages alone, one synthesized early'];
  const { CDK_OUTDIR } = process.env;
  afterEach(() => {
    jest.restoreAllMocks();
    if (CDK_OUTDIR === undefined) delete process.env.CDK_OUTDIR;
    else process.env.CDK_OUTDIR = CDK_OUTDIR;
  });
  function printed(app: App): string[] {
    process.env.CDK_OUTDIR = app.outdir;
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    fill(app);
    app.synth();
    return write.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('Warning at'));
  }

  test('the warnings are printed', () => {
    expect(printed(appWith(true, names))).toEqual([
      expect.stringMatching(/^\[Warning at \/One\/A\] The usage file names One\/Ax\/Traffic, [^\n]*\n\[Warning at \/One\/A\] Rates of your own price nothing in this app: [^\n]*\n$/),
    ]);
  });

  test('nothing is printed where they are switched off, or nothing is unused', () => {
    const off = { 'cdk-bedrock-cost:severity': { 'bedrock-cost-unused-workload': 'off', 'bedrock-cost-unused-rates': 'off' } };
    expect(printed(appWith(true, names, off))).toEqual([]);
    expect(printed(appWith(false, names))).toEqual([]);
  });

  test('errors refuse the app', () => {
    const app = appWith(true, names, { 'cdk-bedrock-cost:severity': { 'bedrock-cost-unused-rates': 'error' } });
    fill(app);
    expect(() => app.synth()).toThrow(/bedrock-cost-unused-rates: Rates of your own price nothing in this app: input of amazon\.nvoa-pro-v1:0; input of amazon\.nvoa-lite-v1:0\. Check model/);
  });
});
