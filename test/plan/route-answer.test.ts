import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { FleetEndpoint, FleetRoute, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { sharedWeights } from '../../lib/plan/route-answer.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { branchPath, leavesAt, nodeSize, nodesOf } from '../../lib/plan/tree-nodes.ts';
import { desiredOf, endpoint, fleetOf, target } from './given-fleet.ts';
import { branches, failover, latency, routed, targets, to } from './given-routes.ts';

function answer(
  declared: FleetEndpoint,
  members: readonly FleetTarget[],
  more: Partial<DesiredInput> = {},
): DesiredEndpoint {
  const [found] = desiredEndpoints(desiredOf(fleetOf(members, [declared]), more));
  if (found === undefined) throw new Error('the endpoint has no answer');
  return found;
}

/** The share of the answers that each target gets where all is healthy, 0 to 1, in an endpoint of weights alone. */
function sharesOf(found: DesiredEndpoint): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const visit = (path: string, share: number): void => {
    const node = nodesOf(found).find((each) => each.path === path);
    const weightOf = ({ routing }: { readonly routing: object }): number =>
      'weight' in routing ? Number(routing.weight) : 0;
    const total = (node?.branches ?? []).reduce((sum, branch) => sum + weightOf(branch), 0);
    for (const branch of node?.branches ?? [])
      visit(branchPath({ path }, branch), (share * weightOf(branch)) / total);
    const leaves = leavesAt(found, path);
    const weights = leaves.reduce((sum, { weight }) => sum + weight, 0);
    for (const leaf of leaves) shares.set(leaf.target, (share * leaf.weight) / weights);
  };
  visit('', 1);
  return shares;
}

const REGIONS = routed(
  latency({ 'eu-west-1': failover(to('eu-1', 'eu-2'), to('sorry')), 'us-east-1': to('us-1') }),
);
const MEMBERS = targets(['eu-1', 'eu-2', 'sorry', 'us-1']);
const DOWN = { health: 'unhealthy', capacity: 100 } as const;

describe('the answer of a route', () => {
  it('has a node for every branch, and the targets of each at its own', () => {
    const found = answer(REGIONS, MEMBERS);
    expect(found.nodes).toEqual([
      {
        path: '',
        branches: [
          { id: 'eu-west-1', routing: { Region: 'eu-west-1' } },
          { id: 'us-east-1', routing: { Region: 'us-east-1' } },
        ],
      },
      {
        path: 'eu-west-1',
        branches: [
          { id: 'primary', routing: { Failover: 'PRIMARY' } },
          { id: 'secondary', routing: { Failover: 'SECONDARY' } },
        ],
      },
      { path: 'primary.eu-west-1' },
      { path: 'secondary.eu-west-1' },
      { path: 'us-east-1' },
    ]);
    expect(found.leaves.map(({ target: id, node }) => `${id} at ${node}`)).toEqual([
      'eu-1 at primary.eu-west-1',
      'eu-2 at primary.eu-west-1',
      'sorry at secondary.eu-west-1',
      'us-1 at us-east-1',
    ]);
  });

  it('leaves out a branch of which nothing serves, so that its clients get the next best', () => {
    const found = answer(REGIONS, MEMBERS, { drained: ['us-1'] });
    expect(found.nodes?.map(({ path }) => path)).toEqual([
      '',
      'eu-west-1',
      'primary.eu-west-1',
      'secondary.eu-west-1',
    ]);
    expect(found.nodes?.[0]?.branches?.map(({ id }) => id)).toEqual(['eu-west-1']);
  });

  it('answers first with the second branch of a failover whose first has nothing, under its own name', () => {
    const found = answer(REGIONS, MEMBERS, { observations: { 'eu-1': DOWN, 'eu-2': DOWN } });
    const node = found.nodes?.find(({ path }) => path === 'eu-west-1');
    expect(node?.branches).toEqual([{ id: 'secondary', routing: { Failover: 'PRIMARY' } }]);
  });

  it('has no nodes where nothing serves at all', () => {
    const found = answer(REGIONS, MEMBERS, { drained: MEMBERS.map(({ id }) => id) });
    expect(found).toMatchObject({ leaves: [] });
    expect(found.nodes).toBeUndefined();
  });

  it('gives no traffic to a branch of weight 0', () => {
    const route = branches('weighted', {
      blue: [{ weight: 0 }, to('eu-1')],
      green: [{ weight: 3 }, to('us-1')],
    });
    expect(answer(routed(route), MEMBERS).nodes?.map(({ path }) => path)).toEqual(['', 'green']);
  });

  it('weighs the targets of each branch on a scale of its own', () => {
    const members = [target('big', { capacity: 1_000 }), target('small', { capacity: 10 })];
    const found = answer(routed(latency({ 'eu-west-1': to('big'), 'us-east-1': to('small') })), members);
    expect(found.leaves.map(({ weight }) => weight)).toEqual([255, 255]);
  });

  it('answers multivalue targets under no weight that a capacity could change', () => {
    const route = { type: 'targets', targets: ['eu-1', 'us-1'], answer: 'multivalue' } as const;
    const capacities = { 'eu-1': { health: 'healthy', capacity: 7 } } as const;
    const found = answer(routed(route), MEMBERS, { observations: capacities });
    expect(found.nodes).toEqual([{ path: '', answer: 'multivalue' }]);
    expect(found.leaves.map(({ weight }) => weight)).toEqual([1, 1]);
  });
});

