import { latestStamp } from '../../ledger/decider/stamps.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import { boundedReading } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { sameRecords } from '../../plan/records.ts';
import type { AskedOfCell } from '../checkers/asked-at-rest.ts';
import { isWithoutTarget } from '../checkers/asked-at-rest.ts';
import type { Ending, RestingCell } from '../checkers/goal-reached.ts';
import { assertAtGoal, expectedEnding, fenceIn } from '../checkers/goal-reached.ts';
import { assertRefusedUntouched, assertServed } from '../checkers/served-endpoints.ts';
import { newestReadBy } from '../ports/releases.ts';
import { NO_FAULTS } from './decision.ts';
import { relieve } from './hindrance.ts';
import type { Play } from './playing.ts';
import { letLoose } from './policy-pushes.ts';
import type { Round, RoundSettings, Waiting } from './quiet-actors.ts';
import { roundOf } from './quiet-actors.ts';
import { quietZone } from './quiet-zone.ts';
import { fleetOf, observationsOf, restingCell } from './resting-cell.ts';
import { auditZone } from './scenario-parts.ts';
import { sighting } from './sightings.ts';

/** The largest number of calls in one undisturbed round (I4, I5). Most of them ask for INSYNC or read small zones. */
const ROUND_CALLS_MAX = 120;
/** The same where something is refused: its culprits are looked for, and another plan goes without them. */
const REFUSED_CALLS_MAX = 240;
/** Longer than INSYNC takes. */
const SETTLING_MS = 3_600_000;
/** Longer than a refused endpoint waits for its next try. */
const RETRY_MS = 2 * SETTLING_MS;

const SERVED_OTHERS = sighting('an endpoint had an obstacle and the others were served');
const SERVED_LATER = sighting('an obstacle went away and its endpoint was served');

export interface QuietPhase {
  /** `hindered`: as 'at goal', but for endpoints that something stands in the way of. */
  readonly ending: Ending | 'hindered';
  /** The number of port calls in the rounds. */
  readonly calls: number;
}

/**
 * In the quiet phase nothing goes wrong any more, and the earlier actors do nothing. One round of planner, enactor and
 * janitor must bring every root to the goal, whatever the fault phase left behind. Where something stands in the way of
 * an endpoint, the round must serve the others, and once it is taken away, another round must serve that one too. The
 * number of its calls must not depend on what was left. Where the release before was at work and can still read the
 * cell, two rounds are played from the same state: one by this release, as after an upgrade, and one by the release
 * before, as after its undoing.
 *
 * @param mode `hint` is enough where no hand was at work and the zone never went back: a batch that rests on a wrong forecast is refused, and then
 * the zone is read.
 * @throws InvariantViolated when the round misses the goal, or when any rule is broken on the way.
 */
export async function quietPhase(
  stopped: Play,
  mode: 'hint' | 'sweep' = stopped.spent.tamperings + stopped.spent.returns === 0 ? 'hint' : 'sweep',
): Promise<QuietPhase> {
  stopped.watch.rested();
  if (stopped.environment.scopes.length > 1)
    return { ending: 'at goal', calls: await quietZone(stopped, mode) };
  const quiet = await quietRound(stopped, { mode, release: undefined, waiting: 'stand-by' });
  for (const waiting of waysToWait(stopped, mode))
    await quietRound(stopped, { mode, release: undefined, waiting });
  if (
    !stopped.seats.some(({ role }) => role.release === 'before') ||
    stateOf(stopped).format > newestReadBy('before')
  )
    return quiet;
  const undone = await quietRound(stopped, { mode, release: 'before', waiting: 'stand-by' });
  return { ending: undone.ending, calls: quiet.calls + undone.calls };
}

/**
 * Where enactors hand over, the round is also played by such enactors from the same state: with every message lost,
 * sweeps alone must reach the goal. And where a hint is enough and a message is there, its delivery must be, without any
 * sweep.
 */
