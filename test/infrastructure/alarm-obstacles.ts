import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { planAppended } from '../support/ledger-events.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import type { DeployedWorld } from './deployed-world.ts';

/** One endpoint of two targets; `last` is part of the first one's address. */
export function fleetOf({ cell, zone, zoneId }: CellScope, last = 1): CellFleet {
  const fleet = smallFleet(last);
  const [api] = fleet.endpoints;
  if (api === undefined) throw new Error('The small fleet has an endpoint.');
  return { ...fleet, cell, zone, zoneId, endpoints: [{ ...api, name: dnsName(`api.${zone}`) }] };
}

/** The availability zone of {@link leasedFleet}: three of its four groups may be missing no more. */
const LEASED_AZ = 'use1-az1';
const GROUPS = ['rack-1', 'rack-2', 'rack-3', 'rack-4'] as const;

/** One endpoint of four targets, each with a group of leases in one availability zone. */
export function leasedFleet(scope: CellScope): CellFleet {
  const fleet = fleetOf(scope);
  const targets = GROUPS.map((group, index) =>
    target(`api-${index + 1}`, index + 1, {
      az: LEASED_AZ,
      observedBy: { source: 'lease', reference: { group } },
    }),
  );
  const endpoints = fleet.endpoints.map((each) => ({ ...each, targets: targets.map(({ id }) => id) }));
  return { ...fleet, endpoints, targets };
}

/** A zone whose tick is `n`, and whose holders read `t` just before they wrote. */
export async function putLeases(
  { leases, scope: { cell } }: DeployedWorld,
  { n, t }: { readonly n: number; readonly t: number },
): Promise<void> {
  const zone = { cell, az: LEASED_AZ };
  await leases.putTick(zone, { n, at: Date.now(), seen: true, every: 60_000 }, undefined);
  for (const group of GROUPS)
    await leases.putRow(
      zone,
      { group, e: 1, s: 1, t, since: 1, members: [255], by: group, tries: 0 },
      undefined,
    );
}

/** A cell whose first plan is applied. */
export async function converge(world: DeployedWorld): Promise<void> {
  await world.declare(fleetOf(world.scope));
  await world.sweep('planner');
  await world.sweep('enactor-a');
}

/** A cell with another plan that is not applied. */
async function changed(world: DeployedWorld): Promise<void> {
  await converge(world);
  await world.declare(fleetOf(world.scope, 3));
  await world.sweep('planner');
}

/** Puts so many records into the zone that are not the cell's. */
async function fill(world: DeployedWorld, records: number): Promise<void> {
  const batch = 1_000;
  for (let made = 0; made < records; made += batch) {
    const others = Array.from({ length: Math.min(batch, records - made) }, (_, index) => ({
      name: dnsName(`other-${made + index}.${world.scope.zone}`),
      type: 'TXT',
      ttl: 60,
      values: ['"x"'],
    }));
    await world.plant(...others);
  }
}

function streamed(eventName: unknown) {
  const Keys = { pk: { S: 'CELL#use1-a' }, sk: { S: 'EVENT#000000000007' } };
  return { Records: [{ eventName, dynamodb: { Keys, NewImage: { type: { S: 'PlanAppended' } } } }] };
}

/** What AWS answers to whom it knows and lets do nothing. */
export const DENIED = {
  status: 403,
  headers: { 'content-type': 'text/xml', 'x-amzn-errortype': 'AccessDeniedException' },
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
};

/** What Route 53 says of a change that has not reached every name server. */
export const PENDING = {
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: '<GetChangeResponse><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-11-26T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>',
};

/** What a DNS server says of every name that the auditor asks for. */
export interface Dns {
  says: 'answer' | 'nothing';
}

/** Brings about what an alarm is for, up to the run of a function that counts it. */
type Obstacle = (world: DeployedWorld, dns: Dns) => Promise<unknown>;

