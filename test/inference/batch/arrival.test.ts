import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { batch } from './batch';
import { BatchInput } from '../../../src/inference/batch/input';
import { BatchInferenceProps } from '../../../src/inference/batch/props';
import { refusals, stackIn } from '../synth';

describe('an object that arrives', () => {
  const arrivals = (props: Partial<BatchInferenceProps> = {}) => {
    const stack = stackIn();
    batch({ inputBucket: new Bucket(stack, 'In'), input: BatchInput.prefix('in'), startOnArrival: true, ...props }, stack);
    return stack;
  };

  test('starts one run of that object for each write', () => {
    const template = Template.fromStack(arrivals());
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: [{ Ref: Match.stringLikeRegexp('^In') }] }, object: { key: [{ prefix: 'in/' }], size: [{ numeric: ['>', 0] }] } } },
      Targets: [Match.objectLike({
        InputTransformer: {
          InputPathsMap: { 'detail-object-key': '$.detail.object.key', 'detail-object-sequencer': '$.detail.object.sequencer' },
          InputTemplate: '{"inputKey":<detail-object-key>,"sequencer":<detail-object-sequencer>,"isEvent":true}',
        },
      })],
    });
  });

  test.each([
    ['with one file', { input: BatchInput.file('in/today.jsonl') }, 'startOnArrival requires a prefix as the input, since each object that arrives is a run. Use BatchInput.prefix, or leave input out for the whole bucket.'],
    ['with a manifest', { input: BatchInput.manifest('in/m.json') }, 'startOnArrival requires a prefix as the input, since each object that arrives is a run.'],
    ['results in the bucket that is read as a whole', { input: undefined }, 'outputPrefix must be outside the input with startOnArrival, since each result would start another run, got "out/". Set input to a BatchInput.prefix: without it, the whole bucket is the input.'],
    ['results in the folder of the records', { outputPrefix: 'in/results' }, 'outputPrefix must be outside the input with startOnArrival, since each result would start another run, got "in/results/". Use a folder outside "in/".'],
  ])('fails %s', (_, props, found) => {
    const stack = stackIn();
    const both = new Bucket(stack, 'Both');
    batch({ inputBucket: both, input: BatchInput.prefix('in'), outputPrefix: 'out', outputBucket: both, startOnArrival: true, ...props }, stack);
    expect(refusals(stack)).toEqual([expect.stringContaining(found)]);
  });
});
