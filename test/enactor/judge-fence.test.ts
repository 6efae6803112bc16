import { describe, expect, it } from 'vitest';
import { fencePlan, isOvertaken, judgeFence } from '../../lib/enactor/judge-fence.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { NO_LEDGER, NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { shortDigest } from '../../lib/plan/plan.ts';
import { stateAfter } from '../ledger/decider/given.ts';
import { digestOf, LEDGER, planAppended, planApplied, planStaged } from '../support/ledger-events.ts';

const FENCE: Fence = {
  generation: generation(2),
  seq: seq(7),
  plan: shortDigest(digestOf(2)),
  frozen: false,
  ledger: LEDGER,
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};
const HISTORY: readonly LedgerEvent[] = [planAppended(1), planAppended(2), planApplied(2, 7)];
const FROZEN: LedgerEvent = { type: 'CellFrozen', reason: 'looking' };

const judge = (events: readonly LedgerEvent[], fence: Partial<Fence> = {}) =>
  judgeFence({ type: 'fence', fence: { ...FENCE, ...fence }, records: [] }, stateAfter(events)).type;

describe('a fence that was read before the ledger', () => {
  it.each(['missing', 'malformed'] as const)(
    'is made anew when it is %s, once there is a goal and nobody froze the cell',
    (type) => {
      const reading = { type, records: [] as const };
      expect(judgeFence(reading, stateAfter(HISTORY))).toEqual({ type: 'recreate' });
      expect(judgeFence(reading, stateAfter([]))).toEqual({ type: 'idle' });
      expect(judgeFence(reading, stateAfter([...HISTORY, FROZEN]))).toEqual({ type: 'frozen' });
    },
  );

  it('stops everybody when it belongs to another ledger, frozen or not', () => {
    expect(judge(HISTORY, { ledger: '00000001' })).toBe('other-ledger');
    expect(judge(HISTORY, { ledger: '00000001', frozen: true })).toBe('other-ledger');
    expect(judge(HISTORY, { ledger: NO_LEDGER })).toBe('other-ledger');
  });

  it('is an order to stop when it is frozen, also by a rescue that could not tell whose the cell is', () => {
    expect(judge(HISTORY, { frozen: true })).toBe('frozen');
    expect(judge(HISTORY, { frozen: true, generation: generation(99) })).toBe('frozen');
    expect(judge(HISTORY, { frozen: true, ledger: NO_LEDGER, by: 'rescue-ana' })).toBe('frozen');
    expect(judge([...HISTORY, FROZEN])).toBe('frozen');
  });

  it('is ahead when its generation is above every approved plan, which is never a race', () => {
    expect(judge(HISTORY, { generation: generation(3) })).toBe('ahead');
    expect(judge([...HISTORY, planAppended(3)], { generation: generation(3) })).toBe('usable');
    expect(judge([])).toBe('ahead');
  });

  it('can be built on when it is at the goal or behind it, whoever wrote it', () => {
    expect(judge(HISTORY)).toBe('usable');
    expect(judge(HISTORY, { generation: generation(1), plan: 'aaaaaaaaaaaa' })).toBe('usable');
  });
});

describe('the plan of a fence', () => {
  const planOfFence = (fence: Partial<Fence>, ...more: readonly LedgerEvent[]) =>
    fencePlan({ ...FENCE, ...fence }, stateAfter([...HISTORY, ...more]))?.generation;

  it('is any plan that the log remembers, applied, approved or staged', () => {
    expect(planOfFence({})).toBe(2);
    expect(planOfFence({ generation: generation(1), plan: shortDigest(digestOf(1)) })).toBe(1);
    const third = { generation: generation(3), plan: shortDigest(digestOf(3)) };
    expect(planOfFence(third)).toBeUndefined();
    expect(planOfFence(third, planAppended(3))).toBe(3);
    expect(planOfFence(third, planAppended(3), planStaged(3, 'g000003.api'))).toBe(3);
  });

  it('is none for a forged fence: a digest that nobody appended, or one of another generation', () => {
    expect(planOfFence({ plan: 'aaaaaaaaaaaa' })).toBeUndefined();
    expect(planOfFence({ generation: generation(1) })).toBeUndefined();
    expect(planOfFence({ plan: NO_PLAN })).toBeUndefined();
  });
});

/** Found by ten minutes of seeds (retire:2,4,3,1,7z,…): a forged seq, a death, and a writer that tells late of an old fence. */
describe('a fence that the log will never record', () => {
  const overtaken = (fence: Partial<Fence>) => isOvertaken({ ...FENCE, ...fence }, stateAfter(HISTORY));

  it('is one at a seq at which the log says another plan was applied', () => {
    expect(overtaken({})).toBe(false);
    expect(overtaken({ generation: generation(3) })).toBe(true);
    expect(overtaken({ plan: shortDigest(digestOf(1)) })).toBe(true);
  });

  it('is one behind the last seq that is recorded, and none above it', () => {
    expect(overtaken({ seq: seq(6) })).toBe(true);
    expect(overtaken({ seq: seq(8), generation: generation(3) })).toBe(false);
    expect(isOvertaken(FENCE, stateAfter([planAppended(1)]))).toBe(false);
  });
});
