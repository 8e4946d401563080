/** Hours in an average month: 365 x 24 / 12. AWS's own examples use 744 (31 days). */
export const DEFAULT_HOURS_PER_MONTH = 730;
