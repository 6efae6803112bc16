import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState, STATE_CHARS_MAX, TREES_MAX } from '../../../lib/ledger/decider/state.ts';
import { takesRoom, worstStateChars } from '../../../lib/ledger/decider/state-room.ts';
import { canonicalJson } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { planTreeLabel } from '../../../lib/plan/owned-names.ts';
import {
  asking,
  CELL,
  digestOf,
  drained,
  fleetDeclared,
  LEDGER,
  planAppended,
  planApplied,
  ZONE,
} from '../../support/ledger-events.ts';

const ENDPOINTS = 120;
const NOW = 1_790_000_000_000;

/** Endpoint names of exactly so many characters below the zone. */
function relatives(count: number, chars: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    `e${String(index).padStart(4, '0')}.${'abcdefghi.'.repeat(30)}`.slice(0, chars).replace(/\.$/, 'x'),
  );
}

function names(relative: readonly string[]): readonly DnsName[] {
  return relative.map((each) => dnsName(`${each}.${ZONE}`));
}

/** Appends where `decide` lets it; what only records what has happened must always be let. */
function fold(state: CellState, event: LedgerEvent): CellState {
  const decision = decide(asking(event), state);
  if (decision.type === 'refused' && !takesRoom(event) && decision.reason.includes('could grow to'))
    throw new Error(`${event.type}: ${decision.reason}`);
  return decision.type === 'append'
    ? evolve(state, decision.event, { at: NOW, by: `operator:${'x'.repeat(190)}` })
    : state;
}

function chars(state: CellState): number {
  return canonicalJson(state).length;
}

/** Everything that happens to a plan, and to a zone that is as bad as it can be. */
function lifeOf(number: number, relative: readonly string[]): readonly LedgerEvent[] {
  const label = planTreeLabel(number);
  const trees = Object.fromEntries(relative.map((each) => [each, label]));
  const all = names(relative);
  const long = '"'.repeat(500);
  return [
    planAppended(number, {
      newTrees: trees,
      summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 900 },
    }),
    ...relative.slice(0, 60).map(
      (each, index): LedgerEvent => ({
        type: 'PlanStaged',
        generation: generation(number),
        digest: digestOf(number),
        changes: [{ changeId: `C${String(index).padStart(30, '0')}`, trees: [`${label}.${each}`] }],
      }),
    ),
    { type: 'PlannerPaused', reason: long },
    { type: 'CellFrozen', reason: long },
    { type: 'DriftFound', count: 9_000, names: all },
    { type: 'ZoneRegressed', what: 'fence', name: all[0] ?? ZONE, found: long, expected: long },
    { type: 'RescueFound', generation: generation(1), seq: seq(number), plan: long, by: long },
    {
      type: 'ZoneSurveyed',
      facts: { records: number, recordLimit: 10_000, negativeTtlS: 1, delegations: all, conflicts: all },
    },
  ];
}

it.each([
  { chars: 20, plans: 25 },
  { chars: 60, plans: 25 },
  { chars: 100, plans: 15 },
])(
  'holds 120 endpoints with names of $chars characters below the zone, $plans plans deep',
  ({ chars: length, plans }) => {
    const relative = relatives(ENDPOINTS, length);
    let state = evolve(initialState(CELL, LEDGER), fleetDeclared(), { at: NOW, by: 'operator' });
    for (let generation = 1; generation <= plans; generation += 1) {
      state = lifeOf(generation, relative).reduce(fold, state);
      expect(state.goal?.generation).toBe(generation);
      const rollbacks = Object.fromEntries(relative.map((each) => [each, planTreeLabel(generation)]));
      state = fold(state, planApplied(generation, generation + 1, { endpoints: names(relative), rollbacks }));
    }
    const trees = Object.values(state.endpoints).flatMap((endpoint) => endpoint.trees);
    expect(trees).toHaveLength(plans * ENDPOINTS);
    expect(trees.length).toBeLessThanOrEqual(TREES_MAX);
    expect(chars(state)).toBeLessThanOrEqual(STATE_CHARS_MAX);
  },
);

