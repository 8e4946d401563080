const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day of the calendar as YYYY-MM-DD. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  // Without arrays: a report reads the days of every line.
  const day = Number(value.slice(8));
  const length = daysIn(Number(value.slice(0, 4)), Number(value.slice(5, 7)));
  return length !== undefined && day >= 1 && day <= length;
}

/** The length of a month; undefined for a month that the calendar has not. */
function daysIn(year: number, month: number): number | undefined {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : LENGTHS[month - 1];
}

/** Number of days from one day to another; negative where the second one comes first. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** The day so many calendar months after another one: a month after 2027-01-31 is 2027-02-28. */
export function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const later = year * 12 + month - 1 + months;
  const [laterYear, laterMonth] = [Math.floor(later / 12), later % 12 + 1];
  return [laterYear, laterMonth, Math.min(date, daysIn(laterYear, laterMonth)!)].map((part) => String(part).padStart(2, '0')).join('-');
}
