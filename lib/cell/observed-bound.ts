import { asManyAs } from '../plan/as-many.ts';
import { branchOf, branchSharesLost, wholeBranches } from '../plan/branch-loss.ts';
import type { DesiredInput } from '../plan/desired.ts';
import { isBranchEvacuated } from '../plan/desired.ts';
import { branchPaths } from '../plan/evacuated-branches.ts';
import type { Finding } from '../plan/findings.ts';
import type { FleetRoute, Observations } from '../plan/fleet-model.ts';
import { unansweredPlaces } from '../plan/lint-places.ts';
import { ownValue } from '../plan/own-value.ts';
import { rootTypes } from '../plan/plan.ts';
import { capacities, sharesLost, standbyPaths } from '../plan/plan-difference.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import { isBelow } from '../plan/tree-nodes.ts';
import type { OwnAnswer } from './accepted-answers.ts';

/** What of an endpoint stays as it is, although something else was observed. */
export interface Bounded {
  readonly finding: Finding;
  /** The targets that stay, by id, each with the capacity that it answers with now, and the branches that stay out. */
  readonly stays: Required<Pick<DesiredInput, 'pinned' | 'stayingOut'>>;
}

/**
 * What of an endpoint stays so that observations alone do not take more of its declared capacity out than the policy
 * believes, however slowly they do: what left in earlier plans counts, a target of which nothing is known any more counts
 * as out, and so does the part by which a target's observed capacity is less than the declared one. What a person ordered
 * away is neither capacity nor loss. Every family is bounded by itself, and so is every branch of a route that would go
 * on answering with the rest.
 *
 * As many go as the bound allows: first those that do not serve at all, then what serves with less. A branch that answers
 * with nothing now comes back when enough of it serves, or the endpoint needs it. Where none would be left that is seen to
 * serve, none goes for that: nobody knows which of them is better. Undefined where all may go. Pure.
 *
 * @param before what the endpoint answers now.
 * @param limitPercent the share at which observations are not believed any more, 1 to 100.
 */
export function boundObserved(
  before: DesiredEndpoint,
  { own, answerOf }: OwnAnswer,
  limitPercent: number,
): Bounded | undefined {
  const route = own.fleet.endpoints[0]?.route;
  const paths = branchPaths(route);
  const absent = paths.filter((path) => branchOf(before, path).leaves.length === 0);
  if (absent.length === 0 && !losesByObservation(before, own)) return undefined;
  const whole = answerOf({ observations: asDeclared(own) });
  const wanted = answerOf({});
  const excessesOf = (answer: DesiredEndpoint, among: readonly string[]): readonly Excess[] =>
    excesses({ whole, before, answer, route, paths: among, limitPercent });
  // What stands by has no clients, and is better than nothing.
  const standbys = standbyPaths(wanted);
  const returning = excessesOf(wanted, absent).filter(
    ({ branch }) => branch !== undefined && !standbys.some((path) => isBelow(branch, path)),
  );
  const stayingOut = spareable(returning, { whole, before, wanted, route, limitPercent, answerOf });
  const judged = paths.filter((path) => !absent.includes(path));
  const over = (answer: DesiredEndpoint): readonly Excess[] => excessesOf(answer, judged);
  const [worst] = over(answerOf({ stayingOut }));
  const seen = capacities(answerOf({ drained: [], evacuated: [], evacuatedBranches: [] }));
  if (worst === undefined || seen.size === 0) {
    const [first] = returning;
    if (first === undefined || stayingOut.length === 0) return undefined;
    const { branch = '', outPermille } = first;
    const data = { severity: 'held', subject: before.name, branch, outPermille, limitPercent } as const;
    return { finding: { code: 'branch-stays-out', ...data }, stays: { pinned: new Map(), stayingOut } };
  }
  const answering = capacities(before);
  const doubtful = doubtfulIn(before, own).filter((id) => (seen.get(id) ?? 0) < (answering.get(id) ?? 0));
  const dead = doubtful.filter((id) => !seen.has(id));
  const groups = [
    ...wholeBranches(before, paths, dead),
    ...dead.map((id) => [id]),
    doubtful.filter((id) => seen.has(id)),
  ];
  const isDoubtful = new Set(doubtful);
  const pinnedWithout = (gone: readonly (readonly string[])[]): ReadonlyMap<string, number> => {
    const going = new Set(gone.flat());
    return new Map([...answering].filter(([id]) => isDoubtful.has(id) && !going.has(id)));
  };
  const gone = asManyAs(
    wanted.leaves.length === 0 ? [] : groups,
    (each) => over(answerOf({ pinned: pinnedWithout(each), stayingOut })).length === 0,
  );
  const pinned = pinnedWithout(gone);
  return { finding: findingOf(before, worst, limitPercent), stays: { pinned, stayingOut } };
}

