/** How mutants are made and run; which files they are made of, test/mutation/run.ts says. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 5_000,
  ignorePatterns: ['.cache', '.pawl', 'coverage', 'docs', 'examples', 'functions', 'scripts'],
  tempDirName: '.cache/mutation/sandbox',
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: '.cache/mutation/report.json' },
};
