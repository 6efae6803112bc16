import { describe, expect, test } from 'vitest';
import { answer } from '../../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../../lib/emulator/dns/answer-source.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { alias, at, set, sourceOf, weighted } from './zones.ts';

const API = at('api');
const QUERIES = 10_000;

/** How often each value answers over evenly spread fractions: the counts are exact. */
function spread(source: AnswerSource, name: DnsName = API, type = 'A', queries = QUERIES) {
  const counts: Record<string, number> = {};
  for (let index = 0; index < queries; index += 1) {
    const { answers } = answer(source, { name, type }, (index + 0.5) / queries);
    const shown = answers.map(({ value }) => value).join(' ');
    counts[shown] = (counts[shown] ?? 0) + 1;
  }
  return counts;
}

function checked(value: string, weight: number): RecordSet {
  return weighted(API, weight, value, { healthCheckId: value });
}

describe('weighted record sets', () => {
  test('answer in proportion to their weights', () => {
    const source = sourceOf([
      weighted(API, 1, '192.0.2.1'),
      weighted(API, 2, '192.0.2.2'),
      weighted(API, 7, '192.0.2.3'),
    ]);
    expect(spread(source)).toEqual({ '192.0.2.1': 1000, '192.0.2.2': 2000, '192.0.2.3': 7000 });
  });

  test('of weight 0 are never chosen beside others', () => {
    const source = sourceOf([
      weighted(API, 0, '192.0.2.1'),
      weighted(API, 255, '192.0.2.2'),
      weighted(API, 0, '192.0.2.3'),
    ]);
    expect(spread(source)).toEqual({ '192.0.2.2': QUERIES });
  });

  test('all of weight 0 are equal', () => {
    const values = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    expect(spread(sourceOf(values.map((value) => weighted(API, 0, value))))).toEqual(
      Object.fromEntries(values.map((value) => [value, 2500])),
    );
  });

  test('that are unhealthy leave their share to the others', () => {
    const sets = [checked('192.0.2.1', 1), checked('192.0.2.2', 1), checked('192.0.2.3', 3)];
    expect(spread(sourceOf(sets, { unhealthy: ['192.0.2.1'] }))).toEqual({
      '192.0.2.2': 2500,
      '192.0.2.3': 7500,
    });
  });

  test('that are all unhealthy answer as if all were healthy', () => {
    const sets = [checked('192.0.2.1', 1), checked('192.0.2.2', 4), checked('192.0.2.3', 0)];
    const unhealthy = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
    expect(spread(sourceOf(sets, { unhealthy }))).toEqual({ '192.0.2.1': 2000, '192.0.2.2': 8000 });
  });

  test('of weight 0 step in when every other is unhealthy and they are not', () => {
    const sets = [checked('192.0.2.1', 5), checked('192.0.2.2', 0), checked('192.0.2.3', 0)];
    expect(spread(sourceOf(sets, { unhealthy: ['192.0.2.1', '192.0.2.3'] }))).toEqual({
      '192.0.2.2': QUERIES,
    });
  });

  test('a set that stands alone answers, healthy or not, whatever its weight', () => {
    expect(spread(sourceOf([checked('192.0.2.1', 0)], { unhealthy: ['192.0.2.1'] }))).toEqual({
      '192.0.2.1': QUERIES,
    });
  });

  test('of CNAMEs are chosen like addresses', () => {
    const leaf = (weight: number, value: string) => weighted(API, weight, value, { type: 'CNAME' });
    const source = sourceOf([leaf(1, 'a.example.net.'), leaf(3, 'b.example.net.')]);
    expect(spread(source)).toEqual({ 'a.example.net.': 2500, 'b.example.net.': 7500 });
  });
});

