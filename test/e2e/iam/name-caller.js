// Loaded into each Lambda process of the emulator before the function (NODE_OPTIONS=--require).
//
// The AWS SDK writes AWS_EXECUTION_ENV into the user agent, where the recorder finds the caller. (AWS_SDK_UA_APP_ID would do
// the same, but warns of names with more than 50 characters.)
process.env.AWS_EXECUTION_ENV = `Lambda-${process.env.AWS_LAMBDA_FUNCTION_NAME}`;

// The emulator's Step Functions wait a tenth of the time (SFN_WAIT_SCALE). Time also passes ten times as fast in the functions, since their
// waits would otherwise outlast the waiter that polls them.
const { existsSync, readFileSync } = require('node:fs');
const { E2E_CLOCK_FROM: from, E2E_CLOCK_SPEED: speed = '1', E2E_CLOCK_FILE: file } = process.env;
if (from !== undefined) {
  const { now } = Date;
  // A test may set the clock to any time, and reset it.
  Date.now = () => (file !== undefined && existsSync(file) ? Number(readFileSync(file, 'utf8')) : Math.round(Number(from) + (now() - Number(from)) * Number(speed)));
}
