import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { execute } from '../../lib/ledger/execute.ts';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import type { FleetEndpoint } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { endpointLabels, rollbackName, treeLabelOf } from '../../lib/plan/owned-names.ts';
import { plannedEndpoint } from '../../lib/plan/plan.ts';
import { predictView } from '../../lib/plan/predicted-view.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { sameRecords } from '../../lib/plan/records.ts';
import { recordsAtName, zoneView } from '../../lib/plan/zone-view.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { route53Calls } from '../support/counted-zone.ts';
import { finish } from '../support/drive.ts';
import { letTimePass } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import { SCOPE } from './arbitrary-names.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, target as planned, planOf } from './given-fleet.ts';

const NAMES = ['*.example.test', 'api.example.test', 'example.test'].map(dnsName);
type Shape = 'absent' | 'v4' | 'v6' | 'both' | 'slow';

/** One plan of a history: the state of each endpoint. */
const step = fc.tuple(...NAMES.map(() => fc.constantFrom<Shape>('absent', 'v4', 'v6', 'both', 'slow')));

function fleetAt(shapes: readonly Shape[], number: number): SmallFleet {
  const endpoints = NAMES.flatMap((name, index): readonly FleetEndpoint[] => {
    const shape = shapes[index];
    if (shape === undefined || shape === 'absent') return [];
    const families =
      shape === 'both' ? (['A', 'AAAA'] as const) : shape === 'v6' ? (['AAAA'] as const) : (['A'] as const);
    return [
      { name, kind: 'addresses', ttl: shape === 'slow' ? 300 : 60, floor: 1, families, targets: ['t'] },
    ];
  });
  // One extra endpoint changes at every step, so that there is always something to plan.
  const always: FleetEndpoint = {
    name: dnsName('always.example.test'),
    kind: 'addresses',
    ttl: 60,
    floor: 1,
    families: ['A'],
    targets: ['n'],
  };
  const targets = [target('t', 1, { ipv6: ['2001:db8::1'] }), target('n', 10 + number)];
  return { ...smallFleet(), targets, endpoints: [...endpoints, always] };
}

/** Plans a fleet, and approves the plan if it is held (an endpoint that goes always is). */
async function planAndApprove(world: SimulatedWorld, fleet: SmallFleet): Promise<void> {
  await world.declare(fleet);
  await world.plan();
  const { cell } = world.scope;
  await execute(world.ledger, cell, { at: () => world.time.now(), by: 'operator' }, ({ state }) => {
    const { newest } = state;
    return newest?.disposition === 'held'
      ? { type: 'ApprovePlan', generation: newest.generation, digest: newest.digest }
      : undefined;
  });
}

/** What stands at a name of Pawl's own in the zone itself. */
function standing(world: SimulatedWorld, name: DnsName): readonly RecordSet[] {
  const types = ['A', 'AAAA', 'CNAME'];
  return recordsAtName(zoneView(world.records()), name).filter(({ type }) => types.includes(type));
}

/** The label that every record of an endpoint's rollback root has; undefined when they differ or there is none. */
function rollbackLabel(world: SimulatedWorld, name: DnsName): string | undefined {
  const there = standing(world, rollbackName(name, world.scope));
  const labels = new Set(
    there.map(({ alias }) => (alias === undefined ? undefined : treeLabelOf(alias.name, world.scope))),
  );
  return labels.size === 1 ? [...labels][0] : undefined;
}

function expectRecordedRollbacks(world: SimulatedWorld): void {
  const { state } = world.ledger.peek(world.scope.cell);
  for (const name of [...NAMES, dnsName('always.example.test')]) {
    const recorded = state.endpoints[endpointLabels(name, world.scope)]?.rollback;
    expect([name, recorded]).toEqual([name, rollbackLabel(world, name)]);
  }
}

