import type { EventType, LedgerEvent } from './events.ts';
import { isRecordedFinding } from './recorded-finding.ts';

type Field =
  | 'text'
  | 'number'
  | 'boolean'
  | 'object'
  | 'texts'
  | 'texts?'
  | 'list'
  | 'shares'
  | 'findings'
  | 'keptBack'
  | 'waiting'
  | 'sources'
  | 'text?'
  | 'text or null'
  | 'number?'
  | 'object?'
  | 'shares?'
  | 'keptBack?'
  | 'floors?';
/** The fields of one type of event: `?` marks one that may be absent. */
type Shape = Readonly<Record<string, Field>>;
/** The events that a format has, and all the fields of each. */
export type EventShapes = Readonly<Partial<Record<EventType, Shape>>>;

/** What 0.1.0 wrote. */
export const SHAPES_1 = {
  FleetDeclared: {
    digest: 'text',
    zone: 'text',
    zoneId: 'text',
    policy: 'object',
    endpoints: 'number',
    targets: 'number',
  },
  TargetsObserved: { digest: 'text', changed: 'number', healthy: 'number' },
  TargetDrained: { target: 'text', reason: 'text' },
  TargetRestored: { target: 'text' },
  AzEvacuated: { az: 'text', reason: 'text' },
  AzRestored: { az: 'text' },
  PlanAppended: {
    generation: 'number',
    parent: 'number',
    digest: 'text',
    origin: 'text',
    lane: 'text',
    disposition: 'text',
    pausesPlanner: 'boolean',
    findings: 'findings',
    summary: 'object',
    newTrees: 'object',
  },
  PlanApproved: { generation: 'number', digest: 'text' },
  PlanRejected: { generation: 'number', reason: 'text' },
  PlanStaged: { generation: 'number', digest: 'text', changes: 'list' },
  PlanApplied: {
    generation: 'number',
    seq: 'number',
    digest: 'text',
    changeId: 'text?',
    enactor: 'text',
    reason: 'text',
    endpoints: 'texts',
    rollbacks: 'object',
    durationMs: 'number?',
  },
  TreesRetired: { trees: 'texts', fenceSeq: 'number' },
  ZoneSurveyed: { facts: 'object' },
  DriftFound: { count: 'number', names: 'texts' },
  DriftRepaired: { count: 'number', names: 'texts', seq: 'number' },
  ZoneRegressed: { what: 'text', name: 'text', found: 'text', expected: 'text' },
  FenceAhead: { fenceGeneration: 'number', fenceSeq: 'number', reissue: 'object?' },
  PlannerPaused: { reason: 'text' },
  PlannerResumed: {},
  CellFrozen: { reason: 'text' },
  CellThawed: {},
  EndpointAdopted: { name: 'text', was: 'texts' },
  RescueFound: { generation: 'number', seq: 'number', plan: 'text', by: 'text' },
} as const satisfies EventShapes;

export const SHAPES_2 = { ...SHAPES_1, FormatRaised: { format: 'number' } } as const satisfies EventShapes;

export const SHAPES_3 = {
  ...SHAPES_2,
  PlanApplied: { ...SHAPES_2.PlanApplied, without: 'texts?' },
  PlanAppended: { ...SHAPES_2.PlanAppended, keptBack: 'keptBack?', capacityRemoved: 'shares?' },
  ZoneRegressed: { ...SHAPES_2.ZoneRegressed, fenceSeq: 'number?' },
  EndpointsKeptBack: { endpoints: 'keptBack' },
  KeptBackRejected: { endpoints: 'waiting', reason: 'text' },
  EndpointRefused: {
    name: 'text',
    step: 'text',
    generation: 'number',
    records: 'texts',
    reason: 'text',
    batches: 'number',
    attempt: 'number?',
  },
  EndpointRetried: { name: 'text' },
  SourcesBlind: { sources: 'sources' },
} as const satisfies EventShapes;

export const SHAPES_4 = {
  ...SHAPES_3,
  PlanAppended: { ...SHAPES_3.PlanAppended, capacityReturned: 'shares?' },
  LogContradicted: { number: 'number', digits: 'text', found: 'text?' },
  FleetDeclared: { ...SHAPES_3.FleetDeclared, inEffect: 'object?', floors: 'floors?' },
  LooseningApproved: { inEffect: 'object', policy: 'object', floors: 'floors?' },
  LooseningRejected: { inEffect: 'object', policy: 'object', floors: 'floors?', reason: 'text' },
} as const satisfies EventShapes;

