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

/** Concurrent calls of the functions that read and join: fixed, since they depend on no quota of Amazon Bedrock. */
const SLICES_AT_A_TIME = 20;
const FILES_AT_A_TIME = 10;

/** The state transitions of a run with one round of jobs. The start of each child execution of a Distributed Map is a transition, too. */
export const TRANSITIONS = {
  /** PlanRun, CheckPlan, SplitInput, GroupRecords, ChooseNextStep, RunJobs, ReviewRound, ChooseNextStep, JoinResults, Summarize, CheckResults, Succeed. */
  run: 12,
  /** The child, SplitSlice. */
  slice: 2,
  /** The child, ChooseJobMode, AssembleInput, CreateJob, CollectOutput; each poll adds `TRANSITIONS_OF_POLL`. */
  job: 5,
  /** The child, JoinFile. */
  file: 2,
} as const;

/** WaitForJob, GetJob, CheckJobStatus. */
export const TRANSITIONS_OF_POLL = 3;

/**
 * The states of a run: they split the input, estimate its cost, run jobs until no record is left that a retry may complete, and join
 * the output.
 *
 * Each function call can be repeated with the same input, and the names and client tokens of jobs are derived from their records. An
 * execution that repeats a state, or is redriven, therefore pays for nothing twice.
 */
export function batchWorkflow(scope: Construct, props: WorkflowProps): DefinitionBody {
  const { step, outputBucket } = props;
  const list = (id: string, item: string, key: string, child: IChainable, limits: Pick<DistributedMapProps, 'maxConcurrency' | 'toleratedFailurePercentage'>) =>
    new DistributedMap(scope, id, {
      itemReader: new RunList({ bucket: outputBucket, key }),
      itemSelector: { ...RUN, [item]: JsonPath.objectAt('$$.Map.Item.Value') },
      resultPath: JsonPath.DISCARD,
      ...limits,
    }).itemProcessor(child) as DistributedMap;
  const inFolder = (key: string, ...values: string[]) => JsonPath.format(`{}steps/${key}`, JsonPath.stringAt('$.run.folder'), ...values);
  const round = JsonPath.stringAt('$.next.answer.round');

  const plan = step.of('PlanRun', 'plan', {
    execution: { id: JsonPath.stringAt('$$.Execution.Id'), startTime: JsonPath.stringAt('$$.Execution.StartTime') },
    request: JsonPath.objectAt('$$.Execution.Input'),
  }, {
    resultSelector: {
      run: { id: JsonPath.stringAt('$.Payload.id'), folder: JsonPath.stringAt('$.Payload.folder') },
      decision: JsonPath.stringAt('$.Payload.decision'),
      cause: JsonPath.stringAt('$.Payload.cause'),
    },
  });
  const slices = list('SplitInput', 'slice', inFolder('slices.json'), step.of('SplitSlice', 'split', { ...RUN, slice: JsonPath.objectAt('$.slice') }, NOTHING), {
    maxConcurrency: SLICES_AT_A_TIME,
  });
  const group = step.of('GroupRecords', 'group', RUN, NEXT);
  const jobs = list('RunJobs', 'job', inFolder('round-{}/jobs-to-run.json', round), jobStates(scope, props), {
    maxConcurrency: props.concurrentJobs,
    // A failed child execution must not end the others: their jobs would continue, and be billed.
    toleratedFailurePercentage: 100,
  });
  const review = step.of('ReviewRound', 'review', {
    ...RUN, round: JsonPath.numberAt('$.next.answer.round'), repeats: JsonPath.numberAt('$.next.answer.repeats'),
  }, NEXT);
  const files = list('JoinResults', 'file', inFolder('joins.json'), step.of('JoinFile', 'join', { ...RUN, file: JsonPath.objectAt('$.file') }, NOTHING), {
    maxConcurrency: FILES_AT_A_TIME,
  });
  const summarize = step.of('Summarize', 'summarize', RUN, { outputPath: '$.Payload' });

  const decided = (decision: string) => Condition.stringEquals('$.next.answer.decision', decision);
  const next = new Choice(scope, 'ChooseNextStep')
    .when(decided('run'), jobs)
    .when(decided('join'), files)
    .when(decided('refuse'), new Fail(scope, 'RefuseRun', { errorPath: '$.next.answer.error', causePath: '$.next.answer.cause' }))
    .otherwise(summarize);
  const begin = new Choice(scope, 'CheckPlan')
    .when(Condition.stringEquals('$.decision', 'split'), slices)
    .when(Condition.stringEquals('$.decision', 'empty'), group)
    .when(Condition.stringEquals('$.decision', 'refuse'), new Fail(scope, 'RefuseDuplicateRequest', { error: DUPLICATE_REQUEST, causePath: '$.cause' }))
    .otherwise(new Succeed(scope, 'SkipDuplicateRequest'));
  slices.next(group).next(next);
  jobs.next(review).next(next);
  files.next(summarize);
  summarize.next(new Choice(scope, 'CheckResults')
    .when(Condition.stringEquals('$.outcome', 'succeeded'), new Succeed(scope, 'Succeed'))
    .otherwise(new Fail(scope, 'FailUnprocessedRecords', { error: RECORDS_NOT_PROCESSED, causePath: '$.cause' })));
  return DefinitionBody.fromChainable(plan.next(begin));
}

const NEXT = { resultSelector: { answer: JsonPath.objectAt('$.Payload') }, resultPath: '$.next' };

/** A list in the run's folder. Grants nothing: the state machine is granted these objects only, and not the whole bucket. */
class RunList extends S3JsonItemReader {
  public providePolicyStatements(): PolicyStatement[] {
    return [];
  }
}

/**
 * The parts of a state machine's definition that determine the price of batch jobs: its calls of Amazon Bedrock, and their models. An
 * override of any other part, such as a comment or a retry, does not change the price.
 */
export function pricedDefinition(stateMachine: StateMachine): PricedProperty[] {
  const resource = stateMachine.node.defaultChild as CfnStateMachine;
  const value = resource.definitionString;
  return [
    { resource, property: 'DefinitionString', value, current: () => resource.definitionString, priced: bedrockCalls },
    // Both would replace the text.
    { resource, property: 'Definition', current: () => resource.definition },
    { resource, property: 'DefinitionS3Location', current: () => resource.definitionS3Location },
  ];
}

const BEDROCK_CALLS = /states:::(?:aws-sdk:)?bedrock(?:runtime)?:[A-Za-z.]+|\\*"[mM]odelId\\*":\\*"[^"\\]*/g;

/** The calls in the order of the definition. A text that CloudFormation joins is read as the JSON of its parts. */
function bedrockCalls(definition: unknown): unknown {
  return (JSON.stringify(definition) ?? '').match(BEDROCK_CALLS)?.map((call) => call.replace(/\\/g, '')) ?? [];
}
