import { describe, expect, it } from 'vitest';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { parseState } from '../../../lib/ledger/decider/state-json.ts';
import { LedgerUnusable } from '../../../lib/ledger/ledger.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { CELL, LEDGER, planAppended, planApplied } from '../../support/ledger-events.ts';
import { stateAfter } from './given.ts';

const state = stateAfter([planAppended(1), planApplied(1, 2)]);
const parse = (value: unknown) => () => parseState(JSON.stringify(value), CELL, LEDGER);

describe('a state', () => {
  it('is read back as it was written, in any order of its keys', () => {
    expect(parse(state)()).toEqual(state);
    expect(parse(Object.fromEntries(Object.entries(state).reverse()))()).toEqual(state);
  });

  it('that is not JSON is refused, with the cause', () => {
    const refused = (() => {
      try {
        return parseState('{', CELL, LEDGER);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(LedgerUnusable);
    expect(refused).toMatchObject({
      message: 'The state of cell use1-a is not JSON.',
      cause: expect.any(SyntaxError),
    });
  });

  it('with other keys or another format was written by another version', () => {
    const { rescue: _, ...fewer } = state;
    for (const other of [null, 7, 'text', [], {}, fewer, { ...state, later: 1 }, { ...state, format: 2 }])
      expect(parse(other)).toThrow(
        new LedgerUnusable(
          'The state of cell use1-a was written by a newer Pawl or another program: use the newest Pawl.',
        ),
      );
  });

  it('of another cell or ledger was copied', () => {
    const others = [initialState(cellName('use1-b'), LEDGER), initialState(CELL, '00000001')];
    for (const other of others)
      expect(parse(other)).toThrow(
        new LedgerUnusable(
          `The state of cell use1-a in ledger ${LEDGER} is that of ${other.cell} in ledger ${other.ledger}: items were copied between tables or cells.`,
        ),
      );
  });
});
