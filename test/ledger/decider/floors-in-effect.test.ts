import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { floorsInEffect, waitingLoosening } from '../../../lib/ledger/decider/loosening.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { loweredFloors, waitingFloors } from '../../../lib/plan/lowered-floors.ts';
import { planTreeLabel } from '../../../lib/plan/owned-names.ts';
import { endpoint } from '../../plan/given-fleet.ts';
import { asking, CELL, fleetDeclared, LEDGER, POLICY, planAppended } from '../../support/ledger-events.ts';
import { SINCE_4 } from '../../support/obstacle-events.ts';

const API = 'api.example.test';

type Step =
  /** No floor: the endpoint is left out. */
  | { readonly kind: 'push'; readonly floor: number | undefined }
  | { readonly kind: 'approve' | 'reject' | 'plan' | 'retire' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('push' as const),
      floor: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    }),
    fc.record({
      kind: fc.constantFrom('approve' as const, 'reject' as const, 'plan' as const, 'retire' as const),
    }),
  ),
  { maxLength: 14 },
);

function fleetOf(floor: number | undefined) {
  return { endpoints: floor === undefined ? [] : [endpoint(API, ['t1'], { floor })] };
}

/** What somebody asks to record, at a state whose fleet has this floor of the endpoint. */
function asked(step: Step, state: CellState, declared: number | undefined, index: number): LedgerEvent {
  switch (step.kind) {
    case 'push': {
      const before = { fleet: fleetOf(declared), floors: floorsInEffect(state) };
      const floors = loweredFloors(before, fleetOf(step.floor));
      return { ...fleetDeclared(sha256(String(index))), floors };
    }
    case 'approve':
    case 'reject': {
      const floors = waitingFloors(floorsInEffect(state));
      const shown = { inEffect: POLICY, policy: POLICY, floors };
      return step.kind === 'approve'
        ? { type: 'LooseningApproved', ...shown }
        : { type: 'LooseningRejected', ...shown, reason: 'no' };
    }
    case 'plan': {
      const generation = state.highest + 1;
      return planAppended(generation, { newTrees: { api: planTreeLabel(generation) } });
    }
    case 'retire': {
      const trees = state.endpoints['api']?.trees.map((label) => `${label}.api`) ?? [];
      return { type: 'TreesRetired', trees, fenceSeq: seq(1) };
    }
  }
}

it('whatever is pushed, planned and retired: the highest floor since an approval judges for as long as there is a tree', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let state: CellState = evolve(initialState(CELL, LEDGER), SINCE_4, { at: 0, by: '' });
      let declared: number | undefined;
      let highest: number | undefined;
      all.forEach((step, index) => {
        const decision = decide(asking(asked(step, state, declared, index)), state);
        if (decision.type !== 'append') return;
        state = evolve(state, decision.event, { at: index, by: 'ana' });
        if (step.kind === 'push') declared = step.floor;
        const hasTree = state.endpoints['api'] !== undefined;
        const isAccepted = !hasTree || (step.kind === 'approve' && declared !== undefined);
        highest = isAccepted ? declared : Math.max(declared ?? 0, highest ?? 0);
        const kept = floorsInEffect(state)[API];
        expect(kept?.floor ?? declared ?? 0).toBe(hasTree ? highest : (declared ?? 0));
        const isLower = hasTree && declared !== undefined && declared < (highest ?? 0);
        expect(waitingLoosening(state) !== null).toBe(isLower);
        expect(state.loosening !== null).toBe(isLower);
      });
    }),
    { numRuns: 500 },
  );
});
