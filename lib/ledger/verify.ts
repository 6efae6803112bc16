import { canonicalJson } from '../plan/canonical.ts';
import { InvalidValue } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import { cellName } from '../plan/names.ts';
import { bodiesNamedBy, FIRST_PREVIOUS, storedHash } from './chain.ts';
import type { BodyDigest, LedgerEvent } from './decider/events.ts';
import type { LedgerFormat } from './decider/formats.ts';
import { readableAs } from './decider/formats.ts';
import type { CellState } from './decider/state.ts';
import { initialState } from './decider/state.ts';
import { parseState } from './decider/state-json.ts';
import { LedgerUnusable } from './ledger.ts';
import type { LedgerRecords, StoredEvent, StoredRow } from './ledger-records.ts';
import type { Release } from './stored-event.ts';
import { parsedEventOf, THIS_RELEASE } from './stored-event.ts';
import type { AnchorVerdict, CellAnchor } from './verify-anchors.ts';
import { compareWith } from './verify-anchors.ts';

/** Something that is not as it was appended. */
export interface LedgerProblem {
  /** The event's number; 0 for what concerns the cell as a whole. */
  readonly number: number;
  /** One sentence without its full stop: what, and where. */
  readonly what: string;
}

export interface VerifiedCell {
  readonly cell: string;
  /** Events that were read. */
  readonly events: number;
  /** In order of number, at most 1,000. */
  readonly problems: readonly LedgerProblem[];
  /** What other services say of it; empty when none was asked. */
  readonly anchors: readonly AnchorVerdict[];
}

export interface LedgerReport {
  readonly cells: readonly VerifiedCell[];
}

export interface VerifyDeps {
  readonly ledger: { readonly records: LedgerRecords };
  /** The release that reads the log; this one unless given. */
  readonly release?: Release;
  /** The anchors of a cell, read before its log is; none unless given. */
  readonly anchorsOf?: (cell: CellName) => Promise<readonly CellAnchor[]>;
}

const PAGE_EVENTS = 25;
const PROBLEMS_MAX = 1_000;
/** Bodies whose check is remembered, so that a plan reissued many times is read once. */
const BODIES_REMEMBERED = 1_000;

/**
 * Walks the whole log of one cell, or of every cell, in pages and in constant memory, and names every event, link,
 * state, body and chunk that is not what was appended. It does not stop at the first problem: after a damaged event it
 * goes on at the next whole one.
 *
 * @throws LedgerUnavailable when the ledger cannot be read to the end.
 */
export async function verifyLedger(deps: VerifyDeps, cell?: CellName): Promise<LedgerReport> {
  const { records } = deps.ledger;
  const listed: readonly string[] = await records.listedCells();
  const stored = cell === undefined ? await records.storedCells() : [cell];
  const wanted = cell === undefined ? [...new Set([...listed, ...stored])].sort() : [cell];
  const cells: VerifiedCell[] = [];
  for (const name of wanted) cells.push(await verifyCell(deps, name, listed.includes(name)));
  return { cells };
}

async function verifyCell(
  { ledger: { records }, release = THIS_RELEASE, anchorsOf }: VerifyDeps,
  name: string,
  listed: boolean,
): Promise<VerifiedCell> {
  const problems: LedgerProblem[] = [];
  const note = (number: number, what: string): void => {
    if (problems.length < PROBLEMS_MAX) problems.push({ number, what });
  };
  const cell = parsedCell(name);
  if (cell === undefined) {
    note(0, `items stand under "${name}", which is not a cell's name`);
    return { cell: name, events: 0, problems, anchors: [] };
  }
  const comparisons = ((await anchorsOf?.(cell)) ?? []).map(compareWith);
  const walk = newWalk(cell, records.id, release);
  const checked = new Set<BodyDigest>();
  let events = 0;
  for (;;) {
    const before = walk.number;
    const rows = await records.rows(cell, before, PAGE_EVENTS);
    const readable: LedgerEvent[] = [];
    for (const row of rows) {
      events += 1;
      const event = checkRow(walk, row, note);
      if (event === undefined) continue;
      readable.push(event);
      await checkBodies(records, cell, { number: row.number, event }, checked, note);
    }
    const page = { after: before, upTo: walk.number, hashes: hashesOf(rows) };
    for (const comparison of comparisons) await comparison.page(page, readable);
    // A page that holds only keys of no event does not advance the walk, which would then never end.
    if (rows.length < PAGE_EVENTS || walk.number === before) break;
  }
  const anchors: AnchorVerdict[] = [];
  for (const comparison of comparisons) anchors.push(await comparison.end(walk.number, note));
  if (!listed && events > 0) note(0, 'the cell has events and is not in the list of cells');
  return { cell, events, problems, anchors };
}

function hashesOf(rows: readonly StoredRow[]): ReadonlyMap<number, string> {
  return new Map(rows.flatMap((row) => (row.type === 'stored' ? [[row.number, row.stored.hash]] : [])));
}

type Note = (number: number, what: string) => void;

