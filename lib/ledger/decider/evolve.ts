import type { EndpointRefused, KeptEndpoint, LedgerEvent, PlanAppended, PlanApplied } from './events.ts';
import type { Stamp } from './evolve-before-3.ts';
import { evolveBefore3, including, unstick } from './evolve-before-3.ts';
import { handedOver, isHandover, ownedOf } from './evolve-handover.ts';
import {
  withBlind,
  withCapacityRemoved,
  withKeptBack,
  withoutApplied,
  withoutRefusedRemoval,
  withoutRepaired,
  withRefused,
  withReissued,
  withRejected,
  withRetried,
  withTrying,
} from './evolve-obstacles.ts';
import { withoutReturning, withRefusedReturn, withReturned } from './evolve-returns.ts';
import { keepingFloors, loosened, withDeclared, withFloors } from './loosening.ts';
import { inTime } from './stamps.ts';
import type { CellState, PlanRef } from './state.ts';
import { isSince4 } from './state.ts';

/** The state after `event`. Pure and total: an event that arrives late never lowers what was applied. */
export function evolve(before: CellState, event: LedgerEvent, occasion: Stamp): CellState {
  const { at, by } = occasion;
  const state = isSince4(before) ? inTime(before, occasion) : before;
  if (isHandover(event)) return handedOver(state, event, at);
  const after = keepingFloors(state, evolveBefore3(state, event, occasion));
  switch (event.type) {
    case 'FleetDeclared':
      return {
        ...after,
        loosening: withDeclared(state, event, occasion),
        endpoints: withFloors(after, event.floors ?? {}),
      };
    case 'LooseningApproved':
      return loosened(state);
    case 'LooseningRejected': {
      const { loosening } = state;
      const rejected = { at, by, reason: event.reason };
      return { ...state, loosening: loosening === null ? null : { ...loosening, rejected } };
    }
    case 'PlanAppended':
      return planAppendedSince3(state, after, event, at);
    case 'PlanApproved':
      return planApprovedSince3(state, after, event.generation, at);
    case 'PlanApplied':
      return planAppliedSince3(state, after, event);
    case 'ZoneRegressed': {
      const { name, found, expected, fenceSeq = 0 } = event;
      return { ...after, lastRegression: { name, found, expected, fenceSeq } };
    }
    case 'EndpointAdopted':
      return { ...after, refused: withRetried(state.refused, event.name) };
    case 'EndpointsKeptBack':
      return withKept(state, event.endpoints, at);
    case 'KeptBackRejected':
      return { ...state, keptBack: withRejected(state.keptBack, event, { at, by }) };
    case 'EndpointRefused':
      // What cannot be staged or flipped is no longer waited for: the next plan takes its place at once.
      return {
        ...state,
        refused: withRefused(state, event, at),
        staging: unstick(state.staging),
        ...withoutRefusedChange(state, event),
      };
    case 'EndpointRetried':
      return { ...state, refused: withRetried(state.refused, event.name) };
    case 'LogContradicted': {
      const { number, digits } = event;
      return { ...state, contradicted: { number, digits, at } };
    }
    case 'BranchEvacuated':
    case 'BranchRestored':
      return { ...state, evacuatedBranches: branchesAfter(state.evacuatedBranches, event) };
    case 'SourcesBlind':
      return { ...state, blind: withBlind(state.blind, event.sources, at) };
    case 'DriftRepaired':
      return { ...after, refused: withoutRepaired(state.refused, event.names) };
    case 'FenceAhead':
      return event.reissue === undefined
        ? after
        : { ...withFleet(after, state), refused: withReissued(state, event.reissue.generation) };
    case 'TargetsObserved':
    case 'TargetDrained':
    case 'TargetRestored':
    case 'AzEvacuated':
    case 'AzRestored':
    case 'PlanRejected':
    case 'PlanStaged':
    case 'TreesRetired':
    case 'ZoneSurveyed':
    case 'DriftFound':
    case 'PlannerPaused':
    case 'PlannerResumed':
    case 'CellFrozen':
    case 'CellThawed':
    case 'RescueFound':
    case 'FormatRaised':
      return after;
  }
}

function branchesAfter(
  evacuated: CellState['evacuatedBranches'],
  { type, branch }: LedgerEvent & { type: 'BranchEvacuated' | 'BranchRestored' },
): CellState['evacuatedBranches'] {
  return type === 'BranchEvacuated'
    ? including(evacuated, branch)
    : evacuated.filter((each) => each !== branch);
}

/**
 * A refused endpoint of which nothing waits any more, and that nobody tries, is forgotten. A repair that was refused is
 * no plan's, and goes on waiting, as what was refused of the goal itself does.
 */
