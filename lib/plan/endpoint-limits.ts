import type { Finding } from './findings.ts';
import { MAX_ENDPOINTS_A_CELL } from './fleet-model.ts';
import type { EndpointLintInput } from './lint-plan.ts';
import type { DnsName } from './names.ts';
import { targetsLost } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';

/**
 * Endpoints that change: first those that lose a target, because that is what cannot wait. Pure.
 *
 * @param standing as the endpoints answer until there is another plan.
 */
export function inOrderOfNeed(
  changed: readonly (readonly [DnsName, DesiredEndpoint])[],
  standing: ReadonlyMap<DnsName, DesiredEndpoint>,
): readonly (readonly [DnsName, DesiredEndpoint])[] {
  const isLosing = ([name, answer]: readonly [DnsName, DesiredEndpoint]): boolean => {
    const before = standing.get(name);
    return before !== undefined && targetsLost(before, answer).length > 0;
  };
  return [...changed.filter(isLosing), ...changed.filter((entry) => !isLosing(entry))];
}

/** What the new trees of some endpoints may take. */
export interface TreeLimits {
  readonly lint: Pick<EndpointLintInput, 'scope' | 'zone'>;
  /** Whether a tree with this answer stands already, so that the endpoint needs no room for another. */
  readonly hasTree: (answer: DesiredEndpoint) => boolean;
  /** Records that the zone must have room for beside those it is known to hold, so that the endpoint answers so. */
  readonly recordsFor: (answer: DesiredEndpoint) => number;
  /** Why the log has no room for new trees of these endpoints; undefined where it has. */
  readonly lacksRoom: (names: readonly DnsName[]) => Finding | undefined;
}

/**
 * The endpoints whose new trees have no room in the zone or in the log, each with its finding. One whose tree stands
 * already needs no room. Room goes to the first
 * ones; a smaller tree may have room where a larger one before it has none. Pure.
 */
export function overTreeLimits(
  endpoints: readonly (readonly [DnsName, DesiredEndpoint])[],
  { lint: { zone, scope }, hasTree, recordsFor, lacksRoom }: TreeLimits,
): ReadonlyMap<DnsName, Finding> {
  const over = new Map<DnsName, Finding>();
  const reused = new Set(endpoints.flatMap(([name, answer]) => (hasTree(answer) ? [name] : [])));
  const waiting = endpoints.filter(([name]) => !reused.has(name));
  const isRoomForAll = lacksRoom(waiting.map(([name]) => name)) === undefined;
  // What stands and serves again does not yield any more.
  const kept = endpoints.filter(([name]) => reused.has(name));
  let taken = kept.reduce((sum, [, answer]) => sum + recordsFor(answer), zone?.records ?? 0);
  const made: DnsName[] = [];
  for (const [name, answer] of waiting) {
    const records = taken + recordsFor(answer);
    const noRoom = isRoomForAll ? undefined : lacksRoom([...made, name]);
    if (zone !== undefined && records > zone.recordLimit) {
      const { recordLimit } = zone;
      over.set(name, { code: 'zone-limit', severity: 'fatal', subject: scope.zone, records, recordLimit });
    } else if (noRoom !== undefined) {
      over.set(name, noRoom);
    } else {
      taken = records;
      made.push(name);
    }
  }
  return over;
}

/**
 * The new endpoints over the cell's bound, the last ones by name, each with its finding. Pure.
 *
 * @param added new ones, in order of name.
 * @param endpoints how many there would be with all of them.
 */
export function overEndpointLimit(
  added: readonly DnsName[],
  endpoints: number,
  { scope }: Pick<EndpointLintInput, 'scope'>,
): ReadonlyMap<DnsName, Finding> {
  const over = Math.max(0, endpoints - MAX_ENDPOINTS_A_CELL);
  const last = added.slice(Math.max(0, added.length - over));
  const finding: Finding = {
    code: 'too-many-endpoints',
    severity: 'fatal',
    subject: scope.cell,
    endpoints,
    endpointsMax: MAX_ENDPOINTS_A_CELL,
  };
  return new Map(last.map((name) => [name, finding]));
}
