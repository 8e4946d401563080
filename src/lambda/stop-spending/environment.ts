import { StopEnv } from './contract';
import { Refusal } from './outcome';

export function log(level: 'info' | 'error', what: object): void {
  console[level](JSON.stringify({ budget: process.env[StopEnv.BUDGET], ...what }));
}

export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Refusal(`the environment variable ${name} is missing`);
  return value;
}
