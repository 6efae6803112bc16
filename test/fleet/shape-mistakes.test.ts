import { describe, expect, test } from 'vitest';
import { API, cellText, mistakesIn, printed, T1 } from './fleet-text.ts';

interface Case {
  readonly slip: string;
  readonly text: string;
  readonly says: readonly string[];
}

function target(fields: string): string {
  return cellText([`t1: { ${fields} }`], [API]);
}

function endpoint(fields: string): string {
  return cellText([T1], [`api.example.test: { ${fields} }`]);
}

const notYaml: readonly Case[] = [
  {
    slip: 'an unclosed map',
    text: 'version: 1\ncells: {a: b\n',
    says: [
      'fleet.yaml:3:1: This is not valid YAML (Flow map in block collection must be sufficiently indented and end with a }): check the indentation, colons and quotes here.',
    ],
  },
  {
    slip: 'a tab',
    text: 'version: 1\ncells:\n\tuse1-a: 1\n',
    says: ['fleet.yaml:3:1: This line is indented with a tab: use spaces.'],
  },
  {
    slip: 'two documents',
    text: 'version: 1\n---\nversion: 1\n',
    says: ['fleet.yaml:2:1: The file holds a second YAML document ("---"): keep one document a file.'],
  },
  {
    slip: 'a tag',
    text: 'version: !one 1\n',
    says: ['fleet.yaml:1:10: YAML tags ("!...") have no meaning in a fleet: write a plain value.'],
  },
  {
    slip: 'an alias of nothing',
    text: 'version: *one\n',
    says: [
      'fleet.yaml:1:10: version is "*one", a YAML alias of nothing: a text that begins with "*" goes in quotes.',
    ],
  },
  {
    slip: 'a wildcard without quotes, with all that follows from it',
    text: cellText([T1], ['*.example.test:', '  kind: addresses', '  targets: [t1]']),
    says: [
      'fleet.yaml:8:21: The key "*.example.test" begins with "*", which YAML takes for an alias: put it in quotes.',
    ],
  },
  {
    slip: 'nothing',
    text: '',
    says: ['fleet.yaml:1:1: The file is empty: use a map with version and cells.'],
  },
  {
    slip: 'a comment only',
    text: '# soon\n',
    says: ['fleet.yaml:1:1: The file is empty: use a map with version and cells.'],
  },
  {
    slip: 'a text',
    text: 'hello\n',
    says: ['fleet.yaml:1:1: The file is "hello": use a map with version and cells.'],
  },
  {
    slip: 'a key that means something to JavaScript',
    text: `${cellText([T1], [API])}__proto__: { version: 2 }\n`,
    says: ['fleet.yaml:9:1: The file has the key "__proto__", which means nothing in a fleet: remove it.'],
  },
  {
    slip: 'equal keys',
    text: cellText([T1, T1], [API, API]),
    says: [
      'fleet.yaml:7:7: cells.use1-a.targets has the key "t1" twice: remove or rename one of them.',
      'fleet.yaml:10:7: cells.use1-a.endpoints has the key "api.example.test" twice: remove or rename one of them.',
    ],
  },
];