/** What makes each metric worth an alarm, by the metric and its dimension. */
export const OBSTACLES: Readonly<Record<string, Obstacle>> = {
  'ZoneRegressions of a cell': async (world) => {
    await converge(world);
    const before = await world.fence();
    await world.declare(fleetOf(world.scope, 3));
    await world.sweep('planner');
    await world.sweep('enactor-a');
    await world.putFence(before);
    await world.sweep('auditor');
  },
  'LogsContradicted of a cell': async (world) => {
    await converge(world);
    const fence = await world.fence();
    await world.putFence({ ...fence, head: { number: 900, digits: 'badc0ffee000' } });
    await world.sweep('auditor');
  },
  'EmptyAnswers of a cell': async (world, dns) => {
    await converge(world);
    dns.says = 'nothing';
    await world.sweep('auditor');
  },
  'PlannerBlocked of a cell': async (world) => {
    await world.declare(fleetOf(world.scope));
    let records = 0;
    // Somebody else is always first.
    world.wires.dynamodb.break(async ({ headers, body }) => {
      if (!String(headers['x-amz-target']).endsWith('.PutItem') || !body.includes('PlanAppended'))
        return undefined;
      records += 1;
      const facts = { records, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
      await world.record({ type: 'ZoneSurveyed', facts });
      return undefined;
    });
    await world.sweep('planner');
  },
  'EnactorBlocked of a cell': async (world) => {
    await changed(world);
    await world.putFence({ ...(await world.fence()), ledger: 'ffffffff' });
    await world.sweep('enactor-a');
  },
  'RunsWithoutRoom of a cell': async (world) => {
    await changed(world);
    // The zone has two of its own, the fence, and the cell's four. Another tree takes two, and one is left: the log does not know it yet.
    await fill(world, 10_000 - 2 - 1 - 4 - 1);
    await world.sweep('enactor-a');
  },
  'LagSeconds of a cell': async (world) => {
    await world.declare(fleetOf(world.scope));
    await world.record(planAppended(1), 11);
    await world.sweep('planner');
  },
  'LagGenerations of a cell': async (world) => {
    await world.declare(fleetOf(world.scope));
    for (const number of [1, 2, 3]) await world.record(planAppended(number));
    await world.sweep('planner');
  },
  'ConsecutiveLosses of a cell': async (world) => {
    await changed(world);
    world.wires.route53.break(async ({ method, path }) => {
      if (method !== 'POST' || !/rrset\/?$/.test(path)) return undefined;
      const fence = await world.fence();
      const nonce = `${fence.seq}`.padStart(8, '0');
      await world.putFence({ ...fence, seq: seq(fence.seq + 1), by: 'enactor-b', nonce });
      return undefined;
    });
    for (let run = 0; run < 5; run += 1) await world.sweep('enactor-a');
  },
  'FencesAhead of a cell': async (world) => {
    await converge(world);
    const fence = await world.fence();
    const ahead = {
      generation: generation(fence.generation + 2),
      seq: seq(fence.seq + 2),
      plan: 'f'.repeat(12),
    };
    await world.putFence({ ...fence, ...ahead, nonce: '0a0a0a0a' });
    await world.sweep('enactor-a');
  },
  'RunsTimedOut of a cell': async (world) => {
    world.wires.dynamodb.break(async () => 'lost');
    await world.invoke('janitor', { cell: world.scope.cell, mode: 'sweep' }, 1_700);
  },
  'RunsFailed of a cell': async (world) => {
    await converge(world);
    world.wires.route53.break(async () => DENIED);
    await world.sweep('enactor-a');
  },
  'KeptBackSeconds of a cell': async (world) => {
    const fleet = fleetOf(world.scope);
    const targets = fleet.targets.map((each) => ({ ...each, health: 'unhealthy' as const }));
    await world.record({ type: 'FormatRaised', format: 3 });
    await world.declare({ ...fleet, targets });
    await world.sweep('planner');
    world.letPass(16);
    await world.sweep('planner');
  },
  'RefusedEndpoints of a cell': async (world) => {
    const name = dnsName(`api.${world.scope.zone}`);
    await world.plant({ name, type: 'A', ttl: 60, values: ['192.0.2.99'] });
    await world.record({ type: 'FormatRaised', format: 3 });
    await world.declare(fleetOf(world.scope));
    await world.sweep('planner');
    await world.sweep('enactor-a');
    await world.sweep('planner');
  },
  'BlindSources of a cell': async (world) => {
    const fleet = fleetOf(world.scope);
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef';
    const observedBy = { source: 'elbv2', reference: { kind: 'target-group', arn } };
    const targets = [target('api-1', 1, { observedBy }), ...fleet.targets.slice(1)];
    world.wires.others.break(async () => DENIED);
    await world.declare({ ...fleet, targets });
    await world.sweep('planner');
  },
  'LeaseZonesDeaf of a cell': async (world) => {
    await world.declare(leasedFleet(world.scope));
    await world.sweep('planner');
  },
  'LeaseTickSeconds of a cell': async (world) => {
    await world.declare(leasedFleet(world.scope));
    await world.sweep('planner');
    // Nobody is heard, so it does not rise.
    world.letPass(6);
    await world.sweep('planner');
  },
  'LeasesHeard of a cell': async (world) => {
    await putLeases(world, { n: 3, t: 1 });
    await world.declare(leasedFleet(world.scope));
    await world.sweep('planner');
  },
  'HeldSeconds of a cell': async (world) => {
    await world.declare(fleetOf(world.scope));
    await world.record(planAppended(1, { disposition: 'held' }), 16);
    await world.sweep('planner');
  },
  'FrozenSeconds of a cell': async (world) => {
    await world.declare(fleetOf(world.scope));
    await world.record({ type: 'CellFrozen', reason: 'a test' }, 61);
    await world.sweep('planner');
  },
  'CellsHalfFrozen of a cell': async (world) => {
    await converge(world);
    // A thaw that told the log, and whose fence never came.
    await world.putFence({ ...(await world.fence()), frozen: true, by: 'operator-ana' });
    for (const worker of ['enactor-a', 'enactor-b', 'enactor-c', 'auditor']) await world.sweep(worker);
  },
  'ZoneFilledPercent of a cell': async (world) => {
    await converge(world);
    await fill(world, 8_000);
    await world.sweep('auditor');
  },
  'LedgerRewritten of a ledger': (world) => world.invoke('auditor', streamed('MODIFY')),
  'RecordsUnreadable of a ledger': (world) => world.invoke('auditor', streamed('TRUNCATE')),
  'RunsFailed of a ledger': (world) => {
    world.wires.others.break(async () => DENIED);
    return world.invoke('herald', streamed('INSERT'));
  },
};
