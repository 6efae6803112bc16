import { beforeEach, describe, expect, it } from 'vitest';
import type { WriterRole } from '../../lib/plan/batch-kinds.ts';
import { fenceRecord, NO_PLAN } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { create } from '../../lib/plan/records.ts';
import { guardedZone } from '../../lib/zone/guarded-zone.ts';
import { allRecords } from '../../lib/zone/read-records.ts';
import type { Batch } from '../../lib/zone/zone.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import type { EmulatedWorld } from './emulated-world.ts';
import { emulatedWorld } from './emulated-world.ts';

describe('guardedZone', () => {
  let world: EmulatedWorld;
  let scope: CellScope;
  let fenceBatch: Batch;

  beforeEach(() => {
    world = emulatedWorld(virtualClock());
    scope = { cell: cellName('use1-a'), zone: world.apex, zoneId: world.zoneId };
    const fence = {
      generation: generation(1),
      seq: seq(1),
      plan: NO_PLAN,
      frozen: false,
      ledger: '5be1c07a',
      by: 'enactor-b',
      nonce: 'k3v9q0xw',
    };
    fenceBatch = { kind: 'fence', changes: [create(fenceRecord(fence, scope))], comment: 'first use' };
  });

  const guarded = (role: WriterRole, of = scope) => guardedZone(world.zone, role, of);
  const foreign = create({ name: dnsName('x.example.test'), type: 'TXT', ttl: 60, values: ['"x"'] });

  it('passes on what the role may send, and every read', async () => {
    const zone = guarded('enactor');
    expect(await zone.change(fenceBatch)).toMatchObject({ type: 'accepted' });
    expect((await allRecords(zone)).records).toHaveLength(3);
    expect(zone.id).toBe(world.zoneId);
    expect(await zone.changeStatus('C0NEVERGIVEN')).toBe('unknown');
  });

  const refused: readonly (readonly [string, WriterRole, () => Batch])[] = [
    ['a batch that another role sends', 'janitor', () => fenceBatch],
    [
      'more than the kind may hold',
      'enactor',
      () => ({ ...fenceBatch, changes: [...fenceBatch.changes, foreign] }),
    ],
    ['a batch without a fence', 'enactor', () => ({ ...fenceBatch, changes: [foreign] })],
    ['a scratch batch', 'operator', () => ({ ...fenceBatch, kind: 'scratch' })],
  ];

  it.each(refused)('sends nothing of %s', async (_case, role, batch) => {
    await expect(guarded(role).change(batch())).rejects.toThrow(InvariantViolated);
    expect((await allRecords(world.zone)).records).toHaveLength(2);
  });

  it('sends nothing of a cell that lives in another zone', async () => {
    const elsewhere = guarded('enactor', { ...scope, zoneId: 'Z0ELSEWHERE' });
    await expect(elsewhere.change(fenceBatch)).rejects.toThrow(InvariantViolated);
    expect((await allRecords(world.zone)).records).toHaveLength(2);
  });
});
