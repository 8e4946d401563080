import { relative, sep } from 'path';
import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ReportJson } from '../cost-report/report-json';
import { budgetEvaluations } from '../estimates/budget-evaluation';
import { knownConstructs } from '../estimates/constructs';
import { isEnforced, isInputProblem, isSummaryOn } from '../estimates/settings';
import { renderSummary } from '../render/summary';
import { Mood, SummaryLine, SummaryOptions } from '../render/summary-line';

const WIDTH = 80;
/** Minimum width of a line: in a narrower terminal, lines wrap. */
const WIDTH_MIN = 40;
const COLORS: { readonly [mood in Mood]: string } = { title: '1', good: '32', warning: '33', bad: '31' };

/**
 * Prints the summary on standard error, as the CDK CLI prints its own notices. Skipped while context is missing, because the CLI
 * runs the app again.
 */
export function printSummary(root: IConstruct, report: ReportJson, reportFile: string): void {
  if (!isPrinted(root) || hasMissingContext(root)) return;
  print(root, report, { reportFile: relative(process.cwd(), reportFile).split(sep).join('/') });
}

/**
 * Prints the summary of an app that a budget refuses: nothing runs after it, and no report is written.
 *
 * Without a summary where a setting is not allowed: a validation refuses that beside the budget.
 *
 * @param build makes the report; called only where the summary is printed
 */
export function printRefusal(budget: IConstruct, build: () => ReportJson): void {
  const { root } = budget.node;
  const report = isPrinted(root) ? unlessRefused(build) : undefined;
  if (report === undefined) return;
  const stage = Stage.of(budget);
  print(root, report, { refusedStage: stage === undefined || stage === root ? undefined : stage.node.path });
}

/** The result; undefined where a setting or file of the user's is not allowed. */
function unlessRefused<T>(build: () => T): T | undefined {
  try {
    return build();
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return undefined;
  }
}

/** True if a summary is printed, unless context is missing. */
export function isPrinted(root: IConstruct): boolean {
  return isSummaryOn(root) && isForCli(root);
}

function print(root: IConstruct, report: ReportJson, options: Pick<SummaryOptions, 'reportFile' | 'refusedStage'>): void {
  const { stderr } = process;
  const stages = knownConstructs(root).stages.map(({ node }) => node.path);
  const lines = renderSummary(report, budgetEvaluations(root), { width: widthOf(stderr), stages, isEnforced: isEnforced(root), ...options });
  write(lines.map(hasColors(stderr) ? colored : ({ text }) => text));
}

/** Prints findings that the CDK CLI does not print by itself, where it runs the app. */
export function printLines(root: IConstruct, lines: readonly string[]): void {
  if (lines.length > 0 && isForCli(root) && !hasMissingContext(root)) write(lines);
}

function write(lines: readonly string[]): void {
  const { stderr } = process;
  // Lines that cannot be written, to a closed pipe or a full disk, must not fail the synthesis.
  const ignore = () => {};
  stderr.on('error', ignore);
  // An error is emitted after the callback, in the same tick or the next: the stream is the app's own, and its other errors stay errors.
  stderr.write(`${lines.join('\n')}\n`, () => setImmediate(() => stderr.off('error', ignore)));
}

/** True where the CDK CLI runs the app and asks for stacks: not in a unit test, and not for `cdk list`. */
function isForCli(root: IConstruct): boolean {
  const asked: unknown = root.node.tryGetContext('aws:cdk:bundling-stacks');
  return process.env.CDK_OUTDIR !== undefined && !(Array.isArray(asked) && asked.length === 0);
}

/**
 * True where the CLI is going to look up context: for stacks that are in no nested stage, and for keys without an answer.
 *
 * The member is internal to CDK. If CDK renames it, the summary is printed twice.
 */
function hasMissingContext(root: IConstruct): boolean {
  return knownConstructs(root).stacks.some((stack) => Stage.of(stack) === root
    && missingContext(stack).some(({ key }) => stack.node.tryGetContext(key) === undefined));
}

function missingContext(stack: Stack): readonly { readonly key: string }[] {
  return (stack as unknown as { readonly _missingContext?: readonly { readonly key: string }[] })._missingContext ?? [];
}

function widthOf({ columns }: Pick<NodeJS.WriteStream, 'columns'>): number {
  const width = columns || Number(process.env.COLUMNS) || WIDTH;
  return Math.max(WIDTH_MIN, Math.min(WIDTH, width));
}

/** @see https://no-color.org */
function hasColors({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean {
  return isTTY && !process.env.NO_COLOR && process.env.FORCE_COLOR !== '0';
}

function colored({ text, mood }: SummaryLine): string {
  return mood === undefined ? text : `\u001b[${COLORS[mood]}m${text}\u001b[0m`;
}
