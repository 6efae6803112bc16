import { expect, test } from 'vitest';
import type { CellState, PlanRef } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';
import { cellGauges } from '../../lib/wiring/cell-gauges.ts';

const plan = (number: number, at: number): PlanRef => ({
  generation: generation(number),
  digest: '0'.repeat(64),
  origin: 'planner',
  lane: 'routine',
  disposition: 'approved',
  at,
  findings: 0,
  removedPermille: 0,
});

function levels(state: Partial<CellState>, now = 100_000) {
  return Object.fromEntries(cellGauges({ ...initialState(cellName('use1-a'), '5be1c07a'), ...state }, now));
}

const applied = { generation: generation(3), digest: '0'.repeat(64), seq: seq(7), at: 1, by: 'enactor-a' };

test('a goal that is not applied lags, in generations and in seconds', () => {
  const behind = levels({ goal: plan(5, 40_000), newest: plan(5, 40_000), applied });
  expect(behind).toMatchObject({
    GoalGeneration: 5,
    AppliedGeneration: 3,
    LagGenerations: 2,
    LagSeconds: 60,
  });
});

test('a cell at its goal has no lag, and neither has one that is frozen on purpose', () => {
  expect(levels({ goal: plan(3, 1), applied })).toMatchObject({
    LagGenerations: 0,
    LagSeconds: 0,
    CellsFrozen: 0,
  });
  const frozen = { at: 1, by: 'operator-ana', reason: 'a test' };
  expect(levels({ goal: plan(5, 1), applied, frozen })).toMatchObject({
    LagGenerations: 0,
    LagSeconds: 0,
    CellsFrozen: 1,
    FrozenSeconds: 100,
  });
});

test('a plan that waits for an approval is told, and a clock that is behind the writer is no negative lag', () => {
  const held = { ...plan(4, 40_000), disposition: 'held' as const };
  expect(levels({ newest: held })).toMatchObject({ PlansHeld: 1, HeldSeconds: 60 });
  expect(levels({ newest: plan(4, 40_000) })).toMatchObject({ PlansHeld: 0, HeldSeconds: 0 });
  expect(levels({ goal: plan(5, 200_000), applied })).toMatchObject({ LagSeconds: 0 });
});
