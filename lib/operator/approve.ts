import type { Generation } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import { SHORT_DIGEST_LENGTH } from '../plan/plan.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface ApproveRequest {
  readonly cell: CellName;
  readonly generation: Generation;
  /** The plan's digest, or at least its first 12 digits: it says that this person looked at this very plan. */
  readonly digest: string;
}

export interface Approval {
  readonly generation: Generation;
  /** The whole digest. */
  readonly digest: string;
  /** False when the plan was approved already. */
  readonly changed: boolean;
}

const DIGEST = /^[0-9a-f]{12,64}$/;

/**
 * Approves the newest plan of a cell, named by its generation and its digest; any other is refused, because a newer one
 * says something that this person has not seen. Only a plan that a person proposed waits as a whole.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function approvePlan(
  deps: OperatorDeps,
  { cell, generation, digest }: ApproveRequest,
): Promise<Outcome<Approval>> {
  const given = digest.toLowerCase();
  if (!DIGEST.test(given)) {
    return refused(
      `"${digest.slice(0, 80)}" is not a digest: give ${SHORT_DIGEST_LENGTH} to 64 hexadecimal digits, as "pawl plan show ${cell}" prints them.`,
    );
  }
  let whole = given;
  const outcome = await recordEvent(deps, cell, ({ state: { newest } }) => {
    // A digest that does not match stays as it was given; the refusal then names the newest plan.
    whole = newest?.digest.startsWith(given) === true ? newest.digest : given;
    return { type: 'ApprovePlan', generation, digest: whole };
  });
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', generation, digest: whole, changed: outcome.type === 'appended' };
}
