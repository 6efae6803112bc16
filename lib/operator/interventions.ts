import { answersOf } from '../cell/accepted-answers.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { choose } from '../cell/proposal.ts';
import type { Command } from '../ledger/decider/commands.ts';
import type { RecordedFinding } from '../ledger/decider/recorded-finding.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { Head } from '../ledger/ledger.ts';
import type { AnswerOrNone, Choice, WaitingEndpoint } from '../plan/choose-answers.ts';
import { answerDigest, isFatal } from '../plan/choose-answers.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { laneOf, summaryOf } from '../plan/plan-summary.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface InterventionRequest {
  readonly cell: CellName;
  /** False: show what the planner would make of it, and append nothing. */
  readonly apply: boolean;
}

/** A request to take something out, which may be more than the policy allows. */
export interface RemovalRequest extends InterventionRequest {
  readonly reason: string;
  /**
   * True: append it although it can act on no endpoint yet. Each endpoint then goes on answering as it does until
   * somebody approves the change, or what stands against it is gone.
   */
  readonly hold?: boolean;
}

export interface DrainRequest extends RemovalRequest {
  readonly target: string;
}

export interface RestoreTargetRequest extends InterventionRequest {
  readonly target: string;
}

export interface EvacuateRequest extends RemovalRequest {
  /** Availability zone, such as `use1-az1`. */
  readonly az: string;
}

export interface RestoreAzRequest extends InterventionRequest {
  readonly az: string;
}

export interface Intervention {
  /** already: it was so before. */
  readonly change: 'appended' | 'already' | 'shown';
  /** Findings about the endpoints on which it acts. */
  readonly findings: readonly RecordedFinding[];
  /** Endpoints on which it does not act yet: they go on answering as they do, and why. */
  readonly keptBack: readonly WaitingEndpoint[];
  readonly summary: PlanSummary;
  readonly lane: 'routine' | 'urgent';
  /** The approved plan; absent when there is none. */
  readonly base?: Plan | undefined;
  /** What the endpoints would answer. */
  readonly endpoints: readonly DesiredEndpoint[];
}

type Orders = Pick<CellKnowledge['desired'], 'drained' | 'evacuated' | 'evacuatedBranches'>;

/** One command, what its event changes in the cell's inputs, and what may stand against it. */
interface Order extends InterventionRequest {
  readonly command: Command;
  /** Present where capacity is taken out, which the policy limits; `hold` as in a request. Absent for a restore. */
  readonly removal?: { readonly hold: boolean };
  readonly obstacle: (known: CellKnowledge) => string | undefined;
  readonly effect: (known: CellKnowledge) => Partial<Orders>;
}

/**
 * Takes a target out of every endpoint that can spare it, at once. An endpoint that would have no answer, or whose floor
 * or capacity limit would break, goes on answering with it and is named (`keptBack`); what stands against other endpoints
 * or other changes does not matter. Refused when it could act on no endpoint at all, unless `hold`, which records it to
 * wait for an approval.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function drainTarget(
  deps: OperatorDeps,
  { cell, target, reason, apply, hold = false }: DrainRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    removal: { hold },
    command: { type: 'DrainTarget', target, reason },
    obstacle: ({ fleet }) =>
      fleet.targets.some(({ id }) => id === target)
        ? undefined
        : `The fleet of cell ${cell} has no target "${target}".`,
    effect: ({ desired: { drained } }) => ({ drained: [...drained, target] }),
  });
}

/**
 * Takes a drain back. The target need not be in the fleet any more.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function restoreTarget(
  deps: OperatorDeps,
  { cell, target, apply }: RestoreTargetRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    command: { type: 'RestoreTarget', target },
    obstacle: ({ desired: { drained } }) =>
      drained.includes(target) ? undefined : `The target "${target}" of cell ${cell} is not drained.`,
    effect: ({ desired: { drained } }) => ({ drained: drained.filter((id) => id !== target) }),
  });
}

/**
 * Takes every target of an availability zone out, at once, also those that appear there later. Refused as
 * {@link drainTarget} is.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function evacuateAz(
  deps: OperatorDeps,
  { cell, az, reason, apply, hold = false }: EvacuateRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    removal: { hold },
    command: { type: 'EvacuateAz', az, reason },
    obstacle: ({ fleet }) => {
      const known = [...new Set(fleet.targets.map((target) => target.az))].sort();
      return known.includes(az)
        ? undefined
        : `The fleet of cell ${cell} has no target in "${az}"; it has them in ${known.join(', ')}.`;
    },
    effect: ({ desired: { evacuated } }) => ({ evacuated: [...evacuated, az] }),
  });
}

/**
 * Takes an evacuation back.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function restoreAz(
  deps: OperatorDeps,
  { cell, az, apply }: RestoreAzRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    command: { type: 'RestoreAz', az },
    obstacle: ({ desired: { evacuated } }) =>
      evacuated.includes(az) ? undefined : `The availability zone "${az}" of cell ${cell} is not evacuated.`,
    effect: ({ desired: { evacuated } }) => ({ evacuated: evacuated.filter((name) => name !== az) }),
  });
}

/** Decides anew at every head: what the policy allowed at an older head it may not allow any more. */
export async function intervene(deps: OperatorDeps, order: Order): Promise<Outcome<Intervention>> {
  const { cell, apply } = order;
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  if (!apply) {
    const seen = await foresee(deps, order, await deps.ledger.head(cell), claimed);
    return 'type' in seen ? seen : { type: 'done', ...seen, change: 'shown' };
  }
  const seen: { last: Foresight | NotDone } = { last: refused(`Nothing was read of cell ${cell}.`) };
  const outcome = await recordEvent(deps, cell, async (head) => {
    seen.last = await foresee(deps, order, head, claimed);
    return 'type' in seen.last ? undefined : order.command;
  });
  const { last } = seen;
  if ('type' in last) return last;
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', ...last, change: outcome.type === 'appended' ? 'appended' : 'already' };
}

