import { execFile } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { installPacked, unpack } from '../../tools/staging';

const ROOT = resolve(__dirname, '../..');

/** The versions of aws-cdk-lib that are tested, and where npm has put them. */
export const CDK_VERSIONS = [['lowest', 'aws-cdk-lib'], ['newest', 'aws-cdk-lib-newest']] as const;

/** The result of a command; a failure is an exit code, too. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  /** The part of the output that was written to standard error. */
  readonly stderr: string;
}

/** The library's package, made once for all apps of a test file. */
let packed: Buffer | undefined;

/**
 * A folder with an app that uses the packed library, as a user's would: the library is in node_modules (so that it is not
 * taken for the user's code) beside the given version of aws-cdk-lib.
 */
export class AppFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'cdk-app-'));

  constructor(app: string, cdkLibrary: string = 'aws-cdk-lib') {
    if (!existsSync(join(ROOT, 'lib/index.js'))) throw new Error('lib/ does not exist. Run npm run build.');
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules);
    symlinkSync(join(ROOT, 'node_modules', cdkLibrary), join(modules, 'aws-cdk-lib'));
    symlinkSync(join(ROOT, 'node_modules/constructs'), join(modules, 'constructs'));
    this.install(this.path);
    cpSync(join(__dirname, 'apps', app), join(this.path, 'app.js'));
  }

  /** Installs the library's package in the node_modules of a folder. */
  install(folder: string): void {
    if (!packed) {
      packed = readFileSync(installPacked(folder));
      return;
    }
    const file = join(this.path, 'library.tgz');
    writeFileSync(file, packed);
    unpack(file, folder);
  }

  /** Runs the real CDK CLI, on the app or on a cloud assembly that it has made. Never rejects. */
  cdk(args: string[], env: { [name: string]: string } = {}, app = `${process.execPath} app.js`): Promise<Ended> {
    return cdkIn(this.path, [...args, '--app', app], env);
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  exists(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  /** A copy of what an earlier synthesis has written. */
  copy(from: string, to: string): void {
    cpSync(join(this.path, from), join(this.path, to), { recursive: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs the real CDK CLI in the folder of an app. Never rejects. */
export function cdkIn(folder: string, args: string[], env: { [name: string]: string } = {}): Promise<Ended> {
  return new Promise((done) => {
    const command = [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--no-color'];
    execFile(process.execPath, command, {
      cwd: folder,
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1', CDK_VALIDATION: 'false', AWS_REGION: 'us-west-2', ...env },
      maxBuffer: 64 * 1024 * 1024,
    }, (error, stdout, stderr) => done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr, stderr }));
  });
}
