import type { Fence } from '../plan/fence.ts';
import { isRescueFence, NO_PLAN } from '../plan/fence.ts';
import { shortDigest } from '../plan/plan.ts';

/** A plan as the log names it. */
export interface NamedPlan {
  readonly generation: number;
  /** The whole digest. */
  readonly digest: string;
}

/**
 * A plan takes effect at the commit whose fence first names it. At that instant it must be an approved plan of the log, and
 * its generation must be the fence's. The plan of a rescue comes from a file and belongs to no ledger.
 *
 * @param before the fence that stood; undefined where nobody can say.
 * @param approvedAt the approved plans that the log has of a generation.
 * @returns what is wrong; undefined where nothing is.
 */
export function planProblem(
  fence: Fence,
  before: Fence | undefined,
  approvedAt: (generation: number) => readonly NamedPlan[],
): string | undefined {
  const { generation, plan } = fence;
  if (plan === NO_PLAN || plan === before?.plan || isRescueFence(fence)) return undefined;
  const isKnown = approvedAt(generation).some(
    (known) => known.generation === generation && shortDigest(known.digest) === plan,
  );
  return isKnown ? undefined : `the zone was pointed at ${generation} (${plan}), which is no approved plan`;
}
