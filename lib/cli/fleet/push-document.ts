import type { EndpointMove, Withdrawal } from '../../operator/moved-endpoints.ts';
import type { CellName } from '../../plan/names.ts';
import type { ForeseenWave } from '../../rollout/foreseen-waves.ts';
import type { RolledOut } from '../../rollout/rollout.ts';
import type { FleetChange } from './fleet-change.ts';
import type { ForeseenDocument } from './foreseen-view.ts';
import { foreseenDocuments } from './foreseen-view.ts';
import type { WaitedPush } from './run-wait.ts';
import type { ShownPush } from './shown-push.ts';
import { isChange } from './shown-push.ts';
import type { MeantRollout } from './typed-rollout.ts';

/** What `pawl fleet push --json` prints; docs/gitops.md says it for whoever reads it. */
export interface PushDocument {
  /** Whether this command has declared it; never of a dry run. */
  readonly declared: boolean;
  /** Whether there is anything to declare, or to hand over. */
  readonly changes: boolean;
  /** What --expect takes, 12 digits: a digest of the fleets that stand in these cells. */
  readonly comparedWith: string;
  /** The change of the file, cell by cell; also of cells that stay as they are. */
  readonly cells: readonly FleetChange[];
  readonly moves: readonly EndpointMove[];
  readonly reclaims: readonly EndpointMove[];
  readonly withdrawals: readonly Withdrawal[];
  /** What the other cell may have taken by now: its fleet is not declared before both logs say it. Push again then. */
  readonly unsettled: readonly Withdrawal[];
  /** Cells of the ledger that are not in the file. */
  readonly left: readonly CellName[];
  /** What the planner would make of each cell that changes. */
  readonly foreseen: readonly ForeseenDocument[];
  /** Absent: every cell gets it at once. */
  readonly rollout?: MeantRollout & {
    /** Each cell of the file in one wave, those that no wave names in the last. */
    readonly order: readonly ForeseenWave[];
    readonly end: RolledOut | null;
  };
  /** Absent: nobody waited. */
  readonly wait?: WaitedPush;
}

/** What became of a push. */
export interface PushEnd {
  readonly declared: boolean;
  readonly end?: RolledOut | undefined;
  readonly wait?: WaitedPush | undefined;
}

/** A push for a program. Pure. */
export function pushDocument(shown: ShownPush, { declared, end, wait }: PushEnd): PushDocument {
  const { proposed, changes, foreseen, rollout, waves } = shown;
  const { comparedWith, moves, reclaims, withdrawals, unsettled, left } = proposed;
  return {
    declared,
    changes: isChange(shown),
    comparedWith,
    cells: changes,
    moves,
    reclaims,
    withdrawals,
    unsettled,
    left,
    foreseen: foreseenDocuments(foreseen, moves),
    ...(rollout === undefined ? {} : { rollout: { ...rollout, order: waves ?? [], end: end ?? null } }),
    ...(wait === undefined ? {} : { wait }),
  };
}
