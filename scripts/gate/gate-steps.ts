import type { Load } from '../steps/schedule.ts';

export interface GateStep extends Load {
  /** Names its log, and its report if it has one. */
  readonly name: string;
  /** A script of package.json, and what it is given. */
  readonly script: string;
  readonly given?: readonly string[];
  /** Whether vitest leaves a report that .ci/count.mjs adds up. */
  readonly report: boolean;
}

/**
 * Threads at work at once. One more than the gate's two cores, because no step keeps all of its threads busy from its
 * beginning to its end. What must have the machine to itself takes all of them.
 */
export const GATE_THREADS = 3;

const EVERYTHING = GATE_THREADS;

/**
 * Everything that .ci/run checks once the machine has what it needs. No step needs what another one leaves behind;
 * the order fills the cores: long steps of one thread side by side first, then those of two.
 */
export const GATE_STEPS: readonly GateStep[] = [
  // The command that the README names. Its last tests start processes that listen on sockets and have seconds to answer.
  { name: 'test', script: 'test', threads: EVERYTHING, report: true },
  // Half of its time it waits for what it has deployed.
  { name: 'aws', script: 'test:aws', threads: 0.5, report: true },
  // So it does here, on an emulator that shares no code with that one; and the ledger's contract on DynamoDB Local.
  { name: 'localstack', script: 'test:localstack', threads: 1, report: true },
  // Minutes of waiting: a local world whose leases are cut off.
  {
    name: 'leases',
    script: 'test:exploration',
    given: ['test/exploration/lease-cut.test.ts'],
    threads: 0.5,
    report: true,
  },
  { name: 'model', script: 'test:model', threads: 1, report: true },
  { name: 'mutants', script: 'test:exploration', given: ['test/mutants'], threads: 1, report: true },
  { name: 'faults', script: 'test:faults', threads: 1, report: true },
  { name: 'clients', script: 'test:clients', threads: 1, report: true },
  { name: 'browser', script: 'test:browser', threads: 1, report: true },
  {
    name: 'searches',
    script: 'test:exploration',
    given: [
      'test/exploration/search.test.ts',
      'test/exploration/lease-search.test.ts',
      'test/exploration/lease-campaign.test.ts',
    ],
    // Most of its time one search is left.
    threads: 1,
    report: true,
  },
  {
    name: 'samples',
    script: 'test:exploration',
    given: [
      'test/exploration/any-zone.test.ts',
      'test/exploration/full-zones.test.ts',
      'test/exploration/handover-preempted.test.ts',
      'test/exploration/large-endpoint.test.ts',
      'test/exploration/random-cells.test.ts',
      'test/exploration/sdk-seeds.test.ts',
      'test/exploration/sharing-seeds.test.ts',
    ],
    threads: 2,
    report: true,
  },
  { name: 'mutation', script: 'test:mutation:ci', threads: 2, report: false },
  {
    name: 'campaign',
    script: 'test:exploration',
    given: ['test/exploration/campaign.test.ts'],
    threads: 2,
    report: true,
  },
];
