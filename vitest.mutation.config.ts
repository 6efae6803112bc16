import { defineConfig } from 'vitest/config';

/** The tests that mutants must fail: those of the pure code, none of which opens a socket or runs for seconds. */
export default defineConfig({
  test: {
    include: [
      'test/plan/**/*.test.ts',
      'test/ledger/{append-never-loses-its-own-event,body-cache,decide,evolve,memory-ledger}.test.ts',
      'test/planner/**/*.test.ts',
      'test/janitor/**/*.test.ts',
      'test/enactor/{next-step,judge-fence,choose-goal}*.test.ts',
    ],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    testTimeout: 20_000,
  },
});
