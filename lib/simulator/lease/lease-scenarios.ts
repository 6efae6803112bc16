import { NEW_HOLDER } from '../../lease/holder.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import { HELD_MS } from '../../lease/lease-rule.ts';
import type { LeaseActor } from './lease-actors.ts';
import { SEARCHED_GROUP } from './lease-actors.ts';
import type { LeaseScenario, LeaseSeat } from './lease-state.ts';

/** What a scenario may have; nothing where nothing is said. */
interface Bounds {
  /** Runs that holder-a, holder-b, planner-a and planner-b may begin. */
  readonly runs: readonly [number, number, number, number];
  readonly faults: number;
  /** Whose calls fail; everybody's unless given. */
  readonly faulty?: LeaseActor['kind'];
  readonly crashes?: boolean;
  readonly choruses?: number;
  /** How often a person may forget the group. */
  readonly forgets?: number;
  /** Other declared groups. Without a chorus nobody has ever held them. */
  readonly others?: readonly string[];
  /** The tick and the true time that the search begins with, milliseconds. */
  readonly from?: { readonly n: number; readonly at: number; readonly now: number };
}

// The second holder's stopwatch is right, the first one's loses 4 in 1,000. The second planner's clock is 5 s ahead.
const ACTORS: readonly LeaseActor[] = [
  { kind: 'holder', name: 'holder-a', permille: 996 },
  { kind: 'holder', name: 'holder-b', permille: 1_000 },
  { kind: 'planner', name: 'planner-a', aheadMs: 0 },
  { kind: 'planner', name: 'planner-b', aheadMs: 5_000 },
];

const FORGETTER: LeaseActor = { kind: 'forgetter', name: 'a-person' };

/** The tick that the first holder has read at the time 0, for the row that stands at the beginning. */
const FIRST_N = 10;
const AT_ONCE = { n: FIRST_N, at: 0, now: 0 };
/** The next tick may rise at once. */
const TICK_DUE = { n: FIRST_N, at: -58_000, now: 0 };
/**
 * As soon as three ticks can have risen since: the first one at once, the others by the planner whose clock is ahead. The
 * time of the third is that of the first and two intervals.
 */
const THREE_TICKS_LATER = { n: FIRST_N + 3, at: 116_000, now: 111_000 };

function scenario(name: string, bounds: Bounds): LeaseScenario {
  const { faults, faulty, choruses = 0, forgets = 0, crashes = false, others = [], from = AT_ONCE } = bounds;
  const runs = forgets > 0 ? [...bounds.runs, forgets] : bounds.runs;
  const seats = runs.map((count, index): LeaseSeat => {
    const hold = { e: 1, s: 1, since: FIRST_N, untilMs: HELD_MS };
    const memory = index === 0 ? { ...NEW_HOLDER, hold } : NEW_HOLDER;
    return { memory, steps: null, writes: 0, runs: count, notBefore: 0 };
  });
  return {
    name,
    actors: forgets > 0 ? [...ACTORS, FORGETTER] : ACTORS,
    declared: [SEARCHED_GROUP, ...others],
    faulty,
    crashes,
    first: {
      now: from.now,
      tick: { n: from.n, at: from.at, seen: true, every: 60_000 },
      rows: [rowOf(SEARCHED_GROUP), ...(choruses > 0 ? others.map(rowOf) : [])],
      seats,
      flying: [],
      faults,
      choruses,
    },
  };
}

function rowOf(group: string): LeaseRow {
  return { group, e: 1, s: 1, t: FIRST_N, since: FIRST_N, members: [255], by: 'holder-a', tries: 0 };
}

/** Small worlds, each searched whole: together they have every kind of fault at every call. */
export const LEASE_SCENARIOS: readonly LeaseScenario[] = [
  scenario('a-row-lapses', { runs: [0, 0, 3, 5], faults: 0, from: TICK_DUE }),
  scenario('a-tick-is-late', { runs: [1, 0, 5, 0], faults: 1, faulty: 'planner' }),
  scenario('a-row-is-late', { runs: [2, 0, 1, 0], faults: 1, faulty: 'holder' }),
  scenario('answers-are-lost', { runs: [3, 0, 0, 0], faults: 2 }),
  scenario('another-takes-over', { runs: [1, 1, 1, 1], faults: 0, from: THREE_TICKS_LATER }),
  scenario('a-take-over-fails', { runs: [1, 1, 2, 0], faults: 1, faulty: 'holder', from: THREE_TICKS_LATER }),
  scenario('a-holder-restarts', {
    runs: [1, 1, 2, 0],
    faults: 1,
    faulty: 'planner',
    crashes: true,
    from: THREE_TICKS_LATER,
  }),
  // Once it has lapsed its holder writes, or another one. Both together are too many worlds for the gate.
  scenario('a-group-is-forgotten', {
    runs: [1, 0, 2, 0],
    faults: 1,
    faulty: 'forgetter',
    forgets: 1,
    from: THREE_TICKS_LATER,
  }),
  scenario('a-forgotten-group-is-taken', {
    runs: [0, 1, 2, 0],
    faults: 1,
    faulty: 'forgetter',
    forgets: 1,
    from: THREE_TICKS_LATER,
  }),
  // Two of four may be missing, and three are.
  scenario('a-zone-is-deaf', { runs: [1, 0, 2, 1], faults: 1, others: ['rack-2', 'rack-3', 'rack-4'] }),
  scenario('a-zone-hears-again', {
    runs: [0, 0, 4, 1],
    faults: 0,
    choruses: 1,
    others: ['rack-2', 'rack-3', 'rack-4'],
  }),
];
