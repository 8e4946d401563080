import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Aws } from './aws';

/** The parameter of CDK's bootstrap stack. */
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';

/** A problem that keeps a run from starting, for a person to mend. */
export class CannotRun extends Error {}

/**
 * The number of the account.
 *
 * @throws CannotRun when there are no credentials, when they are refused, or when the region is not bootstrapped
 */
export async function accountOf({ sts, ssm, region }: Aws): Promise<string> {
  const account = await sts.send(new GetCallerIdentityCommand({})).then(({ Account }) => Account!, ({ name, message }: Error) => {
    throw new CannotRun(`No AWS credentials work in ${region} (${name}: ${message}). Sign in, for example with "aws sso login", and set AWS_PROFILE.`);
  });
  await ssm.send(new GetParameterCommand({ Name: BOOTSTRAP })).catch((thrown: Error) => {
    if (thrown.name !== 'ParameterNotFound') throw thrown;
    throw new CannotRun(`The region ${region} is not bootstrapped. Run: npx cdk bootstrap aws://${account}/${region}`);
  });
  return account;
}
