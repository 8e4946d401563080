export type Severity = 'info' | 'warning' | 'error';

/**
 * Everything that the library says, by id.
 *
 * An id is public API: users acknowledge it, switch it off or give it another severity. It never changes once published
 * and holds no `::`. A `when` completes "reported", without full stop; a `fix` is one or more whole sentences.
 * docs/messages.md is generated from this table.
 */
export interface MessageDefinition {
  readonly id: string;
  /** The severity unless the user gives it another one. */
  readonly severity: Severity;
  /** When it is said. */
  readonly when: string;
  /** What the user can do about it. */
  readonly fix: string;
}

export const MESSAGES = {
  estimate: {
    id: 'bedrock-cost-estimate',
    severity: 'info',
    when: 'with the context key `cdk-bedrock-cost:details`, for every construct that is priced: its monthly cost with its line items',
    fix: 'Nothing to do.',
  },
  stackTable: {
    id: 'bedrock-cost-stack-table',
    severity: 'info',
    when: 'with the context key `cdk-bedrock-cost:details`, for every stack with priced constructs: the table of its costs',
    fix: 'Nothing to do.',
  },
  missingPrice: {
    id: 'bedrock-cost-missing-price',
    severity: 'warning',
    when: 'a price is needed that the price book does not hold; the cost is unknown, not $0',
    fix: 'Check the model id and region, or give a rate of your own: PriceSettings.of(app).configure({ rates }), the prop hourlyPricePerModelUnitUsd, or prices in a usage file.',
  },
  unknownRegion: {
    id: 'bedrock-cost-unknown-region',
    severity: 'warning',
    when: 'the stack has no region that is known at synth, and CDK_DEFAULT_REGION is not set either, so that no regional price can be looked up',
    fix: "Set env.region on the stack, or the context key 'cdk-bedrock-cost:region'.",
  },
  unknownUsage: {
    id: 'bedrock-cost-unknown-usage',
    severity: 'warning',
    when: 'a number that the cost depends on is a token, known only at deployment',
    fix: "Give a plain value, or name the construct's path as a workload of the usage file in the context key 'cdk-bedrock-cost:usage'.",
  },
  unusedWorkload: {
    id: 'bedrock-cost-unused-workload',
    severity: 'warning',
    when: 'the usage file of the context names a workload by a path at which there is no priced construct',
    fix: "Name the workload by the construct's path, as the report shows it.",
  },
  unusedRegion: {
    id: 'bedrock-cost-unused-region',
    severity: 'warning',
    when: 'the region of the usage file is ignored, because the stack of a workload sets another region',
    fix: 'Remove region from the usage file, or set env.region on the stack.',
  },
  unusedRates: {
    id: 'bedrock-cost-unused-rates',
    severity: 'warning',
    when: 'rates of your own (`rates` of the code, a price-book file with `base: embedded`, `prices` of the usage file of the context) price nothing in the app',
    fix: 'Check model, kind, region and tier of these rates, or remove them.',
  },
  smallDiscount: {
    id: 'bedrock-cost-small-discount',
    severity: 'warning',
    when: 'a discount is above 0 % and below 1 %, as if a share such as 0.25 was given in place of 25',
    fix: 'Give discounts in percent.',
  },
  unknownContextKey: {
    id: 'bedrock-cost-unknown-context-key',
    severity: 'warning',
    when: 'the context of the app has a key that begins with `cdk-bedrock-cost:` and is not one of this library, so that it has no effect',
    fix: 'Correct or remove the key.',
  },
  smallBatch: {
    id: 'bedrock-cost-batch-below-minimum',
    severity: 'warning',
    when: 'a batch job has fewer records than Amazon Bedrock accepts',
    fix: 'Put more records in a job, run it on demand, or set quotas.minimumRecordsPerJob if AWS has changed your quota.',
  },
  batchJobsDiffer: {
    id: 'bedrock-cost-batch-jobs-differ',
    severity: 'warning',
    when: 'the schedule of a BatchInference starts another number of jobs a month than its usage says',
    fix: 'Leave jobsPerMonth out to count the jobs from the schedule, or correct one of the two.',
  },
  runAboveMaximum: {
    id: 'bedrock-cost-run-above-maximum',
    severity: 'warning',
    when: 'a run of a BatchInference is estimated at more than its maxCostPerRunUsd, so that it would fail before anything is submitted',
    fix: 'Raise maxCostPerRunUsd, or lower recordsPerJob or the tokens of a record.',
  },
  notOffered: {
    id: 'bedrock-cost-model-not-offered',
    severity: 'warning',
    when: 'the lists of model availability do not name the model in this region and scope',
    fix: 'Use a profile or region that the message names.',
  },
  invalidInput: {
    id: 'bedrock-cost-invalid-input',
    severity: 'error',
    when: 'a prop, context key or file has a value that is not allowed; synth stops',
    fix: 'Correct the value as the message describes.',
  },
  unknownProp: {
    id: 'bedrock-cost-unknown-prop',
    severity: 'warning',
    when: 'a prop has an unknown name that is similar to a known one; it is ignored',
    fix: 'Use the name that the message suggests, or remove the prop.',
  },
  commitmentNotAcknowledged: {
    id: 'bedrock-cost-commitment-not-acknowledged',
    severity: 'error',
    when: 'a commitment would be bought whose sum nobody has confirmed; synth stops',
    fix: 'Set acknowledgeCommitmentUsd to the sum of the whole term.',
  },
  commitmentPriceUnknown: {
    id: 'bedrock-cost-commitment-price-unknown',
    severity: 'error',
    when: 'a commitment would be bought whose price is not known; synth stops',
    fix: 'Set hourlyPricePerModelUnitUsd to the price that AWS quoted you.',
  },
  throughputTooSmall: {
    id: 'bedrock-cost-throughput-too-small',
    severity: 'warning',
    when: 'the usage of provisioned throughput needs more tokens a minute in its busiest minute than its model units carry',
    fix: 'Buy as many model units as the message names, spread the load, or send on demand what they cannot carry.',
  },
  throughputTooLarge: {
    id: 'bedrock-cost-throughput-too-large',
    severity: 'warning',
    when: 'half or fewer of the model units of provisioned throughput would carry its usage',
    fix: 'Buy as few model units as the message names, or acknowledge it where the others are meant for more usage to come.',
  },
  throughputBreakEven: {
    id: 'bedrock-cost-throughput-break-even',
    severity: 'info',
    when: 'usage or tokensPerMinutePerModelUnit of provisioned throughput is given: how far it is used, and from when on it is cheaper than on demand',
    fix: 'Nothing to do.',
  },
  throughputDryRun: {
    id: 'bedrock-cost-throughput-dry-run',
    severity: 'info',
    when: 'the context key `cdk-bedrock-cost:dryRun` is set: deploying buys no provisioned throughput, and says what it would buy',
    fix: "Remove the context key 'cdk-bedrock-cost:dryRun' to buy it.",
  },
  renewalNotAnnounced: {
    id: 'bedrock-cost-renewal-not-announced',
    severity: 'info',
    when: 'a commitment renews itself at the end of its term, and no topic is notified before: it has no notificationTopic, and no budget covers it',
    fix: 'Set notificationTopic, or add a CostBudget.',
  },
  throughputFailuresNotNotified: {
    id: 'bedrock-cost-throughput-failures-not-notified',
    severity: 'info',
    when: 'provisioned throughput has no notificationTopic and no CostBudget covers it, so an update or a deletion that leaves it behind is reported by CloudFormation at most',
    fix: 'Set notificationTopic, or add a CostBudget that covers it.',
  },
  scheduleFailuresNotNotified: {
    id: 'bedrock-cost-schedule-failures-not-notified',
    severity: 'warning',
    when: 'a ScheduledModelThroughput has no notificationTopic and no CostBudget covers it, so a failure to delete it in the evening goes unnoticed while it is billed',
    fix: 'Set notificationTopic, or add a CostBudget that covers it.',
  },
  businessHoursSaving: {
    id: 'bedrock-cost-business-hours-saving',
    severity: 'info',
    when: 'provisioned throughput has business hours: what they save against all hours of the month',
    fix: 'Nothing to do.',
  },
  budgetExceeded: {
    id: 'bedrock-cost-budget-exceeded',
    severity: 'error',
    when: 'the known costs exceed the limit of a CostBudget; a warning with enforcement WARN',
    fix: 'Lower the usage, choose a cheaper way to buy it, raise monthlyLimitUsd, or accept it with acknowledge().',
  },
  budgetAccepted: {
    id: 'bedrock-cost-budget-accepted',
    severity: 'info',
    when: 'the overrun of a CostBudget is accepted with `acknowledge()`, or its finding with `Validations.acknowledge`: reason, owner, ceiling and last day; a warning in `check`',
    fix: 'Nothing to do until the ceiling or the last day is passed.',
  },
  unknownAcknowledgement: {
    id: 'bedrock-cost-unknown-acknowledgement',
    severity: 'warning',
    when: 'an acknowledgement has an unknown id that starts like an id of this library; it is ignored',
    fix: 'Acknowledge an id of docs/messages.md: budgets as `cdk-bedrock-cost::<id>`, warnings as `Annotation::<id>`.',
  },
  acknowledgementWithoutEffect: {
    id: 'bedrock-cost-acknowledgement-without-effect',
    severity: 'warning',
    when: 'the finding of a CostBudget with enforcement BLOCK is acknowledged, which BLOCK does not accept',
    fix: 'Set enforcement to BudgetEnforcement.ACKNOWLEDGEABLE, raise monthlyLimitUsd, or remove the acknowledgement.',
  },
  limitExceeded: {
    id: 'bedrock-cost-limit-exceeded',
    severity: 'error',
    when: 'the known costs of a report exceed the limit that `check --max-monthly-usd` was given',
    fix: 'Lower the usage, choose a cheaper way to buy it, or raise the limit.',
  },
  budgetNear: {
    id: 'bedrock-cost-budget-near',
    severity: 'info',
    when: 'the known costs are 80 % of the limit of a CostBudget or more',
    fix: 'Nothing to do yet.',
  },
  budgetIncomplete: {
    id: 'bedrock-cost-budget-incomplete',
    severity: 'error',
    when: 'a CostBudget cannot be checked, since a cost that it covers is unknown: a price, a region, usage, or a template that was changed; a warning with onMissingPrice WARN, the default of enforcement WARN',
    fix: 'Apply the fix that is listed for each unknown cost, or set onMissingPrice.',
  },
  budgetCoversNothing: {
    id: 'bedrock-cost-budget-covers-nothing',
    severity: 'warning',
    when: 'a CostBudget covers no priced construct, so that it cannot be checked',
    fix: 'Set covers to the stack, stage or app that holds the Bedrock resources, or describe them with CostEstimates.of(scope).',
  },
  nobodyNotified: {
    id: 'bedrock-cost-nobody-notified',
    severity: 'info',
    when: "nobody is subscribed, as far as is known at synth, to the topic of a CostBudget's alarms",
    fix: 'Set emailAddresses, or subscribe to the topic.',
  },
  substituteTopic: {
    id: 'bedrock-cost-substitute-topic',
    severity: 'info',
    when: 'alarms of a CostBudget are in another region, account or stage than its topic, and notify a topic of their own stack',
    fix: 'Subscribe to that topic, too. E-mail addresses of the budget are subscribed to it already.',
  },
  notBilledHere: {
    id: 'bedrock-cost-not-billed-here',
    severity: 'info',
    when: "a CostBudget covers a stack of another account, whose bill its AWS::Budgets::Budget does not see unless it is in the payer's account",
    fix: 'Put a CostBudget into a stack of that account, too.',
  },
  notWatched: {
    id: 'bedrock-cost-not-watched',
    severity: 'info',
    when: 'a CostBudget covers use that no alarm of its can see, since it takes place in another region than its stack, since CloudWatch does not count what it is billed by, or since a number of it is a token',
    fix: 'Put the construct that describes the use into a stack of its region. Set plain numbers in place of tokens. What CloudWatch does not count shows in AWS Budgets only.',
  },
  highestPriceCounts: {
    id: 'bedrock-cost-highest-price-counts',
    severity: 'info',
    when: 'a CostBudget covers use of one model at different prices (service tiers, sizes of images), which CloudWatch counts together: alarms and counts use the highest price',
    fix: 'Use a profile of its own for each, or expect that more is counted than is billed.',
  },
  notStoppable: {
    id: 'bedrock-cost-not-stoppable',
    severity: 'info',
    when: 'a CostBudget with stop actions covers something that they do not reach: a role that is only imported, another principal than a role, or a stack of another account',
    fix: 'Grant the use to a role of this app, or stop it by other means when the budget is exceeded.',
  },
  roleWithoutRoom: {
    id: 'bedrock-cost-role-without-room',
    severity: 'warning',
    when: 'a role that a stop action would deny invocations has 10 managed policies or more, as many as IAM lets a role have unless its quota is raised',
    fix: 'Merge managed policies of the role or make some of them inline policies, or raise the quota "Managed policies attached to an IAM role" in Service Quotas and acknowledge it.',
  },
  notInRegion: {
    id: 'bedrock-cost-not-in-region',
    severity: 'info',
    when: 'CloudFormation has no resource type in the region of a CostBudget, or of a stack with stop actions, that its AWS Budgets, anomaly monitor or second line needs: it is left out',
    fix: 'Create the CostBudget in a stack of a region that has the type, such as us-east-1, and name what it covers with covers. In AWS GovCloud (US), watch the bill in the linked standard account.',
  },
  typeNotInRegion: {
    id: 'bedrock-cost-type-not-in-region',
    severity: 'warning',
    when: 'CloudFormation has no AWS::Bedrock::ApplicationInferenceProfile in the region of its stack, so that the deployment fails',
    fix: 'Create it in a region that has the type, or call the model directly and describe its use with CostEstimates.of(scope).',
  },
  stopDoesNotReach: {
    id: 'bedrock-cost-stop-does-not-reach',
    severity: 'warning',
    when: 'a CostBudget has a stop action for use that it covers but cannot stop: invocations that nobody was granted with grantInvoke, jobs and throughput that are only estimated in this app, or throughput whose tags are too long to be recorded (4,096 bytes with its name and ARNs)',
    fix: 'Grant invocations with grantInvoke, make jobs and throughput with the constructs of this library, use fewer or shorter tags, or acknowledge it and stop them by other means.',
  },
  stopWatchesNothing: {
    id: 'bedrock-cost-stop-watches-nothing',
    severity: 'warning',
    when: 'a CostBudget has stop actions, but nothing of what it covers can be counted, so that they are never started',
    fix: 'Give the missing prices or regions, or let the budget cover what is used.',
  },
  tooManyResources: {
    id: 'bedrock-cost-too-many-resources',
    severity: 'error',
    when: 'a stack has more than the 500 resources that CloudFormation accepts (or than the context key `@aws-cdk/core:stackResourceLimit` states) because of the monitors of CostBudgets: it would be within the limit without them, or they are a tenth of its resources or more; synth stops',
    fix: 'Let one CostBudget cover several resources, create CostBudgets in a stack of their own and set covers, or split the stack.',
  },
  templateTooLarge: {
    id: 'bedrock-cost-template-too-large',
    severity: 'error',
    when: 'the template of a stack has more than the 1,000,000 bytes that CloudFormation accepts because of the monitors of CostBudgets: it would be within the limit without them, or they are a tenth of it or more',
    fix: 'Set suppressTemplateIndentation on the stack, let one CostBudget cover several resources, create CostBudgets in a stack of their own and set covers, or split the stack.',
  },
  pricesTooOld: {
    id: 'bedrock-cost-prices-too-old',
    severity: 'info',
    when: 'at synth, the oldest price of a stack was last confirmed longer ago than the context keys `cdk-bedrock-cost:today` and `:maxPriceAgeDays` allow; in `check`, the oldest price of the app was, by the clock and `--max-price-age-days`',
    fix: 'Update cdk-bedrock-cost, use a book made with `cdk-bedrock-cost prices refresh`, or raise the limit.',
  },
  pricesInTheFuture: {
    id: 'bedrock-cost-prices-in-the-future',
    severity: 'error',
    when: '`check` finds a price of the report, or its price book, dated in the future, so that the age of the prices is not known',
    fix: 'Correct asOf or confirmed in the price book, or the clock of the machine that judges it, and synthesize the app again.',
  },
  pricesUndated: {
    id: 'bedrock-cost-prices-undated',
    severity: 'warning',
    when: '`check` finds a price of the report that states no day of the calendar, so that its age is not known',
    fix: 'Give the rates of the price book asOf, and synthesize the app again.',
  },
  templateDiffers: {
    id: 'bedrock-cost-template-differs',
    severity: 'warning',
    when: 'a property of the template that the price depends on was changed after it was priced, by an override, an Aspect or the L1 construct; a budget that covers it cannot be checked',
    fix: 'Set the prop of the construct instead of overriding the template.',
  },
  unpricedProfile: {
    id: 'bedrock-cost-unpriced-profile',
    severity: 'warning',
    when: 'a CostBudget covers an AWS::Bedrock::ApplicationInferenceProfile that is not of this library, and no estimate describes its use',
    fix: 'Make it with ApplicationInferenceProfile of this library, or describe its use with CostEstimates.of(profile).addOnDemand.',
  },
  tagRefused: {
    id: 'bedrock-cost-tag-refused',
    severity: 'warning',
    when: 'a tag of a purchase, of batch jobs or of an application inference profile has a key or value that Amazon Bedrock refuses at deployment; tags of the stack are among them',
    fix: 'Use letters from a to z, digits, white space and . _ : / = + @ - only, with a key of 1 to 128 characters that does not begin with aws: and a value of at most 256.',
  },
  budgetTagMissing: {
    id: 'bedrock-cost-budget-tag-missing',
    severity: 'warning',
    when: 'the template of something that a CostBudget covers does not carry the tag of the budget, since it was removed or overridden: AWS Budgets does not see its cost',
    fix: 'Keep the tag `costAllocationTagKey` of the budget.',
  },
  legacyModel: {
    id: 'bedrock-cost-legacy-model',
    severity: 'info',
    when: 'a priced construct uses a model that AWS marks as legacy; the end of life is named where AWS has published it',
    fix: 'Plan the change to an active model before the end of life.',
  },
  modelEndsSoon: {
    id: 'bedrock-cost-model-ends-soon',
    severity: 'warning',
    when: 'the end of life of a model is at most 180 days away on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Change to an active model before the end of life: from that day on, the cost is unknown and requests fail.',
  },
  modelEnded: {
    id: 'bedrock-cost-model-ended',
    severity: 'warning',
    when: 'a use is priced at a rate of your own, although its model has reached its end of life on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Use an active model, unless a private arrangement with the provider keeps this one in service.',
  },
  priceReviewDue: {
    id: 'bedrock-cost-price-review-due',
    severity: 'warning',
    when: 'an estimate uses a price that its source guaranteed or announced only until a day that is past on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Compare the price with the AWS pricing page. Then update cdk-bedrock-cost, or give a rate of your own.',
  },
  commitmentOutlivesModel: {
    id: 'bedrock-cost-commitment-outlives-model',
    severity: 'error',
    when: 'a commitment that is bought on the day of the context key `cdk-bedrock-cost:today` would end on or after the end of life of its model; synth stops. `estimate --day` reports it for its day, and at deployment, the function that buys refuses it by the clock',
    fix: 'Choose a shorter term or no commitment where the model is still served, or an active model.',
  },
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
} as const satisfies { readonly [name: string]: MessageDefinition };

export type MessageName = keyof typeof MESSAGES;
export type MessageId = (typeof MESSAGES)[MessageName]['id'];
