import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { unusedRates } from './unused-rates';
import { unusedUsage } from './unused-usage';
import { knownConstructs } from '../estimates/constructs';
import { addFinding } from '../estimates/findings';
import { entriesBelow, isBelow, priceEntries, RegisteredFinding, registryOf } from '../estimates/registry';
import { settingsProblem } from '../estimates/settings';
import { withFix } from '../input/sentence';

/** Findings that no annotation shows, since all stacks of the app are synthesized already. */
export interface UnseenFindings {
  /** Those that are errors, as texts of a validation. */
  readonly refusals: string[];
  /** The others, as lines for the screen. */
  readonly lines: readonly string[];
}

/**
 * Warns of rates of your own, and of parts of the usage file, that change nothing.
 *
 * Called when the root of the app is validated: all stages are synthesized then, some of them long before the app was complete
 * (a pipeline does so), and the stacks outside of stages are not, so that one of them can carry the warnings.
 */
export function warnOfUnusedInput(root: IConstruct): UnseenFindings {
  const { budgets, findings } = registryOf(root);
  const ours = [...entriesBelow(root), ...budgets].map(({ construct }) => construct).filter((construct) => isBelow(construct, root));
  if (ours.length === 0 || settingsProblem(root) !== undefined) return { refusals: [], lines: [] };
  const before = findings.length;
  priceEntries(root);
  const warnings = [...unusedUsage(root), ...unusedRates(root)];
  if (warnings.length === 0 && findings.length === before) return { refusals: [], lines: [] };
  const top = topLevelStacks(root);
  const carrier = top.find((stack) => ours.some((construct) => isBelow(construct, stack))) ?? top[0];
  for (const [message, text] of warnings) addFinding(carrier ?? Stack.of(ours[0]), message, text);
  const unseen = carrier === undefined ? findings.slice(before) : [];
  return {
    refusals: unseen.filter(({ severity }) => severity === 'error').map((finding) => `${finding.id}: ${textOf(finding)}`),
    lines: unseen.filter(({ severity }) => severity === 'warning').map((finding) => `[Warning at /${finding.construct.node.path}] ${textOf(finding)}`),
  };
}

/** The stacks that are in no nested stage, without nested stacks. */
function topLevelStacks(root: IConstruct): Stack[] {
  const stage = Stage.isStage(root) ? root : undefined;
  return knownConstructs(root).stacks.filter((node) => node.nestedStackParent === undefined && Stage.of(node) === stage);
}

function textOf({ message, fix }: RegisteredFinding): string {
  return fix === null ? message : withFix(message, fix);
}
