import { describe, expect, test } from 'vitest';
import { lintAnswers } from '../../lib/plan/lint-answers.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Leaf } from '../../lib/plan/plan.ts';

const API = dnsName('api.example.test');

function leaf(target: string, values: readonly string[], weight = 255): Leaf {
  const [first = ''] = values;
  return { target, type: first.includes(':') ? 'AAAA' : 'A', weight, capacity: weight, values };
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
    expect(lintAnswers(API, [leaf('t1', ['192.0.2.1']), leaf('t2', [address])])).toEqual([
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
  ])('%s is none', (address) => expect(lintAnswers(API, [leaf('t1', [address])])).toEqual([]));

  test('the first is named, and all are counted', () => {
    expect(
      lintAnswers(API, [leaf('t1', ['127.0.0.1', '127.0.0.2']), leaf('t2', ['127.0.0.3'])]),
    ).toMatchObject([{ target: 't1', address: '127.0.0.1', addresses: 3 }]);
  });
});

test('one address of two targets', () => {
  const leaves = [
    leaf('t1', ['192.0.2.1', '192.0.2.2']),
    leaf('t2', ['192.0.2.3']),
    leaf('t3', ['192.0.2.2']),
  ];
  expect(lintAnswers(API, leaves)).toEqual([
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
  expect(lintAnswers(API, [leaf('small', ['192.0.2.1'], 1), leaf('large', ['192.0.2.2'], 255)])).toEqual([
    { code: 'small-share', severity: 'note', subject: API, target: 'small', permille: 4, targets: 1 },
  ]);
});

test('what is little among many of much the same size is no small share', () => {
  const nearlyEqual = Array.from({ length: 100 }, (_, index) =>
    leaf(`t${index}`, [`192.0.2.${index}`], 100 + (index % 2)),
  );
  expect(lintAnswers(API, nearlyEqual)).toEqual([]);
  expect(lintAnswers(API, [...nearlyEqual, leaf('small', ['198.51.100.1'], 40)])).toMatchObject([
    { code: 'small-share', target: 'small', targets: 1 },
  ]);
});

test('what is little among many equals, or of one family alone, is no small share', () => {
  const equals = Array.from({ length: 150 }, (_, index) => leaf(`t${index}`, [`192.0.2.${index}`]));
  expect(lintAnswers(API, equals)).toEqual([]);
  expect(lintAnswers(API, [leaf('t1', ['192.0.2.1'], 255), leaf('t2', ['2001:db8::1'], 1)])).toEqual([]);
});

test('hostnames and aliases have no addresses', () => {
  const hostname: Leaf = {
    target: 't1',
    type: 'CNAME',
    weight: 255,
    capacity: 1,
    values: ['lb.example.net'],
  };
  expect(lintAnswers(API, [hostname])).toEqual([]);
});
