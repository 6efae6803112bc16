import type { Finding } from './findings.ts';
import type { EndpointLintInput } from './lint-plan.ts';
import { recordsOfNewTree } from './lint-plan.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { nodeSize, nodesOf, pathsDownTo } from './tree-nodes.ts';

/** The fence is one record. */
export const FENCE_RECORDS = 1;

/** From this share of a zone's limit on there is a note, percent; and an alarm, ZoneNearlyFull. */
const NEARLY_FULL_PERCENT = 80;

/** Records of a cell that answers so, with nothing retained: its fence, leaves, roots and rollback roots. Pure. */
export function recordsHeld(endpoints: readonly DesiredEndpoint[]): number {
  return endpoints.reduce((sum, endpoint) => sum + recordsOfNewTree(endpoint), FENCE_RECORDS);
}

/**
 * Records that a zone must have room for so that such a cell can ever change: all that it holds, and what one more
 * target of its largest endpoint makes anew, beside what it takes the place of. Pure.
 */
export function recordsToChange(endpoints: readonly DesiredEndpoint[]): number {
  return recordsHeld(endpoints) + Math.max(0, ...endpoints.map(recordsOfChange));
}

/** The most records that a change of one target makes anew: its set and the nodes above it. */
function recordsOfChange(endpoint: DesiredEndpoint): number {
  const sizes = new Map(nodesOf(endpoint).map((node) => [node.path, nodeSize(endpoint, node)]));
  const changes = [...sizes.keys()].map((path) =>
    pathsDownTo(path).reduce((sum, each) => sum + (sizes.get(each) ?? 0), 0),
  );
  return Math.max(...changes);
}

/** A note where what cannot yield comes near the zone's limit. Pure. */
export function lintZoneShare(
  endpoints: readonly DesiredEndpoint[],
  { scope, zone }: Pick<EndpointLintInput, 'scope' | 'zone'>,
): readonly Finding[] {
  if (zone?.foreign === undefined) return [];
  const { foreign, recordLimit } = zone;
  const records = foreign + recordsHeld(endpoints);
  if (records * 100 < recordLimit * NEARLY_FULL_PERCENT) return [];
  return [{ code: 'zone-nearly-full', severity: 'note', subject: scope.zone, records, recordLimit }];
}
