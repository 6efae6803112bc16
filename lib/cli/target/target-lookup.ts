import { nearest } from '../../fleet/suggestion.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { declaredFleet, meantCells } from '../command/cells.ts';
import { BadInput } from '../command/failures.ts';

/** The cells of the ledger, or the one that was named, for which `has` holds; a cell without a fleet is left out. */
export async function cellsWhere(
  ledger: Ledger,
  named: string | undefined,
  has: (head: Head, fleet: CellFleet) => boolean,
): Promise<readonly CellName[]> {
  const found: CellName[] = [];
  for (const cell of await meantCells(ledger, named)) {
    const head = await ledger.head(cell);
    const fleet = await declaredFleet(ledger, head);
    if (fleet !== undefined && has(head, fleet)) found.push(cell);
  }
  return found;
}

/**
 * The one cell that has a target of that id, declared or (with `drained`) drained.
 *
 * @throws BadInput when no cell has it, or several have it and none of them was named.
 */
export async function cellOfTarget(
  ledger: Ledger,
  id: string,
  named: string | undefined,
  { drained = false } = {},
): Promise<CellName> {
  const known: string[] = [];
  const cells = await cellsWhere(ledger, named, ({ state }, { targets }) => {
    known.push(...targets.map((target) => target.id));
    return (drained && state.drained.includes(id)) || targets.some((target) => target.id === id);
  });
  const [cell, ...others] = cells;
  if (cell === undefined) {
    const near = nearest(id, known);
    throw new BadInput(
      near === undefined
        ? `No fleet has a target "${id}": "pawl explain NAME" shows the targets of an endpoint.`
        : `No fleet has a target "${id}": did you mean ${near}?`,
    );
  }
  if (others.length > 0)
    throw new BadInput(`Several cells have a target "${id}" (${cells.join(', ')}): say which with --cell.`);
  return cell;
}
