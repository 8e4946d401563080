import { CreateScheduleCommand, CreateScheduleCommandInput, DeleteScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { PublishCommand } from '@aws-sdk/client-sns';
import { Allowances } from './allowance';
import { SCHEDULE_NAME_PREFIX, TermEvent, ThroughputProperties } from './contract';
import { isSet, monthsOf, Resource } from './identity';
import { termCost } from './price-check';
import { isTransient, withStop } from './problems';
import { Services } from './services';
import { Throughput, Throughputs } from './throughputs';
import { Outlived, outlived } from '../../pricing/billing-modes/term';
import { isNamed, Refusal } from '../shared/errors';
import { DAY, MINUTE } from '../shared/time';

/** The kinds of schedules around the end of a term. Their names contain the purchase, so that each exists once. */
const KINDS = ['notice', 'renewed', 'release', 'released'] as const;
type Kind = (typeof KINDS)[number];
const NOTICES = ['notice', 'renewed'] as const;
const RELEASES = ['release', 'released'] as const;
/** The minutes in which a release is tried every minute. */
const RELEASE_MINUTES = 60;

/** A schedule without the fields that all schedules share. */
type Plan = Pick<CreateScheduleCommandInput, 'ScheduleExpression' | 'Description'> & Partial<Pick<CreateScheduleCommandInput, 'StartDate' | 'EndDate'>> & {
  readonly target: string;
  readonly input: string;
};

/**
 * Schedules the actions around the end of a commitment's term, at which AWS renews it without notice.
 *
 * The schedules of EventBridge Scheduler outlive the stack, as a commitment does.
 */
export class Term {
  constructor(private readonly services: Services, private readonly throughputs: Throughputs, private readonly allowances: Allowances) {}

  /**
   * Schedules the notice of the cost of the next term some days before this one ends, and the planning of the notice after that.
   * A notice that cannot be scheduled does not fail the deployment: a rollback could not undo the purchase.
   *
   * @returns false when it must be tried again
   */
  public async planNotice(found: Throughput, resource: Resource, before?: ThroughputProperties): Promise<boolean> {
    const { StackId, LogicalResourceId, ResourceProperties: properties } = resource;
    const { term, topicArn } = properties;
    const end = found.commitmentExpirationTime;
    const arn = found.provisionedModelArn!;
    if (!term || topicArn === undefined || !end) {
      // The topic was removed.
      if (before?.term && before.topicArn !== undefined) for (const kind of NOTICES) await this.drop(kind, arn);
      return true;
    }
    const text = noticeText(found, properties, end);
    const noticeAt = end.getTime() - Number(term.noticeDays) * DAY;
    try {
      if (noticeAt > this.services.now()) {
        await this.plan('notice', arn, term.roleArn, { ScheduleExpression: at(noticeAt), Description: `Announces the cost of the next term of ${arn}`, target: topicArn, input: text });
      } else if (end.getTime() > this.services.now()) {
        await this.notify(properties, NOTICE_SUBJECT, text);
      }
      const event: TermEvent = { StackId, LogicalResourceId, arn, properties };
      await this.plan('renewed', arn, term.roleArn, {
        ScheduleExpression: at(Math.max(end.getTime(), this.services.now()) + DAY), Description: `Plans the notice of the next term of ${arn}`, target: term.functionArn, input: JSON.stringify(event),
      });
    } catch (e) {
      if (isTransient(e)) return false;
      await this.notify(properties, 'Provisioned throughput renews itself', `NOT PLANNED: ${text} The notice before the next renewal could not be scheduled: ${withStop((e as Error).message)}`);
    }
    return true;
  }

  /** Schedules the next notice after AWS has renewed a term. */
  public async onTermEnd({ arn, properties, ...selection }: TermEvent): Promise<void> {
    this.allowances.checkStack(selection);
    // The event has the properties from the time of its scheduling, or may be forged, so the deployed properties are used.
    const resource: Resource = { ...selection, ResourceProperties: await this.allowances.deployed(selection) ?? properties };
    const found = await this.throughputs.find(arn);
    if (found && !await this.throughputs.isOwn(resource, found)) throw new Refusal(`${arn} was not bought for ${selection.LogicalResourceId} of this stack. No notice of its renewal is scheduled.`);
    if (found && !await this.planNotice(found, resource)) throw new Error(`The notice of the next term of ${arn} could not be scheduled.`);
  }

  /**
   * Schedules the deletion of throughput at the end of its term, if `releaseAtExpiry` is set.
   *
   * The deletion is tried every minute for an hour, from a minute before the end: AWS does not document the earliest time at which it
   * allows the deletion, and a single try that is too early would lead to another term.
   *
   * @returns a description of the scheduled deletion or the manual steps
   */
  public async release(found: Throughput, { term, topicArn }: ThroughputProperties): Promise<string> {
    const arn = found.provisionedModelArn!;
    const end = found.commitmentExpirationTime;
    const byHand = `It renews itself, and CloudFormation no longer manages it. Delete it manually at the end of its term (aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${arn}).`;
    if (!term || !isSet(term.releaseAtExpiry) || !end) return byHand;
    const start = Math.max(end.getTime(), this.services.now() + 2 * MINUTE) - MINUTE;
    const planned = await this.tryToPlan('release', arn, term.roleArn, {
      ScheduleExpression: 'rate(1 minute)',
      StartDate: new Date(start),
      EndDate: new Date(start + RELEASE_MINUTES * MINUTE),
      Description: `Deletes ${arn} at the end of its commitment`,
      target: `arn:${arn.split(':')[1]}:scheduler:::aws-sdk:bedrock:deleteProvisionedModelThroughput`,
      input: JSON.stringify({ ProvisionedModelId: arn }),
    });
    if (planned !== undefined) return `Its deletion could not be scheduled: ${withStop(planned)} ${byHand}`;
    for (const kind of NOTICES) await this.drop(kind, arn);
    const deletes = `The schedule ${scheduleName('release', arn)} deletes it then`;
    if (topicArn === undefined) return `${deletes}. Check an hour later that it is deleted.`;
    // No function outlives the stack to check the deletion, so a notification requests a manual check.
    const checkAt = start + (RELEASE_MINUTES + 1) * MINUTE;
    const notPlanned = await this.tryToPlan('released', arn, term.roleArn, {
      ScheduleExpression: at(checkAt), Description: `Requests a check that ${arn} was deleted`, target: topicArn, input: releasedText(arn, end),
    });
    return `${deletes}. Check an hour later that it is deleted. ${notPlanned === undefined ? 'This topic is notified then.' : `The notification could not be scheduled: ${withStop(notPlanned)}`}`;
  }

  /** Cancels the release of a purchase that CloudFormation manages again. */
  public async keep({ provisionedModelArn, commitmentDuration }: Throughput): Promise<void> {
    if (commitmentDuration) for (const kind of RELEASES) await this.drop(kind, provisionedModelArn!);
  }

  /** Deletes the schedules of throughput that was deleted. */
  public async forget(arn: string, { term }: ThroughputProperties): Promise<void> {
    if (!term) return;
    for (const kind of KINDS) await this.drop(kind, arn);
  }

  /** Logs a message, and notifies every topic of the construct and of its budgets. */
  public async notify({ topicArn, budgetTopicArns = [] }: ThroughputProperties, subject: string, message: string): Promise<void> {
    console.error(message);
    const topics = new Set([...(topicArn === undefined ? [] : [topicArn]), ...budgetTopicArns]);
    for (const TopicArn of topics) {
      try {
        await this.services.sns.send(new PublishCommand({ TopicArn, Subject: subject, Message: message }));
      } catch (e) {
        console.error(`NOT NOTIFIED: ${TopicArn}: ${(e as Error).name}: ${(e as Error).message}`);
      }
    }
  }

  private async plan(kind: Kind, arn: string, RoleArn: string, { target, input, ...rest }: Plan): Promise<void> {
    const schedule: CreateScheduleCommandInput = {
      ...rest,
      Name: scheduleName(kind, arn),
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: target, RoleArn, Input: input },
    };
    try {
      await this.services.scheduler.send(new CreateScheduleCommand(schedule));
    } catch (e) {
      if (!isNamed(e, 'ConflictException')) throw e;
      await this.services.scheduler.send(new UpdateScheduleCommand(schedule));
    }
  }

  /**
   * Creates a schedule, unless AWS refuses it.
   *
   * @returns the reason of a refusal
   * @throws errors that a retry may resolve
   */
  private async tryToPlan(kind: Kind, arn: string, roleArn: string, plan: Plan): Promise<string | undefined> {
    try {
      await this.plan(kind, arn, roleArn, plan);
      return undefined;
    } catch (e) {
      if (isTransient(e)) throw e;
      return `${(e as Error).name}: ${(e as Error).message}`;
    }
  }

  private async drop(kind: Kind, arn: string): Promise<void> {
    try {
      await this.services.scheduler.send(new DeleteScheduleCommand({ Name: scheduleName(kind, arn) }));
    } catch (e) {
      if (isTransient(e)) throw e;
      // A remaining schedule notifies of deleted throughput, and deletes itself afterwards.
      if (!isNamed(e, 'ResourceNotFoundException')) console.error(`NOT DELETED: the schedule ${scheduleName(kind, arn)}: ${(e as Error).message}`);
    }
  }
}

