import { mayAct, NEW_HOLDER } from '../../lease/holder.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import type { HeldLeases } from '../../lease/memory-leases.ts';
import { memoryLeases } from '../../lease/memory-leases.ts';
import type { RunStop } from './lease-actors.ts';
import { SEARCHED_GROUP, stopwatchAt, trueTimeOf } from './lease-actors.ts';
import type { CallAnswer, LeaseCall } from './lease-call.ts';
import { isWrite, NO_ANSWER, performed, SEARCHED_ZONE } from './lease-call.ts';
import type { LeaseScenario, LeaseSeat, LeaseState } from './lease-state.ts';

/**
 * What may happen next. `lost`: the write is done, and its answer does not arrive. `never`: it is not done, and nobody
 * says so. `late`: the same, and it may still be done at any later time. `away`: the table refuses the call.
 */
export type LeaseDecision =
  | { readonly type: 'time'; readonly to: number }
  | { readonly type: 'begin' | 'crash'; readonly seat: number }
  | { readonly type: 'answer' | 'lost' | 'never' | 'late' | 'away'; readonly seat: number }
  | { readonly type: 'arrive'; readonly flying: number }
  | { readonly type: 'chorus' };

/** The shortest time between the beginnings of two periods of a holder, milliseconds: a tenth less than 60 s. */
const PERIOD_MIN_MS = 54_000;
/** The shortest time between two ticks, milliseconds. */
const TICK_MS = 58_000;
const KEY = `${SEARCHED_ZONE.cell} ${SEARCHED_ZONE.az}`;

/** Everything that may happen next in a world. @param stopOf where the actor of a seat has stopped. */
export function leaseDecisions(
  scenario: LeaseScenario,
  state: LeaseState,
  stopOf: (seat: number) => RunStop | undefined,
): readonly LeaseDecision[] {
  const { now, seats, flying, faults, choruses } = state;
  const decisions: LeaseDecision[] = [];
  for (const [seat, { steps, runs, notBefore, memory }] of seats.entries()) {
    const actor = scenario.actors[seat];
    const mayCrash = scenario.crashes && actor?.kind === 'holder' && faults > 0;
    if (steps === null && runs > 0 && now >= notBefore) decisions.push({ type: 'begin', seat });
    if (mayCrash && memory.hold !== undefined) decisions.push({ type: 'crash', seat });
    const stop = steps === null ? undefined : stopOf(seat);
    if (stop?.type !== 'call') continue;
    decisions.push({ type: 'answer', seat });
    if (faults === 0 || actor?.kind !== (scenario.faulty ?? actor?.kind)) continue;
    const { verb } = stop.call;
    // A planner that does not write does what it would do if it had not begun, and a row's writer does not.
    if (actor?.kind === 'holder') decisions.push({ type: 'away', seat });
    if (verb === 'putRow') decisions.push({ type: 'never', seat });
    if (isWrite(stop.call)) decisions.push({ type: 'lost', seat }, { type: 'late', seat });
  }
  for (const index of flying.keys()) decisions.push({ type: 'arrive', flying: index });
  if (choruses > 0) decisions.push({ type: 'chorus' });
  const due = nextDue(scenario, state);
  if (due !== undefined) decisions.push({ type: 'time', to: due });
  return decisions;
}

/**
 * The next true time at which something becomes possible or ends: a tick may rise, a holder's time is over, its next
 * period begins. Between two such times nothing does, and whoever acts there acts as at the first of them.
 */
