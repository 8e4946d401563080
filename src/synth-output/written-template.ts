import { join } from 'path';
import { Stack, Stage } from 'aws-cdk-lib';
import { fileBytes, isFileError, readTextFile } from '../files/text-file';
import { parseTemplate } from '../unpriced/parse-template';

/** A template as it was written, whose parts may be anything. */
export interface WrittenTemplate {
  readonly Resources?: object;
}

/** The file of the template of a stack; undefined in a tree without a stage, which is not synthesized. */
export function templateFile(stack: Stack): string | undefined {
  const stage = Stage.of(stack);
  return stage && join(stage.outdir, stack.templateFile);
}

/** The template that was written for a stack; undefined if there is none, or one that is not valid: a custom synthesizer may write it. */
export function writtenTemplate(stack: Stack): WrittenTemplate | undefined {
  const file = templateFile(stack);
  if (file === undefined || fileBytes(file) === undefined) return undefined;
  try {
    const value = valueOf(readTextFile(file, 'a template'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (problem) {
    if (!isFileError(problem)) throw problem;
    return undefined;
  }
}

/** The value of a text: JSON, as CDK writes it, is parsed faster than YAML. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const parsed = parseTemplate(text);
    return 'value' in parsed ? parsed.value : undefined;
  }
}
