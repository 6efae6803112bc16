import type { HolderMemory } from '../../lease/holder.ts';
import type { LeaseRow } from '../../lease/lease-row.ts';
import type { Tick } from '../../lease/lease-rule.ts';
import type { LeaseActor, RunStep } from './lease-actors.ts';
import type { LeaseCall } from './lease-call.ts';

/** One world of a search, between two decisions. It is plain data and never changes. */
export interface LeaseState {
  /** True time, milliseconds. */
  readonly now: number;
  readonly tick: Tick;
  /** In order of group. */
  readonly rows: readonly LeaseRow[];
  readonly seats: readonly LeaseSeat[];
  /** Writes whose sender has given up, and that may still arrive. */
  readonly flying: readonly { readonly seat: number; readonly call: LeaseCall }[];
  /** How many more faults may happen. */
  readonly faults: number;
  /** How often all other groups of the zone may still write their rows. */
  readonly choruses: number;
}

/** What the search knows of one actor. */
export interface LeaseSeat {
  /** A planner remembers nothing. */
  readonly memory: HolderMemory;
  /** The run under way. */
  readonly steps: readonly RunStep[] | null;
  /** How often it has sent its row in the run. */
  readonly writes: number;
  /** How many more runs it may begin. */
  readonly runs: number;
  /** No run begins before this true time, milliseconds. */
  readonly notBefore: number;
}

export interface LeaseScenario {
  readonly name: string;
  readonly actors: readonly LeaseActor[];
  /** The declared groups of the zone; the holders hold the first. */
  readonly declared: readonly string[];
  /** Whose calls fail; undefined for everybody's. */
  readonly faulty: LeaseActor['kind'] | undefined;
  /** Whether the death of a holder is among the faults. */
  readonly crashes: boolean;
  readonly first: LeaseState;
}
