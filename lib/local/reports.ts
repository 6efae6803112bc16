import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { CellName } from '../plan/names.ts';

/** What became of the fleet file when the world started. */
export type FleetReport =
  | {
      readonly type: 'pushed';
      readonly cells: readonly CellName[];
      /** The file has a rollout, and none of these cells had a fleet that could have been watched against. */
      readonly without?: 'waves';
    }
  /** The file has a rollout and changes cells that have a fleet: it goes in waves, by a push. */
  | { readonly type: 'waits'; readonly cells: readonly CellName[] }
  | { readonly type: 'unchanged' }
  /** The file is as it was, and somebody has pushed another fleet since. */
  | { readonly type: 'kept'; readonly cells: readonly CellName[] };

/** Something that a person who watches a local world wants to see. */
export type Report =
  | { readonly type: 'event'; readonly event: RecordedEvent }
  | { readonly type: 'fleet'; readonly file: string; readonly fleet: FleetReport }
  /** The role's batch was refused as a whole, because another writer had moved the fence. */
  | { readonly type: 'lost'; readonly role: string; readonly cell: CellName; readonly to: string }
  /** An enactor or the planner will not go on as things stand. Reported once until something else happens. */
  | { readonly type: 'refused'; readonly role: string; readonly cell: CellName; readonly reason: string }
  /** Something is wrong that no event records. Reported once until something else is wrong. */
  | { readonly type: 'found'; readonly role: string; readonly cell: CellName; readonly what: string }
  /** A run failed; the loop goes on after `waitMs`. Reported once until another reason, or the end of it. */
  | {
      readonly type: 'trouble';
      readonly role: string;
      readonly cell?: CellName;
      readonly reason: string;
      readonly waitMs: number;
    }
  /** What failed works again, after so many failures in so long. */
  | {
      readonly type: 'over';
      readonly role: string;
      readonly cell?: CellName;
      readonly times: number;
      readonly ms: number;
    };

export type Reporter = (report: Report) => void;
