import type { Route53 } from '../../lib/emulator/route53.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import type { RecordSet, RecordType } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { target } from './small-fleet.ts';

/*
 * What can stand in the way of a batch in Route 53, each as one function. None of them is Pawl's: each is what a hand,
 * another tool or the account's quota does. obstacles-over-http.ts has those that the SDK cannot ask for.
 */

/** Where an obstacle is put: a hosted zone of an emulated account. */
export interface ObstructedZone {
  readonly core: Route53;
  readonly zoneId: string;
}

const FOREIGN_TTL_S = 300;

/** A record of the endpoint's type at a name that the cell has not adopted. */
export function putForeignAddress({ core, zoneId }: ObstructedZone, name: DnsName): RecordSet {
  const record = { name, type: 'A', ttl: FOREIGN_TTL_S, values: ['198.51.100.9'] };
  core.changeResourceRecordSets(zoneId, { changes: [create(record)] });
  return record;
}

/**
 * A record at the name of a hostname endpoint that its CNAME cannot stand beside. Route 53 takes it only while no CNAME
 * stands there: before the endpoint's first flip, or after a hand has deleted the root.
 */
export function putBesideHostname(
  { core, zoneId }: ObstructedZone,
  name: DnsName,
  type: 'TXT' | 'NS',
): RecordSet {
  const values = type === 'TXT' ? ['"put here by hand"'] : ['ns.elsewhere.test.'];
  const record = { name, type, ttl: FOREIGN_TTL_S, values };
  core.changeResourceRecordSets(zoneId, { changes: [create(record)] });
  return record;
}

/** A health check for a fleet's target to name. */
export function makeHealthCheck({ core }: ObstructedZone, callerReference = 'an obstacle'): string {
  const config = { Type: 'TCP', IPAddress: '192.0.2.1', Port: '443' };
  return core.createHealthCheck({ callerReference, config }).id;
}

/** Deletes a health check that record sets name: they stay, and no new one can name it. */
export function deleteHealthCheck({ core }: ObstructedZone, id: string): void {
  core.deleteHealthCheck(id);
}

/** The load balancer that a fleet's alias names is deleted: roots and trees stay, and no new alias can name it. */
export function deleteLoadBalancer(
  { core }: ObstructedZone,
  target: { readonly zoneId: string; readonly name: string },
): void {
  core.setAliasTarget(target, false);
}

/** The fleet with one more endpoint, an alias of `to`, which is an endpoint that the same push declares. */
export function withAliasOfRoot(fleet: CellFleet, name: DnsName, to: DnsName): CellFleet {
  const { zoneId } = fleet;
  const id = 'alias-of-root';
  const alias = { zoneId, name: to, evaluateTargetHealth: false };
  return {
    ...fleet,
    targets: [...fleet.targets, { ...target(id, 1), ipv4: [], alias }],
    endpoints: [
      ...fleet.endpoints,
      { name, kind: 'alias', ttl: 60, floor: 1, families: ['A'], targets: [id] },
    ],
  };
}

/** From now on every change to this name and type is refused. */
export function protect(
  { core, zoneId }: ObstructedZone,
  name: DnsName,
  type: RecordType,
  comment = 'protected by hand',
): void {
  core.createResourceRecordSetProtections(zoneId, [{ name, type, comment }]);
}

export function unprotect({ core, zoneId }: ObstructedZone, name: DnsName, type: RecordType): void {
  core.deleteResourceRecordSetProtections(zoneId, [{ name, type }]);
}

/**
 * In the place of the A records at a name, one that is routed by a policy which the SDK does not model. Returns it as
 * an adapter reads it, without the policy.
 */
export function putUnknownRouting({ core, zoneId }: ObstructedZone, name: DnsName): RecordSet {
  const record = {
    name,
    type: 'A',
    ttl: FOREIGN_TTL_S,
    values: ['198.51.100.10'],
    setIdentifier: 'by-another-tool',
  };
  const there = core.records(zoneId).filter((other) => other.name === name && other.type === 'A');
  // The global location, because the emulator's clients are in no availability zone. Its id is not checked.
  const routing = { AZAffinity: { LocationId: 'global', LocationType: 'Global' } };
  core.changeResourceRecordSets(zoneId, {
    changes: [...there.map(remove), create({ ...record, routing })],
  });
  return record;
}

/** Leaves the zone room for so many more record sets, and no more. */
export function limitRecords({ core, zoneId }: ObstructedZone, room = 0): void {
  core.configure({ recordLimit: core.records(zoneId).length + room });
}
