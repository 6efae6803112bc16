import { policyInEffect } from '../ledger/decider/loosening.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { RoleName } from '../roles.ts';
import { roleNamed } from '../roles.ts';
import type { Instant } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { World } from './world.ts';

/** One run of a role in one cell. */
export interface RunRequest {
  readonly cell: CellName;
  /**
   * hint: the log has something new. sweep: it is time to look whatever the log says. follow: another run of the role
   * has ended while its trees were on their way.
   */
  readonly mode: 'hint' | 'sweep' | 'follow';
  /** Nothing new is begun after this. */
  readonly deadline: Instant;
}

export interface CellSettings {
  readonly scope: CellScope;
  /** Between two questions whether a change is INSYNC, milliseconds. */
  readonly insyncPollMs: number;
  /** From this age on a change that Route 53 does not know counts as INSYNC, milliseconds. */
  readonly unknownChangeMs: number;
}

/** The cell that a run finds. */
export interface RunGround {
  readonly ledger: Ledger;
  /** Its log as the run begins. */
  readonly head: Head;
  readonly settings: CellSettings;
}

/** What a person who watches wants to know of a run, beside the log's events. */
export type RunRemark =
  /** The role will not go on as things stand. */
  | { readonly type: 'refused'; readonly reason: string }
  /** Something is wrong that no event records. */
  | { readonly type: 'found'; readonly what: string };

export interface RoleRunResult {
  /** The workflow's own outcome. */
  readonly outcome: { readonly type: string };
  /** When to come again without a hint, milliseconds since 1970; at the next sweep when absent. */
  readonly comeAgain?: number | undefined;
  /** The writer to which the run's own batch lost. */
  readonly lostTo?: string | undefined;
  /** Absent: all is well. `as-before`: the run has nothing new to report. */
  readonly remark?: RunRemark | 'as-before' | undefined;
}

/** @throws LedgerUnavailable, ZoneUnavailable: whatever the run was for is still to be done. */
export type RoleRun = (ground: RunGround, request: RunRequest) => Promise<RoleRunResult>;

/** Makes a role ready in a world, once a process; what lives longer than one run lives in it. */
export type OpenRole = (world: World) => RoleRun;

/** The settings of a run in the cell's zone, by the policy in effect. */
export function cellSettings(scope: CellScope, { state }: Head, insyncPollMs: number): CellSettings {
  const { unknownChangeS } = policyInEffect(state);
  return { scope, insyncPollMs, unknownChangeMs: unknownChangeS * 1_000 };
}

/** Counts a run of the role that came to an end of its own; when none is counted any more, an alarm rings. */
export function countHeartbeat(telemetry: Telemetry, role: RoleName, cell: CellName): void {
  telemetry.count(roleNamed(role).heartbeat.metric, 1, { cell });
}
