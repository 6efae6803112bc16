import { DEFAULT_FLOOR } from '../fleet/defaults.ts';
import type { CommandNamed } from '../ledger/decider/commands.ts';
import type { KeptEndpoint, PlanLane, PlanOrigin } from '../ledger/decider/events.ts';
import { floorsInEffect } from '../ledger/decider/loosening.ts';
import type { RecordedFinding } from '../ledger/decider/recorded-finding.ts';
import type { Answers, Choice, ChooseInput } from '../plan/choose-answers.ts';
import { answerDigest, chooseAnswers } from '../plan/choose-answers.ts';
import type { Finding } from '../plan/findings.ts';
import { severest } from '../plan/findings.ts';
import { nextGeneration } from '../plan/generation.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import { endpointLabels } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest, plannedEndpoint } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { laneOf, summaryOf } from '../plan/plan-summary.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import { acceptedFleet } from './accepted-answers.ts';
import { askedAnswers, refusedNow, standingAnswers } from './asked-answers.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { isUnretired } from './cell-knowledge.ts';
import { settledNames } from './claimed-names.ts';
import { hasTree, knownZone, lacksRoom, recordsFor } from './known-room.ts';

/** A plan that was made, appended or not. */
export interface ProposedPlan {
  readonly plan: Plan;
  readonly digest: string;
  readonly lane: PlanLane;
  readonly disposition: 'approved' | 'held';
  readonly findings: readonly RecordedFinding[];
  readonly summary: PlanSummary;
  /** Trees that it makes, by endpoint in relative form. */
  readonly newTrees: Readonly<Record<string, TreeLabel>>;
  /** What is kept back beside it. */
  readonly keptBack: readonly KeptEndpoint[];
  /** Share of capacity that each endpoint loses by it, thousandths, by endpoint in relative form. */
  readonly capacityRemoved: Readonly<Record<string, number>>;
  /** The same of what comes back to each endpoint. */
  readonly capacityReturned: Readonly<Record<string, number>>;
}

