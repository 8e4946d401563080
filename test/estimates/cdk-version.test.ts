import { App, Stack } from 'aws-cdk-lib';
import { peerDependencies } from '../../package.json';
import { cdkVersion, cdkVersionProblem, OLDEST_CDK, requireCdkVersion } from '../../src/estimates/cdk-version';
import { registryOf } from '../../src/estimates/registry';

test.each([
  ['2.271.0', false], ['2.271.1', false], ['2.276.0', false], ['2.1000.0', false], ['3.0.0', false], ['2.271.0-rc.0', false],
  ['0.0.0', false], ['not a version', false], ['2.271', false],
  ['2.270.9', true], ['2.250.0', true], ['2.99.0', true], ['1.999.0', true], ['2.270.0-rc.1', true],
])('aws-cdk-lib %s is too old: %s', (version, isTooOld) => {
  expect(cdkVersionProblem(version)).toBe(isTooOld ? `cdk-bedrock-cost needs aws-cdk-lib 2.271.0 or newer, got "${version}". Update aws-cdk-lib.` : undefined);
});

test('the oldest version is that of the peer dependency', () => {
  expect(peerDependencies['aws-cdk-lib']).toBe(`^${OLDEST_CDK}`);
});

test('the version is found, and that of these tests is new enough', () => {
  expect(cdkVersion()).toMatch(/^2\.\d+\.\d+$/);
  expect(() => requireCdkVersion()).not.toThrow();
});

test('an old one is an error of one line', () => {
  expect(() => requireCdkVersion('2.250.0')).toThrow(/^cdk-bedrock-cost needs aws-cdk-lib 2\.271\.0 or newer, got "2\.250\.0"\. Update aws-cdk-lib\.$/);
});

describe('on first use in an app', () => {
  const info = (App as unknown as { readonly [symbol: symbol]: { version: unknown } })[Symbol.for('jsii.rtti')];
  const { version } = info;
  afterEach(() => { info.version = version; });

  test('an old one is refused', () => {
    info.version = '2.250.0';
    expect(() => registryOf(new Stack(new App(), 'Stack'))).toThrow('got "2.250.0"');
  });

  test('one that states no version is taken for new enough', () => {
    info.version = undefined;
    expect(registryOf(new Stack(new App(), 'Stack')).entries).toEqual([]);
  });
});
