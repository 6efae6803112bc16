import { describe, expect, it } from 'vitest';
import type { CellFleet, CellPolicy, FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { endpoint } from '../plan/given-fleet.ts';
import type { Planning } from '../support/planning.ts';
import { planning } from '../support/planning.ts';
import { smallFleet, target } from '../support/small-fleet.ts';

const API = dnsName('api.example.test');
const WWW = dnsName('www.example.test');

/** The cell of the case "whole-answer-replaced": one endpoint of three addresses, one of a hostname, three bystanders. */
function declared(
  addresses: readonly (readonly [id: string, ipv4: string])[],
  hostname: string,
  ttl: number,
): CellFleet {
  const of = (id: string, more: Partial<FleetTarget>) => target(id, 1, { capacity: 10, ...more });
  const api = addresses.map(([id, ipv4], index) => of(id, { az: `az${index + 1}`, ipv4: [ipv4] }));
  const others = ['x.example.test', 'y.example.test', 'z.example.test'];
  return {
    ...smallFleet(),
    zoneId: 'Z1',
    policy: { ...DEFAULT_POLICY, coalesceS: 0 },
    targets: [
      ...api,
      of('w-1', { ipv4: [], hostname: dnsName(hostname) }),
      of('x-1', { ipv4: ['198.51.100.1'] }),
      of('x-2', { ipv4: ['198.51.100.2'] }),
    ],
    endpoints: [
      endpoint(
        API,
        api.map(({ id }) => id),
        { ttl, floor: 2 },
      ),
      endpoint(WWW, ['w-1'], { kind: 'hostname', families: [] }),
      ...others.map((name): FleetEndpoint => endpoint(name, ['x-1', 'x-2'])),
    ],
  };
}

const at = (net: string, prefix = 'api') =>
  [1, 2, 3].map((each) => [`${prefix}-${each}`, `${net}.${each}`] as const);

/** What is kept back after a run of the planner: names with codes. */
async function waiting(world: Planning): Promise<readonly string[]> {
  await world.plan();
  const { keptBack } = world.ledger.peek(world.fleet.cell).state;
  return keptBack.map(({ name, findings }) => `${name} ${findings.map(({ code }) => code).join(' ')}`);
}

const goal = ({ ledger, fleet }: Planning) => ledger.peek(fleet.cell).state.goal?.generation;

describe('a push that replaces whole answers under the same ids', () => {
  it('waits for a person, and one that renames the ids goes unasked', async () => {
    const lb = 'lb.example.net';
    const world = await planning(declared(at('192.0.2'), lb, 60));
    expect(await waiting(world)).toEqual([]);
    await world.declare(declared(at('203.0.113'), lb, 60));
    expect(await waiting(world)).toEqual(['api.example.test capacity-removed']);
    await world.declare(declared(at('203.0.113'), lb, 86_400));
    expect(await waiting(world)).toEqual(['api.example.test capacity-removed long-ttl']);
    await world.declare(declared(at('203.0.113'), 'wrong.example.org', 86_400));
    expect(await waiting(world)).toEqual([
      'api.example.test capacity-removed long-ttl',
      'www.example.test capacity-removed',
    ]);
    expect(goal(world)).toBe(1);
    await world.declare(declared(at('192.0.2', 'node'), lb, 60));
    expect(await waiting(world)).toEqual([]);
    expect(goal(world)).toBe(2);
  });

  it('waits for a TTL of a day alone', async () => {
    const world = await planning(declared(at('192.0.2'), 'lb.example.net', 60));
    await world.plan();
    await world.declare(declared(at('192.0.2'), 'lb.example.net', 86_400));
    expect(await waiting(world)).toEqual(['api.example.test long-ttl']);
  });
});

/** An endpoint of five targets, three of them in the zone az1. */
async function zonal(policy: Partial<CellPolicy>): Promise<Planning> {
  const first = smallFleet(1, policy);
  const targets = [1, 2, 3, 4, 5].map((each) => target(`t-${each}`, each, { az: each < 4 ? 'az1' : 'az2' }));
  const ids = targets.map(({ id }) => id);
  const world = await planning({ ...first, targets, endpoints: [endpoint(API, ids)] });
  await world.plan();
  return world;
}

describe('a zone that is evacuated, restored and evacuated again within the window', () => {
  const evacuate = { type: 'AzEvacuated', az: 'az1', reason: 'fire' } as const;
  const restore = { type: 'AzRestored', az: 'az1' } as const;

  it('leaves both times, because what came back is not gone', async () => {
    const world = await zonal({ capacityRemovedPercent: 60 });
    for (const order of [evacuate, restore, evacuate, restore, evacuate]) {
      world.time.advanceTo(world.time.now() + 30_000);
      await world.append(order);
      expect(await waiting(world)).toEqual([]);
    }
    expect(goal(world)).toBe(6);
    expect(world.ledger.peek(world.fleet.cell).state.capacityRemoved).toMatchObject({
      api: [{ permille: 600 }],
    });
  });

  it('counts as gone while it is, so that no other target leaves over the policy', async () => {
    const world = await zonal({ capacityRemovedPercent: 60 });
    await world.append(evacuate);
    expect(await waiting(world)).toEqual([]);
    await world.append({ type: 'TargetDrained', target: 't-5', reason: 'x' });
    expect(await waiting(world)).toEqual(['api.example.test capacity-removed']);
    await world.append(restore);
    expect(await waiting(world)).toEqual([]);
    expect(world.ledger.peek(world.fleet.cell).state.capacityRemoved).toMatchObject({
      api: [{ permille: 500 }],
    });
  });

  it('counts again when Route 53 refuses to bring it back', async () => {
    const world = await zonal({ capacityRemovedPercent: 60 });
    await world.append(evacuate);
    await world.plan();
    await world.append(restore);
    await world.plan();
    const removed = () => world.ledger.peek(world.fleet.cell).state;
    expect(removed()).toMatchObject({ capacityRemoved: {}, capacityReturning: { api: 600 } });
    const { goal: refused } = removed();
    if (refused === null) throw new Error('there is a goal');
    const { generation } = refused;
    const words = { reason: 'It is protected.', batches: 3 };
    await world.append({
      type: 'EndpointRefused',
      name: API,
      step: 'flip',
      generation,
      records: [],
      ...words,
    });
    expect(removed()).toMatchObject({
      capacityRemoved: { api: [{ permille: 600 }] },
      capacityReturning: {},
    });
  });
});