const wrongShapes: readonly Case[] = [
  {
    slip: 'no version and no cells',
    text: 'defaults: {}\n',
    says: [
      'fleet.yaml:1:1: The file has no version: add 1, the version of this format.',
      'fleet.yaml:1:1: The file has no cells: add a map of cells by name.',
    ],
  },
  {
    slip: 'a version that is not known, and no cell',
    text: 'version: 2\ncells: {}\n',
    says: [
      'fleet.yaml:1:10: version is 2: use 1, the version of this format.',
      'fleet.yaml:2:1: cells is empty: declare at least one cell.',
    ],
  },
  {
    slip: 'a cell with nothing in it',
    text: 'version: 1\ncells:\n  use1-a:\n',
    says: ['fleet.yaml:3:3: cells.use1-a is empty: use a map that describes a cell.'],
  },
  {
    slip: 'names that are none, and what stands under them',
    text: 'version: 1\ncells:\n  A_b:\n    zone: example.test\n    targets:\n      T_1: {az: 1, capacity: 0, ipv4: [1, ""], health: Healthy}\n    endpoints: {"": {kind: address, targets: []}}\n',
    says: [
      'fleet.yaml:3:3: cells has the key "A_b": use a cell name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as use1-a.',
      'fleet.yaml:6:7: cells.A_b.targets has the key "T_1": use a target id of 1 to 64 of a-z, 0-9 and "-", such as api-1.',
      'fleet.yaml:6:17: cells.A_b.targets.T_1.az is 1: use an availability zone id of 1 to 64 of a-z, 0-9 and "-", such as use1-az1.',
      "fleet.yaml:6:30: cells.A_b.targets.T_1.capacity is 0: use a whole number, in a unit that the endpoint's targets share, from 1 to 1,000,000.",
      'fleet.yaml:6:40: cells.A_b.targets.T_1.ipv4[0] is 1: use an IPv4 address, such as 192.0.2.10.',
      'fleet.yaml:6:43: cells.A_b.targets.T_1.ipv4[1] is "": use an IPv4 address, such as 192.0.2.10.',
      'fleet.yaml:6:56: cells.A_b.targets.T_1.health is "Healthy": did you mean "healthy"?',
      'fleet.yaml:7:17: cells.A_b.endpoints has the key "": use a full name, such as api.example.test.',
      'fleet.yaml:7:28: cells.A_b.endpoints[""].kind is "address": did you mean "addresses"?',
      'fleet.yaml:7:37: cells.A_b.endpoints[""].targets is an empty list: use a list of one or more target ids.',
    ],
  },
  {
    slip: 'unknown keys',
    text: target('az: z1, capacity: 100, ipv4: 192.0.2.1, capcity: 1, colour: red'),
    says: [
      'fleet.yaml:6:53: cells.use1-a.targets.t1 has the unknown key "capcity": did you mean "capacity"?',
      'fleet.yaml:6:65: cells.use1-a.targets.t1 has the unknown key "colour": use az, capacity, health, ipv4, ipv6, hostname, alias, health_check_id, elbv2 or lease.',
    ],
  },
  {
    slip: 'keys in camel case',
    text: cellText([T1], [API], ['    policy: { coalesceS: 3, retainMin: 4 }']),
    says: [
      'fleet.yaml:9:15: cells.use1-a.policy has the unknown key "coalesceS": did you mean "coalesce_s"?',
      'fleet.yaml:9:29: cells.use1-a.policy has the unknown key "retainMin": did you mean "retain_min"?',
    ],
  },
  {
    slip: 'a target without its fields, and an endpoint likewise',
    text: cellText(['t1: {}'], ['api.example.test: {}']),
    says: [
      'fleet.yaml:6:7: cells.use1-a.targets.t1 has no az: add an availability zone id of 1 to 64 of a-z, 0-9 and "-", such as use1-az1.',
      "fleet.yaml:6:7: cells.use1-a.targets.t1 has no capacity: add a whole number, in a unit that the endpoint's targets share, from 1 to 1,000,000.",
      'fleet.yaml:8:7: cells.use1-a.endpoints["api.example.test"] has no kind: add one of addresses, hostname, alias.',
    ],
  },
  {
    slip: 'an endpoint that says nothing of what answers',
    text: endpoint('kind: addresses'),
    says: [
      'fleet.yaml:8:7: cells.use1-a.endpoints["api.example.test"] has no targets: add a list of one or more target ids, or a route.',
    ],
  },
  {
    slip: 'numbers out of range',
    text: endpoint('kind: addresses, targets: [t1], floor: 0, ttl_s: 86401'),
    says: [
      'fleet.yaml:8:66: cells.use1-a.endpoints["api.example.test"].floor is 0: use a number of serving targets from 1 to 10,000.',
      'fleet.yaml:8:76: cells.use1-a.endpoints["api.example.test"].ttl_s is 86401: use whole seconds from 0 to 86,400.',
    ],
  },
  {
    slip: 'numbers that are not whole, or no numbers',
    text: cellText(
      [T1],
      [API],
      [
        '    policy:',
        '      coalesce_s: 1.5',
        '      capacity_removed_percent: 101',
        '      capacity_window_s: .inf',
        '      endpoints_changed_percent: .nan',
        '      blind_percent: 0',
        '      retain_generations: 51',
        '      retain_min: "60"',
        '      unknown_change_s: 59',
      ],
    ),
    says: [
      'fleet.yaml:10:19: cells.use1-a.policy.coalesce_s is 1.5: use whole seconds between routine plans, from 0 to 86,400.',
      "fleet.yaml:11:33: cells.use1-a.policy.capacity_removed_percent is 101: use a whole percentage of an endpoint's capacity, from 1 to 100.",
      'fleet.yaml:12:26: cells.use1-a.policy.capacity_window_s is Infinity: use whole seconds from 60 to 86,400.',
      "fleet.yaml:13:34: cells.use1-a.policy.endpoints_changed_percent is NaN: use a whole percentage of the cell's endpoints, from 1 to 100.",
      "fleet.yaml:14:22: cells.use1-a.policy.blind_percent is 0: use a whole percentage of the cell's targets, from 1 to 100.",
      'fleet.yaml:15:27: cells.use1-a.policy.retain_generations is 51: use a number of generations from 1 to 50.',
      'fleet.yaml:16:19: cells.use1-a.policy.retain_min is "60": use whole minutes from 0 to 10,080.',
      'fleet.yaml:17:25: cells.use1-a.policy.unknown_change_s is 59: use whole seconds from 60 to 3,600.',
    ],
  },
  {
    slip: 'a zone id and an alias that are none',
    text: cellText(
      ['t1: { az: z1, capacity: 1, alias: { zone_id: z35, evaluate_target_health: 1 } }'],
      ['api.example.test: { kind: alias, targets: [t1] }'],
      ['    zone_id: /hostedzone/Z1'],
    ),
    says: [
      'fleet.yaml:6:34: cells.use1-a.targets.t1.alias has no name: add the DNS name of the load balancer or other AWS resource.',
      'fleet.yaml:6:52: cells.use1-a.targets.t1.alias.zone_id is "z35": use a hosted zone id, such as Z0123456789ABCDEFGHIJ.',
      'fleet.yaml:6:81: cells.use1-a.targets.t1.alias.evaluate_target_health is 1: use true or false.',
      'fleet.yaml:9:14: cells.use1-a.zone_id is "/hostedzone/Z1": use a hosted zone id, such as Z0123456789ABCDEFGHIJ.',
    ],
  },
  {
    slip: 'addresses that are a map, and none at all',
    text: target('az: z1, capacity: 1, ipv4: {}, ipv6: []'),
    says: [
      'fleet.yaml:6:34: cells.use1-a.targets.t1.ipv4 is a map: use an IPv4 address, such as 192.0.2.10, or a list of 1 to 400 of them.',
      'fleet.yaml:6:44: cells.use1-a.targets.t1.ipv6 is an empty list: use an IPv6 address, such as 2001:db8::10, or a list of 1 to 400 of them.',
    ],
  },
  {
    slip: 'families that are none',
    text: endpoint('kind: addresses, targets: [t1], families: [a, IPv4]'),
    says: [
      'fleet.yaml:8:70: cells.use1-a.endpoints["api.example.test"].families[0] is "a": did you mean "A"?',
      'fleet.yaml:8:73: cells.use1-a.endpoints["api.example.test"].families[1] is "IPv4": use A or AAAA.',
    ],
  },
];

