import { modelFacts } from '../price-book/model-catalog';
import { ContextLength } from '../price-book/rate';

/** Long context is a matter of one request, with all tokens that go in; the whole request is then priced by it. */
export function contextOf(model: string, tokensIn: number): ContextLength {
  const threshold = modelFacts(model)?.longContextFromInputTokens;
  return threshold !== undefined && Math.ceil(tokensIn) >= threshold ? ContextLength.LONG : ContextLength.STANDARD;
}
