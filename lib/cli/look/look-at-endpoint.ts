import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { newestEvent } from '../../ledger/newest-events.ts';
import type { KeptBackShown } from '../../operator/kept-back.ts';
import { lookAtKeptBack } from '../../operator/kept-back.ts';
import type { OperatorDeps } from '../../operator/operator.ts';
import type { DesiredInput } from '../../plan/desired.ts';
import type { Observations } from '../../plan/fleet-model.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import { endpointLabels, ownedSubtree, rollbackName, treeLabelOf } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { recordKey } from '../../plan/records.ts';
import { zoneView } from '../../plan/zone-view.ts';
import type { World } from '../../wiring/world.ts';
import { recordsAt, recordsUnder } from '../../zone/read-records.ts';
import { declaredFleet } from '../command/cells.ts';
import type { OperatorsWorld } from '../command/workflow-deps.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { AppliedEndpoint } from './endpoint-lookup.ts';
import type { Explanation } from './explanation.ts';
import { explain } from './explanation.ts';

/** An endpoint with everything that decides its answers, and what waits for it. */
export interface SeenEndpoint {
  readonly explanation: Explanation;
  /** Null when it answers what is asked of it. */
  readonly waiting: KeptBackShown | null;
}

/**
 * Reads an endpoint's records, and what its cell's log says of it.
 *
 * @param now milliseconds since 1970.
 * @throws LedgerUnavailable, ZoneUnavailable, ZoneNotFound when one of them cannot be read.
 */
export async function lookAtEndpoint(
  world: OperatorsWorld & Pick<World, 'zone'>,
  ledger: Ledger,
  found: AppliedEndpoint,
  now: number,
): Promise<SeenEndpoint> {
  const explanation = await explanationOf(world, ledger, found, now);
  const waiting = await waitingOf(operatorDeps(world, ledger), found.head.cell, found.endpoint.name);
  return { explanation, waiting };
}

/**
 * The same without what waits.
 *
 * @param now milliseconds since 1970.
 * @param pagesMax pages of 500 events in which the event that made the tree is looked for; all unless given.
 * @throws LedgerUnavailable, ZoneUnavailable, ZoneNotFound when one of them cannot be read.
 */
export async function explanationOf(
  world: Pick<World, 'zone'>,
  ledger: Ledger,
  found: AppliedEndpoint,
  now: number,
  pagesMax?: number,
): Promise<Explanation> {
  const { head, plan, endpoint } = found;
  const zone = world.zone(plan.zoneId);
  const listings = await Promise.all([
    ...[endpoint.name, endpoint.tree, rollbackName(endpoint.name, plan)].map((each) => recordsAt(zone, each)),
    // Below its own name in the cell's subtree are all trees of the endpoint, and their nodes.
    ...(endpoint.nodes === undefined
      ? []
      : [recordsUnder(zone, dnsName(`${endpointLabels(endpoint.name, plan)}.${ownedSubtree(plan)}`))]),
  ]);
  const label = treeLabelOf(endpoint.tree, plan);
  return explain({
    found,
    view: zoneView(
      new Map(
        listings.flatMap(({ records }) => records).map((record) => [recordKey(record), record]),
      ).values(),
    ),
    desired: await desiredInput(ledger, head, plan, now),
    made:
      label === undefined
        ? undefined
        : await makerOf(ledger, head, [endpointLabels(endpoint.name, plan), label], pagesMax),
    now,
  });
}

/** What waits for an endpoint; null when it answers what is asked of it. */
export async function waitingOf(
  deps: OperatorDeps,
  cell: CellName,
  name: DnsName,
): Promise<KeptBackShown | null> {
  const look = await lookAtKeptBack(deps, { cell, endpoints: [], decision: 'approve' });
  return look.type === 'done' ? (look.waiting.find((each) => each.name === name) ?? null) : null;
}

/** The newest event whose plan makes this tree of an endpoint, or brings it into the log; undefined when none does. */
function makerOf(
  ledger: Ledger,
  head: Head,
  [endpoint, label]: readonly [string, TreeLabel],
  pagesMax?: number,
): Promise<RecordedEvent | undefined> {
  return newestEvent(
    ledger,
    head,
    ({ event }) => event.type === 'PlanAppended' && ownValue(event.newTrees, endpoint) === label,
    pagesMax,
  );
}

/** The input that the planner would have now; undefined when no fleet has been pushed. */
async function desiredInput(
  ledger: Ledger,
  head: Head,
  base: Plan,
  now: number,
): Promise<DesiredInput | undefined> {
  const fleet = await declaredFleet(ledger, head);
  if (fleet === undefined) return undefined;
  const { cell, state } = head;
  const observations =
    state.observations === null
      ? {}
      : (JSON.parse(await ledger.getBody(cell, state.observations.digest)) as Observations);
  const { drained, evacuated, evacuatedBranches } = state;
  return { fleet, observations, drained, evacuated, evacuatedBranches, base, now };
}
