import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../lib/doctor/examine.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, recordKey, remove } from '../../lib/plan/records.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { allRecords, recordsAt, recordsUnder } from '../../lib/zone/read-records.ts';
import type { RecordPosition, Zone } from '../../lib/zone/zone.ts';
import { ZoneNotFound } from '../../lib/zone/zone.ts';
import { seededRandomness } from '../runtime/virtual-clock.ts';
import { plant } from '../zone/emulated-world.ts';

/** An adapter of the zone port over an empty hosted zone, example.test, and what a test needs around it. */
export interface ZoneUnderContract {
  readonly zone: Zone;
  /** The same adapter for a hosted zone that does not exist. */
  readonly missing: Zone;
  readonly core: Route53;
  readonly clock: Clock;
  close(): Promise<void>;
}

const at = (labels: string): DnsName => dnsName(`${labels}.example.test`);
const txt = (labels: string, ...values: readonly string[]): RecordSet => ({
  name: at(labels),
  type: 'TXT',
  ttl: 60,
  values: values.length === 0 ? ['"x"'] : values,
});
const a = (labels: string, ...values: readonly string[]): RecordSet => ({
  name: at(labels),
  type: 'A',
  ttl: 60,
  values: values.length === 0 ? ['192.0.2.1'] : values,
});
const leaf = (labels: string, setIdentifier: string, weight = 1): RecordSet => ({
  ...a(labels),
  setIdentifier,
  weight,
});

