import type { CellState, RefusedEndpoint } from '../ledger/decider/state.ts';
import { wholeBranches } from '../plan/branch-loss.ts';
import type { Answers, ChooseInput, Departures } from '../plan/choose-answers.ts';
import type { DesiredInput } from '../plan/desired.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import { branchPaths, isInBranches } from '../plan/evacuated-branches.ts';
import type { Finding } from '../plan/findings.ts';
import { contentOf } from '../plan/make-plan.ts';
import type { DnsName } from '../plan/names.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import { capacities, targetsLost } from '../plan/plan-difference.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import type { OwnAnswer } from './accepted-answers.ts';
import {
  acceptedAnswers,
  acceptedFleet,
  answersOf,
  membersByFleet,
  ownAnswer,
  withoutAbsent,
} from './accepted-answers.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { disbeliefOf } from './disbelief.ts';

/** The first wait after a refusal, and the longest, milliseconds. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

/**
 * As the endpoints answer until there is another plan: as the goal says. An endpoint of the goal that Route 53 refused
 * answers as the applied plan says, because its records were left as they were.
 */
export function standingAnswers({ desired, applied, head: { state } }: CellKnowledge): Answers {
  const standing = new Map(answersOf(desired.base === undefined ? [] : contentOf(desired.base)));
  for (const entry of state.refused) {
    if (!isOfGoal(entry, state)) continue;
    const { name } = entry;
    const before = applied === undefined ? undefined : plannedEndpoint(applied, name);
    if (before === undefined) standing.delete(name);
    else standing.set(name, before);
  }
  return standing;
}

/** What fleet, observations and orders ask of every endpoint, as a planner weighs it. */
interface Asked extends Pick<ChooseInput, 'asked' | 'accepted' | 'disbelief' | 'departures'> {
  /** The input of an endpoint as far as its observations are believed. */
  readonly believed: (name: DnsName) => DesiredInput;
}

/** What fleet, observations and orders ask, by the declared fleet and by the one that each endpoint was planned by. */
export function askedAnswers(known: CellKnowledge, standing: Answers): Asked {
  const { desired } = known;
  const asked = answersOf(desiredEndpoints(desired));
  const membersOf = membersByFleet();
  const accepted = acceptedAnswers(known, desired, standing, membersOf);
  const believed = { asked, accepted };
  const { disbelief, inputOf } = disbeliefOf(known, believed, standing, membersOf);
  const departures = (name: DnsName): Departures | undefined => {
    const before = standing.get(name);
    if (before === undefined) return undefined;
    return departuresOf(before, ownAnswer(before, inputOf(name), acceptedFleet(known, name), membersOf));
  };
  return { ...believed, disbelief, departures, believed: inputOf };
}

/**
 * What can leave one endpoint by itself: each drained target, each evacuated zone or branch, and each target that is seen
 * not to serve, or to serve with less; what a branch has left of dead ones leaves together. Where no target at all is seen
 * to serve, none of them leaves for that: nobody knows which of them is better.
 */
function departuresOf(before: DesiredEndpoint, { own, answerOf }: OwnAnswer): Departures {
  const answering = capacities(before);
  const { drained, evacuated, evacuatedBranches = [], fleet } = own;
  const seen = capacities(answerOf({ drained: [], evacuated: [], evacuatedBranches: [] }));
  const failing = [...answering].filter(([id, capacity]) => (seen.get(id) ?? 0) < capacity);
  const paths = branchPaths(fleet.endpoints[0]?.route);
  const dead = failing.filter(([id]) => !seen.has(id)).map(([id]) => id);
  const alone = [
    ...fleet.targets.filter(({ id }) => drained.includes(id)).map(({ id }) => id),
    ...(seen.size === 0 ? [] : failing.map(([id]) => id)),
  ];
  const zones = evacuated.map(
    (az) => new Set(fleet.targets.filter((target) => target.az === az).map(({ id }) => id)),
  );
  const together = seen.size === 0 ? [] : wholeBranches(before, paths, dead).map((ids) => new Set(ids));
  const targets = [...zones, ...together, ...alone.map((id) => new Set([id]))].filter((group) =>
    [...group].some((id) => answering.has(id)),
  );
  // A branch that has left already is no departure: it must not come back where another cannot leave.
  const branches = evacuatedBranches.filter((name) =>
    before.leaves.some(({ node = '' }) => isInBranches(node, [name])),
  );
  return {
    groups: [...branches.map((name) => new Set([wordOf(name)])), ...targets],
    keeping: (kept) =>
      answerOf({
        pinned: new Map([...answering].filter(([id]) => kept.has(id))),
        evacuatedBranches: evacuatedBranches.filter((name) => !kept.has(wordOf(name))),
      }),
  };
}

