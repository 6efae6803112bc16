import { canonicalJson } from '../../plan/canonical.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import type { LoweredFloors } from '../../plan/lowered-floors.ts';
import { waitingFloors } from '../../plan/lowered-floors.ts';
import { ownValue } from '../../plan/own-value.ts';
import { endpointOfLabels } from '../../plan/owned-names.ts';
import type { LooserField } from '../../plan/stricter-policy.ts';
import { looseningDigest, looserFields, lowerFloors, stricterPolicy } from '../../plan/stricter-policy.ts';
import type { CommandDecision } from './command-decision.ts';
import { append, recorded, refused, unless } from './command-decision.ts';
import type { LedgerEvent } from './events.ts';
import type { CellState, Loosening } from './state.ts';
import { isSince4 } from './state.ts';

type FleetDeclared = LedgerEvent & { readonly type: 'FleetDeclared' };
type Decision = LedgerEvent & { readonly type: 'LooseningApproved' | 'LooseningRejected' };

/**
 * The policy that judges: what is declared, but nothing of it that is looser than what a person has accepted
 * (docs/adr/0059-the-stricter-policy-judges.md). Cells before format 4 have what is declared. Pure.
 */
export function policyInEffect({ fleet, loosening }: Pick<CellState, 'fleet' | 'loosening'>): CellPolicy {
  return loosening?.inEffect ?? fleet?.policy ?? DEFAULT_POLICY;
}

/** What of a declared policy waits for a person. */
export interface WaitingLoosening extends Omit<Loosening, 'inEffect'> {
  /** Not empty. */
  readonly fields: readonly LooserField[];
  /** By which a person decides about exactly these. */
  readonly digest: string;
}

/** What of the declared policy waits for a person; null when all of it is in effect. Pure. */
export function waitingLoosening({
  fleet,
  loosening,
  ...state
}: FloorsOf & Pick<CellState, 'loosening'>): WaitingLoosening | null {
  if (fleet === null || loosening === null) return null;
  const { inEffect, ...waiting } = loosening;
  const floors = floorsInEffect({ fleet, ...state });
  const fields = looserThan({ inEffect, policy: fleet.policy, floors });
  return { ...waiting, fields, digest: looseningDigest(fields) };
}

/** What says which floors are in effect. */
export type FloorsOf = Pick<CellState, 'cell' | 'fleet' | 'endpoints'>;

/** The floors in effect that the declared fleet lowers, or whose endpoints it leaves out. Pure. */
export function floorsInEffect({ cell, fleet, endpoints }: FloorsOf): LoweredFloors {
  if (fleet === null) return {};
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  return Object.fromEntries(
    Object.entries(endpoints).flatMap(([relative, { floor }]) =>
      floor === undefined ? [] : [[endpointOfLabels(relative, scope), floor]],
    ),
  );
}

/** Endpoints with these floors, by name, instead of those that they had. */
export function withFloors(
  { cell, fleet, endpoints }: FloorsOf,
  floors: LoweredFloors,
): CellState['endpoints'] {
  if (fleet === null) return endpoints;
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  return Object.fromEntries(
    Object.entries(endpoints).map(([relative, { floor: _, ...known }]) => {
      const floor = ownValue(floors, endpointOfLabels(relative, scope));
      return [relative, floor === undefined ? known : { ...known, floor }];
    }),
  );
}

/** What of a declaration is looser than what is in effect: of its policy, then floors. Pure. */
export function looserThan({
  inEffect,
  policy,
  floors = {},
}: {
  readonly inEffect?: CellPolicy;
  readonly policy: CellPolicy;
  readonly floors?: LoweredFloors;
}): readonly LooserField[] {
  return [...looserFields(inEffect ?? policy, policy), ...lowerFloors(floors)];
}

/**
 * A declaration with the policy that is in effect after it, where that is not the declared one. The event says it, so
 * that the fold of a log does not depend on what a later release takes for stricter.
 */
