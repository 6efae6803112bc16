/** One thing that may happen next. */
export type Decision =
  /** The actor's call takes effect, and the actor gets its answer. */
  | { readonly type: 'run'; readonly actor: string }
  /** The caller learns that no answer came. The request stays in flight. */
  | { readonly type: 'timeout'; readonly actor: string }
  /** The request takes effect, and its answer is lost. */
  | { readonly type: 'lose-answer'; readonly actor: string }
  /** The service is too busy to look at the request. */
  | { readonly type: 'throttle'; readonly actor: string }
  /** The actor dies. Its request stays in flight. */
  | { readonly type: 'crash'; readonly actor: string }
  /** A request in flight takes effect. */
  | { readonly type: 'land'; readonly request: number }
  /** The same workflow starts once more beside the first. */
  | { readonly type: 'duplicate'; readonly actor: string }
  /** Somebody changes the zone by hand. */
  | { readonly type: 'tamper' }
  /** The zone goes back to its first `kept` PENDING commits; what came after them is lost. */
  | { readonly type: 'return'; readonly kept: number }
  /** Time passes until every change is INSYNC. */
  | { readonly type: 'advance' }
  /** The ledger or Route 53 becomes unavailable, or available again. */
  | { readonly type: 'outage'; readonly port: Port }
  /** No request in flight ever lands. The fault phase is over. */
  | { readonly type: 'rest' };

export type Port = 'ledger' | 'zone';

/** How many disturbances may still happen, by kind. */
export interface Budget {
  readonly faults: number;
  readonly tamperings: number;
  readonly duplicates: number;
  readonly outages: number;
  readonly advances: number;
  readonly returns: number;
}

export const NO_FAULTS: Budget = {
  faults: 0,
  tamperings: 0,
  duplicates: 0,
  outages: 0,
  advances: 0,
  returns: 0,
};