describe('aliases', () => {
  const tree = at('g000145.api.use1-a._pawl');

  test('answer under their own name, with the target’s type and time to live', () => {
    const source = sourceOf([alias(API, 'A', tree), weighted(tree, 1, '192.0.2.1', { ttl: 17 })]);
    expect(answer(source, { name: API, type: 'A' }, 0).answers).toEqual([
      { name: API, type: 'A', ttl: 17, value: '192.0.2.1' },
    ]);
    expect(answer(source, { name: API, type: 'AAAA' }, 0).answers).toEqual([]);
  });

  test('spread as their tree does, and one fraction serves a choice of choices', () => {
    const other = at('g000144.api.use1-a._pawl');
    const source = sourceOf([
      alias(API, 'A', tree, { setIdentifier: 'new', weight: 9 }),
      alias(API, 'A', other, { setIdentifier: 'old', weight: 1 }),
      weighted(tree, 1, '192.0.2.1'),
      weighted(tree, 2, '192.0.2.2'),
      weighted(other, 1, '192.0.2.3'),
      weighted(other, 1, '192.0.2.4'),
    ]);
    expect(spread(source)).toEqual({
      '192.0.2.1': 3000,
      '192.0.2.2': 6000,
      '192.0.2.3': 500,
      '192.0.2.4': 500,
    });
  });

  test('to nothing answer with nothing: the name is there, so NODATA with the SOA', () => {
    const source = sourceOf([alias(API, 'A', tree), set(at('other'), 'A', '192.0.2.1')]);
    expect(answer(source, { name: API, type: 'A' }, 0)).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authorities: [{ type: 'SOA', ttl: 300 }],
    });
  });

  test('to a name that only a wildcard covers, or that has another type, answer with nothing', () => {
    const source = sourceOf([
      alias(API, 'A', tree),
      alias(API, 'AAAA', at('four')),
      set(at('*.api.use1-a._pawl'), 'A', '192.0.2.1'),
      set(at('four'), 'A', '192.0.2.4'),
    ]);
    expect(answer(source, { name: API, type: 'A' }, 0).answers).toEqual([]);
    expect(answer(source, { name: API, type: 'AAAA' }, 0).answers).toEqual([]);
  });

  test('are followed through aliases, but not for ever', () => {
    const chain = (length: number) => [
      ...Array.from({ length }, (_, index) => alias(at(`n${index}`), 'A', at(`n${index + 1}`))),
      set(at(`n${length}`), 'A', '192.0.2.1'),
    ];
    const first = { name: at('n0'), type: 'A' };
    expect(answer(sourceOf(chain(16)), first, 0).answers).toMatchObject([
      { name: at('n0'), value: '192.0.2.1' },
    ]);
    expect(answer(sourceOf(chain(40)), first, 0).answers).toEqual([]);
    const circle = sourceOf([alias(at('n0'), 'A', at('n1')), alias(at('n1'), 'A', at('n0'))]);
    expect(answer(circle, first, 0)).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  test('of type CNAME answer A and AAAA with the CNAME of the tree', () => {
    const source = sourceOf([
      alias(API, 'CNAME', tree),
      weighted(tree, 1, 'a.example.net.', { type: 'CNAME' }),
      weighted(tree, 1, 'b.example.net.', { type: 'CNAME' }),
    ]);
    for (const type of ['A', 'AAAA', 'CNAME']) {
      expect(spread(source, API, type)).toEqual({ 'a.example.net.': 5000, 'b.example.net.': 5000 });
    }
    expect(answer(source, { name: API, type: 'A' }, 0).answers).toEqual([
      { name: API, type: 'CNAME', ttl: 60, value: 'a.example.net.' },
    ]);
  });

  test('into a zone that is not the emulator’s answer with documentation addresses made from the target', () => {
    const toBalancer = (name: string) => alias(API, 'A', dnsName(name), { zoneId: 'ZELSEWHERE' });
    const one = spread(sourceOf([toBalancer('one.elb.example.net')]));
    const [addresses = '', count] = Object.entries(one)[0] ?? [];
    expect(count).toBe(QUERIES);
    expect(addresses).toMatch(/^192\.0\.2\.\d+ 198\.51\.100\.\d+$/);
    expect(Object.keys(spread(sourceOf([toBalancer('two.elb.example.net')])))).not.toEqual([addresses]);
    const gone = sourceOf([toBalancer('one.elb.example.net')], { gone: ['one.elb.example.net'] });
    expect(answer(gone, { name: API, type: 'A' }, 0)).toMatchObject({ rcode: 'NOERROR', answers: [] });
    const six = alias(API, 'AAAA', dnsName('one.elb.example.net'), { zoneId: 'ZELSEWHERE' });
    const answers = answer(sourceOf([six]), { name: API, type: 'AAAA' }, 0).answers;
    expect(answers).toHaveLength(2);
    for (const { value, ttl } of answers)
      expect([value, ttl]).toEqual([expect.stringMatching(/^2001:db8:/), 60]);
  });

  test('into another zone of the emulator are followed', () => {
    const target = dnsName('lb.other.test');
    const source = sourceOf([alias(API, 'A', target, { zoneId: 'Z2' })], {
      others: [{ id: 'Z2', name: dnsName('other.test'), records: [set(target, 'A', '192.0.2.8')] }],
    });
    expect(spread(source)).toEqual({ '192.0.2.8': QUERIES });
  });
});

