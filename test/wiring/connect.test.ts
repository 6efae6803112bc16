import { describe, expect, it, onTestFinished } from 'vitest';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { serveRoute53 } from '../../lib/emulator/wire/http-server.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { connectLocally, createLocalTable } from '../../lib/wiring/local-world.ts';
import type { World } from '../../lib/wiring/world.ts';
import { zoneWriter } from '../../lib/wiring/zone-writer.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { startDynalite } from '../support/dynalite.ts';
import { emulatedWorld } from '../zone/emulated-world.ts';
import { worldFacts } from './world-facts.ts';

async function served(): Promise<{ readonly world: World; readonly core: Route53; readonly zoneId: string }> {
  const { core, zoneId } = emulatedWorld(systemClock);
  const route53 = await serveRoute53(core, { port: 0 });
  const dynalite = await startDynalite();
  const facts = worldFacts({ route53: route53.url, dynamodb: dynalite.endpoint });
  await createLocalTable(facts);
  const world = connectLocally('.pawl', facts, { name: 'enactor-a' });
  onTestFinished(async () => {
    await world.close();
    await Promise.all([route53.close(), dynalite.close()]);
  });
  return { world, core, zoneId };
}

describe('a world that is connected', () => {
  it('opens its ledger once, and has the zones', async () => {
    const { world, zoneId } = await served();
    const ledger = await world.ledger();
    expect(await world.ledger()).toBe(ledger);
    expect(ledger.id).toMatch(/^[0-9a-f]{8}$/);
    expect(await world.zone(zoneId).describe()).toMatchObject({ id: zoneId, name: 'example.test' });
  });

  it('tries again to open a ledger that it could not open', async () => {
    const facts = worldFacts({ dynamodb: 'http://127.0.0.1:1', route53: 'http://127.0.0.1:1' });
    const lost = connectLocally('.pawl', facts, { clock: virtualClock() });
    await expect(lost.ledger()).rejects.toThrow(LedgerUnavailable);
    await expect(lost.ledger()).rejects.toThrow(LedgerUnavailable);
    await lost.close();
  });

  it('finds the ids of zones by name, and leaves out names without a zone', async () => {
    const { world, core, zoneId } = await served();
    core.createHostedZone({ name: 'example.test.another', callerReference: 'another' });
    const { zone: deeper } = core.createHostedZone({ name: 'a.example.test', callerReference: 'deeper' });
    const names = ['example.test', 'a.example.test', 'none.test', 'test'].map(dnsName);
    expect([...(await world.zoneIds(names))]).toEqual([
      ['example.test', zoneId],
      ['a.example.test', deeper.id],
    ]);
  });

  it('does not choose between two public zones of one name', async () => {
    const { world, core } = await served();
    core.createHostedZone({ name: 'example.test', callerReference: 'the same again' });
    await expect(world.zoneIds([dnsName('example.test')])).rejects.toThrow(
      /^2 public hosted zones .*zone_id/,
    );
  });

  it('says when hosted zones cannot be looked up', async () => {
    const facts = worldFacts({ route53: 'http://127.0.0.1:1' });
    const lost = connectLocally('.pawl', facts, { clock: virtualClock() });
    await expect(lost.zoneIds([dnsName('example.test')])).rejects.toThrow(
      /^Route 53 did not list hosted zones/,
    );
    await lost.close();
  });

  it('lets a writer send only what its role may', async () => {
    const { world, zoneId } = await served();
    const scope = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId };
    const writer = zoneWriter(world, 'janitor', scope);
    expect(writer.name).toBe('enactor-a');
    const record = { name: dnsName('www.example.test'), type: 'A', ttl: 60, values: ['192.0.2.1'] };
    const batch = { kind: 'flip', changes: [create(record)], comment: 'not a janitor’s' } as const;
    await expect(writer.zone.change(batch)).rejects.toThrow(/the janitor may not send a flip batch/);
  });
});