type Foresight = Omit<Intervention, 'change'>;

/** The plan that the planner would make of the order, or why the order is refused. */
async function foresee(
  deps: OperatorDeps,
  order: Order,
  head: Head,
  claimed: ReadonlyMap<DnsName, CellName>,
): Promise<Foresight | NotDone> {
  const known = await knowCell(deps.ledger, head, deps.clock.now());
  if (known === undefined) return noFleet(head.cell);
  const obstacle = order.obstacle(known);
  if (obstacle !== undefined) return refused(obstacle);
  const circumstances = { claimed, now: deps.clock.now() };
  const desired = { ...known.desired, ...order.effect(known) };
  const before = choose(known, circumstances);
  const after = choose({ ...known, desired }, circumstances);
  const { acts, keptBack } = effectOf(known.desired, desired, before, after);
  const veto = order.removal === undefined || acts.size > 0 ? undefined : vetoOf(keptBack, order.removal);
  if (veto !== undefined) return refused(veto);
  const difference = planDifference(desired.base, after.endpoints);
  const summary = summaryOf({ endpoints: after.endpoints }, difference);
  const findings = after.notes.filter(({ subject }) => acts.has(subject));
  const { base } = desired;
  const { endpoints } = after;
  return { findings, keptBack, summary, lane: laneOf(desired, difference, endpoints), base, endpoints };
}

/**
 * The endpoints that an order is about are those of which it changes what is asked. It acts on those of them that then
 * answer without what it takes out, of each branch, and with what it brings back, and that bring back nothing else: a second drain does
 * not count as done where it only takes a first one back.
 */
function effectOf(
  asked: CellKnowledge['desired'],
  askedAfter: CellKnowledge['desired'],
  before: Choice,
  after: Choice,
): { readonly acts: ReadonlySet<string>; readonly keptBack: readonly WaitingEndpoint[] } {
  const was = answersOf(desiredEndpoints(asked));
  const wanted = answersOf(desiredEndpoints(askedAfter));
  const chosenBefore = answersOf(before.endpoints);
  const chosen = answersOf(after.endpoints);
  const about = [...wanted.keys()].filter(
    (name) => answerDigest(name, was.get(name)) !== answerDigest(name, wanted.get(name)),
  );
  const acts = new Set<string>(
    about.filter((name) => {
      const [asks, asksAfter] = [targetsOf(was.get(name)), targetsOf(wanted.get(name))];
      const [answers, answersAfter] = [targetsOf(chosenBefore.get(name)), targetsOf(chosen.get(name))];
      const [left, leftAfter] = [placesOf(was.get(name)), placesOf(wanted.get(name))];
      const answering = placesOf(chosen.get(name));
      const isOut =
        [...asks].every((target) => asksAfter.has(target) || !answersAfter.has(target)) &&
        [...left].every((place) => leftAfter.has(place) || !answering.has(place));
      const isBack = [...asksAfter].every((target) => asks.has(target) || answersAfter.has(target));
      const isNothingElse = [...answersAfter].every((target) => answers.has(target) || asksAfter.has(target));
      return isOut && isBack && isNothingElse;
    }),
  );
  const keptBack = after.keptBack.filter(({ name }) => about.includes(name) && !acts.has(name));
  return { acts, keptBack };
}

function targetsOf(answer: AnswerOrNone): ReadonlySet<string> {
  return new Set(answer?.leaves.map(({ target }) => target));
}

/** Each target in each of its branches: an order may take it out of one of them. */
function placesOf(answer: AnswerOrNone): ReadonlySet<string> {
  return new Set(answer?.leaves.map(({ target, node = '' }) => `${target} ${node}`));
}

/** Why an order that could act on no endpoint is refused; undefined when it was about none, or is to wait. */
function vetoOf(
  keptBack: readonly WaitingEndpoint[],
  { hold }: { readonly hold: boolean },
): string | undefined {
  const mayWait = keptBack.find((each) => !isFatal(each));
  const first = mayWait ?? keptBack[0];
  const finding = first?.findings[0];
  if (finding === undefined || (hold && mayWait !== undefined)) return undefined;
  const others = keptBack.length - 1;
  const more =
    others === 0 ? '' : ` So it is with ${others} more ${others === 1 ? 'endpoint' : 'endpoints'}.`;
  const next =
    mayWait === undefined
      ? ''
      : ' With --hold it is recorded all the same, and what can be approved waits for "pawl plan approve".';
  return `${recordedSentence(finding)}${more}${next}`;
}
