// Loaded with --require: `cdk-bedrock-cost` and `../lib` are the library of the checkout that LIBRARY names.
const Module = require('node:module');
const { join } = require('node:path');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function resolve(request, parent, ...rest) {
  const own = /^cdk-bedrock-cost$|^(\.\.\/)+lib(\/.*)?$/.exec(request);
  const isOfAnApp = own && !/node_modules|\/lib\//.test(parent?.filename ?? '');
  return resolveFilename.call(this, isOfAnApp ? join(process.env.LIBRARY, 'lib', own[2] ?? '') : request, parent, ...rest);
};
