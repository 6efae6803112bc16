import { describe, expect, it } from 'vitest';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { FORMATS } from '../../../lib/ledger/decider/formats.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { parseState } from '../../../lib/ledger/decider/state-json.ts';
import { LedgerUnusable } from '../../../lib/ledger/ledger.ts';
import { DEFAULT_POLICY } from '../../../lib/plan/fleet-model.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { CELL, fleetDeclared, LEDGER, planAppended, planApplied } from '../../support/ledger-events.ts';
import { stateAfter } from './given.ts';

const state = stateAfter([planAppended(1), planApplied(1, 2)]);
const parse = (value: unknown) => () => parseState(JSON.stringify(value), CELL, LEDGER, FORMATS);

describe('a state', () => {
  it('is read back as it was written, in any order of its keys', () => {
    expect(parse(state)()).toEqual(state);
    expect(parse(Object.fromEntries(Object.entries(state).reverse()))()).toEqual(state);
  });

  it('that is not JSON is refused, with the cause', () => {
    const refused = (() => {
      try {
        return parseState('{', CELL, LEDGER, FORMATS);
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

  it('that is not an object is refused', () => {
    for (const other of [null, 7, 'text', []])
      expect(parse(other)).toThrow(
        new LedgerUnusable('The state of cell use1-a is not an object: run "pawl verify use1-a".'),
      );
  });

  it('of before a part of it existed has that part as a new cell has it', () => {
    const { rescue: _, drained: __, keptBack: ___, ...older } = state;
    expect(parse(older)()).toEqual({ ...state, rescue: null, drained: [], keptBack: [] });
    expect(parse({ format: 1 })()).toEqual(initialState(CELL, LEDGER));
  });

  it('of before a value of the policy existed has its default', () => {
    const { fleet } = stateAfter([fleetDeclared()]);
    if (fleet === null) throw new Error('no fleet');
    const { blindPercent: _, ...older } = { ...fleet.policy, coalesceS: 7 };
    expect(parse({ ...state, fleet: { ...fleet, policy: older } })().fleet).toEqual({
      ...fleet,
      policy: { ...fleet.policy, coalesceS: 7, blindPercent: DEFAULT_POLICY.blindPercent },
    });
  });

  it('with a part that only a newer Pawl knows keeps it, through the events that follow', () => {
    const read = parse({ ...state, tickets: { api: 'why' } })();
    expect(read).toEqual({ ...state, tickets: { api: 'why' } });
    const after = evolve(read, { type: 'CellFrozen', reason: 'x' }, { at: 1, by: 'ana' });
    expect(after).toMatchObject({ tickets: { api: 'why' }, frozen: { reason: 'x' } });
  });

  it('of a format that is not known stops its reader', () => {
    expect(parse({ ...state, format: 7 })).toThrow(
      new LedgerUnusable(
        'Cell use1-a is written in format 7, and this Pawl reads formats up to 6: use the Pawl that raised it, or a newer one.',
      ),
    );
    const onlyFirst = () =>
      parseState(JSON.stringify({ ...state, format: 2 }), CELL, LEDGER, FORMATS.slice(0, 1));
    expect(onlyFirst).toThrow(/written in format 2, and this Pawl reads formats up to 1/);
    for (const format of ['1', 0, 1.5, null])
      expect(parse({ ...state, format })).toThrow('The state of cell use1-a has no format');
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
