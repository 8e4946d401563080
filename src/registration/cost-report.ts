import { IConstruct } from 'constructs';
import { announceApp } from './record';
import { construct, required, requireArguments } from '../estimates/shape';

/**
 * The report that each synthesis writes beside the templates: `bedrock-cost-report.json` and `.md`.
 *
 * The first construct with a cost, or the first budget, attaches it. In an app that has none of them, `CostReport.of(app)` does.
 * `PriceSettings` configures the prices, context keys the output on screen.
 *
 * @example
 * CostReport.of(app);
 */
export class CostReport {
  /** The report of the app that a construct belongs to. The call attaches it, if nothing has done so before. */
  public static of(scope: IConstruct): CostReport {
    requireArguments('CostReport.of: ', { scope }, { scope: required(construct('a construct, a stack, a stage or the app')) });
    announceApp(scope);
    return new CostReport();
  }

  private constructor() {}
}
