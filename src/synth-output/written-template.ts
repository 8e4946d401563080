import { join } from 'path';
import { Stack, Stage } from 'aws-cdk-lib';
import { fileBytes, isFileError, readTextFile } from '../files/text-file';
import { parseTemplate } from '../unpriced/parse-template';

/** The file of the template of a stack; undefined in a tree without a stage, which is not synthesized. */
export function templateFile(stack: Stack): string | undefined {
  const stage = Stage.of(stack);
  return stage && join(stage.outdir, stack.templateFile);
}

/** The template that was written for a stack; undefined if there is none, or one that is not valid: a custom synthesizer may write it. */
export function writtenTemplate(stack: Stack): { readonly Resources?: unknown } | undefined {
  const file = templateFile(stack);
  if (file === undefined || fileBytes(file) === undefined) return undefined;
  try {
    const parsed = parseTemplate(readTextFile(file, 'a template'));
    return 'value' in parsed && typeof parsed.value === 'object' && parsed.value !== null ? parsed.value : undefined;
  } catch (problem) {
    if (!isFileError(problem)) throw problem;
    return undefined;
  }
}
