import { describe, expect, test } from 'vitest';
import { API, cellText, fleetIn, printed, T1 } from './fleet-text.ts';

function target(fields: string): string {
  return cellText([`t1: { az: z1, capacity: 100, ${fields} }`], [API]);
}

function endpoint(name: string, fields = 'kind: addresses, targets: [t1]'): string {
  return cellText([T1], [`${name}: { ${fields} }`]);
}

const ENDPOINT = 'fleet.yaml:8:7: cells.use1-a.endpoints';

describe('targets', () => {
  test.each([
    [
      'an IPv6 in an IPv4 field',
      'ipv4: "2001:db8::1"',
      ['fleet.yaml:6:42: cells.use1-a.targets.t1.ipv4 is the IPv6 address "2001:db8::1": move it to ipv6.'],
    ],
    [
      'an IPv4 in an IPv6 field',
      'ipv6: [2001:db8::2, 192.0.2.1]',
      ['fleet.yaml:6:56: cells.use1-a.targets.t1.ipv6[1] is the IPv4 address "192.0.2.1": move it to ipv4.'],
    ],
    [
      'an IPv4 that is written as IPv6',
      'ipv6: "::ffff:192.0.2.1"',
      [
        'fleet.yaml:6:42: cells.use1-a.targets.t1.ipv6 is the IPv4 address "::ffff:192.0.2.1" written as IPv6: write it under ipv4.',
      ],
    ],
    [
      'what is no address',
      'ipv4: 192.0.2.999, ipv6: "fe80::1%eth0"',
      [
        'fleet.yaml:6:42: cells.use1-a.targets.t1.ipv4 is "192.0.2.999": use an IPv4 address, such as 192.0.2.10.',
        'fleet.yaml:6:61: cells.use1-a.targets.t1.ipv6 is "fe80::1%eth0": use an IPv6 address, such as 2001:db8::10.',
      ],
    ],
    [
      'one address in two spellings',
      'ipv6: ["2001:db8::1", "2001:DB8:0::1"]',
      [
        'fleet.yaml:6:58: cells.use1-a.targets.t1.ipv6[1] is "2001:DB8:0::1", which is in the list already: remove it.',
      ],
    ],
    [
      'an address as a hostname',
      'ipv4: 192.0.2.1, hostname: 192.0.2.9.',
      [
        'fleet.yaml:6:63: cells.use1-a.targets.t1.hostname is the address "192.0.2.9.": write it under ipv4 or ipv6.',
      ],
    ],
    [
      'a hostname that is no name',
      'ipv4: 192.0.2.1, hostname: a..b',
      [
        'fleet.yaml:6:63: cells.use1-a.targets.t1.hostname is "a..b", which is not a DNS name (it has an empty label): use one such as lb.example.net.',
      ],
    ],
    [
      "a wildcard as an alias's name, and health that CloudFront does not have",
      'ipv4: 192.0.2.1, alias: { zone_id: Z2FDTNDATAQYW2, name: "*.x", evaluate_target_health: true }',
      [
        'fleet.yaml:6:93: cells.use1-a.targets.t1.alias.name is "*.x", which is not a DNS name (a wildcard cannot stand here): use one such as lb.example.net.',
        'fleet.yaml:6:124: cells.use1-a.targets.t1.alias.evaluate_target_health is true, which Route 53 refuses for CloudFront: use false.',
      ],
    ],
  ])('%s', (_, fields, says) => expect(printed(target(fields))).toEqual(says));

  test.each([
    ['dualstack.shop-1.eu-west-1.elb.amazonaws.com', 'Z35SXDOTRQ7X7K', 'Z32O12XQLNTSW2'],
    ['shop-1.eu-west-1.elb.amazonaws.com', 'Z2IFOLAFXWLO4F', 'Z32O12XQLNTSW2'],
    ['net-1.elb.eu-west-1.amazonaws.com', 'Z32O12XQLNTSW2', 'Z2IFOLAFXWLO4F'],
    ['D111111abcdef8.cloudfront.net.', 'Z1', 'Z2FDTNDATAQYW2'],
    ['a1234567890abcdef.awsglobalaccelerator.com', 'Z2FDTNDATAQYW2', 'Z2BJ6XQ5FK7U4H'],
    ['s3-website-eu-west-1.amazonaws.com', 'Z3AQBSTGFYJSTF', 'Z1BKCTXD74EZPE'],
    ['s3-website.eu-central-1.amazonaws.com', 'Z1BKCTXD74EZPE', 'Z21DNDUVLTQW6Q'],
  ])('an alias to %s in the hosted zone %s, where AWS keeps it in %s', (name, given, right) => {
    const text = (zoneId: string) => target(`ipv4: 192.0.2.1, alias: { zone_id: ${zoneId}, name: ${name} }`);
    expect(printed(text(given))).toEqual([
      `fleet.yaml:6:71: cells.use1-a.targets.t1.alias.zone_id is "${given}", but AWS keeps "${name}" in the hosted zone ${right}: use that.`,
    ]);
    expect(printed(text(right))).toEqual([]);
  });

  test.each([
    'shop-1.xx-nowhere-9.elb.amazonaws.com',
    'shop-1.elb.amazonaws.com',
    'shop-1.eu-west-1.elb.amazonaws.com.cn',
    's3-website.eu-west-1.amazonaws.com',
    'd-1.execute-api.eu-west-1.amazonaws.com',
    'notcloudfront.net',
    'lb.example.net',
  ])('no hosted zone is wrong for %s, whose own nobody here knows', (name) => {
    expect(printed(target(`ipv4: 192.0.2.1, alias: { zone_id: Z1, name: ${name} }`))).toEqual([]);
  });

  test('nothing to answer with', () => {
    expect(printed(cellText(['t1: { az: z1, capacity: 100 }'], [API]))).toEqual([
      'fleet.yaml:6:7: cells.use1-a.targets.t1 has nothing to answer with: add ipv4, ipv6, hostname or alias.',
    ]);
  });
});

