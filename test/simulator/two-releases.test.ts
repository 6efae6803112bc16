import { describe, expect, it } from 'vitest';
import { LedgerUnusable } from '../../lib/ledger/ledger.ts';
import { readableEvents } from '../../lib/simulator/checkers/readable-events.ts';
import { isExpectedEnd } from '../../lib/simulator/engine/actor-roles.ts';
import type { Play } from '../../lib/simulator/engine/playing.ts';
import { quietPhase } from '../../lib/simulator/engine/quiet-phase.ts';
import type { Part } from '../../lib/simulator/engine/scenario.ts';
import { act, prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';

const ENACTOR = { type: 'enactor', mode: 'hint' } as const;
const OLD_ENACTOR = { ...ENACTOR, release: 'before' } as const;
const RAISE = { type: 'raise-format' } as const;

/** A cell with a plan to apply, in which only these actors are in their first call. */
async function cellWith(parts: readonly Part[]): Promise<Play> {
  return (await prepareStage({ ...scenarioNamed('upgraded-enactor'), parts })).begin();
}

function headOf({ environment }: Play) {
  return environment.memory.peek(environment.scope.cell);
}

describe('actors of two releases', () => {
  it('finish what the other has begun while the cell is in a format that both read', async () => {
    for (const [first, second] of [
      [ENACTOR, OLD_ENACTOR],
      [OLD_ENACTOR, ENACTOR],
    ] as const) {
      const play = await cellWith([]);
      await act(play, 'first', first, 'zone.change stage');
      await act(play, 'second', second);
      const { state } = headOf(play);
      expect(state.applied?.generation).toBe(state.goal?.generation);
      expect(state.format).toBe(5);
    }
  });

  it('stop, and write nothing, where the format was raised above what they know', async () => {
    const play = await cellWith([]);
    await act(play, 'raise', RAISE);
    const head = headOf(play);
    const records = play.environment.records();
    expect(head.state.format).toBe(6);
    for (const role of [OLD_ENACTOR, { type: 'janitor', release: 'before' }] as const) {
      await act(play, role.type, role);
      expect(play.seats.find(({ name }) => name === role.type)?.local.stop).toMatchObject({
        type: 'failed',
        error: { message: expect.stringContaining('Use Pawl 0.6.0 or a newer one.') },
      });
    }
    expect(headOf(play)).toBe(head);
    expect(play.environment.records()).toBe(records);
    await act(play, 'newer-enactor', ENACTOR);
    expect(headOf(play).state.applied?.generation).toBe(head.state.goal?.generation);
  });

  it('rest in a cell that either release brings to its goal, and this one alone once the format was raised', async () => {
    const ofThis = await quietPhase(await cellWith([ENACTOR]));
    const ofBoth = await quietPhase(await cellWith([OLD_ENACTOR]));
    expect(ofThis.ending).toBe('at goal');
    expect(ofBoth).toEqual({ ending: 'at goal', calls: 2 * ofThis.calls });
    const raised = await cellWith([OLD_ENACTOR]);
    await act(raised, 'raise', RAISE);
    expect(await quietPhase(raised)).toEqual(ofThis);
  });

  it('may end at a format only where they are of the release before', () => {
    const stopped = new LedgerUnusable('written by a newer Pawl');
    expect(isExpectedEnd(stopped, OLD_ENACTOR)).toBe(true);
    expect(isExpectedEnd(stopped, ENACTOR)).toBe(false);
  });
});

describe('the rule of readable events', () => {
  it('holds of what was appended, and of nothing that somebody at work cannot read', async () => {
    const play = await cellWith([]);
    const before = headOf(play);
    await act(play, 'raise', RAISE);
    const raised = headOf(play);
    await act(play, 'enactor', ENACTOR);
    const after = headOf(play);
    const oldest = { format: 5, readableFrom: 5, writerReads: 5 };
    const newest = { format: 6, readableFrom: 6, writerReads: 6 };
    const { appended } = readableEvents();
    expect(() => appended?.(before, raised, newest)).not.toThrow();
    expect(() => appended?.(raised, after, newest)).not.toThrow();
    expect(() => appended?.(before, after, newest)).toThrow(
      'was written in format 6, and the cell is read in format 5',
    );
    expect(() => appended?.(raised, after, oldest)).toThrow(
      'PlanApplied was appended to a cell of format 6 by somebody who reads formats up to 5',
    );
    expect(() => appended?.(raised, before, { ...oldest, writerReads: 6 })).toThrow(
      'the format of the cell went down from 6 to 5',
    );
  });
});
