import type { CellName } from '../plan/names.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What one run's batches came to. */
export interface WatchedLosses {
  /** Passes everything on to the telemetry that it was made from, and counts the batches. */
  readonly telemetry: Telemetry;
  /** Batches that did not surely go through. */
  lost(): number;
  /** Batches sent. */
  sent(): number;
}

/** Telemetry that also counts what one run's batches came to. */
export function watchLosses(telemetry: Telemetry): WatchedLosses {
  let [lost, sent] = [0, 0];
  return {
    lost: () => lost,
    sent: () => sent,
    telemetry: {
      note: (message, facts) => telemetry.note(message, facts),
      count: (metric, value, dimensions) => {
        if (metric === METRICS.batchesSent) {
          sent += value;
          if (dimensions?.['outcome'] !== 'applied') lost += value;
        }
        telemetry.count(metric, value, dimensions);
      },
    },
  };
}

/** How often in a row a container's runs in a cell have lost all that they sent. To lose now and then is normal. */
export interface LossStreaks {
  /** The streak after a run; one that sent nothing leaves it as it was. */
  after(cell: CellName, run: Pick<WatchedLosses, 'lost' | 'sent'>): number;
}

export function lossStreaks(): LossStreaks {
  const streaks = new Map<CellName, number>();
  return {
    after: (cell, run) => {
      const before = streaks.get(cell) ?? 0;
      const streak = run.sent() === 0 ? before : run.lost() === run.sent() ? before + 1 : 0;
      streaks.set(cell, streak);
      return streak;
    },
  };
}
