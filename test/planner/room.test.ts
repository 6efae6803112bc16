import { describe, expect, it } from 'vitest';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import { initialState, STATE_CHARS_MAX, TREES_MAX } from '../../lib/ledger/decider/state.ts';
import { worstStateChars } from '../../lib/ledger/decider/state-room.ts';
import { withSentence } from '../../lib/plan/finding-text.ts';
import { lintRoom } from '../../lib/planner/room.ts';
import { asking, CELL, LEDGER, planAppended } from '../support/ledger-events.ts';

/** A state in which `endpoints` endpoints have so many trees each. */
function withTrees(endpoints: number, trees: number): CellState {
  const labels = Array.from({ length: trees }, (_, index) => `g${String(index + 1).padStart(6, '0')}`);
  const entries = Array.from({ length: endpoints }, (_, index) => [`e${index}`, { trees: labels }] as const);
  return { ...initialState(CELL, LEDGER), highest: trees, endpoints: Object.fromEntries(entries) };
}

function codes(state: CellState, newTrees: Readonly<Record<string, string>>): readonly string[] {
  return lintRoom(state, asking(planAppended(state.highest + 1, { newTrees }))).map(
    ({ severity, code }) => `${severity} ${code}`,
  );
}

describe('the room that a plan takes in the log', () => {
  it('is not spoken of while there is plenty', () => {
    expect(codes(withTrees(10, 5), { e0: 'g000006' })).toEqual([]);
  });

  it('is noted before the trees that wait for the janitor are too many', () => {
    const few = withTrees(1, TREES_MAX - 1);
    expect(codes(few, { e0: `g${TREES_MAX}` })).toContain('note retained-trees');
  });

  it('is noted by what the state could grow to', () => {
    const nearly = withTrees(50, 50);
    expect(worstStateChars(nearly)).toBeLessThan(STATE_CHARS_MAX);
    const long = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`${'x'.repeat(180)}${index}`, 'g000051']),
    );
    const findings = lintRoom(nearly, asking(planAppended(51, { newTrees: long }))).map(withSentence);
    expect(findings).toMatchObject([
      {
        code: 'retained-trees',
        severity: 'note',
        subject: CELL,
        trees: 2_620,
        treesMax: TREES_MAX,
        message:
          'Cell use1-a would have 2620 trees that no janitor has retired, of at most 3000: let the janitor run, or retain fewer generations.',
      },
      { code: 'state-limit', severity: 'note', subject: CELL, charactersMax: STATE_CHARS_MAX },
    ]);
    expect(findings[1]?.message).toMatch(
      /^The state of cell use1-a could grow to \d+ characters, of at most/,
    );
  });

  it('is only noted: what has no room is kept back before', () => {
    expect(codes(withTrees(1, TREES_MAX + 5), {})).toEqual(['note retained-trees']);
  });
});
