import { goalOf } from '../cell/choose-goal.ts';
import { readFence } from '../cell/fence-reader.ts';
import type { FrozenHalf } from '../cell/freeze-halves.ts';
import { frozenHalf } from '../cell/freeze-halves.ts';
import type { OwnStanding } from '../cell/standing.ts';
import { fencePlan, isOvertaken, otherLedgerReason, standingOf } from '../cell/standing.ts';
import { unsaidMark } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { generation, MAX_GENERATIONS_AHEAD } from '../plan/generation.ts';
import { shortDigest } from '../plan/plan.ts';
import { rootFloor } from '../plan/regression.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Again } from './attempt.ts';
import { countWrongListing } from './confirm-zone.ts';
import type { EnactOutcome, EnactorDeps, EnactRequest, Run } from './enactor.ts';
import {
  fenceAhead,
  freezeAgain,
  frozen,
  recreateFence,
  reportContradiction,
  wentBack,
} from './fence-cases.ts';
import { flip } from './flip.ts';
import { countRace } from './narrow-down.ts';
import type { Situation, Step } from './next-step.ts';
import { nextStep } from './next-step.ts';
import { owedPlanApplied, record, recordRefusal } from './record.ts';
import { repairTrees } from './repair-trees.ts';
import { recordHandovers, seeToOffers } from './see-to-offers.ts';
import { seeToRoom } from './see-to-room.ts';
import { readSituation, recordRegressedRoots, refusedOf } from './situation.ts';
import { assertTreesAgain, awaitRecord, awaitTrees, stageTrees } from './stage-trees.ts';

/** Passes a run may take: a busy cell takes three or four, one whose every tree drifted or is refused one a batch. */
const PASSES_MAX = 160;
/** Writes a run may lose before it leaves the cell to the next: others are at work, or Route 53 refuses the batches. */
const LOSSES_MAX = 8;

const NO_GOAL: EnactOutcome = { type: 'idle', reason: 'no plan has been approved yet' };

/**
 * Brings one cell to its goal, if it is not there: one run of an enactor. Any number may run at once.
 *
 * Every pass reads the fence, then the ledger, then (when it must) the zone, decides, and does one thing. Nothing that
 * was decided survives into the next pass, and of what was read only the zone, as long as the fence stands under which
 * it is known. So a run that was held up anywhere, for however long, either finds the fence as it left it or loses as a
 * whole.
 *
 * @param run what this run remembers between its passes; given by a caller that reads it afterwards.
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down; the next run goes on.
 */
export async function enact(
  deps: EnactorDeps,
  request: EnactRequest,
  run = beginRun(deps, request),
): Promise<EnactOutcome> {
  for (let passes = 0; passes < PASSES_MAX; passes += 1) {
    if (deps.clock.now() >= request.deadline)
      return { type: 'unfinished', reason: 'the deadline came first' };
    if (run.lost >= LOSSES_MAX) {
      return {
        type: 'unfinished',
        reason: `${run.lost} writes did not go through, the last one: ${run.lostReason}`,
      };
    }
    const outcome = await pass(deps, run);
    if (outcome !== 'again') return outcome;
  }
  return { type: 'unfinished', reason: `${PASSES_MAX} passes were not enough` };
}

/** A run that has seen nothing yet. */
export function beginRun(deps: Pick<EnactorDeps, 'clock'>, request: EnactRequest): Run {
  return {
    request,
    startedAt: deps.clock.now(),
    readZone: request.mode === 'sweep',
    lost: 0,
    lostReason: '',
    suspectedAt: undefined,
    known: undefined,
    insync: new Set(),
    follows: request.follows === true,
    unknown: new Set(),
    rejected: undefined,
    suspects: [],
    sent: 0,
    landed: false,
    refused: new Map(),
    askedLimit: false,
    doubted: undefined,
    keepsRollbacks: false,
    leavesOffers: false,
    settledOffers: undefined,
    waitedUnder: undefined,
  };
}

async function pass(deps: EnactorDeps, run: Run): Promise<EnactOutcome | Again> {
  const { writer } = deps;
  // Fence first, ledger second: so the ledger knows at least every plan that this fence can have come from.
  const reading = await readFence(writer.zone, writer.scope);
  countRace(run, reading);
  return passUnder(deps, run, reading);
}

/** The pass once its fence is known, because it was read or because this run has just made it where there was none. */
async function passUnder(deps: EnactorDeps, run: Run, reading: FenceReading): Promise<EnactOutcome | Again> {
  const { writer, ledger } = deps;
  const head = await ledger.head(writer.scope.cell);
  const standing = standingOf(reading, head.state, 'fence-first');
  countHalf(deps, frozenHalf(head.state, reading));
  switch (standing.type) {
    case 'unreadable':
      if (standing.isFrozen) return frozen(deps, undefined, head);
      if (head.state.goal === null) return NO_GOAL;
      return replaceFence(deps, run, reading, standing.reading, head);
    case 'other-ledger':
      return otherLedger(standing.fence, head);
    case 'nobodys':
      // A rescue that found no fence to read cannot know whose the cell is; its freeze counts all the same.
      return standing.fence.frozen ? frozen(deps, standing.fence, head) : otherLedger(standing.fence, head);
    case 'own':
      return proceed({ ...deps, anchor: standing.fence.head }, run, reading, standing, head);
  }
}

/** Makes a fence and goes on under it: to have written it says as much as to read it, and the log is read after it. */
async function replaceFence(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  found: 'missing' | 'malformed',
  head: Head,
): Promise<EnactOutcome | Again> {
  const made = await recreateFence(deps, run, reading, found, head);
  return made !== 'again' && made.type === 'fence' ? passUnder(deps, run, made) : made;
}

