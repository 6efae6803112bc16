import type { CellPolicy } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { LedgerUnusable } from '../ledger.ts';
import type { KnownFormats } from './formats.ts';
import { newestFormat } from './formats.ts';
import type { CellState } from './state.ts';
import { initialState } from './state.ts';

/**
 * Parses a state of any known format. A part that an older release did not write gets the value of a new cell. A part
 * that only a newer release knows is kept, also in the states that follow.
 *
 * The event's hash, which is taken over the text, shows whether the state is whole.
 *
 * @throws LedgerUnusable when the text is not a state, has a format that is not known here, or belongs to another cell
 * or ledger.
 */
export function parseState(text: string, cell: CellName, ledger: string, known: KnownFormats): CellState {
  const state = { ...initialState(cell, ledger), ...fieldsOf(text, cell) };
  const newest = newestFormat(known).number;
  if (!Number.isSafeInteger(state.format) || state.format < 1) {
    throw new LedgerUnusable(`The state of cell ${cell} has no format: run "pawl verify ${cell}".`);
  }
  if (state.format > newest) {
    throw new LedgerUnusable(
      `Cell ${cell} is written in format ${state.format}, and this Pawl reads formats up to ${newest}: use the Pawl that raised it, or a newer one.`,
    );
  }
  if (state.cell !== cell || state.ledger !== ledger) {
    throw new LedgerUnusable(
      `The state of cell ${cell} in ledger ${ledger} is that of ${state.cell} in ledger ${state.ledger}: items were copied between tables or cells.`,
    );
  }
  return withWholePolicy(state);
}

function fieldsOf(text: string, cell: CellName): Partial<CellState> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LedgerUnusable(`The state of cell ${cell} is not JSON.`, { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new LedgerUnusable(`The state of cell ${cell} is not an object: run "pawl verify ${cell}".`);
  }
  return value;
}

/** A policy that was declared before one of its values existed has that value's default. */
function withWholePolicy(state: CellState): CellState {
  const { fleet, loosening } = state;
  if (fleet === null) return state;
  const isWhole = Object.keys(DEFAULT_POLICY).every((field) => field in fleet.policy);
  if (isWhole) return state;
  return {
    ...state,
    fleet: { ...fleet, policy: wholePolicy(fleet.policy) },
    loosening: loosening === null ? null : { ...loosening, inEffect: wholePolicy(loosening.inEffect) },
  };
}

function wholePolicy(declared: Partial<CellPolicy>): CellPolicy {
  return { ...DEFAULT_POLICY, ...declared };
}
