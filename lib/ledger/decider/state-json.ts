import type { CellName } from '../../plan/names.ts';
import { LedgerUnusable } from '../ledger.ts';
import type { CellState } from './state.ts';
import { initialState } from './state.ts';

/** Reads a state. @throws LedgerUnusable when it is not one of this version's, of this cell and ledger. */
export function parseState(text: string, cell: CellName, ledger: string): CellState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LedgerUnusable(`The state of cell ${cell} is not JSON.`, { cause });
  }
  const expected = initialState(cell, ledger);
  const keys = Object.keys(expected).sort().join();
  const sameKeys = value !== null && typeof value === 'object' && Object.keys(value).sort().join() === keys;
  const state = value as CellState;
  if (!sameKeys || state.format !== expected.format) {
    throw new LedgerUnusable(
      `The state of cell ${cell} was written by a newer Pawl or another program: use the newest Pawl.`,
    );
  }
  if (state.cell !== cell || state.ledger !== ledger) {
    throw new LedgerUnusable(
      `The state of cell ${cell} in ledger ${ledger} is that of ${state.cell} in ledger ${state.ledger}: items were copied between tables or cells.`,
    );
  }
  return state;
}
