import { describe, expect, test } from 'vitest';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { Batch } from '../../lib/zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../lib/zone/zone.ts';
import { account } from './account.ts';

const record = (name: string): RecordSet => ({
  name: dnsName(name),
  type: 'A',
  ttl: 60,
  values: ['192.0.2.1'],
});
const batch = (...changes: Batch['changes']): Batch => ({ kind: 'scratch', changes, comment: 'a test' });

describe('the zone port on the emulator', () => {
  test('describes the zone', async () => {
    const { core, zoneId } = account();
    const zone = emulatedZone(core, zoneId);
    expect(zone.id).toBe(zoneId);
    expect(await zone.describe()).toEqual({
      id: zoneId,
      name: 'example.test',
      recordCount: 2,
      private: false,
    });
  });

  test('changes, and distinguishes an accepted batch from a rejected one', async () => {
    const { core, zoneId, names } = account({ insyncDelayMs: 10 });
    const zone = emulatedZone(core, zoneId);
    const accepted = await zone.change(batch(create(record('x.example.test'))));
    if (accepted.type !== 'accepted') throw new Error('The batch was not accepted.');
    expect(await zone.changeStatus(accepted.changeId)).toBe('pending');
    core.settle(accepted.changeId);
    expect(await zone.changeStatus(accepted.changeId)).toBe('insync');
    expect(await zone.changeStatus('CNONE')).toBe('unknown');
    expect(await zone.change(batch(create(record('x.example.test'))))).toEqual({
      type: 'rejected',
      reason:
        "InvalidChangeBatch: [Tried to create resource record set [name='x.example.test.', type='A'] but it already exists]",
    });
    expect((await zone.change(batch(remove(record('x.example.test'))))).type).toBe('accepted');
    expect(names()).toEqual([]);
  });

  test('lists pages that follow each other', async () => {
    const { core, zoneId } = account();
    const zone = emulatedZone(core, zoneId);
    await zone.change(batch(create(record('*.example.test')), create(record('y.example.test'))));
    const first = await zone.listRecords({ name: dnsName('example.test') }, 3);
    expect(first.records.map(({ name }) => name)).toEqual(['example.test', 'example.test', '*.example.test']);
    if (first.next === undefined) throw new Error('There is no next page.');
    expect(first.next).toEqual({ name: 'y.example.test', type: 'A' });
    const second = await zone.listRecords(first.next, 300);
    expect(second).toEqual({ records: [record('y.example.test')] });
  });

  test('throws what the port says for a rate that is used up and for a zone that is not there', async () => {
    const { core, zoneId } = account();
    core.configure({ throttle: { burst: 1, perSecond: 0.001 } });
    const zone = emulatedZone(core, zoneId);
    await zone.describe();
    for (const call of [
      () => zone.describe(),
      () => zone.change(batch(create(record('x.example.test')))),
      () => zone.changeStatus('C1'),
      () => zone.listRecords({ name: dnsName('example.test') }, 1),
    ]) {
      await expect(call()).rejects.toThrow(ZoneUnavailable);
    }
    await expect(emulatedZone(account().core, 'ZNONE').describe()).rejects.toThrow(ZoneNotFound);
  });
});
