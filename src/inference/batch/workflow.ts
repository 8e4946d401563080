import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  CfnStateMachine, Choice, Condition, DefinitionBody, DistributedMap, DistributedMapProps, Fail, IChainable, JsonPath, S3JsonItemReader, StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { JobProps, jobStates } from './job-workflow';
import { NOTHING, RUN } from './step';
import { PricedProperty } from '../../estimates/priced-template';
import { DUPLICATE_REQUEST, RECORDS_NOT_PROCESSED } from '../../lambda/batch-inference/contract';

export interface WorkflowProps extends JobProps {
  readonly concurrentJobs: number;
}

/** Functions that read are limited by what Lambda and S3 give an account by itself. */
const SLICES_AT_A_TIME = 20;
const FILES_AT_A_TIME = 10;

/** The state transitions of a run that needs one round of jobs; an execution of a Distributed Map's child counts one by itself. */
export const TRANSITIONS = {
  /** Plan, choice, slices, group, choice, jobs, review, choice, files, summary, choice, end. */
  run: 12,
  /** Child, split. */
  slice: 2,
  /** Child, choice, assemble, create, collect; and what each look at it makes. */
  job: 5,
  /** Child, join. */
  file: 2,
} as const;

/** Wait, look, choice. */
export const TRANSITIONS_OF_LOOK = 3;

/**
 * The states of a run: cut the input, look what it would cost, run jobs until nothing is left that another try may mend,
 * join their output.
 *
 * Each function may be called again with what it was called with before; names and tokens of jobs follow from what they
 * run. So an execution that repeats a state, or is redriven, pays nothing twice.
 */
export function batchWorkflow(scope: Construct, props: WorkflowProps): DefinitionBody {
  const { step, outputBucket } = props;
  const list = (id: string, item: string, key: string, child: IChainable, how: Pick<DistributedMapProps, 'maxConcurrency' | 'toleratedFailurePercentage'>) =>
    new DistributedMap(scope, id, {
      itemReader: new RunList({ bucket: outputBucket, key }),
      itemSelector: { ...RUN, [item]: JsonPath.objectAt('$$.Map.Item.Value') },
      resultPath: JsonPath.DISCARD,
      ...how,
    }).itemProcessor(child) as DistributedMap;
  const inFolder = (key: string, ...values: string[]) => JsonPath.format(`{}steps/${key}`, JsonPath.stringAt('$.run.folder'), ...values);
  const round = JsonPath.stringAt('$.next.answer.round');

  const plan = step.of('Plan', 'plan', {
    execution: { id: JsonPath.stringAt('$$.Execution.Id'), startTime: JsonPath.stringAt('$$.Execution.StartTime') },
    request: JsonPath.objectAt('$$.Execution.Input'),
  }, {
    resultSelector: {
      run: { id: JsonPath.stringAt('$.Payload.id'), folder: JsonPath.stringAt('$.Payload.folder') },
      decision: JsonPath.stringAt('$.Payload.decision'),
      cause: JsonPath.stringAt('$.Payload.cause'),
    },
  });
  const slices = list('Slices', 'slice', inFolder('slices.json'), step.of('Split', 'split', { ...RUN, slice: JsonPath.objectAt('$.slice') }, NOTHING), {
    maxConcurrency: SLICES_AT_A_TIME,
  });
  const group = step.of('Group', 'group', RUN, NEXT);
  const jobs = list('Jobs', 'job', inFolder('round-{}/jobs-to-run.json', round), jobStates(scope, props), {
    maxConcurrency: props.concurrentJobs,
    // One job whose states break off must not end those of all others, whose jobs go on and are billed.
    toleratedFailurePercentage: 100,
  });
  const review = step.of('Review', 'review', {
    ...RUN, round: JsonPath.numberAt('$.next.answer.round'), repeats: JsonPath.numberAt('$.next.answer.repeats'),
  }, NEXT);
  const files = list('Files', 'file', inFolder('joins.json'), step.of('Join', 'join', { ...RUN, file: JsonPath.objectAt('$.file') }, NOTHING), {
    maxConcurrency: FILES_AT_A_TIME,
  });
  const summarize = step.of('Summarize', 'summarize', RUN, { outputPath: '$.Payload' });

  const decided = (decision: string) => Condition.stringEquals('$.next.answer.decision', decision);
  const next = new Choice(scope, 'What is next?')
    .when(decided('run'), jobs)
    .when(decided('join'), files)
    .when(decided('refuse'), new Fail(scope, 'Refused', { errorPath: '$.next.answer.error', causePath: '$.next.answer.cause' }))
    .otherwise(summarize);
  const begin = new Choice(scope, 'What is there?')
    .when(Condition.stringEquals('$.decision', 'split'), slices)
    .when(Condition.stringEquals('$.decision', 'empty'), group)
    .when(Condition.stringEquals('$.decision', 'refuse'), new Fail(scope, 'Another execution began it', { error: DUPLICATE_REQUEST, causePath: '$.cause' }))
    .otherwise(new Succeed(scope, 'Another execution runs it'));
  slices.next(group).next(next);
  jobs.next(review).next(next);
  files.next(summarize);
  summarize.next(new Choice(scope, 'Has all a result?')
    .when(Condition.stringEquals('$.outcome', 'succeeded'), new Succeed(scope, 'Done'))
    .otherwise(new Fail(scope, 'Records are left', { error: RECORDS_NOT_PROCESSED, causePath: '$.cause' })));
  return DefinitionBody.fromChainable(plan.next(begin));
}

const NEXT = { resultSelector: { answer: JsonPath.objectAt('$.Payload') }, resultPath: '$.next' };

/** A list of the run's own folder, which the state machine may read without the whole bucket. */
class RunList extends S3JsonItemReader {
  public providePolicyStatements(): PolicyStatement[] {
    return [];
  }
}

/**
 * The parts of a state machine's definition that the price of batch jobs depends on: the calls of Amazon Bedrock that it makes,
 * and their models. An override that changes anything else, such as a comment or a retry, costs the same.
 */
export function pricedDefinition(stateMachine: StateMachine): PricedProperty[] {
  const resource = stateMachine.node.defaultChild as CfnStateMachine;
  const value = resource.definitionString;
  return [
    { resource, property: 'DefinitionString', value, current: () => resource.definitionString, priced: bedrockCalls },
    // Both would take the place of the text.
    { resource, property: 'Definition', current: () => resource.definition },
    { resource, property: 'DefinitionS3Location', current: () => resource.definitionS3Location },
  ];
}

const BEDROCK_CALLS = /states:::(?:aws-sdk:)?bedrock(?:runtime)?:[A-Za-z.]+|\\*"[mM]odelId\\*":\\*"[^"\\]*/g;

/** In the order of the definition; a text that CloudFormation puts together comes as the JSON of its parts. */
function bedrockCalls(definition: unknown): unknown {
  return (JSON.stringify(definition) ?? '').match(BEDROCK_CALLS)?.map((call) => call.replace(/\\/g, '')) ?? [];
}
