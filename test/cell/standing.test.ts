import { describe, expect, it } from 'vitest';
import type { ReadOrder } from '../../lib/cell/standing.ts';
import { fencePlan, isOvertaken, otherLedgerReason, standingOf } from '../../lib/cell/standing.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { NO_LEDGER, NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, MAX_GENERATIONS_AHEAD, seq } from '../../lib/plan/generation.ts';
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

const standing = (
  events: readonly LedgerEvent[],
  fence: Partial<Fence> = {},
  order: ReadOrder = 'fence-first',
) => standingOf({ type: 'fence', fence: { ...FENCE, ...fence }, records: [] }, stateAfter(events), order);

/** Where a fence of the cell's own ledger is, however it was read. */
function place(events: readonly LedgerEvent[], fence: Partial<Fence> = {}, order?: ReadOrder) {
  const found = standing(events, fence, order);
  return found.type === 'own' ? found.place : found.type;
}

const ORDERS = ['fence-first', 'ledger-first'] as const;

describe.each(ORDERS)('a fence that was read %s', (order) => {
  it.each(['missing', 'malformed'] as const)('is unreadable when it is %s, frozen or not', (type) => {
    const reading = { type, records: [] as const };
    const unreadable = { type: 'unreadable', reading: type };
    expect(standingOf(reading, stateAfter(HISTORY), order)).toEqual({ ...unreadable, isFrozen: false });
    expect(standingOf(reading, stateAfter([...HISTORY, FROZEN]), order)).toEqual({
      ...unreadable,
      isFrozen: true,
    });
  });

  it('is malformed when its generation was never counted to', () => {
    const highest = stateAfter(HISTORY).highest + MAX_GENERATIONS_AHEAD;
    expect(standing(HISTORY, { generation: generation(highest + 1) }, order)).toEqual({
      type: 'unreadable',
      reading: 'malformed',
      isFrozen: false,
    });
    expect(standing(HISTORY, { generation: generation(highest) }, order).type).toBe('own');
  });

  it('belongs to another ledger, frozen or not, and to nobody when it names none', () => {
    const foreign = { ...FENCE, ledger: '0badcafe' };
    expect(standing(HISTORY, foreign, order)).toEqual({ type: 'other-ledger', fence: foreign });
    expect(standing(HISTORY, { ...foreign, frozen: true }, order).type).toBe('other-ledger');
    const rescued = { ...FENCE, ledger: NO_LEDGER, frozen: true, by: 'rescue-ana' };
    expect(standing(HISTORY, rescued, order)).toEqual({ type: 'nobodys', fence: rescued });
    expect(standing(HISTORY, { ledger: NO_LEDGER }, order).type).toBe('nobodys');
  });

  it('is frozen by itself or by the log, wherever it is', () => {
    expect(standing(HISTORY, {}, order)).toMatchObject({ type: 'own', fence: FENCE, isFrozen: false });
    expect(standing(HISTORY, { frozen: true }, order)).toMatchObject({ isFrozen: true, place: 'applied' });
    expect(standing([...HISTORY, FROZEN], {}, order)).toMatchObject({ isFrozen: true, place: 'applied' });
    expect(standing(HISTORY, { frozen: true, generation: generation(99) }, order)).toMatchObject({
      isFrozen: true,
      place: 'ahead',
    });
  });

  it('is at the plan that is applied, at its seq or above', () => {
    expect(place(HISTORY, {}, order)).toBe('applied');
    expect(place(HISTORY, { seq: seq(8) }, order)).toBe('applied');
  });

  it('is behind when its seq or its generation is', () => {
    expect(place(HISTORY, { seq: seq(6) }, order)).toBe('behind');
    expect(place(HISTORY, { seq: seq(8), generation: generation(1) }, order)).toBe('behind');
  });

  it('is ahead of every approved plan, or at one whose flip the log does not know yet', () => {
    const third = { generation: generation(3), seq: seq(8) };
    expect(place(HISTORY, third, order)).toBe('ahead');
    expect(place([...HISTORY, planAppended(3, { disposition: 'held' })], third, order)).toBe('ahead');
    expect(place([...HISTORY, planAppended(3)], third, order)).toBe('unrecorded');
  });

  it('is fresh under no plan, and altered under one that was not applied at its generation', () => {
    expect(place(HISTORY, { plan: NO_PLAN }, order)).toBe('fresh');
    expect(place(HISTORY, { plan: 'aaaaaaaaaaaa' }, order)).toBe('altered');
  });

  it('stands before anything was applied', () => {
    expect(place([planAppended(1), planAppended(2)], {}, order)).toBe('unapplied');
  });
});

describe('of two differences, the one that cannot be a race is named', () => {
  const both = { generation: generation(3), seq: seq(6) };

  it('the ledger read second knows every plan of the fence, so what is ahead is ahead', () => {
    expect(place(HISTORY, both, 'fence-first')).toBe('ahead');
    expect(place([], {}, 'fence-first')).toBe('ahead');
  });

  it('the fence read second has every write of the log, so what is behind went back', () => {
    expect(place(HISTORY, both, 'ledger-first')).toBe('behind');
    expect(place([], {}, 'ledger-first')).toBe('unapplied');
  });
});

it('says whose the fence of another ledger is, and what to do', () => {
  expect(otherLedgerReason(stateAfter(HISTORY), { ...FENCE, ledger: '0badcafe' })).toBe(
    `The fence of cell use1-a belongs to ledger 0badcafe, and this is ledger ${LEDGER}: stop the one that should not write, then run "pawl adopt --cell use1-a" with the other.`,
  );
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