async function expectForetold(world: SimulatedWorld): Promise<void> {
  const { state } = world.ledger.peek(world.scope.cell);
  if (state.applied === null || state.goal === null) throw new Error('there is nothing to foretell from');
  const live = await getPlan(world.ledger, world.scope.cell, state.applied.digest);
  const goal = await getPlan(world.ledger, world.scope.cell, state.goal.digest);
  const rollbacks = Object.fromEntries(
    Object.entries(state.endpoints).map(([relative, { rollback }]) => [relative, rollback]),
  );
  const predicted = predictView(live, goal, rollbacks, world.scope);
  if (predicted === undefined) return;
  for (const name of predicted.changed) {
    const before = plannedEndpoint(live, name);
    const trees = before === undefined ? [] : [before.tree];
    for (const each of [name, rollbackName(name, world.scope), ...trees]) {
      const foretold = recordsAtName(predicted.view, each);
      const there = standing(world, each);
      expect(sameRecords(foretold, there), `${each}: ${JSON.stringify({ foretold, there })}`).toBe(true);
    }
  }
}

describe('what a converged cell is foretold to hold', () => {
  it('is what its zone holds, after any history of plans, and the log knows every rollback root', async () => {
    const histories = fc.array(step, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(histories, fc.boolean(), async (history, forgetful) => {
        const world = await simulatedWorld({ fleet: fleetAt(history[0] ?? [], 0), insyncDelayMs: 0 });
        for (const [index, shapes] of history.entries()) {
          await planAndApprove(world, fleetAt(shapes, index));
          if (index > 0) await expectForetold(world);
          const enactor = `enactor-${index}`;
          await world.startEnactor(enactor, 'hint');
          if (forgetful) await dieAfterTheFlip(world, enactor);
          else expect(await finish(world, enactor)).toMatchObject({ type: 'applied' });
          // Every prediction was right: no batch was refused.
          expect(route53Calls(world, enactor)['change:flip']).toBe(1);
          expect(route53Calls(world, enactor)['change:stage'] ?? 0).toBeLessThanOrEqual(1);
          if (forgetful) {
            await world.startEnactor(`after-${index}`, 'hint');
            expect(await finish(world, `after-${index}`)).toMatchObject({ type: 'converged' });
          }
          letTimePass(world);
          expectRecordedRollbacks(world);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Lets an enactor flip and die before it records that, so that the next one has to find out what is left to do. */
async function dieAfterTheFlip(world: SimulatedWorld, enactor: string): Promise<void> {
  for (let calls = 0; calls < 200; calls += 1) {
    const pending = world.scheduler.pending(enactor);
    if (pending === undefined) throw new Error(`${enactor} ended before its flip`);
    const isFlip = pending.site === 'zone.change' && pending.detail.startsWith('flip');
    await world.scheduler.run(enactor);
    if (isFlip) {
      await world.scheduler.crash(enactor);
      return;
    }
  }
  throw new Error(`${enactor} never flipped`);
}

describe('nothing is foretold', () => {
  const live = planOf(desiredOf(apiFleet(2)));

  it('of what does not change', () => {
    const same = planOf(desiredOf(apiFleet(2), { base: live }), 2);
    expect(predictView(live, same, { api: 'g000001' }, SCOPE)?.changed.size).toBe(0);
  });

  it('when it is not known where a rollback root points', () => {
    const next = planOf(desiredOf(apiFleet(3), { base: live }), 2);
    expect(predictView(live, next, {}, SCOPE)).toBeUndefined();
    expect(predictView(live, next, { api: 'g000001' }, SCOPE)).toBeDefined();
  });

  it('when an endpoint goes, or one of its families, because somebody may point at it', () => {
    const both = (families: readonly ('A' | 'AAAA')[], ttl: number) =>
      fleetOf(
        [planned('a', { ipv6: ['2001:db8::1'] })],
        [endpoint('api.example.test', ['a'], { families, ttl })],
      );
    const wide = planOf(desiredOf(both(['A', 'AAAA'], 60)));
    const known = { api: 'g000001' };
    expect(
      predictView(wide, planOf(desiredOf(both(['A'], 60), { base: wide }), 2), known, SCOPE),
    ).toBeUndefined();
    expect(
      predictView(wide, planOf(desiredOf(both(['A', 'AAAA'], 30), { base: wide }), 2), known, SCOPE),
    ).toBeDefined();
    expect(
      predictView(wide, planOf(desiredOf(fleetOf([], []), { base: wide }), 2), known, SCOPE),
    ).toBeUndefined();
  });
});