describe('says what is not YAML, where, and what to do', () => {
  test.each(notYaml)('$slip', ({ text, says }) => expect(printed(text)).toEqual(says));
});

describe('says what has the wrong shape, where, and what to do', () => {
  test.each(wrongShapes)('$slip', ({ text, says }) => expect(printed(text)).toEqual(says));
});

test('a mistake has its path apart from its sentence', () => {
  const [mistake] = mistakesIn(target('az: z1, capacity: many, ipv4: 192.0.2.1'));
  expect(mistake).toMatchObject({ path: 'cells.use1-a.targets.t1.capacity', line: 6, column: 31 });
});

test('shows the first fifty mistakes, in the order of the file, and counts the others', () => {
  const targets = Array.from(
    { length: 60 },
    (_, index) => `t${index}: { az: z1, capacity: -1, ipv4: 192.0.2.1 }`,
  );
  const mistakes = mistakesIn(cellText(targets, ['api.example.test: { kind: addresses, targets: [t0] }']));
  expect(mistakes).toHaveLength(51);
  expect(mistakes.slice(0, 50).map(({ line }) => line)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 6),
  );
  expect(mistakes.at(-1)?.message).toBe('There are 10 more mistakes from here on: mend those above first.');
});

test('obeys nothing that a terminal would', () => {
  const unknown = printed('"\\e[31m\\x9b2J\\u202e": 1\n');
  expect(unknown).toContain(
    'fleet.yaml:1:1: The file has the unknown key "\\u001b[31m\\u009b2J\\u202e": use version, defaults, rollout or cells.',
  );
});

test('follows aliases, and stops following them', () => {
  const shared = [
    '    policy: &p { coalesce_s: 1 }',
    '  use1-b:',
    '    zone: example.test',
    '    policy: *p',
  ];
  expect(printed(cellText([T1], [API], [...shared, '    targets: {}', '    endpoints: {}']))).toEqual([]);
  const laughs = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [name, below] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih'].map((pair) => [...pair])) {
    laughs.push(`${name}: &${name} [${`*${below},`.repeat(9)}*${below}]`);
  }
  expect(printed(laughs.join('\n'))).toEqual([
    expect.stringContaining(': The file follows more than 100 YAML aliases: write the values out.'),
  ]);
  expect(printed('a: &a [*a]')).toEqual([
    'fleet.yaml:1:8: a[0][0] is nested deeper than 32 levels: compare it with the example fleet.',
  ]);
});

test.each([
  ['[', ''],
  ['- ', ''],
  ['{a: ', ''],
])('is not brought down by %s nested a hundred thousand times', (open, close) => {
  expect(printed(`${open.repeat(100_000)}${close}`)).toEqual([
    expect.stringContaining('The file is nested too deeply: compare it with the example fleet.'),
  ]);
});

test('points at the line in a file with Windows line ends', () => {
  const text = cellText(['t1: { az: z1, capacity: 0, ipv4: 192.0.2.1 }'], [API]).replaceAll('\n', '\r\n');
  expect(mistakesIn(text)).toMatchObject([{ line: 6, column: 31 }]);
});
