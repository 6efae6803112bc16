import type { ClaimsOn } from '../cell/claimed-names.ts';
import type { ProposedPlan } from '../cell/proposal.ts';
import type { Source } from '../fleet/sources/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What a planner works with. It has no way to reach Route 53. */
export interface PlannerDeps {
  readonly ledger: Ledger;
  readonly source: Source;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Who appends. */
  readonly name: string;
}

export interface PlanRequest {
  readonly cell: CellName;
  /** False: say what would be appended, and append nothing, observations included. */
  readonly append: boolean;
  /** True for a person who asks now: no coalescing, and a pause does not stop it. */
  readonly immediate?: boolean;
  /** Which names other cells of the same ledger declare; asked after the cell's head was read. None unless given. */
  readonly claims?: ClaimsOn;
}

/**
 * What a run came to. What is kept back is said with every outcome that knows it: an endpoint that waits never keeps a
 * plan of the others from being appended.
 */
export type PlanOutcome =
  | { readonly type: 'appended'; readonly proposed: ProposedPlan }
  | { readonly type: 'proposed'; readonly proposed: ProposedPlan }
  /** No plan is needed: the goal is all that may be asked now. */
  | { readonly type: 'unchanged'; readonly keptBack: readonly WaitingEndpoint[] }
  /** A routine change waits until the interval since the last plan is over (milliseconds since 1970). */
  | { readonly type: 'coalesced'; readonly until: number }
  | { readonly type: 'paused'; readonly reason: string }
  | { readonly type: 'idle'; readonly reason: string }
  /** Somebody appended first, or the append's answer was lost; the next run decides anew. */
  | { readonly type: 'lost' }
  | { readonly type: 'refused'; readonly reason: string };
