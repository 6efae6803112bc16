import { expect } from 'vitest';
import type { Command } from '../../../lib/ledger/decider/commands.ts';
import { eventOf } from '../../../lib/ledger/decider/commands.ts';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { CELL, LEDGER } from '../../support/ledger-events.ts';

/** When the first event of a test was appended; each one after it is a second later. */
export const FIRST_AT = 1_790_000_000_000;

/** The state after some events. */
export function stateAfter(events: readonly LedgerEvent[]): CellState {
  return events.reduce(
    (state, event, index) => evolve(state, event, { at: FIRST_AT + index * 1_000, by: 'operator:ana' }),
    initialState(CELL, LEDGER),
  );
}

/** `given(events).when(command)` decides; `.then…` says what must come of it. */
export function given(...events: readonly LedgerEvent[]) {
  const state = stateAfter(events);
  return {
    state,
    when: (command: Command) => {
      const decision = decide(command, state);
      return {
        thenAppended: (event: LedgerEvent = eventOf(command)) =>
          expect(decision).toEqual({ type: 'append', event }),
        thenRecorded: () => expect(decision).toEqual({ type: 'recorded' }),
        thenRefused: (reason: RegExp) => {
          expect(decision.type).toBe('refused');
          expect(decision).toMatchObject({ reason: expect.stringMatching(reason) });
          expect(decision).toMatchObject({ reason: expect.stringMatching(/^[^\n]*\S\.$/) });
        },
      };
    },
  };
}
