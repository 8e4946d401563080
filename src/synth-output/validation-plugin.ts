import { CfnResource, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation, Stack, Stage, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { PLUGIN_NAME } from '../estimates/acknowledgement';
import { budgetEvaluations, suppressedFinding } from '../estimates/budget-evaluation';
import { severityOf } from '../estimates/findings';
import { BudgetEntry, entriesBelow, once, registryOf } from '../estimates/registry';
import { isEnforced } from '../estimates/settings';
import { BudgetFinding } from '../gate/budget-evaluation';
import { sentence } from '../input/sentence';
import { MESSAGES } from '../messages';
import { isPrinted, printLines } from './print-summary';
import { largeTemplates, topLevelStack } from './template-limits';
import { coverageLines, unpricedUsage, usesInTemplates } from './unpriced-usage';

/**
 * The validation plugin of an app, for budgets and for uses of Amazon Bedrock without a price. CDK reports its violations with the source line and the suggested fix, supports acknowledgements with
 * a reason, and writes validation-report.json.
 */
class CostPlugin implements IPolicyValidationPlugin {
  public readonly name = PLUGIN_NAME;

  constructor(private readonly root: IConstruct) {}

  public validate(): PolicyValidationPluginReport {
    const violations = budgetEvaluations(this.root)
      .filter(({ entry }) => isEnforced(entry.construct))
      .flatMap((evaluation): PolicyViolation[] => {
        const { entry, finding } = evaluation;
        const suppressed = suppressedFinding(evaluation);
        return [
          // An INFO is not a violation: the budget prints it itself.
          ...(finding && finding.severity !== 'info' ? violationsOf(finding, violatingConstructs(this.root, entry)) : []),
          ...(suppressed ? violationsOf(suppressed, { first: suppressibleConstruct(entry, suppressed.acknowledgedAt) }) : []),
        ];
      });
    violations.push(...this.reviewUses(), ...largeTemplateViolations(this.root));
    return { success: violations.every(({ severity }) => severity !== 'error'), violations };
  }

  /** Prints the coverage of the uses of Amazon Bedrock, and returns a violation for each stack with a use that a budget lacks. */
  private reviewUses(): PolicyViolation[] {
    const uses = usesInTemplates(this.root);
    if (isPrinted(this.root)) printLines(this.root, coverageLines(uses));
    const { id: ruleName, fix } = MESSAGES.unpricedUsage;
    return unpricedUsage(this.root, uses).flatMap(({ severity, text, path }) => (
      severity === 'info' ? [] : [{ ruleName, severity, description: sentence(text), fix, violatingResources: [{ constructPath: path, locations: [] }] }]));
  }
}

/** The violations of a finding. The CLI prints the text of each named construct: the whole text for the budget, one line for the others. */
function violationsOf(finding: BudgetFinding, { first, covered = [], top = [] }: ViolatingConstructs): PolicyViolation[] {
  const { message, severity, text, brief, fix } = finding;
  const violation = (description: string, constructs: readonly IConstruct[]): PolicyViolation[] => {
    const violatingResources = constructs.map(violating);
    return violatingResources.length > 0 ? [{ ruleName: message.id, severity, description, violatingResources }] : [];
  };
  return [
    ...violation(text, [first]).map((of) => ({ ...of, fix })),
    ...violation(brief('this stack'), covered),
    ...violation(brief('a stage of this app'), top),
  ];
}

/** The constructs that a violation names. */
interface ViolatingConstructs {
  /** The budget itself. */
  readonly first: IConstruct;
  /** One construct in every other stack that the budget covers. */
  readonly covered?: readonly IConstruct[];
  /** A top-level stack of an app whose budget is in a stage. */
  readonly top?: readonly IConstruct[];
}

/** The violations for large templates. With a stack in a stage, a top-level stack is named, since plain `cdk synth` selects no stack in a stage. */
function largeTemplateViolations(root: IConstruct): PolicyViolation[] {
  const message = MESSAGES.templateTooLarge;
  return largeTemplates(root).flatMap(({ stack, text, fix, isAcknowledged }): PolicyViolation[] => {
    const severity = severityOf(stack, message);
    if (severity === 'off' || severity === 'info') return [];
    const top = isAcknowledged || Stage.of(stack) === root ? undefined : topLevelStack(root);
    const violatingResources = [stack, ...(top ? [top] : [])].map(({ node }) => ({ constructPath: node.path, locations: [] }));
    return [{ ruleName: message.id, description: sentence(text), fix: sentence(fix), severity, violatingResources }];
  });
}

/**
 * The constructs that a violation names, so that the CLI fails for every selection of covered stacks.
 *
 * The CLI drops violations outside of stacks, and counts only those of the selected stacks. Therefore a violation names the budget itself,
 * one construct in every stack that the budget covers, and, if the app has nested stages, a top-level stack, since plain `cdk synth` selects
 * no stack in a stage.
 */
function violatingConstructs(root: IConstruct, { construct, covers }: BudgetEntry): ViolatingConstructs {
  const home = Stack.of(construct);
  const covered = new Map<Stack, IConstruct>();
  const add = (stack: Stack, by: IConstruct) => stack === home || covered.has(stack) || covered.set(stack, by);
  for (const { construct: priced } of entriesBelow(covers)) add(Stack.of(priced), priced);
  for (const stack of stacksBelow(covers)) add(stack, stack);
  const isAtTop = (stack: Stack) => Stage.of(stack) === root;
  const top = [home, ...covered.keys()].some(isAtTop) ? undefined : stacksBelow(root).find(isAtTop);
  return { first: construct, covered: [...covered.values()], top: top && [top] };
}

/** A construct below the acknowledgement, so that CDK suppresses the violation and lists it in validation-report.json. */
function suppressibleConstruct({ construct, covers }: BudgetEntry, acknowledgedAt: IConstruct): IConstruct {
  return acknowledgedAt === construct ? construct : entriesBelow(covers)[0]?.construct ?? stacksBelow(covers)[0] ?? construct;
}

function stacksBelow(scope: IConstruct): Stack[] {
  return scope.node.findAll().filter((node): node is Stack => Stack.isStack(node));
}

/** The CloudFormation resource of a construct, if it has one: it has the source line of the user. */
function violating(construct: IConstruct): PolicyViolatingResource {
  // In an app in Python, Java, .NET or Go, the source line of a resource would be one of the jsii runtime.
  const resource = Stack.isStack(construct) || process.env.JSII_AGENT ? construct
    : construct.node.defaultChild ?? construct.node.findAll().find((node) => CfnResource.isCfnResource(node)) ?? construct;
  return { constructPath: resource.node.path, locations: [] };
}

/**
 * Attaches the plugin to an app, once. A tree whose root is not a stage has no plugins.
 *
 * Without a budget, it only prints: it is attached where the CLI runs the app, because each plugin costs a unit test some milliseconds.
 */
export function attachPlugin(construct: IConstruct, { hasBudget }: { readonly hasBudget: boolean }): void {
  const { root } = construct.node;
  if (!Stage.isStage(root) || !(hasBudget || isPrinted(root))) return;
  once(registryOf(root), 'plugin:app', () => Validations.of(root).addPlugins(new CostPlugin(root)));
}
