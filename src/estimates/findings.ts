import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { registryOf } from './registry';
import { isEnabled, isInputProblem, severities } from './settings';
import { callerLocation } from './source-location';
import { inLanguage } from './spelling';
import { SeveritiesJson } from '../cost-report/report-json';
import { isPricingError } from '../input/error';
import { printableLines } from '../input/one-line';
import { sentence, withFix } from '../input/sentence';
import { MessageDefinition, MESSAGES, Severity } from '../messages';

/** The severity of a message in this app: that of the context, which may be `off`, or its own. */
export function severityOf(scope: IConstruct, message: MessageDefinition): Severity | 'off' {
  return givenSeverity(scope, message.id) ?? message.severity;
}

/** The severity that the context gives a message, if it gives one. */
export function givenSeverity(scope: IConstruct, id: string): Severity | 'off' | undefined {
  return givenSeverities(scope)[id];
}

/** The severities that the context gives messages, by id. */
export function givenSeverities(scope: IConstruct): SeveritiesJson {
  try {
    return severities(scope);
  } catch (problem) {
    // Reported once for the app, by settingsProblem.
    if (!isInputProblem(problem)) throw problem;
    return {};
  }
}

/**
 * Reports a finding about a construct, on screen and in the report.
 *
 * @param source the line of the app that it is about; required for findings at the end of synth
 * @param fix the remedy, where the message has a choice of several
 */
export function addFinding(construct: IConstruct, message: MessageDefinition, text: string, source = callerLocation(), fix = message.fix): void {
  const severity = severityOf(construct, message);
  if (severity === 'off' || !isEnabled(construct)) return;
  registryOf(construct).findings.push({ construct, id: message.id, severity, message: sentence(text), fix: sentence(fix), source: source ?? null });
  annotate(construct, message, text, fix);
}

/** Prints a finding that the report works out by itself. */
export function annotate(construct: IConstruct, message: MessageDefinition, text: string, fix = message.fix): void {
  const severity = severityOf(construct, message);
  if (severity === 'off' || !isEnabled(construct)) return;
  const annotations = annotationsOf(construct);
  if (severity === 'info') annotations.addInfoV2(message.id, sentence(text));
  else if (severity === 'warning') annotations.addWarningV2(message.id, withFix(text, fix));
  else annotations.addError(`${message.id}: ${withFix(text, fix)}`);
}

/**
 * CDK's annotations of a construct. In an app of another language than JavaScript they are without a stack trace: all its
 * frames are those of the jsii runtime, and the CDK CLI would print one as the line of the app.
 */
export function annotationsOf(construct: IConstruct): Annotations {
  const { JSII_AGENT, CDK_DISABLE_STACK_TRACE: given } = process.env;
  if (!JSII_AGENT || given) return Annotations.of(construct);
  process.env.CDK_DISABLE_STACK_TRACE = 'true';
  try {
    // Read when the object is made.
    return Annotations.of(construct);
  } finally {
    delete process.env.CDK_DISABLE_STACK_TRACE;
  }
}

/** The text of a validation that refuses something in every form of synth. */
export function refusal(message: MessageDefinition, text: string, fix = message.fix): string {
  return `${message.id}: ${withFix(text, fix)}`;
}

/**
 * Refuses a value in every form of synth.
 *
 * A validation, not a throw: all problems of an app are reported together, each with the path of its construct, and without
 * a stack trace of this library.
 */
export function refuseInput(construct: IConstruct, problem: Error): void {
  construct.node.addValidation({ validate: () => [invalidInput(problem)] });
}

/** The text of a validation that refuses a value. */
export function invalidInput(problem: Error): string {
  const { message } = isPricingError(problem) ? inLanguage(problem) : problem;
  return `${MESSAGES.invalidInput.id}: ${printableLines(message)}`;
}