function waysToWait({ seats, environment }: Play, mode: 'hint' | 'sweep'): readonly Waiting[] {
  if (!seats.some(({ role }) => role.type === 'enactor' && role.handsOver === true)) return [];
  const isFollowed = mode === 'hint' && environment.mailbox.holdsMessage();
  return isFollowed ? ['sweeps', 'messages'] : ['sweeps'];
}

async function quietRound(stopped: Play, settings: RoundSettings): Promise<QuietPhase> {
  const play = stopped.clone({ ...stopped.settings, budget: NO_FAULTS });
  for (const port of play.down) await play.apply({ type: 'outage', port }, () => 0);
  play.environment.setListingFault(undefined);
  const round = roundOf(play, settings);
  const { mode } = settings;
  await round.run('planner', { type: 'planner', fleets: [] });
  const before = await restingCell(play);
  const ending = expectedEnding(before);
  if (ending !== 'at goal') {
    await round.enact(`enactor-${mode}`, mode);
    const after = await restingCell(play);
    const isUntouched =
      after.records === before.records || (ending === 'frozen' && isFrozenAlone(before, after));
    // Nobody writes under a fence that cannot be read: a thaw makes a fresh one.
    const stands = boundedReading(fenceIn(after), after.state.highest);
    const isHeld = ending !== 'frozen' || stands.type !== 'fence' || stands.fence.frozen;
    invariant(isHeld, 'the cell is frozen in the log, and its fence lets batches through');
    invariant(isUntouched, `the zone was changed although it is ${ending}`);
    await settleAndRetire(round);
    return { ending, calls: round.calls() };
  }
  const base = await enactWholly(round, before);
  const plannedAt = play.environment.time.now();
  const earlier = await served(play, base);
  await settleAndRetire(round);
  const unserved = await served(play, base, { unserved: earlier, plannedAt });
  const isRefused = stateOf(play).refused.length > 0 || unserved.size > 0;
  const callsMax = isRefused ? REFUSED_CALLS_MAX : ROUND_CALLS_MAX;
  invariant(round.calls() <= callsMax, `I5: an undisturbed round took ${round.calls()} calls`);
  if (!isRefused) return { ending, calls: round.calls() };
  play.sightings.note(SERVED_OTHERS);
  const relieved = await relievedRound(play, settings, unserved);
  return { ending: 'hindered', calls: round.calls() + relieved };
}

/** Whether nothing has changed but the fence, which is frozen now and was not. */
function isFrozenAlone(before: RestingCell, after: RestingCell): boolean {
  const [was, is] = [fenceIn(before), fenceIn(after)];
  const fence = fenceName(before.scope);
  const others = ({ records }: RestingCell) => records.filter(({ name }) => name !== fence);
  const isFrozen = was.type === 'fence' && !was.fence.frozen && is.type === 'fence' && is.fence.frozen;
  return isFrozen && sameRecords(others(before), others(after));
}

/**
 * Plans were made: enactors bring the cell to them. What Route 53 refuses is recorded, so that the planner keeps it back,
 * and another enactor applies the plan that goes without it.
 *
 * @param before the cell before the round.
 * @returns the cell before its last plan was tried: what is refused then may have been changed by a plan before it.
 */
async function enactWholly({ play, mode, run, enact }: Round, before: RestingCell): Promise<RestingCell> {
  const stagedBefore = stateOf(play).staging?.generation;
  await enact(`enactor-${mode}`, mode);
  // A staged plan is applied first, because a busy planner would otherwise starve every flip. The next run then applies
  // the goal.
  const isBetween =
    stagedBefore !== undefined && appliedGeneration(play) === stagedBefore && !isGoalApplied(play);
  const between = isBetween ? await restingCell(play) : before;
  if (isBetween) await enact('enactor-2', 'sweep');
  const { refused, goal } = stateOf(play);
  if (!refused.some(({ generation }) => generation === goal?.generation)) return between;
  const halfway = await restingCell(play);
  assertRefusedUntouched(between, halfway);
  await run('planner-2', { type: 'planner', fleets: [] });
  await enact(`enactor-3-${mode}`, mode);
  return halfway;
}

