import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import { recordsOfNewTree } from '../../lib/plan/lint-plan.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { formatPlan, parseEditedPlan, parsePlan } from '../../lib/plan/plan-json.ts';
import { nodeRecords, treeRecords, treeSize } from '../../lib/plan/tree-nodes.ts';
import { plannedTree } from '../../lib/plan/tree-reading.ts';
import { driftedNodes, missingNodes, treeCondition, treeRepair } from '../../lib/plan/trees.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, fleetOf, planOf } from './given-fleet.ts';
import { anyRoute, failover, latency, routed, targets, to } from './given-routes.ts';

const IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);

/** The plan of `api` with this route; `changed` has another address. */
function plan(route: FleetRoute, number: number, base?: Plan, changed?: string): Plan {
  const members = targets(IDS).map((each) =>
    each.id === changed ? { ...each, ipv4: ['203.0.113.9'] } : each,
  );
  const desired = desiredOf(fleetOf(members, [routed(route)]), base === undefined ? {} : { base });
  return planOf(desired, number);
}

function namesIn({ endpoints }: Plan): readonly string[] {
  return endpoints.flatMap((endpoint) =>
    nodeRecords(endpoint, SCOPE).map(({ name }) => name.split('._pawl')[0] ?? ''),
  );
}

const ROUTE = latency({ 'eu-west-1': failover(to('t0', 't1'), to('t2')), 'us-east-1': to('t3') });

describe('a node whose content is the same', () => {
  const first = plan(ROUTE, 1);

  it('keeps its name below a new tree, when one target changes elsewhere', () => {
    const second = plan(ROUTE, 2, first, 't3');
    expect(namesIn(second)).toEqual([
      'primary.eu-west-1.g000001.api.use1-a',
      'secondary.eu-west-1.g000001.api.use1-a',
      'eu-west-1.g000001.api.use1-a',
      'us-east-1.g000002.api.use1-a',
      'g000002.api.use1-a',
    ]);
  });

  it('is new with everything above it, when one of its targets changes', () => {
    const second = plan(ROUTE, 2, first, 't1');
    expect(namesIn(second)).toEqual([
      'primary.eu-west-1.g000002.api.use1-a',
      'secondary.eu-west-1.g000001.api.use1-a',
      'eu-west-1.g000002.api.use1-a',
      'us-east-1.g000001.api.use1-a',
      'g000002.api.use1-a',
    ]);
  });

  it('counts once in the room that a plan needs', () => {
    const [before, after] = [first, plan(ROUTE, 2, first, 't3')].map(({ endpoints }) => endpoints[0]);
    if (before === undefined || after === undefined) throw new Error('a plan is empty');
    expect(treeSize(after)).toBe(2 + 2 + 2 + 1 + 1);
    expect(recordsOfNewTree(after, before)).toBe(2 + 1);
  });

  it('is taken with all below it from the plan that has the node above it', () => {
    const other = plan(ROUTE, 2, first, 't3');
    // The base has lost eu-west-1's own node, and the other plan still has all of it.
    const base = plan(latency({ 'us-east-1': to('t3') }), 3, other);
    const back = makePlan({
      scope: SCOPE,
      generation: generation(4),
      endpoints: desiredEndpoints(desiredOf(fleetOf(targets(IDS), [routed(ROUTE)]))),
      base,
      others: [first],
      isUnretired: () => true,
    });
    expect(namesIn(back.plan)).toEqual(namesIn(first));
    expect(back.newTrees).toEqual({});
  });

  it('is new where the tree that had it was retired', () => {
    const back = makePlan({
      scope: SCOPE,
      generation: generation(4),
      endpoints: desiredEndpoints(desiredOf(fleetOf(targets(IDS), [routed(ROUTE)]))),
      base: undefined,
      others: [first],
      isUnretired: () => false,
    });
    expect(namesIn(back.plan).every((name) => name.includes('g000004'))).toBe(true);
  });
});

