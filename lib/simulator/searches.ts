import type { SimulationTask } from './task.ts';

type Search = Omit<SimulationTask & { readonly type: 'search' }, 'seconds'>;

/** Two enactors are each other's mirror image: a fault in the one is a fault in the other with the names exchanged. */
function split(
  scenario: string,
  faults: number,
  faulty: readonly string[],
  bound: Pick<Search, 'preemptions'> = {},
): readonly Search[] {
  return faulty.map((actor) => ({ type: 'search', scenario, faults, faulty: [actor], ...bound }));
}

/** What CI sees every state of, in an order in which the long ones begin first. */
export const CI_SEARCHES: readonly Search[] = [
  { type: 'search', scenario: 'two-enactors-janitor', faults: 0 },
  ...split('two-enactors-janitor', 1, ['enactor-1', 'janitor-1'], { preemptions: 2 }),
  { type: 'search', scenario: 'two-enactors', faults: 1 },
  { type: 'search', scenario: 'enactor-janitor', faults: 2 },
  { type: 'search', scenario: 'frozen-in-flight', faults: 1 },
];

/** What `--deep` sees every state of, given the hours. */
export const DEEP_SEARCHES: readonly Search[] = [
  ...CI_SEARCHES,
  ...split('two-enactors-janitor', 1, ['enactor-1', 'janitor-1']),
  { type: 'search', scenario: 'two-enactors', faults: 2 },
  ...split('live-planner', 1, ['enactor-1', 'janitor-1', 'planner-1']),
  ...split('three-enactors-janitor', 1, ['enactor-1', 'janitor-1']),
  { type: 'search', scenario: 'two-enactors-janitor', faults: 2 },
];
