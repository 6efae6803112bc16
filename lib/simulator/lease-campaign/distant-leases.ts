import type { HearingZone, LeaseTable, LeaseWrite } from '../../lease/lease-table.ts';
import { LeasesAway } from '../../lease/lease-table.ts';
import type { CampaignChecker } from './campaign-checker.ts';
import type { CampaignStage } from './campaign-stage.ts';
import { elapsed, isFaulty, rowsOf, tell, tickOf } from './campaign-stage.ts';

/** Someone who calls the table. */
export interface Caller {
  readonly who: 'holders' | 'planners';
  readonly name: string;
  /** The group that it holds. */
  readonly group?: string;
  /** Whether its process has ended: then nothing reaches it. */
  isGone(): boolean;
  /** It sends a row, whatever comes of it. */
  sends?(): void;
}

/** A caller waits for so long. */
const PATIENCE_MS = 5_000;
/** Latest arrivals of late writes, milliseconds after they were sent. */
const LATE_MS = 15_000;
const VERY_LATE_MS = 180_000;

/** When a request arrives, milliseconds after it was sent, and how long its answer takes; undefined for never. */
interface Fate {
  readonly thereMs: number | undefined;
  readonly backMs: number | undefined;
}

/** The table of leases behind a network: calls take their time, and fail as the world says. Each write is judged where it lands. */
export function distantLeases(stage: CampaignStage, checker: CampaignChecker, caller: Caller): LeaseTable {
  const read = <T>(zone: HearingZone, act: () => Promise<T>): Promise<T> =>
    asked(stage, caller, { zone, isWrite: false }, act, () => {
      throw new LeasesAway('No answer came.');
    });
  const write = (zone: HearingZone, act: () => Promise<LeaseWrite>): Promise<LeaseWrite> =>
    asked(stage, caller, { zone, isWrite: true }, act, () => ({
      type: 'unknown',
      reason: 'No answer came.',
    }));
  const { table } = stage;
  return {
    readTick: (zone) => read(zone, () => table.readTick(zone)),
    readRow: (zone, group) => read(zone, () => table.readRow(zone, group)),
    readRows: (zone, after) => read(zone, () => table.readRows(zone, after)),
    putTick: (zone, tick, known) =>
      write(zone, () => {
        const before = { tick: tickOf(stage, zone.az), rows: [...rowsOf(stage, zone.az).values()] };
        const done = table.putTick(zone, tick, known);
        tell(stage, `${caller.name} writes tick ${tick.n} of ${zone.az}${tick.seen ? ', seen' : ''}`);
        checker.tickWritten(zone.az, before);
        return done;
      }),
    putRow: (zone, row, known) => {
      caller.sends?.();
      return write(zone, () => {
        const before = rowsOf(stage, zone.az).get(row.group);
        const done = table.putRow(zone, row, known);
        const after = rowsOf(stage, zone.az).get(row.group);
        const isThere = after === row && after !== before;
        tell(stage, `${row.by}'s row ${zone.az} ${row.group} e${row.e} s${row.s} t${row.t}: ${isThere}`);
        if (isThere) checker.rowWritten(zone.az, before, row);
        return done;
      });
    },
  };
}

/** One call, from its caller to the table and back. */
function asked<T>(
  stage: CampaignStage,
  caller: Caller,
  { zone, isWrite }: { readonly zone: HearingZone; readonly isWrite: boolean },
  act: () => Promise<T>,
  unanswered: () => T,
): Promise<T> {
  const { agenda, counts } = stage;
  counts.calls += 1;
  const sentMs = agenda.now();
  if (isFaulty(stage, 'away', caller, zone.az)) {
    return agenda.until(sentMs + stage.draw(500)).then(() => {
      if (caller.isGone()) return new Promise<T>(() => undefined);
      throw new LeasesAway('The table of leases is away.');
    });
  }
  const { thereMs, backMs } = fateOf(stage, caller, zone.az, isWrite);
  const isHeard = thereMs !== undefined && backMs !== undefined && thereMs + backMs <= PATIENCE_MS;
  return new Promise((resolve, reject) => {
    const reach = (settle: () => void) => (caller.isGone() ? undefined : settle());
    if (thereMs !== undefined) {
      agenda.at(sentMs + thereMs, () => {
        if (isWrite && thereMs > PATIENCE_MS) counts.lateWrites += 1;
        const done = act();
        if (isHeard)
          done.then(
            (value) => agenda.at(sentMs + thereMs + backMs, () => reach(() => resolve(value))),
            reject,
          );
      });
    }
    if (isHeard) return;
    counts.lostAnswers += 1;
    agenda.at(sentMs + PATIENCE_MS, () =>
      reach(() => {
        try {
          resolve(unanswered());
        } catch (error) {
          reject(error);
        }
      }),
    );
  });
}

function fateOf(stage: CampaignStage, caller: Caller, az: string, isWrite: boolean): Fate {
  const { draw, world } = stage;
  if (!isFaulty(stage, 'slow', caller, az)) return { thereMs: 5 + draw(40), backMs: 5 + draw(40) };
  const kind = draw(100);
  if (kind < 10) return { thereMs: undefined, backMs: undefined };
  if (kind < 25) return { thereMs: draw(PATIENCE_MS), backMs: undefined };
  // Late writes are a fault too, and are over when all faults are.
  const latest = Math.max(0, world.calmMs - elapsed(stage));
  if (kind < 45 && isWrite)
    return { thereMs: Math.min(latest, draw(kind < 35 ? LATE_MS : VERY_LATE_MS)), backMs: undefined };
  return { thereMs: 100 + draw(2_500), backMs: 100 + draw(2_500) };
}
