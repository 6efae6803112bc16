import { canonicalJson } from '../../plan/canonical.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import type { LooserField } from '../../plan/stricter-policy.ts';
import { looseningDigest, looserFields, stricterPolicy } from '../../plan/stricter-policy.ts';
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
}: Pick<CellState, 'fleet' | 'loosening'>): WaitingLoosening | null {
  if (fleet === null || loosening === null) return null;
  const { inEffect, ...waiting } = loosening;
  const fields = looserFields(inEffect, fleet.policy);
  return { ...waiting, fields, digest: looseningDigest(fields) };
}

/**
 * A declaration with the policy that is in effect after it, where that is not the declared one. The event says it, so
 * that the fold of a log does not depend on what a later release takes for stricter.
 */
export function judgedDeclaration(proposal: FleetDeclared, state: CellState): FleetDeclared {
  const { inEffect: _, ...event } = proposal;
  if (!isSince4(state) || state.fleet === null) return event;
  const inEffect = stricterPolicy(policyInEffect(state), event.policy);
  return looserFields(inEffect, event.policy).length === 0 ? event : { ...event, inEffect };
}

/** What waits after a declaration. The same that waited goes on waiting, declined or not. */
export function withDeclared(
  before: Pick<CellState, 'fleet' | 'loosening'>,
  { inEffect, policy }: FleetDeclared,
  { at, by }: { readonly at: number; readonly by: string },
): Loosening | null {
  if (inEffect === undefined) return null;
  const known = waitingLoosening(before);
  if (known === null || before.loosening === null) return { inEffect, since: at, by };
  if (known.digest === looseningDigest(looserFields(inEffect, policy)))
    return { ...before.loosening, inEffect };
  // Another loosening in its place is news; but it does not begin the time anew for which something has been waiting.
  return { inEffect, since: before.loosening.rejected === undefined ? before.loosening.since : at, by };
}

/** Decides on what a person makes of a looser policy: only of the one that waits, against what is in effect now. */
export function considerLoosening(
  proposal: Decision,
  { cell, fleet, loosening }: CellState,
): CommandDecision {
  const isApproved =
    proposal.type === 'LooseningApproved' &&
    loosening === null &&
    canonicalJson(fleet?.policy ?? null) === canonicalJson(proposal.policy);
  if (isApproved) return recorded;
  if (fleet === null || loosening === null)
    return refused(`No looser policy of cell ${cell} waits: the policy that is declared is in effect.`);
  const isShown =
    canonicalJson([proposal.inEffect, proposal.policy]) === canonicalJson([loosening.inEffect, fleet.policy]);
  if (!isShown)
    return refused(`The policy of cell ${cell} that waits is another one by now: look at it again.`);
  return proposal.type === 'LooseningApproved'
    ? append(proposal)
    : unless(loosening.rejected !== undefined, proposal);
}
