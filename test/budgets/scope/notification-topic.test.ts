import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { env, stackWith } from '../synth';

describe('the topic', () => {
  test.each(['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'])('allows %s to publish', (Service) => {
    const { stack } = stackWith();
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', Principal: { Service }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } })]) },
    });
  });

  test('with a custom key allows both to use the key', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, notificationTopic: new Topic(stack, 'Mine', { masterKey: new Key(stack, 'Key') }) });
    for (const Service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Principal: { Service } })]) },
      });
    }
  });

  test('can be shared by two budgets with the same e-mail addresses', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const notificationTopic = new Topic(stack, 'Mine');
    for (const id of ['One', 'Two']) new CostBudget(stack, id, { monthlyLimitUsd: 1, notificationTopic, emailAddresses: ['a@example.com', 'a@example.com'] });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 1);
  });

  test('can be a topic of the user, which then allows both to publish', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const topic = new Topic(stack, 'Mine');
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, notificationTopic: topic });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', { Topics: [{ Ref: Match.stringLikeRegexp('^Mine') }] });
  });
});
