import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { REGION_NAMES } from '../../lib/emulator/places/built-in-places.ts';
import { parseCellFleet, serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import { AWS_REGIONS } from '../../lib/plan/aws-regions.ts';
import type { FleetEndpoint } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { cellText, fleetIn, printed } from './fleet-text.ts';

const TARGETS = ['a', 'b', 'c', 'd'].map(
  (id, index) => `${id}: { az: z1, capacity: 10, ipv4: 192.0.2.${index} }`,
);

/** The lines of an endpoint `api`, from line 11 on. */
function text(lines: readonly string[], kind = 'addresses'): string {
  return cellText(TARGETS, ['api.example.test:', `  kind: ${kind}`, ...lines.map((line) => `  ${line}`)]);
}

function read(lines: readonly string[]): FleetEndpoint {
  const [endpoint] = fleetIn(text(lines)).cells[0]?.endpoints ?? [];
  if (endpoint === undefined) throw new Error('there is no endpoint');
  return endpoint;
}

const CollectionId = '01234567-89ab-cdef-0123-456789abcdef';
const to = (...targets: readonly string[]) => ({ type: 'targets', targets, answer: 'weighted' });

describe('a route in a fleet file', () => {
  it('is nested as the policies are', () => {
    const endpoint = read([
      'route:',
      '  latency:',
      '    us-east-1: { targets: [b, a], floor: 2 }',
      '    eu-west-1:',
      '      failover:',
      '        primary: { targets: [c] }',
      '        secondary: { targets: [d] }',
    ]);
    expect(endpoint.targets).toEqual(['a', 'b', 'c', 'd']);
    expect(endpoint.route).toEqual({
      type: 'branches',
      policy: 'latency',
      branches: [
        {
          id: 'eu-west-1',
          routing: { Region: 'eu-west-1' },
          route: {
            type: 'branches',
            policy: 'failover',
            branches: [
              { id: 'primary', routing: { Failover: 'PRIMARY' }, route: to('c') },
              { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: to('d') },
            ],
          },
        },
        { id: 'us-east-1', routing: { Region: 'us-east-1' }, route: { ...to('a', 'b'), floor: 2 } },
      ],
    });
  });

  it('names places as Route 53 does', () => {
    const { route } = read([
      'route:',
      '  geolocation:',
      '    default: { targets: [a] }',
      '    EU: { targets: [b] }',
      '    DE: { targets: [c] }',
      '    US-CA: { targets: [d] }',
      '    continent-SA: { targets: [a] }',
      '    country-SA: { targets: [b] }',
    ]);
    const branches = route?.type === 'branches' ? route.branches : [];
    expect(
      branches.map(({ id, routing }) => [id, 'GeoLocation' in routing ? routing.GeoLocation : {}]),
    ).toEqual([
      ['continent-sa', { ContinentCode: 'SA' }],
      ['country-sa', { CountryCode: 'SA' }],
      ['de', { CountryCode: 'DE' }],
      ['default', { CountryCode: '*' }],
      ['eu', { ContinentCode: 'EU' }],
      ['us-ca', { CountryCode: 'US', SubdivisionCode: 'CA' }],
    ]);
  });

  it('takes shares, points and networks', () => {
    expect(
      read(['route: { weighted: { blue: { share: 90, targets: [a] }, green: { share: 0, targets: [b] } } }'])
        .route,
    ).toMatchObject({
      branches: [
        { id: 'blue', routing: { weight: 90 } },
        { id: 'green', routing: { weight: 0 } },
      ],
    });
    expect(
      read([
        'route:',
        '  geoproximity:',
        '    near: { region: eu-west-1, bias: -5, targets: [a] }',
        '    far: { coordinates: [48.1, 11.58], targets: [b] }',
      ]).route,
    ).toMatchObject({
      branches: [
        {
          id: 'far',
          routing: { GeoProximityLocation: { Coordinates: { Latitude: '48.10', Longitude: '11.58' } } },
        },
        { id: 'near', routing: { GeoProximityLocation: { AWSRegion: 'eu-west-1', Bias: -5 } } },
      ],
    });
    expect(
      read([
        'route:',
        '  cidr:',
        `    collection: ${CollectionId}`,
        '    locations: { Head_Office: { targets: [a] }, default: { targets: [b] } }',
      ]).route,
    ).toMatchObject({
      branches: [
        { id: 'default', routing: { CidrRoutingConfig: { CollectionId, LocationName: '*' } } },
        { id: 'head-office', routing: { CidrRoutingConfig: { CollectionId, LocationName: 'Head_Office' } } },
      ],
    });
  });

  it('has a label for every location that Route 53 takes, and leaves the name of the location as it is', () => {
    const locations = '{ _lab: { targets: [a] }, Lab-2-: { targets: [b] }, -__c3_-: { targets: [b] } }';
    const { route } = read([
      `route: { cidr: { collection: ${CollectionId}, locations: ${locations} }, elsewhere: none }`,
    ]);
    expect(route).toMatchObject({
      branches: [
        { id: 'c3', routing: { CidrRoutingConfig: { CollectionId, LocationName: '-__c3_-' } } },
        { id: 'lab', routing: { CidrRoutingConfig: { CollectionId, LocationName: '_lab' } } },
        { id: 'lab-2', routing: { CidrRoutingConfig: { CollectionId, LocationName: 'Lab-2-' } } },
      ],
    });
  });

  it('is a failover where an endpoint or a branch has a standby', () => {
    const failover = {
      type: 'branches',
      policy: 'failover',
      branches: [
        { id: 'primary', routing: { Failover: 'PRIMARY' }, route: to('a', 'b') },
        { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: to('c') },
      ],
    };
    expect(read(['targets: [a, b]', 'standby: [c]'])).toMatchObject({
      targets: ['a', 'b', 'c'],
      route: failover,
    });
    expect(
      read(['route: { latency: { eu-west-1: { targets: [a, b], standby: [c] } } }']).route,
    ).toMatchObject({
      branches: [{ id: 'eu-west-1', route: failover }],
    });
  });

  it('is one set in groups, where that is asked for', () => {
    const grouped = { ...to('a', 'b'), group: 'az' };
    expect(read(['targets: [a, b]', 'group: az']).route).toEqual(grouped);
    expect(read(['route: { targets: [a, b], group: az }']).route).toEqual(grouped);
  });

  it('is none where it only names targets', () => {
    expect(read(['route: { targets: [a, b] }'])).not.toHaveProperty('route');
    expect(read(['route: { targets: [a, b], answer: multivalue }']).route).toMatchObject({
      answer: 'multivalue',
    });
  });

  it('is stored in a format that an older release refuses, and read back', () => {
    const file = fleetIn(
      text(['route: { latency: { eu-west-1: { targets: [a], floor: 1 }, us-east-1: { targets: [b] } } }']),
    );
    const resolved = resolveFleet(file, new Map([[dnsName('example.test'), 'Z0123']]));
    const [cell] = resolved.type === 'resolved' ? resolved.cells : [];
    if (cell === undefined) throw new Error('there is no cell');
    const stored = JSON.parse(JSON.stringify(serialiseCellFleet(cell)));
    expect(stored).toMatchObject({ format: 2, readableFrom: 2 });
    expect(parseCellFleet(stored)).toEqual(cell);
    const { route: _, ...plain } = cell.endpoints[0] as FleetEndpoint;
    expect(serialiseCellFleet({ ...cell, endpoints: [plain] })).toMatchObject({ format: 1 });
  });
});

const LINE = 'cells.use1-a.endpoints["api.example.test"]';

test.each<[string, readonly string[], readonly string[], string?]>([
  [
    'beside targets',
    ['targets: [a]', 'route: { targets: [b] }'],
    [`fleet.yaml:13:9: ${LINE}.targets stands beside a route: move it into the route, or remove it.`],
  ],
  [
    'of nothing',
    ['route: {}'],
    [
      `fleet.yaml:13:9: ${LINE}.route says nothing of what answers: add targets, or one of weighted, latency, geolocation, geoproximity, failover, cidr.`,
    ],
  ],
  [
    'of two policies',
    ['route: { targets: [a], latency: { eu-west-1: { targets: [b] } } }'],
    [
      `fleet.yaml:13:32: ${LINE}.route.latency stands beside targets: use one of them, and nest the other in a branch.`,
    ],
  ],
  [
    'by a Region that is none',
    ['route: { latency: { eu-west-11: { targets: [a] } } }'],
    [
      `fleet.yaml:13:29: ${LINE}.route.latency.eu-west-11 is no Region that Route 53 routes by: did you mean "eu-west-1"?`,
    ],
  ],
  [
    'that leaves the rest of the world without an answer',
    ['route: { geolocation: { EU: { targets: [a] } } }'],
    [
      `fleet.yaml:13:18: ${LINE}.route.geolocation has no default, so that clients elsewhere get no answer: add one, or say "elsewhere: none" beside geolocation.`,
    ],
  ],
  [
    'with a default and none elsewhere',
    ['route: { geolocation: { default: { targets: [a] } }, elsewhere: none }'],
    [
      `fleet.yaml:13:62: ${LINE}.route.elsewhere is none although geolocation has a default: remove one of them.`,
    ],
  ],
  [
    'that leaves all other networks without an answer',
    [`route: { cidr: { collection: ${CollectionId}, locations: { office: { targets: [a] } } } }`],
    [
      `fleet.yaml:13:76: ${LINE}.route.cidr.locations has no default, so that clients in other networks get no answer: add one, or say "elsewhere: none" beside cidr.`,
    ],
  ],
  [
    'by networks with a default and none elsewhere',
    [
      `route: { cidr: { collection: ${CollectionId}, locations: { default: { targets: [a] } } }, elsewhere: none }`,
    ],
    [`fleet.yaml:13:120: ${LINE}.route.elsewhere is none although cidr has a default: remove one of them.`],
  ],
  [
    'by neither place nor network with none elsewhere',
    ['route: { targets: [a], elsewhere: none }'],
    [`fleet.yaml:13:32: ${LINE}.route.elsewhere belongs beside geolocation or cidr: remove it.`],
  ],
  [
    'by a code that is a continent and a country',
    ['route: { geolocation: { default: { targets: [a] }, SA: { targets: [b] } } }'],
    [
      `fleet.yaml:13:60: ${LINE}.route.geolocation.SA is the code of a continent and of a country: write continent-SA or country-SA.`,
    ],
  ],
  [
    'by places that are none',
    [
      'route: { geolocation: { default: { targets: [a] }, XQ: { targets: [b] }, DE-BY: { targets: [c] }, UK: { targets: [a] }, US-ZZ: { targets: [b] } } }',
    ],
    [
      `fleet.yaml:13:60: ${LINE}.route.geolocation.XQ is neither a continent nor a country of ISO 3166-1: use one such as EU, DE or US-CA.`,
      `fleet.yaml:13:82: ${LINE}.route.geolocation.DE-BY is a part of a country whose parts Route 53 does not know: use DE.`,
      `fleet.yaml:13:107: ${LINE}.route.geolocation.UK is neither a continent nor a country of ISO 3166-1: use one such as EU, DE or US-CA.`,
      `fleet.yaml:13:129: ${LINE}.route.geolocation.US-ZZ is no state of the United States: use one such as US-CA.`,
    ],
  ],
  [
    'with a target that is none, or twice in a list',
    ['route: { failover: { primary: { targets: [a, a] }, secondary: { targets: [e] } } }'],
    [
      `fleet.yaml:13:54: ${LINE}.route.failover.primary.targets[1] is "a", which is in the list already: remove it.`,
      `fleet.yaml:13:83: ${LINE}.route.failover.secondary.targets[0] is "e", which is no target of its cell: did you mean "a"?`,
    ],
  ],
  [
    'with a floor above its targets, or beside none',
    ['route: { floor: 1, weighted: { x: { share: 1, targets: [a], floor: 2 } } }'],
    [
      `fleet.yaml:13:18: ${LINE}.route.floor belongs beside targets: move it into a branch.`,
      `fleet.yaml:13:76: ${LINE}.route.weighted.x.floor is 2, more than the number of targets beside it (1): lower the floor, or add targets.`,
    ],
  ],
  [
    'in groups of many answers',
    ['route: { targets: [a], answer: multivalue, group: az }'],
    [
      `fleet.yaml:13:52: ${LINE}.route.group cannot be beside multivalue answers, which are one set: remove it.`,
    ],
  ],
  [
    'of more branches than Route 53 allows',
    [
      `route: { weighted: { ${Array.from({ length: 101 }, (_, i) => `b${i}: { share: 1, targets: [a] }`).join(', ')} } }`,
    ],
    [
      `fleet.yaml:13:18: ${LINE}.route.weighted has 101 branches, more than the 100 records of this policy that Route 53 allows for one name and type: nest some of them.`,
    ],
  ],
  [
    'of more points than Route 53 allows',
    [
      `route: { geoproximity: { ${Array.from({ length: 31 }, (_, i) => `p${i}: { coordinates: [${i}, 0], targets: [a] }`).join(', ')} } }`,
    ],
    [
      `fleet.yaml:13:18: ${LINE}.route.geoproximity has 31 branches, more than the 30 records of this policy that Route 53 allows for one name and type: nest some of them.`,
    ],
  ],
  [
    'without traffic for anybody',
    ['route: { weighted: { x: { share: 0, targets: [a] } } }'],
    [`fleet.yaml:13:18: ${LINE}.route.weighted gives every branch a share of 0: give one of them traffic.`],
  ],
  [
    'by a name that stands for something else',
    ['route: { weighted: { rollback: { share: 1, targets: [a] }, g000145: { share: 1, targets: [b] } } }'],
    [
      `fleet.yaml:13:30: ${LINE}.route.weighted.rollback cannot be a label of a name: use another name.`,
      `fleet.yaml:13:68: ${LINE}.route.weighted.g000145 cannot be a label of a name: use another name.`,
    ],
  ],
  [
    'by names that are none',
    [
      'route: { weighted: { Blue: { share: 1, targets: [a] }, bläu: { share: 1, targets: [a] }, a.b: { share: 1, targets: [b] } } }',
    ],
    [
      `fleet.yaml:13:30: ${LINE}.route.weighted has the key "Blue": did you mean "blue"?`,
      `fleet.yaml:13:64: ${LINE}.route.weighted has the key "bläu": use a branch name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as blue.`,
      `fleet.yaml:13:98: ${LINE}.route.weighted has the key "a.b": use a branch name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as blue.`,
    ],
  ],
  [
    'by a name that another branch has in small letters',
    ['route: { weighted: { Blue: { share: 1, targets: [a] }, blue: { share: 1, targets: [b] } } }'],
    [
      `fleet.yaml:13:30: ${LINE}.route.weighted has the key "Blue": use a branch name of 1 to 32 of a-z, 0-9 and "-", not at an end, such as blue.`,
    ],
  ],
  [
    'by places in small letters, and by words that are no place',
    [
      'route: { geolocation: { Default: { targets: [a] }, eu: { targets: [b] }, us-ca: { targets: [c] }, Country-sa: { targets: [c] }, sa: { targets: [a] }, uk: { targets: [d] }, Europe: { targets: [d] } } }',
    ],
    [
      `fleet.yaml:13:33: ${LINE}.route.geolocation has the key "Default": did you mean "default"?`,
      `fleet.yaml:13:60: ${LINE}.route.geolocation has the key "eu": did you mean "EU"?`,
      `fleet.yaml:13:82: ${LINE}.route.geolocation has the key "us-ca": did you mean "US-CA"?`,
      `fleet.yaml:13:107: ${LINE}.route.geolocation has the key "Country-sa": did you mean "country-SA"?`,
      ...[
        [137, 'sa'],
        [159, 'uk'],
        [181, 'Europe'],
      ].map(
        ([column, key]) =>
          `fleet.yaml:13:${column}: ${LINE}.route.geolocation has the key "${key}": use default, a continent such as EU, a country such as DE, or a state such as US-CA.`,
      ),
    ],
  ],
  [
    'by a location that is none',
    [`route: { cidr: { collection: ${CollectionId}, locations: { "*": { targets: [a] } } } }`],
    [
      `fleet.yaml:13:89: ${LINE}.route.cidr.locations has the key "*": use default, or a location of the collection, 1 to 16 of A-Z, a-z, 0-9, "-" and "_".`,
    ],
  ],
  [
    'by names that are none, with what is wrong under them',
    [
      'route: { geoproximity: { North: { regoin: eu-west-1, weighted: { Blue: { targets: [a] } }, floor: 0 } } }',
    ],
    [
      `fleet.yaml:13:34: ${LINE}.route.geoproximity has the key "North": did you mean "north"?`,
      `fleet.yaml:13:43: ${LINE}.route.geoproximity.North has the unknown key "regoin": did you mean "region"?`,
      `fleet.yaml:13:74: ${LINE}.route.geoproximity.North.weighted has the key "Blue": did you mean "blue"?`,
      `fleet.yaml:13:74: ${LINE}.route.geoproximity.North.weighted.Blue has no share: add a whole number, in relation to the other shares, from 0 to 255.`,
      `fleet.yaml:13:107: ${LINE}.route.geoproximity.North.floor is 0: use a number of serving targets from 1 to 10,000.`,
    ],
  ],
  [
    'near no point, or two',
    [
      'route: { geoproximity: { x: { targets: [a] }, y: { region: eu-west-1, coordinates: [1, 2], targets: [b] } } }',
    ],
    [
      `fleet.yaml:13:34: ${LINE}.route.geoproximity.x has neither a region nor coordinates: use one of them.`,
      `fleet.yaml:13:55: ${LINE}.route.geoproximity.y has both a region and coordinates: use one of them.`,
    ],
  ],
  [
    'near a point that is too exact',
    ['route: { geoproximity: { x: { coordinates: [1.234, 2], targets: [a] } } }'],
    [
      `fleet.yaml:13:39: ${LINE}.route.geoproximity.x.coordinates holds 1.234, and Route 53 takes two decimals: round it.`,
    ],
  ],
  [
    'to locations of one name',
    [
      'route: { cidr: { collection: 01234567-89ab-cdef-0123-456789abcdef, locations: { A_B: { targets: [a] }, a-b: { targets: [b] } } }, elsewhere: none }',
    ],
    [
      `fleet.yaml:13:112: ${LINE}.route.cidr.locations.a-b has the label "a-b" in names, which another location here has already: remove one of them, or use another name in the collection.`,
    ],
  ],
  [
    'of networks whose locations differ in case only',
    [
      'route: { cidr: { collection: 01234567-89ab-cdef-0123-456789abcdef, locations: { Lab: { targets: [a] }, lab: { targets: [b] } } }, elsewhere: none }',
    ],
    [
      `fleet.yaml:13:112: ${LINE}.route.cidr.locations.lab has the label "lab" in names, which another location here has already: remove one of them, or use another name in the collection.`,
    ],
  ],
  [
    'of networks whose locations cannot be labels',
    [
      'route: { cidr: { collection: 01234567-89ab-cdef-0123-456789abcdef, locations: { __-: { targets: [a] }, _rollback: { targets: [b] } } }, elsewhere: none }',
    ],
    [
      `fleet.yaml:13:89: ${LINE}.route.cidr.locations.__- has no letter and no digit, so that it cannot be a label of a name: use another name in the collection.`,
      `fleet.yaml:13:112: ${LINE}.route.cidr.locations._rollback cannot be a label of a name, because "rollback" is another thing's there: use another name in the collection.`,
    ],
  ],
  [
    'deeper than four levels',
    [
      'route: { latency: { eu-west-1: { latency: { eu-west-1: { latency: { eu-west-1: { latency: { eu-west-1: { latency: { eu-west-1: { targets: [a] } } } } } } } } } } }',
    ],
    [
      `fleet.yaml:13:101: ${LINE}.route.latency.eu-west-1.latency.eu-west-1.latency.eu-west-1.latency.eu-west-1 is nested more than 4 levels deep: use fewer.`,
    ],
  ],
  [
    'of many answers to a hostname',
    ['route: { targets: [a], answer: multivalue }'],
    [
      `fleet.yaml:13:28: ${LINE}.route.targets[0] is "a", which has no hostname: add one to the target, or remove it here.`,
      `fleet.yaml:13:40: ${LINE}.route.answer is multivalue, which only an endpoint with addresses can be: remove it.`,
    ],
    'hostname',
  ],
])('a route %s is a mistake with its place', (_, lines, says, kind) => {
  expect(printed(text(lines, kind))).toEqual(says);
});

test('Regions are those of the emulator, which knows where they are', () => {
  expect([...REGION_NAMES].sort()).toEqual([...AWS_REGIONS].sort());
});

test('the example of a fleet that spans Regions has a route of each kind', () => {
  const example = readFileSync(new URL('../../examples/regions.yaml', import.meta.url), 'utf8');
  const routes = fleetIn(example).cells[0]?.endpoints.map(({ route }) => route);
  expect(routes?.map((route) => (route?.type === 'branches' ? route.policy : route?.answer))).toEqual([
    'latency',
    'weighted',
    'multivalue',
    'geolocation',
  ]);
});

test.each([
  [
    'geolocation: { default: { targets: [t1] }, DE: { targets: [t1] }, country-DE: { targets: [t1] } }',
    'country-DE is to Route 53 what the branch "de" is: remove one of them.',
  ],
  [
    'geoproximity: { a: { region: eu-west-1, targets: [t1] }, b: { region: eu-west-1, bias: 9, targets: [t1] } }',
    'geoproximity.b is to Route 53 what the branch "a" is: remove one of them.',
  ],
  [
    'geoproximity: { a: { region: eu-west-1, targets: [t1] }, b: { region: eu-west-1, targets: [t1] } }',
    'geoproximity.b is to Route 53 what the branch "a" is: remove one of them.',
  ],
  [
    'geoproximity: { a: { coordinates: [95, 0], targets: [t1] } }',
    'coordinates[0] is 95: use degrees from -90 to 90, with at most two decimals.',
  ],
])('what Route 53 would refuse has a sentence: %s', (route, says) => {
  const text = `version: 1\ncells:\n  a:\n    zone: example.test\n    targets: { t1: { az: z1, capacity: 1, ipv4: 192.0.2.1 } }\n    endpoints: { api.example.test: { kind: addresses, route: { ${route} } } }\n`;
  const parsed = parseFleet(text, 'fleet.yaml');
  const mistakes = parsed.type === 'invalid' ? parsed.mistakes.map(({ message }) => message) : [];
  expect(mistakes).toEqual([expect.stringContaining(says)]);
});
