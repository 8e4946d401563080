import { count } from './cost-lines';
import { CoverageJson } from '../cost-report/report-json';

/** Renders the coverage of an app's uses: `12 of 15 uses of Amazon Bedrock priced, 2 free, 1 not covered by the price book`. */
export function coverageText({ priced, unpriced, free, notCovered }: CoverageJson): string {
  const total = priced + unpriced + free + notCovered;
  return [
    `${priced} of ${count(total, 'use')} of Amazon Bedrock priced`,
    ...(unpriced > 0 ? [`${unpriced} without a price`] : []),
    ...(free > 0 ? [`${free} free`] : []),
    ...(notCovered > 0 ? [`${notCovered} not covered by the price book`] : []),
  ].join(', ');
}
