import { describe, expect, test } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { FleetRoute, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { lintAnswers } from '../../lib/plan/lint-answers.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Leaf } from '../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { desiredOf, endpoint, fleetOf } from './given-fleet.ts';
import { branches, targets, to } from './given-routes.ts';

const API = dnsName('api.example.test');

function leaf(target: string, values: readonly string[], weight = 255): Leaf {
  const [first = ''] = values;
  return { target, type: first.includes(':') ? 'AAAA' : 'A', weight, capacity: weight, values };
}

function answersOf(leaves: readonly Leaf[]): ReturnType<typeof lintAnswers> {
  return lintAnswers({ name: API, kind: 'addresses', ttl: 60, leaves });
}

describe('addresses at which nobody elsewhere is served', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
  ])('%s is %s', (address, scope) => {
    expect(answersOf([leaf('t1', ['192.0.2.1']), leaf('t2', [address])])).toEqual([
      {
        code: 'unserved-address',
        severity: 'note',
        subject: API,
        target: 't2',
        address,
        scope,
        addresses: 1,
      },
    ]);
  });

  test.each([
    '10.0.0.1',
    '192.0.2.1',
    '223.255.255.255',
    '240.0.0.1',
    '126.0.0.1',
    '128.0.0.1',
    'fe80::1',
    '::2',
  ])('%s is none', (address) => expect(answersOf([leaf('t1', [address])])).toEqual([]));

  test('the first is named, and all are counted', () => {
    expect(answersOf([leaf('t1', ['127.0.0.1', '127.0.0.2']), leaf('t2', ['127.0.0.3'])])).toMatchObject([
      { target: 't1', address: '127.0.0.1', addresses: 3 },
    ]);
  });
});

test('one address of two targets', () => {
  const leaves = [
    leaf('t1', ['192.0.2.1', '192.0.2.2']),
    leaf('t2', ['192.0.2.3']),
    leaf('t3', ['192.0.2.2']),
  ];
  expect(answersOf(leaves)).toEqual([
    {
      code: 'shared-address',
      severity: 'note',
      subject: API,
      target: 't3',
      otherTarget: 't1',
      address: '192.0.2.2',
      addresses: 1,
    },
  ]);
});

test('a target beside which another is a million times larger', () => {
  expect(answersOf([leaf('small', ['192.0.2.1'], 1), leaf('large', ['192.0.2.2'], 255)])).toEqual([
    { code: 'small-share', severity: 'note', subject: API, target: 'small', permille: 4, targets: 1 },
  ]);
});

test('what is little among many of much the same size is no small share', () => {
  const nearlyEqual = Array.from({ length: 100 }, (_, index) =>
    leaf(`t${index}`, [`192.0.2.${index}`], 100 + (index % 2)),
  );
  expect(answersOf(nearlyEqual)).toEqual([]);
  expect(answersOf([...nearlyEqual, leaf('small', ['198.51.100.1'], 40)])).toMatchObject([
    { code: 'small-share', target: 'small', targets: 1 },
  ]);
});

test('what is little among many equals, or of one family alone, is no small share', () => {
  const equals = Array.from({ length: 150 }, (_, index) => leaf(`t${index}`, [`192.0.2.${index}`]));
  expect(answersOf(equals)).toEqual([]);
  expect(answersOf([leaf('t1', ['192.0.2.1'], 255), leaf('t2', ['2001:db8::1'], 1)])).toEqual([]);
});

test('hostnames and aliases have no addresses', () => {
  const hostname: Leaf = {
    target: 't1',
    type: 'CNAME',
    weight: 255,
    capacity: 1,
    values: ['lb.example.net'],
  };
  expect(answersOf([hostname])).toEqual([]);
});

/** `api` of these targets by one route, as it would be planned. */
function planned(members: readonly FleetTarget[], route?: FleetRoute): DesiredEndpoint {
  const own = endpoint(
    'api.example.test',
    members.map(({ id }) => id),
  );
  const declared = fleetOf(members, [{ ...own, ...(route === undefined ? {} : { route }) }]);
  const [made] = desiredEndpoints(desiredOf(declared));
  if (made === undefined) throw new Error('nothing is desired');
  return made;
}

/** So many targets in three zones, each with the capacity of its place in the order. */
function sized(count: number, capacityOf: (index: number) => number): readonly FleetTarget[] {
  return targets(Array.from({ length: count }, (_, index) => `t${index}`)).map((each, index) => ({
    ...each,
    capacity: capacityOf(index),
  }));
}

describe('a share through groups', () => {
  const small = (made: DesiredEndpoint) => lintAnswers(made).filter(({ code }) => code === 'small-share');

  test('ten thousand targets of 50 to 149 have no small one', () => {
    const made = planned(sized(10_000, (index) => 50 + ((index * 37) % 100)));
    expect(made.nodes?.length).toBeGreaterThan(100);
    expect(small(made)).toEqual([]);
  });

  test('is the share of the endpoint, not of the group', () => {
    const made = planned(sized(300, (index) => (index === 7 ? 10 : 100)));
    expect(small(made)).toMatchObject([{ target: 't7', permille: 0, targets: 1 }]);
    // Of its zone's hundred targets it would be twice as much as half of an equal part of all.
    const less = planned(sized(300, (index) => (index % 3 === 0 ? 10 : 100)));
    expect(small(less)).toMatchObject([{ permille: 0, targets: 100 }]);
  });

  test('a branch whose share is declared is measured by itself', () => {
    const route = branches('weighted', {
      blue: [{ weight: 1 }, to('t0', 't1')],
      green: [{ weight: 254 }, to('t2')],
    });
    expect(
      small(
        planned(
          sized(3, () => 100),
          route,
        ),
      ),
    ).toEqual([]);
    const uneven = sized(3, (index) => (index === 0 ? 1 : 200));
    expect(small(planned(uneven, route))).toMatchObject([{ target: 't0', permille: 4, targets: 1 }]);
  });

  test('a branch with groups is measured through them', () => {
    const all = sized(300, (index) => (index < 150 ? 10 : 100));
    const ids = all.map(({ id }) => id);
    const route = branches('latency', {
      'eu-west-1': [{ Region: 'eu-west-1' }, to(...ids.slice(0, 150))],
      'us-east-1': [{ Region: 'us-east-1' }, to(...ids.slice(150))],
    });
    expect(small(planned(all, route))).toEqual([]);
  });
});
