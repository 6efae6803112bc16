import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { MAX_FLEET_FILE_BYTES } from '../../lib/fleet/bounds.ts';
import { fleetSchema } from '../../lib/fleet/schema.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { API, cellText, fleetIn, printed, T1 } from './fleet-text.ts';

const example = readFileSync(new URL('../../examples/fleet.yaml', import.meta.url), 'utf8');

test('the smallest fleet has the safe defaults', () => {
  expect(fleetIn(cellText([T1], [API]))).toEqual({
    cells: [
      {
        cell: 'use1-a',
        zone: 'example.test',
        policy: DEFAULT_POLICY,
        targets: [{ id: 't1', az: 'z1', capacity: 100, health: 'healthy', ipv4: ['192.0.2.1'], ipv6: [] }],
        endpoints: [
          {
            name: 'api.example.test',
            kind: 'addresses',
            ttl: 60,
            floor: 1,
            families: ['A'],
            targets: ['t1'],
          },
        ],
      },
    ],
  });
});

test('every field arrives, in canonical form and order', () => {
  const targets = [
    "t2: { az: z2, capacity: 2, health: unknown, ipv6: ['2001:DB8::B', '2001:db8:0:0::a'], ipv4: [192.0.2.9, 192.0.2.10], health_check_id: hc-1 }",
    't1: { az: z1, capacity: 1, health: unhealthy, hostname: LB.example.net., alias: { zone_id: Z35SXDOTRQ7X7K, name: Lb-1.elb.amazonaws.com., evaluate_target_health: false } }',
  ];
  const endpoints = [
    'Www.Example.Test.: { kind: addresses, targets: [t2], families: [AAAA, A], floor: 1, ttl_s: 0 }',
    'lb.example.test: { kind: hostname, targets: [t1] }',
    "'*.example.test': { kind: alias, targets: [t1] }",
  ];
  const more = [
    '    zone_id: Z1',
    '    policy: { coalesce_s: 0, capacity_removed_percent: 1, capacity_window_s: 60, endpoints_changed_percent: 2, blind_percent: 3, retain_generations: 4, retain_min: 5, unknown_change_s: 61 }',
  ];
  expect(fleetIn(cellText(targets, endpoints, more)).cells).toEqual([
    {
      cell: 'use1-a',
      zone: 'example.test',
      zoneId: 'Z1',
      policy: {
        coalesceS: 0,
        capacityRemovedPercent: 1,
        capacityWindowS: 60,
        endpointsChangedPercent: 2,
        blindPercent: 3,
        retainGenerations: 4,
        retainMinutes: 5,
        unknownChangeS: 61,
      },
      targets: [
        {
          id: 't1',
          az: 'z1',
          capacity: 1,
          health: 'unhealthy',
          ipv4: [],
          ipv6: [],
          hostname: 'lb.example.net',
          alias: { zoneId: 'Z35SXDOTRQ7X7K', name: 'lb-1.elb.amazonaws.com', evaluateTargetHealth: false },
        },
        {
          id: 't2',
          az: 'z2',
          capacity: 2,
          health: 'unknown',
          ipv4: ['192.0.2.10', '192.0.2.9'],
          ipv6: ['2001:db8::a', '2001:db8::b'],
          healthCheckId: 'hc-1',
        },
      ],
      endpoints: [
        { name: '*.example.test', kind: 'alias', ttl: 60, floor: 1, families: ['A'], targets: ['t1'] },
        { name: 'lb.example.test', kind: 'hostname', ttl: 60, floor: 1, families: [], targets: ['t1'] },
        {
          name: 'www.example.test',
          kind: 'addresses',
          ttl: 0,
          floor: 1,
          families: ['A', 'AAAA'],
          targets: ['t2'],
        },
      ],
    },
  ]);
});

test("the file's defaults stand behind the cell's own words, before the built-in ones", () => {
  const text = cellText(
    [T1, 't2: { az: z1, capacity: 1, ipv4: 192.0.2.2 }'],
    [
      'a.example.test: { kind: addresses, targets: [t1, t2] }',
      'b.example.test: { kind: addresses, targets: [t1], ttl_s: 5, floor: 1 }',
    ],
    [
      '    policy: { coalesce_s: 7 }',
      'defaults: { ttl_s: 30, floor: 2, policy: { coalesce_s: 8, retain_min: 9 } }',
    ],
  );
  const [cell] = fleetIn(text).cells;
  expect(cell?.endpoints.map(({ ttl, floor }) => [ttl, floor])).toEqual([
    [30, 2],
    [5, 1],
  ]);
  expect(cell?.policy).toEqual({ ...DEFAULT_POLICY, coalesceS: 7, retainMinutes: 9 });
});

