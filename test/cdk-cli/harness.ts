import { execFile, execFileSync } from 'child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';

const ROOT = resolve(__dirname, '../..');

/** The versions of aws-cdk-lib that are tested, and where npm has put them. */
export const CDK_VERSIONS = [['lowest', 'aws-cdk-lib'], ['newest', 'aws-cdk-lib-newest']] as const;

/**
 * A folder with an app that uses the packed library, as a user's would: the library lies in node_modules (so that it is
 * not taken for the user's code) beside the asked-for version of aws-cdk-lib.
 */
export class AppFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'cdk-app-'));

  constructor(app: string, cdkLibrary: string = 'aws-cdk-lib') {
    const modules = join(this.path, 'node_modules');
    mkdirSync(modules);
    symlinkSync(join(ROOT, 'node_modules', cdkLibrary), join(modules, 'aws-cdk-lib'));
    symlinkSync(join(ROOT, 'node_modules/constructs'), join(modules, 'constructs'));
    this.install(join(modules, 'cdk-bedrock-cost'));
    cpSync(join(__dirname, 'apps', app), join(this.path, 'app.js'));
  }

  /** Unpacks the library's package into a folder. */
  install(folder: string): void {
    if (!existsSync(join(ROOT, 'lib/index.js'))) throw new Error('lib/ is not built: run npm run build');
    mkdirSync(folder, { recursive: true });
    const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', this.path], { cwd: ROOT, encoding: 'utf8' }));
    execFileSync('tar', ['-xzf', join(this.path, filename), '-C', folder, '--strip-components', '1']);
  }

  /** Runs the real CDK CLI; never rejects, the exit code is part of the answer. */
  cdk(args: string[], env: { [name: string]: string } = {}): Promise<{ code: number; output: string }> {
    return new Promise((done) => {
      const command = [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, '--app', `${process.execPath} app.js`, '--no-notices', '--no-color'];
      execFile(process.execPath, command, {
        cwd: this.path,
        env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1', CDK_VALIDATION: 'false', AWS_REGION: 'us-west-2', ...env },
        maxBuffer: 64 * 1024 * 1024,
      }, (error, stdout, stderr) => done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr }));
    });
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  exists(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