/** Of a half this run may mend, and then its next pass counts none. */
function countHalf({ telemetry, writer }: EnactorDeps, half: FrozenHalf | null): void {
  telemetry.count(METRICS.cellsHalfFrozen, half === null ? 0 : 1, { cell: writer.scope.cell });
}

/** Two ledgers claim one cell: neither may go on before a person has said which. */
function otherLedger(fence: Fence, { state }: Head): EnactOutcome {
  return { type: 'refused', reason: otherLedgerReason(state, fence) };
}

/** Under a fence of the cell's own ledger: records what only the zone shows, then brings the cell to its goal. */
async function proceed(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  { fence, isFrozen, place }: OwnStanding,
  head: Head,
): Promise<EnactOutcome | Again> {
  const lost = unsaidMark(head, fence.head);
  if (lost !== undefined) return reportContradiction(deps, head, lost);
  if (await wentBack(deps, run, fence, head)) return 'again';
  const owed = await owedPlanApplied(deps, fence, head);
  if (owed !== undefined) {
    await record(deps, owed);
    return 'again';
  }
  if (isFrozen)
    return fence.frozen ? frozen(deps, fence, head) : freezeAgain(deps, run, reading, fence, head);
  if (place === 'ahead') return fenceAhead(deps, fence, head, fence.generation);
  return approach(deps, run, reading, fence, head);
}

async function approach(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  fence: Fence,
  head: Head,
): Promise<EnactOutcome | Again> {
  const { ledger, writer } = deps;
  const { state } = head;
  const logged = { ledger, scope: writer.scope, state };
  const goal = await goalOf(logged, fence.generation, [...state.refused, ...run.refused.values()]);
  if (goal === undefined) return NO_GOAL;
  // The zone alone shows what is left of the goal besides what was refused.
  const hasRefused = refusedOf(goal.generation, head.state, run).size > 0;
  const isDoubtful =
    fencePlan(fence, head.state) === undefined || isOvertaken(fence, head.state) || hasRefused;
  const isBroken = head.state.drift !== null || head.state.regressed !== null;
  // The zone alone shows whether an endpoint has gone over since.
  const hasHandovers = head.state.offers.length + head.state.awaited.length > 0;
  const mustRead = run.readZone || isBroken || isDoubtful || hasHandovers;
  // What the log says of the zone may be younger than what this run knows of it.
  if (isBroken) run.known = undefined;
  if (!mustRead && fence.generation === goal.generation && fence.plan === shortDigest(goal.digest)) {
    return arrived(run, fence);
  }
  const situation = await readSituation(deps, { reading, fence, head, goal }, run, mustRead);
  if (situation === 'left out') countWrongListing(run);
  if (situation === 'left out' || situation === 'moved') return 'again';
  if (situation.zone.type === 'read') {
    const { view } = situation.zone;
    const floor = rootFloor(view, situation.scope);
    if (floor > head.state.highest && floor <= head.state.highest + MAX_GENERATIONS_AHEAD) {
      return fenceAhead(deps, fence, head, generation(floor));
    }
    if ((await recordHandovers(deps, run, reading, head, situation, view)) !== undefined) return 'again';
    const shown = await recordRegressedRoots(deps, run, { reading, head, situation }, view);
    return shown === 'again' ? shown : take(deps, run, reading, head, shown, nextStep(shown));
  }
  return take(deps, run, reading, head, situation, nextStep(situation));
}

async function take(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  situation: Situation,
  step: Step,
): Promise<EnactOutcome | Again> {
  switch (step.type) {
    case 'read-zone':
      run.readZone = true;
      return 'again';
    case 'leave-out':
      for (const obstacle of step.obstacles) {
        const { generation } = situation.goal;
        const refusal = { ...obstacle, step: 'conflict', generation, batches: 0 } as const;
        await recordRefusal(deps, run, situation.state, refusal);
      }
      return 'again';
    case 'repair':
      return repairTrees(deps, run, reading, head, situation, step.endpoints);
    case 'await-record':
      return awaitRecord(deps, run, reading);
    case 'stage': {
      const staging = { reading, head, situation, trees: step.trees };
      return (await seeToRoom(deps, run, staging)) ?? stageTrees(deps, run, reading, situation, step.trees);
    }
    case 'assert-again':
      return assertTreesAgain(deps, run, reading, situation, step.trees);
    case 'await':
      return (
        (await seeToOffers(deps, run, reading, situation)) ??
        awaitTrees(deps, run, situation.goal.generation, step.changes)
      );
    case 'flip':
      return flip(deps, run, reading, head, situation, step.roots);
    case 'blocked':
      if ((await seeToOffers(deps, run, reading, situation)) !== undefined) return 'again';
      // It is not known whether Route 53 refuses these, or a listing was wrong: that is no end that counts as one.
      if (run.doubted !== undefined) throw run.doubted;
      return {
        type: 'blocked',
        generation: situation.goal.generation,
        endpoints: step.endpoints,
      };
    case 'converged':
      if ((await seeToOffers(deps, run, reading, situation)) !== undefined) return 'again';
      if (head.state.drift !== null || head.state.regressed !== null)
        await record(deps, { type: 'RecordRepair', count: 0, names: [], seq: situation.fence.seq });
      return arrived(run, situation.fence);
  }
}

function arrived(run: Run, fence: Fence): EnactOutcome {
  const { generation, by } = fence;
  return run.lost > 0 || run.rejected !== undefined
    ? { type: 'superseded', generation, by }
    : { type: 'converged', generation };
}
