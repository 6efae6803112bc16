import { expect, test } from 'vitest';
import type { CellState, KeptBack, PlanRef, RefusedEndpoint } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
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

test('the lag counts from the oldest staged goal, however often another goal takes its place', () => {
  const staging = {
    generation: generation(4),
    digest: '0'.repeat(64),
    sticky: true,
    entries: [
      { changeId: 'C1', at: 10_000, trees: ['api a'] },
      { changeId: 'C2', at: 70_000, trees: ['api b'] },
    ],
  };
  expect(levels({ goal: plan(7, 99_000), applied, staging })).toMatchObject({ LagSeconds: 90 });
  expect(levels({ goal: plan(3, 99_000), applied, staging })).toMatchObject({ LagSeconds: 0 });
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

test('a looser policy waits for an approval as a held plan does, unless it was declined', () => {
  const loosening = { inEffect: DEFAULT_POLICY, since: 30_000, by: 'operator-ana' };
  expect(levels({ loosening })).toMatchObject({ PlansHeld: 0, HeldSeconds: 70 });
  const held = { ...plan(4, 40_000), disposition: 'held' as const };
  expect(levels({ loosening, newest: held })).toMatchObject({ PlansHeld: 1, HeldSeconds: 70 });
  const rejected = { at: 1, by: 'operator-bo', reason: 'no' };
  expect(levels({ loosening: { ...loosening, rejected } })).toMatchObject({ HeldSeconds: 0 });
});

const api = dnsName('api.example.test');

function kept(since: number, code = 'no-answer'): KeptBack {
  const findings = [{ code, severity: 'held' as const, subject: api }];
  return { name: api, digest: '0123456789ab', since, fleet: null, findings };
}

test('what is kept back counts, and how long the oldest has been, without what a person declined', () => {
  const declined = { ...kept(0), rejected: { at: 1, by: 'operator-ana', reason: 'a test' } };
  expect(levels({ keptBack: [kept(70_000), kept(40_000), declined] })).toMatchObject({
    KeptBackEndpoints: 2,
    KeptBackSeconds: 60,
    BlindSources: 0,
  });
  expect(levels({ keptBack: [declined] })).toMatchObject({ KeptBackEndpoints: 0, KeptBackSeconds: 0 });
});

test('sources that cannot see count, and what is presumed blind as one more', () => {
  const blind = [{ source: 'elbv2', reason: 'throttled', since: 1 }];
  const keptBack = [kept(1, 'observer-blind'), kept(1, 'observer-blind')];
  expect(levels({ blind })).toMatchObject({ BlindSources: 1 });
  expect(levels({ keptBack })).toMatchObject({ BlindSources: 1 });
  expect(levels({ blind, keptBack })).toMatchObject({ BlindSources: 2 });
});

test('endpoints that Route 53 refused count', () => {
  const refused: RefusedEndpoint = {
    name: api,
    step: 'flip',
    generation: generation(3),
    reason: 'no',
    since: 1,
    at: 1,
    attempts: 1,
    fleet: null,
    asked: false,
    trying: null,
  };
  expect(levels({ refused: [refused, refused] })).toMatchObject({ RefusedEndpoints: 2 });
});

test('every gauge is there in a cell before its first event, at 0', () => {
  const all = Object.entries(levels({}));
  expect(all).toHaveLength(12);
  expect(all.filter(([, level]) => level !== 0)).toEqual([]);
});
