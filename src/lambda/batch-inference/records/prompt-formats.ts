import { chatCompletions } from './message-formats';
import { RecordFormat } from './record-format';
import { given, isCount, objectProblem, optionalCountProblem, textProblem } from './shape';
import { isObject } from '../../../input/argument';

/** A format with one text that the model completes, in which marks enclose each message. */
function completion(limit: 'max_tokens' | 'max_gen_len', marked: (prompt: string, system: string | undefined) => string): RecordFormat {
  return {
    output: 'text',
    record: (prompt, { maxTokens, system, temperature }) => ({
      prompt: marked(prompt, system),
      [limit]: maxTokens,
      ...given('temperature', temperature),
    }),
    check: (input) => textProblem('modelInput.prompt', input.prompt) ?? optionalCountProblem(`modelInput.${limit}`, input[limit]),
    maxTokens: (input) => {
      const stated = input[limit];
      return isCount(stated) ? stated : undefined;
    },
  };
}

export const LLAMA_3 = completion('max_gen_len', (prompt, system) => [
  '<|begin_of_text|>',
  system === undefined ? '' : `<|start_header_id|>system<|end_header_id|>\n\n${system}<|eot_id|>`,
  `<|start_header_id|>user<|end_header_id|>\n\n${prompt}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
].join(''));

/** The format of Llama 4, whose marks have other names than those of Llama 3. */
export const LLAMA_4 = completion('max_gen_len', (prompt, system) => [
  '<|begin_of_text|>',
  system === undefined ? '' : `<|header_start|>system<|header_end|>\n\n${system}<|eot|>`,
  `<|header_start|>user<|header_end|>\n\n${prompt}<|eot|><|header_start|>assistant<|header_end|>\n\n`,
].join(''));

/** The format of DeepSeek R1, whose answer begins with the mark of its reasoning. */
export const DEEPSEEK_R1 = completion('max_tokens', (prompt, system = '') => (
  `<｜begin▁of▁sentence｜>${system}<｜User｜>${prompt}<｜Assistant｜><think>\n`));

const MISTRAL_COMPLETION = completion('max_tokens', (prompt, system) => `<s>[INST] ${before(prompt, system)} [/INST]`);
const MISTRAL_CHAT = chatCompletions();

/** The format of Mistral's first models, which have no system prompt. Mistral Large also accepts messages, so a record may have either. */
export const MISTRAL_TEXT: RecordFormat = {
  ...MISTRAL_COMPLETION,
  check: (input) => (input.messages === undefined ? MISTRAL_COMPLETION : MISTRAL_CHAT).check(input),
};

/** The format of Titan Text, which has no system prompt and accepts a limit of 0 tokens. */
export const TITAN_TEXT: RecordFormat = {
  output: 'text',
  record: (prompt, { maxTokens, system, temperature }) => ({
    inputText: before(prompt, system),
    textGenerationConfig: { maxTokenCount: maxTokens, ...given('temperature', temperature) },
  }),
  check: ({ inputText, textGenerationConfig }) => textProblem('modelInput.inputText', inputText)
    ?? objectProblem('modelInput.textGenerationConfig', textGenerationConfig)
    ?? optionalCountProblem('modelInput.textGenerationConfig.maxTokenCount', maxTokenCount(textGenerationConfig), 0),
  maxTokens: ({ textGenerationConfig }) => {
    const stated = maxTokenCount(textGenerationConfig);
    return isCount(stated, 0) ? stated : undefined;
  },
};

function maxTokenCount(config: unknown): unknown {
  return isObject(config) ? config.maxTokenCount : undefined;
}

function before(prompt: string, system: string | undefined): string {
  return system === undefined ? prompt : `${system}\n\n${prompt}`;
}
