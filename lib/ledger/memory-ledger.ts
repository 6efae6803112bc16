import { sha256 } from '../plan/canonical.ts';
import { invariant } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import type { WrittenBy } from '../plan/stored-format.ts';
import { bodiesNamedBy, FIRST_PREVIOUS } from './chain.ts';
import type { BodyDigest, RecordedEvent } from './decider/events.ts';
import { formatOfEvent, readableAs } from './decider/formats.ts';
import { FIRST_FORMAT, initialState } from './decider/state.ts';
import { checkBodySize, checkRange } from './entry-limits.ts';
import type { AppendOutcome, Entry, EventRange, Head, Ledger } from './ledger.ts';
import { BodyDamaged } from './ledger.ts';
import type { LedgerRecords, StoredEvent } from './ledger-records.ts';
import type { Release } from './stored-event.ts';
import { nextEvent, THIS_RELEASE, writtenByNewer } from './stored-event.ts';

/** Whether a lost append returns the head that won, as DynamoDB does; dynalite withholds it. */
export type Winners = 'given' | 'withheld';

export interface MemoryLedgerOptions {
  /**
   * `sha256`: the hash chain and the size limits of the real ledger. `counted`: the event's number stands for
   * its hash and no size is measured, for a simulator that appends millions of times.
   */
  readonly hashing?: 'sha256' | 'counted';
  /** `withheld` unless given. */
  readonly winners?: Winners;
  /** `refuse` (the default): an event that names a body nobody stored is a bug. `allow`: for tests without bodies. */
  readonly missingBodies?: 'refuse' | 'allow';
  /** The format of a cell without events: the first one unless given, as in a table. */
  readonly firstFormat?: number;
}

/** A ledger in memory, for the simulator and for tests: every answer is immediate and none is ever lost. */
export interface MemoryLedger extends Ledger {
  /** For `verify`; whole only with the hashing `sha256`. */
  readonly records: LedgerRecords;
  /** An independent ledger that continues from this one's contents. Costs one step a cell, not one an event. */
  clone(winners?: Winners): MemoryLedger;
  /** What {@link Ledger.head} answers, without a promise. */
  peek(cell: CellName): Head;
  /** What {@link Ledger.getBody} answers, without a promise; undefined where it throws. */
  peekBody(cell: CellName, digest: BodyDigest): string | undefined;
  /** Who wrote a cell's newest event, and in which format; undefined before the first. */
  written(cell: CellName): WrittenBy | undefined;
  /** The same ledger as another release of Pawl reads and writes it. */
  seenBy(release: Release): Ledger;
}

/** An event in the log, and who wrote it in which format. */
interface Logged {
  readonly head: Head;
  readonly last: RecordedEvent;
  readonly written: WrittenBy;
  /** With the hashing `sha256`. */
  readonly stored: StoredEvent | undefined;
}

/** The events of one cell, oldest first. Clones share the array and each knows how much of it is its own. */
interface Log {
  readonly events: Logged[];
  readonly length: number;
}

/** Texts whose digest is remembered, so that cloned worlds hash a body once. */
const DIGESTS_MAX = 20_000;

/**
 * An empty ledger in memory. Strict: it throws InvariantViolated where a workflow could only be wrong (a gap, a
 * head of another ledger or another chain, an event whose body is not stored).
 *
 * @param id the ledger's identity, 8 hexadecimal digits
 */
export function memoryLedger(id: string, options: MemoryLedgerOptions = {}): MemoryLedger {
  invariant(/^[0-9a-f]{8}$/.test(id), `"${id}" is not a ledger's identity: use 8 hexadecimal digits.`);
  return ledgerOver({ id, options, logs: new Map(), bodies: new Map(), digests: new Map() });
}

interface Memory {
  readonly id: string;
  readonly options: MemoryLedgerOptions;
  readonly logs: Map<CellName, Log>;
  /** By cell and digest. Replaced, never changed, once it is shared with a clone. */
  readonly bodies: ReadonlyMap<string, string>;
  readonly digests: Map<string, BodyDigest>;
}

function emptyHead(cell: CellName, { id, options }: Memory): Head {
  const { firstFormat: format = FIRST_FORMAT } = options;
  return { cell, number: 0, hash: FIRST_PREVIOUS, state: { ...initialState(cell, id), format } };
}

