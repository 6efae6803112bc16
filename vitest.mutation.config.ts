import { defineConfig } from 'vitest/config';

/** The tests that mutants must fail: those of the pure code, none of which opens a socket or runs for seconds. */
export default defineConfig({
  test: {
    include: [
      'test/{plan,ledger,planner,janitor}/**/*.test.ts',
      'test/cell/{standing,next-fence,packing,proposal,choose-goal}.test.ts',
      'test/enactor/next-step*.test.ts',
    ],
    // These take seconds, or need a table; the last one reads the source, which a mutant alters.
    exclude: [
      'test/ledger/{verify,dynamodb/*,decider/state-bound}.test.ts',
      'test/planner/{policies,call-budget,two-cells-never-plan-one-name}.test.ts',
      'test/plan/finding-codes.test.ts',
    ],
    setupFiles: ['test/mutation/same-runs.ts'],
    // A mutant is switched on in what is loaded, so files that share a worker see it too; one that is made when a module
    // is loaded needs a worker that loads it again.
    isolate: process.env['PAWL_STATIC_MUTANTS'] !== undefined,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    testTimeout: 20_000,
  },
});
