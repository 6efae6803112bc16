import { describe, expect, it, test } from 'vitest';
import { cellText, fleetIn, printed } from './fleet-text.ts';

const TARGETS = [
  'v4: { az: z1, capacity: 10, ipv4: 192.0.2.1 }',
  'v6: { az: z1, capacity: 10, ipv6: 2001:db8::1 }',
  'both: { az: z1, capacity: 10, ipv4: 192.0.2.2, ipv6: 2001:db8::2 }',
  'broken: { az: z1, capacity: 10, ipv4: 192.0.2.256 }',
];

const CIDR = 'collection: 01234567-89ab-cdef-0123-456789abcdef';
const LINE = 'cells.use1-a.endpoints["api.example.test"].route';

/** The route stands in line 12, from column 18 on. */
function text(route: string, more: readonly string[] = [], targets = TARGETS.slice(0, 3)): string {
  const lines = ['kind: addresses', `route: { ${route} }`, ...more].map((line) => `  ${line}`);
  return cellText(targets, ['api.example.test:', ...lines]);
}

function lack(family: 'A' | 'AAAA', other: string): string {
  const field = family === 'A' ? 'ipv4' : 'ipv6';
  return `has no target with an ${field}, which "${other}" beside it has, so that its clients get no ${family} answer: add one, or leave ${family} out of the endpoint's families.`;
}

test.each<[string, string, readonly string[]]>([
  [
    'whose default has the other family',
    'geolocation: { default: { targets: [v6] }, EU: { targets: [v4] } }',
    [`fleet.yaml:12:33: ${LINE}.geolocation.default ${lack('A', 'EU')}`],
  ],
  [
    'whose default alone lacks one',
    'geolocation: { EU: { targets: [v4], standby: [v6] }, default: { targets: [v4] }, US-CA: { targets: [both] } }',
    [`fleet.yaml:12:71: ${LINE}.geolocation.default ${lack('AAAA', 'EU')}`],
  ],
  [
    'without a default',
    'geolocation: { EU: { targets: [v4] }, OC: { targets: [both] }, SG: { targets: [v6] } }, elsewhere: none',
    [
      `fleet.yaml:12:33: ${LINE}.geolocation.EU ${lack('AAAA', 'OC')}`,
      `fleet.yaml:12:81: ${LINE}.geolocation.SG ${lack('A', 'EU')}`,
    ],
  ],
  [
    'of networks whose default lacks one',
    `cidr: { ${CIDR}, locations: { office: { targets: [both] }, default: { targets: [v4] } } }`,
    [`fleet.yaml:12:118: ${LINE}.cidr.locations.default ${lack('AAAA', 'office')}`],
  ],
  [
    'of networks without a default',
    `cidr: { ${CIDR}, locations: { office: { targets: [v4, v6] }, lab: { targets: [v6] } } }, elsewhere: none`,
    [`fleet.yaml:12:120: ${LINE}.cidr.locations.lab ${lack('A', 'office')}`],
  ],
  [
    'within another branch',
    'latency: { eu-west-1: { geolocation: { default: { targets: [v4] }, DE: { targets: [both] } } }, us-east-1: { targets: [v6] } }',
    [`fleet.yaml:12:57: ${LINE}.latency.eu-west-1.geolocation.default ${lack('AAAA', 'DE')}`],
  ],
])('a route by place %s has clients without an answer in one family', (_, route, says) => {
  expect(printed(text(route))).toEqual(says);
});

describe('a branch may lack a family', () => {
  it.each<[string, string]>([
    [
      'that the default has',
      'geolocation: { default: { targets: [both] }, EU: { targets: [v4] }, DE: { targets: [v6] } }',
    ],
    [
      'that the networks of the default have',
      `cidr: { ${CIDR}, locations: { default: { targets: [v4, v6] }, lab: { targets: [v6] } } }`,
    ],
    [
      'that its country has',
      'geolocation: { US: { targets: [both] }, US-CA: { targets: [v4] } }, elsewhere: none',
    ],
    [
      'that no other beside it has',
      'latency: { eu-west-1: { geolocation: { default: { targets: [v4] }, DE: { targets: [v4] } } }, us-east-1: { targets: [v6] } }',
    ],
    [
      'where Route 53 takes the next best',
      'latency: { eu-west-1: { targets: [v4] }, us-east-1: { targets: [v6] } }',
    ],
    [
      'whose branches have it together',
      'geolocation: { default: { weighted: { x: { share: 1, targets: [v4] }, y: { share: 1, targets: [v6] } } }, EU: { targets: [both] } }',
    ],
  ])('%s', (_, route) => {
    expect(fleetIn(text(route)).cells).toHaveLength(1);
  });

  it('in which the endpoint does not answer', () => {
    const route = 'geolocation: { default: { targets: [v4] }, EU: { targets: [both] } }';
    expect(printed(text(route))).toHaveLength(1);
    expect(printed(text(route, ['families: [A]']))).toEqual([]);
  });

  it('as far as anybody knows while a target of its own is a mistake', () => {
    const route = 'geolocation: { default: { targets: [v4, broken] }, EU: { targets: [both] } }';
    expect(printed(text(route, [], TARGETS))).toEqual([expect.stringContaining('targets.broken.ipv4')]);
  });

  it('where none of its targets has an address, which is one mistake by itself', () => {
    const named = 'named: { az: z1, capacity: 10, hostname: lb.example.net }';
    const route = 'geolocation: { default: { targets: [named] }, EU: { targets: [both] } }';
    expect(printed(text(route, [], [...TARGETS.slice(0, 3), named]))).toEqual([
      expect.stringContaining('route.geolocation.default.targets[0] is "named", which has no ipv4 or ipv6'),
    ]);
  });
});