describe("endpoints' names", () => {
  test.each([
    [
      'outside its zone',
      'api.example.org',
      '["api.example.org"] is outside its cell\'s zone example.test: use a name that ends in ".example.test", or move it to a cell of its zone.',
    ],
    [
      'ends like its zone, but is no part of it',
      'api.notexample.test',
      '["api.notexample.test"] is outside its cell\'s zone example.test: use a name that ends in ".example.test", or move it to a cell of its zone.',
    ],
    [
      'under _pawl',
      'fence.use1-a._pawl.example.test',
      '["fence.use1-a._pawl.example.test"] is under "_pawl", where Pawl keeps its own records: use another name.',
    ],
    [
      '_pawl itself, in capitals',
      '_PAWL.example.test',
      '["_PAWL.example.test"] is under "_pawl", where Pawl keeps its own records: use another name.',
    ],
    [
      'the label of wildcards',
      '_any.example.test',
      '["_any.example.test"] holds the label "_any", which Pawl keeps for itself: use another name.',
    ],
    [
      'the label of the apex, in the middle',
      'a._apex.example.test',
      '["a._apex.example.test"] holds the label "_apex", which Pawl keeps for itself: use another name.',
    ],
    [
      'a wildcard that is not leftmost',
      'a.*.example.test',
      '["a.*.example.test"] is not a DNS name (a "*" can only be the first label): use a full name, such as api.example.test.',
    ],
    [
      'half a wildcard',
      'a*.example.test',
      '["a*.example.test"] is not a DNS name (the label "a*" has a character that a name cannot hold as it is): use a full name, such as api.example.test.',
    ],
    [
      'an escape that hides another name',
      '"\\\\141pi.example.test"',
      '["\\\\141pi.example.test"] is not a DNS name (it has a backslash): use a full name, such as api.example.test.',
    ],
    [
      'an empty label',
      'api..example.test',
      '["api..example.test"] is not a DNS name (it has an empty label): use a full name, such as api.example.test.',
    ],
    [
      'a label of 64',
      `${'a'.repeat(64)}.example.test`,
      `["${'a'.repeat(57)}..."] is not a DNS name (the label "${'a'.repeat(64)}" has 64 characters, more than 63): use a full name, such as api.example.test.`,
    ],
  ])('%s', (_, name, says) => expect(printed(endpoint(name))).toEqual([`${ENDPOINT}${says}`]));

  test("too long for Pawl's own names, by one character", () => {
    const labels = ['a', 'b', 'c'].map((letter) => letter.repeat(60)).join('.');
    const longest = `${labels}.${'d'.repeat(30)}.example.test`;
    expect(printed(endpoint(longest))).toEqual([]);
    expect(printed(endpoint(`d${longest}`))).toEqual([
      `${ENDPOINT}["d${'a'.repeat(56)}..."] is too long for the names that Pawl makes of it (over 253 characters): shorten it, or the name of the cell.`,
    ]);
  });

  test('the same name twice, but for case and the dot at the end', () => {
    const fields = '{ kind: addresses, targets: [t1] }';
    expect(printed(cellText([T1], [`API.example.test.: ${fields}`, `api.example.test: ${fields}`]))).toEqual([
      'fleet.yaml:9:7: cells.use1-a.endpoints["api.example.test"] is the same name as "API.example.test." in the same cell: keep one of them.',
    ]);
  });

  test('the same wildcard twice, as people and as Route 53 write it', () => {
    const fields = '{ kind: addresses, targets: [t1] }';
    expect(
      printed(cellText([T1], [`'*.example.test': ${fields}`, `'\\052.example.test': ${fields}`])),
    ).toEqual([
      'fleet.yaml:9:7: cells.use1-a.endpoints["\\\\052.example.test"] is the same name as "*.example.test" in the same cell: keep one of them.',
    ]);
  });

  test('more than 120 in a cell', () => {
    const endpoints = Array.from(
      { length: 121 },
      (_, index) => `e${index}.example.test: { kind: addresses, targets: [t1] }`,
    );
    expect(printed(cellText([T1], endpoints.slice(1)))).toEqual([]);
    expect(printed(cellText([T1], endpoints))).toEqual([
      'fleet.yaml:7:5: cells.use1-a.endpoints holds 121 endpoints, more than 120: split the cell.',
    ]);
  });
});

