import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';

/** A cell as the file declares it: its hosted zone's id may still have to be looked up. */
export type DeclaredCell = Omit<CellFleet, 'zoneId'> & { readonly zoneId?: string | undefined };

/** A whole fleet file without mistakes. Cells in order of name; within a cell endpoints and targets likewise. */
export interface FleetFile {
  readonly cells: readonly DeclaredCell[];
  /** How a push of this file goes, unless the command says otherwise; absent: all cells at once. */
  readonly rollout?: DeclaredRollout | undefined;
}

/** The waves in which cells get a fleet file. Each names cells of the file, none of them twice. */
export interface DeclaredRollout {
  readonly waves: readonly (readonly CellName[])[];
  /** Seconds, 1 to 86,400; absent: the default. */
  readonly bakeS?: number | undefined;
}
