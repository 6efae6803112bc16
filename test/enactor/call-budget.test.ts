// @module-tag slow
import { describe, expect, it, vi } from 'vitest';
import { audit } from '../../lib/auditor/audit.ts';
import { packBesideFence } from '../../lib/cell/packing.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { readOnlyZone } from '../../lib/zone/read-only-zone.ts';
import { route53Calls, total } from '../support/counted-zone.ts';
import { finish } from '../support/drive.ts';
import { REQUESTS_AT_REST } from '../support/scale-model.ts';
import { applyNewest, newPlan, retireOld, worldWithPlanToApply } from '../support/scenario.ts';

describe('what an enactor asks of Route 53', () => {
  it('changes one endpoint of a converged cell with two fence reads, one staging batch and one flip', async () => {
    const world = await worldWithPlanToApply();
    await world.startEnactor('enactor-a', 'hint');
    await finish(world, 'enactor-a');
    const { changeStatus = 0, ...others } = route53Calls(world, 'enactor-a');
    expect(others).toEqual({ listRecords: 2, 'change:stage': 1, 'change:flip': 1 });
    // INSYNC after 30 s, asked every 2 s.
    expect(changeStatus).toBe(16);
  });

  it('asks once when a hint has nothing to tell it', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-a');
    await world.startEnactor('enactor-b', 'hint');
    expect(await finish(world, 'enactor-b')).toMatchObject({ type: 'converged' });
    expect(route53Calls(world, 'enactor-b')).toEqual({ listRecords: 1 });
  });

  it('asks twice in a sweep with nothing to repair: the fence, and the one page of a small zone', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-a');
    await world.startEnactor('enactor-b', 'sweep');
    expect(await finish(world, 'enactor-b')).toMatchObject({ type: 'converged' });
    expect(route53Calls(world, 'enactor-b')).toEqual({ listRecords: 2 });
  });

  it('asks at rest what docs/scale.md counts for each role', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-a');
    world.time.advanceTo(world.time.now() + 3_600_000);
    await world.startEnactor('enactor-b', 'sweep');
    await finish(world, 'enactor-b');
    expect(await retireOld(world, 'janitor')).toMatchObject({ type: 'nothing' });
    const askedLimit = vi.fn(async () => 10_000);
    const quota = { recordLimit: askedLimit };
    await world.startActor('auditor', 'operator', ({ writer, ledger, clock }) =>
      audit(
        {
          ...{ ledger, clock, quota, scope: world.scope, telemetry: silentTelemetry, name: 'auditor' },
          zone: readOnlyZone(writer.zone),
          settings: { recordLimit: undefined, unknownChangeMs: 300_000 },
        },
        { deadline: instant(world.time.now() + 60_000) },
      ),
    );
    expect(await finish(world, 'auditor')).toMatchObject({ type: 'clean' });
    const asked = (actor: string) => total(route53Calls(world, actor));
    expect({
      planner: 0,
      enactor: asked('enactor-b'),
      janitor: asked('janitor'),
      // The limit of the zone's records is a request of its own (GetHostedZoneLimit).
      auditor: asked('auditor') + askedLimit.mock.calls.length,
    }).toEqual(REQUESTS_AT_REST);
  });

  it('catches up after 10,000 missed plans with the calls of catching up after one', async () => {
    const afterOne = await callsAfterMissing(1);
    const afterMany = await callsAfterMissing(10_000);
    expect(afterMany).toEqual(afterOne);
  }, 240_000);
});

describe('packed batches', () => {
  it('never split a tree, keep every part, and stay within the limits', () => {
    const parts = Array.from({ length: 60 }, (_, index) => ({
      id: `tree-${index}`,
      changes: Array.from({ length: 1 + ((index * 37) % 200) }, (__, leaf) =>
        create({
          name: dnsName(`g1.e${index}.example.test`),
          type: 'A',
          setIdentifier: `t${leaf}`,
          weight: 1,
          ttl: 60,
          values: ['192.0.2.1'],
        }),
      ),
    }));
    const batches = packBesideFence(parts);
    expect(
      batches
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(parts.map(({ id }) => id).sort());
    const elements = parts.reduce((sum, { changes }) => sum + changes.length, 0);
    expect(batches.length).toBeLessThanOrEqual(Math.ceil(elements / 998) + 1);
    for (const batch of batches)
      expect(batch.flatMap(({ changes }) => changes).length).toBeLessThanOrEqual(998);
  });
});

async function callsAfterMissing(plans: number): Promise<Readonly<Record<string, number>>> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'enactor-before');
  for (let plan = 0; plan < plans; plan += 1) await newPlan(world, plan % 2 === 0 ? 3 : 4);
  await world.startEnactor('enactor-late', 'hint');
  expect(await finish(world, 'enactor-late')).toMatchObject({ type: 'applied', generation: 2 + plans });
  const calls = route53Calls(world, 'enactor-late');
  expect(total(calls)).toBeGreaterThan(3);
  return calls;
}
