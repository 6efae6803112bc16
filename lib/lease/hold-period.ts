import type { HeldPeriod, Hold, HolderDeps, HolderMemory, HoldRequest } from './holder.ts';
import { mayAct } from './holder.ts';
import type { LeaseRow } from './lease-row.ts';
import type { Tick } from './lease-rule.ts';
import { HELD_MS, standingAt } from './lease-rule.ts';
import type { ReadRow, RowVersion } from './lease-table.ts';
import { LeasesAway } from './lease-table.ts';

/** The row of this period, and what it rests on. */
interface PeriodWrite {
  readonly row: LeaseRow;
  /** The version that it replaces; undefined for none. */
  readonly known: RowVersion | undefined;
  /** Until when the holder may act if it is written, milliseconds of its stopwatch. */
  readonly untilMs: number;
}

/**
 * One period of a holder: it reads the tick and writes its row, once. Nothing is tried again before the next period, so
 * that a table that was away meets no more requests than one that was there
 * (docs/adr/0068-leases-that-recover-by-themselves.md). Inside its time it needs two calls; else it reads the row first,
 * and writes it with the next epoch if the row has lapsed or has its own name. After a lost answer, and where the
 * condition did not hold, it reads the row.
 *
 * @param memory what the period before returned.
 */
export async function holdPeriod(
  deps: HolderDeps,
  request: HoldRequest,
  memory: HolderMemory,
): Promise<HeldPeriod> {
  // Before the tick is asked for: no later tick can be there yet when the time begins to count.
  const began = deps.stopwatch.elapsedMs();
  let every: number | undefined;
  try {
    const tick = await deps.leases.readTick(request.zone);
    if (tick === undefined) return { outcome: { type: 'no-tick' }, memory, every };
    every = tick.every;
    const write = await periodWrite(deps, request, memory, tick, began);
    if ('outcome' in write) return { ...write, every };
    return { ...(await written(deps, request, memory, write)), every };
  } catch (error) {
    if (!(error instanceof LeasesAway)) throw error;
    return { ...missed(memory, error.message), every };
  }
}

type Period = Omit<HeldPeriod, 'every'>;

/** What to write in this period; an outcome where there is nothing to. */
async function periodWrite(
  { leases }: HolderDeps,
  { zone, group, by, members }: HoldRequest,
  memory: HolderMemory,
  { n }: Tick,
  began: number,
): Promise<PeriodWrite | Period> {
  const { tries, hold } = memory;
  const of = (known: RowVersion | undefined, e: number, since: number): PeriodWrite => ({
    row: { group, e, s: (known?.s ?? 0) + 1, t: n, since, members, by, tries },
    known,
    untilMs: began + HELD_MS,
  });
  const own = mayAct(memory, began) ? hold : undefined;
  if (own !== undefined && memory.sent === undefined) return of(own, own.e, own.since);
  const read = await leases.readRow(zone, group);
  if (read === undefined) return of(undefined, (hold?.e ?? 0) + 1, n);
  if (read.type === 'unreadable') return missed(memory, unreadable(read));
  const { row } = read;
  if (row.by === by && row.e === own?.e) return of(row, row.e, row.since);
  if (row.by !== by && standingAt(n, row.t) !== 'lapsed') return others(memory, row.by);
  return of(row, row.e + 1, n);
}

async function written(
  deps: HolderDeps,
  { zone, group, by }: HoldRequest,
  memory: HolderMemory,
  { row, known, untilMs }: PeriodWrite,
): Promise<Period> {
  const { leases } = deps;
  const outcome = await leases.putRow(zone, row, known);
  if (outcome.type === 'applied') return held({ ...row, untilMs });
  // A write whose answer was lost may still arrive, so the next period must know it.
  const sent = outcome.type === 'unknown' ? { e: row.e, t: row.t, untilMs } : memory.sent;
  const after = { ...memory, sent };
  const reason =
    outcome.type === 'unknown'
      ? outcome.reason
      : 'Another write came first. The next period goes on from it.';
  let there: ReadRow | undefined;
  try {
    there = await leases.readRow(zone, group);
  } catch (error) {
    if (!(error instanceof LeasesAway)) throw error;
    return missed(after, error.message);
  }
  if (there === undefined) return missed(after, reason);
  if (there.type === 'unreadable') return missed(after, unreadable(there));
  if (there.row.by !== by) return standing(after, there.row, reason);
  return ownRow(after, memory, there.row, { row, untilMs }, reason);
}

/** The row has this holder's name: this period's write has arrived, or one that was sent before, or neither. */
function ownRow(
  after: HolderMemory,
  before: HolderMemory,
  { e, s, t, since }: LeaseRow,
  { row, untilMs }: Pick<PeriodWrite, 'row' | 'untilMs'>,
  reason: string,
): Period {
  // The same tick was read in this period, whichever write it was that arrived.
  if (e === row.e && t === row.t) return held({ e, s, since, untilMs });
  const { hold, sent } = before;
  const until = sent?.e === e && sent.t === t ? sent.untilMs : hold?.e === e ? hold.untilMs : undefined;
  // Without a time of its own the row is this holder's to take over in the next period.
  return missed(
    { ...after, hold: until === undefined ? undefined : { e, s, since, untilMs: until } },
    reason,
  );
}

/** The row has another holder's name. A write of this holder that took it over may still be on its way. */
function standing(memory: HolderMemory, row: LeaseRow, reason: string): Period {
  return memory.hold === undefined && memory.sent !== undefined
    ? missed(memory, reason)
    : others(memory, row.by);
}

function held({ e, s, since, untilMs }: Hold): Period {
  return {
    outcome: { type: 'held', e },
    memory: { hold: { e, s, since, untilMs }, sent: undefined, tries: 0 },
  };
}

function others(memory: HolderMemory, by: string): Period {
  return { outcome: { type: 'others', by }, memory: { ...memory, hold: undefined, sent: undefined } };
}

function missed(memory: HolderMemory, reason: string): Period {
  return { outcome: { type: 'missed', reason }, memory: { ...memory, tries: memory.tries + 1 } };
}

function unreadable({ group, what }: Extract<ReadRow, { type: 'unreadable' }>): string {
  return `The row of the group ${group} ${what}.`;
}
