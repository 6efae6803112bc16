import { declaredFleet } from '../../cell/cell-bodies.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { newestEvent } from '../../ledger/newest-events.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import { knownCell } from '../command/cells.ts';
import { BadInput } from '../command/failures.ts';

/** A fleet that a ledger has, as a person names it: `use1-a`, or `use1-a@12` for the one that stood at event 12. */
export interface FleetReference {
  readonly cell: CellName;
  readonly event?: number | undefined;
}

const REFERENCE = /^([^@]+)(?:@([1-9]\d{0,14}))?$/;

/** @throws BadInput, InvalidValue when it does not name a fleet of a ledger. */
export function fleetReference(text: string): FleetReference {
  const [, cell, digits] = REFERENCE.exec(text) ?? [];
  if (cell === undefined)
    throw new BadInput(
      `"${text}" does not name a fleet of the ledger: write CELL, or CELL@EVENT with the number of an event, such as use1-a@12.`,
    );
  return { cell: cellName(cell), event: digits === undefined ? undefined : Number(digits) };
}

/**
 * The fleet that stood in a cell at an event, or stands now.
 *
 * @throws BadInput when the ledger has no such cell, event or fleet.
 */
export async function fleetOfLedger(ledger: Ledger, { cell, event }: FleetReference): Promise<CellFleet> {
  const head = await knownCell(ledger, cell);
  if (event !== undefined && event > head.number)
    throw new BadInput(
      `Cell ${cell} has ${head.number} events, and no event ${event}: "pawl history --cell ${cell}" shows them.`,
    );
  const at = event ?? head.number;
  const declared = await newestEvent(
    ledger,
    { ...head, number: at },
    (recorded) => recorded.event.type === 'FleetDeclared',
  );
  if (declared?.event.type !== 'FleetDeclared')
    throw new BadInput(
      `No fleet stood in cell ${cell}${event === undefined ? '' : ` at event ${event}`}: "pawl history --cell ${cell} --type FleetDeclared" shows when one was declared.`,
    );
  return declaredFleet(ledger, cell, declared.event.digest);
}
