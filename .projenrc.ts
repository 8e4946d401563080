import { awscdk, github, javascript, JsonFile } from 'projen';
import { ROOMS } from './tools/rooms';

/**
 * The lowest aws-cdk-lib that we promise to work with.
 *
 * 2.271.0 sets it: since then an acknowledgement of a policy finding holds only below the construct that it was
 * given on. Before it (2.258.0 to 2.270.0), acknowledging one budget silenced every budget of the app; before
 * 2.258.0 a failing validation plugin did not fail the synthesis at all.
 */
const LOWEST_CDK = '2.271.0';

/** The newest aws-cdk-lib that the enforcement matrix is run against, besides the lowest one. */
const NEWEST_CDK = '2.276.0';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-bedrock-cost',
  description: 'Amazon Bedrock constructs for AWS CDK that know what they cost: estimates on synth, enforced budgets, alarms from the same numbers.',
  author: 'cdk-bedrock-cost contributors',
  authorAddress: 'cdk-bedrock-cost@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-bedrock-cost/cdk-bedrock-cost.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk-bedrock-cost contributors',
  copyrightPeriod: '2026',
  keywords: ['aws', 'cdk', 'awscdk', 'bedrock', 'cost', 'finops', 'budget', 'provisioned-throughput', 'batch-inference', 'generative-ai'],

  cdkVersion: LOWEST_CDK,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  addPackageManagerToDevEngines: false,
  projenrcTs: true,
  defaultReleaseBranch: 'main',
  sampleCode: false,

  // One workflow of our own runs the same script as everybody else; nothing is published from generated jobs.
  release: false,
  buildWorkflow: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  githubOptions: { mergify: false, pullRequestLint: false },

  publishToPypi: { distName: 'cdk-bedrock-cost', module: 'cdk_bedrock_cost' },
  publishToMaven: { javaPackage: 'io.github.cdkbedrockcost', mavenGroupId: 'io.github.cdkbedrockcost', mavenArtifactId: 'cdk-bedrock-cost' },
  publishToGo: { moduleName: 'github.com/cdk-bedrock-cost/cdk-bedrock-cost-go', packageName: 'cdkbedrockcost' },
  publishToNuget: { dotNetNamespace: 'CdkBedrockCost', packageId: 'CdkBedrockCost' },

  integrationTestAutoDiscover: false,
  lambdaAutoDiscover: false,

  // Everything is a devDependency: what the library needs at run time is bundled into assets/ (CONTRIBUTING.md, "No dependencies").
  devDeps: [
    `aws-cdk-lib-newest@npm:aws-cdk-lib@${NEWEST_CDK}`,
    // aws-cdk 3.0.0 on the registry is a stray build that cannot read current assemblies.
    'aws-cdk@^2.1148.1',
    '@aws-sdk/client-bedrock',
    '@aws-sdk/client-bedrock-runtime',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-scheduler',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-ssm',
    '@aws-sdk/lib-storage',
    '@pydantic/genai-prices',
    '@streamparser/json',
    '@types/aws-lambda',
    '@types/big.js',
    '@smithy/core',
    '@smithy/node-http-handler',
    'ajv@^8',
    // An interpreter of state machines: of its dependencies only one, the SDK's Lambda client, is large.
    'aws-local-stepfunctions',
    'big.js',
    'cdk-nag@^3',
    'commander@^14',
    'croner',
    'csv-parse',
    'esbuild',
    'fast-check@^4',
    'fastest-levenshtein',
    'jsii-pacmak',
    'mathjs',
    'yaml',
  ],

  eslintOptions: { dirs: ['src'], devdirs: ['test', 'tools', 'bench'], fileExtensions: ['.ts'] },
  jestOptions: {
    junitReporting: false,
    jestConfig: {
      randomize: true,
      collectCoverage: false,
      setupFiles: ['<rootDir>/test/setup.ts'],
      modulePathIgnorePatterns: ['<rootDir>/.tmp/', '<rootDir>/examples/'],
      // Jest leaves a core idle, which of two is half of the machine. What waits for another process may then wait longer.
      maxWorkers: 2,
      testTimeout: 60_000,
    },
  },

  gitignore: ['cdk.out/', '.tmp/', '/assets/', '*.tgz', '/dist/', '/rosetta/.cache/'],
});

// --- no dependency beyond the peers: what is needed at run time is bundled -----------------------------------------

const esbuild = 'esbuild --bundle --platform=node --target=node20 --minify --legal-comments=eof --log-level=warning';

// Loaded by the library on first use (src/pricing/decimal.ts and others say where).
const vendor = project.addTask('bundle:vendor', { description: 'Bundle the libraries that the library itself loads on first use' });
vendor.exec(`${esbuild} node_modules/big.js/big.js --outfile=assets/vendor/big.js`);
vendor.exec(`${esbuild} node_modules/yaml/dist/index.js --outfile=assets/vendor/yaml.js`);
vendor.exec(`${esbuild} node_modules/croner/dist/croner.cjs --outfile=assets/vendor/croner.js`);
vendor.exec(`${esbuild} node_modules/fastest-levenshtein/mod.js --outfile=assets/vendor/levenshtein.js`);
vendor.exec('ts-node -T --project projenrc/tsconfig.json tools/build-validators.ts');

