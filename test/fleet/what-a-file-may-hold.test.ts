import { describe, expect, test } from 'vitest';
import { API, cellText, fleetIn, printed, T1 } from './fleet-text.ts';

describe('availability zones', () => {
  const ZONES: readonly (readonly [string, string])[] = [
    ['a space after it', 'use1-az1 '],
    ['a Cyrillic a', 'use1-\u0430z1'],
    ['a capital', 'USE1-AZ1'],
  ];
  test.each(ZONES)('%s makes no zone of its own', (_, zone) => {
    expect(printed(cellText([`t1: { az: "${zone}", capacity: 1, ipv4: 192.0.2.1 }`], [API]))).toEqual([
      `fleet.yaml:6:17: cells.use1-a.targets.t1.az is "${zone}": use an availability zone id of 1 to 64 of a-z, 0-9 and "-", such as use1-az1.`,
    ]);
  });
});

describe('characters that are not seen', () => {
  test('in a comment, where a reader would see another text', () => {
    const text = cellText([`${T1} # \u202e deliah ylno \u202c`], [API]);
    expect(printed(text)).toEqual([
      'fleet.yaml:6:1: This line holds the character U+202E, which cannot be seen: remove it.',
    ]);
  });

  test.each([
    ['\\u202e', 'U+202E'],
    ['\\0', 'U+0000'],
    ['\\n', 'U+000A'],
    ['\\x9b', 'U+009B'],
  ])('written as an escape in quotes: %s', (written, character) => {
    const target = `t1: { az: z1, capacity: 1, ipv4: 192.0.2.1, health_check_id: "hc${written}" }`;
    expect(printed(cellText([target], [API]))).toEqual([
      `fleet.yaml:6:68: cells.use1-a.targets.t1.health_check_id holds the character ${character}, which cannot be seen: remove it.`,
    ]);
  });

  test('tabs, lines that end in CR LF, and a mark of the byte order at the beginning are none', () => {
    const text = `\ufeff${cellText([`${T1} #\tfirst`], [API]).replaceAll('\n', '\r\n')}`;
    expect(printed(text)).toEqual([]);
  });
});

describe('names that lead back to themselves', () => {
  const hostname = (name: string, target: string) => `${name}: { kind: hostname, targets: [${target}] }`;
  const to = (id: string, name: string) => `${id}: { az: z1, capacity: 1, hostname: ${name} }`;

  test('two, in one cell', () => {
    const text = cellText(
      [to('t1', 'b.example.test'), to('t2', 'a.example.test')],
      [hostname('a.example.test', 't1'), hostname('b.example.test', 't2')],
    );
    expect(printed(text)).toEqual([
      'fleet.yaml:9:7: cells.use1-a.endpoints["a.example.test"] leads back to itself (a.example.test -> b.example.test -> a.example.test): let one of them have an answer.',
      'fleet.yaml:10:7: cells.use1-a.endpoints["b.example.test"] leads back to itself (b.example.test -> a.example.test -> b.example.test): let one of them have an answer.',
    ]);
  });

  test('three, over two cells, by an alias and hostnames; what only leads there is no circle', () => {
    const second = [
      '  use1-b:',
      '    zone: example.test',
      '    targets:',
      '      t1: { az: z1, capacity: 1, alias: { zone_id: Z1, name: a.example.test } }',
      '    endpoints:',
      '      c.example.test: { kind: alias, targets: [t1] }',
    ];
    const text = cellText(
      [to('t1', 'b.example.test'), to('t2', 'c.example.test')],
      [hostname('a.example.test', 't1'), hostname('b.example.test', 't2'), hostname('d.example.test', 't1')],
      second,
    );
    expect(printed(text).map((line) => /endpoints\["(\w)/.exec(line)?.[1])).toEqual(['a', 'b', 'c']);
  });

  test('one whose target has an answer of its own as well', () => {
    const text = cellText(
      [to('t1', 'b.example.test'), T1.replace('t1', 't2')],
      [hostname('a.example.test', 't1'), 'b.example.test: { kind: addresses, targets: [t2] }'],
    );
    expect(printed(text)).toEqual([]);
  });
});

test('an international name is told as DNS holds it', () => {
  expect(printed(cellText([T1], ['m\u00fcnchen.example.test: { kind: addresses, targets: [t1] }']))).toEqual([
    'fleet.yaml:8:7: cells.use1-a.endpoints["m\u00fcnchen.example.test"] is not a DNS name (DNS holds it as xn--mnchen-3ya.example.test): use a full name, such as api.example.test.',
  ]);
});

describe('what people write once', () => {
  const EXTENSION = [
    'version: 1',
    'x-target: &target { az: z1, capacity: 5 }',
    'x-other: &other { az: z9, health: unhealthy }',
    'cells:',
    '  c1:',
    '    zone: example.test',
    '    targets:',
  ];
  const withTarget = (target: string) =>
    [...EXTENSION, `      t1: ${target}`, `    endpoints: { ${API} }`, ''].join('\n');

  test('a block of the author and a merge key: what the map says itself stands, an earlier map goes before a later one', () => {
    const [cell] = fleetIn(withTarget('{ capacity: 7, <<: [*target, *other], ipv4: 192.0.2.1 }')).cells;
    expect(cell?.targets).toEqual([
      { id: 't1', az: 'z1', capacity: 7, health: 'unhealthy', ipv4: ['192.0.2.1'], ipv6: [] },
    ]);
  });

  test('a mistake in what was merged is told where it was', () => {
    expect(
      printed(withTarget('{ <<: *target, ipv4: 192.0.2.1 }').replace('capacity: 5', 'capacity: 0')),
    ).toEqual([
      "fleet.yaml:8:13: cells.c1.targets.t1.capacity is 0: use a whole number, in a unit that the endpoint's targets share, from 1 to 1,000,000.",
    ]);
  });

  test('what is no map cannot be merged', () => {
    expect(printed(withTarget('{ <<: 5, az: z1, capacity: 1, ipv4: 192.0.2.1 }'))).toEqual([
      'fleet.yaml:8:13: cells.c1.targets.t1 merges what is no map: let "<<" name a map, or a list of maps.',
    ]);
  });

  test('"<<" in quotes is a key like another, and unknown', () => {
    expect(printed(withTarget('{ "<<": *target, az: z1, capacity: 1, ipv4: 192.0.2.1 }'))).toEqual([
      expect.stringContaining('cells.c1.targets.t1 has the unknown key "<<"'),
    ]);
  });

  test('a block of the author stands at the top alone', () => {
    expect(printed(withTarget('{ x-note: 1, az: z1, capacity: 1, ipv4: 192.0.2.1 }'))).toEqual([
      expect.stringContaining('cells.c1.targets.t1 has the unknown key "x-note"'),
    ]);
  });
});

test('a file that asks for YAML 1.1 is refused, and one that asks for 1.2 is read', () => {
  const text = (version: string) => `%YAML ${version}\n---\n${cellText([T1], [API])}`;
  expect(printed(text('1.1'))).toEqual([
    'fleet.yaml:1:1: The file asks for YAML 1.1, and a fleet is read as YAML 1.2: remove the line "%YAML 1.1".',
  ]);
  expect(printed(text('1.2'))).toEqual([]);
});
