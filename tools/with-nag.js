// Loaded before an app that knows nothing of it (`ts-node --require`): every App of it gets cdk-nag's AwsSolutions pack.
const core = require('aws-cdk-lib');
const { CfnBucket } = require('aws-cdk-lib/aws-s3');
const { AwsSolutionsChecks } = require('cdk-nag');

const { App } = core;
class AppWithNag extends App {
  constructor(props) {
    super(props);
    core.Validations.of(this).addPlugins(new AwsSolutionsChecks(this));
    // The control: something to find, beside the app's own stacks.
    if (this.node.tryGetContext('with-open-bucket')) new CfnBucket(new core.Stack(this, 'Control'), 'OpenBucket');
  }
}
Object.defineProperty(core, 'App', { value: AppWithNag, enumerable: true });