describe('EvaluateTargetHealth', () => {
  const [left, right] = [at('left'), at('right')];
  const pair = (evaluateTargetHealth: boolean) => [
    alias(API, 'A', left, { setIdentifier: 'left', weight: 1, evaluateTargetHealth }),
    alias(API, 'A', right, { setIdentifier: 'right', weight: 1, evaluateTargetHealth }),
    weighted(left, 1, '192.0.2.1', { healthCheckId: 'h1' }),
    weighted(left, 1, '192.0.2.2', { healthCheckId: 'h2' }),
    weighted(right, 1, '192.0.2.3', { healthCheckId: 'h3' }),
  ];

  test('an alias is healthy while one of its target’s weighted sets is', () => {
    const source = sourceOf(pair(true), { unhealthy: ['h1'] });
    expect(spread(source)).toEqual({ '192.0.2.2': 5000, '192.0.2.3': 5000 });
  });

  test('an alias whose whole target is unhealthy leaves its share to the other', () => {
    const source = sourceOf(pair(true), { unhealthy: ['h1', 'h2'] });
    expect(spread(source)).toEqual({ '192.0.2.3': QUERIES });
  });

  test('without it the alias keeps its share, and all unhealthy below means all healthy', () => {
    const source = sourceOf(pair(false), { unhealthy: ['h1', 'h2'] });
    expect(spread(source)).toEqual({ '192.0.2.1': 2500, '192.0.2.2': 2500, '192.0.2.3': 5000 });
  });

  test('an alias’s own health check counts too', () => {
    const [first, ...rest] = pair(true);
    const source = sourceOf([{ ...(first as RecordSet), healthCheckId: 'own' }, ...rest], {
      unhealthy: ['own'],
    });
    expect(spread(source)).toEqual({ '192.0.2.3': QUERIES });
  });

  test('a target that is gone is unhealthy, one outside the emulator healthy, a circle ends', () => {
    const more = { weight: 1, evaluateTargetHealth: true };
    const sets = [
      alias(API, 'A', at('gone'), { ...more, setIdentifier: 'gone' }),
      alias(API, 'A', at('loop'), { ...more, setIdentifier: 'loop' }),
      alias(at('loop'), 'A', at('loop'), { evaluateTargetHealth: true }),
      alias(API, 'A', dnsName('lb.example.net'), { ...more, setIdentifier: 'lb', zoneId: 'ZELSEWHERE' }),
    ];
    expect(Object.values(spread(sourceOf(sets)))).toEqual([QUERIES]);
  });

  test('costs no more than the record sets there are, however they are nested', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      Array.from({ length: 50 }, (_, index) =>
        alias(at(`l${level}`), 'A', at(`l${level + 1}`), {
          setIdentifier: `${index}`,
          weight: 1,
          evaluateTargetHealth: true,
        }),
      ),
    ).flat();
    const leaf = weighted(at('l12'), 1, '192.0.2.1', { healthCheckId: 'h' });
    const source = sourceOf([...levels, leaf], { unhealthy: ['h'] });
    expect(answer(source, { name: at('l0'), type: 'A' }, 0.5).answers).toMatchObject([
      { value: '192.0.2.1' },
    ]);
  });
});

