import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { generation } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { planTreeLabel, rescueTreeLabel, treeName } from '../../lib/plan/owned-names.ts';
import type { EndpointKind, Leaf, Plan, PlannedEndpoint } from '../../lib/plan/plan.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { formatPlan, parseEditedPlan, parsePlan } from '../../lib/plan/plan-json.ts';

const scope = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const ENDPOINT_NAMES = [
  'example.test',
  '*.example.test',
  'api.example.test',
  '*.api.example.test',
  'a-b.c.example.test',
];

const weight = fc.integer({ min: 1, max: 255 });
const capacity = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.double({ min: 0.5, max: 9, noNaN: true }),
);
const target = fc.stringMatching(/^[a-z0-9-]{1,64}$/);
const health = fc.option(fc.uuid(), { nil: undefined });

const ADDRESSES = fc.record({
  type: fc.constant('A' as const),
  values: fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }),
});
const ADDRESSES_6 = fc.record({
  type: fc.constant('AAAA' as const),
  values: fc.array(fc.ipV6(), { minLength: 1, maxLength: 3 }),
});
const HOSTNAME = fc.record({
  type: fc.constant('CNAME' as const),
  values: fc.constantFrom(['x.example.com'], ['y.example.com.']),
});
const ALIAS = fc.record({
  type: fc.constantFrom('A' as const, 'AAAA' as const),
  alias: fc.record({
    zoneId: fc.constantFrom('Z35SXDOTRQ7X7K'),
    name: fc.constant(dnsName('lb.us-east-1.elb.amazonaws.com')),
    evaluateTargetHealth: fc.boolean(),
  }),
});

function leaves(kind: EndpointKind): fc.Arbitrary<readonly Leaf[]> {
  const content = { addresses: fc.oneof(ADDRESSES, ADDRESSES_6), hostname: HOSTNAME, alias: ALIAS }[kind];
  const leaf = fc.tuple(fc.record({ target, weight, capacity }), content, health).map(
    ([basics, data, healthCheckId]): Leaf => ({
      ...basics,
      ...data,
      ...(healthCheckId === undefined ? {} : { healthCheckId }),
    }),
  );
  return fc.uniqueArray(leaf, { selector: (each) => `${each.type} ${each.target}`, maxLength: 5 });
}

function endpoint(name: string, plan: number): fc.Arbitrary<PlannedEndpoint> {
  return fc.constantFrom<EndpointKind>('addresses', 'hostname', 'alias').chain((kind) =>
    fc
      .record({
        leaves: leaves(kind),
        ttl: fc.integer({ min: 0, max: 86_400 }),
        made: fc.integer({ min: 1, max: plan }),
        rescue: fc.boolean(),
      })
      .map(({ made, rescue, ...rest }) => ({
        name: dnsName(name),
        kind,
        tree: treeName(rescue ? rescueTreeLabel(made) : planTreeLabel(made), dnsName(name), scope),
        ...rest,
      })),
  );
}

const plans: fc.Arbitrary<Plan> = fc
  .record({ number: fc.integer({ min: 1, max: 2_000_000 }), names: fc.subarray(ENDPOINT_NAMES) })
  .chain(({ number, names }) =>
    fc.record({
      format: fc.constant(1 as const),
      cell: fc.constant(scope.cell),
      zone: fc.constant(scope.zone),
      zoneId: fc.constant(scope.zoneId),
      generation: fc.constant(generation(number)),
      parent: fc.integer({ min: 0, max: number - 1 }),
      endpoints: fc.tuple(...names.map((name) => endpoint(name, number))),
    }),
  );

const GOOD: Plan = {
  format: 1,
  ...scope,
  generation: generation(145),
  parent: 144,
  endpoints: [
    {
      name: dnsName('api.example.test'),
      kind: 'addresses',
      tree: dnsName('g000145.api.use1-a._pawl.example.test'),
      ttl: 60,
      leaves: [
        { target: 'i-1', type: 'A', weight: 255, capacity: 100, values: ['192.0.2.1'] },
        { target: 'i-2', type: 'A', weight: 128, capacity: 50, values: ['192.0.2.2'] },
      ],
    },
  ],
};

describe('a stored plan', () => {
  it('comes back equal from either of its forms, with the same digest', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(parsePlan(formatPlan(plan))).toEqual({ type: 'plan', plan });
        expect(parsePlan(canonicalJson(plan))).toEqual({ type: 'plan', plan });
        const parsed = parsePlan(canonicalJson(plan));
        if (parsed.type === 'plan') expect(planDigest(parsed.plan)).toBe(planDigest(plan));
      }),
    );
  });

  it('is written for people: indented, with a newline at its end', () => {
    expect(formatPlan(GOOD).split('\n').slice(0, 3)).toEqual(['{', '  "format": 1,', '  "cell": "use1-a",']);
    expect(formatPlan(GOOD).endsWith('}\n')).toBe(true);
  });
});

