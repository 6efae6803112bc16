import { expect, it } from 'vitest';
import { endpointShares, staysAsItIs } from '../../../lib/cli/printing/traffic-shares.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { Leaf } from '../../../lib/plan/plan.ts';
import type { DesiredEndpoint, DesiredNode } from '../../../lib/plan/tree-nodes.ts';

const NAME = dnsName('api.example.test');

function leaf(target: string, weight: number, more: Partial<Leaf> = {}): Leaf {
  return { target, type: 'A', weight, capacity: 100, values: ['192.0.2.1'], ...more };
}

function endpoint(leaves: readonly Leaf[], nodes?: readonly DesiredNode[]): DesiredEndpoint {
  return { name: NAME, kind: 'addresses', ttl: 60, leaves, ...(nodes === undefined ? {} : { nodes }) };
}

it('a share is one of the type and the node', () => {
  const before = endpoint([leaf('a', 1), leaf('b', 3), leaf('b', 7, { type: 'AAAA' })]);
  const { answers } = endpointShares(NAME, before, undefined);
  expect(
    answers.map(({ target, type, before: share, after }) => [target, type, share?.permille, after]),
  ).toEqual([
    ['a', 'A', 250, null],
    ['b', 'A', 750, null],
    ['b', 'AAAA', 1_000, null],
  ]);
});

it('a record that stays and whose share moves is not as it was', () => {
  const { answers } = endpointShares(NAME, endpoint([leaf('a', 1)]), endpoint([leaf('a', 1), leaf('b', 1)]));
  expect(answers.map((each) => [each.target, staysAsItIs(each)])).toEqual([
    ['a', false],
    ['b', false],
  ]);
  const same = endpointShares(NAME, endpoint([leaf('a', 1)]), endpoint([leaf('a', 1)]));
  expect(same.answers.every(staysAsItIs)).toBe(true);
});

it('records whose weights are all 0 share alike', () => {
  const { answers } = endpointShares(NAME, endpoint([leaf('a', 0), leaf('b', 0)]), undefined);
  expect(answers.map(({ before }) => before?.permille)).toEqual([500, 500]);
});

it('one of several in an answer has no share', () => {
  const { answers } = endpointShares(
    NAME,
    undefined,
    endpoint([leaf('a', 1), leaf('b', 1)], [{ path: '', answer: 'multivalue' }]),
  );
  expect(answers.map(({ after }) => after?.permille)).toEqual([null, null]);
});

it('a branch by weight has a share, and one by place has none', () => {
  const nodes = (blue: number): readonly DesiredNode[] => [
    {
      path: '',
      branches: [
        { id: 'blue', routing: { weight: blue } },
        { id: 'green', routing: { weight: 30 } },
      ],
    },
    { path: 'blue', branches: [{ id: 'eu', routing: { Region: 'eu-west-1' } }] },
    { path: 'eu.blue' },
    { path: 'green' },
  ];
  const leaves = [leaf('a', 1, { node: 'eu.blue' }), leaf('b', 1, { node: 'green' })];
  const { branches, answers } = endpointShares(
    NAME,
    endpoint(leaves, nodes(10)),
    endpoint(leaves, nodes(30)),
  );
  expect(branches).toEqual([
    {
      branch: 'blue',
      before: { routing: 'weight 10', permille: 250 },
      after: { routing: 'weight 30', permille: 500 },
    },
    {
      branch: 'eu.blue',
      before: { routing: 'latency to eu-west-1', permille: null },
      after: { routing: 'latency to eu-west-1', permille: null },
    },
    {
      branch: 'green',
      before: { routing: 'weight 30', permille: 750 },
      after: { routing: 'weight 30', permille: 500 },
    },
  ]);
  expect(answers.map(({ branch }) => branch)).toEqual(['eu.blue', 'green']);
});
