import { createRequire } from 'node:module';

// The library's types declare only an ES module, but the package can also be required.
type Library = typeof import('aws-local-stepfunctions', { with: { 'resolution-mode': 'import' } });

export const { ExecutionError, StateMachine }: Library = createRequire(__filename)('aws-local-stepfunctions');

// It is written for Node.js 22, where a promise comes with the functions that settle it.
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers() {
      const settle: { resolve?: unknown; reject?: unknown } = {};
      const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
      return { promise, ...settle };
    },
  });
}
