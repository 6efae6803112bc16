import type { FleetFile } from '../../fleet/declared-fleet.ts';
import type { Paper } from '../printing/paper.ts';
import { counted } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

/** What a fleet file without mistakes declares. */
export function fleetView({ cells }: FleetFile, paper: Paper): string {
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'ENDPOINTS', align: 'right' },
      { head: 'TARGETS', align: 'right' },
    ],
    cells.map(({ cell, zone, endpoints, targets }) => [
      cell,
      zone,
      String(endpoints.length),
      String(targets.length),
    ]),
  );
  return `${grid}No mistakes in ${counted(cells.length, 'cell')}.\n`;
}
