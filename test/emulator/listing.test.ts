import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shownName } from '../../lib/emulator/domain-names.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import { a, account, put, refusal, txt, weighted } from './account.ts';

function paged(core: Route53, zoneId: string, maxItems: number): readonly RecordSet[] {
  const all: RecordSet[] = [];
  let page = core.listResourceRecordSets(zoneId, { maxItems });
  for (let pages = 0; pages < 1_000; pages += 1) {
    all.push(...page.records);
    const { next } = page;
    if (next === undefined) return all;
    expect(page.records).toHaveLength(maxItems);
    page = core.listResourceRecordSets(zoneId, {
      maxItems,
      startName: shownName(next.name),
      startType: next.type,
      ...(next.setIdentifier === undefined ? {} : { startIdentifier: next.setIdentifier }),
    });
  }
  throw new Error('The listing does not end.');
}

describe('a listing', () => {
  test('is in the order of reversed labels, dots included, then type, then set identifier', () => {
    const { change, names } = account();
    change(
      put(a('b.example.test', '192.0.2.1')),
      put(a('x.a.example.test', '192.0.2.1')),
      put(a('a-b.example.test', '192.0.2.1')),
      put(txt('a.example.test', 'x')),
      put(weighted('a.example.test', 'two', '192.0.2.1')),
      put(weighted('a.example.test', 'one', '192.0.2.1')),
      put(a('*.example.test', '192.0.2.1')),
      put(a('example.test', '192.0.2.1')),
    );
    expect(names()).toEqual([
      'example.test A',
      '*.example.test A',
      'a-b.example.test A',
      'a.example.test A one',
      'a.example.test A two',
      'a.example.test TXT',
      'x.a.example.test A',
      'b.example.test A',
    ]);
  });

  test('begins at the first record set at or after a name, type and set identifier', () => {
    const { core, zoneId, change } = account();
    change(
      put(weighted('a.example.test', 'one', '192.0.2.1')),
      put(weighted('a.example.test', 'two', '192.0.2.1')),
      put(txt('a.example.test', 'x')),
      put(txt('c.example.test', 'x')),
    );
    const first = (page: Parameters<Route53['listResourceRecordSets']>[1]) => {
      const [record] = core.listResourceRecordSets(zoneId, { ...page, maxItems: 1 }).records;
      return record === undefined ? undefined : recordKey(record).trim();
    };
    expect(first({ startName: 'a.example.test' })).toBe('a.example.test A one');
    expect(first({ startName: 'a.example.test', startType: 'A', startIdentifier: 'onf' })).toBe(
      'a.example.test A two',
    );
    expect(first({ startName: 'a.example.test', startType: 'AAAA' })).toBe('a.example.test TXT');
    expect(first({ startName: 'a.example.test', startType: 'TXT', startIdentifier: 'z' })).toBe(
      'c.example.test TXT',
    );
    expect(first({ startName: 'B.example.test.' })).toBe('c.example.test TXT');
    expect(first({ startName: 'd.example.test' })).toBeUndefined();
  });

  // API reference of ListResourceRecordSets; github.com/aws/aws-sdk-php/issues/1450 for more than the most.
  test('has 100 record sets a page unless asked, and at most 300 whatever is asked for', () => {
    const { core, zoneId, change } = account();
    change(...Array.from({ length: 400 }, (_, index) => put(a(`n${index}.example.test`, '192.0.2.1'))));
    expect(core.listResourceRecordSets(zoneId).records).toHaveLength(100);
    const page = core.listResourceRecordSets(zoneId, { maxItems: 1_000 });
    expect(page.records).toHaveLength(300);
    expect(page.next).toBeDefined();
    expect(paged(core, zoneId, 300)).toEqual(core.records(zoneId));
  });

  test('cannot begin at a type that there is not', () => {
    const { core, zoneId } = account();
    const page = { startName: 'a.example.test', startType: 'AXFR' };
    const { code, message } = refusal(() => core.listResourceRecordSets(zoneId, page));
    expect(code).toBe('InvalidInput');
    expect(message).toMatch(
      /^1 validation error detected: Value 'AXFR' at 'type' failed to satisfy constraint/,
    );
  });

  test('shows what was committed, PENDING or not', () => {
    const { core, zoneId, change, names } = account({ insyncDelayMs: 60_000 });
    change(put(a('new.example.test', '192.0.2.1')));
    expect(names()).toEqual(['new.example.test A']);
    expect(core.listResourceRecordSets(zoneId).records).toEqual(core.records(zoneId));
  });

  test('refuses a type without a name, an identifier without a type, and a page of nothing', () => {
    const { core, zoneId } = account();
    for (const page of [
      { startType: 'A' },
      { startName: 'a.example.test', startIdentifier: 'one' },
      { maxItems: 0 },
      { maxItems: 1.5 },
      { startName: 'a..b' },
    ]) {
      expect(refusal(() => core.listResourceRecordSets(zoneId, page)).code).toBe('InvalidInput');
    }
    expect(refusal(() => core.listResourceRecordSets('ZNONE')).code).toBe('NoSuchHostedZone');
  });

  test('property: pages of any size together are the whole zone', () => {
    const label = fc.constantFrom('*', 'a', 'a-b', 'ab', 'b', '_x', 'n1', 'n10', 'n2');
    const name = fc.array(label, { minLength: 0, maxLength: 3 }).map((labels) => {
      const plain = labels.map((text, index) => (index > 0 && text === '*' ? 'star' : text));
      return [...plain, 'example.test'].join('.');
    });
    const record = fc.oneof(
      name.map((text) => a(text, '192.0.2.1')),
      fc
        .tuple(name, fc.string({ minLength: 1, maxLength: 5 }))
        .map(([text, id]) => ({ ...weighted(text, id, '2001:db8::1'), type: 'AAAA' })),
      name.map((text) => txt(text, 'x')),
    );
    const zone = fc.uniqueArray(record, {
      selector: (one) => `${one.name} ${one.type} ${one.setIdentifier ?? ''}`,
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(zone, fc.integer({ min: 1, max: 12 }), (records, size) => {
        const { core, zoneId, change } = account();
        change(...records.map(put));
        expect(paged(core, zoneId, size)).toEqual(core.records(zoneId));
      }),
      { numRuns: 200 },
    );
  });
});