test('health is evaluated where Route 53 can, which is not at CloudFront', () => {
  const alias = (zone: string) => `alias: { zone_id: ${zone}, name: x.example.net }`;
  const targets = [
    `t1: { az: z1, capacity: 1, ${alias('Z35SXDOTRQ7X7K')} }`,
    `t2: { az: z1, capacity: 1, ${alias('Z2FDTNDATAQYW2')} }`,
  ];
  const text = cellText(targets, ['a.example.test: { kind: alias, targets: [t1, t2] }']);
  const [cell] = fleetIn(text).cells;
  expect(cell?.targets.map((target) => target.alias?.evaluateTargetHealth)).toEqual([true, false]);
});

test('the order of a file does not matter to what it means', () => {
  const t2 = 't2: { az: z1, capacity: 1, ipv4: [192.0.2.3, 192.0.2.2] }';
  const again = 't2: { az: z1, capacity: 1, ipv4: [192.0.2.2, 192.0.2.3] }';
  const a = 'a.example.test: { kind: addresses, targets: [t1, t2] }';
  const b = 'b.example.test: { kind: addresses, targets: [t2, t1] }';
  expect(fleetIn(cellText([T1, t2], [a, b]))).toEqual(
    fleetIn(cellText([again, T1], [b.replace('t2, t1', 't1, t2'), a])),
  );
});

test('digits and words of JavaScript are fine ids', () => {
  const ids = ['7', 'constructor', 'tostring'];
  const targets = ids.map((id) => `${id}: { az: z1, capacity: 1, ipv4: 192.0.2.1 }`);
  const [cell] = fleetIn(
    cellText(targets, ["api.example.test: { kind: addresses, targets: ['7', constructor, tostring] }"]),
  ).cells;
  expect(cell?.endpoints[0]?.targets).toEqual(ids);
  expect(
    printed(cellText([T1], ['api.example.test: { kind: addresses, targets: [constructor, t1] }'])),
  ).toHaveLength(1);
});

test('a text over the bound is refused before it is parsed', () => {
  expect(printed('['.repeat(MAX_FLEET_FILE_BYTES + 1))).toEqual([
    'fleet.yaml: The file has 16.1 MB, more than 16 MB: check that it is a fleet file.',
  ]);
});

test('a large fleet takes no quadratic time', () => {
  const cells = Array.from({ length: 100 }, (_, cell) => [
    `  c${cell}:`,
    `    zone: z${cell}.test`,
    '    endpoints: {}',
    '    targets:',
    ...Array.from({ length: 200 }, (_, id) => `      t${id}: { az: z1, capacity: 1, ipv4: 192.0.2.1 }`),
  ]);
  const fleet = fleetIn(['version: 1', 'cells:', ...cells.flat()].join('\n'));
  expect(fleet.cells.flatMap(({ targets }) => targets)).toHaveLength(20_000);
});

test('the example has no mistakes, and shows every kind of endpoint', () => {
  expect(printed(example)).toEqual([]);
  const { cells } = fleetIn(example);
  const endpoints = cells.flatMap((cell) => cell.endpoints);
  expect(cells.map(({ cell, zone }) => [cell, zone])).toEqual([
    ['apse2-a', 'example-ap.test'],
    ['euw1-a', 'example-eu.test'],
    ['use1-a', 'example.test'],
  ]);
  expect(cells.flatMap((cell) => cell.targets)).toHaveLength(60);
  expect(new Set(endpoints.map(({ kind }) => kind))).toEqual(new Set(['addresses', 'hostname', 'alias']));
  expect(new Set(endpoints.map(({ families }) => families.join('+')))).toEqual(
    new Set(['A', 'AAAA', 'A+AAAA', '']),
  );
  const names: readonly string[] = endpoints.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['api.example.test', 'example.test', '*.apps.example.test']));
});

test('the shape has a JSON Schema for editors', () => {
  const schema = z.toJSONSchema(fleetSchema, { io: 'input' });
  expect(schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['version', 'cells'],
    properties: { cells: { propertyNames: { type: 'string' } } },
  });
});
