import { ReportJson } from '../gate/report-json';
import { jsonValue } from '../pricing/yaml-value';
import { schemaProblems, SchemaValidator } from '../usage-file/schema-problems';

/** The report's file in the folder of a synthesized app. */
export const REPORT_FILE = 'bedrock-cost-report.json';

/** A report's text, checked against schemas/report.schema.json; or what is wrong with it, one text for each problem. */
export function parseReport(text: string): { readonly report: ReportJson } | { readonly problems: readonly string[] } {
  if (text.trim() === '') return { problems: ['is empty. Run cdk synth again, which writes the report.'] };
  const parsed = jsonValue(text);
  if ('problems' in parsed) return parsed;
  const { value } = parsed;
  const { schemaVersion } = (value ?? {}) as { readonly schemaVersion?: unknown };
  if (typeof schemaVersion === 'string' && schemaVersion !== '1') {
    const found = JSON.stringify(schemaVersion);
    return { problems: [`schemaVersion must be "1", got ${found}. Use the command line of the version that wrote the report.`] };
  }
  const validate: SchemaValidator = require('../../assets/vendor/validate-report.js');
  const problems = schemaProblems(validate, value);
  return problems.length > 0 ? { problems } : { report: value as ReportJson };
}
