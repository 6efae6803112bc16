import type { Role, RoleName } from '../roles.ts';
import { byRole, ROLES, settingName } from '../roles.ts';
import type { Deployment } from './deployment.ts';
import { runsAtOnce } from './runs-at-once.ts';

// See docs/adr/0052-what-others-leave-is-borrowed.md.

/** The rate of one container of a function, as its environment has it; lib/runtime/rate-budget.ts says what each means. */
export interface RateShare {
  /** Its floor: what it may always send. */
  readonly requestsPerSecond: number;
  /** Requests of the floor that may be saved up. */
  readonly burst: number;
  /** Nothing of the floor is kept for urgent work, which has the account's reserve. */
  readonly reserve: 0;
  readonly borrowing?: { readonly upToPerSecond: number; readonly urgentPerSecond: number };
  readonly changes?: { readonly perSecond: number; readonly burst: number; readonly reserve: number };
}

/** A change of one endpoint takes six requests. */
const BURST_MAX = 6;
/** For a role that asks Route 53 nothing and has no permission to; a rate is never 0. */
const NO_RATE: RateShare = { requestsPerSecond: 1, burst: 1, reserve: 0 };
/** Sums of shares such as 0.6 + 0.15 + 0.25 are not exact. */
const ROUNDING = 1e-9;

/** The containers that work at once in all functions of a role, at most. */
export function containersOf(
  role: Role,
  { enactors, cells }: Pick<Deployment, 'enactors' | 'cells'>,
): number {
  return (role.redundant ? enactors : 1) * runsAtOnce(role, Object.keys(cells).length);
}

/**
 * Divides the account's Route 53 rate: the reserve first, then the shares, each by the containers that its role can have
 * at once. So all floors and the reserve together are never more than the account has, whatever runs. What a container
 * may save up is divided in the same way, as far as one request each goes. Beyond its floor a container borrows, and
 * never so much that one alone would touch the reserve.
 *
 * @throws RangeError when what is given out, the reserve included, is more than the account has.
 */
export function rateShares(deployment: Deployment): Readonly<Record<RoleName, RateShare>> {
  const { requestsPerSecond, burst, reservePerSecond, changesPerSecond, changeBurst, shares } =
    deployment.rate;
  const toGive = requestsPerSecond - reservePerSecond;
  if (toGive <= 0) {
    throw new RangeError(
      `A reserve of ${reservePerSecond} of ${requestsPerSecond} requests a second leaves nothing.`,
    );
  }
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const sum = reservePerSecond + toGive * given;
  if (sum > requestsPerSecond + ROUNDING) {
    throw new RangeError(
      `The reserve and the shares come to ${sum.toFixed(2)} requests a second, more than the account's ${requestsPerSecond}.`,
    );
  }
  if (Object.values(shares).some((share) => share <= 0)) {
    throw new RangeError('Every role that asks Route 53 needs a share above 0.');
  }
  // The same part of every bucket is kept.
  const open = toGive / requestsPerSecond;
  const containers = ROLES.filter((role) => role.rateShare > 0).reduce(
    (count, role) => count + containersOf(role, deployment),
    0,
  );
  return byRole((role) => {
    const share = shares[settingName(role)];
    if (share === undefined) return NO_RATE;
    return {
      requestsPerSecond: (toGive * share) / containersOf(role, deployment),
      burst: Math.min(BURST_MAX, Math.max(1, (burst * open) / containers)),
      reserve: 0,
      borrowing: { upToPerSecond: toGive, urgentPerSecond: reservePerSecond },
      changes: {
        perSecond: changesPerSecond * open,
        burst: changeBurst,
        reserve: Math.floor(changeBurst * (1 - open)),
      },
    };
  });
}
