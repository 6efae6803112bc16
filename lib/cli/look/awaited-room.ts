import { planOf } from '../../cell/cell-bodies.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { BodyDamaged } from '../../ledger/ledger.ts';
import type { Generation } from '../../plan/generation.ts';
import { recordsOfNewTree } from '../../plan/lint-plan.ts';
import { labelGeneration, treeLabelOf } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { plannedEndpoint } from '../../plan/plan.ts';
import { treeId } from '../../plan/trees.ts';

/** A goal that its zone had no room for when it was surveyed last, records. */
export interface AwaitedRoom {
  readonly generation: Generation;
  /** What the goal's trees take that the log does not know as staged. */
  readonly needs: number;
  readonly free: number;
}

/**
 * What a goal waits for that is not applied, by the log alone: an audit, and an enactor that Route 53 refused a batch,
 * record how much the zone holds and may hold. Null where there is room, and where nobody has surveyed the zone.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function awaitedRoom(ledger: Ledger, { cell, state }: Head): Promise<AwaitedRoom | null> {
  const { goal, applied, facts } = state;
  if (goal === null || facts === null || goal.digest === applied?.digest) return null;
  try {
    const [wanted, live] = [await planOf(ledger, cell, goal), await planOf(ledger, cell, applied)];
    const needs = wanted === undefined ? 0 : recordsToStage(state, wanted, live);
    const free = Math.max(0, facts.recordLimit - facts.records);
    return needs > free ? { generation: goal.generation, needs, free } : null;
  } catch (error) {
    // What of the log is damaged is said where it is judged what is asked.
    if (error instanceof BodyDamaged) return null;
    throw error;
  }
}

/** Records of the trees that are newer than what is applied; an older tree stands, and is used again. */
function recordsToStage({ applied, refused, staging }: Head['state'], wanted: Plan, live: Plan | undefined) {
  const leftOut = new Set(refused.filter(({ trying }) => trying === null).map(({ name }) => name));
  const staged = new Set(staging?.entries.flatMap(({ trees }) => trees));
  return wanted.endpoints.reduce((sum, endpoint) => {
    const label = treeLabelOf(endpoint.tree, wanted);
    const isNew = (label === undefined ? 0 : (labelGeneration(label) ?? 0)) > (applied?.generation ?? 0);
    if (!isNew || leftOut.has(endpoint.name) || staged.has(treeId(endpoint, wanted))) return sum;
    const before = live === undefined ? undefined : plannedEndpoint(live, endpoint.name);
    return sum + recordsOfNewTree(endpoint, before);
  }, 0);
}
