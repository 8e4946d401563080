import { isQuick } from './runs';

/**
 * Tests that take long. `npm test` leaves them out and reports them as skipped, not as passed. `npm run test:integration` and
 * `npm run test:fuzz`, which CI runs too, run all of them.
 */
export const testInFull = isQuick ? test.skip : test;
export const describeInFull = isQuick ? describe.skip : describe;
