import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { fatalAmong, judge } from '../cell/proposal.ts';
import type { Command } from '../ledger/decider/commands.ts';
import type { Head } from '../ledger/ledger.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import { findingSentence } from '../plan/finding-text.ts';
import type { Finding } from '../plan/findings.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { laneOf, summaryOf } from '../plan/plan-summary.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

interface InterventionRequest {
  readonly cell: CellName;
  /** False: show what the planner would make of it, and append nothing. */
  readonly apply: boolean;
}

/** A request to take something out, which may be more than the policy allows. */
interface RemovalRequest extends InterventionRequest {
  readonly reason: string;
  /**
   * True: append it although the plan that follows would be held. That plan then waits for `pawl plan approve`, and
   * everything planned after it waits with it.
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
  /** The findings that the planner's next plan would have. */
  readonly findings: readonly Finding[];
  readonly summary: PlanSummary;
  readonly lane: 'routine' | 'urgent';
  /** The approved plan; absent when there is none. */
  readonly base?: Plan | undefined;
  /** What the endpoints would answer. */
  readonly endpoints: readonly DesiredEndpoint[];
}

/** One command, what its event changes in the cell's inputs, and what may stand against it. */
interface Order extends InterventionRequest {
  readonly command: Command;
  /** Present where capacity is taken out, which the policy limits; `hold` as in a request. Absent for a restore. */
  readonly removal?: { readonly hold: boolean };
  readonly obstacle: (known: CellKnowledge) => string | undefined;
  readonly effect: (known: CellKnowledge) => Pick<CellKnowledge['desired'], 'drained' | 'evacuated'>;
}

/**
 * Takes a target out of every endpoint, at once. Refused with the finding when an endpoint would have no answer, or
 * (unless `hold`) when a floor or the capacity window would break.
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
    effect: ({ desired: { drained, evacuated } }) => ({ drained: [...drained, target], evacuated }),
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
    effect: ({ desired: { drained, evacuated } }) => ({
      drained: drained.filter((id) => id !== target),
      evacuated,
    }),
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
    effect: ({ desired: { drained, evacuated } }) => ({ drained, evacuated: [...evacuated, az] }),
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
    effect: ({ desired: { drained, evacuated } }) => ({
      drained,
      evacuated: evacuated.filter((name) => name !== az),
    }),
  });
}

/** Decides anew at every head: what the policy allowed at an older head it may not allow any more. */
async function intervene(deps: OperatorDeps, order: Order): Promise<Outcome<Intervention>> {
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
  const known = await knowCell(deps.ledger, head);
  if (known === undefined) return noFleet(head.cell);
  const obstacle = order.obstacle(known);
  if (obstacle !== undefined) return refused(obstacle);
  const desired = { ...known.desired, ...order.effect(known) };
  const endpoints = desiredEndpoints(desired);
  const now = deps.clock.now();
  const { findings, difference } = judge({ ...known, desired }, { endpoints, claimed, now });
  const veto = order.removal === undefined ? undefined : vetoOf(findings, order.removal);
  if (veto !== undefined) return refused(veto);
  const summary = summaryOf({ endpoints }, difference);
  return { findings, summary, lane: laneOf(desired, difference), base: desired.base, endpoints };
}

function vetoOf(findings: readonly Finding[], { hold }: { readonly hold: boolean }): string | undefined {
  const fatal = fatalAmong(findings);
  if (fatal !== undefined) return findingSentence(fatal);
  const held = hold ? undefined : findings.find(({ severity }) => severity === 'held');
  return held === undefined
    ? undefined
    : `${findingSentence(held)} With --hold it is recorded all the same, and the plan that follows waits for "pawl plan approve".`;
}
