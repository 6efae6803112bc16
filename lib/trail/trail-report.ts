import type { CellName, DnsName } from '../plan/names.ts';
import type { TrailFinding } from './finding.ts';
import type { TrailEvent } from './trail-event.ts';

/** What a trail showed of one cell. */
export interface TrailedCell {
  readonly cell: CellName;
  /** Batches of each kind of step: `{"stage": 3, "flip": 1}`. */
  readonly steps: Readonly<Record<string, number>>;
  /** Batches by the name in their fences. */
  readonly writers: Readonly<Record<string, number>>;
}

export interface TrailedZone {
  readonly zone: DnsName;
  readonly zoneId: string;
  readonly cells: readonly TrailedCell[];
  /** Batches that touch nothing of Pawl's. */
  readonly foreign: number;
  /** Whether the trail begins before anything stood in the zone. Otherwise what it never touched is from before. */
  readonly fromStart: boolean;
}

export interface TrailReport {
  /** Events about records of zones, each once. */
  readonly events: number;
  readonly accepted: number;
  readonly refused: number;
  /** Events that the trail delivered again. */
  readonly again: number;
  /** Events of zones in which the ledger has no cell. */
  readonly elsewhere: number;
  /** Milliseconds since 1970; absent where there was no event. */
  readonly from?: number;
  readonly to?: number;
  readonly zones: readonly TrailedZone[];
  /** In the order of the trail, at most {@link FINDINGS_MAX}. */
  readonly findings: readonly TrailFinding[];
  /** Findings of each code, those that are not listed too. */
  readonly counts: Readonly<Record<string, number>>;
}

const FINDINGS_MAX = 1_000;

/** A report that is being written. */
export interface RunningReport {
  elsewhere: number;
  /** The time of the newest event; undefined where there was none. */
  to(): number | undefined;
  /** Counts an event. @returns whether it is to be played. */
  note(event: TrailEvent, isNew: boolean): boolean;
  add(findings: readonly TrailFinding[]): void;
  done(zones: readonly TrailedZone[]): TrailReport;
}

export function newReport(): RunningReport {
  const listed: TrailFinding[] = [];
  const counts: Record<string, number> = {};
  const sums = { events: 0, accepted: 0, refused: 0, again: 0 };
  let from: number | undefined;
  let to: number | undefined;
  const report: RunningReport = {
    elsewhere: 0,
    to: () => to,
    note: ({ at, content }, isNew) => {
      if (!isNew) {
        sums.again += 1;
        return false;
      }
      sums.events += 1;
      from = Math.min(from ?? at, at);
      to = Math.max(to ?? at, at);
      const isRefused = content.type === 'refused';
      if (isRefused) sums.refused += 1;
      else sums.accepted += 1;
      return !isRefused;
    },
    add: (findings) => {
      for (const finding of findings) {
        counts[finding.code] = (counts[finding.code] ?? 0) + 1;
        if (listed.length < FINDINGS_MAX) listed.push(finding);
      }
    },
    done: (zones) => ({
      ...{ ...sums, elsewhere: report.elsewhere },
      ...(from === undefined || to === undefined ? {} : { from, to }),
      ...{ zones, findings: listed, counts },
    }),
  };
  return report;
}
