import { describe, expect, it } from 'vitest';
import type { CellAsked } from '../../../lib/cli/look/asked-of-cell.ts';
import type { CellCondition, FenceSeen } from '../../../lib/cli/look/cell-status.ts';
import { cellStatus } from '../../../lib/cli/look/cell-status.ts';
import { obstacleLines } from '../../../lib/cli/printing/obstacle-lines.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import type { Head } from '../../../lib/ledger/ledger.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { smallFleet } from '../../support/small-fleet.ts';

const CELL = cellName('use1-a');
const LEDGER = '5be1c07a';
const DIGEST = 'ab'.repeat(32);
const NOW = 100_000;

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

const AS_PLANNED: CellAsked = { type: 'judged', keptBack: [], asks: null };
const MORE: CellAsked = {
  type: 'judged',
  keptBack: [],
  asks: { endpoints: 2, added: [], changed: [dnsName('api.example.test')], removed: [], removedPermille: 0 },
};
const LAB = dnsName('lab.example.test');
const KEPT = {
  name: LAB,
  digest: '0c9e51f2ab34',
  findings: [{ code: 'no-answer', severity: 'fatal' as const, subject: LAB }],
};
const WAITING: CellAsked = { ...AS_PLANNED, keptBack: [KEPT] };
const REFUSED = {
  name: LAB,
  step: 'flip' as const,
  generation: generation(4),
  reason: 'It is protected.',
  since: 2,
  at: 2,
  attempts: 1,
  fleet: DIGEST,
  asked: false,
  trying: null,
};
const PAUSED = { at: 3, by: 'ana', reason: 'looking' };

const live = { fleet: declared, goal: plan, newest: plan };
const held = { ...plan, generation: generation(5), disposition: 'held' } as const;

describe('the state of a cell', () => {
  const cases: readonly (readonly [CellCondition, Partial<CellState>, FenceSeen, CellAsked?])[] = [
    ['converged', live, fence()],
    ['behind', live, fence({ at: 3 })],
    ['behind', live, { type: 'missing', records: [] }],
    ['behind', live, { type: 'malformed', records: [] }],
    ['refused', { ...live, refused: [REFUSED] }, fence({ at: 3 })],
    ['blind', { ...live, blind: [{ source: 'elbv2', reason: 'throttled', since: 1 }] }, fence()],
    ['drifted', { ...live, drift: { at: 1, count: 2, names: [] } }, fence()],
    ['held', { ...live, newest: held }, fence()],
    ['held', { fleet: declared, newest: held }, { type: 'missing', records: [] }],
    ['kept-back', live, fence(), WAITING],
    ['kept-back', { fleet: declared }, { type: 'missing', records: [] }, WAITING],
    ['behind', live, fence({ at: 3 }), WAITING],
    ['pending', live, fence(), MORE],
    ['kept-back', live, fence(), { ...MORE, keptBack: [KEPT] }],
    ['paused', { ...live, paused: PAUSED }, fence(), MORE],
    ['converged', { ...live, paused: PAUSED }, fence()],
    ['unreachable', live, fence(), { type: 'not-judged', reason: 'a body is missing' }],
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

  it.each(cases.map(([condition, ...more]) => [condition, more] as const))('is %s', (condition, more) => {
    const [state, seen, asked = AS_PLANNED] = more;
    expect(cellStatus(head(state), seen, asked, NOW).condition).toBe(condition);
  });

  it('is converged although something waits that a person declined, and shows it', () => {
    const rejected = { at: 5, by: 'ana', reason: 'it may stay dead' };
    const kept = { ...KEPT, since: 2, fleet: null, rejected };
    const status = cellStatus(head({ ...live, keptBack: [kept] }), fence(), WAITING, NOW);
    expect(status).toMatchObject({ condition: 'converged', keptBack: [{ name: LAB, since: 2, rejected }] });
    const other = cellStatus(
      head({ ...live, keptBack: [{ ...kept, digest: 'another' }] }),
      fence(),
      WAITING,
      NOW,
    );
    expect(other).toMatchObject({ condition: 'kept-back', keptBack: [{ since: 2, rejected: null }] });
  });

  it('says since when something is kept back only where the log holds it', () => {
    const status = cellStatus(head(live), fence(), WAITING, NOW);
    expect(status.keptBack).toMatchObject([{ name: LAB, since: null, approvable: false }]);
    expect(status.keptBack[0]?.findings[0]?.message).toBe(
      'lab.example.test would have no answer: not one of its targets serves.',
    );
  });

  it('is blind while the planner presumes that its observer is', () => {
    const findings = [{ code: 'observer-blind', severity: 'held' as const, subject: 'use1-a' }];
    const waiting: CellAsked = { ...AS_PLANNED, keptBack: [{ ...KEPT, findings }] };
    expect(cellStatus(head(live), fence(), waiting, NOW).condition).toBe('blind');
  });

  it('says a refusal once, with the time of the next attempt', () => {
    const findings = [{ code: 'refused-by-route53', severity: 'fatal' as const, subject: LAB }];
    const state = { ...live, fleet: { ...declared, digest: DIGEST }, refused: [REFUSED] };
    const status = cellStatus(
      head(state),
      fence(),
      { ...AS_PLANNED, keptBack: [{ ...KEPT, findings }] },
      NOW,
    );
    expect(status.condition).toBe('refused');
    expect(status.refused).toMatchObject([{ name: LAB, attempts: 1, retryAt: 60_002, rejected: false }]);
    expect(obstacleLines(CELL, status, 10_002)).toEqual([
      'use1-a: lab.example.test is refused for 10 s (flip of @4): It is protected. It is tried again at 1970-01-01 00:01:00Z, and at once by "pawl retry lab.example.test".',
    ]);
  });

  it('says who froze it, and which half is missing', () => {
    const frozen = { at: 1, by: 'ana', reason: 'looking' };
    const seen = (state: Partial<CellState>, reading: FenceSeen) => {
      const status = cellStatus(head({ ...live, ...state }), reading, AS_PLANNED, NOW);
      return { frozen: status.frozen, half: status.frozenHalf };
    };
    expect(seen({}, fence({ frozen: true }))).toMatchObject({
      frozen: { reason: 'in the fence alone' },
      half: 'fence',
    });
    expect(seen({}, fence({ frozen: true, by: 'rescue-ana' }))).toMatchObject({
      frozen: { reason: 'a rescue' },
      half: null,
    });
    expect(seen({ frozen }, fence({ frozen: true }))).toEqual({ frozen, half: null });
    expect(seen({ frozen }, fence())).toEqual({ frozen, half: 'log' });
    expect(seen({ frozen }, { type: 'unreachable', reason: 'no' })).toEqual({ frozen, half: null });
  });

  it('counts how many plans the goal is ahead', () => {
    const applied = { generation: generation(1), digest: DIGEST, seq: seq(2), at: 5, by: 'enactor-a' };
    expect(cellStatus(head({ ...live, applied }), fence({ at: 1 }), AS_PLANNED, NOW).lag).toBe(3);
    expect(cellStatus(head({ ...live, applied }), fence(), AS_PLANNED, NOW).lag).toBe(0);
  });
});
