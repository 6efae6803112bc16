import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName, isWithin } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import {
  allRecords,
  COUNTED_LISTINGS_MAX,
  countedRecords,
  LISTING_PAGES_MAX,
  recordsAt,
  recordsUnder,
  UntrustworthyListing,
} from '../../lib/zone/read-records.ts';
import type { RecordPage, Zone } from '../../lib/zone/zone.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { emulatedWorld, plant } from './emulated-world.ts';

const txt = (name: string): RecordSet => ({ name: dnsName(name), type: 'TXT', ttl: 60, values: ['"x"'] });
const leaves = (name: string, count: number): RecordSet[] =>
  Array.from({ length: count }, (_, index) => ({
    name: dnsName(name),
    type: 'A',
    ttl: 60,
    values: ['192.0.2.1'],
    setIdentifier: `leaf-${index}`,
    weight: 1,
  }));
const keys = (records: readonly RecordSet[]) => records.map(recordKey).sort();

/** A zone that answers a listing with whatever the test says. */
function scripted(page: (call: number) => RecordPage): Zone {
  let calls = 0;
  const never = async () => {
    throw new Error('only listings are expected');
  };
  return {
    id: 'Z1',
    listRecords: async () => {
      calls += 1;
      return page(calls);
    },
    change: never,
    changeStatus: never,
    describe: never,
  };
}

describe('recordsAt', () => {
  it('reads every type and set identifier of one name in one request', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [txt('a.example.test'), ...leaves('a.example.test', 100), txt('b.a.example.test')]);
    const { records, requests } = await recordsAt(zone, dnsName('a.example.test'));
    expect(records).toHaveLength(101);
    expect(requests).toBe(1);
  });

  it('reads on only while the page ends at the name', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [...leaves('a.example.test', 10), txt('z.example.test')]);
    const at = (pageRecords: number) => recordsAt(zone, dnsName('a.example.test'), pageRecords);
    expect((await at(9)).requests).toBe(2);
    expect((await at(10)).requests).toBe(1);
    expect((await at(4)).records).toHaveLength(10);
  });

  it('finds nothing in one request where nothing stands, also between two names', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [txt('a.example.test'), txt('c.example.test')]);
    expect(await recordsAt(zone, dnsName('b.example.test'))).toEqual({ records: [], requests: 1 });
    expect(await recordsAt(zone, dnsName('x.c.example.test'))).toEqual({ records: [], requests: 1 });
  });

  it('reads a wildcard as a name of its own', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [txt('*.example.test'), txt('a.example.test')]);
    expect(keys((await recordsAt(zone, dnsName('*.example.test'))).records)).toEqual(['*.example.test TXT ']);
  });
});

