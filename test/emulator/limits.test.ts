import { describe, expect, test } from 'vitest';
import type { RequestedRecord } from '../../lib/emulator/requested-changes.ts';
import { a, account, alias, drop, put, txt, upsert, weighted } from './account.ts';

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

describe('a batch', () => {
  test('holds 1,000 elements and not one more', () => {
    const { change, refused, names } = account();
    const values = (count: number) => many(count, address);
    const wide = (name: string, count: number) => put({ name, type: 'A', ttl: 1, values: values(count) });
    expect(
      refused(
        'InvalidChangeBatch',
        wide('a.example.test', 400),
        wide('b.example.test', 400),
        wide('c.example.test', 201),
      ).message,
    ).toBe('[Number of records limit of 1000 exceeded.]');
    change(wide('a.example.test', 400), wide('b.example.test', 400), wide('c.example.test', 200));
    expect(names()).toHaveLength(3);
  });

  test('counts an UPSERT twice and an alias once', () => {
    const { change, refused } = account();
    const upserts = many(500, (index) => upsert(a(`n${index}.example.test`, '192.0.2.1')));
    const elb = put(
      alias('r.example.test', 'Z35SXDOTRQ7X7K', 'shop-1-1234567890.us-east-1.elb.amazonaws.com'),
    );
    expect(refused('InvalidChangeBatch', ...upserts, elb).message).toContain('limit of 1000');
    change(...upserts);
    change(elb);
  });

  test('holds 32,000 characters of values, quotes included, and not one more', () => {
    const { change, refused } = account();
    // 253 characters and two quotes, 125 times: 31,875; then 125 more.
    const long = many(125, (index) => put(txt(`n${index}.example.test`, 'x'.repeat(253))));
    expect(refused('InvalidChangeBatch', ...long, put(txt('m.example.test', 'y'.repeat(124)))).message).toBe(
      '[RDATA character limit of 32000 exceeded.]',
    );
    change(...long, put(txt('m.example.test', 'y'.repeat(123))));
    expect(
      refused('InvalidChangeBatch', ...long.slice(0, 63).map(({ record }) => upsert(record))).message,
    ).toContain('32000');
  });

  test('holds at least one change, and a comment of at most 256 characters', () => {
    const { core, zoneId, refused } = account();
    refused('InvalidInput');
    const changes = [put(a('x.example.test', '192.0.2.1'))];
    expect(() => core.changeResourceRecordSets(zoneId, { changes, comment: 'c'.repeat(257) })).toThrow('256');
    core.changeResourceRecordSets(zoneId, { changes, comment: 'c'.repeat(256) });
  });
});

