import type { HeadMark } from '../plan/fence.ts';
import { MARK_DIGITS } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { AnchorStore } from './anchor-store.ts';
import type { LedgerEvent } from './decider/events.ts';
import { LedgerUnavailable } from './ledger.ts';

/**
 * What another service remembers of a cell's log (docs/adr/0054-anchors-of-the-log.md). It is read before the log, which
 * only grows: so an event that it knows must be there.
 */
export interface CellAnchor {
  /** How a sentence names it: `the fence`. */
  readonly name: string;
  /** Why nothing can be compared with it, a clause; absent when it can be. */
  readonly unknown?: string;
  /** It may have something to compare, and did not answer. */
  readonly isUnreached?: true;
  /** Whether it is meant to know every event. */
  readonly isWhole: boolean;
  /** The marks of the events above `after` and up to `upTo`; several of one number where it knows several. */
  marks(after: number, upTo: number): Promise<readonly HeadMark[]>;
}

/** A store as the anchor of one cell. One that cannot be reached says so, and the log is verified without it. */
export async function storeAnchor(store: AnchorStore, cell: CellName): Promise<CellAnchor> {
  const { name } = store;
  const anchor: CellAnchor = { name, isWhole: true, marks: (after, upTo) => store.marks(cell, after, upTo) };
  try {
    await anchor.marks(0, 1);
    return anchor;
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return { ...anchor, isUnreached: true, unknown: error.message.replace(/^The/, 'the').replace(/\.$/, '') };
  }
}

/** What the comparison with one anchor came to; what it contradicts is among the problems. */
export interface AnchorVerdict {
  readonly anchor: string;
  /** Why nothing was compared. */
  readonly unknown?: string;
  readonly isUnreached?: true;
  /** Events that it bears out, and the newest of them; 0 when there is none. */
  readonly compared: number;
  readonly newest: number;
  /** Events of the log that it does not know, of an anchor that is meant to know all. */
  readonly without: number;
  /** Marks that it contradicts, as the log itself says. */
  readonly said: number;
}

/** The hashes of one page of the log, by number. */
export interface LogPage {
  readonly after: number;
  readonly upTo: number;
  readonly hashes: ReadonlyMap<number, string>;
}

/** Differences remembered until the whole log was read. */
const DIFFERENCES_MAX = 1_000;

export interface Comparison {
  /** Compares one page, and looks for what the log says of itself. */
  page(page: LogPage, events: readonly LedgerEvent[]): Promise<void>;
  /** After the last page. */
  end(last: number, note: (number: number, what: string) => void): Promise<AnchorVerdict>;
}

/** Compares a log with one anchor, a page at a time. */
export function compareWith(anchor: CellAnchor): Comparison {
  const { name, unknown, isUnreached, isWhole } = anchor;
  const differences: { readonly mark: HeadMark; readonly what: string }[] = [];
  const said = new Set<string>();
  const counts = { compared: 0, newest: 0, without: 0 };
  const differs = (mark: HeadMark, what: string): void => {
    if (differences.length < DIFFERENCES_MAX) differences.push({ mark, what });
  };
  return {
    page: async ({ after, upTo, hashes }, events) => {
      for (const event of events) if (event.type === 'LogContradicted') said.add(keyOf(event));
      if (unknown !== undefined) return;
      const marks = await anchor.marks(after, upTo);
      for (const mark of marks) {
        const { number, digits } = mark;
        const hash = hashes.get(number);
        if (hash === undefined) {
          differs(mark, `${name} knows event ${number} (${digits}), which cannot be read in the log`);
        } else if (hash.startsWith(digits)) {
          counts.compared += 1;
          counts.newest = Math.max(counts.newest, number);
        } else {
          const there = hash.slice(0, MARK_DIGITS);
          differs(mark, `event ${number} is not the one that ${name} knows: ${there} here, ${digits} there`);
        }
      }
      const known = new Set(marks.map(({ number }) => number));
      if (isWhole) counts.without += [...hashes.keys()].filter((number) => !known.has(number)).length;
    },
    end: async (last, note) => {
      const beyond = unknown === undefined ? await anchor.marks(last, Number.MAX_SAFE_INTEGER) : [];
      for (const mark of beyond) {
        const { number, digits } = mark;
        differs(mark, `${name} knows event ${number} (${digits}), and the log ends at ${last}`);
      }
      const silent = differences.filter(({ mark }) => !said.has(keyOf(mark)));
      for (const { mark, what } of silent) note(mark.number, what);
      const verdict = { anchor: name, ...counts, said: differences.length - silent.length };
      if (unknown === undefined) return verdict;
      return { ...verdict, unknown, ...(isUnreached === undefined ? {} : { isUnreached }) };
    },
  };
}

function keyOf({ number, digits }: HeadMark): string {
  return `${number}:${digits}`;
}
