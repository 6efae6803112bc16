import { describe, expect, it } from 'vitest';
import type { SimulationTask } from '../../lib/simulator/task.ts';
import { ownProcess } from '../support/own-process.ts';
import type { MutantResult, MutantWork } from './mutant-worker.ts';
import { MUTANTS } from './mutants.ts';

/** Longer than any of these searches takes, even one that finds nothing. */
const SECONDS_MAX = 300;

/**
 * Bugs by name, each with the scenario whose search meets it. Each is met in another way, and every kind of scenario
 * occurs.
 */
const SEARCHED_MUTANTS: readonly (readonly [mutant: string, scenario: string, faults: number])[] = [
  // A batch is in flight when a freeze returns.
  ['no fence in staging', 'frozen-in-flight', 0],
  // A silent transition comes late.
  ['UPSERT on the fence', 'two-enactors', 0],
  ['flip of a tree that is there, but nobody knows since when', 'two-enactors', 0],
  // The search abandons an actor between two calls; that is no decision of the search.
  ['no PlanApplied for a writer that died', 'two-enactors', 0],
  ['giving up when the fence is lost', 'enactor-janitor', 1],
  ['a retirement that goes on although the log has moved on', 'enactor-janitor-rollback', 0],
  ['no PlanApplied for a writer that died', 'enactor-janitor-rescue', 0],
  ['freeze in the ledger only', 'two-enactors-freeze', 0],
  // A scenario with a thaw is searched step by step.
  ['a thaw that tries again', 'thaw-against-freeze', 0],
  ['a freeze that is content with a frozen fence', 'thaw-against-freeze', 0],
  // Route 53 refuses a root.
  ['a refusal counted as a race', 'refused-root', 0],
  ['a refused endpoint that the log does not learn of', 'refused-root-planner', 0],
  // Nothing is refused, and yet batches are rejected.
  ['a race counted as a refusal', 'two-enactors', 0],
  // The zone goes back.
  ['an old change that is not known counts as everywhere', 'returned-flip', 0],
  ['a freeze that is done before it is INSYNC', 'returned-freeze', 0],
  ['a freeze that is done before it is INSYNC', 'returned-fence-only', 0],
  ['a frozen log that leaves its fence as it is', 'returned-freeze', 0],
  ['a change that is not known handed over again and again', 'returned-hand-over', 0],
  // Enactors hand over, and a message is late, comes twice, or is lost.
  ['a successor that takes its message for the word that trees are everywhere', 'handed-over', 0],
  ['trees on their way left to a message that may be lost', 'handed-over', 0],
  ['a successor that asks for none in its turn', 'handed-over', 0],
  // A push lowers the floor that keeps what it drops.
  ['a lower floor judges its own push', 'lower-floor', 0],
  ['a lower floor takes effect without an approval', 'lower-floor', 0],
  // Trees share nodes.
  ['a shared node retired with its first owner', 'shared-subtree', 0],
  ['a stale ancestor kept above a new node', 'shared-subtree-rollback', 0],
  // Two releases are at work.
  ['a retirement written in the newest format, whatever the cell is read in', 'upgrade-in-mid-flip', 0],
  ['a reader that goes on past a format that it does not know', 'raise-against-enactor', 0],
];

describe('a search of every world, of workflows with a bug in them', () => {
  for (const [name, scenario, faults] of SEARCHED_MUTANTS) {
    it(`finds "${name}" in ${scenario}`, async () => {
      const task: SimulationTask = { type: 'search', scenario, faults, seconds: SECONDS_MAX };
      const result = await run(name, task);
      expect(result, JSON.stringify(result)).toMatchObject({ type: 'killed' });
    });
  }
});

function run(name: string, task: SimulationTask): Promise<MutantResult> {
  const replacements = MUTANTS.find((mutant) => mutant.name === name)?.replacements ?? [];
  const work: MutantWork = { replacements, task };
  return ownProcess(new URL('./mutant-worker.ts', import.meta.url), work);
}
