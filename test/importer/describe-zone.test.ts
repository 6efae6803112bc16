import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { imported, sharesOfLeaves, sharesOfRecords } from '../support/imported.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };
const ELB = { zoneId: 'Z35SXDOTRQ7X7K', name: dnsName('dualstack.shop-1.us-east-1.elb.amazonaws.com') };

function record(name: string, type: string, more: Partial<RecordSet>): RecordSet {
  return { name: dnsName(name), type, ...(more.alias === undefined ? { ttl: 300 } : {}), ...more };
}

function weighted(name: string, key: string, weight: number, more: Partial<RecordSet>): RecordSet {
  return record(name, 'A', { setIdentifier: key, weight, ...more });
}

describe('a zone that can be described', () => {
  it('becomes a file that a person can read and own', () => {
    const { yaml, unexpressed } = imported(
      [
        record('example.com', 'A', { values: ['192.0.2.2', '192.0.2.1'] }),
        record('example.com', 'AAAA', { values: ['2001:DB8::1'], ttl: 60 }),
        record('example.com', 'MX', { values: ['10 mail.example.com.'] }),
        record('example.com', 'NS', { values: ['ns.example.net.'] }),
        record('example.com', 'SOA', {
          values: ['ns.example.net. me.example.com. 1 7200 900 1209600 86400'],
        }),
        weighted('api.example.com', 'Blue Green!', 90, { values: ['192.0.2.10'], healthCheckId: 'abc-1' }),
        weighted('api.example.com', 'canary', 10, { values: ['192.0.2.11'] }),
        weighted('api.example.com', 'old', 0, { values: ['192.0.2.12'] }),
        record('*.apps.example.com', 'CNAME', { values: ['lb.example.net.'] }),
        record('shop.example.com', 'A', { alias: { ...ELB, evaluateTargetHealth: true } }),
        record('shop.example.com', 'AAAA', { alias: { ...ELB, evaluateTargetHealth: true } }),
      ],
      ZONE,
    );
    expect(unexpressed).toEqual([
      {
        name: 'example.com',
        type: 'MX',
        reason:
          'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them',
      },
    ]);
    expect(yaml).toMatchInlineSnapshot(`
      "# What the hosted zone example.com (Z0123456789ABCDEFGHIJ) answers with: 4 names. Made by "pawl import".
      #
      # Read it, change what you like, then:
      #   pawl fleet push FILE      hands it to the planner; nothing changes in the zone yet
      #   pawl adopt NAME           once a name: what stands there is Pawl's to replace
      # The next flip then puts roots in the place of all of them at once.
      #
      # A zone does not know availability zones: every az is "unknown" here. Give each target its own, so that one can
      # be evacuated. Capacities are the weights that the records had; any unit will do.

      version: 1
      cells:
        example-com:
          zone: example.com
          zone_id: Z0123456789ABCDEFGHIJ
          targets:
            apex: { az: unknown, capacity: 1, ipv4: [192.0.2.2, 192.0.2.1], ipv6: '2001:DB8::1' }
            api-blue-green: { az: unknown, capacity: 90, ipv4: 192.0.2.10, health_check_id: 'abc-1' } # set identifier "Blue Green!"
            api-canary: { az: unknown, capacity: 10, ipv4: 192.0.2.11 }
            api-old: { az: unknown, capacity: 1, health: unhealthy, ipv4: 192.0.2.12 } # weight 0: it gets no traffic
            any-apps: { az: unknown, capacity: 1, hostname: 'lb.example.net.' }
            shop: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: dualstack.shop-1.us-east-1.elb.amazonaws.com, evaluate_target_health: true } }
          endpoints:
            # its records have TTLs of 60, 300 s: this is the shortest
            example.com:
              kind: addresses
              families: [A, AAAA]
              ttl_s: 60
              targets: [apex]
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 300
              targets: [api-blue-green, api-canary, api-old]
            '*.apps.example.com':
              kind: hostname
              ttl_s: 300
              targets: [any-apps]
            shop.example.com:
              kind: alias
              families: [A, AAAA]
              targets: [shop]

      # Not in this file, and left as it is:
      #   example.com MX: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them
      "
    `);
  });

  it('answers with the shares that it had, whatever its records are called', () => {
    const records = [
      weighted('api.example.com', 'one', 200, { values: ['192.0.2.1'] }),
      weighted('api.example.com', 'One', 1, { values: ['192.0.2.2'] }),
      weighted('api.example.com', 'ONE!', 3, { values: ['192.0.2.3'] }),
      { ...weighted('api.example.com', 'one', 2, { values: ['2001:db8::1'] }), type: 'AAAA' },
      { ...weighted('api.example.com', 'two', 4, { values: ['2001:db8::2'] }), type: 'AAAA' },
    ];
    const { planned, fleets } = imported(records, ZONE);
    const api = planned.get(dnsName('api.example.com'));
    if (api === undefined) throw new Error('api is not described');
    for (const type of ['A', 'AAAA']) {
      const before = sharesOfRecords(records.filter((each) => each.type === type));
      const after = sharesOfLeaves(api, type);
      expect(after.map(([answer]) => answer)).toEqual(before.map(([answer]) => answer));
      for (const [index, [, share]] of before.entries()) expect(after[index]?.[1]).toBeCloseTo(share, 2);
    }
    expect(fleets[0]?.targets.map(({ id }) => id)).toEqual([
      'api-one-v4',
      'api-one-v4-2',
      'api-one-v4-3',
      'api-one-v6',
      'api-two-v6',
    ]);
  });

  it('makes one target of what is one in both families', () => {
    const both = ['A', 'AAAA'].flatMap((type) =>
      ['blue', 'green'].map(
        (key, index): RecordSet => ({
          ...weighted('api.example.com', key, 1 + index, {
            values: [type === 'A' ? `192.0.2.${index}` : `2001:db8::${index}`],
          }),
          type,
        }),
      ),
    );
    const { fleets } = imported(both, ZONE);
    expect(fleets[0]?.targets).toMatchObject([
      { id: 'api-blue', capacity: 1, ipv4: ['192.0.2.0'], ipv6: ['2001:db8::'] },
      { id: 'api-green', capacity: 2, ipv4: ['192.0.2.1'], ipv6: ['2001:db8::1'] },
    ]);
  });

  it('takes weights that are all 0 for equal, as Route 53 does', () => {
    const records = ['a', 'b'].map((key, index) =>
      weighted('api.example.com', key, 0, { values: [`192.0.2.${index}`] }),
    );
    const { planned } = imported(records, ZONE);
    const leaves = planned.get(dnsName('api.example.com'))?.leaves ?? [];
    expect(leaves.map(({ weight }) => weight)).toEqual([255, 255]);
  });

  it('can be a few of its names, in a cell of another name', () => {
    const records = ['a', 'b', 'c'].map((label) =>
      record(`${label}.example.com`, 'A', { values: ['192.0.2.1'] }),
    );
    const options = { cell: cellName('use1-a'), names: [dnsName('a.example.com'), dnsName('c.example.com')] };
    const { cells, unexpressed } = imported(records, ZONE, options);
    expect(cells).toEqual([{ cell: 'use1-a', endpoints: ['a.example.com', 'c.example.com'] }]);
    expect(unexpressed).toEqual([]);
  });

  it('has as many cells as its names need, each with a name that fits', () => {
    const records = Array.from({ length: 250 }, (_, index) =>
      record(`host-${index}.example.com`, 'A', { values: ['192.0.2.1'] }),
    );
    const { cells } = imported(records, { ...ZONE, name: ZONE.name });
    expect(cells.map(({ cell, endpoints }) => [cell, endpoints.length])).toEqual([
      ['example-com', 120],
      ['example-com-2', 120],
      ['example-com-3', 10],
    ]);
    const cell = cellName('a-cell-with-a-name-of-32-letters');
    expect(imported(records, ZONE, { cell }).cells.map((each) => each.cell)).toEqual([
      cell,
      'a-cell-with-a-name-of-32-let-2',
      'a-cell-with-a-name-of-32-let-3',
    ]);
  });

  it('is no file when there is nothing to describe', () => {
    const { yaml, cells } = imported([record('example.com', 'TXT', { values: ['"hello"'] })], ZONE);
    expect(cells).toEqual([]);
    expect(yaml).toBeUndefined();
  });
});

