import type { CellState, KeptBack, RefusedEndpoint } from '../ledger/decider/state.ts';
import type {
  AnswerOrNone,
  Answers,
  AnswersByFleet,
  ChooseInput,
  Departures,
  Disbelief,
  WaitingFinding,
} from '../plan/choose-answers.ts';
import { answerDigest } from '../plan/choose-answers.ts';
import type { DesiredEndpoint, DesiredInput } from '../plan/desired.ts';
import { absence, desiredAnswer, desiredEndpoints } from '../plan/desired.ts';
import type { Finding, FindingCode } from '../plan/findings.ts';
import type { CellFleet, FleetTarget, Observations } from '../plan/fleet-model.ts';
import { observedLoss } from '../plan/lint-change.ts';
import { contentOf } from '../plan/make-plan.ts';
import type { DnsName } from '../plan/names.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import { capacities, targetsLost } from '../plan/plan-difference.ts';
import type { CellKnowledge } from './cell-knowledge.ts';

/** The first wait after a refusal, and the longest, milliseconds. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

/** Endpoints by name. */
export function answersOf(endpoints: readonly DesiredEndpoint[]): Answers {
  return new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
}

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
type Asked = Pick<ChooseInput, 'asked' | 'accepted' | 'disbelief' | 'departures'>;

/** What fleet, observations and orders ask, by the declared fleet and by the one that each endpoint was planned by. */
export function askedAnswers(known: CellKnowledge, standing: Answers): Asked {
  const { desired } = known;
  const asked = answersOf(desiredEndpoints(desired));
  const accepted = acceptedAnswers(known, desired, standing);
  const believed = { asked, accepted };
  const { disbelief, doubted } = disbeliefOf(known, believed, standing);
  const membersByFleet = new Map<CellFleet, ReadonlyMap<string, FleetTarget>>();
  const membersOf = (fleet: CellFleet): ReadonlyMap<string, FleetTarget> => {
    const members = membersByFleet.get(fleet) ?? new Map(fleet.targets.map((target) => [target.id, target]));
    membersByFleet.set(fleet, members);
    return members;
  };
  const departures = (name: DnsName): Departures | undefined => {
    const before = standing.get(name);
    const input = disbelief.findings.has(name) ? doubted : desired;
    return before === undefined ? undefined : departuresOf(known, input, before, membersOf);
  };
  return { ...believed, disbelief, departures };
}

function acceptedAnswers(known: CellKnowledge, desired: DesiredInput, standing: Answers): Answers {
  const byFleet = new Map<CellFleet, Answers>();
  const result = new Map<DnsName, DesiredEndpoint>();
  for (const [name, before] of standing) {
    const fleet = acceptedFleet(known, name);
    if (fleet !== undefined && !byFleet.has(fleet))
      byFleet.set(fleet, answersOf(desiredEndpoints(underFleet(desired, fleet))));
    const answer = fleet === undefined ? undefined : byFleet.get(fleet)?.get(name);
    result.set(name, answer ?? withoutAbsent(before, desired));
  }
  return result;
}

/** The fleet that an endpoint was planned by last; undefined where nobody knows. */
function acceptedFleet({ head: { state }, accepted }: CellKnowledge, name: DnsName): CellFleet | undefined {
  const entry = state.keptBack.find((each) => each.name === name);
  const digest = entry === undefined ? state.goal?.fleet : (entry.fleet ?? undefined);
  return digest === undefined ? undefined : accepted.get(digest);
}

/** The input under another fleet. Nobody observes a target that is declared no more: it keeps the place that it has. */
function underFleet(desired: DesiredInput, fleet: CellFleet): DesiredInput {
  if (fleet === desired.fleet) return desired;
  const observed = new Set(Object.keys(desired.observations));
  const declared = new Set(desired.fleet.targets.map(({ id }) => id));
  const unseen = fleet.targets.filter(({ id }) => !declared.has(id) && !observed.has(id));
  const places = unseen.map(({ id, capacity }) => [id, { health: 'unknown' as const, capacity }] as const);
  return { ...desired, fleet, observations: { ...desired.observations, ...Object.fromEntries(places) } };
}

