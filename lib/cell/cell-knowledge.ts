import type { CellState } from '../ledger/decider/state.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import type { DesiredInput } from '../plan/desired.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { ownValue } from '../plan/own-value.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import { declaredFleet, planOf, recordedObservations } from './cell-bodies.ts';

/** What the log says of a cell at one head: all that a plan is judged by. */
export interface CellKnowledge {
  readonly head: Head;
  readonly fleet: CellFleet;
  readonly scope: CellScope;
  /** The input that the endpoints are computed from; its base is the goal's plan. */
  readonly desired: DesiredInput;
}

/**
 * Reads the fleet, the observations and the goal that a head names; undefined when no fleet has been pushed.
 *
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function knowCell(ledger: Ledger, head: Head): Promise<CellKnowledge | undefined> {
  const { cell, state } = head;
  if (state.fleet === null) return undefined;
  const fleet = await declaredFleet(ledger, cell, state.fleet.digest);
  return knowledgeOf(ledger, head, fleet, await recordedObservations(ledger, head));
}

/**
 * The same for a caller that has the fleet and the observations already: reads only the goal.
 *
 * @throws LedgerUnavailable, BodyDamaged when it cannot be read.
 */
export async function knowledgeOf(
  ledger: Ledger,
  head: Head,
  fleet: CellFleet,
  observations: Observations,
): Promise<CellKnowledge> {
  const { cell, state } = head;
  const { drained, evacuated, goal } = state;
  const base = await planOf(ledger, cell, goal);
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  return { head, fleet, scope, desired: { fleet, observations, drained, evacuated, base } };
}

/** Whether the log has the endpoint's tree (endpoint in relative form) as made and not retired. */
export function isUnretired(
  { endpoints }: Pick<CellState, 'endpoints'>,
  endpoint: string,
  label: TreeLabel,
): boolean {
  return ownValue(endpoints, endpoint)?.trees.includes(label) === true;
}
