import type { Hearing } from '../../lease/hear-zone.ts';
import { mayAct } from '../../lease/holder.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import { invariant } from '../../plan/invariant.ts';
import { SEARCHED_GROUP, stopwatchAt } from './lease-actors.ts';
import type { LeaseScenario, LeaseSeat, LeaseState } from './lease-state.ts';

// What must hold in every world. The numbers stand here once more, because a rule that reads them from the code that it
// judges holds nothing.
const TICKS_TO_LAPSE = 4;
const SILENT_MIN = 2;
const SILENT_PERCENT = 15;

/** Holds the rules against one decision. @throws InvariantViolated with the rule that is broken. */
export function judgeStep(scenario: LeaseScenario, before: LeaseState, after: LeaseState): void {
  const { n } = after.tick;
  invariant(n >= before.tick.n, `L1: the tick went from ${before.tick.n} to ${n}`);
  for (const row of after.rows) {
    const old = before.rows.find(({ group }) => group === row.group);
    if (old !== undefined && old !== row) judgeRows(old, row);
  }
  if (n > before.tick.n) judgeTick(scenario.declared, before, after.tick);
  judgeHolders(scenario, after);
}

/** Holds the rules against a row that takes another's place. @throws InvariantViolated. */
export function judgeRows(old: LeaseRow, row: LeaseRow): void {
  const from = `epoch ${old.e}, seq ${old.s} of ${old.by}`;
  const to = `epoch ${row.e}, seq ${row.s} of ${row.by}`;
  invariant(row.by === old.by || row.e > old.e, `L7: a late write put ${to} over its successor's ${from}`);
  invariant(row.e >= old.e && row.s > old.s, `L1: the row went from ${from} to ${to}`);
}

/**
 * Holds the rules against a tick that rose.
 *
 * @param declared the declared groups of the zone.
 * @param before the zone as it was.
 * @throws InvariantViolated.
 */
export function judgeTick(
  declared: readonly string[],
  before: Pick<LeaseState, 'tick' | 'rows'>,
  { n }: Tick,
): void {
  invariant(n === before.tick.n + 1, `L1: the tick went from ${before.tick.n} to ${n}`);
  const heard = before.rows.filter(
    ({ group, t }) => declared.includes(group) && before.tick.n - t <= 1,
  ).length;
  invariant(
    declared.length - heard <= silentMax(declared.length),
    `L4: rows aged although ${heard} of ${declared.length} were heard`,
  );
}

/** So many of a zone's declared groups may be silent, or out, without a person. */
export function silentMax(declared: number): number {
  return Math.max(SILENT_MIN, Math.floor((declared * SILENT_PERCENT) / 100));
}

function judgeHolders({ actors }: LeaseScenario, { now, tick, rows, seats }: LeaseState): void {
  const acting = actors.flatMap((actor, index) => {
    const seat = seats[index];
    const isActing =
      actor.kind === 'holder' && seat !== undefined && mayAct(seat.memory, stopwatchAt(actor.permille, now));
    return isActing ? [actor.name] : [];
  });
  const row = rows.find(({ group }) => group === SEARCHED_GROUP);
  judgeActing(acting, row, tick.n);
}

/** Holds the rules against those who are inside their time for a group. @throws InvariantViolated. */
export function judgeActing(acting: readonly string[], row: LeaseRow | undefined, n: number): void {
  invariant(acting.length <= 1, `L2: ${acting.join(' and ')} are both inside their time`);
  invariant(
    row === undefined || !isLapsed(n, row) || !acting.includes(row.by),
    `L3: the row lapsed at tick ${n} while ${row?.by} was inside its time`,
  );
  invariant(
    row === undefined || row.members.length > 0 || !acting.includes(row.by),
    `L3: the row was released while ${row?.by} was inside its time`,
  );
}

/** Whether a row's holder had to stop. @param n the zone's tick. */
export function isLapsed(n: number, { t }: Pick<LeaseRow, 't'>): boolean {
  return n - t > TICKS_TO_LAPSE;
}

/** What a planner says after a run rests on what it has read. */
export function judgeHearing({ tick, groups }: Hearing): void {
  for (const [group, known] of groups) {
    if (known.type !== 'row') continue;
    const age = tick.n - known.row.t;
    const isRight = (known.standing === 'lapsed') === age > TICKS_TO_LAPSE;
    invariant(isRight, `L4: ${group} is ${known.standing} ${age} ticks after it was written`);
  }
}

/** One write a period, whatever becomes of it. */
export function judgeWrites({ writes }: LeaseSeat): void {
  invariant(writes <= 1, `L5: a holder wrote ${writes} times in one period`);
}
