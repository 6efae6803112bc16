import type { CellName, DnsName } from '../../plan/names.ts';

/** An endpoint that this cell lets another cell of the zone have. It is this cell's until that one has taken it. */
export interface OfferState {
  readonly name: DnsName;
  readonly to: CellName;
  /** The identity of the other cell's ledger. */
  readonly ledger: string;
  /** Milliseconds since 1970: since when. */
  readonly at: number;
  /** It was taken back, and may stand in the zone until an enactor has removed it. */
  readonly withdrawn?: true;
}

/** What a cell's log says of endpoints that go over to another cell, or come from one. */
export interface HandoverState {
  /** Endpoints that another cell may take, in order of name. */
  readonly offers: readonly OfferState[];
  /**
   * Endpoints that another cell has taken, the newest first: a plan or a fleet that still has one of them leaves it out.
   */
  readonly given: readonly { readonly name: DnsName; readonly to: CellName; readonly at: number }[];
  /** Endpoints that this cell takes over once the other cell offers them, in order of name. */
  readonly awaited: readonly { readonly name: DnsName; readonly from: CellName; readonly at: number }[];
}

/** The parts of a state that format 6 added. */
export const PARTS_SINCE_6 = [
  'offers',
  'given',
  'awaited',
] as const satisfies readonly (keyof HandoverState)[];

export const NOTHING_HANDED_OVER: HandoverState = { offers: [], given: [], awaited: [] };

/** Names offered, and names awaited, at once: more than a cell has. */
export const HANDED_OVER_MAX = 240;
/** Names given and remembered. One that is forgotten is in no plan of the cell any more, and its root is another cell's. */
export const GIVEN_MAX = 240;
