/** A call of a function that a stack has deployed. */
export interface FunctionCall {
  readonly stack: string;
  /** Of the function in the stack's template. */
  readonly logicalId: string;
  readonly actions: readonly string[];
}

/** What a function of the library may do and what it did, where the two differ. */
export interface Difference {
  readonly logicalId: string;
  /** Allowed, and never used in any stack. */
  readonly toSpare: readonly string[];
  /** Used in a stack whose template does not allow it. */
  readonly missing: readonly string[];
}

interface Template {
  readonly Resources: { readonly [logicalId: string]: { readonly Type: string; readonly Properties?: any } };
}

const FUNCTION = /^BedrockProvisionedModelThroughputProvider(?!Framework)/;

/** Every function writes its log, and may be traced: that says nothing about its work. */
const LEFT_OUT = /^(logs|xray):/;

/**
 * Compares what the roles of the throughput provider's own functions allow with what the functions called: none missing,
 * none to spare. Functions of CDK's framework are not ours and left out.
 *
 * @param templates the synthesized templates of a run, by stack
 * @param calls what the functions of these stacks have called over the whole run
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

/** The logical ids of the provider's own functions; in every stack they are the same. */
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
  // A managed policy of AWS is never among what was used: it shows up as one to spare.
  const actions: string[] = [...statements.flatMap(({ Action }) => Action), ...managed.map((arn: unknown) => `managed policy ${JSON.stringify(arn)}`)];
  return actions.filter((action) => !LEFT_OUT.test(action));
}

/** In IAM, `*` stands for anything, and the case of letters does not matter. */
function matches(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.?+^$(){}|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}
