/**
 * What the judge of price books says. Part of the registry of messages (src/messages.ts), which takes it from here: this
 * room may not look up.
 */
export const BOOK_MESSAGES = {
  bookTooOld: {
    id: 'bedrock-cost-book-too-old',
    severity: 'error',
    when: 'the newest rate of a price book was last confirmed longer ago than `prices verify --max-price-age-days` allows',
    fix: 'Update cdk-bedrock-cost, make a book of today with `cdk-bedrock-cost prices refresh`, or raise --max-price-age-days.',
  },
  bookContradiction: {
    id: 'bedrock-cost-book-contradiction',
    severity: 'error',
    when: 'two rates of a price book price the same thing on the same day differently',
    fix: 'Remove the wrong one, or give the older one an endDate.',
  },
  bookZeroPrice: {
    id: 'bedrock-cost-book-zero-price',
    severity: 'error',
    when: 'a price book states $0 for something that AWS never gives away; price lists use it as a placeholder',
    fix: 'Remove the rate: a price that is missing is unknown, and $0 is not.',
  },
  bookOutlier: {
    id: 'bedrock-cost-book-outlier',
    severity: 'error',
    when: 'a rate of a price book is 100 times the typical rate of its kind and model family or more, or a hundredth or less; or the input and the output of a model are 50 times apart or more',
    fix: 'Check the unit: a price for a thousand tokens taken for one of a million is off by 1,000.',
  },
  bookFromTheFuture: {
    id: 'bedrock-cost-book-from-the-future',
    severity: 'error',
    when: 'a rate of a price book states a day still to come as the one on which it was read or confirmed',
    fix: 'Correct asOf or confirmed. For a price that begins later, state effectiveDate.',
  },
  bookNoDay: {
    id: 'bedrock-cost-book-no-day',
    severity: 'error',
    when: 'a rate of a price book states a date that the calendar has not',
    fix: 'State asOf, confirmed, effectiveDate, endDate and reviewAfter as YYYY-MM-DD.',
  },
  bookUndated: {
    id: 'bedrock-cost-book-undated',
    severity: 'warning',
    when: 'no rate of a price book states the day on which it was read, so that its age cannot be judged',
    fix: 'Give the rates asOf.',
  },
  bookOneSided: {
    id: 'bedrock-cost-book-one-sided',
    severity: 'warning',
    when: 'a price book holds an input price of a text model without an output price, or the other way round',
    fix: 'Add the other side. Until then the model is a missing price there.',
  },
  bookNotInForce: {
    id: 'bedrock-cost-book-not-in-force',
    severity: 'warning',
    when: 'a rate of a price book has ended by today or begins later, and no other rate is in force',
    fix: 'Get a newer book, or add the rate that is in force. Until then the price is a missing one.',
  },
  bookReviewDue: {
    id: 'bedrock-cost-book-review-due',
    severity: 'warning',
    when: 'a rate of a price book is guaranteed by its source only until a day that is past',
    fix: 'Compare the rate with the AWS pricing page, then give it a later reviewAfter, or an endDate and the rate that follows it.',
  },
  bookDearBatch: {
    id: 'bedrock-cost-book-dear-batch',
    severity: 'warning',
    when: 'a price book states a batch price above the standard price of the same model',
    fix: 'Check that the two are not mixed up.',
  },
  bookDearGlobal: {
    id: 'bedrock-cost-book-dear-global',
    severity: 'warning',
    when: 'a price book states a price through the global profile above the regional one of the same model',
    fix: 'Check that the two are not mixed up.',
  },
  bookDearCache: {
    id: 'bedrock-cost-book-dear-cache',
    severity: 'warning',
    when: 'a price book states a price of reading from the cache above that of fresh input',
    fix: 'Check that the two are not mixed up, and the units.',
  },
  bookOldSource: {
    id: 'bedrock-cost-book-old-source',
    severity: 'warning',
    when: 'some rates of a price book were last confirmed longer ago than is allowed for the newest one',
    fix: 'Check the oldest rates against the AWS pages, or get a newer book.',
  },
} as const;

export type BookMessage = (typeof BOOK_MESSAGES)[keyof typeof BOOK_MESSAGES];
