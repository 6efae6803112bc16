import { InvariantViolated, invariant } from '../../plan/invariant.ts';
import { createStateSet } from '../engine/state-set.ts';
import type { RunStep, RunStop } from './lease-actors.ts';
import { runTo } from './lease-actors.ts';
import type { LeaseDecision } from './lease-decisions.ts';
import { decided, leaseDecisions, mayRiseAt, withoutDead, withSeat } from './lease-decisions.ts';
import { atOrigin } from './lease-origin.ts';
import { judgeHearing, judgeStep, judgeWrites } from './lease-rules.ts';
import type { LeaseScenario, LeaseSeat, LeaseState } from './lease-state.ts';

export interface LeaseSearchResult {
  /** True when every state was seen. Then the rules hold in all of them. */
  readonly complete: boolean;
  readonly states: number;
  readonly decisions: number;
  /** The rule that is broken, and what led there. */
  readonly violation?: { readonly message: string; readonly story: readonly string[] };
}

interface Frame {
  readonly state: LeaseState;
  readonly decisions: readonly LeaseDecision[];
  /** True milliseconds since the beginning. */
  readonly elapsedMs: number;
  next: number;
}

/**
 * Visits every world that a scenario can reach, depth first: every interleaving of the actors' calls, with every fault at
 * every call as far as the budget of faults goes. The actors are the production code of holders and planners, over the
 * table in memory.
 *
 * @param statesMax after so many states the search gives up. Then it has proven nothing.
 */
export async function searchLeases(
  scenario: LeaseScenario,
  statesMax = Number.POSITIVE_INFINITY,
): Promise<LeaseSearchResult> {
  const stops = stopCache(scenario);
  const seen = createStateSet();
  const path: Frame[] = [];
  let decisions = 0;
  const stopOf = (state: LeaseState) => (seat: number) => stops.known(seat, state);
  const enter = async (given: LeaseState, elapsedMs: number): Promise<void> => {
    for (const seat of given.seats.keys()) await stops.find(seat, given);
    const state = atOrigin(scenario.actors, withoutDead(scenario, given, stopOf(given)));
    if (!seen.add(keyOf(state))) return;
    for (const seat of state.seats.keys()) await stops.find(seat, state);
    const next = leaseDecisions(scenario, state, stopOf(state));
    path.push({ state, decisions: next, elapsedMs, next: 0 });
  };
  await enter(scenario.first, 0);
  for (;;) {
    const frame = path.at(-1);
    const result = { states: seen.size(), decisions };
    if (frame === undefined) return { ...result, complete: true };
    if (seen.size() >= statesMax) return { ...result, complete: false };
    const decision = frame.decisions[frame.next];
    if (decision === undefined) {
      path.pop();
      continue;
    }
    frame.next += 1;
    decisions += 1;
    try {
      const after = await decided(scenario, frame.state, decision, stopOf(frame.state));
      judgeStep(scenario, frame.state, after);
      const settled = 'seat' in decision ? await settle(scenario, stops, after, decision.seat) : after;
      judgeStep(scenario, after, settled);
      await enter(settled, frame.elapsedMs + settled.now - frame.state.now);
    } catch (error) {
      if (!(error instanceof InvariantViolated)) throw error;
      const story = path.map((each) => told(scenario, stops, each));
      return { ...result, complete: false, violation: { message: error.message, story } };
    }
  }
}

interface StopCache {
  known(seat: number, state: LeaseState): RunStop | undefined;
  find(seat: number, state: LeaseState): Promise<RunStop | undefined>;
}

/** Where runs have come to, by what their actors know: each is played once. */
function stopCache({ actors, declared }: LeaseScenario): StopCache {
  const byKnowledge = new Map<string, RunStop>();
  const bySeat = new WeakMap<LeaseSeat, RunStop>();
  const known = (seat: number, { seats }: LeaseState): RunStop | undefined => {
    const own = seats[seat];
    return own && bySeat.get(own);
  };
  return {
    known,
    find: async (seat, state) => {
      const there = known(seat, state);
      const actor = actors[seat];
      const own = state.seats[seat];
      if (there !== undefined || actor === undefined || own === undefined || own.steps === null) return there;
      const key = JSON.stringify([seat, own.memory, own.steps]);
      const stop = byKnowledge.get(key) ?? (await runTo(actor, own.memory, own.steps, declared));
      byKnowledge.set(key, stop);
      bySeat.set(own, stop);
      return stop;
    },
  };
}

const seatTexts = new WeakMap<LeaseSeat, string>();

function keyOf({ seats, ...rest }: LeaseState): string {
  const texts = seats.map((seat) => {
    const text = seatTexts.get(seat) ?? JSON.stringify(seat);
    seatTexts.set(seat, text);
    return text;
  });
  return `${texts.join()} ${JSON.stringify(rest)}`;
}

/** Leads an actor on to its next stop, and ends its run if it is at its end. */
async function settle(
  scenario: LeaseScenario,
  stops: StopCache,
  state: LeaseState,
  seat: number,
): Promise<LeaseState> {
  const own = state.seats[seat];
  if (own !== undefined) judgeWrites(own);
  const stop = await stops.find(seat, state);
  if (stop === undefined) return state;
  if (stop.type === 'heard' && stop.hearing !== undefined) judgeHearing(stop.hearing);
  if (stop.type === 'held')
    return withSeat(state, seat, (its) => ({ ...its, steps: null, writes: 0, memory: stop.period.memory }));
  if (stop.type !== 'call') return withSeat(state, seat, (its) => ({ ...its, steps: null, writes: 0 }));
  const earlier = simplest(scenario, state, seat, stop);
  const simpler = withSeat(state, seat, (its) => ({ ...its, steps: dated(its.steps ?? [], earlier) }));
  const same = await stops.find(seat, simpler);
  return JSON.stringify(same) === JSON.stringify(stop) ? simpler : state;
}

/**
 * The time by which an actor may have looked at its clock: none if it has not looked, and for a tick that may rise the
 * first at which it may. Whether its next call is the same one is compared, and not trusted.
 */
function simplest(
  { actors }: LeaseScenario,
  { now }: LeaseState,
  seat: number,
  stop: Extract<RunStop, { type: 'call' }>,
): number {
  const actor = actors[seat];
  if (!stop.looked) return 0;
  const rises = stop.call.verb === 'putTick' && !stop.call.tick.seen;
  return rises && actor?.kind === 'planner' ? mayRiseAt(stop.call.tick, actor.aheadMs) : now;
}

function dated(steps: readonly RunStep[], at: number): readonly RunStep[] {
  return steps.map((step, index) => (index === steps.length - 1 ? { ...step, at } : step));
}

/** A decision in the words of a timeline. */
function told(
  { actors }: LeaseScenario,
  stops: StopCache,
  { state, decisions, elapsedMs, next }: Frame,
): string {
  const decision = decisions[next - 1];
  invariant(decision !== undefined, 'a frame of a story has no decision');
  const at = `${seconds(elapsedMs)}:`;
  if (decision.type === 'time') return `${at} ${seconds(decision.to - state.now)} pass`;
  if (decision.type === 'chorus') return `${at} all other groups write`;
  if (decision.type === 'arrive') {
    const sent = state.flying[decision.flying];
    return `${at} ${actors[sent?.seat ?? 0]?.name}'s ${JSON.stringify(sent?.call)} arrives late`;
  }
  const { seat, type } = decision;
  const stop = stops.known(seat, state);
  const about = stop?.type === 'call' ? ` ${JSON.stringify(stop.call)}` : '';
  return `${at} ${actors[seat]?.name} ${type}${about}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
