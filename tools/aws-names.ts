// Compares the limits that the library keeps to with the constraints in AWS's own API models, as botocore ships them.
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { Limit } from '../src/aws/limits';

const { Checks } = require('./staging');

type Name = keyof typeof Limit;

/** Limits that AWS's models state as constraints: service, shape, constraint. */
const IN_MODELS: { readonly [name in Name]?: readonly [service: string, shape: string, constraint: 'max' | 'min'] } = {
  PROVISIONED_MODEL_NAME: ['bedrock', 'ProvisionedModelName', 'max'],
  INFERENCE_PROFILE_NAME: ['bedrock', 'InferenceProfileName', 'max'],
  INFERENCE_PROFILE_DESCRIPTION: ['bedrock', 'InferenceProfileDescription', 'max'],
  JOB_TIMEOUT_HOURS_MIN: ['bedrock', 'ModelInvocationJobTimeoutDurationInHours', 'min'],
  JOB_TIMEOUT_HOURS_MAX: ['bedrock', 'ModelInvocationJobTimeoutDurationInHours', 'max'],
  JOB_SECURITY_GROUPS: ['bedrock', 'SecurityGroupIds', 'max'],
  TAG_KEY: ['bedrock', 'TagKey', 'max'],
  TAG_VALUE: ['bedrock', 'TagValue', 'max'],
  ALARM_DESCRIPTION: ['cloudwatch', 'AlarmDescription', 'max'],
  ALARM_RULE: ['cloudwatch', 'AlarmRule', 'max'],
  ALARM_NAME: ['cloudwatch', 'AlarmName', 'max'],
  ALARM_ACTIONS: ['cloudwatch', 'ResourceList', 'max'],
  DIMENSION_VALUE: ['cloudwatch', 'DimensionValue', 'max'],
  ROLES_OF_BUDGET_ACTION: ['budgets', 'Roles', 'max'],
  POLICY_DESCRIPTION: ['iam', 'policyDescriptionType', 'max'],
  FUNCTION_DESCRIPTION: ['lambda', 'Description', 'max'],
  SCHEDULE_DESCRIPTION: ['scheduler', 'Description', 'max'],
  EXECUTION_CAUSE: ['stepfunctions', 'SensitiveCause', 'max'],
};

/** Limits that the models state only in their documentation: the service whose model has the text, and the text. */
const IN_TEXTS: { readonly [name in Name]?: readonly [service: string, words: RegExp] } = {
  TAGS: ['bedrock', /50 tags per resource/i],
  METRIC_DATA_QUERIES: ['cloudwatch', /as many as 500 (different )?metrics/i],
  METRIC_DATA_POINTS: ['cloudwatch', /100,800/],
  LISTED_METRICS: ['cloudwatch', /up to 500 results/i],
  NOTIFICATIONS_OF_BUDGET: ['budgets', /up to five notifications/i],
  EMAILS_OF_NOTIFICATION: ['budgets', /up to 10 email subscribers/i],
  NOTIFICATION_SUBJECT: ['sns', /less than 100 characters/i],
  PARAMETER_VALUE: ['ssm', /value limit of 4 KB/i],
};

/** Limits that only AWS's guides state; their docstrings name the page. */
const IN_GUIDES: readonly Name[] = ['METRICS_OF_MATH_ALARM', 'MANAGED_POLICY', 'MANAGED_POLICIES_OF_ROLE', 'SCHEDULE_INPUT',
  'JOB_RECORDS_MIN', 'JOB_RECORDS', 'JOB_BYTES', 'JOB_FILE_BYTES', 'JOBS_AT_A_TIME', 'OBJECT_KEY', 'TEMPLATE_RESOURCES', 'TEMPLATE_BYTES'];

const models = new Map<string, string>();

function main(data: string): void {
  const checks = new Checks();
  for (const [name, value] of Object.entries(Limit) as [Name, number][]) {
    const [constraint, text] = [IN_MODELS[name], IN_TEXTS[name]];
    if (constraint) {
      const [service, shape, bound] = constraint;
      const stated = JSON.parse(modelOf(data, service)).shapes[shape]?.[bound];
      checks.check(`${name}: ${service}'s ${shape} has the ${bound} ${value}`, stated === value, `the model states ${stated}`);
    } else if (text) {
      const [service, words] = text;
      checks.check(`${name}: the model of ${service} states ${words}`, words.test(modelOf(data, service)), 'it does not');
    } else {
      checks.check(`${name} has a source`, IN_GUIDES.includes(name), 'add it to tools/aws-names.ts');
    }
  }
  checks.close();
}

/** The newest model of a service as a text. */
function modelOf(data: string, service: string): string {
  const known = models.get(service);
  if (known) return known;
  const newest = readdirSync(join(data, service)).sort().pop()!;
  const model = gunzipSync(readFileSync(join(data, service, newest, 'service-2.json.gz'))).toString();
  models.set(service, model);
  return model;
}

main(process.argv[2]);
