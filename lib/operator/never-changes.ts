import type { ZoneFacts } from '../ledger/decider/events.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import { recordsHeld, recordsToChange } from '../plan/zone-share.ts';

/**
 * Why a fleet could never change within the zone's limit once it is applied, whatever yields; undefined where it could, or
 * where nobody knows. One that asks for less than the fleet before it is better than that one. Pure.
 */
export function neverChanges(
  fleet: CellFleet,
  before: CellFleet | undefined,
  facts: ZoneFacts | null,
): string | undefined {
  if (facts?.ours === undefined) return undefined;
  const { recordLimit } = facts;
  const foreign = facts.records - facts.ours;
  const endpoints = wholeAnswers(fleet);
  const needs = recordsToChange(endpoints);
  const isLess = before !== undefined && needs < recordsToChange(wholeAnswers(before));
  if (isLess || foreign + needs <= recordLimit) return undefined;
  const held = recordsHeld(endpoints);
  return `Cell ${fleet.cell} could never change any more: with all its targets it holds ${held} records, ${needs - held} more are needed to change its largest endpoint, and ${foreign} records of the zone ${fleet.zone} are not its own, together more than the ${recordLimit} that the zone may hold. Declare fewer targets, split the cell between zones, or have the limit raised.`;
}

/** What the endpoints answer when every target serves. */
function wholeAnswers(fleet: CellFleet): readonly DesiredEndpoint[] {
  const observations: Observations = Object.fromEntries(
    fleet.targets.map(({ id, capacity }) => [id, { health: 'healthy', capacity: Math.max(1, capacity) }]),
  );
  return desiredEndpoints({ fleet, observations, drained: [], evacuated: [], base: undefined });
}