it('refuses the plan that could fill the state, in one sentence, and goes on recording what happens', () => {
  const relative = relatives(70, 180);
  let state = evolve(initialState(CELL, LEDGER), fleetDeclared(), { at: NOW, by: 'operator' });
  // Applied trees stay until the janitor retires them, and here none comes.
  for (let round = 1; round <= 100; round += 1) {
    state = lifeOf(state.highest + 1, relative).reduce(fold, state);
    const goal = state.goal?.generation ?? 1;
    state = fold(state, planApplied(goal, round + 1, { endpoints: names(relative) }));
  }
  const next = state.goal?.generation ?? 0;
  expect(next).toBeGreaterThan(2);
  expect(next).toBeLessThan(TREES_MAX / 70);
  expect(
    decide(
      asking(
        planAppended(state.highest + 1, {
          newTrees: Object.fromEntries(relative.map((each) => [each, planTreeLabel(state.highest + 1)])),
        }),
      ),
      state,
    ),
  ).toMatchObject({
    type: 'refused',
    reason: expect.stringMatching(
      /^With PlanAppended the state of cell use1-a could grow to \d+ characters, .*\.$/,
    ),
  });
  // A plan that needs no new tree, such as a rollback to one that stands, is always let.
  expect(decide(asking(planAppended(state.highest + 1, { newTrees: {} })), state)).toMatchObject({
    type: 'append',
  });
  expect(chars(state)).toBeLessThanOrEqual(STATE_CHARS_MAX);
});

it('never grows beyond its bound, nor beyond what was foretold, whatever happens', () => {
  const relative = relatives(ENDPOINTS, 100);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('plan' as const), from: fc.nat(ENDPOINTS - 1), count: fc.nat(ENDPOINTS) }),
    fc.record({ kind: fc.constant('apply' as const), back: fc.nat(3), count: fc.nat(ENDPOINTS) }),
    fc.record({ kind: fc.constant('drain' as const), from: fc.nat(400), count: fc.nat(30) }),
  );
  const begin = lifeOf(1, relative).reduce(
    fold,
    evolve(initialState(CELL, LEDGER), fleetDeclared(), { at: 1, by: 'x' }),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      let state = begin;
      for (const each of steps) {
        for (const event of eventsOf(each, state, relative)) {
          state = fold(state, event);
          if (chars(state) > STATE_CHARS_MAX) throw new Error(`${event.type}: ${chars(state)} characters`);
          const foretold = worstStateChars(state);
          if (chars(state) > foretold)
            throw new Error(`${event.type}: ${chars(state)}, foretold ${foretold}`);
          if (foretold > STATE_CHARS_MAX) throw new Error(`${event.type} may lead to ${foretold} characters`);
        }
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

type Step =
  | { readonly kind: 'plan' | 'drain'; readonly from: number; readonly count: number }
  | { readonly kind: 'apply'; readonly back: number; readonly count: number };

function eventsOf(step: Step, state: CellState, relative: readonly string[]): readonly LedgerEvent[] {
  switch (step.kind) {
    case 'plan':
      return lifeOf(state.highest + 1, relative.slice(step.from, step.from + step.count + 1));
    case 'drain':
      return Array.from({ length: step.count }, (_, index) =>
        drained(`i-${step.from + index}`.padEnd(64, 'x')),
      );
    case 'apply': {
      const number = Math.max(1, state.highest - step.back);
      const which = relative.slice(0, step.count + 1);
      const rollbacks = Object.fromEntries(which.map((each) => [each, planTreeLabel(number)]));
      return [
        planApplied(number, Math.max(1, number * 3 - step.back), { endpoints: names(which), rollbacks }),
      ];
    }
  }
}
