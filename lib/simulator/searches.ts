import type { SimulationTask } from './task.ts';

type Search = Omit<SimulationTask & { readonly type: 'search' }, 'seconds'>;

/** The seeds of two cells in a zone that `--deep` plays: an hour of one thread. */
export const DEEP_SEEDS: Omit<SimulationTask & { readonly type: 'campaign' }, 'seconds'> = {
  type: 'campaign',
  strategy: 'mixed',
  cells: 2,
  firstSeed: 2_000_000,
  stride: 1,
  decisionsMax: 12_000_000,
};

/** The searches that CI runs to their end, in an order in which the long ones begin first. Each is held to the proof. */
export const CI_SEARCHES: readonly Search[] = [
  { type: 'search', scenario: 'refused-root', faults: 0 },
  { type: 'search', scenario: 'upgrade-in-mid-flip', faults: 0 },
  { type: 'search', scenario: 'two-enactors-janitor', faults: 0 },
  { type: 'search', scenario: 'two-enactors-freeze', faults: 0 },
  { type: 'search', scenario: 'enactor-janitor-rescue', faults: 1 },
  { type: 'search', scenario: 'enactor-janitor-rollback', faults: 1 },
  { type: 'search', scenario: 'thaw-against-freeze', faults: 0 },
  { type: 'search', scenario: 'two-enactors', faults: 1 },
  { type: 'search', scenario: 'enactor-janitor', faults: 2 },
  { type: 'search', scenario: 'enactor-planner', faults: 1 },
  { type: 'search', scenario: 'frozen-in-flight', faults: 1 },
  { type: 'search', scenario: 'events-lost', faults: 0 },
  { type: 'search', scenario: 'refused-root-planner', faults: 1 },
  { type: 'search', scenario: 'raise-against-janitor', faults: 1 },
  { type: 'search', scenario: 'raise-against-enactor', faults: 2 },
  { type: 'search', scenario: 'handed-over', faults: 2 },
  { type: 'search', scenario: 'handed-over-twice', faults: 1 },
  { type: 'search', scenario: 'handed-over-sweep', faults: 0 },
  { type: 'search', scenario: 'handed-over-janitor', faults: 1 },
  { type: 'search', scenario: 'handed-over-freeze', faults: 1 },
  { type: 'search', scenario: 'returned-freeze', faults: 0 },
  { type: 'search', scenario: 'returned-fence-only', faults: 0 },
  { type: 'search', scenario: 'returned-retirement', faults: 0 },
  { type: 'search', scenario: 'returned-hand-over', faults: 0 },
  { type: 'search', scenario: 'lower-floor', faults: 2 },
  { type: 'search', scenario: 'shared-subtree', faults: 0 },
  { type: 'search', scenario: 'shared-subtree-rollback', faults: 1 },
  { type: 'search', scenario: 'shared-subtree-rescue', faults: 0 },
  { type: 'search', scenario: 'given', faults: 2 },
  { type: 'search', scenario: 'given-janitors', faults: 1 },
  { type: 'search', scenario: 'offered-twice', faults: 1 },
  { type: 'search', scenario: 'given-back', faults: 1 },
  { type: 'search', scenario: 'given-unplanned', faults: 1 },
  { type: 'search', scenario: 'given-observed', faults: 1 },
  { type: 'search', scenario: 'given-frozen', faults: 0 },
  { type: 'search', scenario: 'given-other-frozen', faults: 0 },
  { type: 'search', scenario: 'given-withdrawn', faults: 1 },
];

/**
 * The searches that `--deep` runs to their end, in a few hours. Each allows at most so many faults, so it covers runs
 * without faults too.
 */
export const DEEP_SEARCHES: readonly Search[] = [
  { type: 'search', scenario: 'three-enactors-janitor', faults: 1 },
  { type: 'search', scenario: 'live-rescue', faults: 1 },
  { type: 'search', scenario: 'live-rollback', faults: 1 },
  { type: 'search', scenario: 'live-freeze', faults: 1 },
  { type: 'search', scenario: 'live-planner', faults: 1 },
  { type: 'search', scenario: 'thaw-against-freeze', faults: 1 },
  { type: 'search', scenario: 'two-enactors-janitor', faults: 2 },
  { type: 'search', scenario: 'two-enactors', faults: 2 },
  { type: 'search', scenario: 'two-enactors-freeze', faults: 1 },
  { type: 'search', scenario: 'upgrade-in-mid-flip', faults: 1 },
  { type: 'search', scenario: 'frozen-in-flight', faults: 2 },
  { type: 'search', scenario: 'upgraded-enactor', faults: 2 },
  { type: 'search', scenario: 'raise-in-mid-flip', faults: 0 },
  { type: 'search', scenario: 'enactor-janitor-rollback', faults: 2 },
  { type: 'search', scenario: 'refused-root-live-planner', faults: 0 },
  { type: 'search', scenario: 'one-root-refused', faults: 0 },
  { type: 'search', scenario: 'shared-subtree', faults: 1 },
  { type: 'search', scenario: 'handed-over-twice', faults: 2 },
  { type: 'search', scenario: 'handed-over-sweep', faults: 1 },
  { type: 'search', scenario: 'handed-over-janitor', faults: 2 },
  { type: 'search', scenario: 'handed-over-freeze', faults: 2 },
  { type: 'search', scenario: 'returned-flip', faults: 0 },
  { type: 'search', scenario: 'returned-thaw', faults: 0 },
  { type: 'search', scenario: 'returned-rescue', faults: 0 },
  { type: 'search', scenario: 'given-twice', faults: 0 },
  { type: 'search', scenario: 'taken-twice', faults: 0 },
  ...CI_SEARCHES,
];
