import { describe, expect, it } from 'vitest';
import type { CellCondition, FenceSeen } from '../../../lib/cli/cell/cell-status.ts';
import { cellStatus } from '../../../lib/cli/cell/cell-status.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import type { Head } from '../../../lib/ledger/ledger.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { smallFleet } from '../../support/small-fleet.ts';

const CELL = cellName('use1-a');
const LEDGER = '5be1c07a';
const DIGEST = 'ab'.repeat(32);

const plan = {
  generation: generation(4),
  digest: DIGEST,
  origin: 'planner',
  lane: 'routine',
  disposition: 'approved',
  at: 1_000,
  findings: 0,
  removedPermille: 0,
} as const;
const declared = {
  digest: DIGEST,
  zone: dnsName('example.test'),
  zoneId: 'Z1',
  policy: smallFleet().policy,
  at: 500,
};

function head(change: Partial<CellState>): Head {
  const state = { ...initialState(CELL, LEDGER), ...change };
  return { cell: CELL, number: 9, hash: 'f'.repeat(64), state };
}

function fence(change: { frozen?: boolean; at?: number; ledger?: string; by?: string } = {}): FenceSeen {
  return {
    type: 'fence',
    records: [],
    fence: {
      generation: generation(change.at ?? 4),
      seq: seq(7),
      plan: DIGEST.slice(0, 12),
      frozen: change.frozen ?? false,
      ledger: change.ledger ?? LEDGER,
      by: change.by ?? 'enactor-a',
      nonce: 'abcdefgh',
    },
  };
}

const live = { fleet: declared, goal: plan, newest: plan };
const held = { ...plan, generation: generation(5), disposition: 'held' } as const;

describe('the state of a cell', () => {
  const cases: readonly (readonly [CellCondition, Partial<CellState>, FenceSeen])[] = [
    ['converged', live, fence()],
    ['behind', live, fence({ at: 3 })],
    ['behind', live, { type: 'missing', records: [] }],
    ['behind', live, { type: 'malformed', records: [] }],
    ['drifted', { ...live, drift: { at: 1, count: 2, names: [] } }, fence()],
    ['held', { ...live, newest: held }, fence()],
    ['held', { fleet: declared, newest: held }, { type: 'missing', records: [] }],
    ['no-plan', { fleet: declared }, { type: 'missing', records: [] }],
    ['no-fleet', {}, { type: 'missing', records: [] }],
    ['other-ledger', live, fence({ ledger: '00000000' })],
    ['unreachable', live, { type: 'unreachable', reason: 'no route' }],
    ['frozen', live, fence({ frozen: true })],
    [
      'frozen',
      { ...live, frozen: { at: 1, by: 'ana', reason: 'looking' } },
      { type: 'unreachable', reason: 'no' },
    ],
    [
      'rescued',
      { ...live, rescue: { generation: generation(4), seq: seq(8), plan: DIGEST, at: 1 } },
      fence({ frozen: true }),
    ],
  ];

  it.each(cases)('is %s', (condition, state, seen) => {
    expect(cellStatus(head(state), seen).condition).toBe(condition);
  });

  it('says who froze it where only the fence knows', () => {
    expect(cellStatus(head(live), fence({ frozen: true })).frozen?.reason).toBe('in the fence alone');
    expect(cellStatus(head(live), fence({ frozen: true, by: 'rescue-ana' })).frozen?.reason).toBe('a rescue');
  });

  it('counts how many plans the goal is ahead', () => {
    const applied = { generation: generation(1), digest: DIGEST, seq: seq(2), at: 5, by: 'enactor-a' };
    expect(cellStatus(head({ ...live, applied }), fence({ at: 1 })).lag).toBe(3);
    expect(cellStatus(head({ ...live, applied }), fence()).lag).toBe(0);
  });
});
