import { goneNames } from '../ledger/decider/evolve-handover.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { takenByOthers } from '../plan/handover.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import type { ZoneView } from '../plan/zone-view.ts';

/**
 * Endpoints that another cell has taken, by the log or, before anybody has recorded it, by the zone: no role of this cell
 * compares, repairs or removes them, whatever its plans say (docs/adr/0072-an-endpoint-is-handed-over.md). Pure.
 *
 * @param view undefined where the zone was not read: then the log alone says it.
 */
export function goneFrom(
  state: Pick<CellState, 'given' | 'awaited' | 'offers'>,
  view: ZoneView | undefined,
  scope: CellScope,
): ReadonlySet<DnsName> {
  const taken = view === undefined ? [] : takenByOthers(state.offers, view, scope).keys();
  return new Set([...goneNames(state), ...taken]);
}

/**
 * What the cell owns as far as it may remove it: without what is gone, and without what it offers and its plan lacks. Who
 * was to remove an endpoint, and then lets another cell have it, leaves it to that cell. Pure.
 */
export function ownedBy(
  { owned, offers }: Pick<CellState, 'owned' | 'offers'>,
  plan: Plan,
  gone: ReadonlySet<DnsName>,
): ReadonlySet<DnsName> {
  const planned = new Set(plan.endpoints.map(({ name }) => name));
  const offered = new Set(offers.map(({ name }) => name));
  return new Set(owned.filter((name) => !gone.has(name) && (planned.has(name) || !offered.has(name))));
}

/** The plan as this cell may compare it with the zone: without the endpoints that are gone. */
export function planWithout(plan: Plan, gone: ReadonlySet<DnsName>): Plan {
  if (!plan.endpoints.some(({ name }) => gone.has(name))) return plan;
  return { ...plan, endpoints: plan.endpoints.filter(({ name }) => !gone.has(name)) };
}

/** The endpoints that the log awaits, each with the cell that gives it. */
export function awaitedOf({ awaited }: Pick<CellState, 'awaited'>): ReadonlyMap<DnsName, CellName> {
  return new Map(awaited.map(({ name, from }) => [name, from]));
}
