import { expect, it } from 'vitest';
import { urgentFirst } from '../../lib/enactor/attempt.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';

it('puts the endpoints that lose targets first, and leaves the others in their order', () => {
  const applied = planOf(desiredOf(apiFleet(3)));
  const [api] = applied.endpoints;
  if (api === undefined) throw new Error('the plan has no endpoint');
  const named = (name: string, leaves = api.leaves) => ({
    ...api,
    name: `${name}.example.test` as never,
    leaves,
  });
  const before = { ...applied, endpoints: ['a', 'b', 'c', 'd'].map((name) => named(name)) };
  const loses = api.leaves.slice(1);
  const goal = { ...applied, endpoints: [named('a'), named('b', loses), named('c'), named('d', loses)] };
  const parts = goal.endpoints.map(({ name }) => ({ id: name, name, changes: [] }));
  const order = (plan: typeof before | undefined) =>
    urgentFirst(parts, goal, plan)
      .map(({ id }) => id[0])
      .join('');
  expect(order(before)).toBe('bdac');
  expect(order(undefined)).toBe('abcd');
});