/**
 * The branches that may stay out: all of them, if the endpoint has what the bound leaves it, all its families and every
 * place without them.
 */
function spareable(
  returning: readonly Excess[],
  bound: Omit<Bound, 'answer' | 'paths'> & Pick<OwnAnswer, 'answerOf'> & { readonly wanted: DesiredEndpoint },
): readonly string[] {
  const { wanted, route, answerOf } = bound;
  const stayingOut = returning.flatMap(({ branch }) => branch ?? []);
  if (stayingOut.length === 0) return [];
  const answer = answerOf({ stayingOut });
  const isEnough =
    unansweredPlaces(route, answer).length <= unansweredPlaces(route, wanted).length &&
    rootTypes(answer).length === rootTypes(wanted).length &&
    Math.max(0, ...sharesLost(bound.whole, answer).values()) <= bound.limitPercent * 10;
  return isEnough ? stayingOut : [];
}

/** Thousandths. */
const ALL = 1_000;

/** Where more of what is declared would be out than the policy believes. */
interface Excess {
  /** The path of a branch; absent: the endpoint as a whole. */
  readonly branch?: string;
  readonly outPermille: number;
}

interface Bound {
  /** All that is declared. */
  readonly whole: DesiredEndpoint;
  /** What answers now: what is out already is no excess. */
  readonly before: DesiredEndpoint;
  readonly answer: DesiredEndpoint;
  readonly route: FleetRoute | undefined;
  /** Branches of the route. */
  readonly paths: readonly string[];
  readonly limitPercent: number;
}

/** The endpoint's own first, then the worst of each branch. */
function excesses({ whole, before, answer, route, paths, limitPercent }: Bound): readonly Excess[] {
  const worst = (out: ReturnType<typeof sharesLost>, outNow: ReturnType<typeof sharesLost>): number =>
    Math.max(
      0,
      ...[...out].map(([measure, permille]) =>
        permille > Math.max(limitPercent * 10, outNow.get(measure) ?? 0) ? permille : 0,
      ),
    );
  const own = { outPermille: worst(sharesLost(whole, answer), sharesLost(whole, before)) };
  // A branch that nothing stands in for is no branch that may be left out.
  const [lacking, lacked] = [answer, before].map((each) =>
    unansweredPlaces(route, each).map(({ branch }) => branch),
  );
  const isTaken = (branch: string): boolean =>
    lacking?.includes(branch) === true && lacked?.includes(branch) !== true;
  const branches = paths.map((branch) => ({
    branch,
    outPermille: isTaken(branch)
      ? ALL
      : worst(branchSharesLost(whole, answer, branch), branchSharesLost(whole, before, branch)),
  }));
  return [own, ...branches].filter(({ outPermille }) => outPermille > 0);
}

function findingOf(
  { name: subject }: DesiredEndpoint,
  { branch, outPermille }: Excess,
  limitPercent: number,
): Finding {
  const data = { severity: 'held', subject, outPermille, limitPercent } as const;
  return branch === undefined
    ? { code: 'capacity-observed-out', ...data }
    : { code: 'branch-observed-out', ...data, branch };
}

/** Whether any of the endpoint's targets was observed to serve with less than it answers with: most have none. */
function losesByObservation(before: DesiredEndpoint, own: DesiredInput): boolean {
  const answering = capacities(before);
  return own.fleet.targets.some((target) => {
    const before = answering.get(target.id);
    const { health, capacity } = ownValue(own.observations, target.id) ?? target;
    return before !== undefined && (health === 'unhealthy' || capacity < before);
  });
}

/** Targets that answer, and that nobody ordered away. */
function doubtfulIn(before: DesiredEndpoint, own: DesiredInput): readonly string[] {
  const { fleet, drained, evacuated } = own;
  const answering = capacities(before);
  const [endpoint = {}] = fleet.endpoints;
  return fleet.targets
    .filter(({ id, az }) => answering.has(id) && !drained.includes(id) && !evacuated.includes(az))
    .filter((target) => !isBranchEvacuated(target, endpoint, own))
    .map(({ id }) => id);
}

/** Every target serves with the capacity that is declared. */
function asDeclared({ fleet }: DesiredInput): Observations {
  return Object.fromEntries(
    fleet.targets.map(({ id, capacity }) => [id, { health: 'healthy' as const, capacity }]),
  );
}
