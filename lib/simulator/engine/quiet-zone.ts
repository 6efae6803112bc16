import { boundedReading } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { cellOfName, fenceName, ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { remove, sameRecords } from '../../plan/records.ts';
import type { RestingCell } from '../checkers/goal-reached.ts';
import { assertAtGoal, differenceAt, expectedEnding, fenceIn } from '../checkers/goal-reached.ts';
import type { ActorRole } from './actor-roles.ts';
import { NO_FAULTS } from './decision.ts';
import type { Play } from './playing.ts';
import { roundOf } from './quiet-actors.ts';
import { restingCell } from './resting-cell.ts';
import { act } from './scenario.ts';

/** Rounds after which every endpoint has gone over: one takes it, one learns of it, and a refusal is tried again. */
const ROUNDS = 3;
/** The same where a hand has been at work, or the zone went back: what was lost is offered again first. */
const ROUNDS_BY_HAND = 5;
/**
 * Rounds in which the person who pushed last pushes again, because a push that takes endpoints back has to wait for both
 * logs: until the offer is gone, or what was taken is applied.
 */
const REPEATED_ROUNDS: readonly number[] = [-2, -1, 0];
/** The round before them: everybody's push may have been cut off. */
const FIRST_REPEATED = -3;
/** The largest number of calls of one cell in one round. */
const ROUND_CALLS_MAX = 120;
/** Longer than a refused endpoint waits for its next try. */
const RETRY_MS = 7_200_000;

/**
 * The quiet phase of a zone with several cells: undisturbed rounds of planner, enactor and janitor of each, after people
 * have repeated what may have been cut off. Where a log says that a record which a hand has made is in the way, a person
 * then removes it, and there are more rounds. Each cell is then judged by its own ending: one that is frozen stays as it
 * is, and every other one is at its goal, but for
 * what would have to come from a frozen one. Unless one of them is frozen, every endpoint has gone over, both logs say so,
 * and no offer is left.
 *
 * @returns the number of calls.
 * @throws InvariantViolated when the rounds miss that, or when any rule is broken on the way.
 */
export async function quietZone(stopped: Play, mode: 'hint' | 'sweep'): Promise<number> {
  const play = stopped.clone({ ...stopped.settings, budget: NO_FAULTS, timeless: false });
  for (const port of play.down) await play.apply({ type: 'outage', port }, () => 0);
  play.environment.setListingFault(undefined);
  const { tamperings, returns } = stopped.spent;
  const before = await cellsOf(play);
  const persons = play.seats.flatMap(({ role }) => (isRepeated(role) ? [role] : []));
  let calls = 0;
  if (persons.length > 0) {
    calls += await zoneRound(play, mode, FIRST_REPEATED, persons);
    for (const count of REPEATED_ROUNDS) calls += await zoneRound(play, mode, count, persons.slice(-1));
  }
  const rounds = tamperings + returns > 0 ? ROUNDS_BY_HAND : ROUNDS;
  for (let count = 1; count <= rounds; count += 1) calls += await zoneRound(play, mode, count);
  if (removeRefused(play))
    for (let count = rounds + 1; count <= 2 * rounds; count += 1) calls += await zoneRound(play, mode, count);
  const after = await cellsOf(play);
  const isWhole = after.every((cell) => !['frozen', 'other ledger'].includes(expectedEnding(cell)));
  for (const [index, cell] of after.entries()) {
    const was = before[index];
    invariant(was !== undefined, 'a cell has appeared');
    if (expectedEnding(was) === 'frozen') assertFrozen(was, cell);
    else if (expectedEnding(cell) === 'at goal') assertDone(cell, isWhole);
  }
  return calls;
}

/** One undisturbed round of each cell, after these persons have repeated what may have been cut off. Returns the number of calls. */
async function zoneRound(
  play: Play,
  mode: 'hint' | 'sweep',
  count: number,
  persons: readonly ActorRole[] = [],
): Promise<number> {
  const { scopes, time } = play.environment;
  let calls = 0;
  for (const [index, role] of persons.entries())
    calls += await act(play, `quiet-person-${index + 1}-${count}`, role);
  for (const { cell } of scopes) {
    const settings = { mode, release: undefined, waiting: 'stand-by', cell } as const;
    const round = roundOf(play, settings, `quiet-${cell}-${count}`);
    await round.run('planner', { type: 'planner', fleets: [] });
    await round.enact(`enactor-${mode}`, mode);
    time.advanceTo(time.now() + RETRY_MS);
    await round.run('janitor', { type: 'janitor' });
    invariant(round.calls() <= ROUND_CALLS_MAX, `I5: an undisturbed round took ${round.calls()} calls`);
    calls += round.calls();
  }
  return calls;
}

/** A person removes what a log says that it stands in an endpoint's way: a record that no cell has made. */
function removeRefused({ environment, watch }: Play): boolean {
  const { route53, scopes, scope, memory } = environment;
  const refused = scopes.flatMap(({ cell }) => memory.peek(cell).state.refused.map(({ name }) => name));
  const isForeign = ({ name, alias }: RecordSet): boolean =>
    refused.includes(name) && (alias === undefined || cellOfName(alias.name, scope) === undefined);
  const foreign = environment.records().filter(isForeign);
  if (foreign.length === 0) return false;
  route53.changeResourceRecordSets(scope.zoneId, { changes: foreign.map(remove) });
  watch.tampered();
  return true;
}

function isRepeated(role: ActorRole): boolean {
  return role.type === 'workflow' && role.repeated === true;
}

/** Nothing of the cell has changed but its fence, which is frozen where it can be read. */
function assertFrozen(before: RestingCell, after: RestingCell): void {
  const { scope } = before;
  const isUntouched = sameRecords(of(scope, before.records), of(scope, after.records));
  invariant(isUntouched, `the zone was changed below ${scope.cell}, which is frozen`);
  // Nobody writes under a fence that cannot be read: a thaw makes a fresh one.
  const stands = boundedReading(fenceIn(after), after.state.highest);
  const isHeld = stands.type !== 'fence' || stands.fence.frozen;
  invariant(isHeld, `${scope.cell} is frozen in the log, and its fence lets batches through`);
}

/** @param isWhole whether no other cell is frozen, so that nothing can stand in a handover's way. */
function assertDone(cell: RestingCell, isWhole: boolean): void {
  const { offers, awaited } = cell.state;
  const named = [...offers, ...awaited].map(({ name }) => name);
  // A hand may give back what was taken, and its log says that the other cell has it: that one alone can offer it.
  const left = isWhole ? named : [...named, ...refusedAsTheirs(cell)];
  // What comes from a frozen cell is in the goal, and only a thaw lets it come.
  const waits = !isWhole && cell.goal?.endpoints.some(({ name }) => left.includes(name)) === true;
  if (!waits) assertAtGoal(cell);
  for (const endpoint of cell.goal?.endpoints ?? []) {
    const difference = left.includes(endpoint.name) ? undefined : differenceAt(endpoint, cell);
    invariant(difference === undefined, `I4: ${difference}`);
  }
  const isOver = !isWhole || left.length === 0;
  invariant(isOver, `liveness: ${left.join()} of ${cell.scope.cell} did not go over`);
}

/** Endpoints at which another cell answers, and of which the log says so. */
function refusedAsTheirs({ scope, state, records }: RestingCell): readonly DnsName[] {
  const isTheirs = ({ alias }: RecordSet): boolean => {
    const cell = alias && cellOfName(alias.name, scope);
    return cell !== undefined && cell !== scope.cell;
  };
  return state.refused.flatMap(({ name, step }) =>
    step === 'conflict' && records.some((record) => record.name === name && isTheirs(record)) ? [name] : [],
  );
}

function cellsOf(play: Play) {
  return Promise.all(play.environment.scopes.map(({ cell }) => restingCell(play.at(cell))));
}

/** What is of a cell besides its fence, which an enactor freezes where only the log is. */
function of(scope: CellScope, records: readonly RecordSet[]): readonly RecordSet[] {
  const [subtree, fence] = [ownedSubtree(scope), fenceName(scope)];
  return records.filter(({ name }) => isWithin(name, subtree) && name !== fence);
}
