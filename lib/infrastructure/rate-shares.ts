import type { RoleName } from '../roles.ts';
import { byRole, settingName } from '../roles.ts';
import type { Deployment } from './deployment.ts';

/** The rate of one execution of a role: of one function, for one cell. */
export interface RateShare {
  readonly requestsPerSecond: number;
  /** Requests that may be saved up. A change of one endpoint takes six. */
  readonly burst: number;
}

const BURST = 6;
/** For a role that asks Route 53 nothing and has no permission to; a rate is never 0. */
const NO_RATE: RateShare = { requestsPerSecond: 1, burst: 1 };
/** Sums of shares such as 0.6 + 0.15 + 0.25 are not exact. */
const ROUNDING = 1e-9;

/**
 * Divides the account's Route 53 rate: the reserve first, then the shares, each by the functions of the role and by
 * the cells, because a function runs once a cell.
 *
 * @throws RangeError when what is given out, the reserve included, is more than the account has.
 */
export function rateShares({ rate, enactors, cells }: Deployment): Readonly<Record<RoleName, RateShare>> {
  const { requestsPerSecond, reservePerSecond, shares } = rate;
  const toGive = requestsPerSecond - reservePerSecond;
  if (toGive <= 0) {
    throw new RangeError(
      `A reserve of ${reservePerSecond} of ${requestsPerSecond} requests a second leaves nothing.`,
    );
  }
  const places = Object.keys(cells).length;
  const each = (share: number, functions: number): RateShare => ({
    requestsPerSecond: (toGive * share) / (functions * places),
    burst: BURST,
  });
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
  return byRole((role) => {
    const share = shares[settingName(role)];
    return share === undefined ? NO_RATE : each(share, role.redundant ? enactors : 1);
  });
}
