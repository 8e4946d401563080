import { refuse } from './refusal';

/** The schedules of Amazon EventBridge Scheduler by their names, with the fields of the SDK. */
export class Schedules {
  public readonly stored = new Map<string, any>();

  public perform(operation: string, { Name, groupName: _, clientToken: __, ...schedule }: any): object | undefined {
    const exists = this.stored.has(Name);
    switch (operation) {
      case 'CreateSchedule':
        if (exists) refuse('ConflictException', `Schedule ${Name} already exists.`, 409);
        this.stored.set(Name, schedule);
        return { ScheduleArn: arnOf(Name) };
      case 'UpdateSchedule':
        if (!exists) notFound(Name);
        this.stored.set(Name, schedule);
        return { ScheduleArn: arnOf(Name) };
      case 'GetSchedule':
        if (!exists) notFound(Name);
        return { ...this.stored.get(Name), Name };
      case 'DeleteSchedule':
        if (!this.stored.delete(Name)) notFound(Name);
        return {};
      default: return undefined;
    }
  }
}

function arnOf(name: string): string {
  return `arn:aws:scheduler:us-east-1:111111111111:schedule/default/${name}`;
}

function notFound(name: string): never {
  return refuse('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
}
