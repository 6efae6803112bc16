import { describe, expect, it } from 'vitest';
import { fenceAfter, freshFence } from '../../lib/cell/next-fence.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { stateAfter } from '../ledger/decider/given.ts';
import { LEDGER, planAppended, planApplied } from '../support/ledger-events.ts';

const FENCE: Fence = {
  generation: generation(2),
  seq: seq(7),
  plan: '9f3c2a71b0de',
  frozen: true,
  ledger: LEDGER,
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};
const SAME = { generation: generation(2), plan: '9f3c2a71b0de', frozen: true, ledger: LEDGER };

describe('the fence after another', () => {
  it('is the same but for its seq, and neither writer nor nonce is decided yet', () => {
    expect(fenceAfter(FENCE, null)).toEqual({ ...SAME, seq: seq(8) });
  });

  it('goes on from what the log knows after a hand put the fence back', () => {
    expect(fenceAfter(FENCE, { seq: seq(40) }).seq).toBe(41);
    expect(fenceAfter(FENCE, { seq: seq(6) }).seq).toBe(8);
  });

  it('says what is to change', () => {
    const changes = { generation: generation(3), plan: NO_PLAN, frozen: false, ledger: '0badcafe' };
    expect(fenceAfter(FENCE, null, changes)).toEqual({ ...changes, seq: seq(8) });
  });
});

describe('a fence made anew', () => {
  const [first, second, applied] = [planAppended(1), planAppended(2), planApplied(1, 9)];

  it('is at the goal under no plan, at the seq after the last that is recorded', () => {
    const fresh = { generation: generation(2), seq: seq(10), plan: NO_PLAN, frozen: false, ledger: LEDGER };
    expect(freshFence(stateAfter([first, applied, second]), { frozen: false })).toEqual(fresh);
    expect(freshFence(stateAfter([first, applied, second]), { frozen: true })).toEqual({
      ...fresh,
      frozen: true,
    });
  });

  it('is at what was counted to while there is no goal, and at 1 before there is anything', () => {
    const held = planAppended(1, { disposition: 'held' });
    expect(freshFence(stateAfter([held]), { frozen: true })).toMatchObject({
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
    expect(freshFence(stateAfter([rescued]), { frozen: true })).toMatchObject({
      generation: generation(5),
      seq: seq(1),
    });
    expect(freshFence(stateAfter([]), { frozen: true })).toMatchObject({
      generation: generation(1),
      seq: seq(1),
    });
  });
});
