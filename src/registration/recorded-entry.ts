import { IConstruct } from 'constructs';
import { PricedFacts, UsagePricing } from './usage-pricing';
import { CostEntry } from '../estimates/registry';

/** The fields of an entry that are known before its usage is priced. */
export interface OwnFacts extends Omit<CostEntry, keyof PricedFacts | 'construct' | 'type'> {
  /** Undefined where the billing mode is read from the template at synthesis. */
  readonly type: CostEntry['type'] | undefined;
}

/** An entry whose construct and prices are read from their source each time: both may change until synthesis. */
export class RecordedEntry implements CostEntry {
  public readonly commitment: CostEntry['commitment'];
  public readonly source: CostEntry['source'];
  public readonly tokenMetrics: CostEntry['tokenMetrics'];
  public readonly isModelToken: CostEntry['isModelToken'];
  public readonly throughput: CostEntry['throughput'];
  public readonly batchJobs: CostEntry['batchJobs'];
  public readonly notify: CostEntry['notify'];
  public readonly isEstimate: CostEntry['isEstimate'];
  public readonly templateDiffers: CostEntry['templateDiffers'];
  private readonly ownType: CostEntry['type'] | undefined;

  constructor(private readonly subject: () => IConstruct, private readonly pricing: Pick<UsagePricing<object>, 'now'>, own: OwnFacts) {
    this.ownType = own.type;
    this.commitment = own.commitment;
    this.source = own.source;
    this.tokenMetrics = own.tokenMetrics;
    this.isModelToken = own.isModelToken;
    this.throughput = own.throughput;
    this.batchJobs = own.batchJobs;
    this.notify = own.notify;
    this.isEstimate = own.isEstimate;
    this.templateDiffers = own.templateDiffers;
  }

  public get construct(): IConstruct { return this.subject(); }
  public get type(): CostEntry['type'] { return this.ownType ?? this.pricing.now.type; }
  public get pricedUsage(): CostEntry['pricedUsage'] { return this.facts.pricedUsage; }
  public get model(): CostEntry['model'] { return this.facts.model; }
  public get region(): CostEntry['region'] { return this.facts.region; }
  public get regionAssumed(): CostEntry['regionAssumed'] { return this.facts.regionAssumed; }
  public get isRefused(): CostEntry['isRefused'] { return this.facts.isRefused; }
  public get estimate(): CostEntry['estimate'] { return this.facts.estimate; }
  public get low(): CostEntry['low'] { return this.facts.low; }
  public get high(): CostEntry['high'] { return this.facts.high; }
  public get priceUses(): CostEntry['priceUses'] { return this.facts.priceUses; }
  public get otherServices(): CostEntry['otherServices'] { return this.facts.otherServices; }
  public get usageFile(): CostEntry['usageFile'] { return this.facts.usageFile; }

  private get facts(): PricedFacts { return this.pricing.now.facts; }
}
