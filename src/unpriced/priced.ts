import { constructPath } from './plain-template';
import { Usage } from './usages';

/** Paths at which a report has a price, for the question whether a use is priced. */
export class PricedPaths {
  private readonly paths: Set<string>;
  /** Paths above a priced one. */
  private readonly above = new Set<string>();

  constructor(paths: Iterable<string>) {
    this.paths = new Set(paths);
    for (const path of this.paths) for (const higher of higherPaths(path)) this.above.add(higher);
  }

  /** True if a price is at, above or below one of the resources that make up the use. */
  public has({ paths }: Usage): boolean {
    return paths.some((path) => {
      // The price of an L2 construct may be below it, beside the L1.
      return this.above.has(constructPath(path)) || [path, ...higherPaths(path)].some((higher) => this.paths.has(higher));
    });
  }
}

function higherPaths(path: string): string[] {
  const paths: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) paths.push(path.slice(0, end));
  return paths;
}