describe('recordsUnder', () => {
  it('is complete for any names and any page size, because a subtree is one run', async () => {
    // Characters on both sides of the dot (46) in ASCII: `*` and `-` come before it, the rest after.
    const label = fc.stringMatching(/^[a01_-]{1,2}$/);
    const names = fc.uniqueArray(
      fc
        .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
        .map(([wild, labels]) => dnsName(`${wild ? '*.' : ''}${labels.join('.')}.example.test`)),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(names, fc.nat(), fc.integer({ min: 1, max: 9 }), async (all, pick, pageRecords) => {
        const { zone } = emulatedWorld(virtualClock());
        await plant(zone, all.map(txt));
        const suffix = all[pick % all.length] as DnsName;
        const expected = all.filter((name) => isWithin(name, suffix)).map(txt);
        const { records } = await recordsUnder(zone, suffix, pageRecords);
        expect(keys(records)).toEqual(keys(expected));
      }),
      { numRuns: 150 },
    );
  });

  it('takes one request a page, and none for what lies outside', async () => {
    const { zone } = emulatedWorld(virtualClock());
    const inside = Array.from({ length: 600 }, (_, index) => txt(`n${index}.sub.example.test`));
    const outside = Array.from({ length: 600 }, (_, index) => txt(`n${index}.tub.example.test`));
    await plant(zone, [...inside, ...outside]);
    const { records, requests } = await recordsUnder(zone, dnsName('sub.example.test'));
    expect(records).toHaveLength(600);
    expect(requests).toBe(2);
  });

  it('refuses a listing that is out of order, because it may have left something out', async () => {
    const records = [txt('a.example.test'), txt('b.example.test'), txt('c.a.example.test')];
    const zone = scripted(() => ({ records }));
    await expect(recordsUnder(zone, dnsName('a.example.test'))).rejects.toThrow(UntrustworthyListing);
  });

  const [one, two] = leaves('b.example.test', 2) as [RecordSet, RecordSet];
  const text = txt('b.example.test');
  it.each([
    ['a record twice across a page of a weighted set', [one, two], [two], 'stands there twice'],
    ['a type again after another one', [one, text], [two], 'comes up again after another type'],
    ['a name that comes before the last one', [text], [txt('a.example.test')], 'a.example.test follows'],
    ['the run before its own name', [txt('z.example.test')], [txt('example.test')], 'example.test follows'],
  ])('refuses %s', async (_what, first, second, words) => {
    const next = { name: dnsName('b.example.test'), type: 'A' };
    const zone = scripted((call) => (call === 1 ? { records: first, next } : { records: second }));
    await expect(recordsUnder(zone, dnsName('example.test'))).rejects.toThrow(words);
  });

  it.each([
    ['as itself', ['example.test', '\\041.example.test', '*.example.test', '0.example.test']],
    [
      'as it is written',
      ['example.test', '0.example.test', '\\041.example.test', '*.example.test', '_.example.test'],
    ],
    ['the wildcard alone as itself', ['*.example.test', '0.example.test', '\\041.example.test']],
  ])('believes an order of unusual octets, each %s', async (_what, names) => {
    const zone = scripted(() => ({ records: names.map(txt) }));
    expect((await recordsUnder(zone, dnsName('example.test'))).records).toHaveLength(names.length);
  });

  it('refuses a listing that changes its order on the way', async () => {
    const names = ['\\041.example.test', '0.example.test', '\\042.example.test'];
    const zone = scripted(() => ({ records: names.map(txt) }));
    await expect(recordsUnder(zone, dnsName('example.test'))).rejects.toThrow(UntrustworthyListing);
  });

  it('refuses a listing that does not move on', async () => {
    const zone = scripted(() => ({ records: [], next: { name: dnsName('a.example.test') } }));
    await expect(recordsUnder(zone, dnsName('a.example.test'))).rejects.toThrow('again and again');
  });

  it('refuses a listing that never ends', async () => {
    let calls = 0;
    const zone = scripted((call) => {
      calls = call;
      return { records: [], next: { name: dnsName(`n${call}.a.example.test`) } };
    });
    await expect(recordsUnder(zone, dnsName('a.example.test'))).rejects.toThrow(UntrustworthyListing);
    expect(calls).toBe(LISTING_PAGES_MAX);
  });
});

describe('allRecords', () => {
  it('reads the whole zone, apex included, and counts every request', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [txt('example.test'), txt('a-b.example.test'), txt('*.example.test')]);
    const { records, requests } = await allRecords(zone);
    expect(records.map(({ type }) => type).sort()).toEqual(['NS', 'SOA', 'TXT', 'TXT', 'TXT']);
    expect(requests).toBe(2);
  });
});

describe('countedRecords', () => {
  const APEX = dnsName('example.test');
  /** The zone with another count at each look; the last one stays. */
  const counting = (zone: Zone, ...counts: readonly number[]): Zone => {
    let looks = 0;
    return {
      ...zone,
      describe: async () => {
        looks += 1;
        return { ...(await zone.describe()), recordCount: counts[Math.min(looks, counts.length) - 1] ?? 0 };
      },
    };
  };

  it('costs one request more than the listing where nobody writes', async () => {
    const { zone } = emulatedWorld(virtualClock());
    await plant(zone, [txt('a.example.test')]);
    expect(await countedRecords(zone, APEX)).toMatchObject({ requests: 2, records: { length: 3 } });
  });

  it('believes a listing that has the count before it or after it, because somebody may write meanwhile', async () => {
    const { zone } = emulatedWorld(virtualClock());
    expect(await countedRecords(counting(zone, 2, 7), APEX)).toMatchObject({ requests: 2 });
    expect(await countedRecords(counting(zone, 7, 2), APEX)).toMatchObject({ requests: 3 });
    expect(await countedRecords(counting(zone, 7, 8, 2), APEX)).toMatchObject({ requests: 5 });
  });

  it('refuses a zone that goes on counting more than it lists, or less', async () => {
    const { zone } = emulatedWorld(virtualClock());
    for (const count of [1, 3])
      await expect(countedRecords(counting(zone, count), APEX)).rejects.toThrow(
        `lists 2 records and counts ${count}, in ${COUNTED_LISTINGS_MAX} listings`,
      );
  });
});