const cli = project.addTask('bundle:cli', { description: 'Bundle the command line' });
// The libraries in assets/vendor are shared with the library; `../../assets/vendor` names the same folder from both.
cli.exec(`${esbuild} '--external:../../assets/vendor/*' src/cli/main.ts --outfile=assets/cli/main.js`);

// The Lambda runtime brings the AWS SDK, so a handler is a few KB.
const handlers = project.addTask('bundle:handlers', { description: 'Bundle the Lambda handlers' });
// The runtime has AWS's clients; what else is of the SDK is bundled.
for (const name of ['batch-inference', 'month-to-date', 'provisioned-model-throughput', 'stop-spending']) {
  handlers.exec(`${esbuild} '--external:@aws-sdk/client-*' src/handlers/${name}.lambda.ts --outfile=assets/handlers/${name}.lambda/index.js`);
}

project.bundler.bundleTask.prependSpawn(vendor);
project.bundler.bundleTask.spawn(handlers);
project.bundler.bundleTask.spawn(cli);
project.eslint?.allowDevDeps('src/cli/**/*.ts');
project.eslint?.allowDevDeps('src/handlers/**/*.lambda.ts');
for (const path of ['/prices/', '/tools/', '/bench/', '/examples/', '/docs/', '/.ci/', '/rosetta/', '/.tmp/', '/CONTRIBUTING.md']) project.addPackageIgnore(path);
// Bundled into assets/cli, and used by nothing else.
for (const path of ['/lib/cli/', '/lib/price-list/', '/API.md']) project.addPackageIgnore(path);
project.addPackageIgnore('/lib/**/*.lambda.*');

// The price data is loaded with require() on first use, so jsii does not copy it.
project.compileTask.exec('mkdir -p lib/pricing/data && cp src/pricing/data/*.json lib/pricing/data/');
project.compileTask.exec('node tools/strip-source-maps.js');

// --- the rooms of the house: who may import whom (shared with test/architecture.test.ts) -----------------------------

project.eslint?.addRules({
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: Object.entries(ROOMS).map(([room, allowed]) => ({
      target: `./src/${room}`,
      from: './src',
      except: [`./${room}`, ...allowed.map((r) => `./${r}`)],
      message: `see tools/rooms.ts: ${room} may import only ${[room, ...allowed].join(', ')}`,
    })),
  }],
  // Lazy loading is deliberate: synth must not pay for a YAML parser that it does not need.
  '@typescript-eslint/no-require-imports': 'off',
});
project.eslint?.addOverride({ files: ['test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });

// --- tasks ----------------------------------------------------------------------------------------------------------

const prices = project.addTask('prices', {
  description: 'Generate the embedded price book, the model list and the generated pages of docs/',
});
prices.exec('ts-node -T --project projenrc/tsconfig.json tools/build-price-book.ts');
// The pages count in exact decimals: they need the library that does it.
prices.spawn(vendor);
prices.exec('ts-node -T --project projenrc/tsconfig.json tools/build-docs.ts');

project.addTask('alarms', {
  description: 'Simulate months of usage and write docs/alarms.md',
  exec: 'ts-node -T --project projenrc/tsconfig.json tools/build-alarms-page.ts',
});

// projen's own build also tests and packages for languages whose tools are not on every machine.
const make = project.addTask('make', { description: 'Generate, bundle and compile: lib/, assets/, API.md' });
make.spawn(prices);
make.spawn(project.preCompileTask);
make.spawn(project.compileTask);
make.spawn(project.postCompileTask);
project.package.setScript('build', 'projen make');

const lint = project.tasks.tryFind('eslint')!;
project.testTask.reset();
project.testTask.description = 'Everything that needs only Node: build, unit tests, and tests against the real CDK CLI';
project.testTask.spawn(make);
project.testTask.spawn(lint);
project.testTask.exec('jest --passWithNoTests=false', { receiveArgs: true });

project.package.setScript('test:unit', 'jest');
project.package.setScript('lint', 'projen eslint');
for (const [name, command] of Object.entries({
  'demo': 'node tools/demo.js',
  'test:e2e': 'bash tools/e2e.sh',
  'test:languages': 'bash tools/languages.sh',
  'test:templates': 'bash tools/templates.sh',
  'test:browser': 'bash tools/browser.sh',
  'bench': 'ts-node -T --project projenrc/tsconfig.json bench/main.ts',
})) {
  project.package.setScript(name, command);
}

// Unit tests run on transpiled sources; `npm run lint` and jsii check the types.
project.tryFindObjectFile('test/tsconfig.json')?.addOverride('compilerOptions.isolatedModules', true);

for (const folder of ['tools', 'bench']) {
  new JsonFile(project, `${folder}/tsconfig.json`, {
    obj: { extends: '../test/tsconfig.json', include: ['**/*.ts'] },
    marker: false,
  });
}

// --- reproducible installs that name no registry ----------------------------------------------------------------------

// 1.13.0 has no bindings for other platforms on the registry, so that a lock file with it is not complete for npm ci.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
project.npmrc.addConfig('fund', 'false');
project.npmrc.addConfig('audit', 'false');

const workflow = new github.GithubWorkflow(project.github!, 'ci');
workflow.on({ push: { branches: ['main'] }, pullRequest: {}, workflowDispatch: {} });
workflow.addJob('ci', {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  timeoutMinutes: 60,
  steps: [
    { uses: 'actions/checkout@v4' },
    { uses: 'actions/setup-node@v4', with: { 'node-version': '20' } },
    { run: '.ci/run' },
  ],
});

project.synth();
