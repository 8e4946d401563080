import { isQuick } from './runs';

/** The fast tier reports these as skipped. */
export const testInFull = isQuick ? test.skip : test;
export const describeInFull = isQuick ? describe.skip : describe;
