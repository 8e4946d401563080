import { Scene } from './scene';
import { compareWithRole, FunctionCall, functionsIn } from '../iam/compare-with-role';
import { RecordedCall } from '../iam/recorder';
import { resourcesOf as about } from '../iam/resources';
import { Simulation } from '../iam/simulation';
import { ACCOUNT } from '../services';
import { resourcesOf } from '../stacks';

/** Calls of the functions of CDK's framework have no user agent: they have no SDK, and the emulator answers them with a stub. */
const FRAMEWORK = /^(lambda:InvokeFunction|states:StartExecution|unsigned:.*cfn-response.*)$/;

interface DeployedFunction {
  readonly stack: string;
  readonly logicalId: string;
  readonly roleArn: string;
}

/** Checks that the functions of the provider use exactly the permissions of their roles in a whole run. */
export class RoleWatch {
  private readonly functions = new Map<string, DeployedFunction>();
  private readonly simulation: Simulation;
  /** The number of recorded calls that were compared with the deployed policies. */
  private judged = 0;

  constructor(private readonly scene: Scene) {
    this.simulation = new Simulation(scene.environment.url);
  }

  /** Compares the actions and resources of the calls since the last comparison with the currently deployed policies. */
  public async look(...stacks: string[]): Promise<void> {
    for (const stack of stacks) await this.register(stack);
    const { calls } = this.scene.environment.recorder;
    const questions = this.questions(calls.slice(this.judged));
    this.judged = calls.length;
    const denied: string[] = [];
    for (const [what, question] of questions) if (!await this.simulation.allows(...question)) denied.push(what);
    this.scene.same(`the ${questions.size} different calls so far were about what the roles name`, denied, []);
    const [[roleArn, action, resource] = []] = [...questions.values()].filter(([, name]) => name === 'ssm:PutParameter');
    const ofAnother = resource?.replace('parameter/cdk-bedrock-cost/', 'parameter/cdk-bedrock-cost/another-');
    this.scene.check('which name no parameter of another stack', roleArn !== undefined && ofAnother !== resource && !await this.simulation.allows(roleArn, action!, ofAnother!));
  }

  /** Checks the whole run. @param stacks all deployed stacks, as they were last synthesized */
  public finish(...stacks: string[]): void {
    const templates = Object.fromEntries(stacks.map((stack) => [stack, this.scene.template(stack)]));
    const { calls } = this.scene.environment.recorder;
    const strangers = calls.filter(({ functionName, action }) => !this.functions.has(functionName) && !FRAMEWORK.test(action));
    this.scene.same('it is known of every call which function made it', [...new Set(strangers.map(({ functionName, action }) => `${functionName}: ${action}`))], []);
    const known: FunctionCall[] = calls.flatMap(({ functionName, action, takes }) => {
      const called = this.functions.get(functionName);
      return called ? [{ ...called, actions: [action, ...takes] }] : [];
    });
    const seen = [...new Set(known.map(({ logicalId }) => logicalId))].sort();
    this.scene.same('every function but the first one has called AWS', functionsIn(templates).filter((id) => !seen.includes(id) && !/OnEvent/.test(id)), []);
    this.scene.same('the functions have used what their roles allow, all of it and nothing else', compareWithRole(templates, known), []);
  }

  /** The functions of the provider of a stack, by their physical names. */
  private async register(stack: string): Promise<void> {
    const template = this.scene.template(stack);
    const deployed = await resourcesOf(this.scene.environment.url, stack);
    const physical = (id: string) => deployed.find(({ logicalId }) => logicalId === id)?.physicalId;
    for (const logicalId of functionsIn({ [stack]: template })) {
      const [roleId] = template.Resources[logicalId].Properties.Role['Fn::GetAtt'];
      this.functions.set(physical(logicalId)!, { stack, logicalId, roleArn: `arn:aws:iam::${ACCOUNT}:role/${physical(roleId)}` });
    }
  }

  private questions(calls: readonly RecordedCall[]): Map<string, readonly [roleArn: string, action: string, resource: string]> {
    const all = new Map<string, readonly [roleArn: string, action: string, resource: string]>();
    for (const call of calls) {
      const called = this.functions.get(call.functionName);
      // The roles of the stack that was rolled back are deleted.
      if (!called || called.stack === 'Quota') continue;
      for (const [action, resources] of Object.entries(about(call))) {
        for (const resource of resources) all.set([called.roleArn, action, resource].join(' '), [called.roleArn, action, resource]);
      }
    }
    return all;
  }
}