function nextDue({ actors }: LeaseScenario, { now, tick, seats }: LeaseState): number | undefined {
  const times = actors.flatMap((actor, index) => {
    const seat = seats[index];
    if (seat === undefined) return [];
    if (actor.kind === 'forgetter') return [];
    if (actor.kind === 'planner') return tick.seen ? [mayRiseAt(tick, actor.aheadMs)] : [];
    const { memory, notBefore, runs } = seat;
    const isActing = mayAct(memory, stopwatchAt(actor.permille, now));
    const end = isActing && memory.hold ? [trueTimeOf(actor.permille, memory.hold.untilMs)] : [];
    return runs > 0 ? [...end, notBefore] : end;
  });
  const later = times.filter((time) => time > now);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** The first true time at which a planner may let a tick rise. @param aheadMs of its clock. */
export function mayRiseAt({ at }: Tick, aheadMs: number): number {
  return at + TICK_MS - aheadMs;
}

/** The world after a decision; the seat that came to a new stop is not led on yet. */
export async function decided(
  scenario: LeaseScenario,
  state: LeaseState,
  decision: LeaseDecision,
  stopOf: (seat: number) => RunStop | undefined,
): Promise<LeaseState> {
  switch (decision.type) {
    case 'time':
      return { ...state, now: decision.to };
    case 'begin':
      return withSeat(state, decision.seat, (seat) => ({
        ...seat,
        ...begun(scenario, state, decision.seat),
      }));
    case 'crash':
      return withSeat({ ...state, faults: state.faults - 1 }, decision.seat, (seat) => ({
        ...seat,
        memory: NEW_HOLDER,
        steps: null,
        writes: 0,
        notBefore: state.now,
      }));
    case 'arrive': {
      const sent = state.flying[decision.flying];
      const flying = state.flying.filter((_, index) => index !== decision.flying);
      return sent === undefined ? state : (await carriedOut({ ...state, flying }, sent.call)).state;
    }
    case 'chorus':
      return { ...state, choruses: state.choruses - 1, rows: state.rows.map(singing(state.tick)) };
    case 'answer':
    case 'lost':
    case 'never':
    case 'late':
    case 'away':
      return ended(state, decision, stopOf(decision.seat));
  }
}

/** A run begins. A planner reads the tick at once: it does nothing before, and looks at no clock. */
function begun(
  { actors }: LeaseScenario,
  { now, tick, seats }: LeaseState,
  seat: number,
): Partial<LeaseSeat> {
  const runs = (seats[seat]?.runs ?? 0) - 1;
  if (actors[seat]?.kind === 'holder')
    return { runs, writes: 0, steps: [{ at: now }], notBefore: now + PERIOD_MIN_MS };
  if (actors[seat]?.kind === 'forgetter') return { runs, steps: [{ at: 0 }] };
  return { runs, steps: [{ at: 0 }, { answer: { type: 'value', value: tick }, at: 0 }] };
}

/** The call in which an actor is suspended ends. */
async function ended(
  state: LeaseState,
  { type, seat }: Extract<LeaseDecision, { type: 'answer' | 'lost' | 'never' | 'late' | 'away' }>,
  stop: RunStop | undefined,
): Promise<LeaseState> {
  if (stop?.type !== 'call') return state;
  const { call } = stop;
  const faults = type === 'answer' ? state.faults : state.faults - 1;
  const isDone = type === 'answer' || type === 'lost';
  const after = isDone ? await carriedOut({ ...state, faults }, call) : { state: { ...state, faults } };
  const flying = type === 'late' ? [...state.flying, { seat, call }] : after.state.flying;
  const answer: CallAnswer =
    type === 'answer' && 'answer' in after ? after.answer : type === 'away' ? { type: 'away' } : NO_ANSWER;
  return withSeat({ ...after.state, flying }, seat, (own) => ({
    ...own,
    writes: own.writes + (call.verb === 'putRow' ? 1 : 0),
    steps: [...(own.steps ?? []), { answer, at: state.now }],
  }));
}

/** A call takes effect on the memory table, as it stands in the world. */
async function carriedOut(
  state: LeaseState,
  call: LeaseCall,
): Promise<{ state: LeaseState; answer: CallAnswer }> {
  const held: HeldLeases = {
    ticks: new Map([[KEY, state.tick]]),
    rows: new Map([[KEY, [...state.rows]]]),
  };
  const answer = await performed(call, memoryLeases(held));
  const rows = held.rows.get(KEY) ?? [];
  return {
    answer,
    state: isWrite(call) ? { ...state, tick: held.ticks.get(KEY) ?? state.tick, rows } : state,
  };
}

export function withSeat(state: LeaseState, seat: number, change: (own: LeaseSeat) => LeaseSeat): LeaseState {
  return { ...state, seats: state.seats.map((own, index) => (index === seat ? change(own) : own)) };
}

/** Every group but the searched one writes its row in its period. */
function singing({ n }: Tick): (row: LeaseRow) => LeaseRow {
  return (row) => (row.group === SEARCHED_GROUP ? row : { ...row, s: row.s + 1, t: n });
}

/**
 * The world without what can do nothing any more: a planner that has read another tick than stands there, and a late
 * write of a tick that replaces another. No tick ever returns, so their writes are lost.
 */
export function withoutDead(
  { actors }: LeaseScenario,
  state: LeaseState,
  stopOf: (seat: number) => RunStop | undefined,
): LeaseState {
  const flying = state.flying.filter(({ call }) => call.verb !== 'putTick' || isThere(state, call.known));
  const seats = state.seats.map((own, seat) => {
    const stop = stopOf(seat);
    if (own.steps === null || stop?.type !== 'call' || actors[seat]?.kind !== 'planner') return own;
    const read = stop.call.verb === 'putTick' ? stop.call.known : tickRead(own);
    return isThere(state, read) ? own : { ...own, steps: null };
  });
  return { ...state, flying, seats };
}

function tickRead({ steps }: LeaseSeat): Tick | undefined {
  const answer = steps?.[1]?.answer;
  return answer?.type === 'value' ? (answer.value as Tick) : undefined;
}

function isThere({ tick }: LeaseState, known: Tick | undefined): boolean {
  return known !== undefined && known.n === tick.n && known.seen === tick.seen && known.at === tick.at;
}