/** An answer without the targets that were observed or ordered away: what is known without knowing its fleet. */
function withoutAbsent(standing: DesiredEndpoint, desired: DesiredInput): DesiredEndpoint {
  const targets = new Map(desired.fleet.targets.map((target) => [target.id, target]));
  const leaves = standing.leaves.filter(({ target: id }) => {
    const target = targets.get(id);
    return target === undefined || absence(target, standing, desired) === undefined;
  });
  return { ...standing, leaves };
}

/**
 * What can leave one endpoint by itself: each drained target, each evacuated zone, and each target that is seen not to
 * serve, or to serve with less. Where no target at all is seen to serve, none of them leaves for that: nobody knows which
 * of them is better.
 */
function departuresOf(
  known: CellKnowledge,
  desired: DesiredInput,
  before: DesiredEndpoint,
  membersOf: (fleet: CellFleet) => ReadonlyMap<string, FleetTarget>,
): Departures {
  const { name } = before;
  const answering = capacities(before);
  const planned = acceptedFleet(known, name);
  const fleet = planned ?? desired.fleet;
  const members = membersOf(fleet);
  const endpoint = fleet.endpoints.find((each) => each.name === name);
  const ids = new Set([...(endpoint?.targets ?? []), ...answering.keys()]);
  const targets = [...ids].flatMap((id) => members.get(id) ?? []);
  const endpoints = endpoint === undefined ? [] : [endpoint];
  const own = underFleet(desired, { ...fleet, endpoints, targets });
  const answerOf = (more: Partial<DesiredInput>): DesiredEndpoint => {
    const input = { ...own, ...more };
    return (planned === undefined ? undefined : desiredAnswer(name, input)) ?? withoutAbsent(before, input);
  };
  const seen = capacities(answerOf({ drained: [], evacuated: [] }));
  const failing = [...answering].filter(([id, capacity]) => (seen.get(id) ?? 0) < capacity);
  const alone = [
    ...targets.filter(({ id }) => desired.drained.includes(id)).map(({ id }) => id),
    ...(seen.size === 0 ? [] : failing.map(([id]) => id)),
  ];
  const zones = desired.evacuated.map(
    (az) => new Set(targets.filter((target) => target.az === az).map(({ id }) => id)),
  );
  return {
    groups: [...zones, ...alone.map((id) => new Set([id]))].filter((group) =>
      [...group].some((id) => answering.has(id)),
    ),
    keeping: (kept) => answerOf({ pinned: new Map([...answering].filter(([id]) => kept.has(id))) }),
  };
}

interface DisbeliefAnd {
  readonly disbelief: Disbelief;
  /** The input as if nothing had gone by observation. */
  readonly doubted: DesiredInput;
}

/**
 * Which endpoints' observations are not believed. When the observer is presumed blind it is every endpoint that would
 * lose a target by observation. One that waited for that reason goes on waiting until a person lets it go, or something
 * else waits.
 */
