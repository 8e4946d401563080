// Stages an example as a user's app: in a folder of its own, with the packed library in its node_modules.
//
// The library must be inside node_modules and the app outside of it, since estimates find the user's source line by that.
// Everything else (aws-cdk-lib, constructs, ts-node, the CDK CLI) comes from the checkout's node_modules, since the folder
// is below the checkout, in .tmp/.
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const { cpSync, mkdirSync, readdirSync, rmSync } = require('node:fs');
const { join, resolve } = require('node:path');

const ROOT = resolve(__dirname, '..');
const TMP = join(ROOT, '.tmp');

/** Builds the parts of the library that are not current. */
function ensureBuilt(log = console.error) {
  log('npm run build (about half a minute if nothing is built)');
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, env: withoutAws(), encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run build failed\n${stdout}${stderr}`);
}

/** Packs the library as for the registry and unpacks it into `folder`/node_modules/cdk-bedrock-cost. */
function installPacked(folder) {
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }).trim();
  unpack(join(folder, packed), folder);
  return join(folder, packed);
}

/** Unpacks a package of the library into `folder`/node_modules/cdk-bedrock-cost. */
function unpack(packed, folder) {
  const target = join(folder, 'node_modules', 'cdk-bedrock-cost');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', packed, '--strip-components=1', '-C', target]);
}

/** An empty folder in .tmp/. */
function emptyFolder(name) {
  const folder = join(TMP, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Copies an example, such as `typescript/getting-started`, to a folder of its own in .tmp/, and returns that folder. */
function stageExample(example, name) {
  ensureBuilt();
  const folder = emptyFolder(name);
  const skip = new Set(['node_modules', 'cdk.out', 'target']);
  for (const entry of readdirSync(join(ROOT, 'examples', example))) {
    if (!skip.has(entry)) cpSync(join(ROOT, 'examples', example, entry), join(folder, entry), { recursive: true });
  }
  installPacked(folder);
  return folder;
}

/** The environment without AWS credentials: these scripts must never reach the AWS account of the caller. */
function withoutAws(env = process.env) {
  const clean = Object.fromEntries(Object.entries(env).filter(([key]) => !/^(AWS_|CDK_)/.test(key)));
  return {
    ...clean,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    NO_COLOR: '1',
    // The machine's Node.js may be older than the version that the tools require, which these scripts do not test.
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  };
}

/** Runs a command to its end. Returns its exit code and its output, and never throws for an exit code. */
function run(command, args, { cwd = ROOT, env = withoutAws(), timeoutSeconds = 180 } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (data) => { output[stream] += data; });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ ...output, code: code ?? signal, text: output.stdout + output.stderr });
    });
  });
}

/** The CDK CLI of the checkout, by the path of its program: `npx cdk` runs the same one. */
const CDK = require.resolve('aws-cdk/bin/cdk');

/** Runs `cdk <args>` in a folder, without notices. */
function cdk(args, options) {
  return run(process.execPath, [CDK, ...args, '--no-notices'], options);
}

/** Counts checks, prints each of them, and ends with a line from which .ci/run computes the sum. */
class Checks {
  constructor(log = console.log) {
    this.passed = 0;
    this.failed = 0;
    this.log = log;
  }

  check(what, ok, detail) {
    if (ok) this.passed++;
    else this.failed++;
    this.log(`${ok ? '  ok    ' : '  FAILED'} ${what}`);
    if (!ok && detail !== undefined) this.log(`${detail}`.trimEnd().replace(/^/gm, '         | '));
    return ok;
  }

  /** Prints the closing line; the exit code is 1 if anything failed, or nothing was checked. */
  close() {
    this.log(`checks: ${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 || this.passed === 0 ? 1 : 0;
  }
}

module.exports = { ROOT, CDK, Checks, cdk, emptyFolder, ensureBuilt, installPacked, run, stageExample, unpack, withoutAws };