async function settleAndRetire({ play, run }: Round): Promise<void> {
  play.environment.time.advanceTo(play.environment.time.now() + SETTLING_MS);
  await run('janitor', { type: 'janitor' });
}

/** Everything that stands in the way is taken away, a looser policy is accepted, and the time of the next try comes: now every endpoint is served. */
async function relievedRound(
  quiet: Play,
  settings: RoundSettings,
  unserved: ReadonlyMap<DnsName, string>,
): Promise<number> {
  const play = quiet.clone({ ...quiet.settings, timeless: false });
  const { environment, watch } = play;
  const { time } = environment;
  const isChanged = relieve(environment, watch.declared);
  if (isChanged) watch.tampered();
  environment.setFailed(new Set());
  time.advanceTo(time.now() + RETRY_MS);
  const isAhead = latestStamp(stateOf(play)) > time.now();
  const mode = isChanged ? 'sweep' : settings.mode;
  const round = roundOf(play, { ...settings, mode }, 'relieved');
  if (stateOf(play).loosening !== null) await round.run('person', letLoose);
  // An auditor tells the log that the zone may hold more again.
  const { facts } = stateOf(play);
  if (facts !== null && facts.recordLimit !== environment.recordLimit) await round.run('auditor', auditZone);
  await round.run('planner', { type: 'planner', fleets: [] });
  const before = await restingCell(play);
  const base = await enactWholly(round, before);
  // Every second try asks only for what was observed and ordered away: then one more plan asks for all the rest, which is
  // kept back until then, although nothing is refused any more once that little was applied.
  const { refused, keptBack } = stateOf(play);
  const isRefused = (code: string) => code === 'refused-by-route53';
  if (refused.length > 0 || keptBack.some(({ findings }) => findings.some(({ code }) => isRefused(code)))) {
    // A refusal whose time lay ahead waits from when the log first saw that, which was in this round.
    if (isAhead) time.advanceTo(time.now() + RETRY_MS);
    await round.run('planner-3', { type: 'planner', fleets: [] });
    await round.enact(`enactor-4-${mode}`, mode);
  }
  const still = await served(play, base);
  const asked = await askedOf(play);
  for (const [name, difference] of unserved) {
    const isExcused =
      before.restrictions.healthChecks.size === 0 || isWithoutTarget(name, stateOf(play), asked);
    invariant(isExcused || !still.has(name), `liveness: its obstacle is gone, and ${difference}`);
  }
  invariant(round.calls() <= REFUSED_CALLS_MAX, `I5: a round after an obstacle took ${round.calls()} calls`);
  if (still.size === 0) {
    assertAtGoal(await restingCell(play));
    play.sightings.note(SERVED_LATER);
  }
  return round.calls();
}

/** @param earlier what was not served before the janitor, and when: no planner has run since. */
async function served(
  play: Play,
  before: RestingCell,
  earlier?: { readonly unserved: ReadonlyMap<DnsName, string>; readonly plannedAt: number },
): Promise<ReadonlyMap<DnsName, string>> {
  const asked = await askedOf(play, earlier?.plannedAt);
  return assertServed(before, await restingCell(play), asked, earlier?.unserved);
}

async function askedOf(play: Play, now: number = play.environment.time.now()): Promise<AskedOfCell> {
  const [fleet, observations] = [await fleetOf(play), await observationsOf(play)];
  return { fleet, failed: play.environment.failed(), observations, now };
}

function stateOf({ environment }: Play): CellState {
  return environment.memory.peek(environment.scope.cell).state;
}

function appliedGeneration(play: Play): number | undefined {
  return stateOf(play).applied?.generation;
}

function isGoalApplied(play: Play): boolean {
  const { applied, goal } = stateOf(play);
  return goal === null || (applied !== null && applied.generation >= goal.generation);
}
