import type { Route53 } from '../../emulator/route53.ts';
import type { Protection } from '../../emulator/route53-state.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, parseOwnedName, rollbackName, treeLabelOf } from '../../plan/owned-names.ts';
import type { PlannedEndpoint } from '../../plan/plan.ts';
import type { RecordSet } from '../../plan/records.ts';

/** What Route 53 refuses batches for besides the records of a zone. */
export interface Restrictions {
  readonly protections: readonly Protection[];
  readonly recordLimit: number;
  /** The ids of the health checks that exist. */
  readonly healthChecks: ReadonlySet<string>;
}

export function restrictionsOf(route53: Route53, zoneId: string): Restrictions {
  return {
    protections: route53.protections(zoneId),
    recordLimit: route53.settings().recordLimit,
    healthChecks: new Set(route53.listHealthChecks().healthChecks.map(({ id }) => id)),
  };
}

/** A zone in which something may stand in the way of an endpoint. */
export interface RestrictedZone {
  readonly scope: CellScope;
  readonly records: readonly RecordSet[];
  readonly restrictions: Restrictions;
  readonly state: Pick<CellState, 'owned' | 'adopted' | 'facts'>;
}

/** Room for every record that the largest sample fleet can need at once. A zone with less has an obstacle for everybody. */
const ROOM = 12;

/**
 * What stands in the way of an endpoint, one text each: what Route 53 refuses its records for, and what is not Pawl's to
 * remove. It may name an obstacle that does not matter now, and it misses none. It uses none of the enactor's code.
 *
 * @param planned as the goal holds the endpoint; absent where nobody knows.
 */
export function obstaclesAt(
  zone: RestrictedZone,
  name: DnsName,
  planned?: Pick<PlannedEndpoint, 'leaves'>,
): readonly string[] {
  const { scope, records, restrictions } = zone;
  const found: string[] = [];
  for (const protection of restrictions.protections) {
    if (isOf(protection.name, name, scope)) found.push(`${protection.name} ${protection.type} is protected`);
  }
  for (const record of records) {
    if (!isOf(record.name, name, scope)) continue;
    if (record.routing?.['AZAffinity'] !== undefined)
      found.push(`${record.name} ${record.type} has a routing policy that cannot be read`);
    if (record.name === name && isInTheWay(record, zone, planned))
      found.push(`${record.name} ${record.type} is not Pawl's`);
  }
  for (const { healthCheckId } of planned?.leaves ?? []) {
    if (healthCheckId !== undefined && !restrictions.healthChecks.has(healthCheckId))
      found.push(`the health check ${healthCheckId} is gone`);
  }
  if (isFull(zone)) found.push('the zone is full');
  return found;
}

/**
 * Whether the zone may lack room. Where an audit has told the log of the limit, retained trees yield to what is to come:
 * then only what cannot yield takes room, and one more tree of every endpoint needs it.
 */
function isFull({ scope, records, restrictions: { recordLimit }, state }: RestrictedZone): boolean {
  if (records.length + ROOM <= recordLimit) return false;
  if (state.facts?.recordLimit !== recordLimit) return true;
  const isTree = ({ name }: RecordSet): boolean =>
    ['tree', 'node'].includes(parseOwnedName(name, scope)?.kind ?? '');
  const isLive = ({ name: tree }: RecordSet): boolean =>
    records.some(({ name, alias }) => alias?.name === tree && parseOwnedName(name, scope) === undefined);
  const trees = records.filter(isTree);
  const live = trees.filter(isLive).length;
  return records.length - trees.length + 2 * live > recordLimit;
}

/** Whether a name is the endpoint's own, its rollback root's, or that of one of its trees or their nodes. */
export function isOf(candidate: DnsName, name: DnsName, scope: CellScope): boolean {
  if (candidate === name || candidate === rollbackName(name, scope)) return true;
  const owned = parseOwnedName(candidate, scope);
  const isPart = owned?.kind === 'tree' || owned?.kind === 'node';
  return isPart && owned.endpoint === endpointLabels(name, scope);
}

/** Names are Pawl's by the log (docs/protocol.md). A CNAME root cannot stand beside anything else. */
function isInTheWay(
  { name, type, alias, setIdentifier }: RecordSet,
  { scope, state }: RestrictedZone,
  planned: Pick<PlannedEndpoint, 'leaves'> | undefined,
): boolean {
  if (!['A', 'AAAA', 'CNAME'].includes(type))
    return planned === undefined || planned.leaves.some((leaf) => leaf.type === 'CNAME');
  const isOwned = state.owned.includes(name) || state.adopted.includes(name);
  const isPawls = alias !== undefined && treeLabelOf(alias.name, scope) !== undefined;
  return !isOwned && !(isPawls && !alias.evaluateTargetHealth && setIdentifier === undefined);
}
