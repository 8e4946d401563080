import { CfnParameter, Fn, Lazy, Token } from 'aws-cdk-lib';
import { DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { batch, states, statementsOfRole } from './batch';
import { BatchInput, checkInput } from '../../../src/inference/batch/input';
import { InputChecks } from '../../../src/inference/input-checks';
import { flat, refusals, stackIn } from '../synth';

/** The refusals of a construct whose prop `input` is checked. */
function refused(input: BatchInput): string[] {
  const stack = stackIn();
  const checks = new InputChecks();
  checkInput(checks, 'input', input);
  checks.passed(new Construct(stack, 'Nightly'));
  return refusals(stack);
}
const RULES = 'of 1 to 1024 bytes without a leading slash, s3://, a segment . or .., or a wildcard (*, ? or ${)';

describe.each([
  ['prefix', (path: string) => BatchInput.prefix(path), `a prefix ${RULES}, such as "in/"`],
  ['file', (path: string) => BatchInput.file(path), `the key of an object ${RULES}, such as "in/a.jsonl"`],
  ['manifest', (path: string) => BatchInput.manifest(path), `the key of an object ${RULES}, such as "in/manifest.json"`],
] as const)('BatchInput.%s', (kind, factory, allowed) => {
  // 2 + 511 x 2 bytes = 1,024 bytes, of a prefix with its slash.
  const longest = `${kind === 'prefix' ? 'a' : 'aa'}${'é'.repeat(511)}`;

  test.each(['in/2026-11-30', '...', 'in/..a', 'in/a b+(c).jsonl', 'größe/ü', 'a$b', longest])('accepts %j', (path) => {
    expect(refused(factory(path))).toEqual([]);
  });

  test.each([
    '', '/', '/in', 's3://records/in', '.', '..', '../in', 'in/..', 'in/../other', './in', 'in/./a', '*', 'in/*.jsonl', 'in/?', 'in/${aws:username}', `${longest}x`, 'a'.repeat(1_025),
  ])('fails for %j', (path) => {
    expect(refused(factory(path))).toEqual([expect.stringContaining(`[Stack/Nightly] bedrock-cost-invalid-input: input.${kind} must be ${allowed}, got "`)]);
  });

  test.each([
    ['before', (token: string) => `/in/${token}`, '/in/token'],
    ['between', (token: string) => `${token}/../${token}x`, 'token/../tokenx'],
    ['after', (token: string) => `${token}/*`, 'token/*'],
  ])('fails for the text %s a token', (_, path, shown) => {
    expect(refused(factory(path(Token.asString({ Ref: 'Folder' }))))).toEqual([expect.stringContaining(`, got "${shown}`)]);
  });

  test('accepts a token, a Lazy text and a part of either', () => {
    const tokens = [Token.asString({ Ref: 'Folder' }), Lazy.string({ produce: () => 'in/' })];
    for (const token of tokens.flatMap((one) => [one, `in/${one}`, `${one}in`])) expect(refused(factory(token))).toEqual([]);
  });
});

test('is checked in the props of the construct', () => {
  expect(refusals(batch({ input: BatchInput.prefix('/in') }).stack)).toEqual(refused(BatchInput.prefix('/in')));
});

test('fails for an empty prefix with the way to read the whole bucket, and for a file that is a folder', () => {
  expect(refused(BatchInput.prefix(''))).toEqual([expect.stringMatching(/, got ""\. Leave input out for all of it\.$/)]);
  expect(refused(BatchInput.file('in/'))).toEqual([expect.stringContaining('input.file must be the key of an object')]);
});

describe('the permission to read', () => {
  const read = (input: BatchInput) => statementsOfRole(batch({ input }).stack, /^NightlyFunctionsReader/)('s3:GetObject').map(({ Resource }) => flat(Resource).split(':::')[1])[0];
  const folder = Token.asString({ Ref: 'Folder' });

  test.each([
    ['a prefix', BatchInput.prefix('in'), 'records/in/*'],
    ['a prefix that is a token', BatchInput.prefix(folder), 'records/<Folder>*'],
    ['a prefix that begins with a token', BatchInput.prefix(`${folder}/in`), 'records/<Folder>/in/*'],
    ['a prefix that ends with a token', BatchInput.prefix(`in/${folder}`), 'records/in/<Folder>*'],
    ['a file', BatchInput.file('in/a.jsonl'), 'records/in/a.jsonl'],
    ['a file that is a token', BatchInput.file(folder), 'records/<Folder>'],
    ['a manifest, which names any file', BatchInput.manifest('m.json'), 'records/*'],
  ])('is for %s', (_, input, resource) => {
    expect(read(input)).toBe(resource);
  });

  test('is for the results in a folder that is a token', () => {
    const { stack } = batch({ outputPrefix: folder });
    expect(statementsOfRole(stack, /^NightlyFunctionsWorker/)('s3:PutObject').map(({ Resource }) => flat(Resource).split(':::')[1])).toEqual(['results/<Folder>*']);
  });
});

test('a parameter and an import of another stack are passed to the functions', () => {
  const stack = stackIn();
  const parameter = new CfnParameter(stack, 'Folder').valueAsString;
  const settingsOf = (input: BatchInput) => states(batch({ input }, stack).stack).PlanRun.Parameters.Payload.settings.input;
  expect(settingsOf(BatchInput.prefix(`${parameter}/${Fn.importValue('day')}/records`))).toEqual({ bucket: 'records', kind: 'folder', path: expect.stringMatching(/^<Folder>\/.+\/records\/$/) });
});

describe('the input of a run as a step', () => {
  const stepOf = (input: BatchInput) => {
    const { stack, batch: nightly } = batch();
    const own = new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(nightly.asTask(stack, 'Run', { input })) });
    return { stack, own };
  };

  test.each([
    [BatchInput.prefix('in'), '"Input":{"inputPrefix":"in/"}'],
    [BatchInput.file('in/a.jsonl'), '"Input":{"inputKey":"in/a.jsonl"}'],
    [BatchInput.prefix(JsonPath.stringAt('$.day')), '"Input":{"inputPrefix.$":"$.day"}'],
    [BatchInput.file(JsonPath.format('in/{}.jsonl', JsonPath.stringAt('$.day'))), '"Input":{"inputKey.$":"States.Format(\'in/{}.jsonl\', $.day)"}'],
  ])('can be %j', (input, text) => {
    const { stack, own } = stepOf(input);
    expect(refusals(stack)).toEqual([]);
    const { definitionString } = own.node.defaultChild as unknown as { definitionString: string };
    expect(flat(stack.resolve(definitionString))).toContain(text);
  });

  test.each([
    [BatchInput.manifest('m.json'), 'asTask.input must be a prefix or a file, got a manifest. Use BatchInput.prefix or BatchInput.file.'],
    [BatchInput.file('../a.jsonl'), `asTask.input.file must be the key of an object ${RULES}, such as "in/a.jsonl", got "../a.jsonl".`],
    [BatchInput.prefix(''), 'asTask.input.prefix must be a prefix of 1 to 1024 bytes'],
  ])('fails as %j', (input, text) => {
    expect(refusals(stepOf(input).stack)).toEqual([expect.stringContaining(text)]);
  });
});
