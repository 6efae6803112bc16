import { defineConfig } from 'vitest/config';

const otherProjects = [
  'test/races/**',
  'test/end-to-end/**',
  'test/clients/**',
  'test/browser/**',
  'test/infrastructure/**',
  'test/aws/**',
  'test/mutants/**',
  'test/exploration/**',
  'test/model/**',
  'test/cli/faults/**',
];

/** Where to leave the results for a program to count, as .ci/run does. */
const report = process.env['PAWL_TEST_REPORT'];

export default defineConfig({
  test: {
    // The machine of .ci/run has two cores.
    maxWorkers: 2,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    passWithNoTests: false,
    // A file that takes more than about two seconds says so in its first line: // @module-tag slow
    tags: [{ name: 'slow', description: 'takes seconds: npm run check leaves it to npm test' }],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: otherProjects,
          // Two workers for all files: to load the library again takes most files longer than their tests.
          isolate: false,
          testTimeout: 90_000,
        },
      },
      {
        extends: true,
        test: { name: 'races', include: ['test/races/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        // A template takes a third of a second to synthesise, the first of a worker more, and a bundle to make. The
        // CDK's own validation takes four seconds a worker and one a template, and only warns: one file has it, strict
        // (cloudformation-validation.test.ts).
        extends: true,
        test: {
          name: 'infrastructure',
          include: ['test/infrastructure/**/*.test.ts'],
          env: { CDK_VALIDATION: 'false' },
          isolate: false,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        // One deployment, step after step: on a MiniStack that it installs and starts, or where it is told.
        extends: true,
        test: {
          name: 'aws',
          include: ['test/aws/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 4 },
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
      {
        // These start child processes that listen on sockets and share two cores: one file at a time, after
        // everything else.
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // Needs a Python with boto3, moto and OctoDNS (PAWL_BOTO3_PYTHON) and other projects' files
        // (PAWL_FOREIGN_FILES), so only .ci/run asks for it.
        extends: true,
        test: {
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // Needs a Chromium (PAWL_CHROMIUM), so only .ci/run asks for it.
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // Every command, with every fault of its endpoints, on sockets of the loopback: minutes of one thread.
        extends: true,
        test: {
          name: 'faults',
          include: ['test/cli/faults/**/*.test.ts'],
          sequence: { groupOrder: 7 },
          testTimeout: 300_000,
        },
      },
      {
        // Z3 in WebAssembly, in a process for each core.
        extends: true,
        test: {
          name: 'model',
          include: ['test/model/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 5 },
          testTimeout: 300_000,
          hookTimeout: 90_000,
        },
      },
      {
        // Minutes of searching, and every seeded bug: only .ci/run asks for it.
        extends: true,
        test: {
          name: 'exploration',
          include: ['test/mutants/**/*.test.ts', 'test/exploration/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 6 },
          testTimeout: 900_000,
        },
      },
    ],
  },
});