/** What stands for a branch among the ids of targets, none of which has a blank. */
function wordOf(branch: string): string {
  return `branch ${branch}`;
}

/**
 * When a refused endpoint is tried again, milliseconds since 1970: after a wait that doubles with every refusal, from a
 * minute to an hour; at once when a person asks, or the fleet is another one since. A refusal whose time lies ahead counts
 * from when the log was first seen to hold such a time. Before anybody has seen that, the next try comes a minute after
 * the newest plan, and at once where that lies ahead too: it is the event that lets the log see it.
 */
export function retryAt(
  { at, attempts, asked, fleet }: RefusedEndpoint,
  { fleet: declared, ahead, newest }: Pick<CellState, 'fleet' | 'ahead' | 'newest'>,
  now: number,
): number {
  if (asked || fleet !== (declared?.digest ?? null)) return 0;
  const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
  if (at <= now) return at + wait;
  if (ahead !== null) return Math.min(now, ahead.since) + wait;
  return newest === null || newest.at > now ? 0 : newest.at + FIRST_RETRY_MS;
}

/**
 * The refused endpoints that are not to be tried again yet with all that is asked, each with its finding, and what some
 * of them are asked meanwhile. Every second try of the planner's own asks only for what was observed and ordered away
 * since: what a declaration cannot do may be possible without it.
 */
export function refusedNow(
  { head: { state } }: CellKnowledge,
  standing: Answers,
  believed: Asked['believed'],
  now: number,
): Pick<ChooseInput, 'refused' | 'meanwhile'> {
  const meanwhile = new Map<DnsName, DesiredEndpoint>();
  const refused = state.refused.filter((entry) => {
    const { name, trying, attempts } = entry;
    if (trying !== null) return false;
    const due = retryAt(entry, state, now);
    if (due > now) return true;
    const before = standing.get(name);
    if (due === 0 || attempts % 2 === 0 || before === undefined) return false;
    const less = withoutAbsent(before, believed(name));
    if (targetsLost(before, less).length === 0) return false;
    meanwhile.set(name, less);
    return true;
  });
  return { refused: refusalsOf(refused), meanwhile };
}

/**
 * Whether the time has come to try the goal's own records again that Route 53 refused. An enactor leaves them out for as
 * long as the goal is the same plan, so another plan must ask for them, even if it says nothing else.
 */
export function isRetryDue({ head: { state }, desired }: CellKnowledge, now: number): boolean {
  const asked = new Set([...(desired.base?.endpoints.map(({ name }) => name) ?? []), ...state.owned]);
  return state.refused.some(
    (entry) =>
      entry.trying === null &&
      entry.generation === state.goal?.generation &&
      asked.has(entry.name) &&
      retryAt(entry, state, now) <= now,
  );
}

/** The goal while the planner is paused, of which Route 53 refused some endpoints. */
interface RefusedGoal {
  /** The goal's answers, and what a person asked of the endpoints that are tried again. */
  readonly asked: Answers;
  /** Endpoints whose time has come to try again what a person asked. */
  readonly tried: ReadonlySet<DnsName>;
  /** Endpoints of which the goal's own records were refused, each with its finding. They are not tried. */
  readonly refused: ReadonlyMap<DnsName, Finding>;
}

/** What a goal becomes where nobody plans: what cannot be written of it is left out, until its time has come. */
export function refusedGoal(
  { head: { state }, desired: { base }, wishes }: CellKnowledge,
  now: number,
): RefusedGoal {
  const asked = new Map(answersOf(base === undefined ? [] : contentOf(base)));
  const tried = new Set<DnsName>();
  const waiting: RefusedEndpoint[] = [];
  for (const entry of state.refused) {
    const { name, trying } = entry;
    const isDue = trying === null && wishes.has(name) && retryAt(entry, state, now) <= now;
    if (!isDue) {
      if (isOfGoal(entry, state)) waiting.push(entry);
      continue;
    }
    tried.add(name);
    const wish = wishes.get(name);
    if (wish === undefined) asked.delete(name);
    else asked.set(name, wish);
  }
  return { asked, tried, refused: refusalsOf(waiting) };
}

/** Whether the goal's own records of the endpoint were refused, so that they will not be written. */
export function isOfGoal({ trying, generation, step }: RefusedEndpoint, { goal }: CellState): boolean {
  return trying === null && step !== 'repair' && generation === goal?.generation;
}

function refusalsOf(refused: readonly RefusedEndpoint[]): ReadonlyMap<DnsName, Finding> {
  return new Map(
    refused.map(({ name, step, reason, attempts }) => [
      name,
      { code: 'refused-by-route53', severity: 'fatal', subject: name, step, words: reason, attempts },
    ]),
  );
}
