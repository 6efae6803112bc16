import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { floorsInEffect, policyInEffect, waitingLoosening } from '../../../lib/ledger/decider/loosening.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import type { CellPolicy } from '../../../lib/plan/fleet-model.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { planTreeLabel } from '../../../lib/plan/owned-names.ts';
import { asking, CELL, fleetDeclared, LEDGER, POLICY, planAppended } from '../../support/ledger-events.ts';
import { SINCE_3, SINCE_4 } from '../../support/obstacle-events.ts';
import { FIRST_AT, given } from './given.ts';

type Declared = LedgerEvent & { readonly type: 'FleetDeclared' };

/** A fleet whose policy differs from the usual one. */
function declared(more: Partial<CellPolicy>, inEffect?: CellPolicy): Declared {
  const policy = { ...POLICY, ...more };
  return {
    ...fleetDeclared(sha256(JSON.stringify(more))),
    policy,
    ...(inEffect === undefined ? {} : { inEffect }),
  };
}

const label = planTreeLabel(1);
const looser = { capacityRemovedPercent: 100 };
const LOOSER = { ...POLICY, ...looser };
const approved: LedgerEvent = { type: 'LooseningApproved', inEffect: POLICY, policy: LOOSER };
const rejected: LedgerEvent = {
  ...{ type: 'LooseningRejected', inEffect: POLICY, policy: LOOSER, reason: 'not so much' },
};
/** A cell of format 4 whose looser policy waits. */
const WAITING = [SINCE_4, fleetDeclared(), declared(looser, POLICY)] as const;

describe('a declared policy', () => {
  it('of a new cell is in effect: there is nothing to compare it with', () => {
    const { state, when } = given(SINCE_4);
    when(asking(declared(looser))).thenAppended(declared(looser));
    expect(policyInEffect(evolve(state, declared(looser), { at: FIRST_AT, by: 'ana' }))).toEqual(LOOSER);
  });

  it('that is looser waits, and the event says what judges meanwhile', () => {
    given(SINCE_4, fleetDeclared())
      .when(asking(declared(looser)))
      .thenAppended(declared(looser, POLICY));
    const { state } = given(...WAITING);
    expect(policyInEffect(state)).toEqual(POLICY);
    expect(waitingLoosening(state)).toMatchObject({
      fields: [{ field: 'capacityRemovedPercent', inEffect: 30, declared: 100 }],
      since: FIRST_AT + 2_000,
      by: 'operator:ana',
    });
  });

  it('that is stricter is in effect at once, also beside something looser', () => {
    given(SINCE_4, fleetDeclared())
      .when(asking(declared({ blindPercent: 10 })))
      .thenAppended();
    given(SINCE_4, fleetDeclared())
      .when(asking(declared({ ...looser, blindPercent: 10 })))
      .thenAppended(declared({ ...looser, blindPercent: 10 }, { ...POLICY, blindPercent: 10 }));
  });

  it('of cells before format 4 is in effect as a whole, as it was, also after the format is raised', () => {
    given(SINCE_3, fleetDeclared())
      .when(asking(declared(looser)))
      .thenAppended(declared(looser));
    const { state } = given(SINCE_3, fleetDeclared(), declared(looser), SINCE_4);
    expect(policyInEffect(state)).toEqual(LOOSER);
    expect(waitingLoosening(state)).toBeNull();
  });

  it('that goes back to what is in effect ends what waits', () => {
    given(...WAITING)
      .when(asking(fleetDeclared()))
      .thenAppended(fleetDeclared());
    expect(given(...WAITING, fleetDeclared()).state.loosening).toBeNull();
  });

  it('waits as it did while other things of the fleet change, and anew when something else is looser', () => {
    const same = given(...WAITING, rejected, declared({ ...looser, coalesceS: 99 }, POLICY)).state;
    expect(waitingLoosening(same)).toMatchObject({
      since: FIRST_AT + 2_000,
      rejected: { reason: 'not so much' },
    });
    const more = declared({ ...looser, blindPercent: 99 }, POLICY);
    const other = given(...WAITING, more).state;
    expect(waitingLoosening(other)).toMatchObject({ since: FIRST_AT + 2_000 });
    const news = given(...WAITING, rejected, more).state;
    expect(waitingLoosening(news)).toMatchObject({ since: FIRST_AT + 4_000 });
    expect(waitingLoosening(news)).not.toHaveProperty('rejected');
  });
});

