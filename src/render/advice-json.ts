import { AdviceContext, assumptionsOf, ORDER, priceDatesOfAdvice, SAMPLING } from './advice-text';
import { priceBookJson } from './price-basis';
import { jsonText } from './sanitize';
import { Decimal, toText } from '../pricing/decimal';
import { totalOf } from '../pricing/optimization/advise';
import { firstYearUsd, Technique } from '../pricing/optimization/technique';
import { priceDateFields } from '../pricing/price-book/price-dates';
import { WorkloadAdvice } from '../usage-file/advise-usage-file';

/** Renders advice as JSON: exact decimal texts, null for unknown values. */
export function renderAdviceJson(workloads: readonly WorkloadAdvice[], context: AdviceContext): string {
  const { inputs } = context;
  return jsonText({
    schemaVersion: '1',
    currency: 'USD',
    priceBook: priceBookJson(context),
    ...priceDateFields(priceDatesOfAdvice(workloads)),
    inputs: { ...inputs, modelUnits: inputs.modelUnits ?? 1 },
    workloads: workloads.map(({ name, type, model, region, advice }) => ({
      name,
      type,
      model,
      region,
      monthlyUsd: advice?.current._toJson().monthlyUsd ?? null,
      techniques: advice?.techniques.map(techniqueJson) ?? [],
      customizableModels: advice?.customizable ?? [],
    })),
    total: totalOf(workloads.flatMap(({ advice }) => advice ?? [])).map(techniqueCostJson),
    assumptions: assumptionsOf(context),
    notes: [ORDER, SAMPLING],
  });
}

function techniqueJson(technique: Technique): object {
  const { name, lines, notes, assumptions, missingPrices, usdPer100InputTokens: worth } = technique;
  const step = name === 'prompt-engineering' ? { monthlyUsdPer100InputTokens: worth ? toText(worth) : null } : {};
  const exactLines = lines.map(({ usd, ...line }) => ({ ...line, usd: toText(usd) }));
  return { ...techniqueCostJson(technique), ...step, lines: exactLines, notes, assumptions, missingPrices };
}

function techniqueCostJson(technique: Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>): object {
  const { name, oneTimeUsd, monthlyChangeUsd } = technique;
  const text = (usd: Decimal | undefined) => (usd === undefined ? null : toText(usd));
  return { name, oneTimeUsd: text(oneTimeUsd), monthlyChangeUsd: text(monthlyChangeUsd), firstYearUsd: text(firstYearUsd(technique)) };
}