describe('what cannot be described is listed with the reason', () => {
  const reasons = (...records: readonly RecordSet[]) => {
    const { unexpressed, planned } = imported(records, ZONE);
    expect([...planned.keys()]).toEqual([]);
    return unexpressed.map(({ type, reason }) => `${type}: ${reason}`);
  };
  const name = 'api.example.com';
  const values = ['192.0.2.1'];

  it.each([
    ['SomethingNew', 1, 'it is routed by the policy SomethingNew, which no fleet file can say'],
    [
      'GeoProximityLocation',
      { LocalZoneGroup: 'us-east-1-bos-1' },
      'it is routed by geoproximity in a way that no fleet file can say ({"LocalZoneGroup":"us-east-1-bos-1"})',
    ],
    [
      'TrafficPolicyInstanceId',
      'abc',
      'a traffic policy made it: give the document of the policy to --traffic-policy',
    ],
  ])('routing by %s', (field, value, reason) => {
    const routed = record(name, 'A', { values, setIdentifier: 'one', routing: { [field]: value } });
    expect(reasons(routed, { ...routed, setIdentifier: 'two' })).toEqual([`A: ${reason}`]);
  });

  it('a record beside one that cannot be described', () => {
    const routed = record(name, 'AAAA', {
      values: ['2001:db8::1'],
      setIdentifier: 'one',
      routing: { SomethingNew: 1 },
    });
    expect(reasons(record(name, 'A', { values }), routed)).toEqual([
      'AAAA: it is routed by the policy SomethingNew, which no fleet file can say',
      "A: an endpoint is all of a name's addresses, and its AAAA record cannot be described",
    ]);
  });

  it('addresses beside an alias, and aliases that differ between the families', () => {
    const alias = { ...ELB, evaluateTargetHealth: false };
    expect(reasons(record(name, 'A', { values }), record(name, 'AAAA', { alias }))).toEqual([
      'A: some of its records are aliases and some hold addresses, and an endpoint is one or the other',
      'AAAA: some of its records are aliases and some hold addresses, and an endpoint is one or the other',
    ]);
    const other = { ...alias, name: dnsName('another.us-east-1.elb.amazonaws.com') };
    expect(reasons(record(name, 'A', { alias }), record(name, 'AAAA', { alias: other }))[0]).toBe(
      'A: its A and AAAA records are not aliases of the same, and a target of aliases answers in both',
    );
  });

  it('an alias of type CNAME', () => {
    const alias = { zoneId: ZONE.id, name: dnsName('www.example.com'), evaluateTargetHealth: false };
    expect(reasons(record(name, 'CNAME', { alias }))).toEqual([
      'CNAME: it is an alias of type CNAME, and a target has a hostname of its own',
    ]);
  });

  it('what is delegated, with the delegation', () => {
    const { unexpressed } = imported(
      [
        record('team.example.com', 'NS', { values: ['ns.example.net.'] }),
        record('ns.team.example.com', 'A', { values }),
      ],
      ZONE,
    );
    expect(unexpressed.map(({ name: at, reason }) => `${at}: ${reason}`)).toEqual([
      'team.example.com: it delegates the name to other name servers',
      'ns.team.example.com: it is in team.example.com, which is delegated to other name servers',
    ]);
  });

  it("what is Pawl's already", () => {
    const tree = dnsName('g000001.api.use1-a._pawl.example.com');
    const alias = { zoneId: ZONE.id, name: tree, evaluateTargetHealth: false };
    expect(reasons(record(name, 'A', { alias }))).toEqual(["A: it is an endpoint of Pawl's already"]);
    expect(reasons(record(tree, 'A', { values }))).toEqual([]);
  });

  it.each([
    ['a\\100b.example.com', 'its name has a character that a fleet file does not take'],
    ['_any.example.com', 'its name holds the label "_any", which Pawl uses itself'],
  ])('a name that no endpoint can have: %s', (odd, reason) => {
    expect(reasons(record(odd, 'A', { values }))).toEqual([`A: ${reason}`]);
  });

  it('a name that leaves no room for the names of its trees', () => {
    const long = `${`${'x'.repeat(60)}.`.repeat(3)}${'y'.repeat(40)}.example.com`;
    expect(reasons(record(long, 'A', { values }))[0]).toMatch(/^A: .*too long for the names that Pawl makes/);
  });

  it('values that a fleet file does not take', () => {
    expect(reasons(record(name, 'AAAA', { values: ['::ffff:192.0.2.1'] }))[0]).toContain('written as IPv6');
    expect(reasons(record(name, 'CNAME', { values: ['192.0.2.1'] }))[0]).toContain('write it under ipv4');
    expect(reasons(record(name, 'CNAME', { values: [`${name}.`] }))[0]).toContain('points back at');
    const many = Array.from({ length: 100 }, (_, index) =>
      weighted(name, `s${index}`, 1, {
        values: Array.from({ length: 20 }, (__, last) => `10.${index}.0.${last}`),
      }),
    );
    expect(reasons(...many)[0]).toContain('more than fit');
  });

  it('in the file too, with nothing that could end a comment', () => {
    const odd = record('odd.example.com', 'TY\nPE', { values: ['x'] });
    const { yaml } = imported([odd, record(name, 'A', { values })], ZONE);
    expect(yaml).toContain('#   odd.example.com TY?PE: Pawl answers with');
  });
});
