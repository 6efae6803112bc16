import type { Head } from '../../ledger/ledger.ts';
import type { Fence, FenceReading } from '../../plan/fence.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import type { Generation, Seq } from '../../plan/generation.ts';
import type { CellName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { shortDigest } from '../../plan/plan.ts';
import { recordsAt } from '../../zone/read-records.ts';
import type { Zone } from '../../zone/zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../zone/zone.ts';
import type { FrozenHalf } from './freeze-halves.ts';
import { frozenHalf } from './freeze-halves.ts';

/** The condition of a cell that is shown first, in order of urgency. */
export type CellCondition =
  | 'frozen'
  | 'rescued'
  | 'unreachable'
  | 'other-ledger'
  | 'no-fleet'
  | 'no-plan'
  | 'drifted'
  | 'behind'
  | 'held'
  | 'converged';

/** The fence as it was read; `unreachable`: the zone could not be read, so the fence is not known. */
export type FenceSeen = FenceReading | { readonly type: 'unreachable'; readonly reason: string };

/** One cell as `pawl status` shows it. Times are milliseconds since 1970. */
export interface CellStatus {
  readonly cell: CellName;
  readonly zone: string | null;
  readonly condition: CellCondition;
  readonly goal: number | null;
  readonly newest: number | null;
  /** The newest plan waits for an approval; its digest is what approves it. */
  readonly held: { readonly generation: Generation; readonly digest: string } | null;
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
  /** The half that alone is frozen; null when the log and the fence agree. */
  readonly frozenHalf: FrozenHalf;
  readonly paused: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly drained: readonly string[];
  readonly evacuated: readonly string[];
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

/** The status of a cell by its log and its fence. Pure. */
export function cellStatus({ cell, state }: Head, seen: FenceSeen): CellStatus {
  const { goal, newest, applied, drift, paused, drained, evacuated } = state;
  const fence = seen.type === 'fence' ? seen.fence : undefined;
  const isAtGoal = fence !== undefined && goal !== null && isAt(fence, goal);
  return {
    cell,
    zone: state.fleet?.zone ?? null,
    condition: conditionOf(state, seen, isAtGoal),
    goal: goal?.generation ?? null,
    newest: newest?.generation ?? null,
    held: newest?.disposition === 'held' ? { generation: newest.generation, digest: newest.digest } : null,
    applied: applied === null ? null : { generation: applied.generation, at: applied.at, by: applied.by },
    lag: isAtGoal || goal === null ? 0 : goal.generation - (applied?.generation ?? 0),
    behindSince: isAtGoal || goal === null ? null : goal.at,
    fence:
      fence === undefined
        ? null
        : { generation: fence.generation, seq: fence.seq, by: fence.by, frozen: fence.frozen },
    fenceProblem: problemOf(seen, state.ledger),
    drift: drift === null ? null : { count: drift.count, at: drift.at },
    frozen: state.frozen ?? (fence?.frozen === true ? frozenAlone(fence) : null),
    frozenHalf: frozenHalf(state, seen),
    paused,
    drained,
    evacuated,
    format: state.format,
  };
}

/** The cell is frozen in the fence, and the log has no event of it. */
function frozenAlone({ by }: Fence): NonNullable<CellStatus['frozen']> {
  return { at: null, by, reason: by.startsWith('rescue') ? 'a rescue' : 'in the fence alone' };
}

function isAt(fence: Fence, goal: { readonly generation: Generation; readonly digest: string }): boolean {
  return fence.generation === goal.generation && fence.plan === shortDigest(goal.digest);
}

function conditionOf(state: Head['state'], seen: FenceSeen, isAtGoal: boolean): CellCondition {
  if (state.rescue !== null) return 'rescued';
  if (state.frozen !== null || (seen.type === 'fence' && seen.fence.frozen)) return 'frozen';
  if (seen.type === 'unreachable') return 'unreachable';
  if (seen.type === 'fence' && seen.fence.ledger !== state.ledger) return 'other-ledger';
  if (state.fleet === null) return 'no-fleet';
  if (state.goal === null) return state.newest?.disposition === 'held' ? 'held' : 'no-plan';
  if (!isAtGoal) return 'behind';
  if (state.drift !== null) return 'drifted';
  return state.newest?.disposition === 'held' ? 'held' : 'converged';
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
