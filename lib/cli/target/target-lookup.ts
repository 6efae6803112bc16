import { nearest } from '../../fleet/suggestion.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { BadInput } from '../command/failures.ts';
import { cellsWhere } from './intervene.ts';

/**
 * The one cell that has a target of that id, declared or (with `drained`) drained.
 *
 * @throws BadInput when none has, or several have and none was named.
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
