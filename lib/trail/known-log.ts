import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import { MARK_DIGITS } from '../plan/fence.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { shortDigest } from '../plan/plan.ts';
import type { NamedPlan } from '../rules/approved-plan.ts';
import type { LoggedNames, NameNotes } from './listed-trees.ts';
import { loggedNames, newNameNotes, noteNames } from './listed-trees.ts';

/** What a cell's log says, as far as a trail is held against it. */
export interface KnownLog {
  readonly cell: CellName;
  readonly ledger: string;
  /** Where the cell has been: the zone of each fleet that was declared, by its id. */
  readonly zones: ReadonlyMap<string, DnsName>;
  /** The newest generation that the log knows, 0 before the first. */
  readonly highest: number;
  approvedAt(generation: number): readonly NamedPlan[];
  /** `mine`: the log has this event; `lost`: it had it once, and says so itself; `unknown`. */
  eventAt(mark: HeadMark): 'mine' | 'lost' | 'unknown';
  /** Whether the log says of its event of this number, or of an earlier one, that the cell is frozen. */
  isFrozenAt(number: number): boolean;
  /** Names that Pawl has ever applied an answer at. */
  readonly names: ReadonlySet<DnsName>;
  /** Every PlanApplied, as a fence says it. */
  readonly applied: readonly AppliedFence[];
  /** Which names were of use, and when. */
  readonly logged: LoggedNames;
}

export interface AppliedFence {
  readonly generation: number;
  readonly seq: number;
  /** The first digits of the plan's digest. */
  readonly plan: string;
  /** The names that the cell owns from then on. */
  readonly names: readonly DnsName[];
  /** The number of the event that says so. */
  readonly number: number;
  /** When that event was appended, milliseconds since 1970. */
  readonly at: number;
}

/** What is read of a ledger. */
export type ReadableLog = Pick<Ledger, 'id' | 'events'>;

const PAGE_EVENTS = 500;

/**
 * Reads a cell's whole log, page after page.
 *
 * @throws LedgerUnavailable, LedgerUnusable.
 */
export async function readKnownLog(ledger: ReadableLog, cell: CellName): Promise<KnownLog> {
  const notes = newNotes();
  let after = 0;
  for (;;) {
    const events = await ledger.events(cell, { after, limit: PAGE_EVENTS, order: 'forward' });
    for (const event of events) note(notes, event);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE_EVENTS) break;
    after = last.number;
  }
  return knownLog(cell, ledger.id, notes);
}

/** What was noted of a log's events, read in order. */
export interface LogNotes {
  readonly digits: Map<number, string>;
  readonly said: Set<string>;
  readonly zones: Map<string, DnsName>;
  readonly approved: Map<number, NamedPlan[]>;
  readonly names: Set<DnsName>;
  readonly applied: AppliedFence[];
  /** Where the log froze the cell, and where it thawed it, in order. */
  readonly freezes: { readonly number: number; readonly frozen: boolean }[];
  readonly logged: NameNotes;
  highest: number;
}

export function newNotes(): LogNotes {
  return {
    ...{ digits: new Map(), said: new Set(), zones: new Map(), approved: new Map() },
    ...{ names: new Set(), applied: [], freezes: [], logged: newNameNotes(), highest: 0 },
  };
}

export function note(notes: LogNotes, { number, hash, at, event }: RecordedEvent): void {
  notes.digits.set(number, hash.slice(0, MARK_DIGITS));
  noteNames(notes.logged, number, event);
  switch (event.type) {
    case 'FleetDeclared':
      notes.zones.set(event.zoneId, event.zone);
      return;
    case 'PlanAppended':
      notes.highest = Math.max(notes.highest, event.generation);
      if (event.disposition === 'approved') approve(notes, event);
      return;
    case 'PlanApproved':
      approve(notes, event);
      return;
    case 'FenceAhead':
      if (event.reissue === undefined) return;
      notes.highest = Math.max(notes.highest, event.reissue.generation);
      approve(notes, event.reissue);
      return;
    case 'PlanApplied': {
      for (const name of event.endpoints) notes.names.add(name);
      const { generation, seq, digest } = event;
      notes.applied.push({ generation, seq, plan: shortDigest(digest), names: event.endpoints, number, at });
      return;
    }
    case 'CellFrozen':
      notes.freezes.push({ number, frozen: true });
      return;
    case 'CellThawed':
      notes.freezes.push({ number, frozen: false });
      return;
    case 'LogContradicted':
      notes.said.add(`${event.number}:${event.digits}`);
      return;
    default:
      return;
  }
}

function approve({ approved }: LogNotes, { generation, digest }: NamedPlan): void {
  approved.set(generation, [...(approved.get(generation) ?? []), { generation, digest }]);
}

export function knownLog(cell: CellName, ledger: string, notes: LogNotes): KnownLog {
  const { digits, said, zones, approved, names, applied, freezes, logged, highest } = notes;
  return {
    ...{ cell, ledger, zones, highest, names, applied, logged: loggedNames(logged) },
    approvedAt: (generation) => approved.get(generation) ?? [],
    eventAt: (mark) => {
      if (digits.get(mark.number) === mark.digits) return 'mine';
      return said.has(`${mark.number}:${mark.digits}`) ? 'lost' : 'unknown';
    },
    isFrozenAt: (number) => freezes.findLast((each) => each.number <= number)?.frozen === true,
  };
}

/** Where a cell has been, one scope a hosted zone. */
export function scopesOf({ cell, zones }: KnownLog): readonly CellScope[] {
  return [...zones].map(([zoneId, zone]) => ({ cell, zone, zoneId }));
}
