import { AcknowledgementJson, ReportJson } from './report-json';
import { schemaProblems, SchemaValidator } from '../input/schema-problems';
import { jsonValue } from '../input/yaml-value';
import { isDay } from '../pricing/price-book/day';
import { regionAdvice } from '../pricing/region';

/** Name of the report's file in the folder of a synthesized app. */
export const REPORT_FILE = 'bedrock-cost-report.json';

const NO_REPORT = { problems: [`is not a report of cdk synth. Name the output folder of an app (cdk.out), or its ${REPORT_FILE}.`] };

function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/** True for a report of any version, valid or not. */
function isReport(value: unknown): value is { readonly schemaVersion?: unknown } {
  return typeof value === 'object' && value !== null && ('schemaVersion' in value || 'generatedBy' in value);
}

/** Parses a report and validates it against schemas/report.schema.json. Returns the report, or one text for each problem. */
export function parseReport(text: string): { readonly report: ReportJson } | { readonly problems: readonly string[] } {
  if (text.trim() === '') return { problems: ['is empty. Run cdk synth again, which writes the report.'] };
  const parsed = jsonValue(text);
  if ('problems' in parsed) return looksLikeJson(text) ? parsed : NO_REPORT;
  const { value } = parsed;
  if (!isReport(value)) return NO_REPORT;
  const { schemaVersion } = value;
  if (typeof schemaVersion === 'string' && schemaVersion !== '1') {
    const found = JSON.stringify(schemaVersion);
    return { problems: [`schemaVersion must be "1", got ${found}. Use the command line of the version that wrote the report.`] };
  }
  const validate: SchemaValidator = require('../../assets/vendor/validate-report.js');
  const problems = schemaProblems(validate, value, { regionAdvice });
  if (problems.length > 0) return { problems };
  const report = value as ReportJson;
  const contradictions = report.budgets.flatMap(({ acknowledgement }, i) => (acknowledgement ? acknowledgementProblems(acknowledgement, `budgets[${i}].acknowledgement`) : []));
  return contradictions.length > 0 ? { problems: contradictions } : { report };
}

/** Problems that a JSON schema cannot find: a date that is not in the calendar, and a ceiling without a last day, which was edited by hand. */
function acknowledgementProblems({ owner, maxMonthlyUsd, expires }: AcknowledgementJson, field: string): string[] {
  if (expires !== null && !isDay(expires)) return [`${field}.expires must be a day of the calendar as YYYY-MM-DD, got ${JSON.stringify(expires)}.`];
  const parts = Object.entries({ owner, maxMonthlyUsd, expires });
  const missing = parts.filter(([, part]) => part === null);
  if (missing.length === 0 || missing.length === parts.length) return [];
  return missing.map(([name]) => `${field}.${name} must be a value, or null together with owner, maxMonthlyUsd and expires, got null.`);
}