export function judgedDeclaration(proposal: FleetDeclared, state: CellState): FleetDeclared {
  const { inEffect: _, floors: proposed = {}, ...declared } = proposal;
  if (!isSince4(state) || state.fleet === null) return declared;
  const floors = floorsThatStand(proposed, declared, state);
  const event = Object.keys(floors).length === 0 ? declared : { ...declared, floors };
  const inEffect = stricterPolicy(policyInEffect(state), event.policy);
  return looserFields(inEffect, event.policy).length === 0 ? event : { ...event, inEffect };
}

/** Those of endpoints that have a tree: of any other there is nothing to lose, and the log has no room for its name. */
function floorsThatStand(
  floors: LoweredFloors,
  { zone, zoneId }: FleetDeclared,
  { cell, endpoints }: CellState,
): LoweredFloors {
  const scope = { cell, zone, zoneId };
  const standing = new Set<string>(
    Object.keys(endpoints).map((relative) => endpointOfLabels(relative, scope)),
  );
  return Object.fromEntries(Object.entries(floors).filter(([name]) => standing.has(name)));
}

/** What waits after a declaration. The same that waited goes on waiting, declined or not. */
export function withDeclared(
  before: FloorsOf & Pick<CellState, 'loosening'>,
  { inEffect: judging, policy, floors = {} }: FleetDeclared,
  { at, by }: { readonly at: number; readonly by: string },
): Loosening | null {
  if (judging === undefined && Object.keys(waitingFloors(floors)).length === 0) return null;
  const inEffect = judging ?? policy;
  const fields = looserThan({ inEffect, policy, floors });
  const known = waitingLoosening(before);
  if (known === null || before.loosening === null) return { inEffect, since: at, by };
  if (known.digest === looseningDigest(fields)) return { ...before.loosening, inEffect };
  // Another loosening in its place is news; but it does not begin the time anew for which something has been waiting.
  return { inEffect, since: before.loosening.rejected === undefined ? before.loosening.since : at, by };
}

/** The cell after a person accepted what was declared: only endpoints that are declared no more keep their floors. */
export function loosened(state: CellState): CellState {
  const kept = Object.entries(floorsInEffect(state)).filter(([, { declared }]) => declared === undefined);
  return { ...state, loosening: null, endpoints: withFloors(state, Object.fromEntries(kept)) };
}

/**
 * The cell after an event that may have made or taken trees. An endpoint keeps its floor for as long as it has one, also
 * where another tree takes the place of its only one. Where the last goes, nobody is asked about its floor any more.
 */
export function keepingFloors(before: CellState, after: CellState): CellState {
  if (after.endpoints === before.endpoints) return after;
  const floors = floorsInEffect(before);
  if (Object.keys(floors).length === 0) return after;
  const kept = { ...after, endpoints: withFloors(after, floors) };
  return isSettled(kept) ? { ...kept, loosening: null } : kept;
}

/** Whether nothing waits: as the log has it, and not as this release compares policies. */
function isSettled(state: CellState): boolean {
  const { fleet, loosening } = state;
  const isPolicyInEffect =
    loosening === null || canonicalJson(loosening.inEffect) === canonicalJson(fleet?.policy ?? null);
  return isPolicyInEffect && Object.keys(waitingFloors(floorsInEffect(state))).length === 0;
}

/** Decides on what a person makes of a looser policy: only of the one that waits, against what is in effect now. */
export function considerLoosening(proposal: Decision, state: CellState): CommandDecision {
  const { cell, fleet, loosening } = state;
  const isApproved =
    proposal.type === 'LooseningApproved' &&
    loosening === null &&
    canonicalJson(fleet?.policy ?? null) === canonicalJson(proposal.policy);
  if (isApproved) return recorded;
  if (fleet === null || loosening === null)
    return refused(`No looser policy of cell ${cell} waits: the policy that is declared is in effect.`);
  const isShown =
    canonicalJson([proposal.inEffect, proposal.policy, proposal.floors ?? {}]) ===
    canonicalJson([loosening.inEffect, fleet.policy, waitingFloors(floorsInEffect(state))]);
  if (!isShown)
    return refused(`The policy of cell ${cell} that waits is another one by now: look at it again.`);
  return proposal.type === 'LooseningApproved'
    ? append(proposal)
    : unless(loosening.rejected !== undefined, proposal);
}
