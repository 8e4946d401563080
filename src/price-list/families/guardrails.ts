import { decimal } from '../../pricing/decimal';
import { ANY_MODEL, RateKind, RateUnit } from '../../pricing/price-book/rate';
import { NameMap, notUnderstood, PriceRow, Reading } from '../listed-sku';
import { times } from '../units';

/** Policy of each usagetype: `-Guardrail-` for ApplyGuardrail and inference, `-GuardrailChecks-` for InvokeGuardrailChecks. */
const POLICIES = new Map(Object.entries({
  'Guardrail-ContentPolicyUnitsConsumed': 'content-text',
  'Guardrail-ContentPolicyImageUnitsConsumed': 'content-image',
  'Guardrail-TopicPolicyUnitsConsumed': 'denied-topics',
  'Guardrail-SensitiveInformationPolicyPaidUnitsConsumed': 'sensitive-information',
  'Guardrail-SensitiveInformationPolicyFreeUnitsConsumed': 'sensitive-information-regex',
  'Guardrail-ContextualGroundingPolicyUnitsConsumed': 'contextual-grounding',
  'Guardrail-AutomatedReasoningPolicyUnitsConsumed': 'automated-reasoning',
  'GuardrailChecks-ContentFilterCheckUnitsConsumed': 'checks-content-filter',
  'GuardrailChecks-PromptAttackCheckUnitsConsumed': 'checks-prompt-attack',
  'GuardrailChecks-SensitiveInformationCheckUnitsConsumed': 'checks-sensitive-information',
}));
const WORD_FILTER = 'Guardrail-WordPolicyUnitsConsumed';
/** Policies of the known policyTypes. A row's policyType must agree with its usagetype. */
const POLICY_TYPES = new Map([['GuardrailContent', ['content-text', 'content-image']]]);

/** Reads the prices of guardrails: text units, and images, for each policy. */
export function guardrails({ attributes, unit, usd, description }: PriceRow, _names: NameMap): Reading | undefined {
  const usage = /(?:^|-)(Guardrail(?:Checks)?-.+)$/.exec(attributes.usagetype)?.[1];
  if (usage === undefined) return undefined;
  if (usage === WORD_FILTER && decimal(usd).toNumber() === 0) return { skipped: 'word filters of a guardrail are free' };
  const policy = POLICIES.get(usage);
  if (policy === undefined) return notUnderstood('guardrail: unknown policy');
  const allowed = POLICY_TYPES.get(attributes.policyType ?? '');
  if (allowed !== undefined && !allowed.includes(policy)) {
    return notUnderstood('usagetype and policyType contradict each other');
  }
  if (policy === 'content-image') {
    if (!/^images?$/i.test(unit)) return notUnderstood(`unit ${unit}: unknown for images that a guardrail checks`);
    return { understood: [{ model: ANY_MODEL, kind: RateKind.IMAGE, usd, unit: RateUnit.IMAGE, policy }] };
  }
  if (unit !== 'TextUnit') return notUnderstood(`unit ${unit}: unknown for guardrails`);
  const perThousand = times(usd, 1000);
  if (!agrees(description, usd, perThousand)) return notUnderstood('price and description contradict each other');
  return { understood: [{ model: ANY_MODEL, kind: RateKind.TEXT_UNIT, usd: perThousand, unit: RateUnit.THOUSAND_TEXT_UNITS, policy }] };
}

/** Whether the amount of the description is the price of one text unit or of 1,000, as most descriptions state it. */
function agrees(description: string, perUnit: string, perThousand: string): boolean {
  const [, amount, scale] = /^\$(\d+(?:\.\d+)?) per (1K )?text ?units?\b/i.exec(description) ?? [];
  return amount === undefined || decimal(amount).cmp(decimal(scale === undefined ? perUnit : perThousand)) === 0;
}
