import { App } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { appWithEverything } from '../inference/everything';

function findings(app: App): string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`));
}

test.each([
  ['with an environment', { account: '111111111111', region: 'us-east-1' }],
  ['without an environment', undefined],
])('AwsSolutions finds nothing in a stack %s', (_, env) => {
  expect(findings(appWithEverything(env))).toEqual([]);
});

test('fails on a wildcard that the user adds to a role of a construct: only what we need ourselves is acknowledged', () => {
  const app = appWithEverything();
  (app.node.findChild('Stack').node.findChild('Nightly') as BatchInference).stateMachine.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::secret'] }));
  expect(findings(app)).toEqual([expect.stringContaining('AwsSolutions-IAM5[Action::s3:*]')]);
});