describe('endpoints and their targets', () => {
  test.each([
    [
      'targets that are unknown or named twice',
      'kind: addresses, targets: [t2, t1, t1, nonsense]',
      [
        'fleet.yaml:8:54: cells.use1-a.endpoints["api.example.test"].targets[0] is "t2", which is no target of its cell: did you mean "t1"?',
        'fleet.yaml:8:62: cells.use1-a.endpoints["api.example.test"].targets[2] is "t1", which is in the list already: remove it.',
        'fleet.yaml:8:66: cells.use1-a.endpoints["api.example.test"].targets[3] is "nonsense", which is no target of its cell: declare it under targets, or remove it here.',
      ],
    ],
    [
      'a target without a hostname',
      'kind: hostname, targets: [t1]',
      [
        'fleet.yaml:8:53: cells.use1-a.endpoints["api.example.test"].targets[0] is "t1", which has no hostname: add one to the target, or remove it here.',
      ],
    ],
    [
      'a target without an alias',
      'kind: alias, targets: [t1]',
      [
        'fleet.yaml:8:50: cells.use1-a.endpoints["api.example.test"].targets[0] is "t1", which has no alias: add one to the target, or remove it here.',
      ],
    ],
    [
      'a family that no target has',
      'kind: addresses, families: [AAAA], targets: [t1]',
      [
        `fleet.yaml:8:55: cells.use1-a.endpoints["api.example.test"].families[0] is AAAA, but none of the endpoint's targets has an ipv6: add one, or remove AAAA.`,
        'fleet.yaml:8:72: cells.use1-a.endpoints["api.example.test"].targets[0] is "t1", which has no ipv6: add one to the target, or remove it here.',
      ],
    ],
    [
      'a family twice, and a floor that cannot be met',
      'kind: addresses, families: [A, A], targets: [t1], floor: 2',
      [
        'fleet.yaml:8:58: cells.use1-a.endpoints["api.example.test"].families[1] is A, which is in the list already: remove it.',
        'fleet.yaml:8:84: cells.use1-a.endpoints["api.example.test"] has a floor of 2, more than the number of its targets (1): lower the floor, or add targets.',
      ],
    ],
  ])('%s', (_, fields, says) => expect(printed(endpoint('api.example.test', fields))).toEqual(says));

  test('a target without addresses', () => {
    const blue = 't1: { az: z1, capacity: 1, hostname: blue.example.net }';
    expect(printed(cellText([blue], [API]))).toEqual([
      'fleet.yaml:8:54: cells.use1-a.endpoints["api.example.test"].targets[0] is "t1", which has no ipv4 or ipv6: add one to the target, or remove it here.',
    ]);
  });

  test('a CNAME at the apex, families of a CNAME, and a CNAME of itself', () => {
    const self = 't1: { az: z1, capacity: 1, hostname: A.example.test. }';
    const endpoints = [
      'example.test: { kind: hostname, targets: [t1] }',
      'a.example.test: { kind: hostname, families: [A], targets: [t1] }',
    ];
    expect(printed(cellText([self], endpoints))).toEqual([
      'fleet.yaml:8:29: cells.use1-a.endpoints["example.test"].kind is hostname at the top of its zone, where no CNAME can stand: use addresses or alias.',
      'fleet.yaml:9:41: cells.use1-a.endpoints["a.example.test"].families has no meaning for a hostname endpoint, which answers with a CNAME: remove it.',
      'fleet.yaml:9:66: cells.use1-a.endpoints["a.example.test"].targets[0] is "t1", which points back at a.example.test: point the target elsewhere.',
    ]);
  });

  test('a target that is itself a mistake is not blamed a second time', () => {
    expect(printed(target('ipv4: nowhere'))).toHaveLength(1);
  });

  test('one slip does not hide the next', () => {
    const text = cellText(
      [
        't1: { az: z1, capacity: 0, ipv4: 192.0.2.1 }',
        't2: { az: z1, capacity: 1, ipv4: "::1", colour: red }',
      ],
      ['api.example.org: { kind: addresses, targets: [t1, t3] }'],
    );
    expect(printed(text).map((line) => line.split(':')[1])).toEqual(['6', '7', '7', '9', '9']);
  });
});

