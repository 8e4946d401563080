import { SourceJson } from '../cost-report/report-json';

/** A finding of `check`. */
export interface CheckFinding {
  readonly id: string;
  /** Construct path of the budget or resource; empty for the whole app. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly source: SourceJson | null;
}