function withKept(state: CellState, endpoints: readonly KeptEndpoint[], at: number): CellState {
  const names = new Set(endpoints.map(({ name }) => name));
  const refused = state.refused.filter(
    ({ name, trying, step, generation }) =>
      trying !== null || step === 'repair' || generation === state.goal?.generation || names.has(name),
  );
  const after = { ...state, keptBack: withKeptBack(state, endpoints, at), refused };
  const { fleet, goal } = state;
  if (fleet === null || goal === null) return after;
  // Whatever is not kept back answers as the declared fleet asks.
  const marked = (ref: PlanRef): PlanRef =>
    ref.generation === goal.generation ? { ...ref, fleet: fleet.digest } : ref;
  return { ...after, goal: marked(goal), newest: state.newest === null ? null : marked(state.newest) };
}

/** What a refused plan would have taken of the endpoint was not taken, and what it would have brought back is not back. */
function withoutRefusedChange(
  state: CellState,
  event: EndpointRefused,
): Pick<CellState, 'capacityRemoved' | 'capacityReturning'> {
  const { capacityReturning } = state;
  return withRefusedReturn(
    state,
    { capacityRemoved: withoutRefusedRemoval(state, event), capacityReturning },
    event,
  );
}

function planAppendedSince3(before: CellState, after: CellState, event: PlanAppended, at: number): CellState {
  const { keptBack, capacityRemoved, origin, disposition } = event;
  const isHeld = disposition === 'held';
  const marked = (ref: PlanRef | null): PlanRef | null => {
    if (ref?.generation !== event.generation) return ref;
    const held = isHeld && capacityRemoved !== undefined ? { capacityRemoved } : {};
    return { ...ref, ...fleetOf(before, origin), ...held };
  };
  const counted = withReturned(before, event);
  const kept = keptBack === undefined || isHeld ? before.keptBack : withKeptBack(before, keptBack, at);
  return {
    ...after,
    newest: marked(after.newest),
    goal: marked(after.goal),
    // A plan that does not say what it takes of each endpoint counts for all of them.
    removals: capacityRemoved === undefined ? after.removals : before.removals,
    capacityReturning: counted.capacityReturning,
    capacityRemoved:
      isHeld || capacityRemoved === undefined
        ? counted.capacityRemoved
        : withCapacityRemoved({ ...after, capacityRemoved: counted.capacityRemoved }, capacityRemoved, at),
    keptBack: kept,
    refused: isHeld ? before.refused : withTrying(before.refused, kept, event.generation),
  };
}

function withFleet(after: CellState, before: CellState): CellState {
  const marked = (ref: PlanRef | null) => (ref === null ? null : { ...ref, ...fleetOf(before, 'reissue') });
  return { ...after, goal: marked(after.goal), newest: marked(after.newest) };
}

/** The fleet that a plan follows from. A goal that is appended again follows from the same one as before. */
function fleetOf({ fleet, goal }: CellState, origin: PlanRef['origin']): Pick<PlanRef, 'fleet'> {
  const isAgain = origin === 'reissue';
  const digest = isAgain ? goal?.fleet : fleet?.digest;
  const follows = isAgain || origin === 'planner' || origin === 'approval';
  return follows && digest !== undefined ? { fleet: digest } : {};
}

function planApprovedSince3(before: CellState, after: CellState, approved: number, at: number): CellState {
  const { newest } = before;
  if (newest?.generation !== approved) return after;
  const refused = withTrying(before.refused, before.keptBack, newest.generation);
  if (newest.capacityRemoved === undefined) return { ...after, refused };
  const { capacityRemoved, ...ref } = newest;
  const goal: PlanRef = { ...ref, disposition: 'approved' };
  return {
    ...after,
    newest: goal,
    goal,
    refused,
    removals: before.removals,
    capacityRemoved: withCapacityRemoved(after, capacityRemoved, at),
  };
}

/** A freeze or a thaw moves the fence of a plan that is applied already: whoever applied it, and when, stays. */
function planAppliedSince3(before: CellState, evolved: CellState, event: PlanApplied): CellState {
  const { applied } = before;
  const after = {
    ...evolved,
    owned: ownedOf(evolved),
    capacityReturning: withoutReturning(before, event),
  };
  const isSame =
    applied !== null && applied.generation === event.generation && applied.digest === event.digest;
  const refused = withoutApplied(before, event);
  if (!isSame || event.reason !== 'observed' || after.applied === null || event.seq <= applied.seq)
    return { ...after, refused };
  const { seq } = event;
  const { at, by, changeId: flipped, ...flip } = applied;
  const history = after.history.map((entry) =>
    entry.generation === event.generation && entry.seq === seq ? { ...entry, at } : entry,
  );
  // The change that moved the fence came after the flip: where it is known, it speaks for both. Format 3 forgot it. Where
  // nobody knows it, and an audit has said how much room there is, it may have moved rollback roots: then a janitor has
  // to make another one (docs/adr/0060-retention-yields.md).
  const known = isSince4(before) ? event.changeId : undefined;
  const isDoubtful = isSince4(before) && before.facts !== null;
  const changeId = known ?? (isDoubtful ? undefined : flipped);
  const moved = { ...flip, seq, at, by, ...(changeId === undefined ? {} : { changeId }) };
  return { ...after, refused, history, applied: moved };
}