function disbeliefOf(
  known: CellKnowledge,
  { asked, accepted }: AnswersByFleet,
  standing: Answers,
): DisbeliefAnd {
  const { desired, head } = known;
  const { base } = desired;
  const none: Disbelief = { asked: new Map(), accepted: new Map(), findings: new Map() };
  if (base === undefined) return { disbelief: none, doubted: desired };
  const { keptBack } = head.state;
  const { gone, blindness } = observedLoss(desired, base, knownLosses(keptBack));
  if (gone.size === 0) return { disbelief: none, doubted: desired };
  const doubted = { ...desired, observations: withoutLoss(desired, gone) };
  const doubtedAsked = answersOf(desiredEndpoints(doubted));
  const doubtedAccepted = acceptedAnswers(known, doubted, standing);
  const findings = new Map<DnsName, WaitingFinding>();
  const waiting = new Map(keptBack.map((entry) => [entry.name, entry]));
  for (const name of standing.keys()) {
    // // What the log holds already stays in its words, although the numbers of the cell go on changing.
    const reason = stillDoubted(waiting.get(name), name, asked.get(name)) ?? blindness;
    if (reason === undefined) continue;
    const isOther = (believed: Answers, instead: Answers): boolean =>
      answerDigest(name, believed.get(name)) !== answerDigest(name, instead.get(name));
    if (isOther(asked, doubtedAsked) || isOther(accepted, doubtedAccepted)) findings.set(name, reason);
  }
  return { disbelief: { asked: doubtedAsked, accepted: doubtedAccepted, findings }, doubted };
}

/** Findings that do not keep a target from leaving that was observed not to serve. */
const ABOUT_DECLARATIONS: readonly string[] = [
  'endpoint-removed',
  'missing-target',
  'declared-share',
  'too-many-leaves',
  'too-many-endpoints',
] satisfies readonly FindingCode[];

/** Endpoints of which it is known that their targets went, because something else than disbelief keeps them. */
function knownLosses(keptBack: readonly KeptBack[]): ReadonlySet<DnsName> {
  const known = keptBack.filter(
    ({ findings }) =>
      findings.some(({ code }) => !ABOUT_DECLARATIONS.includes(code)) &&
      !findings.some(({ code }) => code === 'observer-blind'),
  );
  return new Set(known.map(({ name }) => name));
}

/** The observations as if the targets served as they do now. */
function withoutLoss({ observations, base }: DesiredInput, gone: ReadonlySet<string>): Observations {
  const result: Record<string, Observations[string]> = { ...observations };
  for (const leaf of base?.endpoints.flatMap(({ leaves }) => leaves) ?? []) {
    if (gone.has(leaf.target)) result[leaf.target] = { health: 'unknown', capacity: leaf.capacity };
  }
  return result;
}

/** Where no target serves, it is the lack of an answer that keeps the endpoint, and nothing is in doubt any more. */
function stillDoubted(
  waiting: KeptBack | undefined,
  name: DnsName,
  answer: AnswerOrNone,
): WaitingFinding | undefined {
  if (waiting?.digest !== answerDigest(name, answer) || answer?.leaves.length === 0) return undefined;
  return waiting.findings.find(({ code }) => code === 'observer-blind');
}

/**
 * When a refused endpoint is tried again, milliseconds since 1970: after a wait that doubles with every refusal, from a
 * minute to an hour; at once when a person asks, or the fleet is another one since.
 */
export function retryAt(
  { at, attempts, asked, fleet }: RefusedEndpoint,
  declared: { readonly digest: string } | null,
): number {
  if (asked || fleet !== (declared?.digest ?? null)) return 0;
  return at + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
}

/**
 * The refused endpoints that are not to be tried again yet with all that is asked, each with its finding, and what some
 * of them are asked meanwhile. Every second try of the planner's own asks only for what was observed and ordered away
 * since: what a declaration cannot do may be possible without it.
 */
export function refusedNow(
  { head: { state }, desired }: CellKnowledge,
  standing: Answers,
  now: number,
): Pick<ChooseInput, 'refused' | 'meanwhile'> {
  const meanwhile = new Map<DnsName, DesiredEndpoint>();
  const refused = state.refused.filter((entry) => {
    const { name, trying, attempts } = entry;
    if (trying !== null) return false;
    const due = retryAt(entry, state.fleet);
    if (due > now) return true;
    const before = standing.get(name);
    if (due === 0 || attempts % 2 === 0 || before === undefined) return false;
    const less = withoutAbsent(before, desired);
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
      retryAt(entry, state.fleet) <= now,
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
    const isDue = trying === null && wishes.has(name) && retryAt(entry, state.fleet) <= now;
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
