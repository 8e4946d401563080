import { PricingError } from '../../src/input/error';
import { REGION } from '../../src/pricing/region';

/** One mapping of a price file, read field by field. Every error names the place, the value and the allowed values. */
export class Fields {
  private readonly content: { readonly [name: string]: unknown };

  /** @param known every field that the mapping may have, so that a misspelt one is not lost silently */
  constructor(value: unknown, readonly place: string, known?: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PricingError(place, value, 'a mapping');
    this.content = value as { readonly [name: string]: unknown };
    for (const name of this.names()) {
      if (known && !known.includes(name)) throw new PricingError(`${place}: field`, name, `one of ${known.join(', ')}`);
    }
  }

  public names(): string[] {
    return Object.keys(this.content);
  }

  public has(name: string): boolean {
    return this.content[name] !== undefined;
  }

  public text(name: string, pattern = /\S/, allowed = 'a text'): string {
    const value = this.content[name];
    if (typeof value !== 'string' || !pattern.test(value)) this.fail(name, allowed);
    return value;
  }

  public optionalText(name: string, pattern?: RegExp, allowed?: string): string | undefined {
    return this.has(name) ? this.text(name, pattern, allowed) : undefined;
  }

  public choice<T extends string>(name: string, values: readonly T[]): T {
    const value = this.content[name] as T;
    if (!values.includes(value)) this.fail(name, `one of ${values.join(', ')}`);
    return value;
  }

  public optionalChoice<T extends string>(name: string, values: readonly T[]): T | undefined {
    return this.has(name) ? this.choice(name, values) : undefined;
  }

  /** US dollars: always a text in the file, which YAML readers do not convert to a float. */
  public usd(name: string): string {
    return this.text(name, /^\d+(\.\d+)?$/, 'dollars as a quoted decimal text such as "0.0008"');
  }

  public day(name: string): string {
    const day = this.text(name, /^\d{4}-\d\d-\d\d$/, 'a day as YYYY-MM-DD');
    if (new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) !== day) this.fail(name, 'a day of the calendar');
    return day;
  }

  public optionalDay(name: string): string | undefined {
    return this.has(name) ? this.day(name) : undefined;
  }

  public flag(name: string, values: readonly boolean[]): boolean {
    const value = this.content[name] as boolean;
    if (!values.includes(value)) this.fail(name, values.join(' or '));
    return value;
  }

  public count(name: string): number {
    const value = this.content[name];
    if (!(Number.isSafeInteger(value) && (value as number) > 0)) this.fail(name, 'a whole number above 0');
    return value as number;
  }

  public optionalCount(name: string): number | undefined {
    return this.has(name) ? this.count(name) : undefined;
  }

  /** A list of mappings; none when left out. */
  public list<T>(name: string, read: (value: unknown, place: string) => T): T[] {
    const value = this.content[name] ?? [];
    if (!Array.isArray(value)) this.fail(name, 'a list');
    return value.map((item, i) => read(item, `${this.place}: ${name}[${i}]`));
  }

  /** A list of texts without repetition; none when left out. */
  public texts(name: string, pattern: RegExp, allowed: string): string[] {
    const texts = this.list(name, (value, place) => {
      if (typeof value !== 'string' || !pattern.test(value)) throw new PricingError(place, value, allowed);
      return value;
    });
    if (new Set(texts).size < texts.length) this.fail(name, 'a list without repetition');
    return texts;
  }

  public regionsOrOpen(name: string): string[] | 'open' {
    if (this.content[name] === 'open') return 'open';
    const regions = this.texts(name, REGION, 'a region such as us-east-1');
    if (regions.length === 0) this.fail(name, 'open, or a list of at least one region');
    return regions.sort();
  }

  public optionalFields(name: string, known?: readonly string[]): Fields | undefined {
    return !this.has(name) ? undefined : new Fields(this.content[name], `${this.place}: ${name}`, known);
  }

  public fail(name: string, allowed: string): never {
    if (this.content[name] === undefined) throw new Error(`${this.place}: ${name} is required. Give ${allowed}.`);
    throw new PricingError(`${this.place}: ${name}`, this.content[name], allowed);
  }
}
