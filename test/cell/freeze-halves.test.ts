import { describe, expect, it } from 'vitest';
import type { FrozenHalf } from '../../lib/cell/freeze-halves.ts';
import { frozenHalf, halfFrozenText } from '../../lib/cell/freeze-halves.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';

const LEDGER = '5be1c07a';
const FROZEN = { at: 1, by: 'ana', reason: 'looking' };
const RESCUE = { generation: generation(4), seq: seq(7), plan: 'ab'.repeat(6), at: 1 };

function fence(change: Partial<Fence> = {}) {
  const base: Fence = {
    generation: generation(4),
    seq: seq(7),
    plan: 'ab'.repeat(6),
    frozen: false,
    ledger: LEDGER,
    by: 'ana',
    nonce: 'abcdefgh',
  };
  return { type: 'fence', fence: { ...base, ...change }, records: [] } as const;
}

const MISSING = { type: 'missing', records: [] } as const;
const AWAY = { type: 'unreachable' } as const;

describe('the log and the fence', () => {
  it.each([
    ['log', { frozen: FROZEN }, fence()],
    ['log', { frozen: FROZEN }, MISSING],
    ['log', { frozen: FROZEN }, fence({ frozen: true, generation: generation(9_000_000) })],
    ['fence', {}, fence({ frozen: true })],
    ['rescue', { rescue: RESCUE }, fence({ seq: seq(6), frozen: true })],
    ['rescue', { rescue: RESCUE }, fence({ seq: seq(6) })],
    ['rescue', { rescue: RESCUE, frozen: FROZEN }, fence({ seq: seq(6), frozen: true })],
    ['rescue', { rescue: RESCUE }, MISSING],
    ['ended-rescue', { rescue: RESCUE }, fence({ seq: seq(8) })],
    [null, { rescue: RESCUE }, fence({ seq: seq(8), frozen: true, by: 'rescue-ana' })],
    [null, {}, fence({ frozen: true, by: 'rescue-ana' })],
    [null, {}, fence({ frozen: true, ledger: '0badc0de' })],
    [null, { frozen: FROZEN }, fence({ frozen: true })],
    [null, { frozen: FROZEN }, AWAY],
    [null, {}, fence()],
    [null, {}, MISSING],
  ] as const)('disagree by %s', (half, state, seen) => {
    const before = { frozen: null, rescue: null, highest: 4, ledger: LEDGER };
    expect(frozenHalf({ ...before, ...state }, seen)).toBe(half);
  });

  it.each<FrozenHalf>(['log', 'fence', 'rescue', 'ended-rescue'])(
    'that disagree by %s are told of with what completes or ends it',
    (half) => {
      expect(halfFrozenText(cellName('use1-a'), { half, frozen: FROZEN })).toMatch(
        /^use1-a is half .*"pawl thaw use1-a" (lets the cell go on|completes it)\.$/,
      );
    },
  );
});
