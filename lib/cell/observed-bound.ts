import type { DesiredInput } from '../plan/desired.ts';
import { isBranchEvacuated } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import type { Observations } from '../plan/fleet-model.ts';
import { ownValue } from '../plan/own-value.ts';
import { capacities, sharesLost } from '../plan/plan-difference.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import type { OwnAnswer } from './accepted-answers.ts';

/** What of an endpoint stays, although it was observed not to serve. */
export interface Bounded {
  readonly finding: Finding;
  /** The targets that stay, by id, each with the capacity that it answers with now. */
  readonly pinned: ReadonlyMap<string, number>;
}

/**
 * What of an endpoint stays so that observations alone do not take more of its declared capacity out than the policy
 * believes, however slowly they do: what left in earlier plans counts, a target of which nothing is known any more counts
 * as out, and so does the part by which a target's observed capacity is less than the declared one. What a person ordered
 * away is neither capacity nor loss. Every family is bounded by itself.
 *
 * As many go as the bound allows: first those that do not serve at all, then what serves with less. Where none would be
 * left that is seen to serve, none goes for that: nobody knows which of them is better. Undefined where all may go. Pure.
 *
 * @param before what the endpoint answers now.
 * @param limitPercent the share at which observations are not believed any more, 1 to 100.
 */
export function boundObserved(
  before: DesiredEndpoint,
  { own, answerOf }: OwnAnswer,
  limitPercent: number,
): Bounded | undefined {
  if (!losesByObservation(before, own)) return undefined;
  const whole = answerOf({ observations: asDeclared(own) });
  const outNow = sharesLost(whole, before);
  const over = (answer: DesiredEndpoint): readonly number[] =>
    [...sharesLost(whole, answer)].flatMap(([measure, permille]) =>
      permille > Math.max(limitPercent * 10, outNow.get(measure) ?? 0) ? [permille] : [],
    );
  const wanted = answerOf({});
  const outPermille = Math.max(0, ...over(wanted));
  const seen = capacities(answerOf({ drained: [], evacuated: [], evacuatedBranches: [] }));
  if (outPermille === 0 || seen.size === 0) return undefined;
  const answering = capacities(before);
  const doubtful = doubtfulIn(before, own).filter((id) => (seen.get(id) ?? 0) < (answering.get(id) ?? 0));
  const groups = [
    ...doubtful.filter((id) => !seen.has(id)).map((id) => [id]),
    doubtful.filter((id) => seen.has(id)),
  ];
  let pinned: ReadonlyMap<string, number> = new Map([...answering].filter(([id]) => doubtful.includes(id)));
  for (const group of wanted.leaves.length === 0 ? [] : groups) {
    const fewer = new Map([...pinned].filter(([id]) => !group.includes(id)));
    if (over(answerOf({ pinned: fewer })).length === 0) pinned = fewer;
  }
  const { name: subject } = before;
  const finding = {
    code: 'capacity-observed-out',
    severity: 'held',
    subject,
    outPermille,
    limitPercent,
  } as const;
  return { finding, pinned };
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