describe('more targets than one set can have', () => {
  const many = Array.from({ length: 1_500 }, (_, index) =>
    target(`t-${index}`, {
      az: `use1-az${index % 4}`,
      capacity: 100 + (index % 7),
      ipv4: [`10.0.${Math.floor(index / 250)}.${index % 250}`],
    }),
  );
  const declared = endpoint(
    'api.example.test',
    many.map(({ id }) => id),
  );

  it('stay one set up to a hundred', () => {
    const few = many.slice(0, 100);
    const own = endpoint(
      'api.example.test',
      few.map(({ id }) => id),
    );
    expect(answer(own, few).nodes).toBeUndefined();
  });

  it('are one set all the same in a cell whose log is of an older format', () => {
    expect(answer(declared, many, { flat: true }).nodes).toBeUndefined();
  });

  it('are grouped by availability zone, and within it', () => {
    const found = answer(declared, many);
    const top = found.nodes?.find(({ path }) => path === '');
    expect(top?.branches?.map(({ id }) => id)).toEqual(['use1-az0', 'use1-az1', 'use1-az2', 'use1-az3']);
    expect(Math.max(...nodesOf(found).map((node) => nodeSize(found, node)))).toBeLessThanOrEqual(100);
    expect(new Set(found.leaves.map(({ target: id }) => id)).size).toBe(many.length);
  });

  it('are grouped below a hundred where that is asked for: a change then costs a zone and the zones', () => {
    const some = many.slice(0, 100);
    const ids = some.map(({ id }) => id);
    const own = { ...endpoint('api.example.test', ids), route: { ...to(...ids), group: 'az' } as FleetRoute };
    const found = answer(own, some);
    expect(nodesOf(found).map((node) => nodeSize(found, node))).toEqual([4, 25, 25, 25, 25]);
  });

  it('keep their shares to within a hundredth', () => {
    const found = answer(declared, many);
    const total = many.reduce((sum, { capacity }) => sum + capacity, 0);
    const shares = sharesOf(found);
    const errors = many.map(({ id, capacity }) => Math.abs((shares.get(id) ?? 0) / (capacity / total) - 1));
    expect(Math.max(...errors)).toBeLessThan(0.01);
  });

  it('keep their groups when one comes and another fails', () => {
    const before = answer(declared, many);
    const members = [...many, target('t-new', { az: 'use1-az1', ipv4: ['10.9.9.9'] })];
    const own = { ...declared, targets: [...declared.targets, 't-new'] };
    const after = answer(own, members, { observations: { 't-5': DOWN } });
    const placeOf = ({ leaves }: DesiredEndpoint): ReadonlyMap<string, string | undefined> =>
      new Map(leaves.map(({ target: id, node }) => [id, node]));
    const places = placeOf(after);
    const moved = [...placeOf(before)].filter(([id, node]) => id !== 't-5' && places.get(id) !== node);
    expect(moved).toEqual([]);
  });

  it('are in parts where all are in one zone, or in zones whose names cannot be labels', () => {
    const one = many.map((each) => ({ ...each, az: 'A zone' }));
    expect(
      answer(declared, one)
        .nodes?.map(({ path }) => path)
        .slice(0, 3),
    ).toEqual(['', 'part-00', 'part-01']);
    const odd = many.map((each, index) => ({ ...each, az: index % 2 === 0 ? 'Zone A' : 'zone a' }));
    const ids = answer(declared, odd).nodes?.[0]?.branches?.map(({ id }) => id) ?? [];
    expect(ids).toHaveLength(2);
    expect(ids.every((id) => /^zone-a-[0-9a-f]{6}$/.test(id))).toBe(true);
  });
});

describe('shared weights', () => {
  it('are as near to the capacities as one scale of whole numbers comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 }),
        (capacities) => {
          const weights = sharedWeights(capacities);
          expect(weights).toHaveLength(capacities.length);
          for (const weight of weights)
            expect(weight >= 1 && weight <= 255 && Number.isInteger(weight)).toBe(true);
          const [total, sum] = [capacities, weights].map((all) => all.reduce((a, b) => a + b, 0));
          const worst = (all: readonly number[], of: number): number =>
            Math.max(
              ...capacities.map((each, i) => Math.abs((all[i] ?? 0) / of / (each / (total ?? 1)) - 1)),
            );
          const largest = Math.max(...capacities);
          const plain = capacities.map((each) => Math.max(1, Math.round((each / largest) * 255)));
          const plainSum = plain.reduce((a, b) => a + b, 0);
          expect(worst(weights, sum ?? 1)).toBeLessThanOrEqual(worst(plain, plainSum) + 1e-9);
        },
      ),
    );
  });

  it('are exact where they can be', () => {
    expect(sharedWeights([300, 200, 100])).toEqual([255, 170, 85]);
    expect(sharedWeights([])).toEqual([]);
  });
});
