import { MessageForm, messagesProblem } from './messages';
import { ModelInput, RecordFormat } from './record-format';
import { given, isCount, isObject, objectProblem, optionalCountProblem } from './shape';

const MESSAGES: MessageForm = { roles: ['user', 'assistant'], allowsText: false };

/** The body of a request of the Converse API: one format for all models that answer messages. */
export const CONVERSE: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...given('system', system === undefined ? undefined : [{ text: system }]),
    inferenceConfig: { maxTokens, ...given('temperature', temperature) },
  }),
  check: (input) => messagesProblem(input.messages, MESSAGES)
    ?? objectProblem('modelInput.inferenceConfig', input.inferenceConfig)
    ?? optionalCountProblem('modelInput.inferenceConfig.maxTokens', inferenceConfigOf(input).maxTokens),
  maxTokens: (input) => {
    const { maxTokens } = inferenceConfigOf(input);
    return isCount(maxTokens) ? maxTokens : undefined;
  },
};

function inferenceConfigOf({ inferenceConfig }: ModelInput): ModelInput {
  return isObject(inferenceConfig) ? inferenceConfig : {};
}
