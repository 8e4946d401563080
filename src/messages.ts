export type Severity = 'info' | 'warning' | 'error';

/**
 * A message of the library.
 *
 * The id is public API: users acknowledge it, switch it off or give it another severity. It never changes once published
 * and contains no `::`. `when` completes "reported when", without full stop; `fix` is one or more whole sentences.
 * docs/messages.md is generated from this table.
 */
export interface MessageDefinition {
  readonly id: string;
  /** The severity unless the user gives it another one. */
  readonly severity: Severity;
  /** Condition of the message. */
  readonly when: string;
  /** Remedy for the user. */
  readonly fix: string;
}

export const MESSAGES = {
  estimate: {
    id: 'bedrock-cost-estimate',
    severity: 'info',
    when: 'the context key `cdk-bedrock-cost:details` is set, for every priced construct: its monthly cost with its line items',
    fix: 'Nothing to do.',
  },
  stackTable: {
    id: 'bedrock-cost-stack-table',
    severity: 'info',
    when: 'the context key `cdk-bedrock-cost:details` is set, for every stack with priced constructs: the table of its costs',
    fix: 'Nothing to do.',
  },
  missingPrice: {
    id: 'bedrock-cost-missing-price',
    severity: 'warning',
    when: 'an estimate needs a price that the price book does not hold; the cost is unknown, not $0',
    fix: 'Check the model id and region, or give a rate of your own: PriceSettings.of(app).configure({ rates }), the prop hourlyPricePerModelUnitUsd, or prices in a usage file.',
  },
  unknownRegion: {
    id: 'bedrock-cost-unknown-region',
    severity: 'warning',
    when: 'the stack has no region that is known at synth, and CDK_DEFAULT_REGION is not set either: regional prices cannot be looked up',
    fix: "Set env.region on the stack, or the context key 'cdk-bedrock-cost:region'.",
  },
  unknownUsage: {
    id: 'bedrock-cost-unknown-usage',
    severity: 'warning',
    when: 'a number that the cost depends on is a token, known only at deployment',
    fix: "Set a plain value, or name the construct's path as a workload of the usage file in the context key 'cdk-bedrock-cost:usage'.",
  },
  unusedWorkload: {
    id: 'bedrock-cost-unused-workload',
    severity: 'warning',
    when: 'the usage file of the context names a workload by a path at which there is no priced construct',
    fix: "Set the name of the workload to the construct's path, as the report shows it.",
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
    when: 'a discount is above 0 % and below 1 %, as if a share such as 0.25 was given instead of 25',
    fix: 'Give discounts in percent.',
  },
  unknownContextKey: {
    id: 'bedrock-cost-unknown-context-key',
    severity: 'warning',
    when: 'the context of the app has an unknown key that begins with `cdk-bedrock-cost:`; it has no effect',
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
    when: 'the schedule of a BatchInference starts another number of jobs a month than its usage states',
    fix: 'Remove jobsPerMonth to count the jobs from the schedule, or correct one of the two.',
  },
  runAboveMaximum: {
    id: 'bedrock-cost-run-above-maximum',
    severity: 'warning',
    when: 'a run of a BatchInference is estimated at more than its maxCostPerRunUsd: it would fail before anything is submitted',
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
    when: 'a commitment would be bought whose sum is not confirmed; synth stops',
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
    when: 'the usage of provisioned throughput needs more tokens in its busiest minute than its model units can process',
    fix: 'Buy as many model units as the message names, spread the load, or send the excess requests on demand.',
  },
  throughputTooLarge: {
    id: 'bedrock-cost-throughput-too-large',
    severity: 'warning',
    when: 'half or fewer of the model units of provisioned throughput are enough for its usage',
    fix: 'Buy as few model units as the message names, or acknowledge the warning if the others are for future usage.',
  },
  throughputBreakEven: {
    id: 'bedrock-cost-throughput-break-even',
    severity: 'info',
    when: 'usage or tokensPerMinutePerModelUnit of provisioned throughput is set: its utilization, and the usage from which it is cheaper than on demand',
    fix: 'Nothing to do.',
  },
  throughputDryRun: {
    id: 'bedrock-cost-throughput-dry-run',
    severity: 'info',
    when: 'the context key `cdk-bedrock-cost:dryRun` is set: a deployment buys no provisioned throughput, and its outputs describe the purchases',
    fix: "Remove the context key 'cdk-bedrock-cost:dryRun' to buy it.",
  },
  renewalNotAnnounced: {
    id: 'bedrock-cost-renewal-not-announced',
    severity: 'info',
    when: 'a commitment renews itself at the end of its term, and no topic is notified before the renewal: it has no notificationTopic, and no budget covers it',
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
    when: 'provisioned throughput has business hours: their saving compared with all hours of the month',
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
    fix: 'Use an id of docs/messages.md: `cdk-bedrock-cost::<id>` for a budget, `Annotation::<id>` for a warning.',
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
    when: 'the known costs of a report exceed the limit of `check --max-monthly-usd`',
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
    when: 'a CostBudget cannot be checked, since a cost that it covers is unknown: its price, region or usage is unknown, or its template was changed; a warning with onMissingPrice WARN, the default of enforcement WARN',
    fix: 'Apply the fix that is listed for each unknown cost, or set onMissingPrice.',
  },
  budgetCoversNothing: {
    id: 'bedrock-cost-budget-covers-nothing',
    severity: 'warning',
    when: 'a CostBudget covers no priced construct, so it cannot be checked',
    fix: 'Set covers to the stack, stage or app that has the Bedrock resources, or describe them with CostEstimates.of(scope).',
  },
  nobodyNotified: {
    id: 'bedrock-cost-nobody-notified',
    severity: 'info',
    when: "the topic of a CostBudget's alarms has no subscriptions that are known at synth",
    fix: 'Set emailAddresses, or subscribe to the topic.',
  },
  substituteTopic: {
    id: 'bedrock-cost-substitute-topic',
    severity: 'info',
    when: 'alarms of a CostBudget are in another region, account or stage than its topic, and notify a topic of their own stack',
    fix: 'Subscribe to that topic, too. The e-mail addresses of the budget are subscribed to it already.',
  },
  notBilledHere: {
    id: 'bedrock-cost-not-billed-here',
    severity: 'info',
    when: "a CostBudget covers a stack of another account; its AWS::Budgets::Budget sees that account's bill only in the payer's account",
    fix: 'Create a CostBudget in a stack of that account, too.',
  },
  notWatched: {
    id: 'bedrock-cost-not-watched',
    severity: 'info',
    when: 'a CostBudget covers usage that its alarms cannot monitor: the usage is in another region than its stack, CloudWatch does not count its billed units, or one of its numbers is a token',
    fix: 'Create the construct that describes the usage in a stack of its region. Set plain numbers instead of tokens. Usage that CloudWatch does not count is in AWS Budgets only.',
  },
  highestPriceCounts: {
    id: 'bedrock-cost-highest-price-counts',
    severity: 'info',
    when: 'a CostBudget covers usage of one model at different prices (service tiers, sizes of images), which CloudWatch counts together: alarms and counts use the highest price',
    fix: 'Use a separate profile for each price, or expect a count that is higher than the bill.',
  },
  notStoppable: {
    id: 'bedrock-cost-not-stoppable',
    severity: 'info',
    when: 'a CostBudget with stop actions covers usage that they do not reach: by an imported role, by a principal that is not a role, or in a stack of another account',
    fix: 'Grant the usage to a role of this app, or stop it by other means when the budget is exceeded.',
  },
  roleWithoutRoom: {
    id: 'bedrock-cost-role-without-room',
    severity: 'warning',
    when: 'a role that a stop action would deny invocations has 10 managed policies or more, the default quota of IAM',
    fix: 'Merge managed policies of the role or make some of them inline policies, or raise the quota "Managed policies attached to an IAM role" in Service Quotas and acknowledge it.',
  },
  notInRegion: {
    id: 'bedrock-cost-not-in-region',
    severity: 'info',
    when: 'in the region of a CostBudget, or of a stack with stop actions, CloudFormation lacks the resource type of its AWS Budget, anomaly monitor or AWS Budgets action: it is left out',
    fix: 'Create the CostBudget in a stack of a region that has the type, such as us-east-1, and set covers. In AWS GovCloud (US), monitor the bill in the linked standard account.',
  },
  typeNotInRegion: {
    id: 'bedrock-cost-type-not-in-region',
    severity: 'warning',
    when: 'CloudFormation has no AWS::Bedrock::ApplicationInferenceProfile in the region of its stack: the deployment fails',
    fix: 'Create it in a region that has the type, or invoke the model directly and describe its usage with CostEstimates.of(scope).',
  },
  stopDoesNotReach: {
    id: 'bedrock-cost-stop-does-not-reach',
    severity: 'warning',
    when: 'a CostBudget has a stop action for usage that it covers but cannot stop: invocations that are not granted with grantInvoke, jobs and throughput that are only estimated in this app, or throughput whose tags are too long to be recorded (4,096 bytes with its name and ARNs)',
    fix: 'Grant invocations with grantInvoke, create jobs and throughput with the constructs of this library, use fewer or shorter tags, or acknowledge it and stop them by other means.',
  },
  stopWatchesNothing: {
    id: 'bedrock-cost-stop-watches-nothing',
    severity: 'warning',
    when: 'a CostBudget has stop actions, but none of the usage that it covers can be counted: they are never started',
    fix: 'Set the missing prices or regions, or let the budget cover the construct that describes the usage.',
  },
  tooManyResources: {
    id: 'bedrock-cost-too-many-resources',
    severity: 'error',
    when: 'the monitors of CostBudgets bring a stack above the 500 resources that CloudFormation accepts (or above the context key `@aws-cdk/core:stackResourceLimit`): they cause the excess, or are at least a tenth of its resources; synth stops',
    fix: 'Let one CostBudget cover several resources, create CostBudgets in a separate stack and set covers, or split the stack.',
  },
  templateTooLarge: {
    id: 'bedrock-cost-template-too-large',
    severity: 'error',
    when: 'the monitors of CostBudgets bring the template of a stack above the 1,000,000 bytes that CloudFormation accepts: they cause the excess, or are at least a tenth of the template',
    fix: 'Set suppressTemplateIndentation on the stack, let one CostBudget cover several resources, create CostBudgets in a separate stack and set covers, or split the stack.',
  },
  pricesTooOld: {
    id: 'bedrock-cost-prices-too-old',
    severity: 'info',
    when: 'the oldest price was last confirmed longer ago than the limit allows: at synth for each stack, by the context keys `cdk-bedrock-cost:today` and `:maxPriceAgeDays`; in `check` for the app, by the clock and `--max-price-age-days`, as a warning, or as a failure with that option or if all prices are older',
    fix: 'Update cdk-bedrock-cost, use a book made with `cdk-bedrock-cost prices refresh`, or raise the limit.',
  },
  pricesInTheFuture: {
    id: 'bedrock-cost-prices-in-the-future',
    severity: 'error',
    when: '`check` finds a price of the report, or its price book, dated in the future: the age of the prices is not known',
    fix: 'Correct asOf or confirmed in the price book, or the clock of the machine that runs `check`, and synthesize the app again.',
  },
  pricesUndated: {
    id: 'bedrock-cost-prices-undated',
    severity: 'warning',
    when: '`check` finds a price of the report without a valid date: its age is not known',
    fix: 'Set asOf on the rates of the price book, and synthesize the app again.',
  },
  templateDiffers: {
    id: 'bedrock-cost-template-differs',
    severity: 'warning',
    when: 'a property of the template that the price depends on was changed after it was priced, by an override, an Aspect or the L1 construct; a budget that covers it cannot be checked',
    fix: 'Set the prop of the construct instead of overriding the template.',
  },
  unpricedUsage: {
    id: 'bedrock-cost-unpriced-usage',
    severity: 'warning',
    when: 'a stack has uses of Amazon Bedrock that no construct or estimate of this library prices: at synth in the scope of a CostBudget, in `check` in the whole app',
    fix: 'Add an estimate with CostEstimates for each. `npx cdk-bedrock-cost scan` lists them with the line of code.',
  },
  tagRefused: {
    id: 'bedrock-cost-tag-refused',
    severity: 'warning',
    when: 'a tag of a purchase, of batch jobs or of an application inference profile, tags of the stack included, has a key or value that Amazon Bedrock refuses at deployment',
    fix: 'Use letters from a to z, digits, white space and . _ : / = + @ - only, with a key of 1 to 128 characters that does not begin with aws: and a value of at most 256.',
  },
  budgetTagMissing: {
    id: 'bedrock-cost-budget-tag-missing',
    severity: 'warning',
    when: 'the tag of a CostBudget was removed from a covered resource, or overridden: AWS Budgets does not see the cost of the resource',
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
    when: 'usage is priced at a rate of your own, although its model has reached its end of life on the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Use an active model, unless a private arrangement with the provider keeps this one in service.',
  },
  priceReviewDue: {
    id: 'bedrock-cost-price-review-due',
    severity: 'warning',
    when: 'an estimate uses a price that its source guaranteed or announced only until a day before the day of the context key `cdk-bedrock-cost:today`, of `estimate --day`, or of a run of `check`',
    fix: 'Compare the price with the AWS pricing page. Then update cdk-bedrock-cost, or give a rate of your own.',
  },
  commitmentOutlivesModel: {
    id: 'bedrock-cost-commitment-outlives-model',
    severity: 'error',
    when: 'a commitment that is bought on the day of the context key `cdk-bedrock-cost:today` would end on or after the end of life of its model; synth stops. `estimate --day` reports it for its day. At deployment, the function that buys refuses it by the clock',
    fix: 'Choose a shorter term, no commitment while the model is still served, or an active model.',
  },
  bookTooOld: {
    id: 'bedrock-cost-book-too-old',
    severity: 'error',
    when: 'the newest rate of a price book was last confirmed longer ago than `prices verify --max-price-age-days` allows',
    fix: 'Update cdk-bedrock-cost, make a new book with `cdk-bedrock-cost prices refresh`, or raise --max-price-age-days.',
  },
  bookContradiction: {
    id: 'bedrock-cost-book-contradiction',
    severity: 'error',
    when: 'two rates of a price book state different prices for the same usage on the same day',
    fix: 'Remove the wrong one, or set endDate on the older one.',
  },
  bookZeroPrice: {
    id: 'bedrock-cost-book-zero-price',
    severity: 'error',
    when: 'a price book states $0 for usage that AWS always bills; price lists use $0 as a placeholder',
    fix: 'Remove the rate: a missing price is unknown, and $0 is a known price.',
  },
  bookOutlier: {
    id: 'bedrock-cost-book-outlier',
    severity: 'error',
    when: 'a rate of a price book is 100 times the typical rate of its kind and model family or more, or a hundredth or less; or the input and the output of a model are 50 times apart or more',
    fix: 'Check the unit: a price per thousand tokens that is read as a price per million is wrong by a factor of 1,000.',
  },
  bookFromTheFuture: {
    id: 'bedrock-cost-book-from-the-future',
    severity: 'error',
    when: 'a rate of a price book has a date in the future as the day on which it was read or confirmed',
    fix: 'Correct asOf or confirmed. For a price that begins later, set effectiveDate.',
  },
  bookNoDay: {
    id: 'bedrock-cost-book-no-day',
    severity: 'error',
    when: 'a rate of a price book has a date that is not in the calendar',
    fix: 'Write asOf, confirmed, effectiveDate, endDate and reviewAfter as YYYY-MM-DD.',
  },
  bookUndated: {
    id: 'bedrock-cost-book-undated',
    severity: 'warning',
    when: 'no rate of a price book has the day on which it was read: its age is not known',
    fix: 'Set asOf on the rates.',
  },
  bookOneSided: {
    id: 'bedrock-cost-book-one-sided',
    severity: 'warning',
    when: 'a price book holds an input price of a text model without an output price, or the other way round',
    fix: 'Add the other price. Until then, the other price is a missing one.',
  },
  bookNotInForce: {
    id: 'bedrock-cost-book-not-in-force',
    severity: 'warning',
    when: 'a rate of a price book has ended by today or begins later, and no other rate is in force',
    fix: 'Use a newer book, or add the rate that is in force. Until then, the price is a missing one.',
  },
  bookReviewDue: {
    id: 'bedrock-cost-book-review-due',
    severity: 'warning',
    when: 'a rate of a price book is guaranteed by its source only until a day in the past',
    fix: 'Compare the rate with the AWS pricing page. Then set a later reviewAfter, or set endDate and add the rate that follows it.',
  },
  bookDearBatch: {
    id: 'bedrock-cost-book-dear-batch',
    severity: 'warning',
    when: 'a price book states a batch price above the standard price of the same model',
    fix: 'Check whether the two are swapped.',
  },
  bookDearGlobal: {
    id: 'bedrock-cost-book-dear-global',
    severity: 'warning',
    when: 'a price book states a price of the global profile above the regional price of the same model',
    fix: 'Check whether the two are swapped.',
  },
  bookDearCache: {
    id: 'bedrock-cost-book-dear-cache',
    severity: 'warning',
    when: 'a price book states a cache-read price above the input price of the same model',
    fix: 'Check whether the two are swapped, and check the units.',
  },
  bookOldSource: {
    id: 'bedrock-cost-book-old-source',
    severity: 'warning',
    when: 'some rates of a price book were last confirmed longer ago than `prices verify --max-price-age-days` allows for the newest one',
    fix: 'Compare the oldest rates with the AWS pages, or use a newer book.',

  },
} as const satisfies { readonly [name: string]: MessageDefinition };

export type MessageName = keyof typeof MESSAGES;
export type MessageId = (typeof MESSAGES)[MessageName]['id'];
