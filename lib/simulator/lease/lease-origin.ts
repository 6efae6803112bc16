import type { LeaseActor } from './lease-actors.ts';
import { stopwatchAt } from './lease-actors.ts';
import type { LeaseSeat, LeaseState } from './lease-state.ts';

/** The true time of every world of a search, milliseconds. */
const ORIGIN_MS = 1_000_000_000;
/** The tick of every world of a search. */
const ORIGIN_N = 1_000;

/** A tick that is older than an interval and the difference of all clocks may rise: how old it is says nothing more. */
const OLDEST_TICK_MS = 63_000;
/** A row that is older than so many ticks has lapsed: how old it is says nothing more. */
const OLDEST_ROW = 6;

/**
 * The same world at the origin of time and ticks. Only differences of times and of ticks count, so worlds that differ by
 * nothing else are one, and whatever is over is over for one and the same time.
 */
export function atOrigin(actors: readonly LeaseActor[], state: LeaseState): LeaseState {
  const shift: Shift = { ms: ORIGIN_MS - state.now, n: ORIGIN_N - state.tick.n };
  if (shift.ms === 0 && shift.n === 0) return state;
  return {
    ...state,
    now: ORIGIN_MS,
    tick: shifted(state.tick, shift),
    rows: shifted(state.rows, shift),
    flying: shifted(state.flying, shift),
    seats: state.seats.map((seat, index) => seatAtOrigin(actors[index], seat, shift)),
  };
}

interface Shift {
  readonly ms: number;
  readonly n: number;
}

function seatAtOrigin(actor: LeaseActor | undefined, seat: LeaseSeat, shift: Shift): LeaseSeat {
  const { memory, steps, notBefore } = seat;
  const permille = actor?.kind === 'holder' ? actor.permille : 1_000;
  // A run that began after its holder's time was over goes on as one.
  const over = stopwatchAt(permille, steps?.[0] ? steps[0].at + shift.ms : ORIGIN_MS);
  const until = <T extends { readonly untilMs: number }>(given: T | undefined): T | undefined =>
    given && { ...given, untilMs: Math.max(over, given.untilMs + stopwatchAt(permille, shift.ms)) };
  const sent = until(memory.sent);
  return {
    ...seat,
    memory: { ...memory, hold: until(shifted(memory.hold, shift)), sent: shifted(sent, shift) },
    steps:
      steps?.map((step) => ({ ...shifted(step, shift), at: step.at === 0 ? 0 : step.at + shift.ms })) ?? null,
    notBefore: Math.max(ORIGIN_MS, notBefore + shift.ms),
  };
}

/** The same data with the times and the ticks in it shifted: `at` of a tick, `n`, `t` and `since`. */
function shifted<T>(data: T, shift: Shift): T {
  return shiftedField('', data, shift) as T;
}

function shiftedField(name: string, value: unknown, shift: Shift): unknown {
  if (typeof value === 'number') return shiftedNumber(name, value, shift);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: unknown) => shiftedField('', item, shift));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, shiftedField(key, field, shift)]),
  );
}

function shiftedNumber(name: string, value: number, { ms, n }: Shift): number {
  switch (name) {
    case 'at':
      return Math.max(value + ms, ORIGIN_MS - OLDEST_TICK_MS);
    case 'n':
      return value + n;
    case 't':
    case 'since':
      return Math.max(value + n, ORIGIN_N - OLDEST_ROW);
    default:
      return value;
  }
}
