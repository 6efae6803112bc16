import { canonicalJson, sha256 } from '../plan/canonical.ts';
import { invariant } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import { bodiesNamedBy, eventHash, FIRST_PREVIOUS } from './chain.ts';
import type { BodyDigest, RecordedEvent } from './decider/events.ts';
import { evolve } from './decider/evolve.ts';
import type { CellState } from './decider/state.ts';
import { initialState } from './decider/state.ts';
import { checkBodySize, checkEntry, checkRange } from './entry-limits.ts';
import type { AppendOutcome, Entry, EventRange, Head, Ledger } from './ledger.ts';
import { BodyDamaged } from './ledger.ts';
import type { LedgerRecords, StoredRow } from './ledger-records.ts';

export interface MemoryLedgerOptions {
  /**
   * `sha256`: the hash chain and the size limits of the real ledger. `counted`: the event's number stands for
   * its hash and no size is measured, for a simulator that appends millions of times.
   */
  readonly hashing?: 'sha256' | 'counted';
  /** `refuse` (the default): an event that names a body nobody stored is a bug. `allow`: for tests without bodies. */
  readonly missingBodies?: 'refuse' | 'allow';
}

/** A ledger in memory, for the simulator and for tests: every answer is immediate and none is ever lost. */
export interface MemoryLedger extends Ledger {
  /** For `verify`; whole only with the hashing `sha256`. */
  readonly records: LedgerRecords;
  /** A ledger of its own that goes on from here. Costs one step a cell, not one an event. */
  clone(): MemoryLedger;
  /** What {@link Ledger.head} answers, at once. */
  peek(cell: CellName): Head;
}

/** Heads of one cell, oldest first. Clones share the array and each knows how much of it is its own. */
interface Log {
  readonly heads: Head[];
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

function ledgerOver(memory: Memory): MemoryLedger {
  const { id, options, logs, digests } = memory;
  let { bodies } = memory;
  let ownBodies = new Map<string, string>();

  function peek(cell: CellName): Head {
    const log = logs.get(cell);
    const head = log?.heads[log.length - 1];
    return head ?? { cell, number: 0, hash: FIRST_PREVIOUS, state: initialState(cell, id) };
  }

  const stored = (key: string): string | undefined => ownBodies.get(key) ?? bodies.get(key);

  const cells = async (): Promise<readonly CellName[]> => [...logs.keys()].sort();
  return {
    id,
    peek,
    cells,
    records: {
      id,
      listedCells: cells,
      storedCells: cells,
      rows: async (cell, after, limit) => storedRows(logs.get(cell), after, limit),
      bodyProblem: async (cell, digest) =>
        stored(bodyKey(cell, digest)) === undefined ? `the body ${digest} is missing` : undefined,
    },
    head: async (cell) => peek(cell),
    append: async (head, entry) => {
      const current = peek(head.cell);
      checkHead(head, current, id);
      if (head.number < current.number) return { type: 'lost' };
      if (options.missingBodies !== 'allow') {
        for (const digest of bodiesNamedBy(entry.event)) {
          invariant(
            stored(bodyKey(head.cell, digest)) !== undefined,
            `${entry.event.type} names the body ${digest}, which cell ${head.cell} does not have.`,
          );
        }
      }
      const next = nextHead(current, entry, options);
      push(logs, next);
      return { type: 'appended', head: next } satisfies AppendOutcome;
    },
    events: async (cell, range) => readRange(logs.get(cell), range),
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
    clone: () => {
      if (ownBodies.size > 0) {
        bodies = new Map([...bodies, ...ownBodies]);
        ownBodies = new Map();
      }
      return ledgerOver({ id, options, logs: new Map(logs), bodies, digests });
    },
  };
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

function nextHead(current: Head, entry: Entry, options: MemoryLedgerOptions): Head {
  const { cell } = current;
  const { event, at, by } = entry;
  const number = current.number + 1;
  const state = evolve(current.state, event, { at, by });
  const unhashed = { cell, number, at, by, event, previous: current.hash };
  const hash =
    options.hashing === 'counted' ? number.toString(16).padStart(64, '0') : chainedHash(unhashed, state);
  return { cell, number, hash, state, last: { ...unhashed, hash } };
}

function chainedHash(unhashed: Omit<RecordedEvent, 'hash'>, state: CellState): string {
  const stateText = canonicalJson(state);
  checkEntry(unhashed, stateText);
  return eventHash({ ...unhashed, state: sha256(stateText), nonce: '' });
}

function push(logs: Map<CellName, Log>, head: Head): void {
  const log = logs.get(head.cell) ?? { heads: [], length: 0 };
  // A clone that has gone on from here has taken the next place in the shared array: this one needs its own.
  const heads = log.heads.length === log.length ? log.heads : log.heads.slice(0, log.length);
  heads.push(head);
  logs.set(head.cell, { heads, length: log.length + 1 });
}

function readRange(log: Log | undefined, range: EventRange): readonly RecordedEvent[] {
  checkRange(range);
  if (log === undefined) return [];
  const { after, limit, order } = range;
  const from = order === 'forward' ? after : Math.max(after, log.length - limit);
  const heads = log.heads.slice(from, Math.min(log.length, from + limit));
  const events = heads.flatMap(({ last }) => (last === undefined ? [] : [last]));
  return order === 'forward' ? events : events.reverse();
}

function storedRows(log: Log | undefined, after: number, limit: number): readonly StoredRow[] {
  const heads = log?.heads.slice(after, Math.min(log.length, after + limit)) ?? [];
  return heads.flatMap(({ number, state, last }): readonly StoredRow[] => {
    if (last === undefined) return [];
    return [{ type: 'stored', number, stored: { record: last, stateText: canonicalJson(state), nonce: '' } }];
  });
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
