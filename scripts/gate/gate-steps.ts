import type { Load } from '../steps/schedule.ts';

export interface GateStep extends Load {
  /** The base name of its log, and of its report if it has one. */
  readonly name: string;
  /** A script of package.json, and its arguments. */
  readonly script: string;
  readonly given?: readonly string[];
  /** Whether vitest leaves a report that .ci/count.mjs adds up. */
  readonly report: boolean;
}

/**
 * Threads at work at once. One more than the gate's two cores, because no step keeps all of its threads busy all the
 * time. A step that needs the machine to itself takes all of them.
 */
export const GATE_THREADS = 3;

const EVERYTHING = GATE_THREADS;

/**
 * Everything that .ci/run checks once the machine has what it needs. No step needs what another one leaves behind;
 * the order fills the cores: long steps of one thread side by side first, then those of two.
 */
export const GATE_STEPS: readonly GateStep[] = [
  { name: 'lint', script: 'lint', threads: 1, report: false },
  { name: 'types', script: 'types', threads: 1, report: false },
  { name: 'unused', script: 'unused', threads: 1, report: false },
  // Its last tests start processes that listen on sockets and must answer within seconds.
  { name: 'test', script: 'test:all', threads: EVERYTHING, report: true },
  // Half of its time it waits for its deployment.
  { name: 'aws', script: 'test:aws', threads: 1, report: true },
  { name: 'model', script: 'test:model', threads: 1, report: true },
  { name: 'mutants', script: 'test:exploration', given: ['test/mutants'], threads: 1, report: true },
  { name: 'clients', script: 'test:clients', threads: 1, report: true },
  { name: 'browser', script: 'test:browser', threads: 1, report: true },
  {
    name: 'searches',
    script: 'test:exploration',
    given: ['test/exploration/search.test.ts'],
    threads: 2,
    report: true,
  },
  {
    name: 'samples',
    script: 'test:exploration',
    given: ['test/exploration/any-zone.test.ts', 'test/exploration/sdk-seeds.test.ts'],
    threads: 2,
    report: true,
  },
  { name: 'mutation', script: 'test:mutation:ci', threads: 2, report: false },
  // How much it explores in its five minutes depends on the other load of the machine.
  {
    name: 'campaign',
    script: 'test:exploration',
    given: ['test/exploration/campaign.test.ts'],
    threads: EVERYTHING,
    report: true,
  },
];