/** Complete by its type: an event that the newest format cannot hold does not compile. */
export const SHAPES_5 = {
  ...SHAPES_4,
  BranchEvacuated: { branch: 'text', reason: 'text' },
  BranchRestored: { branch: 'text' },
} as const satisfies EventShapes;

/** What 0.6.0 writes: endpoints that go over from one cell to another. */
export const SHAPES_6 = {
  ...SHAPES_5,
  EndpointsOffered: { names: 'texts', to: 'text', ledger: 'text' },
  OffersWithdrawn: { names: 'texts' },
  OffersEnded: { names: 'texts' },
  EndpointsGiven: { names: 'texts', to: 'text', fenceSeq: 'number' },
  EndpointsAwaited: { names: 'texts', from: 'text or null' },
  EndpointsTaken: { names: 'texts', from: 'text', fenceSeq: 'number' },
} as const satisfies Readonly<Record<EventType, Shape>>;

/** Every type of event that the newest format has. */
export const EVENT_TYPES = Object.keys(SHAPES_6) as readonly EventType[];

/** A parsed event, or why the text is not one. `newer`: only a newer release knows what it means. */
export type ParsedEvent =
  | { readonly type: 'event'; readonly event: LedgerEvent }
  | { readonly type: 'newer'; readonly what: string }
  | { readonly type: 'damaged'; readonly what: string };

/**
 * Parses an event's JSON. Total.
 *
 * @param unknown what to do with types and fields that the shapes do not have. `refuse`: the event was written in this
 * very format, so it is damaged or another program's. `keep`: a newer format wrote it. Older readers may ignore its
 * new fields, but not a new type: an event that is not understood cannot be folded.
 */
export function parseEvent(text: string, shapes: EventShapes, unknown: 'refuse' | 'keep'): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('its event is not JSON');
  }
  if (!isObject(value)) return damaged('its event is not an object');
  const { type, ...fields } = value;
  if (typeof type !== 'string') return damaged('its event has no type');
  const shape: Shape | undefined = Object.hasOwn(shapes, type) ? shapes[type as EventType] : undefined;
  if (shape === undefined) {
    const what = `the event type "${type}"`;
    return unknown === 'keep' ? { type: 'newer', what } : damaged(`its format does not have ${what}`);
  }
  const more = Object.keys(fields).find((key) => !Object.hasOwn(shape, key));
  if (more !== undefined && unknown === 'refuse') {
    return damaged(`its format does not have the field "${more}" of ${type}`);
  }
  for (const [key, field] of Object.entries(shape)) {
    if (!fits(fields[key], field)) return damaged(`the field "${key}" of ${type} is not right`);
  }
  return { type: 'event', event: value as unknown as LedgerEvent };
}

function damaged(what: string): ParsedEvent {
  return { type: 'damaged', what };
}

function fits(value: unknown, field: Field): boolean {
  switch (field) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'list':
      return Array.isArray(value);
    case 'shares':
      return isObject(value) && Object.values(value).every((share) => fits(share, 'number'));
    case 'findings':
      return Array.isArray(value) && value.every(isRecordedFinding);
    case 'keptBack':
      return isListOf(value, { name: 'text', digest: 'text', findings: 'findings' });
    case 'waiting':
      return isListOf(value, { name: 'text', digest: 'text' });
    case 'sources':
      return isListOf(value, { source: 'text', reason: 'text' });
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'texts?':
      return value === undefined || fits(value, 'texts');
    case 'text?':
      return value === undefined || fits(value, 'text');
    case 'text or null':
      return value === null || fits(value, 'text');
    case 'number?':
      return value === undefined || fits(value, 'number');
    case 'object?':
      return value === undefined || fits(value, 'object');
    case 'shares?':
      return value === undefined || fits(value, 'shares');
    case 'floors?':
      return value === undefined || isRecordOfFloors(value);
    case 'keptBack?':
      return value === undefined || fits(value, 'keptBack');
  }
}

function isRecordOfFloors(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.values(value).every(
    (each) => isObject(each) && fits(each['floor'], 'number') && fits(each['declared'], 'number?'),
  );
}

/** Whether every item has these fields. It may have more, which a later release has added. */
function isListOf(value: unknown, fields: Shape): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (item) => isObject(item) && Object.entries(fields).every(([key, field]) => fits(item[key], field)),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
