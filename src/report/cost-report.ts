import { IConstruct } from 'constructs';
import './report-writer';
import { registryOf } from '../estimates/registry';
import { Rate } from '../pricing/rate';

/** What holds for all estimates of an app. Context keys of the same meaning win over it. */
export interface CostReportOptions {
  /**
   * Rates of your own, such as negotiated ones. They win over the price book and no discount is taken off them.
   * @default - none
   */
  readonly rates?: Rate[];
  /**
   * A discount in percent on the price book's rates, from 0 to 100.
   * @default 0
   */
  readonly discountPercent?: number;
  /**
   * The path of a price-book file that is used in place of the embedded book.
   * @default - the embedded book
   */
  readonly priceBookFile?: string;
  /**
   * Hours in a month, above 0 and at most 744.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/**
 * The report that is written next to the templates on every synth: `bedrock-cost-report.json` and `.md`.
 *
 * It attaches itself with the first priced construct; this class is only needed to configure it.
 *
 * @example
 * CostReport.of(app).configure({ discountPercent: 10 });
 */
export class CostReport {
  /** The report of the app that a construct belongs to. */
  public static of(scope: IConstruct): CostReport {
    return new CostReport(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Sets what holds for all estimates of the app. Call it before the first priced construct is made.
   *
   * @throws if an estimate has already been made with other settings
   */
  public configure(options: CostReportOptions): CostReport {
    const registry = registryOf(this.scope);
    if (registry.settingsUsed) {
      throw new Error('CostReport.configure: call it before the first priced construct of the app is made; estimates have already been made without it');
    }
    registry.settings = { ...registry.settings, ...options };
    return this;
  }
}