/** What else endpoints are judged by. */
export interface Circumstances {
  /** Names that other cells of the same ledger declare. */
  readonly claimed: ReadonlyMap<DnsName, CellName>;
  /**
   * Names that the cell took over since what is asked for was planned, each with the cell that gave it; absent where what
   * is asked for is of now. Such a name is never removed: nobody else answers for it any more.
   */
  readonly taken?: ReadonlyMap<DnsName, CellName>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What fleet, observations and orders ask of a cell, each endpoint judged by itself. Pure. */
export function choose(cell: CellKnowledge, circumstances: Circumstances): Choice {
  const known = { ...cell, desired: { ...cell.desired, now: circumstances.now } };
  const standing = standingAnswers(known);
  const { believed, ...answers } = askedAnswers(known, standing);
  return chooseAnswers({
    ...chooseInput(known, circumstances, standing),
    ...answers,
    approved: approvedWishes(known, answers.asked),
    ...refusedNow(known, standing, believed, circumstances.now),
    followsFile: true,
    waiting: new Map(known.head.state.keptBack.map((entry) => [entry.name, entry])),
  });
}

/** Endpoints of which a person has asked for what is asked now, and Route 53 refused it: nobody is asked again. */
function approvedWishes({ wishes }: CellKnowledge, asked: Answers): ReadonlySet<DnsName> {
  const isSame = ([name, wish]: readonly [DnsName, DesiredEndpoint | undefined]): boolean =>
    answerDigest(name, wish) === answerDigest(name, asked.get(name));
  return new Set([...wishes].filter(isSame).map(([name]) => name));
}

/** What a person asks of some endpoints, who has seen what is held against it. */
export interface PersonsAnswers {
  readonly asked: Answers;
  /** Endpoints whose held findings the person has seen. */
  readonly approved: ReadonlySet<DnsName>;
  /** Endpoints that are not to be tried; every endpoint is unless given. */
  readonly refused?: ReadonlyMap<DnsName, Finding>;
  /** Plans besides the goal whose trees may serve again. */
  readonly others?: readonly Plan[];
}

/**
 * The same for what a person asks: nothing of it follows from the fleet or from observations, so these say nothing of
 * it. An endpoint that Route 53 refused is tried. Pure.
 */
export function chooseForPerson(
  known: CellKnowledge,
  { asked, approved, refused = new Map(), others = [] }: PersonsAnswers,
  circumstances: Circumstances,
): Choice {
  const standing = standingAnswers(known);
  return chooseAnswers({
    ...chooseInput(known, circumstances, standing, others),
    asked,
    accepted: standing,
    approved,
    refused,
  });
}

function chooseInput(
  known: CellKnowledge,
  { claimed, taken, now }: Circumstances,
  standing: Answers,
  others: readonly Plan[] = [],
): Omit<ChooseInput, 'asked' | 'accepted'> {
  const {
    head: { state },
    fleet,
    scope,
  } = known;
  const generation = nextGeneration(state.highest);
  return {
    lint: { scope, generation, zone: knownZone(known), claimed: claimsAgainst(claimed, known) },
    fleet,
    standing,
    followsFile: false,
    disbelief: { asked: new Map(), accepted: new Map(), findings: new Map() },
    departures: () => undefined,
    refused: new Map(),
    meanwhile: new Map(),
    waiting: new Map(),
    approved: new Set(),
    floorOf: floorsInForce(known),
    before: (name) => ({
      removedBefore: removedWithin(known, name, now),
      offeredTo: state.offers.find((offer) => offer.name === name)?.to,
      takenFrom: taken?.get(name),
      acceptedRoute: acceptedFleet(known, name)?.endpoints.find((each) => each.name === name)?.route,
      earlier: known.earlier === undefined ? undefined : plannedEndpoint(known.earlier, name),
    }),
    hasTree: (answer) => hasTree(known, others, answer),
    recordsFor: (answer) => recordsFor(known, answer, standing.get(answer.name)),
    lacksRoom: (names) => lacksRoom(known, names),
  };
}

/** What is settled is this cell's, whoever declares it: here it fails over as ever (docs/adr/0076-claims-are-read-once-a-declaration.md). */
function claimsAgainst(claimed: Circumstances['claimed'], known: CellKnowledge): Circumstances['claimed'] {
  if (claimed.size === 0) return claimed;
  const settled = settledNames(known);
  return new Map([...claimed].filter(([name]) => !settled.has(name)));
}

/** One that the fleet does not declare any more keeps its floor for as long as it answers. */
function floorsInForce({ fleet, head }: CellKnowledge): ChooseInput['floorOf'] {
  const kept = Object.entries(floorsInEffect(head.state)).map(([name, { floor }]) => [name, floor] as const);
  const declared = fleet.endpoints.map(({ name, floor }) => [name, floor] as const);
  const floors = new Map<string, number>([...kept, ...declared]);
  return (name) => floors.get(name) ?? DEFAULT_FLOOR;
}

/**
 * What earlier plans took of an endpoint within the policy's window and did not bring back; before format 3 the log counts
 * for the whole cell.
 */
function removedWithin({ fleet, scope, head: { state } }: CellKnowledge, name: DnsName, now: number): number {
  const since = now - fleet.policy.capacityWindowS * 1_000;
  const own = isWithin(name, scope.zone)
    ? (ownValue(state.capacityRemoved, endpointLabels(name, scope)) ?? [])
    : [];
  const within = [...state.removals, ...own].filter(({ at }) => at > since);
  return within.reduce((sum, { permille }) => sum + permille, 0);
}

/** What was chosen, and how it enters the log. */
export interface ProposalRequest {
  readonly choice: Choice;
  readonly origin: Exclude<PlanOrigin, 'rescue'>;
  /** The plan waits for an approval as a whole; its findings then say why. */
  readonly held?: readonly RecordedFinding[];
  /** Plans besides the goal whose trees may serve again, if the janitor has not retired them. */
  readonly others?: readonly Plan[];
}

/** Notes that an event of a plan names: each endpoint may have some, and an item of the ledger has room for 400 KB. */
const NOTES_MAX = 100;

/**
 * The plan that gives the endpoints the answers that were chosen. Its generation, parent and tree names are computed and
 * never taken from the request, so that no plan can alter a tree that stands. A person's plan is urgent. Pure.
 */
export function propose(known: CellKnowledge, request: ProposalRequest): ProposedPlan {
  const { scope, desired, head, applied } = known;
  const { choice, origin, held = [], others = [] } = request;
  const { plan, newTrees } = makePlan({
    scope,
    generation: nextGeneration(head.state.highest),
    endpoints: choice.endpoints,
    base: desired.base,
    // What was refused answers by the applied plan's trees, and what goes back to them needs no others.
    others: applied === undefined ? others : [applied, ...others],
    isUnretired: (endpoint, label) => isUnretired(head.state, endpoint, label),
  });
  const difference = planDifference(desired.base, choice.endpoints);
  return {
    plan,
    digest: planDigest(plan),
    lane: origin === 'planner' ? laneOf(desired, difference, choice.endpoints) : 'urgent',
    disposition: severest(held) === undefined ? 'approved' : 'held',
    findings: [...held, ...choice.notes.slice(0, NOTES_MAX)],
    summary: summaryOf(plan, difference),
    newTrees,
    keptBack: origin === 'planner' ? choice.keptBack : choice.keptBack.map(withoutFleet),
    capacityRemoved: inRelativeForm(difference.removedPermille, scope),
    capacityReturned: inRelativeForm(choice.returnedPermille, scope),
  };
}

function inRelativeForm(
  shares: ReadonlyMap<DnsName, number>,
  scope: CellScope,
): Readonly<Record<string, number>> {
  return Object.fromEntries([...shares].map(([name, permille]) => [endpointLabels(name, scope), permille]));
}

/** What a person's plan leaves as it is goes on by the fleet that it was planned by. */
function withoutFleet({ name, digest, findings }: KeptEndpoint): KeptEndpoint {
  return { name, digest, findings };
}

/**
 * Whether what was chosen is what the goal says, or nothing is chosen where there is none. A goal with endpoints that
 * another cell has taken is replaced, so that their trees can be retired.
 */
export function isAtGoal(
  { desired: { base }, sheds }: CellKnowledge,
  endpoints: readonly DesiredEndpoint[],
): boolean {
  const { added, changed, removed } = planDifference(base, endpoints);
  return added.length + changed.length + removed.length + sheds === 0;
}

/** The first finding that forbids a plan; undefined when there is none. */
export function fatalAmong(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity === 'fatal');
}

/**
 * The command by which a plan enters the log. A person's plan pauses the planner in the same event; otherwise the
 * planner's next run would undo what the person has just asked for. An approval does not: the planner asks for the same.
 */
export function commandToAppend(proposed: ProposedPlan, origin: PlanOrigin): CommandNamed<'AppendPlan'> {
  const { plan, digest, lane, disposition, findings, summary, newTrees, keptBack } = proposed;
  const { capacityRemoved, capacityReturned } = proposed;
  const { generation, parent } = plan;
  return {
    type: 'AppendPlan',
    generation,
    parent,
    digest,
    origin,
    lane,
    disposition,
    pausesPlanner: origin !== 'planner' && origin !== 'approval' && origin !== 'reissue',
    findings,
    summary,
    newTrees,
    keptBack,
    capacityRemoved,
    capacityReturned,
  };
}
