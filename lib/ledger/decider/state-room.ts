import type { LedgerEvent } from './events.ts';
import type { Stamp } from './evolve-before-3.ts';
import type { CellState } from './state.ts';
import {
  APPROVED_MAX,
  BLIND_BYTES_MAX,
  ENDPOINT_REMOVALS_MAX,
  HISTORY_MAX,
  isSince4,
  KEPT_BYTES_MAX,
  NAMES_CHARS_MAX,
  REFUSED_BYTES_MAX,
  REMOVALS_MAX,
  STAGED_ENTRIES_MAX,
  STAGED_TREES_MAX,
  TEXT_CHARS_MAX,
} from './state.ts';

/** Characters of JSON that one item of each bounded list can take, its punctuation and 16-digit numbers included. */
const HISTORY_CHARS = 150;
const APPROVED_CHARS = 115;
const REMOVAL_CHARS = 50;
const STAGED_ENTRY_CHARS = 140;
/** `"g000145.",`, with a label of up to 16 characters. */
const STAGED_TREE_CHARS = 20;
const ROLLBACK_CHARS = 30;
const PLAN_REF_CHARS = 330;
/** One removal of an endpoint, and the share that one endpoint loses, without the endpoint's name. */
const ENDPOINT_REMOVAL_CHARS = 42;
const SHARE_CHARS = 12;
const CONTRADICTED_CHARS = 90;
/** JSON doubles the length of a text of quotes, because it escapes each. */
const ESCAPED = 2;
/** The longest name of a writer. */
const WRITER_CHARS = 200;
/** A writer, and two times. */
const AHEAD_CHARS = WRITER_CHARS * ESCAPED + 75;
/** A policy of eight numbers, who declared and who declined a looser one, and a reason. */
const LOOSENING_CHARS = 1_000 + 3 * TEXT_CHARS_MAX * ESCAPED;
/** `"floor":{"declared":1000,"floor":1000},` */
const FLOOR_CHARS = 40;
/** An ill-formed or unknown zone is counted as the longest. */
const NAME_CHARS_MAX = 253;

/** What the parts of a state that are bounded by themselves can come to at most. */
const FIXED_CHARS =
  HISTORY_MAX * HISTORY_CHARS +
  APPROVED_MAX * APPROVED_CHARS +
  REMOVALS_MAX * REMOVAL_CHARS +
  STAGED_ENTRIES_MAX * STAGED_ENTRY_CHARS +
  3 * NAMES_CHARS_MAX +
  6 * TEXT_CHARS_MAX * ESCAPED +
  4 * PLAN_REF_CHARS;

/** What the parts that format 3 added can come to at most, besides what grows with the endpoints. */
const FIXED_CHARS_SINCE_3 =
  KEPT_BYTES_MAX +
  REFUSED_BYTES_MAX +
  BLIND_BYTES_MAX +
  // The last regression: its name, two texts, and what is around them.
  (NAME_CHARS_MAX + 2 * TEXT_CHARS_MAX * ESCAPED + 80) +
  CONTRADICTED_CHARS +
  AHEAD_CHARS;

/** When nobody knows yet when an event is appended, and by whom: the longest time, and the longest name. */
export const LONGEST_STAMP: Stamp = { at: Number.MAX_SAFE_INTEGER, by: 'x'.repeat(WRITER_CHARS) };

/**
 * The characters of JSON that the state can grow to by events that must never be refused: those that stage, apply,
 * repair, survey and freeze what was planned, and those that say what stands in its way. This is an upper bound. An event
 * that takes more room is refused when the bound would exceed `stateCharsMax`.
 */
export function worstStateChars(state: CellState): number {
  const bounded: Partial<CellState> = {
    // A rollback root is counted with the names that are owned, a lowered floor by itself: each may have one.
    endpoints: Object.fromEntries(
      Object.entries(state.endpoints).map(([endpoint, { trees }]) => [endpoint, { trees }]),
    ),
    staging: null,
    applied: null,
    history: [],
    approved: [],
    removals: [],
    owned: [],
    newest: null,
    goal: null,
    paused: null,
    frozen: null,
    facts: null,
    drift: null,
    regressed: null,
    rescue: null,
    keptBack: [],
    refused: [],
    blind: [],
    capacityRemoved: {},
    lastRegression: null,
    contradicted: null,
    capacityReturning: {},
    ahead: null,
    loosening: null,
    // Each may yet be withdrawn. What is given, or taken, takes less room than the offer, or the wait, that it ends.
    offers: state.offers.map((offer) => ({ ...offer, withdrawn: true })),
  };
  const zoneChars = state.fleet?.zone.length ?? NAME_CHARS_MAX;
  const names = Object.keys(state.endpoints).map((endpoint) => endpoint.length);
  const ownedChars = names.reduce((sum, length) => sum + length + zoneChars + 4 + ROLLBACK_CHARS, 0);
  // The longest names may be the ones that are staged, each of them more than once.
  const longest = Math.max(0, ...names);
  const stagedChars =
    Math.min(STAGED_TREES_MAX, 2 * names.length) * STAGED_TREE_CHARS +
    Math.min(STAGED_TREES_MAX * longest, 2 * names.reduce((sum, length) => sum + length, 0));
  const known = JSON.stringify({ ...state, ...bounded }).length + FIXED_CHARS + ownedChars + stagedChars;
  const since4 = isSince4(state) ? LOOSENING_CHARS + names.length * FLOOR_CHARS : 0;
  return state.format < 3 ? known : known + FIXED_CHARS_SINCE_3 + since4 + removedChars(names, state);
}

/** What was taken of each endpoint, what the newest plan would take of it while it is held, and what a goal brings back. */
function removedChars(names: readonly number[], state: CellState): number {
  const shares = isSince4(state) ? 2 : 1;
  const each = ENDPOINT_REMOVALS_MAX * ENDPOINT_REMOVAL_CHARS + (1 + shares) * SHARE_CHARS;
  return names.reduce((sum, length) => sum + (1 + shares) * length + each, 0);
}

/**
 * True for events that make a state's lists longer for good, or raise its format, whose states hold more. They may be
 * refused for want of room.
 */
export function takesRoom(event: LedgerEvent): boolean {
  return (
    (event.type === 'PlanAppended' && Object.keys(event.newTrees).length > 0) ||
    event.type === 'TargetDrained' ||
    event.type === 'AzEvacuated' ||
    event.type === 'BranchEvacuated' ||
    event.type === 'EndpointAdopted' ||
    event.type === 'EndpointsOffered' ||
    (event.type === 'EndpointsAwaited' && event.from !== null) ||
    event.type === 'FormatRaised'
  );
}
