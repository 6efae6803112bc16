import { declaredFleet, putObservations, recordedObservations } from '../cell/cell-bodies.ts';
import { sourcePlace } from '../fleet/sources/sources.ts';
import { isSince4 } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical.ts';
import { withReturns } from '../plan/flapping.ts';
import type { Observation, Observations, TargetHealth } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface ObserveRequest {
  readonly cell: CellName;
  readonly target: string;
  /** Left as it was observed, or declared, when absent. */
  readonly health?: TargetHealth;
  /** The fleet's own unit, a whole number from 0 to 1,000,000; left as it was when absent. */
  readonly capacity?: number;
}

export interface Observed {
  readonly before: Observation;
  readonly after: Observation;
  /** False when it was observed so already. */
  readonly changed: boolean;
}

const CAPACITY_MAX = 1_000_000;

/**
 * Records what a person, or a program of theirs, has seen of one target, as a source would: the planner judges it by
 * the same policies. Refused for a target that is observed at its load balancer, because the next observation there
 * would replace it; but a person who says of any target that it is healthy, as it was seen last, lets it back at once
 * where it waits because it came and went (docs/adr/0062-flapping-is-damped-upward.md).
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function observeTarget(deps: OperatorDeps, request: ObserveRequest): Promise<Outcome<Observed>> {
  const { cell, health, capacity } = request;
  if (health === undefined && capacity === undefined)
    return refused('Nothing was observed: give a health, a capacity, or both.');
  if (capacity !== undefined && (!Number.isSafeInteger(capacity) || capacity < 0 || capacity > CAPACITY_MAX))
    return refused(`${capacity} is not a capacity: use a whole number from 0 to ${CAPACITY_MAX}.`);
  const seen: { last: Seen | NotDone } = { last: refused(`Nothing was read of cell ${cell}.`) };
  const outcome = await recordEvent(deps, cell, async (head) => {
    const found = await lookAt(deps, head, request);
    seen.last = found;
    if ('type' in found || canonicalJson(found.before) === canonicalJson(found.after)) return undefined;
    return putObservations(deps.ledger, cell, found.all, 1);
  });
  const { last } = seen;
  if ('type' in last) return last;
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', before: last.before, after: last.after, changed: outcome.type === 'appended' };
}

interface Seen {
  readonly before: Observation;
  readonly after: Observation;
  readonly all: Observations;
}

async function lookAt(
  deps: OperatorDeps,
  head: Head,
  { cell, target: id, health, capacity }: ObserveRequest,
): Promise<Seen | NotDone> {
  const declared = head.state.fleet;
  if (declared === null) return noFleet(cell);
  const { targets } = await declaredFleet(deps.ledger, cell, declared.digest);
  const target = targets.find((each) => each.id === id);
  if (target === undefined) return refused(`The fleet of cell ${cell} has no target "${id}".`);
  const observations = await recordedObservations(deps.ledger, head);
  const before = ownValue(observations, id) ?? { health: target.health, capacity: target.capacity };
  // A person who says that a target is healthy, as it was seen last, lets it back: its returns are forgotten.
  const letsBack = health === 'healthy' && before.health === 'healthy' && before.returns !== undefined;
  if (target.observedBy !== undefined && !(letsBack && capacity === undefined)) {
    return refused(
      `Target ${id} of cell ${cell} is observed ${sourcePlace(target.observedBy.source)} at every run of the planner, which would replace this at once: take it out with "pawl target drain ${id}", or change it there.`,
    );
  }
  const seen = { health: health ?? before.health, capacity: capacity ?? before.capacity };
  const isCounted = isSince4(head.state) && !letsBack;
  const after = isCounted ? withReturns(before, seen, deps.clock.now()) : seen;
  return { before, after, all: { ...observations, [id]: after } };
}