describe('a looser policy', () => {
  it('is in effect once a person approved exactly what waits', () => {
    given(...WAITING)
      .when(asking(approved))
      .thenAppended();
    const { state, when } = given(...WAITING, approved);
    expect(policyInEffect(state)).toEqual(LOOSER);
    when(asking(approved)).thenRecorded();
    // It is what the next one is compared with.
    when(asking(declared({ capacityRemovedPercent: 50 }))).thenAppended();
  });

  it('is declined once, and stays what is not in effect', () => {
    const { state, when } = given(...WAITING, rejected);
    expect(policyInEffect(state)).toEqual(POLICY);
    when(asking(rejected)).thenRecorded();
    when(asking(approved)).thenAppended();
  });

  it('is not decided about where nothing waits, or something else', () => {
    given(SINCE_4, fleetDeclared())
      .when(asking(approved))
      .thenRefused(/No looser policy .* waits/);
    given(SINCE_4, fleetDeclared())
      .when(asking(rejected))
      .thenRefused(/No looser policy .* waits/);
    const other = [...WAITING, declared({ ...looser, blindPercent: 99 }, POLICY)];
    given(...other)
      .when(asking(approved))
      .thenRefused(/another one by now/);
    given(SINCE_3, fleetDeclared())
      .when(asking(approved))
      .thenRefused(/format 3/);
  });
});

describe('a lower floor', () => {
  const api = 'api.example.test';
  const lowered = { [api]: { floor: 3, declared: 1 } };
  const gone = { [api]: { floor: 3 } };
  const push = (floors: Declared['floors'], digest = 'lower') =>
    ({ ...fleetDeclared(sha256(digest)), ...(floors === undefined ? {} : { floors }) }) as Declared;
  /** A cell of format 4 with a tree of `api`. */
  const STANDING = [SINCE_4, fleetDeclared(), planAppended(1, { newTrees: { api: label } })] as const;
  const accepted: LedgerEvent = {
    ...{ type: 'LooseningApproved', inEffect: POLICY, policy: POLICY, floors: lowered },
  };

  it('of an endpoint that stands waits like a looser policy, and is in effect once it was approved', () => {
    given(...STANDING)
      .when(asking(push(lowered)))
      .thenAppended(push(lowered));
    const waits = given(...STANDING, push(lowered));
    expect(waitingLoosening(waits.state)).toMatchObject({
      fields: [{ field: 'floor', endpoint: api, inEffect: 3, declared: 1 }],
      by: 'operator:ana',
    });
    waits.when(asking({ ...accepted, floors: { [api]: { floor: 3, declared: 2 } } })).thenRefused(/another/);
    waits.when(asking(accepted)).thenAppended();
    const { state } = given(...STANDING, push(lowered), accepted);
    expect([floorsInEffect(state), waitingLoosening(state)]).toEqual([{}, null]);
  });

  it('of an endpoint without a tree, or in a cell before format 4, guards nothing', () => {
    given(SINCE_4, fleetDeclared())
      .when(asking(push(lowered)))
      .thenAppended(push(undefined));
    given(SINCE_3, fleetDeclared(), planAppended(1, { newTrees: { api: label } }))
      .when(asking(push(lowered)))
      .thenAppended(push(undefined));
  });

  it('of an endpoint that is declared no more is kept and asks nobody', () => {
    const { state } = given(...STANDING, push(gone));
    expect([floorsInEffect(state), state.loosening]).toEqual([gone, null]);
    const both = { ...gone, 'web.example.test': { floor: 2, declared: 1 } };
    const stands = given(...STANDING, planAppended(2, { newTrees: { web: label } }), push(both));
    const { inEffect, policy } = { inEffect: POLICY, policy: POLICY };
    const { 'web.example.test': web } = both;
    const floors = { 'web.example.test': web };
    stands.when(asking({ type: 'LooseningApproved', inEffect, policy, floors })).thenAppended();
  });

  it('of an endpoint whose only tree another one replaces goes on waiting', () => {
    const replaced = planAppended(2, { newTrees: { api: planTreeLabel(2) } });
    const { state } = given(...STANDING, push(lowered), replaced);
    expect([state.endpoints['api']?.trees, floorsInEffect(state)]).toEqual([[planTreeLabel(2)], lowered]);
    expect(waitingLoosening(state)?.fields).toHaveLength(1);
  });

  it('of an endpoint whose last tree is retired asks nobody any more', () => {
    const retired: LedgerEvent = { type: 'TreesRetired', trees: [`${label}.api`], fenceSeq: seq(3) };
    const { state } = given(...STANDING, push(lowered), retired);
    expect([floorsInEffect(state), state.loosening]).toEqual([{}, null]);
    const both = { ...push(lowered), ...declared(looser, POLICY) };
    expect(waitingLoosening(given(...STANDING, both, retired).state)?.fields).toMatchObject([
      { field: 'capacityRemovedPercent' },
    ]);
  });

  it('that was declined stays declined while the same one waits', () => {
    const declined: LedgerEvent = {
      ...{ type: 'LooseningRejected', inEffect: POLICY, policy: POLICY, floors: lowered, reason: 'no' },
    };
    const again = given(...STANDING, push(lowered), declined, push(lowered, 'again')).state;
    expect(waitingLoosening(again)).toMatchObject({ rejected: { reason: 'no' } });
    const other = push({ [api]: { floor: 3, declared: 2 } }, 'other');
    expect(waitingLoosening(given(...STANDING, push(lowered), declined, other).state)).not.toHaveProperty(
      'rejected',
    );
  });
});

