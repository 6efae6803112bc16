import { declaredFleet as storedFleet } from '../../cell/cell-bodies.ts';
import { nearest } from '../../fleet/suggestion.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { BadInput, Refused } from './failures.ts';

/**
 * The named cell with its head.
 *
 * @throws BadInput when the ledger has no such cell.
 */
export async function knownCell(ledger: Ledger, text: string): Promise<Head> {
  const cell = cellName(text);
  const cells = await ledger.cells();
  if (cells.includes(cell)) return ledger.head(cell);
  throw new BadInput(`The ledger has no cell ${cell}: ${hint(cell, cells)}`);
}

/** The named cell, or all cells without a name. @throws BadInput when the ledger has no such cell. */
export async function meantCells(ledger: Ledger, text: string | undefined): Promise<readonly CellName[]> {
  if (text === undefined) return [...(await ledger.cells())].sort();
  return [(await knownCell(ledger, text)).cell];
}

/** The fleet that a cell was declared with; undefined when none has been pushed for it. */
export async function declaredFleet(ledger: Ledger, { cell, state }: Head): Promise<CellFleet | undefined> {
  return state.fleet === null ? undefined : storedFleet(ledger, cell, state.fleet.digest);
}

/** Where a cell lives. @throws Refused when no fleet has been pushed for it. */
export function scopeOf({ cell, state }: Head): CellScope {
  if (state.fleet === null) throw new Refused(noFleet(cell));
  const { zone, zoneId } = state.fleet;
  return { cell, zone, zoneId };
}

function noFleet(cell: CellName): string {
  return `No fleet has been pushed for cell ${cell}: run "pawl fleet push FILE" first.`;
}

function hint(cell: string, cells: readonly CellName[]): string {
  if (cells.length === 0) return 'no fleet has been pushed yet, so run "pawl fleet push FILE" first.';
  const near = nearest(cell, cells);
  return near === undefined ? `it has ${[...cells].sort().join(', ')}.` : `did you mean ${near}?`;
}
