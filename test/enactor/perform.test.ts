import { describe, expect, it } from 'vitest';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { enact } from '../../lib/enactor/enact.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { chooseTampering } from '../../lib/simulator/engine/tampering.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import type { Batch, ChangeOutcome, Zone } from '../../lib/zone/zone.ts';
import { finish, timeline } from '../support/drive.ts';
import { worldWithPlanToApply } from '../support/scenario.ts';
import { seededChoice } from '../support/seeded-choice.ts';

const ZONES = 400;
const ENDPOINTS = ['api.example.test', 'web.example.test'].map(dnsName);
const SETTINGS = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };

interface Sent {
  readonly batch: Batch;
  readonly outcome: ChangeOutcome;
}

/** Runs one enactor, undisturbed, and gives every batch with its outcome. */
async function batchesOf(world: SimulatedWorld, mode: 'hint' | 'sweep'): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const deadline = instant(world.time.now() + 86_400_000);
  await world.startActor('enactor-watched', 'enactor', ({ writer, ledger, clock }) => {
    const zone: Zone = {
      ...writer.zone,
      change: async (batch) => {
        const outcome = await writer.zone.change(batch);
        sent.push({ batch, outcome });
        return outcome;
      },
    };
    const deps = {
      writer: { ...writer, zone },
      ledger,
      clock,
      telemetry: silentTelemetry,
      settings: SETTINGS,
    };
    return enact(deps, { mode, deadline });
  });
  await finish(world, 'enactor-watched');
  return sent;
}

/** Breaks the zone by hand, as its seed says; what Route 53 refuses the hand did not do. */
function breakZone(world: SimulatedWorld, choose: (below: number) => number): void {
  const count = 1 + choose(6);
  for (let index = 0; index < count; index += 1) {
    const { scope, ledger } = world;
    const input = { scope, records: world.records(), endpoints: ENDPOINTS, ledger: ledger.id };
    const tampering = chooseTampering(input, choose);
    if (tampering === undefined) continue;
    const deletes = tampering.deletes.map((record) => ({ action: 'DELETE' as const, record }));
    const creates = tampering.creates.map((record) => ({ action: 'CREATE' as const, record }));
    try {
      world.tamper([...deletes, ...creates]);
    } catch (error) {
      if (!(error instanceof Route53Error)) throw error;
    }
  }
}

describe('the batches of an undisturbed enactor', () => {
  it('are a staging batch and a flip that are both taken as they are', async () => {
    const world = await worldWithPlanToApply();
    const sent = await batchesOf(world, 'hint');
    expect(sent.map(({ batch, outcome }) => `${batch.kind} ${outcome.type}`)).toEqual([
      'stage accepted',
      'flip accepted',
    ]);
    expect(sent.map(({ batch }) => batch.comment)).toEqual([
      'pawl stage use1-a@2 by enactor-watched',
      'pawl flip use1-a@2 by enactor-watched',
    ]);
  });

  it(`are never refused in a sweep, in any of ${ZONES} broken zones: built from what was read, in an order that Route 53 takes`, async () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= ZONES; seed += 1) {
      const world = await worldWithPlanToApply();
      breakZone(world, seededChoice(seed));
      for (const { batch, outcome } of await batchesOf(world, 'sweep')) {
        expect(outcome.type, `seed ${seed}: ${JSON.stringify({ batch, outcome })}\n${timeline(world)}`).toBe(
          'accepted',
        );
        kinds.add(batch.kind);
      }
    }
    // Every kind that an enactor sends was really met.
    expect([...kinds].sort()).toEqual(['fence', 'flip', 'repair', 'stage']);
  }, 120_000);
});
