import type { CellName } from '../plan/names.ts';

/** What a rollout cannot read in the ledger: the zone as it answers now, and the alarms of the stack. */
export interface WaveWatch {
  /** One run of an auditor in this cell, now. It never writes to the zone. */
  audit(cell: CellName): Promise<AuditSeen>;
  /**
   * The alarms of a root cause that ring now, of these cells and of their ledger; undefined where nobody counts any. As
   * old as CloudWatch's last evaluation, a minute or two.
   * @throws AlarmsUnseen when there are alarms, and nobody says which of them ring.
   */
  ringing(cells: readonly CellName[]): Promise<readonly string[] | undefined>;
}

/** What an audit of one cell saw. */
export interface AuditSeen {
  /** False: the cell moved while it was read, so that nothing is known. */
  readonly settled: boolean;
  /** What is wrong, a clause each. */
  readonly wrong: readonly {
    readonly code: 'empty' | 'dangling' | 'drifted' | 'regressed';
    readonly says: string;
  }[];
}

/** A stack has alarms, and nobody says which of them ring. The message is one sentence. */
export class AlarmsUnseen extends Error {
  override readonly name = 'AlarmsUnseen';
}