type Edit = (
  plan: Record<string, unknown>,
  endpoint: Record<string, unknown>,
  leaf: Record<string, unknown>,
) => void;

/** The good plan, changed in one place. */
function edited(edit: Edit): string {
  const plan = JSON.parse(formatPlan(GOOD));
  edit(plan, plan.endpoints[0], plan.endpoints[0].leaves[0]);
  return JSON.stringify(plan);
}

describe('a mistake in a plan', () => {
  it.each<[string, Edit, string, RegExp]>([
    [
      'another format',
      (plan) => Object.assign(plan, { format: 3 }),
      'format',
      /^Pawl of another release wrote it in format 3, and this Pawl reads formats up to 2\.$/,
    ],
    ['no format', (plan) => Object.assign(plan, { format: '1' }), 'format', /format is 1 or 2, not "1"/],
    [
      'the format of nodes without nodes',
      (plan) => Object.assign(plan, { format: 2 }),
      'format',
      /^The format of this plan is 1, not 2\.$/,
    ],
    [
      'a later format, whose writer says who it is',
      (plan) => Object.assign(plan, { format: 3, readableFrom: 1, pawl: '0.9.0' }),
      'format',
      /^Pawl 0\.9\.0 wrote it in format 3/,
    ],
    [
      'an unknown key',
      (plan) => Object.assign(plan, { note: 'x' }),
      '',
      /^The key "note" is not known; known are format, /,
    ],
    ['a missing key', (plan) => delete plan['zone'], '', /^The key "zone" is missing\.$/],
    ['a cell that is none', (plan) => Object.assign(plan, { cell: 'Use1 A' }), 'cell', /is not a cell name/],
    [
      'a generation of 0',
      (plan) => Object.assign(plan, { generation: 0 }),
      'generation',
      /whole number from 1/,
    ],
    [
      'a parent that is not older',
      (plan) => Object.assign(plan, { parent: 145 }),
      'parent',
      /from 0 to 144 .* not 145/,
    ],
    [
      'endpoints that are no list',
      (plan) => Object.assign(plan, { endpoints: {} }),
      'endpoints',
      /A list is needed here, not an object/,
    ],
    [
      'a name outside the zone',
      (_, each) => Object.assign(each, { name: 'api.other.test' }),
      'endpoints[0].name',
      /not in the zone/,
    ],
    [
      'a reserved label',
      (_, each) => Object.assign(each, { name: 'x._pawl.example.test' }),
      'endpoints[0].name',
      /"_pawl", which Pawl keeps/,
    ],
    [
      'a name in another form',
      (_, each) => Object.assign(each, { name: 'API.example.test.' }),
      'endpoints[0].name',
      /not as Pawl writes it/,
    ],
    [
      "another endpoint's tree",
      (_, each) => Object.assign(each, { tree: 'g000145.www.use1-a._pawl.example.test' }),
      'endpoints[0].tree',
      /is not a tree's name of api.example.test/,
    ],
    [
      'a tree that is none',
      (_, each) => Object.assign(each, { tree: 'rollback.api.use1-a._pawl.example.test' }),
      'endpoints[0].tree',
      /is not a tree's name/,
    ],
    [
      'a tree of a later plan',
      (_, each) => Object.assign(each, { tree: 'g000146.api.use1-a._pawl.example.test' }),
      'endpoints[0].tree',
      /above the plan's own, 145/,
    ],
    ['no tree', (_, each) => delete each['tree'], 'endpoints[0]', /^The key "tree" is missing\.$/],
    [
      'an unknown kind',
      (_, each) => Object.assign(each, { kind: 'address' }),
      'endpoints[0].kind',
      /One of addresses, hostname, alias/,
    ],
    [
      'a negative TTL',
      (_, each) => Object.assign(each, { ttl: -1 }),
      'endpoints[0].ttl',
      /from 0 to 2147483647/,
    ],
    [
      'the same target twice',
      (_, each) =>
        Object.assign(each, { leaves: [GOOD.endpoints[0]?.leaves[0], GOOD.endpoints[0]?.leaves[0]] }),
      'endpoints[0].leaves[1]',
      /"A i-1" is here twice/,
    ],
    [
      'weight 0',
      (_, __, leaf) => Object.assign(leaf, { weight: 0 }),
      'endpoints[0].leaves[0].weight',
      /from 1 to 255/,
    ],
    [
      'a weight in words',
      (_, __, leaf) => Object.assign(leaf, { weight: '9' }),
      'endpoints[0].leaves[0].weight',
      /not "9"/,
    ],
    [
      'no capacity',
      (_, __, leaf) => Object.assign(leaf, { capacity: null }),
      'endpoints[0].leaves[0].capacity',
      /not null/,
    ],
    [
      'a CNAME among addresses',
      (_, __, leaf) => Object.assign(leaf, { type: 'CNAME' }),
      'endpoints[0].leaves[0].type',
      /One of A, AAAA/,
    ],
    [
      'an IPv6 in an IPv4 field',
      (_, __, leaf) => Object.assign(leaf, { values: ['2001:db8::1'] }),
      'endpoints[0].leaves[0].values[0]',
      /"2001:db8::1" is not an IPv4 address/,
    ],
    [
      'an IPv4 in an IPv6 field',
      (_, __, leaf) => Object.assign(leaf, { type: 'AAAA' }),
      'endpoints[0].leaves[0].values[0]',
      /is not an IPv6 address/,
    ],
    [
      'an address with a leading zero',
      (_, __, leaf) => Object.assign(leaf, { values: ['192.0.2.01'] }),
      'endpoints[0].leaves[0].values[0]',
      /IPv4/,
    ],
    [
      'no values',
      (_, __, leaf) => Object.assign(leaf, { values: [] }),
      'endpoints[0].leaves[0].values',
      /of 1 to 400 items .* not of 0/,
    ],
    [
      'values and an alias',
      (_, __, leaf) => Object.assign(leaf, { alias: {} }),
      'endpoints[0].leaves[0]',
      /has "values" and no "alias"/,
    ],
    [
      'an alias endpoint without alias',
      (_, each) => Object.assign(each, { kind: 'alias' }),
      'endpoints[0].leaves[0]',
      /has an "alias" and no "values"/,
    ],
    [
      'an empty target',
      (_, __, leaf) => Object.assign(leaf, { target: '' }),
      'endpoints[0].leaves[0].target',
      /1 to 128 plain characters/,
    ],
    [
      'half a character',
      (_, __, leaf) => Object.assign(leaf, { target: '\ud800' }),
      'endpoints[0].leaves[0].target',
      /plain characters/,
    ],
  ])('is named: %s', (_, edit, path, message) => {
    expect(parsePlan(edited(edit))).toEqual({
      type: 'invalid',
      path,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"plan"',
    '1',
    '{"format":1,}',
    '[['.repeat(200_000),
    '[['.repeat(50_000) + ']]'.repeat(50_000),
  ])('is named in a text that is no plan', (json) => {
    expect(parsePlan(json)).toMatchObject({
      type: 'invalid',
      path: '',
      message: expect.stringMatching(/^[^\n]+\.$/),
    });
  });

  it('is named in a text that is too long for a plan', () => {
    expect(parsePlan(' '.repeat(10 * 1_024 * 1_024 + 1))).toMatchObject({
      message: expect.stringMatching(/characters, more/),
    });
  });
});

describe('a plan that a person edited', () => {
  it('may write names in any form, in any order, and leave trees out', () => {
    const [api] = GOOD.endpoints;
    const { tree: _, ...bare } = { ...api, leaves: [...(api?.leaves ?? [])].reverse(), tree: '' };
    const www = { ...bare, name: 'WWW.example.test.' };
    const json = JSON.stringify({ ...GOOD, endpoints: [www, bare] });
    const parsed = parseEditedPlan(json);
    expect(parsed).toEqual({
      type: 'plan',
      plan: {
        ...GOOD,
        endpoints: [
          api,
          {
            ...api,
            name: 'www.example.test',
            tree: 'g000145.www.use1-a._pawl.example.test',
          },
        ],
      },
    });
  });

  it('may not name an endpoint twice', () => {
    const json = JSON.stringify({
      ...GOOD,
      endpoints: [GOOD.endpoints[0], { ...GOOD.endpoints[0], name: 'API.example.test' }],
    });
    expect(parseEditedPlan(json)).toMatchObject({
      type: 'invalid',
      path: 'endpoints[1]',
      message: '"api.example.test" is here twice.',
    });
  });
});

it('any JSON is a plan or one sentence', () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (json, strict) => {
      const parsed = strict ? parsePlan(json) : parseEditedPlan(json);
      if (parsed.type === 'invalid') expect(parsed.message).toMatch(/^[^\n]+\.$/);
    }),
    { numRuns: 2_000 },
  );
});

it('any part of a plan replaced by anything is a plan or one sentence, which names the place', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.double(),
    fc.constantFrom(-1, 0, 1.5, 256, 1e300, '\u0000', null),
  );
  fc.assert(
    fc.property(plans, fc.nat(), anything, (plan, pick, value) => {
      let seen = 0;
      const count = [...JSON.stringify(plan).matchAll(/[:,[]/g)].length;
      const broken = JSON.stringify(plan, (_, part: unknown) => {
        seen += 1;
        return seen === (pick % count) + 2 ? value : part;
      });
      const parsed = parsePlan(broken);
      if (parsed.type === 'invalid') {
        expect(parsed.message).toMatch(/^[^\n]+\.$/);
        expect(parsed.path).toMatch(/^([a-zA-Z]+(\[\d+\])?(\.[a-zA-Z]+(\[\d+\])?)*)?$/);
      } else {
        expect(parsePlan(formatPlan(parsed.plan))).toEqual(parsed);
      }
    }),
    { numRuns: 2_000 },
  );
});