describe('a record set', () => {
  test('holds 400 values, and none twice', () => {
    const { refused } = account();
    const values = many(401, address);
    expect(refused('InvalidChangeBatch', put(a('x.example.test', '', { values }))).message).toContain(
      'Cannot have more than 400 records in a RRSet.',
    );
    expect(
      refused('InvalidChangeBatch', put(a('x.example.test', '', { values: ['192.0.2.1', '192.0.2.1'] })))
        .message,
    ).toBe("[Duplicate Resource Record: '192.0.2.1']");
  });

  const plain = a('x.example.test', '192.0.2.1');
  test.each<[string, RequestedRecord]>([
    ['a weight above 255', weighted('x.example.test', 'one', '192.0.2.1', 256)],
    ['a weight below 0', weighted('x.example.test', 'one', '192.0.2.1', -1)],
    ['an empty set identifier', weighted('x.example.test', '', '192.0.2.1')],
    ['a set identifier of 129 characters', weighted('x.example.test', 'i'.repeat(129), '192.0.2.1')],
    ['a weight without a set identifier', { ...plain, weight: 1 }],
    ['a set identifier without a routing policy', { ...plain, setIdentifier: 'one' }],
    ['two routing policies', { ...plain, setIdentifier: 'one', weight: 1, routing: { Region: 'us-east-1' } }],
    ['a negative TTL', { ...plain, ttl: -1 }],
    ['a TTL above 2^31-1', { ...plain, ttl: 2 ** 31 }],
    ['no values', { ...plain, values: [] }],
    ['no TTL', { name: 'x.example.test', type: 'A', values: ['192.0.2.1'] }],
    ['an alias with a TTL', { ...alias('x.example.test', 'ZELB', 'lb.amazonaws.com'), ttl: 60 }],
    ['a type that does not exist', { ...plain, type: 'ANY' }],
    ['a value of 4,001 characters', txt('x.example.test', 'v'.repeat(3_999))],
  ])('is refused with %s', (_what, record) => {
    const { refused, names } = account();
    refused('InvalidInput', put(record));
    expect(names()).toEqual([]);
  });

  test('may have weight 0 and 255, a set identifier of 128 characters, and TTL 0', () => {
    const { change, names } = account();
    change(
      put({ ...weighted('x.example.test', 'i'.repeat(128), '192.0.2.1', 255), ttl: 0 }),
      put({ ...weighted('x.example.test', 'i', '192.0.2.1', 0), ttl: 0 }),
    );
    expect(names()).toHaveLength(2);
  });

  // github.com/aws/aws-sdk-go-v2/issues/518 and github.com/hashicorp/terraform/issues/16389
  test('shares its TTL with the others of its weighted set', () => {
    const { change, refused } = account();
    const [one, two] = [
      weighted('x.example.test', 'one', '192.0.2.1'),
      weighted('x.example.test', 'two', '192.0.2.2'),
    ];
    change(put(one), put(two));
    const words =
      '[RRSet with DNS name x.example.test. and type A, SetIdentifier two cannot be created as weighted sets must contain the same TTL.]';
    expect(refused('InvalidChangeBatch', upsert({ ...two, ttl: 61 })).message).toBe(words);
    expect(refused('InvalidChangeBatch', drop(two), put({ ...two, ttl: 61 })).message).toBe(words);
    change(drop(one), drop(two), put({ ...one, ttl: 61 }), put({ ...two, ttl: 61 }));
    change(put({ name: 'y.example.test', type: 'A', ttl: 5, values: ['192.0.2.1'] }));
    change(put({ ...alias('x.example.test', 'Z1', 'y.example.test'), setIdentifier: 'three', weight: 1 }));
  });

  test('that a traffic policy made says by which, and has nothing besides unless it is deleted', () => {
    const { change, refused, core, zoneId } = account();
    const routing = { TrafficPolicyInstanceId: '5f6a2b1e-0000-4000-8000-000000000001' };
    const made = { name: 'p.example.test', type: 'A', routing };
    expect(refused('InvalidInput', put({ ...made, ttl: 60, values: ['192.0.2.1'] })).message).toContain(
      'or TrafficPolicyInstanceId], but found more than one',
    );
    change(put(made));
    expect(core.records(zoneId).find(({ name }) => name === 'p.example.test')).toMatchObject({ routing });
    change(drop(made));
  });
});

test('a name and type hold 30 geoproximity record sets, and 100 of another policy', () => {
  const { change, refused } = account();
  const routed = (name: string, index: number, routing: Readonly<Record<string, unknown>>) => ({
    ...{ name, type: 'A', ttl: 60, values: [address(index)], setIdentifier: `s${index}` },
    routing,
  });
  const point = (index: number) =>
    routed('p.example.test', index, {
      GeoProximityLocation: { Coordinates: { Latitude: `${index}`, Longitude: '0' } },
    });
  change(...many(30, (index) => put(point(index))));
  expect(refused('InvalidChangeBatch', put(point(30))).message).toBe(
    '[Exceeded limit on number of geoproximity RRSets for p.example.test., type A in this zone.]',
  );
  const value = (index: number) => routed('m.example.test', index, { MultiValueAnswer: true });
  change(...many(100, (index) => put(value(index))));
  expect(refused('InvalidChangeBatch', put(value(100))).message).toContain('number of multivalue RRSets');
});

test('a name and type hold 100 weighted record sets', () => {
  const { change, refused } = account();
  change(...many(100, (index) => put(weighted('w.example.test', `s${index}`, address(index)))));
  expect(refused('InvalidChangeBatch', put(weighted('w.example.test', 's100', '192.0.2.1'))).message).toBe(
    '[Exceeded limit on number of weighted RRSets for w.example.test., type A in this zone.]',
  );
  change(
    drop(weighted('w.example.test', 's0', address(0))),
    put(weighted('w.example.test', 's100', '192.0.2.1')),
  );
});

test('a zone holds as many record sets as its limit, and a full one can still be changed and emptied', () => {
  const { change, refused, zoneId } = account({ recordLimit: 4 });
  const [first, second, third] = many(3, (index) => a(`n${index}.example.test`, '192.0.2.1'));
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few');
  change(put(first), put(second));
  expect(refused('InvalidChangeBatch', put(third)).message).toBe(
    `[Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${zoneId}]`,
  );
  change(drop(first), put(third));
  change(drop(second), drop(third));
});
