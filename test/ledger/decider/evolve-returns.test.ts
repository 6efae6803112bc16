import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { worstStateChars } from '../../../lib/ledger/decider/state-room.ts';
import { CELL, fleetDeclared, LEDGER, planAppended, planApplied } from '../../support/ledger-events.ts';
import { refusal } from '../../support/obstacle-events.ts';
import { FIRST_AT, stateAfter } from './given.ts';

const raised = (format: number): LedgerEvent => ({ type: 'FormatRaised', format });
const AFTER_FORMAT_4 = [raised(4), fleetDeclared('d')];

/** A plan that takes and brings back shares of endpoints. */
function plan(
  number: number,
  capacityRemoved: Readonly<Record<string, number>>,
  capacityReturned: Readonly<Record<string, number>>,
  more: object = {},
): LedgerEvent {
  const newTrees = { api: `g00000${number}`, web: `g00000${number}` };
  return planAppended(number, { newTrees, capacityRemoved, capacityReturned, ...more });
}

/** When the event of this place was appended, the first after the fleet's being 0. */
const at = (place: number): number => FIRST_AT + (AFTER_FORMAT_4.length + place) * 1_000;

describe('what a plan brings back', () => {
  it('cancels what was counted of the same endpoint, and pays for nothing that comes later', () => {
    const state = stateAfter([
      ...AFTER_FORMAT_4,
      plan(1, { api: 300, web: 100 }, {}),
      plan(2, {}, { api: 900 }),
    ]);
    expect(state.capacityRemoved).toEqual({ web: [{ at: at(0), permille: 100 }] });
    expect(state.capacityReturning).toEqual({ api: 300 });
    const later = stateAfter([
      ...AFTER_FORMAT_4,
      plan(1, { api: 300 }, {}),
      plan(2, {}, { api: 900 }),
      plan(3, { api: 200 }, {}),
    ]);
    expect(later.capacityRemoved).toEqual({ api: [{ at: at(2), permille: 200 }] });
  });

  it('cancels before it counts what the same plan takes', () => {
    const state = stateAfter([
      ...AFTER_FORMAT_4,
      plan(1, { api: 300 }, {}),
      plan(2, { api: 250 }, { api: 300 }),
    ]);
    expect(state.capacityRemoved).toEqual({ api: [{ at: at(1), permille: 250 }] });
  });

  it('is back once the goal is applied, and not by an older plan', () => {
    const events = [...AFTER_FORMAT_4, plan(1, { api: 300 }, {}), plan(2, {}, { api: 100 })];
    expect(stateAfter([...events, planApplied(1, 2)]).capacityReturning).toEqual({ api: 100 });
    const state = stateAfter([...events, planApplied(2, 2)]);
    expect([state.capacityReturning, state.capacityRemoved]).toEqual([
      {},
      { api: [{ at: at(0), permille: 200 }] },
    ]);
  });

  it('counts again when Route 53 refuses it, of that endpoint alone', () => {
    const state = stateAfter([
      ...AFTER_FORMAT_4,
      plan(1, { api: 300, web: 300 }, {}),
      plan(2, {}, { api: 300, web: 300 }),
      refusal('api', 2),
    ]);
    expect(state.capacityRemoved).toEqual({ api: [{ at: at(1), permille: 300 }] });
    expect(state.capacityReturning).toEqual({ web: 300 });
  });

  it('is nothing while the plan is held, and in format 3', () => {
    const held = plan(2, {}, { api: 300 }, { disposition: 'held' });
    const state = stateAfter([...AFTER_FORMAT_4, plan(1, { api: 300 }, {}), held]);
    expect(state.capacityRemoved).toEqual({ api: [{ at: at(0), permille: 300 }] });
    const older = stateAfter([
      raised(3),
      fleetDeclared('d'),
      plan(1, { api: 300 }, {}),
      plan(2, {}, { api: 300 }),
    ]);
    expect(older.capacityRemoved).toEqual({ api: [{ at: at(0), permille: 300 }] });
    expect(older.capacityReturning).toEqual({});
  });

  it('has its room in the state', () => {
    const one = (format: number) => ({
      ...initialState(CELL, LEDGER),
      format,
      endpoints: { api: { trees: [] } },
    });
    const none = (format: number) => ({ ...initialState(CELL, LEDGER), format });
    const own = (format: number) => worstStateChars(one(format)) - worstStateChars(none(format));
    // And room for a floor of it that may be declared lower.
    expect(own(4) - own(3)).toBe(3 + 12 + 40);
  });
});