const NOTICE_SUBJECT = 'Provisioned throughput renews itself';

function noticeText(found: Throughput, properties: ThroughputProperties, end: Date): string {
  const { commitmentDuration, modelUnits, modelId, endOfLife } = properties;
  const months = monthsOf(commitmentDuration!);
  const cost = termCost(properties);
  return `The commitment of the provisioned throughput ${found.provisionedModelName} (${found.provisionedModelArn}: ${modelUnits} model unit${Number(modelUnits) === 1 ? '' : 's'} of ${modelId}) ends at ${end.toISOString()} and renews itself `
    + `for ${months} month${months === 1 ? '' : 's'}: the next term costs ${cost ? cost.text : 'as much as this one'}, and may be locked in like this one. `
    + endOfLifeText(outlived(end.toISOString().slice(0, 10), months, endOfLife), modelId)
    + `If you do not want it, delete it at that time: aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${found.provisionedModelArn}`;
}

/** A warning for a term that ends after the model. The renewal itself is made by AWS, and this function deletes no commitment. */
function endOfLifeText(found: Outlived | undefined, modelId: string): string {
  if (found === undefined) return '';
  return `THE MODEL ENDS FIRST: that term lasts until ${found.termEnd}, and AWS no longer serves ${modelId} from ${found.endOfLife} on. It still renews itself, and is not deleted automatically. `;
}

function releasedText(arn: string, end: Date): string {
  return `The commitment of ${arn} ended at ${end.toISOString()}, and a schedule was to delete it then. Check that it is deleted: aws bedrock get-provisioned-model-throughput --provisioned-model-id ${arn}. `
    + `If it exists, it has renewed itself and is billed: aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${arn}`;
}

function scheduleName(kind: Kind, arn: string): string {
  return `${SCHEDULE_NAME_PREFIX}${arn.slice(arn.lastIndexOf('/') + 1)}-${kind}`;
}

/** A time of EventBridge Scheduler, in UTC and to the second. */
function at(time: number): string {
  return `at(${new Date(time).toISOString().slice(0, 19)})`;
}
