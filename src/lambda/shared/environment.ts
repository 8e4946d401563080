import { Refusal } from './errors';

/** The value of an environment variable of the function. */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Refusal(`The environment variable ${name} is missing.`);
  return value;
}