/** What every adapter of the port must do; each line of it is something that a workflow rests on. */
export function zoneContract(adapter: string, open: () => Promise<ZoneUnderContract>): void {
  describe(`the zone port as ${adapter}`, () => {
    let world: ZoneUnderContract;
    let zone: Zone;

    beforeEach(async () => {
      world = await open();
      ({ zone } = world);
    });
    afterEach(() => world.close());

    const send = (...changes: readonly Change[]) =>
      zone.change({ kind: 'scratch', changes, comment: 'contract' });
    const list = async (suffix: DnsName) => (await recordsUnder(zone, suffix)).records;

    it('describes the zone', async () => {
      expect(await zone.describe()).toEqual({
        id: zone.id,
        name: 'example.test',
        recordCount: 2,
        private: false,
      });
      await plant(zone, [txt('a'), txt('b')]);
      expect((await zone.describe()).recordCount).toBe(4);
    });

    it('says of every verb that there is no such zone', async () => {
      const { missing } = world;
      await expect(missing.describe()).rejects.toThrow(ZoneNotFound);
      await expect(missing.listRecords({ name: at('a') }, 1)).rejects.toThrow(ZoneNotFound);
      const batch = { kind: 'scratch' as const, changes: [create(txt('a'))], comment: 'contract' };
      await expect(missing.change(batch)).rejects.toThrow(ZoneNotFound);
    });

    it('gives every kind of record back as it was made', async () => {
      const records: readonly RecordSet[] = [
        txt('text', '"with <xml> & \\"quotes\\", \'and\' more"', '"two" "strings"', `"${'x'.repeat(255)}"`),
        txt('blank', '"  spaces around  "'),
        { ...a('many', '192.0.2.1', '192.0.2.2', '192.0.2.3'), ttl: 0 },
        { name: at('six'), type: 'AAAA', ttl: 2_147_483_647, values: ['2001:db8::1'] },
        { name: at('canonical'), type: 'CNAME', ttl: 60, values: ['www.example.com.'] },
        { name: at('mail'), type: 'MX', ttl: 300, values: ['10 mail.example.com.'] },
        a('*.wild'),
        leaf('weighted', 'a', 0),
        leaf('weighted', 'b <&> c', 255),
        { ...a('latency'), setIdentifier: 'eu', routing: { Region: 'eu-west-1' } },
        { ...a('failover'), setIdentifier: 'one', routing: { Failover: 'PRIMARY' } },
        { ...a('geo'), setIdentifier: 'us', routing: { GeoLocation: { CountryCode: 'US' } } },
        { ...a('multi'), setIdentifier: 'm', routing: { MultiValueAnswer: true } },
        {
          name: at('balanced'),
          type: 'A',
          alias: {
            zoneId: 'Z35SXDOTRQ7X7K',
            name: dnsName('dualstack.shop-1-1234567890.us-east-1.elb.amazonaws.com'),
            evaluateTargetHealth: true,
          },
        },
        {
          name: at('zz-root'),
          type: 'A',
          alias: { zoneId: zone.id, name: at('many'), evaluateTargetHealth: false },
        },
      ];
      await plant(zone, records);
      const under = (await list(dnsName('example.test'))).filter(({ name }) => name !== 'example.test');
      const byKey = (all: readonly RecordSet[]) =>
        Object.fromEntries(all.map((record) => [recordKey(record), record]));
      expect(byKey(under)).toEqual(byKey(records));
      // What was read is what an exact DELETE must name, whoever made it.
      const aliasesFirst = [...under].sort(
        (x, y) => Number(y.alias !== undefined) - Number(x.alias !== undefined),
      );
      expect(await send(...aliasesFirst.map(remove))).toMatchObject({ type: 'accepted' });
      expect((await allRecords(zone)).records).toHaveLength(2);
    });

    it('lists from the start, inclusive, at most the limit, and says where to go on', async () => {
      await plant(zone, [txt('a'), leaf('b', 'one'), leaf('b', 'two'), txt('b'), txt('c'), txt('*.c')]);
      const page = async (start: RecordPosition, limit: number) => {
        const { records, next } = await zone.listRecords(start, limit);
        return { keys: records.map(recordKey), next };
      };
      expect(await page({ name: at('a') }, 2)).toEqual({
        keys: ['a.example.test TXT ', 'b.example.test A one'],
        next: { name: 'b.example.test', type: 'A', setIdentifier: 'two' },
      });
      const start = { name: at('b'), type: 'A', setIdentifier: 'two' };
      expect(await page(start, 2)).toEqual({
        keys: ['b.example.test A two', 'b.example.test TXT '],
        next: { name: 'c.example.test', type: 'TXT' },
      });
      expect(await page({ name: at('c') }, 300)).toEqual({
        keys: ['c.example.test TXT ', '*.c.example.test TXT '],
        next: undefined,
      });
      expect(await page({ name: at('*.c') }, 1)).toEqual({
        keys: ['*.c.example.test TXT '],
        next: undefined,
      });
      expect(await page({ name: at('bb') }, 1)).toMatchObject({ keys: ['c.example.test TXT '] });
    });

    it('reads a name in one request and a subtree in one request a page', async () => {
      const leaves = Array.from({ length: 100 }, (_, index) => leaf('tree', `leaf-${index}`));
      const others = Array.from({ length: 500 }, (_, index) => txt(`n${index}.sub`));
      await plant(zone, [...leaves, ...others]);
      expect(await recordsAt(zone, at('tree'))).toMatchObject({ requests: 1 });
      expect((await recordsAt(zone, at('tree'))).records).toHaveLength(100);
      const sub = await recordsUnder(zone, at('sub'));
      expect(sub.requests).toBe(2);
      expect(sub.records).toHaveLength(500);
    });

    it('replaces a fence only for whoever read it as it stands', async () => {
      await plant(zone, [txt('fence', '"one"')]);
      const swap = (from: string, to: string, load: string) =>
        send(remove(txt('fence', from)), create(txt('fence', to)), create(txt(load)));
      expect(await swap('"one"', '"two"', 'won')).toMatchObject({ type: 'accepted' });
      expect(await swap('"one"', '"three"', 'lost')).toMatchObject({ type: 'rejected' });
      expect((await recordsAt(zone, at('fence'))).records).toEqual([txt('fence', '"two"')]);
      expect(await list(at('lost'))).toEqual([]);
      expect(await list(at('won'))).toHaveLength(1);
    });

    it('rejects a batch over the limits and takes one at them', async () => {
      const many = (count: number) => Array.from({ length: count }, (_, index) => create(txt(`n${index}`)));
      expect(await send(...many(1_001))).toMatchObject({ type: 'rejected' });
      expect((await zone.describe()).recordCount).toBe(2);
      expect(await send(...many(1_000))).toMatchObject({ type: 'accepted' });
    });

    it('tells when a change is everywhere, and that it does not know one', async () => {
      world.core.configure({ insyncDelayMs: 30_000 });
      const outcome = await send(create(txt('a')));
      if (outcome.type !== 'accepted') throw new Error(outcome.reason);
      expect(outcome.changeId).not.toContain('/');
      expect(await zone.changeStatus(outcome.changeId)).toBe('pending');
      // Listings show what is pending.
      expect(await list(at('a'))).toHaveLength(1);
      await world.clock.sleep(30_000);
      expect(await zone.changeStatus(outcome.changeId)).toBe('insync');
      expect(await zone.changeStatus('C0NEVERGIVEN')).toBe('unknown');
    });

    it('passes the examination of the doctor', async () => {
      const report = await examine({ zone, clock: world.clock, randomness: seededRandomness() });
      expect(report.checks.filter(({ result }) => result !== 'holds')).toEqual([]);
      expect(report.verdict).toBe('safe');
      expect((await allRecords(zone)).records).toHaveLength(2);
    });
  });
}