/** How far the walk has come, and what the next event must follow. */
interface Walk {
  readonly cell: CellName;
  readonly ledger: string;
  readonly release: Release;
  number: number;
  /** The hash that the last event carries; undefined after one that could not be read. */
  hash: string | undefined;
  /**
   * States that the next event may follow, first the one that `evolve` gave; none after an event that could not be
   * read.
   */
  states: readonly CellState[];
}

function newWalk(cell: CellName, ledger: string, release: Release): Walk {
  return { cell, ledger, release, number: 0, hash: FIRST_PREVIOUS, states: [initialState(cell, ledger)] };
}

/** @returns the event, if it can be read. */
function checkRow(walk: Walk, row: StoredRow, note: Note): LedgerEvent | undefined {
  const { number } = row;
  if (number > walk.number + 1) {
    const last = number - 1;
    const first = walk.number + 1;
    note(first, first === last ? `event ${first} is missing` : `events ${first} to ${last} are missing`);
    walk.hash = undefined;
    walk.states = [];
  }
  // A sort key that belongs to no event has the number 0: the walk must not go back.
  walk.number = Math.max(walk.number, number);
  if (row.type === 'unreadable') {
    note(number, `event ${number} cannot be read: ${row.what}`);
    walk.hash = undefined;
    walk.states = [];
    return undefined;
  }
  const { stored } = row;
  const { previous, hash } = stored;
  if (walk.hash !== undefined && previous !== walk.hash) {
    note(
      number,
      `the link from event ${number} to the one before it is broken: it names ${previous.slice(0, 12)}, not ${walk.hash.slice(0, 12)}`,
    );
  }
  if (storedHash(stored) !== hash)
    note(number, `event ${number} is not what was appended: its hash does not match`);
  walk.hash = hash;
  const parsed = parsedEventOf(stored, walk.release);
  if (parsed.type === 'event') {
    checkState(walk, stored, parsed.event, note);
    return parsed.event;
  }
  // The place in the chain was checked above; that check does not need the event's meaning.
  note(number, `event ${number} cannot be read: ${parsed.what}`);
  const written = writtenState(walk, stored.stateText);
  walk.states = written === undefined ? [] : [written];
  return undefined;
}

/**
 * Checks a state against the fold of the format that wrote it. Where the two differ, the next event may follow either:
 * the state that the fold gives, or the state that is stored. So an altered state is reported once, also when every
 * later event was built on it.
 *
 * The texts are compared first, then the parsed states: an older release does not write the parts that it does not
 * know, and a part that is missing is parsed as in a new cell.
 */
function checkState(walk: Walk, stored: StoredEvent, event: LedgerEvent, note: Note): void {
  const { at, by, number, stateText } = stored;
  const written = writtenState(walk, stateText);
  const readable = readableAs(walk.release.formats, stored);
  if (readable.type !== 'known') {
    note(number, `the state after event ${number} was not checked: ${notChecked(stored)}`);
    walk.states = written === undefined ? [] : [written];
    return;
  }
  const expected = walk.states.map((state) => readable.format.evolve(state, event, { at, by }));
  const match = expected.find((state) => isWritten(state, stateText, written, readable.format));
  if (match !== undefined) {
    walk.states = [match];
    return;
  }
  const [likely] = expected;
  const differs = likely === undefined ? [] : differences(likely, written);
  if (likely !== undefined) {
    note(number, `the state after event ${number} is not what the events give (${differs.join(', ')})`);
  } else if (written === undefined) {
    note(number, `the state after event ${number} cannot be read`);
  }
  walk.states = [likely, written].filter((state) => state !== undefined);
}

function isWritten(
  state: CellState,
  stateText: string,
  written: CellState | undefined,
  format: LedgerFormat,
): boolean {
  const text = format.stateText(state);
  return text === stateText || (written !== undefined && text === format.stateText(written));
}

function notChecked({ pawl, format }: StoredEvent): string {
  return `Pawl ${pawl} computed it in format ${format}, which this Pawl does not know`;
}

function writtenState({ cell, ledger, release }: Walk, text: string): CellState | undefined {
  try {
    return parseState(text, cell, ledger, release.formats);
  } catch (error) {
    if (error instanceof LedgerUnusable) return undefined;
    throw error;
  }
}

function differences(expected: CellState, written: CellState | undefined): readonly string[] {
  if (written === undefined) return ['it cannot be read'];
  const other = new Map<string, unknown>(Object.entries(written));
  const fields = Object.entries(expected).filter(
    ([key, value]) => canonicalJson(value) !== canonicalJson(other.get(key)),
  );
  return fields.length === 0 ? ['it is written in another form'] : fields.map(([key]) => key);
}

async function checkBodies(
  records: LedgerRecords,
  cell: CellName,
  { number, event }: { readonly number: number; readonly event: LedgerEvent },
  checked: Set<BodyDigest>,
  note: Note,
): Promise<void> {
  for (const digest of bodiesNamedBy(event)) {
    if (checked.has(digest)) continue;
    if (checked.size >= BODIES_REMEMBERED) checked.clear();
    checked.add(digest);
    const problem = await records.bodyProblem(cell, digest);
    if (problem !== undefined) note(number, problem);
  }
}

function parsedCell(name: string): CellName | undefined {
  try {
    return cellName(name);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}