function ledgerOver(memory: Memory): MemoryLedger {
  const { id, options, logs, digests } = memory;
  let { bodies } = memory;
  let ownBodies = new Map<string, string>();

  function newest(cell: CellName): Logged | undefined {
    const log = logs.get(cell);
    return log?.events[log.length - 1];
  }

  function peek(cell: CellName): Head {
    return newest(cell)?.head ?? emptyHead(cell, memory);
  }

  const stored = (key: string): string | undefined => ownBodies.get(key) ?? bodies.get(key);

  function append(release: Release, head: Head, entry: Entry): AppendOutcome {
    const current = peek(head.cell);
    checkHead(head, current, id);
    if (head.number < current.number)
      return lostTo(logs.get(head.cell)?.events[head.number], release, options);
    if (options.missingBodies !== 'allow') {
      for (const digest of bodiesNamedBy(entry.event)) {
        invariant(
          stored(bodyKey(head.cell, digest)) !== undefined,
          `${entry.event.type} names the body ${digest}, which cell ${head.cell} does not have.`,
        );
      }
    }
    // Built on the head that the caller gave: a caller of an older release may have kept less of the state.
    const next =
      options.hashing === 'counted' ? counted(release, head, entry) : chained(release, head, entry);
    push(logs, next);
    return { type: 'appended', head: next.head };
  }

  const cells = async (): Promise<readonly CellName[]> => [...logs.keys()].sort();
  const portOf = (release: Release): Ledger => ({
    id,
    cells,
    head: async (cell) => {
      const logged = newest(cell);
      if (logged !== undefined) checkReadable(logged, release);
      return peek(cell);
    },
    append: async (head, entry) => append(release, head, entry),
    events: async (cell, range) => {
      const found = readRange(logs.get(cell), range);
      for (const logged of found) checkReadable(logged, release);
      return found.map(({ last }) => last);
    },
    putBody: async (cell, text) => {
      checkBodySize(text);
      const digest = digestOf(text, digests);
      const key = bodyKey(cell, digest);
      if (stored(key) === undefined) ownBodies.set(key, text);
      return digest;
    },
    getBody: async (cell, digest) => {
      const text = stored(bodyKey(cell, digest));
      if (text === undefined) throw new BodyDamaged(`The body ${digest} of cell ${cell} is missing.`);
      return text;
    },
  });
  return {
    ...portOf(THIS_RELEASE),
    peek,
    peekBody: (cell, digest) => stored(bodyKey(cell, digest)),
    written: (cell) => newest(cell)?.written,
    seenBy: portOf,
    records: {
      id,
      listedCells: cells,
      storedCells: cells,
      rows: async (cell, after, limit) =>
        readRange(logs.get(cell), { after, limit, order: 'forward' }).flatMap(({ stored: row }) =>
          row === undefined ? [] : [{ type: 'stored', number: row.number, stored: row } as const],
        ),
      bodyProblem: async (cell, digest) =>
        stored(bodyKey(cell, digest)) === undefined ? `the body ${digest} is missing` : undefined,
    },
    clone: (winners = options.winners) => {
      if (ownBodies.size > 0) {
        bodies = new Map([...bodies, ...ownBodies]);
        ownBodies = new Map();
      }
      const own = winners === undefined || winners === options.winners ? options : { ...options, winners };
      return ledgerOver({ id, options: own, logs: new Map(logs), bodies, digests });
    },
  };
}

/**
 * The outcome `lost`. It has no winner when the caller's release cannot read it: the next read then throws the reason.
 */
function lostTo(
  won: Logged | undefined,
  { formats }: Release,
  { winners }: MemoryLedgerOptions,
): AppendOutcome {
  const isGiven = winners === 'given' && won !== undefined;
  const isReadable = isGiven && readableAs(formats, won.written).type !== 'newer';
  return { type: 'lost', winner: isReadable ? won.head : undefined };
}

/** @throws LedgerUnusable when that release does not know the format: as a reader of the stored text would. */
function checkReadable({ head, written }: Logged, { formats }: Release): void {
  const readable = readableAs(formats, written);
  if (readable.type === 'newer') throw writtenByNewer(head.cell, head.number, readable.what, written.pawl);
}

function checkHead(head: Head, current: Head, id: string): void {
  invariant(head.state.cell === head.cell, `A head of ${head.cell} carries the state of ${head.state.cell}.`);
  invariant(head.state.ledger === id, `A head of ledger ${head.state.ledger} was given to ledger ${id}.`);
  invariant(head.number <= current.number, `Event ${head.number + 1} of ${head.cell} would leave a gap.`);
  invariant(
    head.number < current.number || head.hash === current.hash,
    `Event ${head.number + 1} of ${head.cell} would follow an event that is not in the log.`,
  );
}

function chained(release: Release, current: Head, entry: Entry): Logged {
  const { head, last, stored } = nextEvent(release, current, entry, '');
  return { head, last, written: stored, stored };
}

function counted(release: Release, { cell, ...current }: Head, entry: Entry): Logged {
  const { at, by } = entry;
  const number = current.number + 1;
  const format = formatOfEvent(release.formats, current.state.format, entry.event);
  const state = format.evolve(current.state, entry.event, { at, by });
  const hash = number.toString(16).padStart(64, '0');
  const event = format.lift(format.lower(entry.event));
  const last: RecordedEvent = { cell, number, at, by, event, previous: current.hash, hash };
  const written = { format: format.number, readableFrom: format.readableFrom, pawl: release.pawl };
  return { head: { cell, number, hash, state, last }, last, written, stored: undefined };
}

function push(logs: Map<CellName, Log>, logged: Logged): void {
  const { cell } = logged.head;
  const log = logs.get(cell) ?? { events: [], length: 0 };
  // A clone that has appended since has taken the next place in the shared array, so this ledger needs a copy.
  const events = log.events.length === log.length ? log.events : log.events.slice(0, log.length);
  events.push(logged);
  logs.set(cell, { events, length: log.length + 1 });
}

function readRange(log: Log | undefined, range: EventRange): readonly Logged[] {
  checkRange(range);
  if (log === undefined) return [];
  const { after, limit, order } = range;
  const from = order === 'forward' ? after : Math.max(after, log.length - limit);
  const found = log.events.slice(from, Math.min(log.length, from + limit));
  return order === 'forward' ? found : found.reverse();
}

function digestOf(text: string, digests: Map<string, BodyDigest>): BodyDigest {
  const known = digests.get(text);
  if (known !== undefined) return known;
  if (digests.size >= DIGESTS_MAX) digests.clear();
  const digest = sha256(text);
  digests.set(text, digest);
  return digest;
}

function bodyKey(cell: CellName, digest: BodyDigest): string {
  return `${cell} ${digest}`;
}
