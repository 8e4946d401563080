import { AlarmState } from './alarm-state';

export interface AlarmRule {
  /** The alarms of the rule, by name or ARN. */
  readonly names: readonly string[];
  readonly holds: Condition;
}

type Condition = (stateOf: (name: string) => AlarmState) => boolean;

/**
 * The language of a composite alarm's rule: `ALARM("x")`, `OK("x")`, `INSUFFICIENT_DATA("x")`, `TRUE`, `FALSE`, `AND`, `OR`,
 * `NOT` and parentheses. AWS does not document the precedence of AND and OR: a mixture without parentheses is refused.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = text.match(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"[^"]*"|[^")\s]+)\s*\)|\b\w+\b|\S/g) ?? [];
  const names = new Set<string>();
  let next = 0;
  const refuse = (why: string): never => {
    throw new Error(`the simulator does not understand the alarm rule ${JSON.stringify(text)}: ${why}`);
  };

  const all = (): Condition => {
    const terms = [term()];
    const operator = tokens[next];
    while (tokens[next] === 'AND' || tokens[next] === 'OR') {
      if (tokens[next] !== operator) refuse('AND and OR beside each other');
      next++;
      terms.push(term());
    }
    return operator === 'OR' ? (states) => terms.some((holds) => holds(states)) : (states) => terms.every((holds) => holds(states));
  };
  const term = (): Condition => {
    const token = tokens[next++] ?? refuse('it ends too early');
    if (token === 'NOT') {
      const negated = term();
      return (states) => !negated(states);
    }
    if (token === '(') {
      const inner = all();
      if (tokens[next++] !== ')') refuse('a parenthesis is not closed');
      return inner;
    }
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    const [, state, name] = /^(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^"]*?)"?\s*\)$/.exec(token) ?? refuse(`what is ${token}?`);
    names.add(name);
    return (stateOf) => stateOf(name) === AlarmState[state as keyof typeof AlarmState];
  };

  const holds = all();
  if (next < tokens.length) refuse(`what is ${tokens[next]}?`);
  return { names: [...names], holds };
}
