/** One thing that may happen next. */
export type Decision =
  /** The actor's call reaches the world, and the actor has its answer. */
  | { readonly type: 'run'; readonly actor: string }
  /** The caller hears that no answer came; the request stays in flight. */
  | { readonly type: 'timeout'; readonly actor: string }
  /** The request is performed, and its answer lost. */
  | { readonly type: 'lose-answer'; readonly actor: string }
  /** The service is too busy to look at the request. */
  | { readonly type: 'throttle'; readonly actor: string }
  /** The actor is gone; its request stays in flight. */
  | { readonly type: 'crash'; readonly actor: string }
  /** A request whose caller is gone reaches the world. */
  | { readonly type: 'land'; readonly request: number }
  /** The same workflow is started once more beside the first. */
  | { readonly type: 'duplicate'; readonly actor: string }
  /** Somebody changes the zone by hand. */
  | { readonly type: 'tamper' }
  /** Time passes until everything is everywhere. */
  | { readonly type: 'advance' }
  /** The ledger or Route 53 goes away, or comes back. */
  | { readonly type: 'outage'; readonly port: Port }
  /** Whatever is still in flight never lands; the fault phase is over. */
  | { readonly type: 'rest' };

export type Port = 'ledger' | 'zone';

/** How much may still go wrong. */
export interface Budget {
  readonly faults: number;
  readonly tamperings: number;
  readonly duplicates: number;
  readonly outages: number;
  readonly advances: number;
}

export const NO_FAULTS: Budget = { faults: 0, tamperings: 0, duplicates: 0, outages: 0, advances: 0 };
