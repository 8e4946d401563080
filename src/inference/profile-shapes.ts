import { arn, essential, IN_SCOPE, model, required, struct, text } from '../estimates/shape';

const USAGE = 'the usage of an average month, such as { requestsPerMonth: 1000, inputTokensPerRequest: 2000, outputTokensPerRequest: 500 }';
export const LOW_USAGE = 'the fields that differ in a month of low usage';
export const HIGH_USAGE = 'the fields that differ in a month of high usage';

/** The shapes of the props of an `ApplicationInferenceProfile`. */
export const PROFILE_SHAPES = {
  model: essential(model('amazon.nova-pro-v1:0')),
  usage: required(struct(USAGE)),
  lowUsage: struct(LOW_USAGE),
  highUsage: struct(HIGH_USAGE),
  inferenceProfileName: text(),
  description: text(),
};

/** The shapes of the arguments of `fromApplicationInferenceProfileAttributes`. */
export const IMPORT_SHAPES = {
  ...IN_SCOPE,
  attrs: required(struct('an object with inferenceProfileArn and model', {
    inferenceProfileArn: required(arn('the application inference profile')),
    model: required(model('amazon.nova-pro-v1:0')),
  })),
};
