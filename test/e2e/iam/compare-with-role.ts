/** A call of a function that a stack has deployed. */
export interface FunctionCall {
  readonly stack: string;
  /** The logical id of the function in the template of the stack. */
  readonly logicalId: string;
  readonly actions: readonly string[];
}

/** The differences between the permissions of a function of the library and its calls. */
export interface Difference {
  readonly logicalId: string;
  /** Allowed actions that are not used in any stack. */
  readonly toSpare: readonly string[];
  /** Actions that are used in a stack whose template does not allow them. */
  readonly missing: readonly string[];
}

interface Template {
  readonly Resources: { readonly [logicalId: string]: { readonly Type: string; readonly Properties?: any } };
}

const FUNCTION = /^BedrockProvisionedModelThroughputProvider(?!Framework)/;

/** Actions of every function for logs and traces, which are not compared. */
const LEFT_OUT = /^(logs|xray):/;

/**
 * Compares the permissions of the roles of the throughput provider's functions with the calls of the functions: no permission may be missing
 * or unused. Functions of CDK's framework are left out.
 *
 * @param templates the synthesized templates of a run, by stack
 * @param calls the calls of the functions of these stacks in the whole run
 */
export function compareWithRole(templates: { readonly [stack: string]: Template }, calls: readonly FunctionCall[]): Difference[] {
  return functionsIn(templates).map((logicalId) => {
    const mine = calls.filter((call) => call.logicalId === logicalId);
    const used = (stack?: string) => [...new Set(mine.filter((call) => stack === undefined || call.stack === stack)
      .flatMap(({ actions }) => actions))];
    const allowed = Object.fromEntries(Object.entries(templates).map(([stack, template]) => [stack, allowedActions(template, logicalId)]));
    return {
      logicalId,
      toSpare: [...new Set(Object.values(allowed).flat())].filter((pattern) => !used().some((action) => matches(pattern, action))).sort(),
      missing: Object.entries(allowed).flatMap(([stack, patterns]) => used(stack)
        .filter((action) => !LEFT_OUT.test(action) && !patterns.some((pattern) => matches(pattern, action)))
        .map((action) => `${action} (${stack})`)).sort(),
    };
  }).filter(({ toSpare, missing }) => toSpare.length > 0 || missing.length > 0);
}

/** The logical ids of the functions of the provider, which are the same in every stack. */
export function functionsIn(templates: { readonly [stack: string]: Template }): string[] {
  const all = Object.values(templates).flatMap(({ Resources }) => Object.entries(Resources)
    .filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && FUNCTION.test(id)).map(([id]) => id));
  return [...new Set(all)].sort();
}

function allowedActions(template: Template, functionId: string): string[] {
  const [roleId] = template.Resources[functionId]?.Properties.Role['Fn::GetAtt'] ?? [];
  if (roleId === undefined) return [];
  const { Policies: inline = [], ManagedPolicyArns: managed = [] } = template.Resources[roleId].Properties;
  const attached = Object.values(template.Resources).filter(({ Type, Properties }) => /^AWS::IAM::(Managed)?Policy$/.test(Type)
    && Properties.Roles?.some(({ Ref }: any) => Ref === roleId)).map(({ Properties }) => Properties);
  const statements = [...inline, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');
  // A managed policy of AWS counts as unused.
  const actions: string[] = [...statements.flatMap(({ Action }) => Action), ...managed.map((arn: unknown) => `managed policy ${JSON.stringify(arn)}`)];
  return actions.filter((action) => !LEFT_OUT.test(action));
}

/** Matches an IAM pattern, in which `*` stands for any text and case does not matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.?+^$(){}|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
