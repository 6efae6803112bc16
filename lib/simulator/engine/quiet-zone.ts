import { invariant } from '../../plan/invariant.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { fenceName, ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { sameRecords } from '../../plan/records.ts';
import { assertAtGoal, expectedEnding } from '../checkers/goal-reached.ts';
import { NO_FAULTS } from './decision.ts';
import type { Play } from './playing.ts';
import { roundOf } from './quiet-actors.ts';
import { restingCell } from './resting-cell.ts';

/** Rounds after which every endpoint has gone over: one takes it, one learns of it, and a refusal is tried again. */
const ROUNDS = 3;
/** The largest number of calls of one cell in one round. */
const ROUND_CALLS_MAX = 120;
/** Longer than a refused endpoint waits for its next try. */
const RETRY_MS = 7_200_000;

/**
 * The quiet phase of a zone with several cells: undisturbed rounds of planner, enactor and janitor of each. Unless one of
 * them is frozen, every endpoint has then gone over, both logs say so, and no offer is left. What is of a frozen cell
 * stays as it is.
 *
 * @returns the number of calls.
 * @throws InvariantViolated when the rounds miss that, or when any rule is broken on the way.
 */
export async function quietZone(stopped: Play, mode: 'hint' | 'sweep'): Promise<number> {
  const play = stopped.clone({ ...stopped.settings, budget: NO_FAULTS, timeless: false });
  for (const port of play.down) await play.apply({ type: 'outage', port }, () => 0);
  play.environment.setListingFault(undefined);
  const { scopes, time } = play.environment;
  const before = await cellsOf(play);
  const frozen = before.filter((cell) => expectedEnding(cell) === 'frozen');
  let calls = 0;
  for (let count = 1; count <= ROUNDS; count += 1) {
    for (const { cell } of scopes) {
      const settings = { mode, release: undefined, waiting: 'stand-by', cell } as const;
      const round = roundOf(play, settings, `quiet-${cell}-${count}`);
      await round.run('planner', { type: 'planner', fleets: [] });
      await round.enact('enactor', mode);
      time.advanceTo(time.now() + RETRY_MS);
      await round.run('janitor', { type: 'janitor' });
      invariant(round.calls() <= ROUND_CALLS_MAX, `I5: an undisturbed round took ${round.calls()} calls`);
      calls += round.calls();
    }
  }
  const after = await cellsOf(play);
  for (const { scope, records } of frozen)
    invariant(
      sameRecords(of(scope, records), of(scope, play.environment.records())),
      `the zone was changed below ${scope.cell}, which is frozen`,
    );
  if (after.some((cell) => expectedEnding(cell) !== 'at goal')) return calls;
  for (const cell of after) {
    assertAtGoal(cell);
    const { offers, awaited } = cell.state;
    const left = [...offers, ...awaited].map(({ name }) => name);
    invariant(left.length === 0, `liveness: ${left.join()} of ${cell.scope.cell} did not go over`);
  }
  return calls;
}

function cellsOf(play: Play) {
  return Promise.all(play.environment.scopes.map(({ cell }) => restingCell(play.at(cell))));
}

/** What is of a cell besides its fence, which an enactor freezes where only the log is. */
function of(scope: CellScope, records: readonly RecordSet[]): readonly RecordSet[] {
  const [subtree, fence] = [ownedSubtree(scope), fenceName(scope)];
  return records.filter(({ name }) => isWithin(name, subtree) && name !== fence);
}
