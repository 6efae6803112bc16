import type { CellFleet } from '../plan/fleet-model.ts';

/** A cell as the file declares it: its hosted zone's id may still have to be looked up. */
export type DeclaredCell = Omit<CellFleet, 'zoneId'> & { readonly zoneId?: string | undefined };

/** A whole fleet file without mistakes. Cells in order of name; within a cell endpoints and targets likewise. */
export interface FleetFile {
  readonly cells: readonly DeclaredCell[];
}
