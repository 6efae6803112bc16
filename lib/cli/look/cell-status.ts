import type { FrozenHalf } from '../../cell/freeze-halves.ts';
import { frozenHalf } from '../../cell/freeze-halves.ts';
import type { OfferState } from '../../ledger/decider/handover-state.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { Fence, FenceReading } from '../../plan/fence.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import type { Generation, Seq } from '../../plan/generation.ts';
import type { CellName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { PlanSummary } from '../../plan/plan-summary.ts';
import { recordsAt } from '../../zone/read-records.ts';
import type { Zone } from '../../zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../zone/zone.ts';
import type { ObstacleKind, Obstacles } from '../printing/seen-obstacles.ts';
import { alarming, obstaclesOf } from '../printing/seen-obstacles.ts';
import type { CellAsked } from './asked-of-cell.ts';

/**
 * The condition of a cell that is shown first. In order of urgency:
 *
 * 1. Nobody writes: `rescued`, `frozen`. Whatever else is wrong stays so until a person acts.
 * 2. Not known, or not this ledger's: `unreachable`, `other-ledger`.
 * 3. Nothing to compare with yet: `no-fleet`, `no-plan`.
 * 4. The zone is not as the plan says: `refused` by Route 53, which does not mend itself, before `behind` and
 *    `drifted`, which enactors mend.
 * 5. The plan is not as fleet, observations and orders ask: `blind`, because nobody sees what fails next, before
 *    `kept-back`, which is known, and `handing-over`, which another cell has to end; then what a person wanted, `held` and `paused`; then `pending`, which the planner
 *    plans in its next round.
 *
 * `converged` is what remains: the zone is as planned, and the plan is as asked.
 */
export type CellCondition =
  | 'rescued'
  | 'frozen'
  | 'unreachable'
  | 'other-ledger'
  | 'no-fleet'
  | 'no-plan'
  | 'refused'
  | 'behind'
  | 'drifted'
  | 'blind'
  | 'kept-back'
  | 'handing-over'
  | 'held'
  | 'paused'
  | 'pending'
  | 'converged';

/** The fence as it was read; `unreachable`: the zone could not be read, so the fence is not known. */
export type FenceSeen = FenceReading | { readonly type: 'unreachable'; readonly reason: string };

/** One cell as `pawl status` shows it. Times are milliseconds since 1970. */
export interface CellStatus extends Obstacles {
  readonly cell: CellName;
  readonly zone: string | null;
  readonly condition: CellCondition;
  readonly goal: number | null;
  readonly newest: number | null;
  readonly applied: { readonly generation: Generation; readonly at: number; readonly by: string } | null;
  /** Plans between what is applied and the goal. */
  readonly lag: number;
  /** When the goal that is not applied yet was appended. */
  readonly behindSince: number | null;
  readonly fence: {
    readonly generation: Generation;
    readonly seq: Seq;
    readonly by: string;
    readonly frozen: boolean;
  } | null;
  readonly fenceProblem: string | null;
  readonly drift: { readonly count: number; readonly at: number } | null;
  readonly frozen: { readonly at: number | null; readonly by: string; readonly reason: string } | null;
  /** How the log and the fence disagree; null when they agree, or when the fence cannot be read. */
  readonly frozenHalf: FrozenHalf | null;
  /** What the next plan would change; null when the goal is all that may be asked, or when that cannot be judged. */
  readonly asks: PlanSummary | null;
  /** Why it cannot be judged what is asked; null when it can. */
  readonly notJudged: string | null;
  readonly paused: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly drained: readonly string[];
  readonly evacuated: readonly string[];
  /** Branches of routes that are evacuated, each by its id or its path. */
  readonly evacuatedBranches: readonly string[];
  /** Endpoints that another cell may take, and those that this one takes once it may. */
  readonly offers: readonly OfferState[];
  readonly awaited: Head['state']['awaited'];
  /** The format in which the cell's log is written. */
  readonly format: number;
}

/** Reads the fence for display: a zone that cannot be read is a result to show, not a failure. */
export async function seeFence(zone: (id: string) => Zone, { cell, state }: Head): Promise<FenceSeen> {
  if (state.fleet === null) return { type: 'missing', records: [] };
  const scope = { cell, zone: state.fleet.zone, zoneId: state.fleet.zoneId };
  try {
    const { records } = await recordsAt(zone(scope.zoneId), fenceName(scope));
    return readFenceRecords(records);
  } catch (error) {
    if (error instanceof ZoneUnavailable || error instanceof ZoneNotFound)
      return { type: 'unreachable', reason: error.message };
    throw error;
  }
}

/** The status of a cell by its log, its fence, and what is asked of it. Pure. */
export function cellStatus(
  { cell, state }: Head,
  seen: FenceSeen,
  asked: CellAsked,
  now: number,
): CellStatus {
  const { goal, newest, applied, drift, paused, drained, evacuated, evacuatedBranches } = state;
  const fence = seen.type === 'fence' ? seen.fence : undefined;
  const isAtGoal = fence !== undefined && goal !== null && isAt(fence, goal);
  const obstacles = obstaclesOf(state, now, asked.type === 'judged' ? asked.keptBack : undefined);
  const asks = asked.type === 'judged' ? asked.asks : null;
  return {
    cell,
    zone: state.fleet?.zone ?? null,
    condition: conditionOf({ state, seen, isAtGoal, asked, alarms: alarming(obstacles) }),
    goal: goal?.generation ?? null,
    newest: newest?.generation ?? null,
    applied: applied === null ? null : { generation: applied.generation, at: applied.at, by: applied.by },
    lag: isAtGoal || goal === null ? 0 : goal.generation - (applied?.generation ?? 0),
    behindSince: isAtGoal || goal === null ? null : goal.at,
    fence:
      fence === undefined
        ? null
        : { generation: fence.generation, seq: fence.seq, by: fence.by, frozen: fence.frozen },
    fenceProblem: problemOf(seen, state.ledger),
    drift: drift === null ? null : { count: drift.count, at: drift.at },
    frozen: frozenOf(state, seen),
    frozenHalf: frozenHalf(state, seen),
    asks,
    notJudged: asked.type === 'not-judged' && state.fleet !== null ? asked.reason : null,
    paused,
    drained,
    evacuated,
    evacuatedBranches,
    ...obstacles,
    offers: state.offers,
    awaited: state.awaited,
    format: state.format,
  };
}

/** Who froze a cell; null when it is frozen neither in the log nor in the fence. Pure. */
export function frozenOf({ frozen }: Head['state'], seen: FenceSeen): CellStatus['frozen'] {
  if (frozen !== null) return frozen;
  return seen.type === 'fence' && seen.fence.frozen ? frozenAlone(seen.fence) : null;
}

/** The cell is frozen in the fence, and the log has no event of it. */
function frozenAlone({ by }: Fence): NonNullable<CellStatus['frozen']> {
  return { at: null, by, reason: by.startsWith('rescue') ? 'a rescue' : 'in the fence alone' };
}

function isAt(fence: Fence, goal: { readonly generation: Generation; readonly digest: string }): boolean {
  return fence.generation === goal.generation && fence.plan === shortDigest(goal.digest);
}

interface Compared {
  readonly state: Head['state'];
  readonly seen: FenceSeen;
  readonly isAtGoal: boolean;
  readonly asked: CellAsked;
  readonly alarms: readonly ObstacleKind[];
}

function conditionOf(compared: Compared): CellCondition {
  const { state, seen, isAtGoal, asked, alarms } = compared;
  if (state.rescue !== null) return 'rescued';
  if (state.frozen !== null || (seen.type === 'fence' && seen.fence.frozen)) return 'frozen';
  if (seen.type === 'unreachable') return 'unreachable';
  if (seen.type === 'fence' && seen.fence.ledger !== state.ledger) return 'other-ledger';
  if (state.fleet === null) return 'no-fleet';
  if (asked.type === 'not-judged') return 'unreachable';
  if (state.goal === null) return alarms[0] ?? 'no-plan';
  if (alarms[0] === 'refused') return 'refused';
  if (!isAtGoal) return 'behind';
  if (state.drift !== null) return 'drifted';
  const [first] = alarms;
  if (first !== undefined) return first;
  if (state.offers.length + state.awaited.length > 0) return 'handing-over';
  if (asked.asks === null) return 'converged';
  return state.paused === null ? 'pending' : 'paused';
}

function problemOf(seen: FenceSeen, ledger: string): string | null {
  switch (seen.type) {
    case 'fence':
      return seen.fence.ledger === ledger ? null : `the fence is another ledger's, ${seen.fence.ledger}`;
    case 'missing':
      return 'there is no fence yet';
    case 'malformed':
      return 'what stands at the fence cannot be read';
    case 'unreachable':
      return seen.reason;
  }
}
