import { StopEnv } from './contract';

export function log(level: 'info' | 'error', what: object): void {
  console[level](JSON.stringify({ budget: process.env[StopEnv.BUDGET], ...what }));
}
