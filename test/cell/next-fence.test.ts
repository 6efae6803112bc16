import { describe, expect, it } from 'vitest';
import { fenceAfter, freshFence, passedFence, renewedFence } from '../../lib/cell/next-fence.ts';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import type { Head } from '../../lib/ledger/ledger.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { stateAfter } from '../ledger/decider/given.ts';
import { CELL, LEDGER, planAppended, planApplied } from '../support/ledger-events.ts';

const FENCE: Fence = {
  generation: generation(2),
  seq: seq(7),
  plan: '9f3c2a71b0de',
  frozen: true,
  ledger: LEDGER,
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};
const HASH = `5be1c07ad00d${'0'.repeat(52)}`;
const MARK = { number: 151, digits: '5be1c07ad00d' };
const EARLIER = { number: 98, digits: '0badf00d0bad' };

/** A head of a log in this format. */
function headOf(state: CellState, format = 1): Head {
  return { cell: CELL, number: 151, hash: HASH, state: { ...state, format } };
}

const SAME = { generation: generation(2), plan: '9f3c2a71b0de', frozen: true, ledger: LEDGER };

describe('the fence after another', () => {
  it('is the same but for its seq, and neither writer nor nonce is decided yet', () => {
    expect(fenceAfter(FENCE, undefined)).toEqual({ ...SAME, seq: seq(8) });
  });

  it('goes on from what the log knows after a hand put the fence back', () => {
    expect(fenceAfter(FENCE, headOf(stateAfter([planAppended(1), planApplied(1, 40)]))).seq).toBe(41);
    expect(fenceAfter(FENCE, headOf(stateAfter([planAppended(1), planApplied(1, 6)]))).seq).toBe(8);
  });

  it('is another cell’s, whose endpoints were taken, with nothing new but its seq: its log was not read', () => {
    expect(passedFence({ ...FENCE, head: EARLIER })).toEqual({ ...SAME, seq: seq(8), head: EARLIER });
    expect(passedFence(FENCE)).toEqual({ ...SAME, seq: seq(8) });
  });

  it('says what is to change', () => {
    const changes = { generation: generation(3), plan: NO_PLAN, frozen: false, ledger: '0badcafe' };
    expect(fenceAfter(FENCE, undefined, changes)).toEqual({ ...changes, seq: seq(8) });
  });

  it('names the head that it was decided on, from format 4 on', () => {
    expect(fenceAfter(FENCE, headOf(stateAfter([]), 4)).head).toEqual(MARK);
    expect(fenceAfter({ ...FENCE, head: EARLIER }, headOf(stateAfter([]), 4)).head).toEqual(MARK);
    for (const format of [2, 3])
      expect(fenceAfter(FENCE, headOf(stateAfter([]), format))).not.toHaveProperty('head');
  });

  it('goes on naming the head that was named, where the log may be read by an older release, or was not read', () => {
    const marked = { ...FENCE, head: EARLIER };
    expect(fenceAfter(marked, headOf(stateAfter([]), 2)).head).toEqual(EARLIER);
    expect(fenceAfter(marked, undefined).head).toEqual(EARLIER);
    expect(renewedFence(marked).head).toEqual(EARLIER);
    const others = { ...marked, ledger: '0badcafe' };
    expect(fenceAfter(others, headOf(stateAfter([]), 2), { ledger: LEDGER })).not.toHaveProperty('head');
  });

  it('names nothing before the first event', () => {
    const empty = { ...headOf(stateAfter([]), 4), number: 0 };
    expect(fenceAfter(FENCE, empty)).not.toHaveProperty('head');
    expect(freshFence(empty, { frozen: false })).not.toHaveProperty('head');
  });
});

describe('a fence made anew', () => {
  const [first, second, applied] = [planAppended(1), planAppended(2), planApplied(1, 9)];

  it('is at the goal under no plan, at the seq after the last that is recorded', () => {
    const fresh = { generation: generation(2), seq: seq(10), plan: NO_PLAN, frozen: false, ledger: LEDGER };
    const head = headOf(stateAfter([first, applied, second]));
    expect(freshFence(head, { frozen: false })).toEqual(fresh);
    expect(freshFence(headOf(head.state, 4), { frozen: false })).toEqual({ ...fresh, head: MARK });
    expect(freshFence(headOf(stateAfter([first, applied, second])), { frozen: true })).toEqual({
      ...fresh,
      frozen: true,
    });
  });

  it('is at what was counted to while there is no goal, above a rescue, and at 1 before there is anything', () => {
    const held = planAppended(1, { disposition: 'held' });
    expect(freshFence(headOf(stateAfter([held])), { frozen: true })).toMatchObject({
      generation: generation(1),
      seq: seq(1),
    });
    const rescued = {
      type: 'RescueFound',
      generation: generation(5),
      seq: seq(3),
      plan: NO_PLAN,
      by: 'rescue-ana',
    } as const;
    expect(freshFence(headOf(stateAfter([rescued])), { frozen: true })).toMatchObject({
      generation: generation(5),
      seq: seq(4),
    });
    expect(freshFence(headOf(stateAfter([])), { frozen: true })).toMatchObject({
      generation: generation(1),
      seq: seq(1),
    });
  });
});