describe('routing that Pawl never writes', () => {
  const routed = (value: string, routing: Readonly<Record<string, unknown>>): RecordSet => ({
    ...set(API, 'A', value),
    setIdentifier: value,
    healthCheckId: value,
    routing,
  });

  test('failover answers with the primary while it is healthy, and when neither is', () => {
    const sets = [
      routed('192.0.2.2', { Failover: 'SECONDARY' }),
      routed('192.0.2.1', { Failover: 'PRIMARY' }),
    ];
    expect(spread(sourceOf(sets))).toEqual({ '192.0.2.1': QUERIES });
    expect(spread(sourceOf(sets, { unhealthy: ['192.0.2.1'] }))).toEqual({ '192.0.2.2': QUERIES });
    expect(spread(sourceOf(sets, { unhealthy: ['192.0.2.1', '192.0.2.2'] }))).toEqual({
      '192.0.2.1': QUERIES,
    });
  });

  test('multivalue answers with up to eight healthy values', () => {
    const values = Array.from({ length: 10 }, (_, index) => `192.0.2.${index}`);
    const sets = values.map((value) => routed(value, { MultiValueAnswer: true }));
    const few = sourceOf(sets.slice(0, 3), { unhealthy: ['192.0.2.1'] });
    expect(spread(few)).toEqual({ '192.0.2.0 192.0.2.2': QUERIES });
    for (const shown of Object.keys(spread(sourceOf(sets)))) expect(shown.split(' ')).toHaveLength(8);
  });

  test('latency and the like choose evenly among the healthy', () => {
    const sets = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((value) => routed(value, { Region: value }));
    expect(spread(sourceOf(sets, { unhealthy: ['192.0.2.2'] }))).toEqual({
      '192.0.2.1': 5000,
      '192.0.2.3': 5000,
    });
  });
});

// Developer Guide, "Geolocation routing" and "IP-based routing": whoever no other set is for gets the default, or nothing.
describe('sets for one place or network', () => {
  const placed = (id: string, routing: Readonly<Record<string, unknown>>) => ({
    name: API,
    type: 'A',
    ttl: 60,
    values: [`192.0.2.${id}`],
    setIdentifier: id,
    routing,
  });
  const country = (code: string) => ({ GeoLocation: { CountryCode: code } });
  const network = (name: string) => ({ CidrRoutingConfig: { CollectionId: 'c', LocationName: name } });

  test.each([
    ['a place', country('DE'), country('*')],
    ['a network', network('office'), network('*')],
  ])('by %s answer nobody else without a default, also where one stands alone', (_what, one, byDefault) => {
    const question = { name: API, type: 'A' };
    expect(answer(sourceOf([placed('1', one)]), question, 0)).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
    });
    expect(spread(sourceOf([placed('1', one), placed('2', byDefault)]))).toEqual({ '192.0.2.2': QUERIES });
  });
});

test('sets whose MultiValueAnswer is false answer by the policy that they have', () => {
  const sets = [1, 3].map((weight) =>
    weighted(API, weight, `192.0.2.${weight}`, { routing: { MultiValueAnswer: false } }),
  );
  expect(spread(sourceOf(sets))).toEqual({ '192.0.2.1': QUERIES / 4, '192.0.2.3': (QUERIES * 3) / 4 });
});
