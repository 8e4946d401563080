/** A template of a stack, by the path of the stack. */
interface OfStack {
  readonly stack: string;
}

/**
 * Values by the name that the templates give them, such as roles by `RoleName`. Two stages of an app may use the same name: the value of
 * the same template is found first, then the one of the nearest stage or parent stack.
 */
export class ByName<T> {
  private readonly values = new Map<string, T>();

  public add(source: OfStack, name: string, value: T): void {
    for (const scope of scopesOf(source)) {
      const key = `${scope}\n${name}`;
      if (!this.values.has(key)) this.values.set(key, value);
    }
  }

  public get(source: OfStack, name: string): T | undefined {
    const scope = scopesOf(source).find((candidate) => this.values.has(`${candidate}\n${name}`));
    return scope === undefined ? undefined : this.values.get(`${scope}\n${name}`);
  }
}

/** The stack, the path above it, and the whole app. */
function scopesOf({ stack }: OfStack): string[] {
  return [`${stack}/`, stack.slice(0, stack.lastIndexOf('/') + 1), ''];
}