describe('any sequence of routes', () => {
  it('never gives one name two contents, and no alias an end that the plan does not have', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyRoute, fc.constantFrom(...IDS)), { minLength: 2, maxLength: 6 }),
        (steps) => {
          const contents = new Map<string, string>();
          const plans: Plan[] = [];
          for (const [index, [route, changed]] of steps.entries()) {
            const base = plans.at(-1);
            const made = plan(route, index + 1, base, changed);
            plans.push(made);
            for (const endpoint of made.endpoints) {
              const nodes = nodeRecords(endpoint, SCOPE);
              const names = new Set(nodes.map(({ name }) => name));
              expect(names.size).toBe(nodes.length);
              for (const { name, records } of nodes) {
                const text = canonicalJson(records);
                expect(contents.get(name) ?? text).toBe(text);
                contents.set(name, text);
                for (const { alias } of records) if (alias !== undefined) expect(names).toContain(alias.name);
              }
            }
          }
        },
      ),
    );
  });

  it('is read back from a stored plan as it was written, and from an edited one without names', () => {
    fc.assert(
      fc.property(anyRoute, anyRoute, (before, after) => {
        const made = plan(after, 2, plan(before, 1));
        const stored = canonicalJson(made);
        expect(canonicalJson(parsePlan(stored))).toBe(
          canonicalJson({ type: 'plan', plan: JSON.parse(stored) }),
        );
        const edited = JSON.parse(formatPlan(made));
        for (const endpoint of edited.endpoints) {
          delete endpoint.tree;
          for (const node of endpoint.nodes ?? []) delete node.name;
          endpoint.nodes?.reverse();
        }
        const read = parseEditedPlan(JSON.stringify(edited));
        expect(canonicalJson(read)).toBe(
          canonicalJson({ type: 'plan', plan: { ...plan(after, 2), parent: 1 } }),
        );
      }),
    );
  });

  it('is repaired node by node, whatever is missing or altered of it', () => {
    fc.assert(
      fc.property(
        anyRoute,
        fc.array(fc.nat({ max: 30 }), { maxLength: 5 }),
        fc.boolean(),
        (route, gone, alters) => {
          const [endpoint] = plan(route, 1).endpoints;
          if (endpoint === undefined) return;
          const whole = treeRecords(endpoint, SCOPE);
          const there = whole.flatMap((record, index) => {
            if (!gone.includes(index)) return [record];
            return alters ? [{ ...record, weight: 3, routing: undefined }] : [];
          });
          const view = zoneView(there);
          const { deletes, creates } = treeRepair(endpoint, view, SCOPE);
          const repaired = zoneView([...there.filter((record) => !deletes.includes(record)), ...creates]);
          expect(treeCondition(endpoint, repaired, SCOPE)).toBe('intact');
          const wrong = [...missingNodes(endpoint, view, SCOPE), ...driftedNodes(endpoint, view, SCOPE)];
          expect(new Set(wrong.map(({ name }) => name))).toEqual(
            new Set([...deletes, ...creates].map(({ name }) => name)),
          );
        },
      ),
    );
  });
});

describe('the tree of any route', () => {
  it('is read back from the zone, with the names of its nodes', () => {
    fc.assert(
      fc.property(anyRoute, anyRoute, (before, after) => {
        const made = plan(after, 2, plan(before, 1));
        const [endpoint] = made.endpoints;
        if (endpoint === undefined) return;
        const read = plannedTree(endpoint.name, endpoint.tree, zoneView(treeRecords(endpoint, SCOPE)), SCOPE);
        const leaves = endpoint.leaves.map((leaf) => ({ ...leaf, capacity: leaf.weight }));
        expect(canonicalJson(read)).toBe(canonicalJson({ endpoint: { ...endpoint, leaves }, strange: 0 }));
      }),
    );
  });
});

it('a plan in which two branches are for the same clients is refused before Route 53 refuses it', () => {
  const text = formatPlan(plan(ROUTE, 1)).replace('"Region": "us-east-1"', '"Region": "eu-west-1"');
  expect(text).toContain('us-east-1');
  expect(parseEditedPlan(text)).toMatchObject({
    type: 'invalid',
    message: expect.stringContaining(
      'The branches "eu-west-1" and "us-east-1" are for the same clients: keep one.',
    ),
  });
});