describe('between cells', () => {
  const second = (zone: string, name: string, more: readonly string[] = []) => [
    '  use1-b:',
    `    zone: ${zone}`,
    ...more,
    `    targets: { ${T1} }`,
    `    endpoints: { ${name}: { kind: addresses, targets: [t1] } }`,
  ];

  test('a name that two cells claim', () => {
    expect(printed(cellText([T1], [API], second('example.test', 'API.EXAMPLE.TEST')))).toEqual([
      'fleet.yaml:12:18: cells.use1-b.endpoints["API.EXAMPLE.TEST"] is an endpoint of the cell use1-a too: a name belongs to one cell, so remove it from the other.',
    ]);
  });

  test('two ids of one zone, and one id of two zones', () => {
    const b = second('example.test', 'b.example.test', ['    zone_id: Z2']);
    expect(printed(cellText([T1], [API], ['    zone_id: Z1', ...b]))).toEqual([
      'fleet.yaml:12:14: cells.use1-b.zone_id is "Z2", but the cell use1-a gives the zone example.test the id "Z1": give both the same.',
    ]);
    const c = second('example-c.test', 'c.example-c.test', ['    zone_id: Z1']);
    expect(printed(cellText([T1], [API], ['    zone_id: Z1', ...c]))).toEqual([
      'fleet.yaml:12:14: cells.use1-b.zone_id is "Z1", which the cell use1-a gives as the id of example.test: give each zone its own.',
    ]);
  });

  test('a zone id given once holds for every cell of the zone', () => {
    const fleet = fleetIn(
      cellText([T1], [API], second('Example.Test.', 'b.example.test', ['    zone_id: Z2'])),
    );
    expect(fleet.cells.map(({ zone, zoneId }) => [zone, zoneId])).toEqual([
      ['example.test', 'Z2'],
      ['example.test', 'Z2'],
    ]);
  });

  test('a zone that is no name', () => {
    expect(printed(cellText([T1], [API]).replace('zone: example.test', 'zone: "*.test"'))).toEqual([
      'fleet.yaml:4:11: cells.use1-a.zone is "*.test", which is not a DNS name (a wildcard cannot stand here): use one such as example.test.',
    ]);
  });
});
