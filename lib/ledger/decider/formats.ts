import { canonicalJson } from '../../plan/canonical.ts';
import { InvariantViolated } from '../../plan/invariant.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import { NEWEST_LEDGER_FORMAT, readability } from '../../plan/stored-format.ts';
import type { EventShapes } from './event-shape.ts';
import { SHAPES_1, SHAPES_2, SHAPES_3, SHAPES_4, SHAPES_5, SHAPES_6 } from './event-shape.ts';
import type { EventType, LedgerEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { Stamp } from './evolve-before-3.ts';
import { evolveBefore3 } from './evolve-before-3.ts';
import { PARTS_SINCE_6 } from './handover-state.ts';
import { storedFinding } from './recorded-finding.ts';
import type { CellState } from './state.ts';
import { PARTS_SINCE_3, PARTS_SINCE_4 } from './state.ts';

/**
 * One way of writing a cell's log: the fields of its events, and the fold whose states stand beside them. What was
 * written in a format is read for ever (docs/adr/0040-formats-of-what-is-stored.md).
 */
export interface LedgerFormat {
  /** 1 or more. A log says of each event which format wrote it; none means 1. */
  readonly number: number;
  /**
   * The oldest format whose readers can go on with what this one writes. It equals `number` where an older reader would
   * go wrong. It is lower where an older reader may ignore what it does not know (optional fields) and keep it.
   */
  readonly readableFrom: number;
  /** The first release of Pawl that writes it. */
  readonly release: string;
  /** The fields of every event that it can hold. */
  readonly shapes: EventShapes;
  /** An event as this format stores it. */
  readonly lower: (event: LedgerEvent) => LedgerEvent;
  /** A stored event of this format as today's Pawl knows it. */
  readonly lift: (stored: LedgerEvent) => LedgerEvent;
  /** The state after an event, as the releases that wrote this format computed it. */
  readonly evolve: (state: CellState, event: LedgerEvent, occasion: Stamp) => CellState;
  /** A state as this format stores it: without the parts that only later formats have. */
  readonly stateText: (state: CellState) => string;
}

/** The parts of a state that format 5 added. */
export const PARTS_SINCE_5 = ['evacuatedBranches'] as const satisfies readonly (keyof CellState)[];

const same = (event: LedgerEvent): LedgerEvent => event;

/** 0.1.0 shows a finding by the sentence that it reads. */
function withFindingSentences(event: LedgerEvent): LedgerEvent {
  const lowered = lowerTo2(event);
  return lowered.type === 'PlanAppended'
    ? { ...lowered, findings: lowered.findings.map(storedFinding) }
    : lowered;
}

/** Without the fields that format 4 added. */
function lowerTo3(event: LedgerEvent): LedgerEvent {
  if (event.type !== 'PlanAppended') return event;
  const { capacityReturned: _, ...fields } = event;
  return fields;
}

/** Without the fields that format 3 added. */
function lowerTo2(newest: LedgerEvent): LedgerEvent {
  const event = lowerTo3(newest);
  switch (event.type) {
    case 'PlanAppended': {
      const { keptBack: _, capacityRemoved: __, ...fields } = event;
      return { ...fields, origin: event.origin === 'approval' ? 'operator' : event.origin };
    }
    case 'PlanApplied': {
      const { without: _, ...fields } = event;
      return fields;
    }
    case 'ZoneRegressed': {
      const { fenceSeq: _, ...fields } = event;
      return fields;
    }
    default:
      return event;
  }
}

/** The fold of what format 2 stores of an event. */
function evolveAs2(state: CellState, event: LedgerEvent, occasion: Stamp): CellState {
  return evolveBefore3(state, lowerTo2(event), occasion);
}

/** Writes a state without some of its parts. */
function stateTextWithout(...parts: readonly string[]): (state: CellState) => string {
  const left = new Set(parts);
  return (state) =>
    canonicalJson(Object.fromEntries(Object.entries(state).filter(([part]) => !left.has(part))));
}

const stateTextBefore3 = stateTextWithout(
  ...PARTS_SINCE_3,
  ...PARTS_SINCE_4,
  ...PARTS_SINCE_5,
  ...PARTS_SINCE_6,
);

/** What 0.1.0 wrote. Its readers demand exactly these fields, so nothing can be added to it. */
const FORMAT_1: LedgerFormat = {
  number: 1,
  readableFrom: 1,
  release: '0.1.0',
  shapes: SHAPES_1,
  lower: withFindingSentences,
  lift: same,
  evolve: evolveAs2,
  stateText: stateTextBefore3,
};

/** Findings are data; the hash is taken over the stored texts; later formats may add fields that its readers keep. */
const FORMAT_2: LedgerFormat = {
  number: 2,
  readableFrom: 2,
  release: '0.2.0',
  shapes: SHAPES_2,
  lower: lowerTo2,
  lift: same,
  evolve: evolveAs2,
  stateText: stateTextBefore3,
};

/** What is kept back, refused or not seen, each endpoint by itself (docs/adr/0041-an-endpoint-at-a-time.md). */
const FORMAT_3: LedgerFormat = {
  number: 3,
  readableFrom: 3,
  release: '0.3.0',
  shapes: SHAPES_3,
  lower: lowerTo3,
  lift: same,
  evolve,
  stateText: stateTextWithout(...PARTS_SINCE_4, ...PARTS_SINCE_5, ...PARTS_SINCE_6),
};

/**
 * That a log was contradicted by an anchor (docs/adr/0054-anchors-of-the-log.md), what a plan brings back
 * (docs/adr/0058-what-a-guard-counts.md), the plan by which a person asked for
 * what Route 53 refused, and the change after which a fence that was moved is everywhere. In its cells the fence names
 * the head on which its write was decided.
 */
const FORMAT_4: LedgerFormat = {
  number: 4,
  readableFrom: 4,
  release: '0.4.0',
  shapes: SHAPES_4,
  lower: same,
  lift: same,
  evolve,
  stateText: stateTextWithout(...PARTS_SINCE_5, ...PARTS_SINCE_6),
};

/**
 * Branches that are evacuated. Only in its cells do fleets have routes, and plans nodes
 * (docs/adr/0064-a-tree-is-a-tree.md).
 */
const FORMAT_5: LedgerFormat = {
  number: 5,
  readableFrom: 5,
  release: '0.5.0',
  shapes: SHAPES_5,
  lower: same,
  lift: same,
  evolve,
  stateText: stateTextWithout(...PARTS_SINCE_6),
};

/** Endpoints that go over from one cell to another (docs/adr/0072-an-endpoint-is-handed-over.md). */
const FORMAT_6: LedgerFormat = {
  number: NEWEST_LEDGER_FORMAT,
  readableFrom: 6,
  release: '0.6.0',
  shapes: SHAPES_6,
  lower: same,
  lift: same,
  evolve,
  stateText: canonicalJson,
};

/** The formats that one release of Pawl knows, oldest first. */
export type KnownFormats = readonly LedgerFormat[];

/** The formats that this release knows. */
export const FORMATS: KnownFormats = [FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4, FORMAT_5, FORMAT_6];

/** The newest of some formats. */
export function newestFormat(known: KnownFormats): LedgerFormat {
  const newest = known.at(-1);
  if (newest === undefined) throw new InvariantViolated('a release of Pawl knows at least one format');
  return newest;
}

/** The newest format that everybody at work in a cell may read: all of them read `cellFormat`. */
function formatToWrite(known: KnownFormats, cellFormat: number): LedgerFormat {
  const readable = known.filter(({ readableFrom }) => readableFrom <= cellFormat);
  return newestFormat(readable);
}

/**
 * The format in which an event enters a log whose readers all read `cellFormat`. FormatRaised is the first event in the
 * format that it raises the cell to.
 */
export function formatOfEvent(known: KnownFormats, cellFormat: number, event: LedgerEvent): LedgerFormat {
  const reads = event.type === 'FormatRaised' ? Math.max(cellFormat, event.format) : cellFormat;
  return formatToWrite(known, reads);
}

/**
 * Whether a cell's log has a type of event. A role asks before it records what only newer formats can hold, and works
 * without the record where it may not.
 */
export function canRecord({ format }: Pick<CellState, 'format'>, type: EventType): boolean {
  return Object.hasOwn(formatToWrite(FORMATS, format).shapes, type);
}

/** Whether a cell's fleets may have routes, and its plans nodes (docs/adr/0064-a-tree-is-a-tree.md). */
export function hasRoutes({ format }: Pick<CellState, 'format'>): boolean {
  return format >= 5;
}

/** Whether a release can read what was written in a format, and as which of the formats that it knows. */
export type ReadableAs =
  | { readonly type: 'known' | 'tolerated'; readonly format: LedgerFormat }
  | { readonly type: 'newer'; readonly what: string };

/** Whether, and as what, a release that knows these formats reads something. */
export function readableAs(known: KnownFormats, written: WrittenBy): ReadableAs {
  const newest = newestFormat(known);
  const readable = readability(written, newest.number);
  if (readable.type === 'newer') return readable;
  return { type: readable.type, format: known.find(({ number }) => number === written.format) ?? newest };
}