/** Percentages of 1 to 3, so that equal ones are often. */
const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('push' as const),
      capacityRemovedPercent: fc.integer({ min: 1, max: 3 }),
      capacityWindowS: fc.integer({ min: 1, max: 3 }),
      retainMinutes: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constantFrom('approve' as const, 'reject' as const, 'stale' as const) }),
  ),
  { maxLength: 12 },
);

it('whatever is pushed: nothing is in effect that is looser than what was approved last, or declared since', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let state: CellState = evolve(initialState(CELL, LEDGER), SINCE_4, { at: 0, by: '' });
      /** What was approved last, and every policy that was declared since: the first is approved by itself. */
      let since: CellPolicy[] = [];
      all.forEach((step, index) => {
        const command = commandOf(step, state, index);
        if (command === undefined) return;
        const decision = decide(asking(command), state);
        if (decision.type !== 'append') return;
        state = evolve(state, decision.event, { at: index, by: 'ana' });
        const policy = state.fleet?.policy ?? POLICY;
        if (decision.event.type === 'LooseningApproved') since = [policy];
        if (decision.event.type === 'FleetDeclared') since = [...since, policy];
        const { capacityRemovedPercent, capacityWindowS, retainMinutes } = policyInEffect(state);
        for (const each of since) {
          expect(capacityRemovedPercent).toBeLessThanOrEqual(each.capacityRemovedPercent);
          expect(capacityWindowS).toBeGreaterThanOrEqual(each.capacityWindowS);
          expect(retainMinutes).toBeGreaterThanOrEqual(each.retainMinutes);
        }
        // And nothing is stricter than something that was.
        expect(since.map((each) => each.capacityWindowS)).toContain(capacityWindowS);
      });
    }),
    { numRuns: 300 },
  );
});

function commandOf(
  step: { readonly kind: string } & Partial<CellPolicy>,
  { fleet, loosening }: CellState,
  index: number,
): LedgerEvent | undefined {
  const { kind, ...more } = step;
  if (kind === 'push') return { ...declared(more), digest: sha256(String(index)) };
  if (fleet === null) return undefined;
  const { policy } = fleet;
  const inEffect = kind === 'stale' ? POLICY : (loosening?.inEffect ?? policy);
  return kind === 'reject'
    ? { type: 'LooseningRejected', inEffect, policy, reason: '' }
    : { type: 'LooseningApproved', inEffect, policy };
}
